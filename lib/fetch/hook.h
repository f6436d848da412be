/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts to webhooks. Depends on dragoman.h, exchange.h. */
#ifndef DGMI_HOOK_H
#define DGMI_HOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "dragoman.h"

typedef struct dgmi_hook_counts {
    size_t delivered, alerts, failed, parked;
} dgmi_hook_counts;

/* Posts what is due, all watchlists side by side, once each, and notes what became of it;
 * what `log` (user, level, text) is told are failures. Another process or thread that
 * delivers at this moment does all there is to do: then nothing is done. Blocks as long
 * as the slowest reply, a minute at most, or until go_on(user) says no (NULL: never):
 * what has no answer then comes again. Redirects are not followed, and private addresses
 * are only connected to where a watchlist allows them. Errors: as dgm_watch_due and
 * dgm_watch_settle. */
dgm_status dgmi_hook_round(dgm *desk, const char *data_dir, dgm_log_fn log,
                           bool (*go_on)(void *user), void *user,
                           dgmi_hook_counts *counts, dgm_error *err);

/* Posts one body, whatever is due, and tells what became of it: of a test. */
void dgmi_hook_post(const dgm_delivery *delivery, dgm_posted *out, char why[240]);

#endif
