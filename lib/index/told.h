/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rejections on their way from the threads of a bulk build to the calling thread, which
 * alone reports. Depends on lines.h and work.h. */
#ifndef DGMI_TOLD_H
#define DGMI_TOLD_H

#include <pthread.h>

#include "lines.h"
#include "work.h"

typedef struct dgmi_told dgmi_told;

typedef struct dgmi_tellings {
    pthread_mutex_t lock;
    dgmi_told *first, **last;
    uint64_t count; /* of all that were ever put */
} dgmi_tellings;

void dgmi_tellings_init(dgmi_tellings *t);
void dgmi_tellings_clear(dgmi_tellings *t); /* what was not reported is dropped */

/* Copies the line. Errors: NOMEM. Threads: any. */
dgm_status dgmi_tellings_put(dgmi_tellings *t, const dgmi_line *line, const char *reason,
                             dgm_error *err);

/* Reports all that came so far. Errors: of dgmi_work_reject. */
dgm_status dgmi_tellings_report(dgmi_tellings *t, dgmi_work *work, dgm_error *err);

#endif
