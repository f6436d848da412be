/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list behind a lock. Depends on lib/base, work.h. */
#include "told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

struct dgmi_told {
    dgmi_told *next;
    uint64_t at;
    dgm_error reason;
    size_t n;
    char line[];
};

void dgmi_tellings_init(dgmi_tellings *t)
{
    *t = (dgmi_tellings){ .last = &t->first };
    pthread_mutex_init(&t->lock, NULL);
}

static dgmi_told *take_all(dgmi_tellings *t)
{
    pthread_mutex_lock(&t->lock);
    dgmi_told *first = t->first;
    t->first = NULL;
    t->last = &t->first;
    pthread_mutex_unlock(&t->lock);
    return first;
}

void dgmi_tellings_clear(dgmi_tellings *t)
{
    for (dgmi_told *one = take_all(t), *next; one; one = next) {
        next = one->next;
        free(one);
    }
    pthread_mutex_destroy(&t->lock);
}

dgm_status dgmi_tellings_put(dgmi_tellings *t, const dgmi_line *line, const char *reason,
                             dgm_error *err)
{
    dgmi_told *one = malloc(sizeof *one + line->n);
    if (!one)
        return dgmi_fail_memory(err);
    *one = (dgmi_told){ .at = line->at, .reason = DGM_ERROR_INIT, .n = line->n };
    snprintf(one->reason.text, sizeof one->reason.text, "%s", reason);
    memcpy(one->line, line->p, line->n);
    pthread_mutex_lock(&t->lock);
    *t->last = one;
    t->last = &one->next;
    t->count++;
    pthread_mutex_unlock(&t->lock);
    return DGM_OK;
}

dgm_status dgmi_tellings_report(dgmi_tellings *t, dgmi_work *work, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (dgmi_told *one = take_all(t), *next; one; one = next) {
        next = one->next;
        if (status == DGM_OK)
            status = dgmi_work_reject_record(work, one->at, one->reason.text, one->line,
                                             one->n, err);
        free(one);
    }
    return status;
}
