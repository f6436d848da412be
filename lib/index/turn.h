/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose turn it is to write the index: the lock DATA/index/lock. Depends on lib/base. */
#ifndef DGMI_TURN_H
#define DGMI_TURN_H

#include "lock.h"

typedef struct dgmi_turn {
    dgmi_lock lock;
    bool held, asking;
} dgmi_turn;

#define DGMI_TURN_CLOSED                                                                 \
    {                                                                                    \
        DGMI_LOCK_CLOSED, false, false                                                   \
    }

/* Errors: IO, NOMEM. Takes nothing. */
dgm_status dgmi_turn_open(const char *data_dir, dgmi_turn *out, dgm_error *err);
void dgmi_turn_close(dgmi_turn *turn);

/* LOCKED, naming the holder, if another has it. A folder that was moved away is made
 * anew, and its lock is what counts. Errors: IO, NOMEM. */
dgm_status dgmi_turn_try(dgmi_turn *turn, dgm_error *err);
void dgmi_turn_end(dgmi_turn *turn);

/* Whether it is held, and of the folder that is there now. */
bool dgmi_turn_stands(const dgmi_turn *turn);

/* Asks whoever has it to let go between two batches. Only the first to ask is heard. */
void dgmi_turn_ask(dgmi_turn *turn);
void dgmi_turn_stop_asking(dgmi_turn *turn);

/* For the one who has it for long: does another ask? */
bool dgmi_turn_is_asked_for(const dgmi_turn *turn);

#endif
