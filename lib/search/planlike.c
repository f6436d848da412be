/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items that are like another one: its most telling stems to clauses. Depends on
 * lib/index, lib/text, lib/xapian.
 *
 * A stem tells by its idf times its impact in the item. An item is like this one if it
 * has two of the leading ones; all of them score. */
#include <string.h>

#include "fail.h"
#include "impact.h"
#include "kin.h"
#include "plan.h"
#include "schema.h"
#include "standing.h"
#include "utf8.h"
#include "wordlang.h"

enum {
    TERMS = 24,  /* that score */
    LEADING = 8, /* of which two have to be there */
    LETTERS = 3, /* of a stem, at least */
    COMMON = 4,  /* a stem that one item in so many has tells nothing, */
    ENOUGH = 100 /* unless there are fewer items than this */
};

typedef struct telling {
    const char *stem;
    uint32_t frequency;
    double idf, weight;
} telling;

typedef struct model {
    telling terms[TERMS]; /* the most telling first */
    size_t n;
    dgmi_str own, story; /* terms: of the item alone, of its story or empty */
    uint32_t copies;     /* items of the story, itself included */
} model;

static bool check(dgmi_planner *p, dgm_status status)
{
    if (status != DGM_OK && p->status == DGM_OK)
        p->status = status;
    return p->status == DGM_OK;
}

/* ---- The item ---- */

static bool keep_term(dgmi_planner *p, dgmi_str *out)
{
    char *copy = p->term.failed ? NULL : dgmi_arena_str(p->arena, dgmi_buf_str(&p->term));
    *out = (dgmi_str){ copy, p->term.n };
    if (!copy)
        dgmi_plan_fail(p);
    return copy != NULL;
}

/* Near copies are the same story, not a similar one. */
static bool find_story(dgmi_planner *p, dgmx_doc *doc, model *m)
{
    dgmx_bytes value;
    uint64_t story = 0;
    if (!check(p, dgmx_doc_value(doc, DGMI_SLOT_STORY, &value, p->err)))
        return false;
    if (!dgmi_schema_u64_read(value.p, value.n, &story))
        return true;
    dgmi_buf_reset(&p->term);
    dgmi_kin_story_term(&p->term, story);
    if (!keep_term(p, &m->story))
        return false;
    m->copies = dgmi_plan_frequency(p, m->story);
    return p->status == DGM_OK;
}

/* Only what can be found is compared with: of the others not even their words are known.
 */
static bool find_item(dgmi_planner *p, const char *id, model *m, dgmx_docid *at)
{
    dgmx_doc *doc = NULL;
    bool usable = false;
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, "Q", id, strlen(id));
    if (!keep_term(p, &m->own))
        return false;
    dgm_status status =
        dgmi_standing_find(p->index->db, m->own, p->index->place, at, NULL);
    if (status == DGM_OK)
        status = dgmx_doc_get(p->index->db, *at, &doc, p->err);
    if (status == DGM_OK)
        status = dgmx_doc_has_term(doc, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                   &usable, p->err);
    if (status == DGM_E_NOTFOUND || (status == DGM_OK && !usable))
        status = dgmi_fail(p->err, DGM_E_NOTFOUND, "there is no item \"%.120s\"", id);
    bool found = check(p, status) && find_story(p, doc, m);
    dgmx_doc_free(doc);
    return found;
}

/* ---- Its stems ---- */

/* What its copies alone have leads to nothing else. */
static bool tells(const dgmi_planner *p, const model *m, dgmi_str stem,
                  uint32_t frequency)
{
    uint32_t documents = p->index->documents;
    bool title = stem.p[0] >= 'A' && stem.p[0] <= 'Z'; /* a stem of titles alone */
    return !title && frequency > 1 && frequency > m->copies &&
           (documents < ENOUGH || frequency < documents / COMMON) &&
           dgmi_utf8_count(stem.p, stem.n) >= LETTERS &&
           !dgmi_is_stopword(dgmi_script_language(stem), stem);
}

static void offer(dgmi_planner *p, model *m, dgmi_str stem, const telling *new)
{
    if (m->n == TERMS && new->weight <= m->terms[TERMS - 1].weight)
        return;
    telling made = *new;
    made.stem = dgmi_arena_str(p->arena, stem);
    if (!made.stem)
        dgmi_plan_fail(p);
    size_t at = m->n == TERMS ? TERMS - 1 : m->n++;
    for (; at > 0 && made.weight > m->terms[at - 1].weight; at--)
        m->terms[at] = m->terms[at - 1];
    m->terms[at] = made;
}

static void find_stems(dgmi_planner *p, dgmx_docid id, model *m)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t impact, frequency;
    size_t skip = strlen(DGMI_PREFIX_STEM);
    dgm_status status = dgmx_terms_of(p->index->db, id, &terms, p->err);
    if (status == DGM_OK)
        status = dgmx_terms_skip_to(terms, DGMI_PREFIX_STEM, skip, p->err);
    while (status == DGM_OK && p->status == DGM_OK) {
        status = dgmx_terms_next(terms, &term, &impact, &frequency, p->err);
        if (status != DGM_OK || memcmp(term.p, DGMI_PREFIX_STEM, skip) != 0)
            break;
        dgmi_str stem = { term.p + skip, term.n - skip };
        if (stem.n == 0 || !tells(p, m, stem, frequency))
            continue;
        telling new = { .frequency = frequency,
                        .idf = dgmi_idf(p->index->documents, frequency) };
        new.weight = new.idf *impact;
        offer(p, m, stem, &new);
    }
    dgmx_terms_free(terms);
    check(p, status == DGM_E_NOTFOUND ? DGM_OK : status);
}

/* ---- Clauses ---- */

static dgmi_clause *score_of(dgmi_planner *p, const model *m)
{
    dgmi_clause *terms[TERMS];
    for (size_t i = 0; i < m->n; i++) {
        const telling *t = &m->terms[i];
        terms[i] =
            dgmi_plan_scored(p, DGMI_PREFIX_STEM, t->stem, t->frequency, t->idf, 1);
        dgmi_plan_mark(p, t->stem, t->stem, t->idf, -1);
    }
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, terms, m->n);
}

static dgmi_clause *leading_term(dgmi_planner *p, const telling *t)
{
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, DGMI_PREFIX_STEM, t->stem, strlen(t->stem));
    return dgmi_clause_term(p->arena, dgmi_buf_str(&p->term), t->frequency);
}

/* Two of the leading stems; of an item with one alone, that one. */
static dgmi_clause *condition_of(dgmi_planner *p, const model *m)
{
    dgmi_clause *terms[LEADING], *pairs[LEADING * LEADING];
    size_t n = m->n < LEADING ? m->n : LEADING, n_pairs = 0;
    for (size_t i = 0; i < n; i++) {
        terms[i] = leading_term(p, &m->terms[i]);
        for (size_t k = 0; k < i; k++)
            pairs[n_pairs++] =
                dgmi_clause_pair(p->arena, DGMI_CLAUSE_AND, terms[i], terms[k]);
    }
    return n == 1 ? terms[0] : dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, pairs, n_pairs);
}

dgmi_clause *dgmi_plan_like(dgmi_planner *p, const char *id)
{
    model m = { .n = 0 };
    dgmx_docid at = 0;
    if (p->status != DGM_OK || !find_item(p, id, &m, &at))
        return NULL;
    find_stems(p, at, &m);
    if (p->status != DGM_OK)
        return NULL;
    dgmi_clause *like =
        dgmi_clause_scored_by(p->arena, score_of(p, &m), condition_of(p, &m));
    dgmi_clause *same[3] = { like, dgmi_plan_term(p, m.own), NULL };
    if (m.story.n > 0)
        same[2] = dgmi_plan_term(p, m.story);
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_WITHOUT, same, m.story.n > 0 ? 3 : 2);
}
