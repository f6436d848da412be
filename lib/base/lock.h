/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lock files: a few independent locks in one file, each of which dies with the process
 * that holds it. Depends on fail. */
#ifndef DGMI_LOCK_H
#define DGMI_LOCK_H

#include <limits.h>
#include <stdbool.h>

#include "dragoman.h"

/* An open lock file. Two of them on one path exclude each other, also in one process. */
typedef struct dgmi_lock {
    char *path;
    int fd; /* -1: closed */
} dgmi_lock;

#define DGMI_LOCK_CLOSED                                                                 \
    {                                                                                    \
        NULL, -1                                                                         \
    }

/* Bytes at the beginning of the file where holders write their process ids; what lies
 * behind them is the user's. */
#define DGMI_LOCK_NAMES 256

/* Opens the file, made if need be, and takes nothing. Errors: IO, NOTFOUND, NOMEM. */
dgm_status dgmi_lock_open(const char *path, dgmi_lock *out, dgm_error *err);

/* Lets go of all that it holds. A closed one is fine. */
void dgmi_lock_close(dgmi_lock *lock);

#define DGMI_LOCK_FOREVER UINT_MAX

/* Takes lock number `which` (0..7), waiting at most so many milliseconds. LOCKED, naming
 * the holder's process id where the file tells it, if another has it. */
dgm_status dgmi_lock_take(dgmi_lock *lock, unsigned which, unsigned ms, dgm_error *err);
void dgmi_lock_release(dgmi_lock *lock, unsigned which);

/* Whether another has it at this moment. */
bool dgmi_lock_is_taken(const dgmi_lock *lock, unsigned which);

/* Whether the file is still the one at its path. If it was moved away or removed, what is
 * held of it keeps out nobody who comes by the path. */
bool dgmi_lock_stands(const dgmi_lock *lock);

#endif
