/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a piece of query text to nodes: words, compounds, runs of ideographs. Depends on
 * lib/text. */
#ifndef DGMI_WORDS_H
#define DGMI_WORDS_H

#include "query.h"

typedef struct dgmi_word_token dgmi_word_token;

/* A walk over the nodes of one run. */
typedef struct dgmi_words {
    dgmi_arena *arena;
    dgmi_word_token *tokens; /* in the arena */
    size_t n, at;
    uint32_t base; /* where the run begins in the query */
    bool failed;   /* memory ran out */
} dgmi_words;

/* text lies at byte `base` of the query. */
void dgmi_words_init(dgmi_words *words, dgmi_arena *arena, dgmi_str text, uint32_t base);
/* The next WORD (plain or compound) or loose PHRASE; NULL at the end. */
dgmi_node *dgmi_words_next(dgmi_words *words);
/* All tokens that are left, in order and without joined compounds, as one PHRASE of at
 * most DGMI_PHRASE_WORDS words; *left_out receives how many there were beyond. NULL if
 * there are none. */
dgmi_node *dgmi_words_phrase(dgmi_words *words, uint32_t *left_out);

#endif
