/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The turns of the fetcher: what is due is begun, what came in is finished. Depends on
 * job.h. */
#ifndef DGMI_ROUND_H
#define DGMI_ROUND_H

#include "job.h"

#define DGMI_FLUSH_US 1000000u /* what was taken is committed so long after, at most */

dgm_status dgmi_turn_init(dgmi_fetcher *f, dgm_error *err);
void dgmi_turn_clear(dgmi_fetcher *f);

#endif
