/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for descriptors and for times, in one thread: what `dragoman watch` runs on.
 * Depends on dragoman.h and lib/base. */
#ifndef DGM_LOOP_H
#define DGM_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "dragoman.h"

typedef struct loop loop;

/* NULL without memory. The owner frees it after what uses it. */
loop *loop_new(void);
void loop_free(loop *l);

/* Calls ready() whenever one of the poll(2) events holds on fd. A second call for the
 * same fd replaces the first; events 0 takes it out, which has to come before the fd is
 * closed. Callbacks may do so. Errors: NOMEM. */
typedef void (*loop_ready_fn)(void *user, int fd, short events);
dgm_status loop_watch(loop *l, int fd, short events, loop_ready_fn ready, void *user);

/* A timer lives with its owner, which sets `fire` and `user`, adds it once, and then sets
 * `due_us` (dgmi_now_us) whenever it likes. It is set to LOOP_NEVER before fire(). */
#define LOOP_NEVER UINT64_MAX
typedef struct loop_timer {
    struct loop_timer *next;
    uint64_t due_us;
    void (*fire)(void *user);
    void *user;
} loop_timer;
void loop_add_timer(loop *l, loop_timer *t);

/* Runs until loop_stop(). Errors: IO if poll(2) fails, NOMEM. */
dgm_status loop_run(loop *l, dgm_error *err);
void loop_stop(loop *l);

#endif
