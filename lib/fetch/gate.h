/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Politeness: one request at a time to a host, and a gap between two. Depends on job.h.
 */
#ifndef DGMI_GATE_H
#define DGMI_GATE_H

#include "job.h"

/* Whether the host of the job's url may be asked now; then it is taken. Else *free_us
 * (UINT64_MAX while it is busy) tells when to try again, or job->host is SIZE_MAX: there
 * is no host in it, or no memory. */
bool dgmi_gate_take(dgmi_fetcher *f, dgmi_job *job, uint64_t now_us, uint64_t *free_us);
void dgmi_gate_free(dgmi_fetcher *f, const dgmi_job *job, uint64_t now_us);

#endif
