/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting text into tokens: the one tokenizer of index, query and snippets. Depends on fold.h. */
#ifndef DGMI_TOKENS_H
#define DGMI_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define DGMI_TOKEN_MAX 64 /* bytes of a folded token; the rest of a longer one is cut, on both sides alike */

typedef enum dgmi_token_kind {
    DGMI_WORD,   /* a plain word or number: "police", "2021", "b2b" */
    DGMI_PART,   /* a part of a compound with hyphens: "cyber" and "attack" of "cyber-attack" */
    DGMI_WHOLE,  /* that compound joined, at its first part's position: "cyberattack" */
    DGMI_IDEO    /* one character of a script written without spaces (Han, Kana, Thai ...) */
} dgmi_token_kind;

/* Rules, the same for index and query:
 *   acronyms and initials   "U.N." -> un, "N.P." and "N. P." -> np: one word, one position
 *   apostrophes             "Russia's" -> russia, "don't" -> dont, "l'Europe", "d'Arc" -> europe, arc;
 *                           "O'Brien" -> obrien; curly as straight
 *   hyphens                 parts at following positions, and the whole at the first part's
 *   numbers                 "1,087" -> 1087, "2.5" -> 2.5 (one token), "COVID-19" -> covid, 19, covid19
 *   ideographs              one token a character, so that a run is found as a phrase
 *   @names and #tags        the word alone
 *   everything else         separates */
typedef struct dgmi_token {
    const char *text; /* folded, n bytes; borrowed until the next call */
    uint32_t n;
    uint32_t from, to; /* bytes of the source that it covers */
    uint32_t position; /* counts words, from the iterator's start position on */
    dgmi_token_kind kind;
    bool capital; /* the source began with a capital letter */
} dgmi_token;

typedef struct dgmi_tokens {
    const char *p;
    size_t n, at;
    uint32_t position; /* of the next token */
    /* what follows is the tokenizer's own */
    unsigned queued, given;
    struct {
        uint32_t begin, n, from, to, position;
        dgmi_token_kind kind;
        bool capital;
    } queue[18];
    char folded[2048];
    uint32_t folded_n;
} dgmi_tokens;

/* Begins a walk over n bytes of clean UTF-8, with the first token at `position`. */
void dgmi_tokens_init(dgmi_tokens *t, const char *p, size_t n, uint32_t position);
bool dgmi_tokens_next(dgmi_tokens *t, dgmi_token *token);

#endif
