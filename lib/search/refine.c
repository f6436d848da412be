/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second stage of ranking. Reading positions costs most, so hits that cannot gain
 * enough to come among those that are needed are left alone. Depends on lib/index,
 * lib/xapian. */
#include "refine.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "impact.h"
#include "plan.h"
#include "recency.h"

enum { GAP = 2 }; /* places from one word of a pair to the other, at most */

/* ---- The forms of a query ---- */

static bool is_form(const dgmi_node *group, const dgmi_node *node)
{
    return node->kind == DGMI_NODE_WORD && !node->whole && !node->field && !node->aside &&
           !dgmi_plan_leaves_out(group, node);
}

/* Words of a form that no item has any more, or none had on the first page, weigh
 * nothing. */
static dgm_status weigh(const dgmi_index *index, dgmi_arena *arena, dgmi_pins *pins,
                        dgmi_form *form, dgm_error *err)
{
    uint32_t frequency = 0, steps = 0;
    dgmi_str term = dgmi_str_of(form->text);
    dgm_status status = dgmx_db_term_freq(index->db, term.p, term.n, &frequency, err);
    if (status != DGM_OK)
        return status;
    double idf = frequency > 0 ? dgmi_idf(index->documents, frequency) : 0;
    uint32_t present = dgmi_weight_steps(idf);
    if (!dgmi_pin_decide(pins, arena, DGMI_PIN_FORM, term, present, &steps))
        return dgmi_fail_memory(err);
    form->idf = steps * DGMI_WEIGHT_STEP;
    return DGM_OK;
}

/* Of more words than are looked at the most telling stay. */
static void keep_rarest(dgmi_form *forms, uint32_t *n)
{
    while (*n > DGMI_REFINE_WORDS) {
        uint32_t least = 0;
        for (uint32_t i = 1; i < *n; i++) {
            if (forms[i].idf < forms[least].idf)
                least = i;
        }
        memmove(forms + least, forms + least + 1, (*n - least - 1) * sizeof *forms);
        --*n;
    }
}

dgm_status dgmi_refine_plan(const dgmi_index *index, const dgmi_node *root,
                            dgmi_arena *arena, dgmi_pins *pins, dgmi_refinement *out,
                            dgm_error *err)
{
    dgmi_form forms[DGMI_QUERY_LEAVES + 1];
    uint32_t n = 0;
    dgm_status status = DGM_OK;
    const dgmi_node *group = root->kind == DGMI_NODE_NOT ? root->children[0] : root;
    bool lone = group->kind != DGMI_NODE_GROUP && group->kind != DGMI_NODE_AND;
    uint32_t count = lone ? 1 : group->n_children;
    for (uint32_t i = 0; i < count && n <= DGMI_QUERY_LEAVES && status == DGM_OK; i++) {
        const dgmi_node *node = lone ? group : group->children[i];
        if (!is_form(group, node))
            continue;
        forms[n] = (dgmi_form){ .text = node->text, .place = i };
        status = weigh(index, arena, pins, &forms[n], err);
        n += forms[n].idf > 0;
    }
    keep_rarest(forms, &n);
    memcpy(out->forms, forms, n * sizeof *forms);
    out->n = status == DGM_OK ? n : 0;
    return status;
}

/* ---- Places in an item ---- */

typedef struct places {
    uint32_t *list;
    size_t n;
} places;

static dgm_status read_places(const dgmi_matcher *m, dgmx_docid id, const char *form,
                              places *out)
{
    free(out->list);
    *out = (places){ NULL, 0 };
    return dgmx_positions(m->index->db, id, form, strlen(form), &out->list, &out->n,
                          m->err);
}

/* Whether some place of b lies 1 to GAP behind one of a. Both ascend. */
static bool follows(const places *a, const places *b)
{
    size_t i = 0, k = 0;
    while (i < a->n && k < b->n) {
        if (b->list[k] <= a->list[i])
            k++;
        else if (b->list[k] - a->list[i] <= GAP)
            return true;
        else
            i++;
    }
    return false;
}

static bool are_neighbours(const dgmi_refinement *r, uint32_t i)
{
    return i > 0 && i < DGMI_REFINE_WORDS &&
           r->forms[i].place - r->forms[i - 1].place <= GAP;
}

/* A share of an idf in whole steps, so that sums of scores stay exact. */
static double share_of(double idf, double share)
{
    return (double)(uint64_t)(idf * share / DGMI_WEIGHT_STEP) * DGMI_WEIGHT_STEP;
}

/* Whether one of these places, which ascend, is in the first words of the text. A title
 * of a thousand words moves the text further off, and then nothing is in its lead. */
static bool is_in_lead(const places *here)
{
    size_t i = 0;
    while (i < here->n && here->list[i] < DGMI_BODY_POSITION)
        i++;
    return i < here->n && here->list[i] < DGMI_BODY_POSITION + DGMI_LEAD_WORDS;
}

static dgmi_gain gain_of(const dgmi_refinement *r, uint32_t i, const places *before,
                         const places *here)
{
    dgmi_gain gain = { 0, 0, 0 };
    if (here->n > 0)
        gain.form = share_of(r->forms[i].idf, DGMI_FORM_SHARE);
    if (is_in_lead(here))
        gain.lead = share_of(r->forms[i].idf, DGMI_LEAD_SHARE);
    if (here->n > 0 && are_neighbours(r, i) && follows(before, here)) {
        double a = r->forms[i - 1].idf, b = r->forms[i].idf;
        gain.pair = share_of(a < b ? a : b, DGMI_PAIR_SHARE);
    }
    return gain;
}

/* What form i gains in an item: both[i % 2] receives its places, the other has those of
 * the form before. */
static dgm_status read_gain(const dgmi_matcher *m, const dgmi_refinement *r,
                            dgmx_docid id, uint32_t i, places both[2], dgmi_gain *out)
{
    dgm_status status = read_places(m, id, r->forms[i].text, &both[i % 2]);
    if (status == DGM_OK)
        *out = gain_of(r, i, &both[(i + 1) % 2], &both[i % 2]);
    return status;
}

dgm_status dgmi_refine_gains(const dgmi_matcher *m, const dgmi_refinement *r,
                             dgmx_docid id, dgmi_gain gains[DGMI_REFINE_WORDS])
{
    places both[2] = { { NULL, 0 }, { NULL, 0 } };
    dgm_status status = DGM_OK;
    for (uint32_t i = 0; i < r->n && status == DGM_OK; i++)
        status = read_gain(m, r, id, i, both, &gains[i]);
    free(both[0].list);
    free(both[1].list);
    return status;
}

/* ---- The head ---- */

static int by_id(const void *a, const void *b)
{
    uint32_t x = ((const dgmi_ranked *)a)->key.id, y = ((const dgmi_ranked *)b)->key.id;
    return (x > y) - (x < y);
}

static int by_key(const void *a, const void *b)
{
    const dgmi_key *x = &((const dgmi_ranked *)a)->key,
                   *y = &((const dgmi_ranked *)b)->key;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return by_id(a, b);
}

/* The most that a hit can gain by form i and those after it. */
static void sum_most(const dgmi_refinement *r, double most[DGMI_REFINE_WORDS + 1])
{
    uint32_t one = DGMI_BODY_POSITION, two = DGMI_BODY_POSITION + 1;
    const places some = { &one, 1 }, next = { &two, 1 };
    most[r->n] = 0;
    for (uint32_t i = r->n; i-- > 0;) {
        dgmi_gain gain = gain_of(r, i, &some, &next);
        most[i] = most[i + 1] + gain.form + gain.pair + gain.lead;
    }
}

/* Keeps the greatest `need` scores in descending order; returns the least of them, or
 * less than any score while there are fewer. */
static double note_score(double *best, uint32_t *n, uint32_t need, double score)
{
    uint32_t at = *n < need ? (*n)++ : need - 1;
    if (at == need - 1 && *n == need && best[at] > score)
        return best[at];
    for (; at > 0 && best[at - 1] < score; at--)
        best[at] = best[at - 1];
    best[at] = score;
    return *n < need ? -1 : best[need - 1];
}

/* Scores a hit anew, or leaves off once it is sure to stay below `least`. */
static dgm_status score_hit(const dgmi_matcher *m, const dgmi_refinement *r,
                            const double *most, double least, dgmi_ranked *hit)
{
    places both[2] = { { NULL, 0 }, { NULL, 0 } };
    double score = hit->relevance;
    dgm_status status = DGM_OK;
    for (uint32_t i = 0; i < r->n && status == DGM_OK &&
                         dgmi_recency_score(score + most[i], hit->factor) >= least;
         i++) {
        dgmi_gain gain = { 0, 0, 0 };
        status = read_gain(m, r, hit->key.id, i, both, &gain);
        score += gain.form + gain.pair + gain.lead;
    }
    hit->key.score = dgmi_recency_score(score, hit->factor);
    free(both[0].list);
    free(both[1].list);
    return status;
}

dgm_status dgmi_refine(const dgmi_matcher *m, const dgmi_refinement *r, dgmi_ranked *hits,
                       uint32_t n, uint32_t need)
{
    double best[DGMI_HEAD_HITS] = { 0 }, most[DGMI_REFINE_WORDS + 1], least = -1;
    uint32_t kept = 0;
    need = need > n ? n : need;
    sum_most(r, most);
    for (uint32_t h = 0; h < n && hits[h].key.score + most[0] >= least; h++) {
        dgm_status status = score_hit(m, r, most, least, &hits[h]);
        if (status != DGM_OK)
            return status;
        least = note_score(best, &kept, need, hits[h].key.score);
    }
    qsort(hits, n, sizeof *hits, by_key);
    return DGM_OK;
}
