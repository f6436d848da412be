/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watchlists beside the writer: a thread that looks for alerts and delivers them. Depends
 * on dragoman.h. */
#ifndef DGMS_ALERTING_H
#define DGMS_ALERTING_H

#include <stdbool.h>

#include "dragoman.h"

typedef struct dgms_alerting dgms_alerting;

/* Starts the thread; go_on(user) is asked several times a second, from it. Owner: the
 * caller ends *out. Errors: NOMEM. */
dgm_status dgms_alerting_start(const char *data_dir, dgm_log_fn log,
                               bool (*go_on)(void *user), void *user, dgms_alerting **out,
                               dgm_error *err);
/* Waits until it has ended: go_on has to say no before. NULL is fine. */
void dgms_alerting_end(dgms_alerting *alerting);

#endif
