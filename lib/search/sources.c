/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All sources with their habits. Depends on silence.h, cross.h. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cross.h"
#include "fail.h"
#include "question.h"
#include "series.h"

#define DEADLINE_MS 2000

/* What the caller holds is the first member, so the answer frees itself. */
typedef struct answer {
    dgm_sources sources;
    dgmi_arena *arena;
} answer;

void dgm_sources_free(dgm_sources *sources)
{
    if (sources)
        dgmi_arena_free(((answer *)(void *)sources)->arena);
}

const char *dgm_source_state_text(dgm_source_state state)
{
    switch (state) {
    case DGM_SOURCE_REGULAR:
        return "regular";
    case DGM_SOURCE_QUIET:
        return "quiet";
    case DGM_SOURCE_SILENT:
        return "silent";
    case DGM_SOURCE_ENDED:
        return "ended";
    case DGM_SOURCE_NEW:
        return "new";
    }
    return "new";
}

typedef struct reading {
    dgm *desk;
    int64_t now;
    dgm_sources **out;
    uint64_t deadline_us;
} reading;

/* Silent ones, then quiet ones, then the rest; most items first. */
static int compare_sources(const void *a, const void *b)
{
    static const int order[] = { [DGM_SOURCE_SILENT] = 0,
                                 [DGM_SOURCE_QUIET] = 1,
                                 [DGM_SOURCE_REGULAR] = 2,
                                 [DGM_SOURCE_NEW] = 3,
                                 [DGM_SOURCE_ENDED] = 4 };
    const dgm_source *x = a, *y = b;
    if (order[x->state] != order[y->state])
        return order[x->state] - order[y->state];
    if (x->items != y->items)
        return x->items > y->items ? -1 : 1;
    return strcmp(x->name, y->name);
}

static dgm_source source_of(const dgmx_row *row, const dgmi_silence *known)
{
    dgm_source source = { .items = row->documents,
                          .first =
                              row->first_id ? dgmi_cross_time(row->first) : DGM_NO_TIME,
                          .last = row->last_id ? dgmi_cross_time(row->last) : DGM_NO_TIME,
                          .state = DGM_SOURCE_ENDED };
    for (size_t i = 0; i < known->n; i++) {
        const dgmi_habit *habit = &known->list[i].habit;
        if (!dgmi_is_same_label(known->list[i].name, row->label))
            continue;
        source.state = habit->state;
        source.per_day = habit->per_day;
        source.weekdays = habit->weekdays;
        source.gap = habit->gap;
        source.missed = habit->missed;
        break;
    }
    return source;
}

static dgm_status fill(const reading *r, const dgmx_table *table, dgmi_arena *arena,
                       dgm_sources *out, dgm_error *err)
{
    size_t n = table->n_rows - 1;
    dgm_source *list = dgmi_arena_array(arena, n + 1, sizeof *list);
    if (!list)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        list[i] = source_of(&table->rows[i + 1], &r->desk->silence);
        list[i].name = dgmi_arena_dup(arena, table->rows[i + 1].label);
        if (!list[i].name)
            return dgmi_fail_memory(err);
    }
    if (n > 0)
        qsort(list, n, sizeof *list, compare_sources);
    out->list = list;
    out->n = n;
    out->clock = r->desk->silence.clock;
    return DGM_OK;
}

/* The whole archive, by source; by year, because only first and last matter. */
static dgm_status read_index(const reading *r, dgmi_arena *arena, dgmi_arena *scratch,
                             dgm_sources *out, dgm_error *err)
{
    dgmi_question question;
    dgmi_beat beat = { DGMI_YEAR, 0 };
    dgmi_crossing by = { &beat, "source", false, false };
    dgmx_table *table = NULL;
    dgm_request *all = dgm_request_new();
    if (!all)
        return dgmi_fail_memory(err);
    dgm_status status =
        dgmi_question_ask(&question, r->desk, all, arena, scratch, r->deadline_us, err);
    if (status == DGM_OK)
        status =
            dgmi_cross_count(&question.s.matcher, question.s.plan.strict, &by, &table);
    if (r->desk->silence.late)
        dgmi_silence_clear(&r->desk->silence);
    if (status == DGM_OK)
        status = dgmi_silence_learn(r->desk, r->now, r->deadline_us, err);
    if (status == DGM_OK)
        status = fill(r, table, arena, out, err);
    free(table);
    dgmi_question_clear(&question);
    dgm_request_free(all);
    return status;
}

static dgm_status attempt(void *user, dgm_error *err)
{
    reading *r = user;
    dgmi_arena *arena = dgmi_arena_new(DGMI_ANSWER_MAX);
    dgmi_arena *scratch = dgmi_arena_new(DGMI_ANSWER_MAX);
    answer *made = arena ? dgmi_arena_alloc(arena, sizeof *made) : NULL;
    dgm_status status = dgmi_index_refresh(r->desk->index, NULL, err);
    if (!made || !scratch) {
        status = dgmi_fail_memory(err);
        goto out;
    }
    made->sources.clock = r->now;
    if (status == DGM_OK && r->desk->index->db)
        status = read_index(r, arena, scratch, &made->sources, err);
    made->sources.revision = dgmi_arena_dup(arena, r->desk->index->revision);
    if (status == DGM_OK && !made->sources.revision)
        status = dgmi_fail_memory(err);
    if (status == DGM_OK) {
        made->arena = arena;
        *r->out = &made->sources;
        arena = NULL;
    }
out:
    dgmi_arena_free(arena);
    dgmi_arena_free(scratch);
    return status;
}

dgm_status dgm_sources_read(dgm *desk, int64_t now, dgm_sources **out, dgm_error *err)
{
    reading r = { .desk = desk,
                  .now = now == DGM_NO_TIME ? dgmi_wall_time() : now,
                  .out = out,
                  .deadline_us = dgmi_now_us() + DEADLINE_MS * 1000ull };
    if (!desk || !out)
        return dgmi_fail(err, DGM_E_ARG, "a reader and a place are needed");
    *out = NULL;
    return dgmi_question_try(attempt, &r, err);
}
