/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks feeds, in one thread beside whatever else its owner waits for. Depends on list.h,
 * state.h; libcurl stays inside. */
#ifndef DGMI_FETCHER_H
#define DGMI_FETCHER_H

#include "list.h"
#include "state.h"

typedef struct dgmi_fetcher dgmi_fetcher;

/* What became of one document. */
typedef struct dgmi_fetched {
    uint64_t added, replaced, unchanged, older, rejected;
    bool broken; /* the document as a whole was rejected, or a part of it is missing */
    char reason[200]; /* of the first rejection */
} dgmi_fetched;

/* What the fetcher's owner does for it. DGM_E_LOCKED of the first two means "not now",
 * and the feed is asked again; anything else but OK ends all. */
typedef struct dgmi_fetch_owner {
    void *user;
    /* Takes a document into the archive. */
    dgm_status (*take)(void *user, const dgm_origin *origin, const void *p, size_t n,
                       dgmi_fetched *out, dgm_error *err);
    /* Makes durable what was taken: only then is it remembered that it need not be
     * fetched again. */
    dgm_status (*commit)(void *user, dgm_error *err);
    /* Something for the eyes of an editor; level as in dgm_log_fn. */
    void (*say)(void *user, const char *name, const char *level, const char *text);
} dgmi_fetch_owner;

typedef struct dgmi_fetch_plan {
    bool once; /* each feed at most once, then idle; else on and on, as they are due */
    bool due;  /* with once: only those that are due */
    bool gone; /* also those that said they are gone for good */
} dgmi_fetch_plan;

typedef struct dgmi_fetch_counts {
    uint64_t feeds, asked, not_modified, failed, skipped;
    uint64_t added, replaced, unchanged, older, rejected;
} dgmi_fetch_counts;

/* Locks and reads the state below data_dir. The list is taken over (and left empty).
 * LOCKED if another process fetches, CORRUPT if the state is damaged. */
dgm_status dgmi_fetcher_open(const char *data_dir, dgmi_feed_list *list,
                             const dgmi_fetch_owner *owner, dgmi_fetch_plan plan,
                             dgmi_fetcher **out, dgm_error *err);
/* Ends what is under way. What was taken before the last flush is remembered. */
void dgmi_fetcher_close(dgmi_fetcher *fetcher);

/* Another list from now on; what is asked at the moment is asked again. Taken over. */
dgm_status dgmi_fetcher_relist(dgmi_fetcher *fetcher, dgmi_feed_list *list,
                               dgm_error *err);

/* Call dgmi_fetcher_turn whenever this descriptor is readable, or the time (dgmi_now_us)
 * has come. It does what can be done without waiting. */
int dgmi_fetcher_fd(const dgmi_fetcher *fetcher);
uint64_t dgmi_fetcher_due_us(const dgmi_fetcher *fetcher);
dgm_status dgmi_fetcher_turn(dgmi_fetcher *fetcher, dgm_error *err);
bool dgmi_fetcher_idle(const dgmi_fetcher *fetcher); /* with once: all is done */

/* Commits, and writes the state. */
dgm_status dgmi_fetcher_flush(dgmi_fetcher *fetcher, dgm_error *err);
const dgmi_fetch_counts *dgmi_fetcher_counts(const dgmi_fetcher *fetcher);

#endif
