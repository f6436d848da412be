/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the index that a pattern stands for, the most frequent ones.
 * Depends on lib/index, lib/text. */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

#include "schema.h"
#include "wordlang.h"

/* The most frequent words so far, most frequent first. */
typedef struct candidates {
    dgmi_expanded list[DGMI_WILDCARD_TERMS];
    size_t n, seen, looked;
} candidates;

/* Whether a goes before b: more frequent, or as frequent and earlier in the alphabet. */
static bool is_before(const dgmi_expanded *a, const dgmi_expanded *b)
{
    if (a->frequency != b->frequency)
        return a->frequency > b->frequency;
    return strcmp(a->text, b->text) < 0;
}

/* Puts one in its place among at most DGMI_WILDCARD_TERMS, kept sorted. */
static bool offer(dgmi_planner *p, candidates *c, dgmi_str word, uint32_t frequency)
{
    size_t last = DGMI_WILDCARD_TERMS - 1;
    c->seen++;
    if (c->n > last && frequency <= c->list[last].frequency)
        return true; /* words come in the order of the alphabet: an equal one is later */
    dgmi_expanded new = { dgmi_arena_str(p->arena, word), frequency };
    if (!new.text)
        return false;
    size_t at = c->n > last ? last : c->n++;
    for (; at > 0 && is_before(&new, &c->list[at - 1]); at--)
        c->list[at] = c->list[at - 1];
    c->list[at] = new;
    return true;
}

/* On later pages only what the first one chose. */
static bool is_chosen(dgmi_planner *p, dgmi_str term)
{
    uint32_t chosen;
    if (!p->pins->fixed)
        return true;
    return dgmi_pin_decide(p->pins, p->arena, DGMI_PIN_CHOICE, term, 0, &chosen) &&
           chosen > 0;
}

static bool remember_choice(dgmi_planner *p, const char *word_prefix, const candidates *c)
{
    uint32_t chosen;
    for (size_t i = 0; i < c->n; i++) {
        dgmi_buf_reset(&p->term);
        dgmi_schema_term(&p->term, word_prefix, c->list[i].text, strlen(c->list[i].text));
        if (!dgmi_pin_decide(p->pins, p->arena, DGMI_PIN_CHOICE, dgmi_buf_str(&p->term),
                             1, &chosen))
            return false;
    }
    return true;
}

static bool collect(dgmi_planner *p, const char *word_prefix, const dgmi_expand_by *by,
                    candidates *c)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term = { NULL, 0 };
    uint32_t frequency;
    size_t skip = strlen(word_prefix);
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, word_prefix, by->head, strlen(by->head));
    dgm_status status =
        dgmx_terms_all(p->index->db, p->term.p, p->term.n, &terms, p->err);
    while (status == DGM_OK && c->looked < by->walk) {
        status = dgmx_terms_next(terms, &term, NULL, &frequency, p->err);
        if (status != DGM_OK)
            break;
        dgmi_str word = { term.p + skip, term.n - skip };
        c->looked++;
        if ((by->fits && !by->fits(by->user, word)) ||
            !is_chosen(p, (dgmi_str){ term.p, term.n }))
            continue;
        if (!offer(p, c, word, frequency)) {
            dgmi_plan_fail(p);
            break;
        }
    }
    dgmx_terms_free(terms);
    if (status != DGM_OK && status != DGM_E_NOTFOUND && p->status == DGM_OK)
        p->status = status;
    return p->status == DGM_OK;
}

static bool add_stem(dgmi_planner *p, const char *stem_prefix, const char *word,
                     dgmi_expansion *out)
{
    dgmi_str folded = dgmi_str_of(word);
    dgmi_str stem = dgmi_stem(p->stems, dgmi_script_language(folded), folded);
    for (size_t i = 0; i < out->n_stems; i++) {
        if (dgmi_str_eq(stem, out->stems[i].text))
            return true;
    }
    char *copy = dgmi_arena_str(p->arena, stem);
    if (!copy)
        return false;
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, stem_prefix, copy, strlen(copy));
    uint32_t frequency = dgmi_plan_frequency(p, dgmi_buf_str(&p->term));
    if (frequency > 0)
        out->stems[out->n_stems++] = (dgmi_expanded){ copy, frequency };
    return true;
}

static uint32_t add_up(const candidates *c, uint32_t documents)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < c->n; i++)
        sum += c->list[i].frequency;
    return sum < documents ? (uint32_t)sum : documents;
}

bool dgmi_expand(dgmi_planner *p, const char *word_prefix, const char *stem_prefix,
                 const dgmi_expand_by *by, dgmi_expansion *out)
{
    candidates c = { .n = 0 };
    if (!collect(p, word_prefix, by, &c) || !remember_choice(p, word_prefix, &c)) {
        dgmi_plan_fail(p);
        return false;
    }
    if (by->shown && (c.seen > c.n || c.looked >= by->walk))
        dgmi_warn(p->notes,
                  "\"%s\" stands for %s%zu words; the %zu most frequent were searched",
                  by->shown, c.looked >= by->walk ? "more than " : "", c.seen, c.n);
    memcpy(out->words, c.list, c.n * sizeof c.list[0]);
    out->n_words = c.n;
    out->items = add_up(&c, p->index->documents);
    for (size_t i = 0; stem_prefix && i < c.n && out->n_stems < DGMI_EXPANSION_STEMS;
         i++) {
        if (!add_stem(p, stem_prefix, c.list[i].text, out)) {
            dgmi_plan_fail(p);
            return false;
        }
    }
    return p->status == DGM_OK;
}
