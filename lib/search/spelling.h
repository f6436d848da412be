/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How words of the index, which are folded, are written. Depends on lib/index, lib/text.
 */
#ifndef DGMI_SPELLING_H
#define DGMI_SPELLING_H

#include "arena.h"
#include "desk.h"

/* A folded word as an item has it, if its letters have marks there that folding took
 * away: "Wärmepumpe" for "warmepumpe"; else the word as it is, also when the item cannot
 * be read. The result is in the arena, or `word`. */
const char *dgmi_spelling(dgm *desk, dgmx_docid id, const char *word, dgmi_arena *arena);

#endif
