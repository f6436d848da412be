/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that search, and the bounded queue before them. Depends on server.h. */
#ifndef DGMS_WORKERS_H
#define DGMS_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

#include "server.h"

typedef struct dgms_workers dgms_workers;

/* Does one piece of work. refused: it waited too long, or the server is stopping; it must
 * only be answered, with 503. */
typedef void (*dgms_work_fn)(void *work, dgms_place *place, bool refused);

/* Starts the threads, each with its own reader and 2 MB of stack. server->settings must
 * be set. Owner: the caller stops *out. Errors: NOMEM, IO (no more threads). */
dgm_status dgms_workers_start(const dgms_server *server, dgms_work_fn fn,
                              dgms_workers **out, dgm_error *err);

/* Queues a piece of work. False if the queue is full or the threads are ending: fn is
 * then not called. Threads: any. */
bool dgms_workers_submit(dgms_workers *workers, void *work);

size_t dgms_workers_waiting(dgms_workers *workers);
size_t dgms_workers_count(const dgms_workers *workers);
/* Earlier moments that threads make ready while nobody asks, counted once a thread. */
size_t dgms_workers_behind(const dgms_workers *workers);

/* Has what still waits refused, and returns when all threads have ended. */
void dgms_workers_finish(dgms_workers *workers);
void dgms_workers_free(dgms_workers *workers);

#endif
