/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all steps of one writing run share: options, counts, progress, rejections.
 * Depends on lib/base, rejects.h. */
#ifndef DGMI_WORK_H
#define DGMI_WORK_H

#include "dragoman.h"
#include "log.h"
#include "rejects.h"
#include "tagger.h"

typedef struct dgmi_work {
    char *data_dir;
    dgm_ingest_options options; /* jobs and memory filled in */
    dgmi_log log;
    dgmi_rejects *rejects;
    dgmi_tagger *tagger; /* of the live writer; NULL: no topics, or not looked at */
    dgm_counts counts;
    bool cleaned; /* leftovers of killed builds were looked for */
    dgm_phase phase;
    uint64_t told_us; /* when progress was last reported */
} dgmi_work;

/* options may be NULL. Errors: NOMEM. */
dgm_status dgmi_work_init(dgmi_work *w, const char *data_dir,
                          const dgm_ingest_options *options, dgm_error *err);
void dgmi_work_clear(dgmi_work *w);

/* Reports progress: at once when the phase changes, else at most ten times a second. */
void dgmi_work_progress(dgmi_work *w, dgm_phase phase);

/* Keeps, counts and reports a rejection. */
dgm_status dgmi_work_reject(dgmi_work *w, const dgmi_reject *reject, dgm_error *err);

/* A record of the archive that cannot be indexed: `at` is its packed place. */
dgm_status dgmi_work_reject_record(dgmi_work *w, uint64_t at, const char *reason,
                                   const char *line, size_t n, dgm_error *err);

/* Whether a failure is the item's own (it is rejected and the work goes on) or the
 * machine's. */
bool dgmi_is_items_fault(dgm_status status);

#endif
