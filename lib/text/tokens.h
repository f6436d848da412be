/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting text into tokens: the one tokenizer of index, query and snippets. Depends on
 * fold.h. */
#ifndef DGMI_TOKENS_H
#define DGMI_TOKENS_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define DGMI_TOKEN_MAX                                                                   \
    64 /* bytes of a folded token; a longer one is cut, in index and query alike */
#define DGMI_PARTS_MAX 16

typedef enum dgmi_token_kind {
    DGMI_WORD,  /* a plain word or number: "police", "2021", "b2b" */
    DGMI_PART,  /* a part of a compound with hyphens: "cyber" and "attack" of
                   "cyber-attack" */
    DGMI_WHOLE, /* that compound joined, at its first part's position and before it:
                   "cyberattack" */
    DGMI_IDEO /* one character of a script written without spaces (Han, Kana, Thai ...) */
} dgmi_token_kind;

/* Rules, the same for index and query:
 *   acronyms and initials   "U.N." -> un, "N.P." and "N. P." -> np: one word, one
 * position apostrophes             "Russia's" -> russia, "don't" -> dont, "l'Europe",
 * "d'Arc" -> europe, arc (only before a vowel: "N'Djamena" -> ndjamena); "O'Brien" ->
 * obrien; curly as straight hyphens                 the whole at the first part's
 * position, then the parts at positions that follow one another; between numbers a hyphen
 * only separates numbers                 "1,087" -> 1087, "2.5" -> 2.5 (one token),
 * "COVID-19" -> covid19, covid, 19, "16.06.2021" -> 16, 06, 2021 ideographs one token a
 * character, so that a run is found as a phrase
 *   @names and #tags        the word alone
 *   soft hyphens, joiners   are not there
 *   everything else         separates
 * A compound of more than DGMI_PARTS_MAX parts counts as several. */
typedef struct dgmi_token {
    const char *text; /* folded, n bytes; borrowed until the next call */
    uint32_t n;
    uint32_t from, to; /* bytes of the source that it covers */
    uint32_t position; /* counts words, from the iterator's start position on */
    uint32_t width;    /* positions that it covers: 1, or the parts of a whole */
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
        uint32_t begin, n, from, to, position, width;
        dgmi_token_kind kind;
        bool capital;
    } queue[DGMI_PARTS_MAX + 1];
    char folded[(DGMI_PARTS_MAX + 1) * DGMI_TOKEN_MAX];
    uint32_t folded_n;
} dgmi_tokens;

/* Begins a walk over n bytes (at most 4 GB) of clean UTF-8, with the first token at
 * `position`. */
void dgmi_tokens_init(dgmi_tokens *t, const char *p, size_t n, uint32_t position);
bool dgmi_tokens_next(dgmi_tokens *t, dgmi_token *token);

/* Whether tokens of the compound that the last one came from are still to come. */
static inline bool dgmi_tokens_pending(const dgmi_tokens *t)
{
    return t->given < t->queued;
}

/* A place at or before `at` from which a walk cuts the same tokens there as one from the
 * beginning of the text. Looks back over 512 bytes at most. */
size_t dgmi_tokens_restart(const char *p, size_t n, size_t at);

#endif
