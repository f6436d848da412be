/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stems and in how many items of either side they were seen. Depends on lib/base. */
#ifndef DGMI_LEXICON_H
#define DGMI_LEXICON_H

#include <stdint.h>

#include "arena.h"
#include "dgmx.h"

#define DGMI_LEXICON_MOST 150000 /* stems; what comes beyond is not counted */
#define DGMI_LEXICON_EXAMPLES 4  /* items kept for a stem and side */

typedef struct dgmi_lexeme {
    const char *stem; /* NULL: a free place */
    uint32_t n;
    uint32_t items[2];
    dgmx_docid examples[2][DGMI_LEXICON_EXAMPLES]; /* the first ones that came */
} dgmi_lexeme;

typedef struct dgmi_lexicon {
    dgmi_arena *arena;
    dgmi_lexeme *places; /* of a table that is at most half full */
    size_t n_places, n;
    uint64_t sum[2]; /* of all items[] */
} dgmi_lexicon;

/* False without memory. */
bool dgmi_lexicon_init(dgmi_lexicon *lexicon, dgmi_arena *arena);
bool dgmi_lexicon_add(dgmi_lexicon *lexicon, dgmi_str stem, int side, dgmx_docid id);
void dgmi_lexicon_clear(dgmi_lexicon *lexicon);

#endif
