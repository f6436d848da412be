/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches by time and by value at once. Depends on lib/index, lib/xapian. */
#include "cross.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "fold.h"
#include "moment.h"

enum { TIME_BYTES = 6 };

int64_t dgmi_beat_start(const dgmi_beat *beat, int64_t time)
{
    return dgmi_interval_start(beat->interval, time + beat->shift) - beat->shift;
}

int64_t dgmi_beat_next(const dgmi_beat *beat, int64_t start)
{
    return dgmi_interval_next(beat->interval, start + beat->shift) - beat->shift;
}

int64_t dgmi_cross_time(const char value[8])
{
    int64_t time;
    return dgmi_schema_time_read(value, TIME_BYTES, &time) ? time : DGM_NO_TIME;
}

dgm_status dgmi_said_read(const dgmi_search *s, dgmx_docid id, dgm_said *out)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes bytes;
    dgmi_record record;
    *out = (dgm_said){ .published = DGM_NO_TIME };
    if (id == 0)
        return DGM_OK;
    dgm_status status = dgmi_moment_doc(s->desk->index, id, &id, s->err);
    if (status == DGM_OK)
        status = dgmx_doc_get(s->desk->index->db, id, &doc, s->err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &bytes, s->err);
    if (status == DGM_OK)
        status = dgmi_record_decode(s->desk->codec, bytes.p, bytes.n, &record, s->err);
    if (status == DGM_OK) {
        out->id = dgmi_arena_dup(s->arena, record.item.id);
        out->title = dgmi_arena_dup(s->arena, record.item.title);
        out->source = dgmi_arena_dup(s->arena, record.item.source);
        out->published = record.item.published;
        bool whole = out->id && (out->title || !record.item.title) &&
                     (out->source || !record.item.source);
        status = whole ? DGM_OK : dgmi_fail_memory(s->err);
    }
    dgmx_doc_free(doc);
    return status;
}

/* ---- A pass ---- */

/* Documents come by id, and so for the most part by time: the last interval is kept. */
typedef struct clock {
    const dgmi_beat *beat;
    int64_t from, to;
} clock;

static bool bucket_of(void *user, const char *value, size_t n, int64_t *bucket)
{
    clock *c = user;
    int64_t time;
    if (!dgmi_schema_time_read(value, n, &time) || time == DGM_NO_TIME)
        return false;
    if (time < c->from || time >= c->to) {
        c->from = dgmi_beat_start(c->beat, time);
        c->to = dgmi_beat_next(c->beat, c->from);
    }
    *bucket = c->from;
    return true;
}

static size_t class_of(void *user, const char *value, size_t n, char *out, size_t room)
{
    dgmi_buf key;
    (void)user;
    dgmi_buf_init(&key, room);
    dgmi_fold_key(&key, value, n);
    size_t size = key.failed ? 0 : key.n;
    if (size > 0)
        memcpy(out, key.p, size);
    dgmi_buf_clear(&key);
    return size;
}

dgm_status dgmi_cross_count(const dgmi_matcher *m, dgmi_clause *clause,
                            const dgmi_crossing *by, dgmx_table **out)
{
    const dgmi_schema_field *f =
        by->field ? dgmi_schema_find(dgmi_str_of(by->field)) : NULL;
    clock c = { by->beat, 0, 0 };
    dgmx_cross how = { .time_slot = DGMI_SLOT_PUBLISHED,
                       .bucket_of = bucket_of,
                       .slot = f ? (uint32_t)f->slot : 0,
                       .slots = f ? f->slots : 0,
                       .class_of = class_of,
                       .ids = by->ids,
                       .groups = by->stories,
                       .group_slot = DGMI_SLOT_STORY,
                       .user = &c,
                       .cells_max = DGMI_CROSS_CELLS };
    dgmi_run run = { .order = DGMX_BY_RELEVANCE, .check_at_least = UINT32_MAX / 2 };
    dgmx_spy *spy = NULL;
    dgmx_mset *mset = NULL;
    dgmi_clause *settled = clause ? dgmi_match_settled(m, clause) : NULL;
    *out = NULL;
    if (!settled)
        return dgmi_fail_memory(m->err);
    dgm_status status = dgmx_spy_new_cross(&how, &spy, m->err);
    run.spies = &spy;
    run.n_spies = 1;
    if (status == DGM_OK && settled->kind != DGMI_CLAUSE_NONE)
        status = dgmi_match_run(m, settled, &run, &mset);
    if (status == DGM_OK)
        status = dgmx_spy_table(spy, out, m->err);
    dgmx_mset_free(mset);
    dgmx_spy_free(spy);
    return status;
}

/* ---- Without a pass ---- */

bool dgmi_cross_has_terms(const dgmi_matcher *m, const dgmi_clause *clause,
                          const dgmi_crossing *by)
{
    return !m->moved && !by->field && !by->stories && !by->ids &&
           by->beat->interval != DGMI_HOUR && by->beat->shift == 0 &&
           clause->kind == DGMI_CLAUSE_TERM &&
           dgmi_str_eq(clause->term, DGMI_TERM_USABLE);
}

typedef struct days {
    dgmx_cell *cells;
    size_t n, capacity;
    uint64_t items;
} days;

/* "D20210616": days come in order, so those of one interval follow one another. */
static bool add_day(days *d, const dgmi_beat *beat, dgmi_str digits, uint32_t items)
{
    char text[11];
    int64_t from, to;
    if (digits.n != 8)
        return true;
    memcpy(text, digits.p, 4);
    memcpy(text + 5, digits.p + 4, 2);
    memcpy(text + 8, digits.p + 6, 2);
    text[4] = text[7] = '-';
    if (!dgmi_date_span((dgmi_str){ text, 10 }, &from, &to))
        return true;
    int64_t bucket = dgmi_beat_start(beat, from);
    d->items += items;
    if (d->n > 0 && d->cells[d->n - 1].bucket == bucket) {
        d->cells[d->n - 1].documents += items;
        return true;
    }
    if (!dgmi_grow(&d->cells, &d->capacity, d->n + 1, sizeof *d->cells))
        return false;
    d->cells[d->n++] = (dgmx_cell){ .bucket = bucket, .documents = items };
    return true;
}

static dgm_status walk_days(const dgmi_matcher *m, const dgmi_beat *beat, days *d)
{
    const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of("day"));
    size_t skip = strlen(f->prefix);
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t count;
    dgm_status status = dgmx_terms_all(m->index->db, f->prefix, skip, &terms, m->err);
    while (status == DGM_OK) {
        status = dgmx_terms_next(terms, &term, NULL, &count, m->err);
        if (status == DGM_OK &&
            !add_day(d, beat, (dgmi_str){ term.p + skip, term.n - skip }, count))
            status = dgmi_fail_memory(m->err);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

dgm_status dgmi_cross_of_all(const dgmi_matcher *m, const dgmi_beat *beat,
                             dgmx_table **out)
{
    days d = { .n = 0 };
    dgm_status status = walk_days(m, beat, &d);
    size_t bytes = sizeof **out + sizeof(dgmx_row) + d.n * sizeof *d.cells;
    *out = status == DGM_OK ? calloc(1, bytes) : NULL;
    if (status == DGM_OK && !*out)
        status = dgmi_fail_memory(m->err);
    if (*out) {
        dgmx_table *t = *out;
        t->rows = (dgmx_row *)(void *)(t + 1);
        t->n_rows = 1;
        t->rows[0] = (dgmx_row){ .label = "",
                                 .documents = m->index->documents,
                                 .undated = m->index->documents - d.items };
        t->cells = (dgmx_cell *)(void *)(t->rows + 1);
        t->n_cells = d.n;
        if (d.n > 0)
            memcpy(t->cells, d.cells, d.n * sizeof *d.cells);
    }
    free(d.cells);
    return status;
}
