/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sources are silent for longer than is their habit. Depends on lib/index.
 *
 * Habits are learned by one pass over the items of some months and kept for an hour:
 * silence is a matter of days. What may change within it is that a silent source speaks,
 * and then the number of its items is another one, which a look into the index tells. */
#include "silence.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cross.h"
#include "fail.h"
#include "fold.h"
#include "question.h"
#include "series.h"

enum { DAY = 86400, HOUR = 3600, FIELDS = 3, ARENA_MAX = 16 << 20 };

static const char *const label_fields[FIELDS] = { "region", "country", "language" };

void dgmi_silence_clear(dgmi_silence *silence)
{
    dgmi_arena_free(silence->arena);
    *silence = (dgmi_silence){ .arena = NULL };
}

/* ---- The window ---- */

static int64_t days_before(int64_t time, int days)
{
    return dgmi_interval_start(DGMI_DAY, time) - (int64_t)days * DAY;
}

/* When the archive ends: now, or with its last month if that is long ago. */
static int64_t end_of(const dgmi_lore *lore, int64_t now)
{
    size_t n = lore->n_months;
    while (n > 0 && lore->months[n - 1].from > now)
        n--;
    if (n == 0)
        return now;
    int64_t end = lore->months[n - 1].to - 1;
    return end < days_before(now, DGMI_SILENCE_LIVE) ? end : now;
}

static int64_t begin_of(const dgmi_lore *lore, int64_t end)
{
    uint64_t items = 0;
    int64_t begin = days_before(end, DGMI_SILENCE_WINDOW);
    int64_t least = days_before(end, 35);
    for (size_t i = lore->n_months; i > 0; i--) {
        const dgmi_span *month = &lore->months[i - 1];
        if (month->from > end)
            continue;
        items += month->items;
        if (month->from <= begin || items > DGMI_SILENCE_ITEMS)
            return month->from < begin   ? begin
                   : month->from < least ? month->from
                                         : least;
    }
    return begin;
}

/* ---- Learning ---- */

typedef struct learner {
    dgm *desk;
    dgmi_silence *out;
    dgmi_arena *scratch;
    dgmi_question question;
    dgmx_table *table;
    int64_t end;
    uint64_t deadline_us;
    dgm_error *err;
} learner;

static dgm_status count_window(learner *l)
{
    dgm_request *window = dgm_request_new();
    dgmi_beat beat = { DGMI_DAY, 0 };
    dgmi_crossing by = { &beat, "source", false, false };
    if (!window)
        return dgmi_fail_memory(l->err);
    window->from = begin_of(&l->desk->lore, l->end);
    window->before = dgmi_interval_start(DGMI_DAY, l->end) + DAY;
    dgm_status status = dgmi_question_ask(&l->question, l->desk, window, l->scratch,
                                          l->scratch, l->deadline_us, l->err);
    if (status == DGM_OK)
        status = dgmi_cross_count(&l->question.s.matcher, l->question.s.plan.strict, &by,
                                  &l->table);
    dgm_request_free(window);
    return status;
}

static int64_t clock_of(const learner *l, int64_t now)
{
    const dgmx_row *all = &l->table->rows[0];
    int64_t newest = all->last_id ? dgmi_cross_time(all->last) : DGM_NO_TIME;
    if (newest == DGM_NO_TIME || newest >= now - (int64_t)DGMI_SILENCE_LIVE * DAY)
        return now;
    return newest;
}

static dgm_status find_frequency(const learner *l, const char *name, uint32_t *out)
{
    const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of("source"));
    dgmi_buf key, term;
    dgmi_buf_init(&key, 0);
    dgmi_buf_init(&term, 0);
    dgmi_fold_key(&key, name, strlen(name));
    dgmi_schema_exact(&term, f->prefix, key.n > 0 ? key.p : "", key.n);
    dgm_status status =
        term.failed ? dgmi_fail_memory(l->err)
                    : dgmx_db_term_freq(l->desk->index->db, term.p, term.n, out, l->err);
    dgmi_buf_clear(&key);
    dgmi_buf_clear(&term);
    return status;
}

static dgm_status read_labels(const learner *l, dgmx_docid id, dgmi_source *source)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes value;
    dgm_status status = dgmx_doc_get(l->desk->index->db, id, &doc, l->err);
    for (int i = 0; i < FIELDS && status == DGM_OK; i++) {
        const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of(label_fields[i]));
        status = dgmx_doc_value(doc, (uint32_t)f->slot, &value, l->err);
        if (status == DGM_OK)
            source->labels[i] =
                dgmi_arena_str(l->out->arena, (dgmi_str){ value.p, value.n });
    }
    dgmx_doc_free(doc);
    return status;
}

/* The days of a row; cells stand by row, then by day. */
static size_t read_days(const dgmx_table *t, uint32_t row, size_t *at, dgmi_day *days)
{
    size_t n = 0;
    while (*at < t->n_cells && t->cells[*at].row < row)
        ++*at;
    for (; *at < t->n_cells && t->cells[*at].row == row; ++*at)
        days[n++] =
            (dgmi_day){ (int32_t)(t->cells[*at].bucket / DAY), t->cells[*at].documents };
    return n;
}

static double weight_of(const dgmi_source *s)
{
    return s->habit.state == DGM_SOURCE_SILENT
               ? (double)s->habit.per_day * s->habit.missed
               : -1;
}

static int compare_sources(const void *a, const void *b)
{
    const dgmi_source *x = a, *y = b;
    double left = weight_of(x), right = weight_of(y);
    if (left != right)
        return left > right ? -1 : 1;
    return strcmp(x->name, y->name);
}

static dgm_status learn_row(learner *l, uint32_t row, size_t *at, dgmi_day *days)
{
    dgmi_silence *out = l->out;
    const dgmx_row *found = &l->table->rows[row];
    dgmi_source *source = &out->list[out->n];
    size_t n = read_days(l->table, row, at, days);
    *source = (dgmi_source){ .name = dgmi_arena_dup(out->arena, found->label),
                             .last = dgmi_cross_time(found->last) };
    if (!source->name)
        return dgmi_fail_memory(l->err);
    if (n == 0)
        return DGM_OK;
    source->habit = dgmi_habit_of(days, n, (int32_t)(out->clock / DAY));
    out->n++;
    if (source->habit.state != DGM_SOURCE_SILENT)
        return DGM_OK;
    out->n_silent++;
    dgm_status status = find_frequency(l, source->name, &source->frequency);
    return status == DGM_OK ? read_labels(l, found->last_id, source) : status;
}

static dgm_status learn_rows(learner *l)
{
    size_t rows = l->table->n_rows, at = 0;
    dgmi_day *days = dgmi_arena_array(l->scratch, l->table->n_cells + 1, sizeof *days);
    l->out->list = dgmi_arena_array(l->out->arena, rows, sizeof *l->out->list);
    dgm_status status = DGM_OK;
    if (!days || !l->out->list)
        return dgmi_fail_memory(l->err);
    for (uint32_t row = 1; row < rows && status == DGM_OK; row++)
        status = learn_row(l, row, &at, days);
    if (l->out->n > 0)
        qsort(l->out->list, l->out->n, sizeof *l->out->list, compare_sources);
    return status;
}

static dgm_status learn(learner *l, int64_t now)
{
    const dgmi_index *index = l->desk->index;
    dgmi_silence_clear(l->out);
    l->out->arena = dgmi_arena_new(ARENA_MAX);
    l->scratch = dgmi_arena_new(DGMI_ANSWER_MAX);
    dgm_status status = l->out->arena && l->scratch ? DGM_OK : dgmi_fail_memory(l->err);
    if (status == DGM_OK)
        status = dgmi_lore_learn(&l->desk->lore, index, l->err);
    l->end = end_of(&l->desk->lore, now);
    if (status == DGM_OK)
        status = count_window(l);
    if (status == DGM_OK && l->table) {
        l->out->clock = clock_of(l, now);
        status = learn_rows(l);
    }
    l->out->generation = index->generation;
    l->out->commit = index->commit;
    l->out->hour = now / HOUR;
    free(l->table);
    dgmi_question_clear(&l->question);
    dgmi_arena_free(l->scratch);
    return status;
}

/* Whether no source that was silent has other items by now. */
static dgm_status are_silent(learner *l, bool *silent)
{
    dgm_status status = DGM_OK;
    *silent = true;
    for (size_t i = 0; i < l->out->n_silent && status == DGM_OK && *silent; i++) {
        uint32_t frequency = 0;
        status = find_frequency(l, l->out->list[i].name, &frequency);
        *silent = frequency == l->out->list[i].frequency;
    }
    return status;
}

dgm_status dgmi_silence_learn(dgm *desk, int64_t now, uint64_t deadline_us,
                              dgm_error *err)
{
    dgmi_silence *known = &desk->silence;
    const dgmi_index *index = desk->index;
    learner l = { .desk = desk, .out = known, .deadline_us = deadline_us, .err = err };
    bool same = known->arena && known->generation == index->generation &&
                known->hour == now / HOUR;
    if (same && known->commit == index->commit)
        return DGM_OK;
    dgm_status status = same ? are_silent(&l, &same) : DGM_OK;
    if (status == DGM_OK && same) {
        known->commit = index->commit;
        return DGM_OK;
    }
    if (status == DGM_OK)
        status = learn(&l, now);
    if (status == DGM_E_TIMEOUT && known->arena) { /* not again before the hour is over */
        known->n = known->n_silent = 0;
        known->late = true;
    } else if (status != DGM_OK) {
        dgmi_silence_clear(known);
    }
    return status;
}

/* ---- In a reply ---- */

static bool has_value(const dgmi_values *filter, const char *label)
{
    for (size_t i = 0; i < filter->n; i++) {
        if (dgmi_is_same_label(filter->values[i], label))
            return true;
    }
    return false;
}

/* The filter of this name, which there is. */
static const dgmi_values *filter_of(const dgm_request *r, const char *name)
{
    int i = 0;
    while (i + 1 < DGMI_FILTERS && strcmp(dgmi_filter_names[i], name) != 0)
        i++;
    return &r->filters[i];
}

/* Whether the request would find items of this source, were there any now. */
static bool concerns(const dgm_request *r, const dgmi_source *source, int64_t clock)
{
    const dgmi_values *named = filter_of(r, "source");
    if (named->n > 0 && !has_value(named, source->name))
        return false;
    if (named->n == 0 && clock - source->last > (int64_t)DGMI_SILENCE_NEWS * DAY)
        return false;
    if (filter_of(r, "topic")->n > 0 || filter_of(r, "speaker")->n > 0)
        return false;
    for (int i = 0; i < FIELDS; i++) {
        const dgmi_values *filter = filter_of(r, label_fields[i]);
        const char *label = source->labels[i] ? source->labels[i] : "";
        if (filter->n > 0 && !has_value(filter, label))
            return false;
    }
    return r->before == DGM_NO_TIME || r->before > source->last + DAY;
}

static void write_note(const dgmi_search *s, const dgmi_silence *known, dgm_page *page)
{
    const dgm_request *r = s->request;
    size_t most = filter_of(r, "source")->n > 0 ? known->n_silent : DGMI_SILENCE_SHOWN;
    dgm_silence *list = dgmi_arena_array(s->arena, most + 1, sizeof *list);
    for (size_t i = 0; list && i < known->n_silent; i++) {
        const dgmi_source *source = &known->list[i];
        if (!concerns(r, source, known->clock))
            continue;
        page->more_silences += page->n_silences == most;
        if (page->n_silences == most)
            continue;
        dgm_silence *to = &list[page->n_silences];
        *to = (dgm_silence){ .source = dgmi_arena_dup(s->arena, source->name),
                             .last = source->last,
                             .per_day = source->habit.per_day,
                             .missed = source->habit.missed };
        page->n_silences += to->source != NULL;
    }
    page->silences = list;
}

void dgmi_silence_note(dgmi_search *s, dgm_page *page)
{
    const dgm_request *r = s->request;
    dgm_error unused = DGM_ERROR_INIT;
    uint64_t until = dgmi_now_us() + DGMI_SILENCE_BUDGET_MS * 1000ull;
    if (s->resumed || r->scan || r->among || r->as_of.kind != DGMI_ASOF_NONE ||
        r->similar)
        return;
    int64_t now = r->now != DGM_NO_TIME ? r->now : dgmi_wall_time();
    if (dgmi_silence_learn(s->desk, now, until, &unused) == DGM_OK)
        write_note(s, &s->desk->silence, page);
    if (unused.code != DGM_OK || s->desk->silence.late)
        dgmi_page_cut(page);
}
