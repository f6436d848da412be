/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the best hits as further words of the query. Depends on lib/index, lib/text,
 * lib/xapian. */
#include "feedback.h"

#include <string.h>

#include "fail.h"
#include "impact.h"
#include "related.h"
#include "schema.h"
#include "then.h"

enum { CANDIDATES = 100 };

typedef struct collector {
    dgmi_search *s;
    size_t n;
    bool failed;
} collector;

static bool take(void *user, dgmx_bytes term, uint32_t frequency)
{
    collector *c = user;
    dgmi_cursor *cursor = &c->s->cursor;
    size_t skip = strlen(DGMI_PREFIX_STEM);
    dgmi_str stem = { term.p + skip, term.n - skip };
    if (!dgmi_is_related(c->s, stem, frequency))
        return true;
    const char *copy = dgmi_arena_str(c->s->scratch, stem);
    c->failed = !copy;
    if (copy)
        cursor->stems[cursor->n_stems++] = copy;
    return copy && cursor->n_stems < DGMI_CURSOR_STEMS;
}

/* The stems that tell the best hits of the plan as it is. */
static dgm_status find_stems(dgmi_search *s)
{
    dgmi_ranked hits[DGMI_FEEDBACK_HITS];
    dgmx_docid ids[DGMI_FEEDBACK_HITS];
    uint32_t n = 0;
    int64_t unused;
    collector c = { .s = s };
    const dgmx_bytes prefix = { DGMI_PREFIX_STEM, strlen(DGMI_PREFIX_STEM) };
    dgm_status status = dgmi_match_page(&s->matcher, s->plan.strict, DGMI_FEEDBACK_HITS,
                                        hits, &n, &unused);
    for (uint32_t i = 0; i < n; i++)
        ids[i] = hits[i].key.id;
    if (status == DGM_OK && n > 0)
        status =
            dgmx_expand(s->desk->index->db, ids, n, prefix, CANDIDATES, take, &c, s->err);
    return c.failed ? dgmi_fail_memory(s->err) : status;
}

static dgmi_clause *term_of(dgmi_planner *p, const char *stem)
{
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, DGMI_PREFIX_STEM, stem, strlen(stem));
    uint32_t frequency = dgmi_plan_frequency(p, dgmi_buf_str(&p->term));
    dgmi_clause *clause =
        dgmi_plan_scored(p, DGMI_PREFIX_STEM, stem, frequency,
                         dgmi_idf(p->index->documents, frequency), DGMI_FEEDBACK_SHARE);
    if (clause && clause->kind == DGMI_CLAUSE_TERM)
        clause->what = dgmi_arena_printf(p->arena, "related:%s", stem);
    return clause;
}

dgm_status dgmi_feedback(dgmi_search *s, dgmi_planner *p)
{
    dgmi_clause *terms[DGMI_CURSOR_STEMS];
    dgm_status status = DGM_OK;
    if (s->request->similar || s->request->sort != DGMI_BY_RELEVANCE ||
        !s->plan.strict->scored) {
        dgmi_warn(&s->notes, "expand: without words, or in another order than by "
                             "relevance, there is nothing to expand");
        return DGM_OK;
    }
    if (!s->resumed)
        status = find_stems(s);
    if (status != DGM_OK)
        return status;
    dgmi_buf_init(&p->term, 0);
    for (uint32_t i = 0; i < s->cursor.n_stems; i++)
        terms[i] = term_of(p, s->cursor.stems[i]);
    status = dgmi_plan_expanded(p, s->query->root, s->request, terms, s->cursor.n_stems,
                                &s->plan);
    dgmi_buf_clear(&p->term);
    return status == DGM_OK ? dgmi_then_hold(s, &s->plan.relaxed, NULL) : status;
}

dgm_status dgmi_is_only_related(const dgmi_search *s, dgm_hit *hit)
{
    bool match = false;
    dgm_status status = DGM_OK;
    if (s->plan.unexpanded)
        status = dgmi_is_match(s, s->plan.unexpanded, hit->id, &match);
    hit->expanded = !match;
    return status;
}
