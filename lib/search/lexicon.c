/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stems and in how many items of either side they were seen. Depends on lib/base. */
#include "lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum { FIRST = 1 << 14 };

bool dgmi_lexicon_init(dgmi_lexicon *lexicon, dgmi_arena *arena)
{
    *lexicon = (dgmi_lexicon){ .arena = arena, .n_places = FIRST };
    lexicon->places = calloc(FIRST, sizeof *lexicon->places);
    return lexicon->places != NULL;
}

void dgmi_lexicon_clear(dgmi_lexicon *lexicon)
{
    free(lexicon->places);
    *lexicon = (dgmi_lexicon){ .places = NULL };
}

static dgmi_lexeme *place_of(dgmi_lexeme *places, size_t n, dgmi_str stem)
{
    size_t at = (size_t)dgmi_hash64(stem.p, stem.n) & (n - 1);
    while (places[at].stem &&
           (places[at].n != stem.n || memcmp(places[at].stem, stem.p, stem.n) != 0))
        at = (at + 1) & (n - 1);
    return &places[at];
}

static bool grow(dgmi_lexicon *l)
{
    size_t n = l->n_places * 2;
    dgmi_lexeme *larger = calloc(n, sizeof *larger);
    if (!larger)
        return false;
    for (size_t i = 0; i < l->n_places; i++) {
        const dgmi_lexeme *old = &l->places[i];
        if (old->stem)
            *place_of(larger, n, (dgmi_str){ old->stem, old->n }) = *old;
    }
    free(l->places);
    l->places = larger;
    l->n_places = n;
    return true;
}

bool dgmi_lexicon_add(dgmi_lexicon *l, dgmi_str stem, int side, dgmx_docid id)
{
    if ((l->n + 1) * 2 > l->n_places && !grow(l))
        return false;
    dgmi_lexeme *e = place_of(l->places, l->n_places, stem);
    if (!e->stem && l->n == DGMI_LEXICON_MOST)
        return true;
    if (!e->stem) {
        e->stem = dgmi_arena_str(l->arena, stem);
        e->n = (uint32_t)stem.n;
        if (!e->stem)
            return false;
        l->n++;
    }
    if (e->items[side] < DGMI_LEXICON_EXAMPLES)
        e->examples[side][e->items[side]] = id;
    e->items[side]++;
    l->sum[side]++;
    return true;
}
