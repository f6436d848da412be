/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hits by time, newest or oldest first. Depends on lib/index, lib/xapian.
 *
 * Sorting all matches by a value would cost most where there are most. So the clause is
 * first run within the months next to where the page begins, as many as should hold a
 * page of matches, then within more, or within years, and over everything only in the
 * end. A grouped page cannot begin in the middle (match.c): its windows are the first
 * ones. */
#include <string.h>

#include "fail.h"
#include "match.h"

enum {
    SPANS = 48, /* terms of one window; a wider one is not worth having */
    MARGIN = 4, /* items to look into for each expected match */
    GROWTH = 6
};

static bool is_oldest_first(const dgmi_matcher *m)
{
    return m->sort == DGMI_OLDEST;
}

static bool is_undated(const char order[DGMI_ORDER_SIZE])
{
    static const char zeros[6];
    return memcmp(order, zeros, sizeof zeros) == 0;
}

/* ---- Windows of months, or of years where months would be too many ---- */

typedef struct window {
    const dgmi_span *spans; /* of the lore: months or years */
    size_t n_spans;
    bool years;
    size_t first, n; /* counted from the side that comes first */
    uint64_t items;
} window;

static const dgmi_span *span_at(const dgmi_matcher *m, const window *w, size_t i)
{
    return &w->spans[is_oldest_first(m) ? i : w->n_spans - 1 - i];
}

/* The span in which the page begins. */
static size_t first_span(const dgmi_matcher *m, const window *w)
{
    int64_t time = DGM_NO_TIME;
    if (!m->after || m->grouped)
        return 0;
    if (!dgmi_schema_time_read(m->after->order, 6, &time) || time == DGM_NO_TIME)
        return w->n_spans; /* among the undated, behind all */
    for (size_t i = 0; i < w->n_spans; i++) {
        const dgmi_span *span = span_at(m, w, i);
        if (is_oldest_first(m) ? time < span->to : time >= span->from)
            return i;
    }
    return w->n_spans;
}

static window window_of(const dgmi_matcher *m, bool years)
{
    const dgmi_lore *lore = m->lore;
    window w = { .spans = years ? lore->years : lore->months,
                 .n_spans = years ? lore->n_years : lore->n_months,
                 .years = years };
    w.first = first_span(m, &w);
    return w;
}

/* As many spans from the first on as hold `items`. False if that is no saving. */
static bool widen(const dgmi_matcher *m, window *w, uint64_t items)
{
    while (w->first + w->n < w->n_spans && w->items < items) {
        if (w->n == SPANS && w->years)
            return false;
        if (w->n == SPANS)
            *w = window_of(m, true);
        w->items += span_at(m, w, w->first + w->n++)->items;
    }
    return w->n > 0 && w->items <= m->index->documents / 2;
}

static dgmi_clause *within(const dgmi_matcher *m, dgmi_clause *clause, const window *w)
{
    dgmi_clause *spans[SPANS];
    for (size_t i = 0; i < w->n; i++) {
        char year[12], month[12], day[12];
        const dgmi_span *span = span_at(m, w, w->first + i);
        dgmi_schema_dates(span->from, year, month, day);
        spans[i] =
            dgmi_clause_term(m->arena, dgmi_str_of(w->years ? year : month), span->items);
    }
    return dgmi_clause_pair(m->arena, DGMI_CLAUSE_FILTER, clause,
                            dgmi_clause_join(m->arena, DGMI_CLAUSE_OR, spans, w->n));
}

/* ---- Stages ---- */

/* What lies before the page need not be sorted again: the clause is cut at the last key.
 */
static dgmi_clause *from_last(const dgmi_matcher *m, dgmi_clause *clause)
{
    dgmi_str none = { NULL, 0 };
    if (!m->after || m->grouped)
        return clause;
    dgmi_str key = { m->after->order, DGMI_ORDER_SIZE };
    dgmi_clause *range = is_oldest_first(m)
                             ? dgmi_clause_range(m->arena, DGMI_SLOT_ORDER, key, none)
                             : dgmi_clause_range(m->arena, DGMI_SLOT_ORDER, none, key);
    return dgmi_clause_pair(m->arena, DGMI_CLAUSE_FILTER, clause, range);
}

static dgmi_clause *dated_only(const dgmi_matcher *m, dgmi_clause *clause, bool dated)
{
    static const char least[DGMI_ORDER_SIZE] = { 0, 0, 0, 0, 0, 1 };
    char greatest[DGMI_ORDER_SIZE];
    dgmi_str none = { NULL, 0 }, low = { least, sizeof least };
    memset(greatest, 0, 6);
    memset(greatest + 6, 0xff, sizeof greatest - 6);
    dgmi_str high = { greatest, sizeof greatest };
    return dgmi_clause_pair(m->arena, DGMI_CLAUSE_FILTER, clause,
                            dgmi_clause_range(m->arena, DGMI_SLOT_ORDER,
                                              dated ? low : none, dated ? none : high));
}

static dgm_status collect(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                          dgmi_ranked *out, uint32_t *n, int64_t *total)
{
    dgmi_run run = { .order = DGMX_BY_VALUE,
                     .descending = !is_oldest_first(m),
                     .hits = m->grouped ? m->shown
                             : m->after ? 1u
                                        : 0u };
    if (!clause)
        return dgmi_fail_memory(m->err);
    return dgmi_match_collect(m, clause, run, want, out, n, total);
}

static bool is_cut(const dgmi_matcher *m)
{
    return m->partial && *m->partial;
}

/* Windows, each GROWTH times as large as the one before, until one fills the page. */
static dgm_status by_windows(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                             dgmi_ranked *out, uint32_t *n)
{
    double share = (double)clause->most / (m->index->documents + 1.0);
    double hits = want + (m->grouped ? m->shown : 0);
    double items = MARGIN * hits / (share > 1 ? 1 : share + 1e-9);
    window w = window_of(m, false);
    dgm_status status = DGM_OK;
    *n = 0;
    while (status == DGM_OK && *n < want && !is_cut(m) && items < m->index->documents &&
           widen(m, &w, (uint64_t)items)) {
        int64_t unused;
        status = collect(m, within(m, from_last(m, clause), &w), want, out, n, &unused);
        items *= GROWTH;
    }
    return status;
}

/* A story with a dated match stands among the dated ones. */
static bool add_elsewhere(dgmi_matcher *m, dgmi_clause *clause)
{
    m->elsewhere = m->elsewhere
                       ? dgmi_clause_pair(m->arena, DGMI_CLAUSE_OR, m->elsewhere, clause)
                       : clause;
    return m->elsewhere != NULL;
}

/* Oldest first, undated items follow the dated ones, though their values are the least.
 */
static dgm_status oldest_first(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                               dgmi_ranked *out, uint32_t *n)
{
    int64_t unused;
    dgm_status status = DGM_OK;
    bool past_dated = m->after && is_undated(m->after->order);
    dgmi_matcher rest = *m;
    dgmi_clause *dated = dated_only(m, from_last(m, clause), true);
    *n = 0;
    if (!past_dated)
        status = collect(m, dated, want, out, n, &unused);
    if (status != DGM_OK || *n == want || is_cut(m))
        return status;
    uint32_t more = 0;
    if (m->grouped && !add_elsewhere(&rest, dated))
        return dgmi_fail_memory(m->err);
    rest.after = past_dated ? m->after : NULL;
    status = collect(&rest, dated_only(&rest, from_last(&rest, clause), false), want - *n,
                     out + *n, &more, &unused);
    *n += more;
    return status;
}

dgm_status dgmi_match_by_time(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                              dgmi_ranked *out, uint32_t *n, int64_t *total)
{
    dgm_status status = by_windows(m, clause, want, out, n);
    if (status != DGM_OK || *n == want || is_cut(m))
        return status;
    if (is_oldest_first(m) && m->lore->undated > 0)
        return oldest_first(m, clause, want, out, n);
    int64_t all = -1;
    status = collect(m, from_last(m, clause), want, out, n, &all);
    if (!m->after && all >= 0)
        *total = all;
    return status;
}
