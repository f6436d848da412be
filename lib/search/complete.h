/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completing what somebody types, for complete.c and what it collects from. Depends on
 * lib/index, lib/text, lib/xapian.
 *
 * Nothing is learned ahead: terms are sorted, so those that begin alike stand together.
 * Bounds on how many of them are looked at, and on time, keep a keystroke cheap; memory
 * is that of one answer. */
#ifndef DGMI_COMPLETE_H
#define DGMI_COMPLETE_H

#include "arena.h"
#include "buf.h"
#include "desk.h"

#define DGMI_COMPLETE_MS 3       /* then what was found so far is the answer; but words */
#define DGMI_COMPLETE_WALK_MS 8  /* that begin so are all looked at before this */
#define DGMI_COMPLETE_BYTES 200  /* of what was typed; more is not completed */
#define DGMI_COMPLETE_MOST 20    /* proposals */
#define DGMI_COMPLETE_WALK 40000 /* terms looked at for words */
#define DGMI_COMPLETE_VALUES 4000 /* and for values, of each field */
#define DGMI_COMPLETE_PAIRS 24    /* words that are tried behind the one before */
#define DGMI_PAIR_US 300          /* for one of them */
#define DGMI_CUT_SHORT 20   /* so much rarer than what continues it is a word cut short */
#define DGMI_PAIR_ITEMS 100 /* so many items with a pair are counted */

typedef struct dgmi_completer {
    dgm *desk;
    dgmi_str q; /* clean UTF-8 */
    unsigned limit;
    uint64_t deadline_us, walk_us; /* when to end, and to end looking at words */
    dgmi_arena *arena;             /* of the answer */
    dgmi_buf term;                 /* for building terms */
    dgm_proposal *list;
    size_t n;
    dgm_error *err;
} dgmi_completer;

bool dgmi_complete_late(const dgmi_completer *c);
/* Adds a proposal, keeping those of list[begin..] sorted and at most `most`. The texts
 * are the caller's. */
void dgmi_complete_offer(dgmi_completer *c, size_t begin, size_t most,
                         const dgm_proposal *proposal);

/* Values of fields that begin as q does, or one of whose words does. */
dgm_status dgmi_complete_values(dgmi_completer *c);

#endif
