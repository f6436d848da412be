/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches over time beside all items over time. Depends on lib/index, lib/xapian. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cross.h"
#include "fail.h"
#include "fold.h"

enum {
    ARENA_MAX = 64 << 20,
    POINTS = 5000,    /* of a series */
    NUMBERS = 100000, /* points of all series */
    SERIES = 10,
    SERIES_MOST = 50,
    DAY = 86400
};

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
    dgmi_search s, bare; /* the question, and its filters alone */
    dgm_request filters;
    const dgm_trends_form *form;
    dgmi_beat beat;
    const char *by;
    dgmx_table *found, *of; /* of may be found itself */
    int64_t *starts;        /* of the intervals, and the end of the last one */
    size_t n;
} counting;

/* ---- Which intervals ---- */

static void period_of(const counting *c, int64_t *from, int64_t *to)
{
    const dgm_request *r = c->s.request;
    const dgmi_lore *lore = &c->s.desk->lore;
    size_t n = lore->n_months;
    *from = r->from != DGM_NO_TIME ? r->from : n > 0 ? lore->months[0].from : 0;
    *to = r->before != DGM_NO_TIME ? r->before : n > 0 ? lore->months[n - 1].to : 0;
}

/* Whether few months of the period have items: of yearly debates, say. */
static bool is_sparse(const counting *c, int64_t from, int64_t to)
{
    const dgmi_lore *lore = &c->s.desk->lore;
    int64_t with = 0;
    for (size_t i = 0; i < lore->n_months; i++)
        with += lore->months[i].from >= from && lore->months[i].from < to;
    return with * 4 * 31 * DAY < to - from;
}

/* About a hundred intervals, and no fewer than some ten. */
static dgmi_interval choose_interval(const counting *c)
{
    int64_t from, to;
    period_of(c, &from, &to);
    int64_t days = (to - from) / DAY;
    if (days > 2 * 366 && is_sparse(c, from, to))
        return DGMI_YEAR;
    if (days <= 4)
        return DGMI_HOUR;
    if (days <= 130)
        return DGMI_DAY;
    if (days <= 2 * 366)
        return DGMI_WEEK;
    return days <= 15 * 366 ? DGMI_MONTH : DGMI_YEAR;
}

static dgm_status fail_many(const counting *c)
{
    return dgmi_fail(
        c->s.err, DGM_E_ARG,
        "interval: more than %d intervals of one %s; take a longer one, or a "
        "shorter period with from and to",
        POINTS, dgmi_interval_names[c->beat.interval + 1]);
}

/* From `from` to `to`, or from the first to the last item that the filters leave. */
static dgm_status lay_intervals(counting *c)
{
    const dgm_request *r = c->s.request;
    const dgmx_table *of = c->of;
    size_t in_row = 0, n_cells = of ? of->n_cells : 0;
    while (in_row < n_cells && of->cells[in_row].row == 0)
        in_row++;
    bool any = in_row > 0;
    if ((r->from == DGM_NO_TIME || r->before == DGM_NO_TIME) && !any)
        return DGM_OK;
    int64_t from =
        r->from != DGM_NO_TIME ? dgmi_beat_start(&c->beat, r->from) : of->cells[0].bucket;
    int64_t to = r->before != DGM_NO_TIME
                     ? r->before
                     : dgmi_beat_next(&c->beat, of->cells[in_row - 1].bucket);
    c->starts = dgmi_arena_array(c->s.scratch, POINTS + 1, sizeof *c->starts);
    if (!c->starts)
        return dgmi_fail_memory(c->s.err);
    for (int64_t at = from; at < to; at = dgmi_beat_next(&c->beat, at)) {
        if (c->n == POINTS)
            return fail_many(c);
        c->starts[c->n++] = at;
    }
    return DGM_OK;
}

/* ---- From tables to points ---- */

static dgm_trend *point_at(const counting *c, dgm_trend *points, int64_t bucket)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->starts[middle] < bucket)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->n && c->starts[low] == bucket ? &points[low] : NULL;
}

/* The cells of a row, which stand together. */
static const dgmx_cell *cells_of(const dgmx_table *t, uint32_t row, size_t *n)
{
    size_t low = 0, high = t->n_cells;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->cells[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    for (*n = 0; low + *n < t->n_cells && t->cells[low + *n].row == row;)
        ++*n;
    return t->cells + low;
}

static dgm_status fill_points(counting *c, uint32_t row, uint32_t of_row, dgm_series *out)
{
    dgm_trend *points = dgmi_arena_array(c->s.arena, c->n + 1, sizeof *points);
    if (!points)
        return dgmi_fail_memory(c->s.err);
    for (size_t i = 0; i < c->n; i++)
        points[i].from = c->starts[i];
    size_t n;
    const dgmx_cell *cells = cells_of(c->found, row, &n);
    for (size_t i = 0; i < n; i++) {
        dgm_trend *p = point_at(c, points, cells[i].bucket);
        if (p) {
            p->items = cells[i].documents;
            p->stories = cells[i].groups;
        }
    }
    cells = cells_of(c->of, of_row, &n);
    for (size_t i = 0; i < n; i++) {
        dgm_trend *p = point_at(c, points, cells[i].bucket);
        if (p)
            p->of = cells[i].documents;
    }
    out->points = points;
    return DGM_OK;
}

static dgm_status fill_series(counting *c, uint32_t row, uint32_t of_row, dgm_series *out)
{
    const dgmx_row *found = &c->found->rows[row], *of = &c->of->rows[of_row];
    *out = (dgm_series){ .items = found->documents,
                         .of = of->documents,
                         .stories = found->groups,
                         .undated = found->undated,
                         .undated_of = of->undated };
    if (row > 0)
        out->value = dgmi_arena_dup(c->s.arena, found->label);
    if (row > 0 && !out->value)
        return dgmi_fail_memory(c->s.err);
    dgm_status status = dgmi_said_read(&c->s, found->first_id, &out->first);
    if (status == DGM_OK)
        status = dgmi_said_read(&c->s, found->last_id, &out->last);
    return status == DGM_OK ? fill_points(c, row, of_row, out) : status;
}

/* The row of the same class: labels of one class differ in spelling alone. */
static uint32_t row_of_label(const dgmx_table *t, const char *label)
{
    dgmi_buf key, other;
    uint32_t row = 0;
    dgmi_buf_init(&key, 0);
    dgmi_buf_init(&other, 0);
    dgmi_fold_key(&key, label, strlen(label));
    for (uint32_t i = 1; i < t->n_rows && row == 0; i++) {
        dgmi_buf_reset(&other);
        if (strcmp(t->rows[i].label, label) != 0)
            dgmi_fold_key(&other, t->rows[i].label, strlen(t->rows[i].label));
        if (other.n == 0 || (other.n == key.n && memcmp(other.p, key.p, key.n) == 0))
            row = i;
    }
    dgmi_buf_clear(&key);
    dgmi_buf_clear(&other);
    return row;
}

static dgm_status fill_parts(counting *c, dgm_trends *out)
{
    unsigned most = c->form->series > 0 ? c->form->series : SERIES;
    size_t rows = c->by ? c->found->n_rows - 1 : 0;
    size_t n = rows < most ? rows : most;
    dgm_series *list = dgmi_arena_array(c->s.arena, n + 1, sizeof *list);
    dgm_status status = DGM_OK;
    if (!list)
        return dgmi_fail_memory(c->s.err);
    if ((n + 1) * c->n > NUMBERS)
        return dgmi_fail(c->s.err, DGM_E_ARG,
                         "series: %zu of %zu intervals each are more than %d numbers", n,
                         c->n, NUMBERS);
    for (uint32_t i = 0; i < n && status == DGM_OK; i++)
        status = fill_series(c, i + 1, row_of_label(c->of, c->found->rows[i + 1].label),
                             &list[i]);
    out->series = list;
    out->n_series = n;
    out->values = rows;
    out->without = c->by ? c->found->without : 0;
    return status;
}

/* ---- Counting ---- */

static dgm_status count_table(const counting *c, dgmi_search *s, bool stories,
                              dgmx_table **out)
{
    if (!stories && dgmi_cross_has_terms(&s->matcher, s->plan.strict, &c->beat, c->by))
        return dgmi_cross_of_all(&s->matcher, &c->beat, out);
    return dgmi_cross_count(&s->matcher, s->plan.strict, &c->beat, c->by, stories, out);
}

static dgm_status count_both(counting *c)
{
    bool asks = (c->s.request->q && *c->s.request->q) || c->s.request->similar;
    dgm_status status = count_table(c, &c->s, true, &c->found);
    c->of = c->found;
    if (status == DGM_OK && asks) {
        c->of = NULL;
        status = count_table(c, &c->bare, false, &c->of);
    }
    return status;
}

static dgm_status count_index(counting *c, dgm_trends *out)
{
    c->beat.interval = c->form->interval > 0 ? (dgmi_interval)(c->form->interval - 1)
                                             : choose_interval(c);
    dgm_status status = count_both(c);
    if (status == DGM_OK && (!c->found || !c->of))
        status = dgmi_fail(c->s.err, DGM_E_INTERNAL, "nothing was counted");
    if (status == DGM_OK)
        status = lay_intervals(c);
    if (status == DGM_OK)
        status = fill_series(c, 0, 0, &out->all);
    if (status == DGM_OK)
        status = fill_parts(c, out);
    out->n_points = c->n;
    if (c->of != c->found)
        free(c->of);
    free(c->found);
    return status;
}

/* ---- Attempts ---- */

static dgm_status describe(counting *c, dgm_trends *out)
{
    dgm_page page = { .n_hits = 0 };
    dgm_status status = dgmi_search_describe(&c->s, &page);
    out->query_text = page.query_text;
    out->query_parsed = page.query_parsed;
    out->revision = page.revision;
    out->warnings = page.warnings;
    out->n_warnings = page.n_warnings;
    out->interval = dgmi_interval_names[c->beat.interval + 1];
    out->by = c->by;
    out->shift = c->form->shift;
    return status;
}

static dgm_status ask(counting *c, const dgmi_query *query, const dgmi_query *nothing,
                      uint64_t deadline_us)
{
    c->filters = dgmi_request_bare(c->s.request);
    c->bare = c->s;
    c->bare.request = &c->filters;
    c->s.query = query;
    c->bare.query = nothing;
    c->s.notes.arena = c->bare.notes.arena = c->s.arena;
    for (uint32_t i = 0; i < query->n_warnings; i++)
        dgmi_warn(&c->s.notes, "%s", query->warnings[i]);
    dgm_status status = dgmi_search_prepare(&c->s, deadline_us);
    return status == DGM_OK ? dgmi_search_prepare(&c->bare, deadline_us) : status;
}

static dgm_status attempt(dgm *desk, const dgm_request *request,
                          const dgm_trends_form *form, uint64_t deadline_us,
                          dgm_trends **out, dgm_error *err)
{
    dgm_request first_page = *request;
    counting c = { .s = { .desk = desk, .request = &first_page, .err = err },
                   .form = form };
    dgmi_query *query = NULL, *nothing = NULL;
    answer *made = NULL;
    first_page.cursor = NULL;
    c.by = dgmi_by_names[form->by];
    c.beat.shift = form->shift * 60;
    c.s.arena = dgmi_arena_new(ARENA_MAX);
    c.s.scratch = dgmi_arena_new(ARENA_MAX);
    dgm_status status = dgmi_index_refresh(desk->index, NULL, err);
    if (c.s.arena)
        made = dgmi_arena_alloc(c.s.arena, sizeof *made);
    if (!made || !c.s.scratch) {
        status = dgmi_fail_memory(err);
        goto out;
    }
    if (status == DGM_OK)
        status = dgmi_query_parse(request->q, request->literal, &query, err);
    if (status == DGM_OK)
        status = dgmi_query_parse(NULL, false, &nothing, err);
    if (status == DGM_OK && desk->index->db)
        status = ask(&c, query, nothing, deadline_us);
    if (status == DGM_OK && desk->index->db)
        status = count_index(&c, &made->trends);
    c.s.query = query;
    if (status == DGM_OK)
        status = describe(&c, &made->trends);
    if (status == DGM_OK) {
        made->arena = c.s.arena;
        *out = &made->trends;
        c.s.arena = NULL;
    }
out:
    dgmi_query_free(query);
    dgmi_query_free(nothing);
    dgmi_arena_free(c.s.arena);
    dgmi_arena_free(c.s.scratch);
    return status;
}

static bool is_form(const dgm_trends_form *form)
{
    return form && form->interval >= 0 && form->interval < DGMI_INTERVALS &&
           form->by >= 0 && form->by < DGMI_BYS && form->series <= SERIES_MOST &&
           abs(form->shift) <= 15 * 60;
}

dgm_status dgm_trends_count(dgm *desk, const dgm_request *request,
                            const dgm_trends_form *form, dgm_trends **out, dgm_error *err)
{
    uint64_t begin = dgmi_now_us();
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    if (!desk || !request || !is_form(form) || !out)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, a request, a form and a place are needed");
    *out = NULL;
    unsigned ms = request->deadline_ms > 0 ? request->deadline_ms : DGMI_DEADLINE_MOST_MS;
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = attempt(desk, request, form, begin + ms * 1000ull, out, &inner);
    }
    if (*out)
        (*out)->took_ms = (double)(dgmi_now_us() - begin) / 1000.0;
    if (status == DGM_OK)
        return status;
    return inner.offset >= 0
               ? dgmi_fail_at(err, status, (size_t)inner.offset, "%s", inner.text)
               : dgmi_fail(err, status, "%s", inner.text);
}
