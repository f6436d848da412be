/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From tables of counts to series. Depends on cross.h. */
#include "series.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "fold.h"

enum { DAY = 86400 };

void dgmi_share_clear(dgmi_share *share)
{
    if (share->of != share->found)
        free(share->of);
    free(share->found);
    *share = (dgmi_share){ NULL, NULL };
}

bool dgmi_form_is_good(const dgm_trends_form *form)
{
    return form && form->interval >= 0 && form->interval < DGMI_INTERVALS &&
           form->by >= 0 && form->by < DGMI_BYS && form->series <= DGMI_SERIES_MOST &&
           abs(form->shift) <= 15 * 60;
}

/* ---- Which intervals ---- */

/* Whether few months of the period have items: of yearly debates, say. */
static bool is_sparse(const dgmi_lore *lore, int64_t from, int64_t to)
{
    int64_t with = 0;
    for (size_t i = 0; i < lore->n_months; i++)
        with += lore->months[i].from >= from && lore->months[i].from < to;
    return with * 4 * 31 * DAY < to - from;
}

/* About a hundred intervals, and no fewer than some ten. */
dgmi_interval dgmi_ladder_choose(const dgmi_ladder *ladder, const dgmi_lore *lore)
{
    size_t n = lore->n_months;
    int64_t from = ladder->from != DGM_NO_TIME ? ladder->from
                   : n > 0                     ? lore->months[0].from
                                               : 0;
    int64_t to = ladder->to != DGM_NO_TIME ? ladder->to
                 : n > 0                   ? lore->months[n - 1].to
                                           : 0;
    int64_t days = (to - from) / DAY;
    if (days > 2 * 366 && is_sparse(lore, from, to))
        return DGMI_YEAR;
    if (days <= 4)
        return DGMI_HOUR;
    if (days <= 130)
        return DGMI_DAY;
    if (days <= 2 * 366)
        return DGMI_WEEK;
    return days <= 15 * 366 ? DGMI_MONTH : DGMI_YEAR;
}

/* The first and the last interval that has items of the table; false if none has. */
static bool reach_of(const dgmx_table *t, int64_t *first, int64_t *last)
{
    size_t n = 0;
    while (n < t->n_cells && t->cells[n].row == 0)
        n++;
    if (n == 0)
        return false;
    *first = t->cells[0].bucket;
    *last = t->cells[n - 1].bucket;
    return true;
}

/* From the period, where it is open from the items; false if there is nothing to lay. */
static bool bounds_of(const dgmi_ladder *l, const dgmi_share *const *shares, size_t n,
                      int64_t *from, int64_t *to)
{
    bool any = false;
    int64_t least = 0, greatest = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t first, last;
        if (!reach_of(shares[i]->of, &first, &last))
            continue;
        least = !any || first < least ? first : least;
        greatest = !any || last > greatest ? last : greatest;
        any = true;
    }
    bool open = l->from == DGM_NO_TIME || l->to == DGM_NO_TIME;
    *from = l->from != DGM_NO_TIME ? dgmi_beat_start(&l->beat, l->from) : least;
    *to = l->to != DGM_NO_TIME ? l->to : dgmi_beat_next(&l->beat, greatest);
    return any || !open;
}

dgm_status dgmi_ladder_lay(dgmi_ladder *ladder, const dgmi_share *const *shares, size_t n,
                           dgmi_arena *arena, dgm_error *err)
{
    int64_t from, to;
    ladder->n = 0;
    ladder->starts = dgmi_arena_array(arena, DGMI_POINTS_MOST, sizeof *ladder->starts);
    if (!ladder->starts)
        return dgmi_fail_memory(err);
    if (!bounds_of(ladder, shares, n, &from, &to))
        return DGM_OK;
    for (int64_t at = from; at < to; at = dgmi_beat_next(&ladder->beat, at)) {
        if (ladder->n == DGMI_POINTS_MOST)
            return dgmi_fail(err, DGM_E_ARG,
                             "interval: more than %d intervals of one %s; take a longer "
                             "one, or a shorter period with from and to",
                             DGMI_POINTS_MOST,
                             dgmi_interval_names[ladder->beat.interval + 1]);
        ladder->starts[ladder->n++] = at;
    }
    return DGM_OK;
}

/* ---- From tables to points ---- */

static dgm_trend *point_at(const dgmi_ladder *l, dgm_trend *points, int64_t bucket)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->starts[middle] < bucket)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->n && l->starts[low] == bucket ? &points[low] : NULL;
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

static dgm_trend *make_points(const dgmi_search *s, const dgmi_ladder *l,
                              const dgmi_share *share, uint32_t row, uint32_t of_row)
{
    dgm_trend *points = dgmi_arena_array(s->arena, l->n + 1, sizeof *points);
    size_t n;
    for (size_t i = 0; points && i < l->n; i++)
        points[i].from = l->starts[i];
    const dgmx_cell *cells = cells_of(share->found, row, &n);
    for (size_t i = 0; points && i < n; i++) {
        dgm_trend *p = point_at(l, points, cells[i].bucket);
        if (p) {
            p->items = cells[i].documents;
            p->stories = cells[i].groups;
        }
    }
    cells = cells_of(share->of, of_row, &n);
    for (size_t i = 0; points && i < n; i++) {
        dgm_trend *p = point_at(l, points, cells[i].bucket);
        if (p)
            p->of = cells[i].documents;
    }
    return points;
}

bool dgmi_is_same_label(const char *a, const char *b)
{
    dgmi_buf key, other;
    if (strcmp(a, b) == 0)
        return true;
    dgmi_buf_init(&key, 0);
    dgmi_buf_init(&other, 0);
    dgmi_fold_key(&key, a, strlen(a));
    dgmi_fold_key(&other, b, strlen(b));
    bool same = key.n > 0 && key.n == other.n && memcmp(key.p, other.p, key.n) == 0;
    dgmi_buf_clear(&key);
    dgmi_buf_clear(&other);
    return same;
}

/* Labels of one class differ in spelling alone. */
uint32_t dgmi_row_of(const dgmx_table *in, const char *label)
{
    dgmi_buf key, other;
    uint32_t row = 0;
    dgmi_buf_init(&key, 0);
    dgmi_buf_init(&other, 0);
    dgmi_fold_key(&key, label, strlen(label));
    for (uint32_t i = 1; i < in->n_rows && row == 0; i++) {
        const char *text = in->rows[i].label;
        dgmi_buf_reset(&other);
        bool same = strcmp(text, label) == 0;
        if (!same)
            dgmi_fold_key(&other, text, strlen(text));
        if (same || (other.n == key.n && memcmp(other.p, key.p, key.n) == 0))
            row = i;
    }
    dgmi_buf_clear(&key);
    dgmi_buf_clear(&other);
    return row;
}

dgm_status dgmi_series_make(const dgmi_search *s, const dgmi_ladder *ladder,
                            const dgmi_share *share, uint32_t row, dgm_series *out)
{
    const dgmx_row *found = &share->found->rows[row];
    uint32_t of_row = row == 0                    ? 0
                      : share->of == share->found ? row
                                                  : dgmi_row_of(share->of, found->label);
    const dgmx_row *of = &share->of->rows[of_row];
    *out = (dgm_series){ .items = found->documents,
                         .of = of->documents,
                         .stories = found->groups,
                         .undated = found->undated,
                         .undated_of = of->undated };
    if (row > 0)
        out->value = dgmi_arena_dup(s->arena, found->label);
    out->points = make_points(s, ladder, share, row, of_row);
    if ((row > 0 && !out->value) || !out->points)
        return dgmi_fail_memory(s->err);
    dgm_status status = dgmi_said_read(s, found->first_id, &out->first);
    return status == DGM_OK ? dgmi_said_read(s, found->last_id, &out->last) : status;
}
