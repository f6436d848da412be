/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the index that a pattern stands for. Depends on lib/index, lib/text.
 */
#ifndef DGMI_EXPAND_H
#define DGMI_EXPAND_H

#include "plan.h"

/* Words looked at; what lies behind is said in a warning. */
#define DGMI_EXPANSION_WALK 20000
#define DGMI_FUZZY_WALK 100000  /* of those that begin with the same letter */
#define DGMI_EXPANSION_STEMS 16 /* of the most frequent words, for the score */

typedef struct dgmi_expanded {
    const char *text;
    uint32_t frequency;
} dgmi_expanded;

typedef struct dgmi_expansion {
    dgmi_expanded words[DGMI_WILDCARD_TERMS];
    size_t n_words;
    dgmi_expanded stems[DGMI_EXPANSION_STEMS];
    size_t n_stems;
    uint32_t items; /* with any of the words, at most */
} dgmi_expansion;

/* Which words: those that begin with `head` and fit. */
typedef struct dgmi_expand_by {
    const char *head;
    bool (*fits)(const void *user, dgmi_str word); /* NULL: all do */
    const void *user;
    const char *near; /* instead: those within `distance` of this word; or NULL */
    unsigned distance;
    size_t walk;       /* words looked at, at most */
    const char *shown; /* in the warning that some were left out; NULL: there is none */
} dgmi_expand_by;

/* Chooses the most frequent words, or those that the cursor names. stem_prefix NULL: no
 * stems are wanted. False after a failure. */
bool dgmi_expand(dgmi_planner *p, const char *word_prefix, const char *stem_prefix,
                 const dgmi_expand_by *by, dgmi_expansion *out);

#endif
