/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of lib/watch share: whose turn it is, and places as text. Depends on
 * lib/base. */
#ifndef DGMI_TURN_H
#define DGMI_TURN_H

#include "arena.h"
#include "file.h"
#include "lock.h"
#include "note.h"

#define DGMI_TURN_STATE 0 /* number of the lock of whoever changes state */
#define DGMI_TURN_MS 30000

/* Takes the lock, making DATA/watch/state if need be. LOCKED after so many milliseconds.
 * Owner: closed with dgmi_lock_close, also after a failure. */
dgm_status dgmi_turn_take(const char *data_dir, unsigned which, unsigned ms,
                          dgmi_lock *out, dgm_error *err);

/* Names of all watchlists, in order. */
dgm_status dgmi_watch_names(const char *data_dir, dgmi_names *out, dgm_error *err);

/* A place behind an alert, "<created>-<number>" in hexadecimal digits; NULL without
 * memory. */
char *dgmi_place_text(dgmi_arena *arena, const dgmi_note *note, uint64_t number);
/* False if it is none of this watchlist. */
bool dgmi_place_read(const char *text, const dgmi_note *note, uint64_t last,
                     uint64_t *number);

#endif
