/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches over time beside all items over time. Depends on question.h, series.h. */
#include "clock.h"
#include "fail.h"
#include "question.h"
#include "series.h"

/* What the caller holds is the first member, so the answer frees itself. */
typedef struct answer {
    dgm_trends trends;
    dgmi_arena *arena;
} answer;

void dgm_trends_free(dgm_trends *trends)
{
    if (trends)
        dgmi_arena_free(((answer *)(void *)trends)->arena);
}

typedef struct counting {
    dgm *desk;
    const dgm_request *request;
    const dgm_trends_form *form;
    uint64_t deadline_us;
    dgm_trends **out;
    /* Of one attempt: */
    dgmi_question asked;
    dgmi_ladder ladder;
    dgmi_share share;
    const char *by;
} counting;

static dgm_status fill_parts(const counting *c, dgm_trends *out)
{
    const dgmi_search *s = &c->asked.s;
    unsigned most = c->form->series > 0 ? c->form->series : DGMI_SERIES;
    size_t rows = c->by ? c->share.found->n_rows - 1 : 0;
    size_t n = rows < most ? rows : most;
    dgm_series *list = dgmi_arena_array(s->arena, n + 1, sizeof *list);
    dgm_status status = DGM_OK;
    if (!list)
        return dgmi_fail_memory(s->err);
    if ((n + 1) * c->ladder.n > DGMI_NUMBERS_MOST)
        return dgmi_fail(s->err, DGM_E_ARG,
                         "series: %zu of %zu intervals each are more than %d numbers", n,
                         c->ladder.n, DGMI_NUMBERS_MOST);
    for (uint32_t i = 0; i < n && status == DGM_OK; i++)
        status = dgmi_series_make(s, &c->ladder, &c->share, i + 1, &list[i]);
    out->series = list;
    out->n_series = n;
    out->values = rows;
    out->without = c->by ? c->share.found->without : 0;
    return status;
}

static dgm_status count_table(const counting *c, const dgmi_search *s, bool stories,
                              dgmx_table **out)
{
    dgmi_crossing by = { &c->ladder.beat, c->by, stories, false };
    if (dgmi_cross_has_terms(&s->matcher, s->plan.strict, &by))
        return dgmi_cross_of_all(&s->matcher, by.beat, out);
    return dgmi_cross_count(&s->matcher, s->plan.strict, &by, out);
}

static dgm_status count_index(counting *c, dgm_trends *out)
{
    const dgmi_share *share = &c->share;
    const dgmi_search *s = &c->asked.s;
    if (c->form->interval == 0)
        c->ladder.beat.interval = dgmi_ladder_choose(&c->ladder, &s->desk->lore);
    dgm_status status = count_table(c, s, true, &c->share.found);
    if (status == DGM_OK && c->asked.has_text)
        status = count_table(c, &c->asked.bare, false, &c->share.of);
    else
        c->share.of = c->share.found;
    if (status != DGM_OK || !c->share.found || !c->share.of)
        return status;
    status = dgmi_ladder_lay(&c->ladder, &share, 1, s->scratch, s->err);
    if (status == DGM_OK)
        status = dgmi_series_make(s, &c->ladder, &c->share, 0, &out->all);
    out->n_points = c->ladder.n;
    return status == DGM_OK ? fill_parts(c, out) : status;
}

static dgm_status describe(counting *c, dgm_trends *out)
{
    dgm_page page = { .n_hits = 0 };
    dgm_status status = dgmi_search_describe(&c->asked.s, &page);
    out->query_text = page.query_text;
    out->query_parsed = page.query_parsed;
    out->revision = page.revision;
    out->warnings = page.warnings;
    out->n_warnings = page.n_warnings;
    out->interval = dgmi_interval_names[c->ladder.beat.interval + 1];
    out->by = c->by;
    out->shift = c->form->shift;
    return status;
}

static void begin(counting *c)
{
    int interval = c->form->interval > 0 ? c->form->interval - 1 : DGMI_DAY;
    c->by = dgmi_by_names[c->form->by];
    c->ladder = (dgmi_ladder){ .beat = { (dgmi_interval)interval, c->form->shift * 60 },
                               .from = c->request->from,
                               .to = c->request->before };
}

static dgm_status attempt(void *user, dgm_error *err)
{
    counting *c = user;
    dgmi_arena *scratch = dgmi_arena_new(DGMI_ANSWER_MAX);
    dgmi_arena *arena = dgmi_arena_new(DGMI_ANSWER_MAX);
    answer *made = arena ? dgmi_arena_alloc(arena, sizeof *made) : NULL;
    dgm_status status = dgmi_index_refresh(c->desk->index, NULL, err);
    begin(c);
    if (!made || !scratch) {
        status = dgmi_fail_memory(err);
        goto out;
    }
    if (status == DGM_OK)
        status = dgmi_question_ask(&c->asked, c->desk, c->request, arena, scratch,
                                   c->deadline_us, err);
    if (status == DGM_OK && c->desk->index->db)
        status = count_index(c, &made->trends);
    if (status == DGM_OK)
        status = describe(c, &made->trends);
    dgmi_share_clear(&c->share);
    dgmi_question_clear(&c->asked);
    if (status == DGM_OK) {
        made->arena = arena;
        *c->out = &made->trends;
        arena = NULL;
    }
out:
    dgmi_arena_free(arena);
    dgmi_arena_free(scratch);
    return status;
}

dgm_status dgm_trends_count(dgm *desk, const dgm_request *request,
                            const dgm_trends_form *form, dgm_trends **out, dgm_error *err)
{
    uint64_t begin_us = dgmi_now_us();
    counting c = { .desk = desk, .request = request, .form = form, .out = out };
    if (!desk || !request || !dgmi_form_is_good(form) || !out)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, a request, a form and a place are needed");
    *out = NULL;
    unsigned ms = request->deadline_ms > 0 ? request->deadline_ms : DGMI_DEADLINE_MOST_MS;
    c.deadline_us = begin_us + ms * 1000ull;
    dgm_status status = dgmi_question_try(attempt, &c, err);
    if (*out)
        (*out)->took_ms = (double)(dgmi_now_us() - begin_us) / 1000.0;
    return status;
}
