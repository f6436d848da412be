/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where those wait whose items are to be found before they are answered. Depends on
 * server.h. */
#ifndef DGMS_WAITING_H
#define DGMS_WAITING_H

#include "server.h"

typedef struct dgms_waiting dgms_waiting;

/* Called when the index has come up to the place (seen), or it took too long. */
typedef void (*dgms_seen_fn)(void *user, bool seen);

/* Starts a thread with a reader of its own. Owner: the caller ends *out. Errors: NOMEM,
 * IO. */
dgm_status dgms_waiting_start(const dgms_server *server, dgms_waiting **out,
                              dgm_error *err);

/* Waits for `place` of the archive, at most wait-ms; the function is called by the
 * thread, or at once if there is no memory. Threads: any. */
void dgms_waiting_add(dgms_waiting *waiting, uint64_t place, dgms_seen_fn fn, void *user);

/* Ends all waits as not seen, and the thread. */
void dgms_waiting_finish(dgms_waiting *waiting);
void dgms_waiting_free(dgms_waiting *waiting);

#endif
