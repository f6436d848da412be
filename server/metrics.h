/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts and times of the server, as Prometheus reads them. Depends on dragoman.h and
 * lib/base. */
#ifndef DGMS_METRICS_H
#define DGMS_METRICS_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "dragoman.h"

typedef struct dgms_metrics dgms_metrics;

/* What is only counted. */
typedef enum dgms_counter {
    DGMS_QUEUE_FULL,  /* requests refused because too many waited */
    DGMS_QUEUE_LATE,  /* requests refused because they had waited too long */
    DGMS_BAD_HEADS,   /* requests refused for their head */
    DGMS_CUT,         /* connections cut for being too slow */
    DGMS_ABORTED,     /* requests that ended before their reply was sent whole */
    DGMS_ACCEPT_FULL, /* requests refused because too many waited for the archive */
    DGMS_LOG_LOST,    /* lines of the access log that could not be written */
    DGMS_KEPT_HITS,   /* searches answered with a reply that was kept */
    DGMS_KEPT_MISSES, /* searches whose reply was looked for and not kept */
    DGMS_KEPT_EVICTED,
    DGMS_COUNTERS
} dgms_counter;

/* What became of an item that came over HTTP. */
typedef enum dgms_pushed {
    DGMS_ADDED,
    DGMS_REPLACED,
    DGMS_OLDER,     /* than what is there: kept, not shown */
    DGMS_UNCHANGED, /* it was there already */
    DGMS_CANCELED,
    DGMS_MISSED,   /* there is no item to cancel */
    DGMS_REJECTED, /* it could not be read */
    DGMS_SKIPPED,  /* of a kind that is not kept */
    DGMS_FAILED,   /* the archive could not take it */
    DGMS_PUSHED
} dgms_pushed;

const char *dgms_pushed_name(dgms_pushed what); /* "added"; static */

/* Of all watchlists. */
typedef struct dgms_watch_sums {
    bool known;
    double lists, parked, failing, alerts, waiting, deliveries;
} dgms_watch_sums;

/* What is looked up when metrics are asked for. */
typedef struct dgms_gauges {
    size_t connections, queued, threads;
    size_t behind;            /* earlier moments that are made ready, once a thread */
    size_t kept;              /* bytes of replies that are kept */
    const char *revision;     /* NULL: no index can be read */
    const char *http_library; /* its version */
    bool writer_up;
    size_t writer_restarts;
    size_t accepting; /* requests that wait for the archive */
    dgms_watch_sums watches;
    bool writable; /* it took what it was last given */
    const char
        *synonyms_fault; /* what is wrong with the archive's synonyms; "": nothing */
} dgms_gauges;

/* NULL without memory. All functions: threads any. */
dgms_metrics *dgms_metrics_new(void);
void dgms_metrics_free(dgms_metrics *metrics);

/* A request was answered. route is the pattern of its path and must be static. */
void dgms_metrics_request(dgms_metrics *metrics, const char *route, int code,
                          double seconds);
/* A search was run. */
void dgms_metrics_search(dgms_metrics *metrics, dgm_status status, double seconds);
void dgms_metrics_count(dgms_metrics *metrics, dgms_counter counter, size_t more);

/* An item was dealt with; the archive was made durable. */
void dgms_metrics_pushed(dgms_metrics *metrics, dgms_pushed what);
/* Of one reader's posting lists: bytes that were counted before, and are now. */
void dgms_metrics_postings(dgms_metrics *metrics, size_t before, size_t now);
void dgms_metrics_sync(dgms_metrics *metrics, double seconds);

/* All of it in the Prometheus text format 0.0.4. */
void dgms_metrics_print(dgms_metrics *metrics, const dgms_gauges *gauges, dgmi_buf *out);

#endif
