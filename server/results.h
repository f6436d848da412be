/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the items of a request, in the order of the request: first said, then
 * true once they are durable. Depends on spool.h, reply.h and metrics.h. */
#ifndef DGMS_RESULTS_H
#define DGMS_RESULTS_H

#include "metrics.h"
#include "reply.h"
#include "spool.h"

typedef struct dgms_result {
    uint64_t line; /* 0: there are no lines */
    dgms_pushed what;
    int status;         /* as if it had been a request of its own */
    const char *id;     /* or NULL */
    const char *reason; /* or NULL */
} dgms_result;

typedef struct dgms_results {
    bool lines;  /* NDJSON, not an array */
    bool failed; /* memory or disk ran out: the reply will say so */
    /* Not yet durable: entries, and the texts they have. */
    struct dgms_entry_ *open;
    size_t n_open, capacity;
    dgmi_buf texts;
    /* Durable. */
    dgms_spool out;
    uint64_t n;
    dgmi_buf last; /* as JSON, without its end */
    int last_status;
    dgms_pushed last_what;
    char last_reason[240];
} dgms_results;

void dgms_results_init(dgms_results *r, dgms_spools *spools, bool lines);
void dgms_results_clear(dgms_results *r);

void dgms_results_add(dgms_results *r, const dgms_result *result);

/* What was added is durable, or (status, reason: why) will not be: then all but the
 * rejected count as not taken. */
void dgms_results_settle(dgms_results *r, int status, const char *reason,
                         dgms_metrics *metrics);

/* Makes a reply of all of them: `status`, and an array or lines. */
void dgms_results_reply(dgms_results *r, int status, dgms_reply *reply);

/* Makes a reply of the only one: its object, a problem if it failed. searchable: -1 was
 * not asked for, 0 not yet, 1 it is. */
void dgms_results_reply_one(dgms_results *r, int searchable, dgms_reply *reply);

#endif
