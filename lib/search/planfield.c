/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields, filters and dates to clauses: conditions that add nothing to a score.
 * Depends on lib/index, lib/item, lib/text, lib/xapian. */
#include <string.h>

#include "date.h"
#include "fold.h"
#include "item.h"
#include "plan.h"
#include "schema.h"

enum {
    WORDS = 32,       /* words of one value that are looked for apart */
    DATE_TERMS = 120, /* of one span; more than whole days need */
    DAY = 86400
};

/* ---- Values ---- */

static const char *key_of(dgmi_planner *p, const char *value)
{
    dgmi_buf key;
    dgmi_buf_init(&key, 0);
    dgmi_fold_key(&key, value, strlen(value));
    const char *copy = key.failed ? NULL : dgmi_arena_str(p->arena, dgmi_buf_str(&key));
    dgmi_buf_clear(&key);
    if (!copy)
        dgmi_plan_fail(p);
    return copy;
}

static dgmi_clause *value_term(dgmi_planner *p, const char *prefix, dgmi_str value)
{
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, prefix, value.p, value.n);
    return dgmi_plan_term(p, dgmi_buf_str(&p->term));
}

static dgmi_clause *exact_term(dgmi_planner *p, const char *prefix, const char *key)
{
    dgmi_buf_reset(&p->term);
    dgmi_schema_exact(&p->term, prefix, key, strlen(key));
    return dgmi_plan_term(p, dgmi_buf_str(&p->term));
}

/* Whether the index had this value when the first page was made. */
static bool was_there(dgmi_planner *p, const dgmi_clause *clause, const char *prefix,
                      const char *key)
{
    uint32_t there = 0;
    bool now = clause && clause->kind != DGMI_CLAUSE_NONE;
    const char *text = dgmi_arena_printf(p->arena, "%s=%s", prefix, key);
    if (!text || !dgmi_pin_decide(p->pins, p->arena, DGMI_PIN_CHOICE, dgmi_str_of(text),
                                  now, &there))
        dgmi_plan_fail(p);
    return there > 0;
}

static dgmi_clause *country_term(dgmi_planner *p, const char *value)
{
    const dgmi_schema_field *country = dgmi_schema_find(dgmi_str_of("country"));
    const char *code = dgmi_country_code(value);
    const char *key = code ? key_of(p, code) : NULL;
    if (!key || !country)
        return dgmi_clause_none(p->arena);
    return exact_term(p, country->prefix, key);
}

static bool names_a_country(const dgmi_schema_field *f)
{
    return strcmp(f->name, "region") == 0 || strcmp(f->name, "country") == 0;
}

static dgmi_clause *words_of(dgmi_planner *p, const char *prefix, const char *key)
{
    dgmi_clause *words[WORDS];
    size_t n = 0;
    dgmi_str rest = dgmi_str_of(key), word;
    while (n < WORDS && dgmi_str_split(&rest, ' ', &word))
        words[n++] = value_term(p, prefix, word);
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, words, n);
}

/* A value of a query: the whole value if the index knows it, else the items whose value
 * has all of its words, else the country that it names. */
static dgmi_clause *key_clause(dgmi_planner *p, const dgmi_schema_field *f,
                               const char *value)
{
    const char *key = key_of(p, value);
    if (!key)
        return NULL;
    dgmi_clause *whole = value_term(p, f->prefix, dgmi_str_of(key));
    if (was_there(p, whole, f->prefix, key))
        return whole;
    dgmi_clause *words = f->kind == DGMI_FIELD_KEY ? words_of(p, f->prefix, key)
                                                   : dgmi_clause_none(p->arena);
    if (!names_a_country(f))
        return words;
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_OR, words, country_term(p, value));
}

/* ---- Dates ---- */

typedef struct date_terms {
    dgmi_clause *items[DATE_TERMS];
    size_t n;
    bool full;
} date_terms;

/* Adds the year, month or day that begins at `time`. */
static void add_date(dgmi_planner *p, date_terms *t, dgmi_interval interval, int64_t time)
{
    char year[12], month[12], day[12];
    if (t->n == DATE_TERMS) {
        t->full = true;
        return;
    }
    dgmi_schema_dates(time, year, month, day);
    const char *term = interval == DGMI_YEAR    ? year
                       : interval == DGMI_MONTH ? month
                                                : day;
    t->items[t->n++] = dgmi_plan_term(p, dgmi_str_of(term));
}

/* The greatest of year, month and day that begins at `time` and ends by `before`. */
static dgmi_interval widest(int64_t time, int64_t before)
{
    for (int i = DGMI_YEAR; i > DGMI_DAY; i--) {
        if (i != DGMI_WEEK && dgmi_interval_start((dgmi_interval)i, time) == time &&
            dgmi_interval_next((dgmi_interval)i, time) <= before)
            return (dgmi_interval)i;
    }
    return DGMI_DAY;
}

/* Whole days as few terms, year by year of those that have items. */
static void cover(dgmi_planner *p, date_terms *t, int64_t from, int64_t before)
{
    for (size_t i = 0; i < p->lore->n_years && !t->full; i++) {
        const dgmi_span *year = &p->lore->years[i];
        int64_t at = from > year->from ? from : year->from;
        int64_t end = before < year->to ? before : year->to;
        while (at < end && !t->full) {
            dgmi_interval interval = widest(at, end);
            add_date(p, t, interval, at);
            at = dgmi_interval_next(interval, at);
        }
    }
}

/* A span that is not whole days. The least dated value is above zero, which undated items
 * have. */
static dgmi_clause *time_range(dgmi_planner *p, uint32_t slot, int64_t from,
                               int64_t before)
{
    char low[6], high[6];
    if (from == DGM_NO_TIME)
        memcpy(low, "\0\0\0\0\0\1", sizeof low);
    else
        dgmi_schema_time(from, low);
    dgmi_schema_time(before == DGM_NO_TIME ? INT64_MAX : before - 1, high);
    return dgmi_clause_range(p->arena, slot, (dgmi_str){ low, sizeof low },
                             (dgmi_str){ high, sizeof high });
}

static bool is_whole_days(int64_t from, int64_t before)
{
    return (from == DGM_NO_TIME || from % DAY == 0) &&
           (before == DGM_NO_TIME || before % DAY == 0);
}

dgmi_clause *dgmi_plan_dates(dgmi_planner *p, int64_t from, int64_t before)
{
    date_terms t = { .n = 0 };
    if (is_whole_days(from, before))
        cover(p, &t, from == DGM_NO_TIME ? INT64_MIN : from,
              before == DGM_NO_TIME ? INT64_MAX : before);
    else
        t.full = true;
    if (t.full)
        return time_range(p, DGMI_SLOT_PUBLISHED, from, before);
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, t.items, t.n);
}

/* The parser has checked the text: "2021", "2021-06..2021-09", "..2021". */
static void read_range(const char *text, int64_t *from, int64_t *before)
{
    const char *dots = strstr(text, "..");
    int64_t unused;
    *from = *before = DGM_NO_TIME;
    if (!dots) {
        dgmi_date_span(dgmi_str_of(text), from, before);
        return;
    }
    dgmi_str first = { text, (size_t)(dots - text) };
    if (first.n > 0)
        dgmi_date_span(first, from, &unused);
    if (dots[2])
        dgmi_date_span(dgmi_str_of(dots + 2), &unused, before);
}

static dgmi_clause *date_clause(dgmi_planner *p, const dgmi_node *node,
                                const dgmi_schema_field *f)
{
    int64_t from, before;
    read_range(node->text, &from, &before);
    if (!f && strcmp(node->field, DGMI_FIELD_BEFORE) == 0)
        return dgmi_plan_dates(p, DGM_NO_TIME, from);
    if (!f)
        return dgmi_plan_dates(p, before, DGM_NO_TIME);
    if (f->slot == DGMI_SLOT_UPDATED)
        return time_range(p, DGMI_SLOT_UPDATED, from, before);
    return dgmi_plan_dates(p, from, before);
}

/* What cannot be found has nothing that a search asks for, but for its id. */
static dgmi_clause *id_clause(dgmi_planner *p, const dgmi_schema_field *f, dgmi_str id)
{
    dgmi_clause *usable = dgmi_plan_term(p, dgmi_str_of(DGMI_TERM_USABLE));
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_AND, value_term(p, f->prefix, id),
                            usable);
}

/* ---- Fields and filters ---- */

dgmi_clause *dgmi_plan_field(dgmi_planner *p, const dgmi_node *node)
{
    const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of(node->field));
    if (p->status != DGM_OK)
        return NULL;
    if (!f || f->kind == DGMI_FIELD_DATE)
        return date_clause(p, node, f);
    if (f->kind == DGMI_FIELD_ID)
        return id_clause(p, f, dgmi_str_of(node->text));
    if (f->kind == DGMI_FIELD_FLAG)
        return value_term(p, f->prefix, dgmi_str_of(node->text));
    return key_clause(p, f, node->text);
}

/* One filter value: exactly what a facet counts; if no item has that, the country it
 * names. */
static dgmi_clause *filter_value(dgmi_planner *p, const dgmi_schema_field *f,
                                 const char *value)
{
    const char *key = key_of(p, value);
    if (!key)
        return NULL;
    dgmi_clause *exact = exact_term(p, f->prefix, key);
    if (!names_a_country(f) || was_there(p, exact, f->prefix, key))
        return exact;
    return country_term(p, value);
}

static dgmi_clause *filter(dgmi_planner *p, const char *name, const dgmi_values *list)
{
    const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of(name));
    dgmi_clause *values[DGMI_FILTER_VALUES];
    for (size_t i = 0; f && i < list->n; i++)
        values[i] = filter_value(p, f, list->values[i]);
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, values, f ? list->n : 0);
}

dgm_status dgmi_plan_filters(dgmi_planner *p, const dgm_request *request,
                             dgmi_clause **out)
{
    dgmi_clause *all[DGMI_FILTERS + 2];
    size_t n = 0;
    *out = NULL;
    for (int i = 0; i < DGMI_FILTERS && p->status == DGM_OK; i++) {
        if (request->filters[i].n > 0)
            all[n++] = filter(p, dgmi_filter_names[i], &request->filters[i]);
    }
    if (request->from != DGM_NO_TIME || request->before != DGM_NO_TIME)
        all[n++] = dgmi_plan_dates(p, request->from, request->before);
    if (request->among && p->status == DGM_OK)
        all[n++] = dgmi_plan_among(p, request->among);
    if (n == 0 || p->status != DGM_OK)
        return p->status;
    *out = dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, all, n);
    if (!*out)
        dgmi_plan_fail(p);
    return p->status;
}
