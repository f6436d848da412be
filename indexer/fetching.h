/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds on a loop: what `dragoman fetch` and `dragoman watch --feeds` share. Depends on
 * lib/fetch, loop.h, intake.h. */
#ifndef DGM_FETCHING_H
#define DGM_FETCHING_H

#include "fetcher.h"
#include "intake.h"

typedef struct fetching_options {
    const char *data;
    const char *feeds; /* the list */
    dgmi_fetch_plan plan;
    bool json, quiet;
} fetching_options;

typedef struct fetching fetching;

/* Takes over a list that was read from options->feeds. In a plan that ends, it stops the
 * loop when all is done. Both options and intake outlive it. */
dgm_status fetching_new(loop *l, intake *in, const fetching_options *options,
                        dgmi_feed_list *list, fetching **out, dgm_error *err);
/* Commits what was taken, and remembers it. NULL is fine. */
dgm_status fetching_end(fetching *f, dgm_error *err);
void fetching_free(fetching *f);

/* Reads the list anew; one that is wrong is said and changes nothing. */
void fetching_reload(fetching *f);
/* What ended it: OK as long as nothing did. A failure of the archive was said already:
 * then *said is true. */
dgm_status fetching_status(const fetching *f, bool *said, dgm_error *err);
const dgmi_fetch_counts *fetching_counts(const fetching *f);

/* --feeds, else feeds.ini in the data directory; the caller frees. NULL without memory.
 */
char *feeds_path(const char *option, const char *data);

#endif
