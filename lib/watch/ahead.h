/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where watchlists stand beyond what is written of it, in the memory of a reader. That
 * nothing was found needs not be durable: after a kill the same is looked at again, and
 * again nothing is found. So a place is written with the alerts before it, and else now
 * and then. Depends on note.h, lib/search (desk.h). */
#ifndef DGMI_AHEAD_H
#define DGMI_AHEAD_H

#include "desk.h"
#include "note.h"

#define DGMI_AHEAD_SECONDS 30 /* after which a place is to be written */
#define DGMI_AHEAD_WRITES 20  /* of one round: those of many are spread */

typedef struct dgmi_ahead dgmi_ahead;

/* Owner: the reader. NULL without memory, which all below take for "nothing is known". */
dgmi_ahead *dgmi_ahead_of(dgm *desk);

/* Moves a note, as it was read, on to what is known beyond it. What another process
 * wrote since, of alerts or of a later place, counts more. */
void dgmi_ahead_join(const dgmi_ahead *ahead, const char *name, dgmi_note *note);

/* Remembers where the note stands. False if it is to be written now. */
bool dgmi_ahead_put(dgmi_ahead *ahead, const char *name, const dgmi_note *note);

/* Walks over all names: start with *cursor = 0. False at the end. */
bool dgmi_ahead_next(const dgmi_ahead *ahead, size_t *cursor, dgmi_str *name);

/* Forgets all, if it is of many more watchlists than there are. */
void dgmi_ahead_trim(dgmi_ahead *ahead, size_t watches);

#endif
