/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the fetcher share with each other and with nobody else. Depends on
 * fetcher.h, exchange.h. */
#ifndef DGMI_JOB_H
#define DGMI_JOB_H

#include "exchange.h"
#include "fetcher.h"
#include "lock.h"
#include "schedule.h"

/* After which a feed is asked again whose items the archive could not take. */
#define DGMI_NOT_NOW_S 60

typedef enum dgmi_job_kind {
    DGMI_JOB_POLL,
    DGMI_JOB_SUBSCRIBE,
    DGMI_JOB_BACKFILL,
    DGMI_JOBS
} dgmi_job_kind;

/* Hosts are asked one request at a time, with a gap between. */
typedef struct dgmi_host {
    bool busy;
    uint64_t free_us; /* not before that */
} dgmi_host;

typedef struct dgmi_member dgmi_member;

typedef struct dgmi_job {
    dgmi_member *of;
    dgmi_job_kind kind;
    bool wanted;             /* it is to be done (again) when it is due */
    int64_t due;             /* by the clock on the wall */
    char *url;               /* at hand; NULL: none yet */
    unsigned redirects;      /* gone through so far */
    bool permanent;          /* all of them were for good */
    char *form;              /* what is posted, or NULL */
    dgmi_ask ask;            /* borrows from this job, feed and state */
    dgmi_exchange *exchange; /* NULL: not under way */
    bool placed;             /* host is that of url */
    size_t host;
} dgmi_job;

struct dgmi_member {
    const dgmi_feed_entry *feed;
    dgmi_feed_state *state;
    dgmi_job jobs[DGMI_JOBS];
    bool changed; /* since the last flush */
};

struct dgmi_fetcher {
    char *data_dir;
    dgmi_feed_list list;
    dgmi_states states;
    dgmi_member *members; /* as many as feeds */
    dgmi_fetch_owner owner;
    dgmi_fetch_plan plan;
    dgmi_fetch_counts counts;
    CURLM *multi;
    int poll_fd;
    dgmi_lock lock;
    uint64_t curl_us; /* when curl wants to be called, UINT64_MAX: not */
    uint64_t due_us, flush_us;
    size_t active;
    dgmi_host *hosts;
    size_t n_hosts, cap_hosts;
    dgmi_map *host_places; /* name -> place + 1 */
    char agent[400];
    dgm_status status; /* what ended all, with its text in err */
    dgm_error err;
};

/* ---- fetcher.c */

void dgmi_say_of(const dgmi_fetcher *f, const dgmi_job *job, const char *level,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Notes that a member's state is not yet on the disk. */
void dgmi_job_changed(dgmi_fetcher *f, dgmi_job *job);
/* Ends the job: it comes again at `due`, if it is still wanted by the plan. */
void dgmi_job_rest(dgmi_fetcher *f, dgmi_job *job, int64_t due);
/* Takes the reply's body as items; *out says what became of it. False: not now. */
bool dgmi_job_take(dgmi_fetcher *f, dgmi_job *job, const char *format, dgmi_fetched *out);
/* What a failed exchange is told as; "" if it did not fail (2xx or 304). */
void dgmi_job_trouble(const dgmi_job *job, char *out, size_t size);
dgmi_wishes dgmi_job_wishes(const dgmi_job *job);
void dgmi_fetcher_fail(dgmi_fetcher *f, dgm_status status, const dgm_error *err);

/* ---- url.c */

/* "host" (lower case) and "scheme://host:port" of an address; false if it is none. */
bool dgmi_url_host(const char *url, char *out, size_t size);
bool dgmi_url_origin(const char *url, char *out, size_t size);
bool dgmi_url_same_origin(const char *a, const char *b);
void dgmi_url_escape(dgmi_buf *out, const char *value); /* for a query or a form */

/* ---- poll.c, subscribe.c, backfill.c: `plan` says when the job is due (and whether it
 * is wanted), `ask` fills url (and form); false: there is nothing to ask. `done` reads
 * the reply. */
void dgmi_poll_plan(dgmi_fetcher *f, dgmi_job *job, int64_t now);
bool dgmi_poll_ask(dgmi_fetcher *f, dgmi_job *job, int64_t now);
void dgmi_poll_done(dgmi_fetcher *f, dgmi_job *job, int64_t now);

void dgmi_subscribe_plan(dgmi_fetcher *f, dgmi_job *job, int64_t now);
bool dgmi_subscribe_ask(dgmi_fetcher *f, dgmi_job *job, int64_t now);
void dgmi_subscribe_done(dgmi_fetcher *f, dgmi_job *job, int64_t now);
/* Removes subscriptions that no feed has any more. */
void dgmi_subscribe_sweep(const dgmi_fetcher *f);
/* Whether a hub delivers this feed at the moment. */
bool dgmi_subscribed(const dgmi_fetcher *f, const dgmi_member *m, int64_t now);

void dgmi_backfill_plan(dgmi_fetcher *f, dgmi_job *job, int64_t now);
bool dgmi_backfill_ask(dgmi_fetcher *f, dgmi_job *job, int64_t now);
void dgmi_backfill_done(dgmi_fetcher *f, dgmi_job *job, int64_t now);

#endif
