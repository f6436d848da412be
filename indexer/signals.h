/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ending in order on SIGTERM and SIGINT, and reloading on SIGHUP. Depends on loop.h. */
#ifndef DGM_SIGNALS_H
#define DGM_SIGNALS_H

#include <signal.h>

#include "loop.h"

/* SIGTERM and SIGINT stop the loop; the second one ends the program at once, which loses
 * nothing either. SIGHUP calls `hangup` from the loop. */
dgm_status signals_watch(loop *l, void (*hangup)(void *user), void *user, dgm_error *err);
void signals_end(void);

/* Nonzero once an end was asked for. Static. */
const volatile sig_atomic_t *signals_stop(void);

#endif
