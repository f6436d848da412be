/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the index that a pattern stands for, the most frequent ones.
 * Depends on lib/index, lib/text. */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "schema.h"
#include "wordlang.h"

/* The most frequent words so far, most frequent first. */
typedef struct candidates {
    dgmi_expanded list[DGMI_WILDCARD_TERMS];
    size_t n, seen;
    bool more; /* words than were looked at */
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

static bool consider(dgmi_planner *p, candidates *c, dgmi_str term, dgmi_str word,
                     uint32_t frequency)
{
    return !is_chosen(p, term) || offer(p, c, word, frequency);
}

/* ---- Words near one ---- */

typedef struct neighbours {
    dgmi_planner *p;
    candidates *c;
    const char *prefix;
} neighbours;

static bool consider_neighbour(void *user, dgmi_str word, uint32_t frequency)
{
    neighbours *n = user;
    dgmi_buf_reset(&n->p->term);
    dgmi_buf_puts(&n->p->term, n->prefix);
    dgmi_buf_put(&n->p->term, word.p, word.n);
    return !n->p->term.failed &&
           consider(n->p, n->c, dgmi_buf_str(&n->p->term), word, frequency);
}

/* Out of time, the search for hits is so, too, and its page says that it is cut. */
static dgm_status collect_near(dgmi_planner *p, const char *word_prefix,
                               const dgmi_expand_by *by, candidates *c)
{
    neighbours n = { p, c, word_prefix };
    dgm_error fault = DGM_ERROR_INIT;
    dgmi_near near = { .prefix = word_prefix,
                       .head = by->head,
                       .word = by->near,
                       .distance = by->distance,
                       .walk = by->walk,
                       .deadline_us = p->deadline_us,
                       .see = consider_neighbour,
                       .user = &n };
    bool all = false;
    dgm_status status =
        dgmi_dictionary_near(p->dictionary, p->index, &near, &all, &fault);
    c->more = !all;
    return status == DGM_OK || status == DGM_E_TIMEOUT
               ? DGM_OK
               : dgmi_fail(p->err, status, "%s", fault.text);
}

/* ---- Words that fit ---- */

static dgm_status collect_fitting(dgmi_planner *p, const char *word_prefix,
                                  const dgmi_expand_by *by, candidates *c)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term = { NULL, 0 };
    uint32_t frequency;
    size_t skip = strlen(word_prefix), looked = 0;
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, word_prefix, by->head, strlen(by->head));
    dgm_status status =
        dgmx_terms_all(p->index->db, p->term.p, p->term.n, &terms, p->err);
    for (; status == DGM_OK && looked < by->walk; looked++) {
        status = dgmx_terms_next(terms, &term, NULL, &frequency, p->err);
        if (status != DGM_OK)
            break;
        dgmi_str word = { term.p + skip, term.n - skip };
        if ((!by->fits || by->fits(by->user, word)) &&
            !consider(p, c, (dgmi_str){ term.p, term.n }, word, frequency))
            status = dgmi_fail_memory(p->err);
    }
    dgmx_terms_free(terms);
    c->more = looked >= by->walk;
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static bool collect(dgmi_planner *p, const char *word_prefix, const dgmi_expand_by *by,
                    candidates *c)
{
    dgm_status status = by->near ? collect_near(p, word_prefix, by, c)
                                 : collect_fitting(p, word_prefix, by, c);
    if (status != DGM_OK && p->status == DGM_OK)
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
    if (by->shown && (c.seen > c.n || c.more))
        dgmi_warn(p->notes,
                  "\"%s\" stands for %s%zu words; the %zu most frequent were searched",
                  by->shown, c.more ? "more than " : "", c.seen, c.n);
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
