/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the index that begin with given letters. Depends on lib/index, lib/text.
 */
#ifndef DGMI_EXPAND_H
#define DGMI_EXPAND_H

#include "plan.h"

#define DGMI_EXPANSION_WALK                                                              \
    20000 /* words looked at; what lies behind is said in a warning */
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

/* Chooses the most frequent words, or those that the cursor names. False after a failure.
 */
bool dgmi_expand(dgmi_planner *p, const char *word_prefix, const char *stem_prefix,
                 const char *letters, dgmi_expansion *out);

#endif
