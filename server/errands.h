/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What searching threads do while nobody asks: each makes ready the earlier moments that
 * searches of any of them were asked for, so that asking again finds them whole.
 * Depends on dragoman.h. */
#ifndef DGM_MOMENTS_H
#define DGM_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dragoman.h"

/* All functions: threads any. */
typedef struct dgms_errands dgms_errands;

/* What one thread has done of them; all zero bytes: nothing. */
typedef struct dgms_diary {
    uint64_t done[DGM_MOMENTS];
} dgms_diary;

/* Of so many threads. NULL without memory. */
dgms_errands *dgms_errands_new(size_t threads);
void dgms_errands_free(dgms_errands *errands);

/* A thread was asked for a moment and is behind with it: all are to make it ready. False
 * if that is known already. */
bool dgms_errands_add(dgms_errands *errands, const dgms_diary *diary, uint64_t moment);

/* A moment that this thread is to go on with. False: there is none. */
bool dgms_errands_next(dgms_errands *errands, const dgms_diary *diary, uint64_t *moment);

/* It is ready, or cannot be. */
void dgms_errands_done(dgms_errands *errands, dgms_diary *diary, uint64_t moment);

/* Moments that are not ready, counted once a thread. */
size_t dgms_errands_left(dgms_errands *errands);

#endif
