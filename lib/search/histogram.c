/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Histograms out of tallies of date slots, or of the index's terms. Depends on lib/index.
 */
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "fail.h"

uint32_t dgmi_histogram_slot(dgmi_interval interval)
{
    switch (interval) {
    case DGMI_HOUR:
        return DGMI_SLOT_PUBLISHED;
    case DGMI_DAY:
    case DGMI_WEEK:
        return DGMI_SLOT_DAY;
    case DGMI_MONTH:
        return DGMI_SLOT_MONTH;
    case DGMI_YEAR:
        return DGMI_SLOT_YEAR;
    }
    return DGMI_SLOT_DAY;
}

static int compare_buckets(const void *a, const void *b)
{
    const dgm_bucket *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* Buckets of one start become one: hours of many seconds, weeks of many days. */
static size_t merge(dgm_bucket *buckets, size_t n)
{
    size_t kept = 0;
    if (n > 0)
        qsort(buckets, n, sizeof *buckets, compare_buckets);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && buckets[kept - 1].from == buckets[i].from)
            buckets[kept - 1].count += buckets[i].count;
        else
            buckets[kept++] = buckets[i];
    }
    return kept;
}

bool dgmi_histogram_time(dgmi_interval interval, const dgmi_tally *tally, int64_t *time)
{
    int64_t unused;
    bool ok =
        interval == DGMI_HOUR
            ? dgmi_schema_time_read(tally->text, tally->n, time) && *time != DGM_NO_TIME
            : dgmi_date_span((dgmi_str){ tally->text, tally->n }, time, &unused);
    if (ok)
        *time = dgmi_interval_start(interval, *time);
    return ok;
}

dgm_status dgmi_histogram_make(dgmi_interval interval, const dgmi_tally *tallies,
                               size_t n, dgmi_arena *arena, dgmi_counts *out,
                               dgm_error *err)
{
    dgm_bucket *buckets = dgmi_arena_array(arena, n + 1, sizeof *buckets);
    size_t count = 0;
    if (!buckets)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        int64_t time;
        if (dgmi_histogram_time(interval, &tallies[i], &time))
            buckets[count++] = (dgm_bucket){ time, tallies[i].count };
    }
    out->buckets = buckets;
    out->n_buckets = merge(buckets, count);
    return DGM_OK;
}

bool dgmi_histogram_has_terms(dgmi_interval interval)
{
    return interval == DGMI_MONTH || interval == DGMI_YEAR;
}

dgm_status dgmi_histogram_of_all(const dgmi_matcher *m, dgmi_interval interval,
                                 dgmi_arena *arena, dgmi_counts *out)
{
    bool years = interval == DGMI_YEAR;
    const dgmi_span *spans = years ? m->lore->years : m->lore->months;
    size_t n = years ? m->lore->n_years : m->lore->n_months;
    out->buckets = dgmi_arena_array(arena, n + 1, sizeof *out->buckets);
    if (!out->buckets)
        return dgmi_fail_memory(m->err);
    for (size_t i = 0; i < n; i++)
        out->buckets[i] = (dgm_bucket){ spans[i].from, spans[i].items };
    out->n_buckets = n;
    return DGM_OK;
}
