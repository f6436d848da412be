/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Politeness: one request at a time to a host, and a gap between two. Depends on job.h.
 */
#ifndef DGMI_GATE_H
#define DGMI_GATE_H

#include "job.h"

/* Whether the host of this address may be asked now; if so it is taken and *host names
 * it. Else *host is SIZE_MAX without memory or for what is no address, and *free_us
 * (UINT64_MAX while it is busy) tells when to try again. */
bool dgmi_gate_take(dgmi_fetcher *f, const char *url, uint64_t now_us, size_t *host,
                    uint64_t *free_us);
void dgmi_gate_free(dgmi_fetcher *f, size_t host, uint64_t now_us);

#endif
