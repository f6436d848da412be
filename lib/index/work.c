/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all steps of one writing run share. Depends on lib/base, lib/archive, rejects.h.
 */
#include "work.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "fail.h"
#include "lines.h"

enum { PROGRESS_US = 100000, JOBS_MAX = 64 };
#define MEMORY_STANDARD ((size_t)256 << 20)
#define MEMORY_LEAST ((size_t)4 << 20)

static unsigned processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 0 ? (unsigned)n : 1;
}

dgm_status dgmi_work_init(dgmi_work *w, const char *data_dir,
                          const dgm_ingest_options *options, dgm_error *err)
{
    *w = (dgmi_work){ .phase = DGM_DONE };
    if (options)
        w->options = *options;
    if (w->options.jobs == 0)
        w->options.jobs = processors();
    if (w->options.jobs > JOBS_MAX)
        w->options.jobs = JOBS_MAX;
    if (w->options.memory == 0)
        w->options.memory = MEMORY_STANDARD;
    if (w->options.memory < MEMORY_LEAST)
        w->options.memory = MEMORY_LEAST;
    w->log = (dgmi_log){ w->options.log, w->options.log_user };
    w->data_dir = dgmi_str_dup(dgmi_str_of(data_dir));
    w->rejects = dgmi_rejects_new(data_dir);
    return w->data_dir && w->rejects ? DGM_OK : dgmi_fail_memory(err);
}

void dgmi_work_clear(dgmi_work *w)
{
    dgmi_rejects_free(w->rejects);
    dgmi_tagger_free(w->tagger);
    free(w->data_dir);
    *w = (dgmi_work){ .data_dir = NULL };
}

void dgmi_work_progress(dgmi_work *w, dgm_phase phase)
{
    uint64_t now = dgmi_now_us();
    if (!w->options.progress || (phase == w->phase && now - w->told_us < PROGRESS_US))
        return;
    w->phase = phase;
    w->told_us = now;
    w->options.progress(w->options.user, phase, &w->counts);
}

dgm_status dgmi_work_reject(dgmi_work *w, const dgmi_reject *reject, dgm_error *err)
{
    const char *kept = NULL;
    dgm_status status = dgmi_rejects_keep(w->rejects, reject, &kept, err);
    if (status != DGM_OK)
        return status;
    w->counts.rejected++;
    if (w->options.reject) /* whoever is told need not read it in the log as well */
        w->options.reject(w->options.user, reject->where, reject->reason, kept);
    else
        dgmi_say(&w->log, "warning", "%s: %s", reject->where, reject->reason);
    return DGM_OK;
}

dgm_status dgmi_work_reject_record(dgmi_work *w, uint64_t at, const char *reason,
                                   const char *line, size_t n, dgm_error *err)
{
    char where[64];
    dgmi_position place = dgmi_position_unpack(at);
    snprintf(where, sizeof where, "archive/%06u.ndjson:byte %llu",
             (unsigned)place.segment, (unsigned long long)place.offset);
    dgmi_reject reject = { where, reason, line, n, -1 };
    return dgmi_work_reject(w, &reject, err);
}

bool dgmi_is_items_fault(dgm_status status)
{
    return status == DGM_E_ARG || status == DGM_E_QUERY || status == DGM_E_INTERNAL;
}
