/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sets of items against each other. Depends on question.h, series.h, contrast.h. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "contrast.h"
#include "fail.h"
#include "question.h"
#include "series.h"

enum { WORDS = 20, SOURCE = 1 };

/* What the caller holds is the first member, so the answer frees itself. */
typedef struct answer {
    dgm_comparison comparison;
    dgmi_arena *arena;
} answer;

void dgm_comparison_free(dgm_comparison *comparison)
{
    if (comparison)
        dgmi_arena_free(((answer *)(void *)comparison)->arena);
}

/* a, b, and what they have in common, of either as of its moment. */
enum { A, B, BOTH, BOTH_B, PARTS };

typedef struct comparing {
    dgm *desk;
    const dgm_request *requests[BOTH + 1];
    dgm_request asked[PARTS];
    const dgm_compare_form *form;
    uint64_t deadline_us;
    dgm_comparison **out;
    /* Of one attempt: */
    dgmi_question parts[PARTS];
    dgmi_share shares[2];
    dgmi_ladder ladder;
    const char *by;
    dgmi_arena *arena, *scratch;
    dgm_error *err;
} comparing;

/* ---- Counting ---- */

static dgmi_clause *joined(const comparing *c, const dgmi_search *side,
                           const dgmi_search *both)
{
    return dgmi_clause_pair(c->scratch, DGMI_CLAUSE_FILTER, side->plan.strict,
                            both->plan.strict);
}

static dgm_status count_side(comparing *c, int side)
{
    dgmi_question *own = &c->parts[side], *both = &c->parts[BOTH + side];
    dgmi_share *share = &c->shares[side];
    dgmi_crossing by = { &c->ladder.beat, c->by, true, true };
    dgm_status status = dgmi_cross_count(&own->s.matcher, joined(c, &own->s, &both->s),
                                         &by, &share->found);
    by.stories = by.ids = false;
    if (status == DGM_OK && (own->has_text || both->has_text))
        status = dgmi_cross_count(&own->bare.matcher, joined(c, &own->bare, &both->bare),
                                  &by, &share->of);
    else
        share->of = share->found;
    return status;
}

static uint64_t count_both(const dgmx_table *a, const dgmx_table *b)
{
    uint64_t n = 0;
    for (size_t i = 0; i < a->n_ids && i < b->n_ids; i++)
        n += (uint64_t)__builtin_popcountll(a->ids[i] & b->ids[i]);
    return n;
}

/* ---- Who spoke, and who did not ---- */

static int compare_rows(const void *a, const void *b)
{
    const dgmx_row *const *x = a, *const *y = b;
    if (((*x)->first_id == 0) != ((*y)->first_id == 0))
        return (*x)->first_id == 0 ? 1 : -1;
    int order = memcmp((*x)->first, (*y)->first, sizeof(*x)->first);
    return order != 0 ? order : strcmp((*x)->label, (*y)->label);
}

static dgm_status fill_voice(comparing *c, int side, const dgmx_row *row, int64_t begin,
                             dgm_voice *out)
{
    const dgmx_table *of = c->shares[side].of;
    *out = (dgm_voice){ .value = dgmi_arena_dup(c->arena, row->label),
                        .items = row->documents,
                        .of = of->rows[dgmi_row_of(of, row->label)].documents,
                        .stories = row->groups,
                        .last = DGM_NO_TIME,
                        .lag = DGM_NO_TIME };
    if (!out->value)
        return dgmi_fail_memory(c->err);
    if (row->first_id != 0) {
        out->last = dgmi_cross_time(row->last);
        out->lag = dgmi_cross_time(row->first) - begin;
    }
    return dgmi_said_read(&c->parts[side].s, row->first_id, &out->first);
}

static dgm_status fill_voices(comparing *c, int side, dgm_side *out)
{
    const dgmx_table *t = c->shares[side].found;
    size_t n = t->n_rows - 1, most = c->form->trends.series;
    const dgmx_row **rows = dgmi_arena_array(c->scratch, n + 1, sizeof *rows);
    most = most > 0 ? most : DGMI_SERIES;
    dgm_voice *voices = dgmi_arena_array(c->arena, most, sizeof *voices);
    dgm_status status = DGM_OK;
    if (!rows || !voices)
        return dgmi_fail_memory(c->err);
    for (size_t i = 0; i < n; i++)
        rows[i] = &t->rows[i + 1];
    if (n > 0)
        qsort(rows, n, sizeof *rows, compare_rows);
    for (size_t i = 0; i < n && i < most && status == DGM_OK; i++, out->n_voices++)
        status =
            fill_voice(c, side, rows[i], dgmi_cross_time(rows[0]->first), &voices[i]);
    out->voices = voices;
    out->values = n;
    out->without = t->without;
    return status;
}

static int compare_labels(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Whether somebody of this label spoke: by the label, or by one that differs in spelling
 * alone. */
static bool has_spoken(const dgmx_table *found, const char *const *labels,
                       const char *label)
{
    size_t n = found->n_rows - 1;
    return (n > 0 && bsearch(&label, labels, n, sizeof *labels, compare_labels)) ||
           dgmi_row_of(found, label) > 0;
}

static dgm_status fill_silent(comparing *c, int side, dgm_side *out)
{
    const dgmi_share *share = &c->shares[side];
    size_t n = share->found->n_rows - 1, most = c->form->trends.series;
    const char **labels = dgmi_arena_array(c->scratch, n + 1, sizeof *labels);
    most = most > 0 ? most : DGMI_SERIES;
    dgm_silent *list = dgmi_arena_array(c->arena, most, sizeof *list);
    if (!labels || !list)
        return dgmi_fail_memory(c->err);
    for (size_t i = 0; i < n; i++)
        labels[i] = share->found->rows[i + 1].label;
    if (n > 0)
        qsort(labels, n, sizeof *labels, compare_labels);
    for (size_t i = 1; share->of != share->found && i < share->of->n_rows; i++) {
        const dgmx_row *row = &share->of->rows[i];
        if (has_spoken(share->found, labels, row->label))
            continue;
        out->silent_values++;
        if (out->n_silent == most)
            continue;
        list[out->n_silent++] =
            (dgm_silent){ .value = dgmi_arena_dup(c->arena, row->label),
                          .of = row->documents,
                          .last =
                              row->last_id ? dgmi_cross_time(row->last) : DGM_NO_TIME };
        if (!list[out->n_silent - 1].value)
            return dgmi_fail_memory(c->err);
    }
    out->silent = list;
    return DGM_OK;
}

static dgm_status fill_side(comparing *c, int side, dgm_side *out)
{
    const dgmi_search *s = &c->parts[side].s;
    dgm_status status = dgmi_series_make(s, &c->ladder, &c->shares[side], 0, &out->all);
    if (status == DGM_OK)
        status = fill_voices(c, side, out);
    return status == DGM_OK ? fill_silent(c, side, out) : status;
}

/* ---- The whole ---- */

static dgm_status fill_words(comparing *c, dgm_comparison *out)
{
    dgmi_contrast_side sides[2];
    dgm_side *into[] = { &out->a, &out->b };
    unsigned most = c->form->words > 0 ? c->form->words : WORDS;
    for (int i = 0; i < 2; i++)
        sides[i] = (dgmi_contrast_side){ .s = &c->parts[i].s,
                                         .ids = c->shares[i].found,
                                         .items = c->shares[i].found->rows[0].documents };
    dgm_status status = dgmi_contrast(sides, &c->parts[BOTH].s, most, &out->words_exact);
    for (int i = 0; i < 2; i++) {
        into[i]->words = sides[i].words;
        into[i]->n_words = sides[i].n_words;
        into[i]->names = sides[i].names;
        into[i]->n_names = sides[i].n_names;
        into[i]->looked_at = sides[i].looked_at;
    }
    return status;
}

static int64_t first_of(const comparing *c, int side)
{
    return dgmi_cross_time(c->shares[side].found->rows[0].first);
}

static dgm_status compare_index(comparing *c, dgm_comparison *out)
{
    const dgmi_share *shares[] = { &c->shares[A], &c->shares[B] };
    if (c->form->trends.interval == 0)
        c->ladder.beat.interval =
            dgmi_ladder_choose(&c->ladder, &c->parts[A].s.desk->lore);
    dgm_status status = count_side(c, A);
    if (status == DGM_OK)
        status = count_side(c, B);
    if (status == DGM_OK)
        status = dgmi_ladder_lay(&c->ladder, shares, 2, c->scratch, c->err);
    if (status == DGM_OK)
        status = fill_side(c, A, &out->a);
    if (status == DGM_OK)
        status = fill_side(c, B, &out->b);
    if (status == DGM_OK)
        status = fill_words(c, out);
    if (status != DGM_OK)
        return status;
    out->n_points = c->ladder.n;
    out->both = count_both(c->shares[A].found, c->shares[B].found);
    if (out->a.all.first.id && out->b.all.first.id)
        out->lag = first_of(c, B) - first_of(c, A);
    return DGM_OK;
}

/* The common part is asked for each side, and warns of the same twice. */
static bool is_told(const char *const *list, size_t n, const char *warning)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], warning) == 0)
            return true;
    }
    return false;
}

static dgm_status describe(comparing *c, dgm_comparison *out)
{
    const char **warnings = NULL;
    dgm_page pages[PARTS] = { { .n_hits = 0 } };
    dgm_status status = DGM_OK;
    size_t n = 0;
    for (int i = 0; i < PARTS && status == DGM_OK; i++) {
        status = dgmi_search_describe(&c->parts[i].s, &pages[i]);
        n += pages[i].n_warnings;
    }
    warnings = dgmi_arena_array(c->arena, n + 1, sizeof(char *));
    if (status != DGM_OK || !warnings)
        return status == DGM_OK ? dgmi_fail_memory(c->err) : status;
    for (int i = 0; i < PARTS; i++)
        for (size_t k = 0; k < pages[i].n_warnings; k++)
            if (!is_told(warnings, out->n_warnings, pages[i].warnings[k]))
                warnings[out->n_warnings++] = pages[i].warnings[k];
    out->warnings = warnings;
    out->query_text = pages[BOTH].query_text;
    out->query_parsed = pages[BOTH].query_parsed;
    out->a.query_text = pages[A].query_text;
    out->a.query_parsed = pages[A].query_parsed;
    out->b.query_text = pages[B].query_text;
    out->b.query_parsed = pages[B].query_parsed;
    out->revision = pages[BOTH].revision;
    out->interval = dgmi_interval_names[c->ladder.beat.interval + 1];
    out->by = c->by;
    out->shift = c->form->trends.shift;
    return DGM_OK;
}

/* The time that a side and the common part leave; DGM_NO_TIME is open. */
static int64_t later(int64_t a, int64_t b)
{
    return a == DGM_NO_TIME ? b : b == DGM_NO_TIME || a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a == DGM_NO_TIME ? b : b == DGM_NO_TIME || a < b ? a : b;
}

/* The period that holds those of both sides. */
static void begin(comparing *c)
{
    const dgm_request *const *r = c->requests;
    const dgm_trends_form *form = &c->form->trends;
    int interval = form->interval > 0 ? form->interval - 1 : DGMI_DAY;
    int64_t from[2], to[2];
    for (int i = 0; i < 2; i++) {
        from[i] = later(r[i]->from, r[BOTH]->from);
        to[i] = earlier(r[i]->before, r[BOTH]->before);
    }
    bool open = from[A] == DGM_NO_TIME || from[B] == DGM_NO_TIME;
    c->ladder = (dgmi_ladder){ .beat = { (dgmi_interval)interval, form->shift * 60 } };
    c->ladder.from = open ? DGM_NO_TIME : earlier(from[A], from[B]);
    open = to[A] == DGM_NO_TIME || to[B] == DGM_NO_TIME;
    c->ladder.to = open ? DGM_NO_TIME : later(to[A], to[B]);
    c->by = dgmi_by_names[form->by > 0 ? form->by : SOURCE];
}

/* Whose query is at fault, where one is. */
static dgm_status ask_part(comparing *c, int i)
{
    static const char *const names[] = { "a.q: ", "b.q: ", "", "" };
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = dgmi_question_ask(&c->parts[i], c->desk, &c->asked[i], c->arena,
                                          c->scratch, c->deadline_us, &inner);
    const char *name = status == DGM_E_QUERY ? names[i] : "";
    c->parts[i].s.err = c->parts[i].bare.err = c->err;
    c->parts[i].s.matcher.err = c->parts[i].bare.matcher.err = c->err;
    if (status == DGM_OK)
        return status;
    return inner.offset >= 0 ? dgmi_fail_at(c->err, status, (size_t)inner.offset, "%s%s",
                                            name, inner.text)
                             : dgmi_fail(c->err, status, "%s%s", name, inner.text);
}

/* The moment of both is that of a side that names none. */
static void set_moments(comparing *c)
{
    for (int side = A; side <= B; side++) {
        dgm_request *own = &c->asked[side], *both = &c->asked[BOTH + side];
        *own = *c->requests[side];
        *both = *c->requests[BOTH];
        if (own->as_of.kind == DGMI_ASOF_NONE)
            own->as_of = both->as_of;
        both->as_of = own->as_of;
    }
}

static dgm_status ask(comparing *c)
{
    set_moments(c);
    dgm_status status = dgmi_index_refresh(c->desk->index, NULL, c->err);
    for (int i = 0; i < PARTS && status == DGM_OK; i++)
        status = ask_part(c, i);
    return status;
}

static dgm_status attempt(void *user, dgm_error *err)
{
    comparing *c = user;
    c->err = err;
    c->scratch = dgmi_arena_new(DGMI_ANSWER_MAX);
    c->arena = dgmi_arena_new(DGMI_ANSWER_MAX);
    answer *made = c->arena ? dgmi_arena_alloc(c->arena, sizeof *made) : NULL;
    dgm_status status;
    begin(c);
    if (!made || !c->scratch) {
        status = dgmi_fail_memory(err);
        goto out;
    }
    status = ask(c);
    made->comparison.lag = DGM_NO_TIME;
    if (status == DGM_OK && c->desk->index->db)
        status = compare_index(c, &made->comparison);
    if (status == DGM_OK)
        status = describe(c, &made->comparison);
    for (int i = 0; i < 2; i++)
        dgmi_share_clear(&c->shares[i]);
    for (int i = 0; i < PARTS; i++)
        dgmi_question_clear(&c->parts[i]);
    if (status == DGM_OK) {
        made->arena = c->arena;
        *c->out = &made->comparison;
        c->arena = NULL;
    }
out:
    dgmi_arena_free(c->arena);
    dgmi_arena_free(c->scratch);
    return status;
}

dgm_status dgm_compare(dgm *desk, const dgm_request *common, const dgm_request *a,
                       const dgm_request *b, const dgm_compare_form *form,
                       dgm_comparison **out, dgm_error *err)
{
    uint64_t begin_us = dgmi_now_us();
    comparing c = {
        .desk = desk, .requests = { a, b, common }, .form = form, .out = out
    };
    if (!desk || !common || !a || !b || !out || !form ||
        !dgmi_form_is_good(&form->trends) || form->words > DGMI_WORDS_MOST)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, three requests, a form and a place are needed");
    *out = NULL;
    unsigned ms = common->deadline_ms > 0 ? common->deadline_ms : DGMI_DEADLINE_MOST_MS;
    c.deadline_us = begin_us + ms * 1000ull;
    dgm_status status = dgmi_question_try(attempt, &c, err);
    if (*out)
        (*out)->took_ms = (double)(dgmi_now_us() - begin_us) / 1000.0;
    return status;
}
