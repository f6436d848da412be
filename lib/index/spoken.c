/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regions of speech while an item is analysed. Depends on lib/item, lib/text,
 * vocabulary.h, units.h and schema.h. */
#include "spoken.h"

#include <stdlib.h>
#include <string.h>

#include "dragoman.h"
#include "fold.h"
#include "schema.h"
#include "utf8.h"

enum { NAME_WORDS = 16 };

const dgmi_speech_terms dgmi_speeches[DGMI_SPEECHES] = {
    [DGMI_SPEECH_QUESTION] = { DGMI_TERM_QUESTION, DGMI_TERM_QUESTION_END,
                               DGMI_PREFIX_ASKED_BY },
    [DGMI_SPEECH_ANSWER] = { DGMI_TERM_ANSWER, DGMI_TERM_ANSWER_END,
                             DGMI_PREFIX_ANSWERED_BY },
    [DGMI_SPEECH_QUOTATION] = { DGMI_TERM_QUOTATION, DGMI_TERM_QUOTATION_END,
                                DGMI_PREFIX_QUOTED_FROM },
};

typedef struct regions {
    dgmi_begins begins, ends;
    dgmi_vocabulary *names;
    bool open;
} regions;

struct dgmi_spoken {
    const dgm_item *item;
    regions of[DGMI_SPEECHES];
    size_t turn; /* the one at hand or to come */
    size_t paragraph;
    dgmi_quoter quoter;
    dgmi_quote quotes[DGMI_QUOTES_MAX]; /* of the paragraph at hand */
    size_t n_quotes, quote;             /* the one at hand or to come */
    dgmi_buf key;
    bool failed;
};

void dgmi_spoken_free(dgmi_spoken *s)
{
    if (!s)
        return;
    for (int i = 0; i < DGMI_SPEECHES; i++) {
        free(s->of[i].begins.list);
        free(s->of[i].ends.list);
        dgmi_vocabulary_free(s->of[i].names);
    }
    dgmi_buf_clear(&s->key);
    free(s);
}

dgmi_spoken *dgmi_spoken_new(void)
{
    dgmi_spoken *s = calloc(1, sizeof *s);
    bool whole = s != NULL;
    for (int i = 0; i < DGMI_SPEECHES && whole; i++) {
        s->of[i].names = dgmi_vocabulary_new();
        whole = s->of[i].names != NULL;
    }
    if (whole) {
        dgmi_buf_init(&s->key, 0);
        return s;
    }
    dgmi_spoken_free(s);
    return NULL;
}

void dgmi_spoken_begin(dgmi_spoken *s, const dgm_item *item)
{
    for (int i = 0; i < DGMI_SPEECHES; i++) {
        s->of[i].begins.n = s->of[i].ends.n = 0;
        s->of[i].open = false;
        dgmi_vocabulary_reset(s->of[i].names);
    }
    s->item = item;
    s->failed = false;
    s->turn = 0;
    s->n_quotes = s->quote = 0;
    s->quoter = (dgmi_quoter){ .last = { NULL, 0 } };
}

void dgmi_spoken_paragraph(dgmi_spoken *s, size_t i, const char *text, size_t n)
{
    s->paragraph = i;
    s->n_quotes = dgmi_quotes_find(&s->quoter, (dgmi_str){ text, n }, s->quotes);
    s->quote = 0;
    s->of[DGMI_SPEECH_QUOTATION].open = false;
    while (s->turn < s->item->n_turns && s->item->turns[s->turn].to <= i) {
        s->turn++;
        s->of[DGMI_SPEECH_QUESTION].open = s->of[DGMI_SPEECH_ANSWER].open = false;
    }
}

static void add(dgmi_spoken *s, dgmi_begins *to, uint32_t position)
{
    if (dgmi_grow(&to->list, &to->capacity, to->n + 1, sizeof *to->list))
        to->list[to->n++] = position;
    else
        s->failed = true;
}

/* ---- Names ---- */

/* Each word, the initials of all but the last, and the whole without its titles, so that
 * a surname can be told from a part of a longer name. */
static void add_name(dgmi_spoken *s, dgmi_vocabulary *to, dgmi_str name,
                     uint32_t position)
{
    dgmi_str word;
    uint32_t c;
    dgmi_buf_reset(&s->key);
    dgmi_fold_key(&s->key, name.p, name.n);
    dgmi_str whole = dgmi_untitled(dgmi_buf_str(&s->key)), rest = dgmi_buf_str(&s->key);
    for (int i = 0; i < NAME_WORDS && dgmi_str_split(&rest, ' ', &word); i++) {
        dgmi_vocabulary_add(to, word.p, word.n, position, false);
        if (rest.n > 0)
            dgmi_vocabulary_add(to, word.p, dgmi_utf8_get(word.p, word.p + word.n, &c),
                                position, false);
    }
    if (whole.n == 0)
        return;
    char *exact = malloc(whole.n + 1);
    if (!exact) {
        s->failed = true;
        return;
    }
    exact[0] = '=';
    memcpy(exact + 1, whole.p, whole.n);
    dgmi_vocabulary_add(to, exact, whole.n + 1, position, false);
    free(exact);
}

/* ---- Tokens ---- */

static void see(dgmi_spoken *s, dgmi_speech kind, dgmi_str speaker, uint32_t position)
{
    regions *r = &s->of[kind];
    if (r->open) { /* a compound's whole stands where its first part does */
        uint32_t *end = &r->ends.list[r->ends.n - 1];
        *end = position > *end ? position : *end;
        return;
    }
    add(s, &r->begins, position);
    add(s, &r->ends, position);
    r->open = !s->failed;
    if (speaker.n > 0)
        add_name(s, r->names, speaker, position);
}

void dgmi_spoken_see(dgmi_spoken *s, const dgmi_token *token)
{
    const dgm_turn *turn = s->turn < s->item->n_turns ? &s->item->turns[s->turn] : NULL;
    if (turn && turn->from <= s->paragraph)
        see(s, turn->role == DGM_QUESTION ? DGMI_SPEECH_QUESTION : DGMI_SPEECH_ANSWER,
            dgmi_str_of(turn->speaker ? turn->speaker : ""), token->position);
    while (s->quote < s->n_quotes && token->from >= s->quotes[s->quote].to) {
        s->quote++;
        s->of[DGMI_SPEECH_QUOTATION].open = false;
    }
    if (s->quote < s->n_quotes && token->from >= s->quotes[s->quote].from)
        see(s, DGMI_SPEECH_QUOTATION, s->quotes[s->quote].speaker, token->position);
}

/* ---- Terms ---- */

static void put_places(const dgmi_begins *places, const char *term, dgmi_terms *terms)
{
    dgmi_term_spec spec = { .text = dgmi_str_of(term),
                            .positions = places->list,
                            .n_positions = (uint32_t)places->n };
    if (places->n > 0)
        dgmi_terms_put(terms, "", &spec);
}

static void put_names(dgmi_spoken *s, dgmi_speech kind, dgmi_terms *terms)
{
    dgmi_word word;
    dgmi_vocabulary *names = s->of[kind].names;
    dgmi_vocabulary_group(names);
    for (size_t i = 0; dgmi_vocabulary_at(names, i, &word); i++) {
        const char *prefix = dgmi_speeches[kind].name;
        bool exact = word.text[0] == '=';
        dgmi_buf_reset(&s->key);
        if (exact)
            dgmi_schema_exact(&s->key, prefix, word.text + 1, word.n - 1);
        else
            dgmi_schema_term(&s->key, prefix, word.text, word.n);
        dgmi_term_spec spec = { .text = dgmi_buf_str(&s->key),
                                .positions = word.positions,
                                .n_positions = word.n_positions };
        dgmi_terms_put(terms, "", &spec);
    }
}

void dgmi_spoken_put(dgmi_spoken *s, dgmi_terms *terms)
{
    for (int i = 0; i < DGMI_SPEECHES; i++) {
        put_places(&s->of[i].begins, dgmi_speeches[i].begin, terms);
        put_places(&s->of[i].ends, dgmi_speeches[i].end, terms);
        put_names(s, (dgmi_speech)i, terms);
    }
}

bool dgmi_spoken_failed(const dgmi_spoken *s)
{
    bool failed = s->failed || s->key.failed;
    for (int i = 0; i < DGMI_SPEECHES; i++)
        failed = failed || dgmi_vocabulary_failed(s->of[i].names);
    return failed;
}
