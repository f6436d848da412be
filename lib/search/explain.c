/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explaining a score: the clause is walked again over one item. Depends on lib/index,
 * lib/xapian. */
#include <string.h>

#include "fail.h"
#include "moment.h"
#include "search.h"

enum { PARTS = 512 };

typedef struct explainer {
    const dgmi_search *s;
    dgmx_docid id;
    dgmi_clause *item;       /* the term that only this item has */
    struct explainer *inner; /* for what is only weighed up, made when needed */
    dgm_part parts[PARTS];
    size_t n;
    dgm_status status;
} explainer;

/* The stored impact of a term in the item; 0 if it is not there. */
static uint32_t impact_of(explainer *e, dgmi_str term)
{
    dgmx_postings *postings = NULL;
    dgmx_docid id = 0;
    uint32_t impact = 0;
    e->status =
        dgmx_postings_of(e->s->desk->index->db, term.p, term.n, &postings, e->s->err);
    if (e->status == DGM_OK)
        e->status = dgmx_postings_skip_to(postings, e->id, e->s->err);
    if (e->status == DGM_OK)
        e->status = dgmx_postings_next(postings, &id, &impact, e->s->err);
    dgmx_postings_free(postings);
    if (e->status == DGM_E_NOTFOUND)
        e->status = DGM_OK;
    return id == e->id ? impact : 0;
}

static bool matches(explainer *e, dgmi_clause *clause)
{
    dgmi_clause *both = dgmi_clause_pair(e->s->scratch, DGMI_CLAUSE_AND, clause, e->item);
    dgmi_run run = { .order = DGMX_BY_RELEVANCE, .hits = 1, .check_at_least = 1 };
    dgmi_matcher alone = e->s->matcher; /* over one item: no time to speak of */
    dgmx_mset *mset = NULL;
    alone.deadline_us = UINT64_MAX;
    if (!both) {
        e->status = dgmi_fail_memory(e->s->err);
        return false;
    }
    e->status = dgmi_match_run(&alone, both, &run, &mset);
    bool found = e->status == DGM_OK && dgmx_mset_size(mset) > 0;
    dgmx_mset_free(mset);
    return found;
}

static void add_term(explainer *e, const dgmi_clause *term)
{
    uint32_t impact = term->scored ? impact_of(e, term->term) : 0;
    if (e->status != DGM_OK || impact == 0)
        return;
    for (size_t i = 0; i < e->n;
         i++) { /* a word that counts in two clauses is one line */
        dgm_part *part = &e->parts[i];
        if (strcmp(part->what, term->what) == 0 && part->idf == term->idf) {
            part->weight += term->weight * impact;
            return;
        }
    }
    if (e->n < PARTS)
        e->parts[e->n++] = (dgm_part){ .what = term->what,
                                       .weight = term->weight * impact,
                                       .idf = term->idf,
                                       .impact = impact };
    else
        e->parts[PARTS - 1].weight += term->weight * impact;
}

static void add_parts(explainer *e, dgmi_clause *clause, bool certain);

/* What a clause adds to the score, without telling of it. */
static double value_of(explainer *e, dgmi_clause *clause)
{
    double sum = 0;
    if (!e->inner)
        e->inner = dgmi_arena_alloc(e->s->scratch, sizeof *e->inner);
    explainer *inner = e->inner;
    if (!inner) {
        e->status = dgmi_fail_memory(e->s->err);
        return 0;
    }
    inner->s = e->s;
    inner->id = e->id;
    inner->item = e->item;
    inner->n = 0;
    inner->status = DGM_OK;
    add_parts(inner, clause, false);
    e->status = inner->status;
    for (size_t i = 0; i < inner->n; i++)
        sum += inner->parts[i].weight;
    return sum;
}

/* Of the stems of one word, or of a word and its synonyms, the best counts. */
static void add_best(explainer *e, const dgmi_clause *max)
{
    dgmi_clause *best = NULL;
    double most = 0;
    for (uint32_t i = 0; i < max->n && e->status == DGM_OK; i++) {
        dgmi_clause *child = max->children[i];
        double weight = child->kind == DGMI_CLAUSE_TERM
                            ? child->weight * impact_of(e, child->term)
                            : value_of(e, child);
        if (weight > most) {
            most = weight;
            best = child;
        }
    }
    if (best)
        add_parts(e, best, false);
}

/* Adds what clause adds to the score, in an item that may or may not match it. certain:
 * it does. */
static void add_parts(explainer *e, dgmi_clause *clause, bool certain)
{
    if (e->status != DGM_OK || !clause->scored)
        return;
    switch (clause->kind) {
    case DGMI_CLAUSE_TERM:
        add_term(e, clause);
        return;
    case DGMI_CLAUSE_MAX:
        add_best(e, clause);
        return;
    case DGMI_CLAUSE_OR:
        for (uint32_t i = 0; i < clause->n; i++)
            add_parts(e, clause->children[i], false);
        return;
    case DGMI_CLAUSE_AND:
        if (certain || matches(e, clause)) {
            for (uint32_t i = 0; i < clause->n; i++)
                add_parts(e, clause->children[i], true);
        }
        return;
    case DGMI_CLAUSE_MAYBE:
        if (certain || matches(e, clause->children[0])) {
            add_parts(e, clause->children[0], true);
            add_parts(e, clause->children[1], false);
        }
        return;
    case DGMI_CLAUSE_FILTER:
    case DGMI_CLAUSE_WITHOUT:
        if (certain || matches(e, clause))
            add_parts(e, clause->children[0], true);
        return;
    case DGMI_CLAUSE_NONE:
    case DGMI_CLAUSE_RANGE:
    case DGMI_CLAUSE_PHRASE:
    case DGMI_CLAUSE_WITHIN:
        return;
    }
}

static void add_gain(explainer *e, double weight, double idf, const char *what)
{
    if (weight > 0 && !what)
        e->status = dgmi_fail_memory(e->s->err);
    else if (weight > 0 && e->n < PARTS)
        e->parts[e->n++] = (dgm_part){ .what = what, .weight = weight, .idf = idf };
}

/* What the second stage added. */
static void add_gains(explainer *e)
{
    const dgmi_refinement *r = &e->s->refinement;
    dgmi_gain gains[DGMI_REFINE_WORDS];
    e->status = dgmi_refine_gains(&e->s->matcher, r, e->id, gains);
    for (uint32_t i = 0; i < r->n && e->status == DGM_OK; i++) {
        const dgmi_form *form = &r->forms[i];
        if (gains[i].form > 0)
            add_gain(e, gains[i].form, form->idf,
                     dgmi_arena_printf(e->s->scratch, "form:%s", form->text));
        if (gains[i].lead > 0)
            add_gain(e, gains[i].lead, form->idf,
                     dgmi_arena_printf(e->s->scratch, "lead:%s", form->text));
        if (gains[i].pair > 0)
            add_gain(e, gains[i].pair, 0,
                     dgmi_arena_printf(e->s->scratch, "near:%s %s", form[-1].text,
                                       form->text));
    }
}

/* What age took. */
static void add_age(explainer *e, const dgmi_ranked *found)
{
    double sum = 0;
    if (found->factor >= 1)
        return;
    for (size_t i = 0; i < e->n; i++)
        sum += e->parts[i].weight;
    double weight = dgmi_recency_score(sum, found->factor) - sum;
    if (e->n < PARTS)
        e->parts[e->n++] = (dgm_part){ .what = "recency", .weight = weight };
}

static dgmi_clause *item_term(const dgmi_search *s, const char *id)
{
    return dgmi_moment_hold(s->desk->index, s->scratch, dgmi_moment_id(s->scratch, id));
}

dgm_status dgmi_is_match(const dgmi_search *s, dgmi_clause *clause, const char *id,
                         bool *match)
{
    explainer e = { .s = s, .item = item_term(s, id) };
    *match = e.item && matches(&e, clause);
    return e.item ? e.status : dgmi_fail_memory(s->err);
}

static dgm_status copy_parts(const explainer *e, dgm_hit *hit)
{
    dgm_part *parts = dgmi_arena_array(e->s->arena, e->n + 1, sizeof *parts);
    if (!parts)
        return dgmi_fail_memory(e->s->err);
    for (size_t i = 0; i < e->n; i++) {
        parts[i] = e->parts[i];
        parts[i].what = dgmi_arena_dup(e->s->arena, e->parts[i].what);
        if (!parts[i].what)
            return dgmi_fail_memory(e->s->err);
    }
    hit->parts = parts;
    hit->n_parts = e->n;
    return DGM_OK;
}

dgm_status dgmi_explain(const dgmi_search *s, const dgmi_ranked *found, const char *id,
                        dgm_hit *hit)
{
    explainer *e = dgmi_arena_alloc(s->scratch, sizeof *e);
    dgmi_clause *clause = found->relaxed ? s->plan.relaxed : s->plan.strict;
    if (!e)
        return dgmi_fail_memory(s->err);
    e->s = s;
    e->id = found->key.id;
    e->item = item_term(s, id);
    if (!e->item)
        return dgmi_fail_memory(s->err);
    if (s->request->sort == DGMI_BY_RELEVANCE) /* by time nothing is scored */
        add_parts(e, clause, true);
    if (found->head && e->status == DGM_OK)
        add_gains(e);
    if (e->status == DGM_OK)
        add_age(e, found);
    return e->status == DGM_OK ? copy_parts(e, hit) : e->status;
}
