/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where sentences and paragraphs of an item begin. Depends on lib/text, vocabulary.h and
 * schema.h. */
#include "units.h"

#include <stdlib.h>

#include "schema.h"
#include "sentence.h"

void dgmi_units_clear(dgmi_units *u)
{
    free(u->sentences.list);
    free(u->paragraphs.list);
    *u = (dgmi_units){ .failed = false };
}

void dgmi_units_reset(dgmi_units *u)
{
    u->sentences.n = u->paragraphs.n = 0;
    u->failed = false;
}

void dgmi_units_begin(dgmi_units *u, const char *text, size_t n)
{
    u->text = text;
    u->text_n = n;
    u->sentence_end = 0;
    u->first = true;
}

static void add(dgmi_units *u, dgmi_begins *begins, uint32_t position)
{
    if (!dgmi_grow(&begins->list, &begins->capacity, begins->n + 1,
                   sizeof *begins->list)) {
        u->failed = true;
        return;
    }
    begins->list[begins->n++] = position;
}

/* Abbreviations can make sentences without a word in them, so more than one may end
 * before a token. */
void dgmi_units_see(dgmi_units *u, const dgmi_token *token)
{
    if (u->first)
        add(u, &u->paragraphs, token->position);
    u->first = false;
    if (token->from < u->sentence_end)
        return;
    add(u, &u->sentences, token->position);
    while (u->sentence_end <= token->from && u->sentence_end < u->text_n)
        u->sentence_end = dgmi_sentence_end(u->text, u->text_n, u->sentence_end);
}

static void put(const dgmi_begins *begins, const char *term, dgmi_terms *terms)
{
    dgmi_term_spec spec = { .text = dgmi_str_of(term),
                            .positions = begins->list,
                            .n_positions = (uint32_t)begins->n };
    if (begins->n > 0)
        dgmi_terms_put(terms, "", &spec);
}

void dgmi_units_put(const dgmi_units *u, dgmi_terms *terms)
{
    put(&u->sentences, DGMI_TERM_SENTENCE, terms);
    put(&u->paragraphs, DGMI_TERM_PARAGRAPH, terms);
}
