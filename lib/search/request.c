/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of search parameters, and requests made with it. Depends on lib/base,
 * lib/text. */
#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "fold.h"
#include "hash.h"
#include "query.h"
#include "utf8.h"

enum { DECIMAL_BYTES = 16 }; /* so that the digits fit a double */

#define FACET_VALUES                                                                     \
    "region|country|source|language|topic|speaker|provider|agency|year|month|variants"

const char *const dgmi_filter_names[DGMI_FILTERS] = {
    "region", "country", "source", "language", "topic", "speaker", "provider", "agency",
};
const char *const dgmi_facet_names[DGMI_FACETS] = {
    "region", "country", "source", "language",          "topic", "speaker", "provider",
    "agency", "year",    "month",  DGMI_FACET_VARIANTS,
};

typedef enum param_id {
    P_Q,
    P_MATCH,
    P_FROM,
    P_TO,
    P_FILTER,
    P_SORT,
    P_LIMIT,
    P_CURSOR,
    P_FACETS,
    P_HISTOGRAM,
    P_GROUP,
    P_HIGHLIGHT,
    P_EXPLAIN,
    P_EXACT,
    P_LITERAL,
    P_SYNONYMS,
    P_EXPAND,
    P_VERSIONS,
    P_SIMILAR,
    P_RELATED,
    P_RECENCY,
    P_HALF_LIFE,
    P_AS_OF,
    P_CITE
} param_id;

typedef struct param_row {
    dgm_param param;
    param_id id;
    int filter; /* P_FILTER: which one */
} param_row;

static const param_row table[] = {
    { { "q", DGM_PARAM_TEXT, false, NULL, NULL,
        "What to search for: words, \"phrases\", -exclusions, AND, OR, NOT, field:value, "
        "prefix*." },
      P_Q,
      0 },
    { { "match", DGM_PARAM_CHOICE, false, "all|most|any", "all",
        "How many of the words have to occur." },
      P_MATCH,
      0 },
    { { "from", DGM_PARAM_DATE, false, NULL, NULL,
        "Earliest day, month or year of publication, inclusive." },
      P_FROM,
      0 },
    { { "to", DGM_PARAM_DATE, false, NULL, NULL,
        "Latest day, month or year of publication, inclusive." },
      P_TO,
      0 },
    { { "region", DGM_PARAM_TEXT, true, NULL, NULL,
        "Only items of this region; repeated: of any of them." },
      P_FILTER,
      0 },
    { { "country", DGM_PARAM_TEXT, true, NULL, NULL,
        "Only items of this country, as an ISO 3166-1 code." },
      P_FILTER,
      1 },
    { { "source", DGM_PARAM_TEXT, true, NULL, NULL, "Only items of this issuing body." },
      P_FILTER,
      2 },
    { { "language", DGM_PARAM_TEXT, true, NULL, NULL,
        "Only items in this language, such as en." },
      P_FILTER,
      3 },
    { { "topic", DGM_PARAM_TEXT, true, NULL, NULL, "Only items on this topic." },
      P_FILTER,
      4 },
    { { "speaker", DGM_PARAM_TEXT, true, NULL, NULL,
        "Only interviews in which this person speaks." },
      P_FILTER,
      5 },
    { { "provider", DGM_PARAM_TEXT, true, NULL, NULL,
        "Only items that this republisher passed on." },
      P_FILTER,
      6 },
    { { "agency", DGM_PARAM_TEXT, true, NULL, NULL,
        "Only items under a dateline of this news agency." },
      P_FILTER,
      7 },
    { { "sort", DGM_PARAM_CHOICE, false, "relevance|newest|oldest", "relevance",
        "Order of the hits." },
      P_SORT,
      0 },
    { { "limit", DGM_PARAM_NUMBER, false, "1-100", "10", "Hits on a page." },
      P_LIMIT,
      0 },
    { { "cursor", DGM_PARAM_CURSOR, false, NULL, NULL,
        "The member next of the page before this one." },
      P_CURSOR,
      0 },
    { { "facets", DGM_PARAM_LIST, false, FACET_VALUES, NULL,
        "Fields whose values are to be counted over all matches." },
      P_FACETS,
      0 },
    { { "histogram", DGM_PARAM_CHOICE, false, "hour|day|week|month|year", NULL,
        "Unit of time by which matches are to be counted." },
      P_HISTOGRAM,
      0 },
    { { "group", DGM_PARAM_CHOICE, false, "story|none", "none",
        "Whether near copies count as one: each story is one hit, its best member." },
      P_GROUP,
      0 },
    { { "highlight", DGM_PARAM_CHOICE, false, "html|text|none", "html",
        "Form of the snippets." },
      P_HIGHLIGHT,
      0 },
    { { "explain", DGM_PARAM_CHOICE, false, "0|1", "0",
        "Whether each hit tells the parts of its score." },
      P_EXPLAIN,
      0 },
    { { "exact", DGM_PARAM_CHOICE, false, "0|1", "0",
        "Whether names are found only as the query spells them, and words without their "
        "synonyms." },
      P_EXACT,
      0 },
    { { "literal", DGM_PARAM_CHOICE, false, "0|1", "0",
        "Whether q is taken as words alone, as pasted text wants it: nothing in it is an "
        "operator." },
      P_LITERAL,
      0 },
    { { "synonyms", DGM_PARAM_CHOICE, false, "0|1", "0",
        "Whether synonyms of the query's words are searched, too; they count less." },
      P_SYNONYMS,
      0 },
    { { "expand", DGM_PARAM_CHOICE, false, "0|1", "0",
        "Whether words that the best hits have in common order the hits anew, and fill a "
        "short page." },
      P_EXPAND,
      0 },
    { { "versions", DGM_PARAM_CHOICE, false, "latest|all", "latest",
        "Whether items that were rewritten under another id are found, too." },
      P_VERSIONS,
      0 },
    { { "similar", DGM_PARAM_TEXT, false, NULL, NULL,
        "Items like the one with this id, by the rarest of its words; copies of it are "
        "left "
        "out, and q is then a condition." },
      P_SIMILAR,
      0 },
    { { "related", DGM_PARAM_CHOICE, false, "0|1", "0",
        "Whether words are named by which the best hits differ from the archive." },
      P_RELATED,
      0 },
    { { "recency", DGM_PARAM_REAL, false, "0-1", "0",
        "Share of the score that fades with an item's age." },
      P_RECENCY,
      0 },
    { { "half_life", DGM_PARAM_REAL, false, "0.01-36500", "30",
        "Days in which half of the share of recency is gone." },
      P_HALF_LIFE,
      0 },
    { { "as_of", DGM_PARAM_TEXT, false, NULL, NULL,
        "Answer as the archive stood then: a date or time, a place of the archive such "
        "as "
        "1:4711, or the live revision." },
      P_AS_OF,
      0 },
    { { "cite", DGM_PARAM_CHOICE, false, "0|1", "0",
        "Whether the reply says how to cite it and its hits." },
      P_CITE,
      0 },
};
enum { N_PARAMS = sizeof table / sizeof table[0] };

const dgm_param *dgm_param_at(size_t i)
{
    return i < N_PARAMS ? &table[i].param : NULL;
}

dgm_request *dgm_request_new(void)
{
    dgm_request *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->from = r->before = DGM_NO_TIME;
    r->now = DGM_NO_TIME;
    r->limit = 10;
    r->half_life = DGMI_HALF_LIFE_DAYS;
    r->histogram = -1;
    dgmi_buf_init(&r->text, 0);
    return r;
}

void dgm_request_free(dgm_request *request)
{
    if (!request)
        return;
    for (int f = 0; f < DGMI_FILTERS; f++) {
        for (size_t i = 0; i < request->filters[f].n; i++)
            free(request->filters[f].values[i]);
        free(request->filters[f].values);
    }
    dgmi_buf_clear(&request->text);
    free(request->q);
    free(request->cursor);
    free(request->similar);
    free(request);
}

void dgm_request_set_deadline(dgm_request *request, unsigned ms)
{
    request->deadline_ms = ms > DGMI_DEADLINE_MOST_MS ? DGMI_DEADLINE_MOST_MS : ms;
}

void dgm_request_set_window(dgm_request *request, unsigned hits)
{
    request->window = hits > DGMI_WINDOW_MOST ? DGMI_WINDOW_MOST : hits;
}

void dgm_request_set_whole(dgm_request *request, bool whole)
{
    request->whole = whole;
}

void dgm_request_set_literal(dgm_request *request, bool literal)
{
    request->literal = literal;
}

bool dgm_request_ages(const dgm_request *request)
{
    const dgmi_asof *as_of = &request->as_of;
    bool fixed = request->now != DGM_NO_TIME || request->sort != DGMI_BY_RELEVANCE ||
                 request->cursor || /* which has the moment of the first page */
                 (as_of->kind == DGMI_ASOF_TIME && as_of->before <= dgmi_wall_time()) ||
                 (as_of->kind == DGMI_ASOF_PLACE && as_of->now != DGM_NO_TIME);
    return request->cite || (request->recency > 0 && !fixed);
}

void dgm_request_set_now(dgm_request *request, int64_t now)
{
    request->now = now;
}

/* ---- Setting ---- */

/* The place of value in a '|' list, or -1. */
static int choice_of(const char *choices, dgmi_str value)
{
    dgmi_str rest = dgmi_str_of(choices), one;
    for (int i = 0; dgmi_str_split(&rest, '|', &one); i++) {
        if (one.n == value.n && memcmp(one.p, value.p, one.n) == 0)
            return i;
    }
    return -1;
}

static dgm_status fail_choice(const dgm_param *param, dgmi_str value, dgm_error *err)
{
    char list[120];
    size_t n = 0;
    for (const char *c = param->values; *c && n + 3 < sizeof list; c++) {
        list[n++] = *c == '|' ? ',' : *c;
        if (*c == '|')
            list[n++] = ' ';
    }
    list[n] = '\0';
    return dgmi_fail(err, DGM_E_ARG, "%s: \"%.*s\" is not one of %s", param->name,
                     (int)dgmi_utf8_cut(value.p, value.n, 60), value.p, list);
}

static dgm_status set_date(dgm_request *r, const param_row *row, dgmi_str value,
                           dgm_error *err)
{
    int64_t from, after;
    if (!dgmi_date_span(value, &from, &after))
        return dgmi_fail(
            err, DGM_E_ARG, "%s: \"%.*s\" is no date such as 2021-06-16, 2021-06 or 2021",
            row->param.name, (int)dgmi_utf8_cut(value.p, value.n, 60), value.p);
    if (row->id == P_FROM)
        r->from = from;
    else
        r->before = after;
    return DGM_OK;
}

/* "0.25": digits with at most one point among them, whatever the locale. */
static bool read_decimal(dgmi_str value, double *out)
{
    double number = 0, unit = 1;
    bool point = false, digits = false;
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || value.n > DECIMAL_BYTES)
            return false;
        number = number * 10 + (c - '0');
        unit *= point ? 10 : 1;
        digits = true;
    }
    *out = number / unit;
    return digits;
}

static dgm_status set_limit(dgm_request *r, dgmi_str value, dgm_error *err)
{
    unsigned limit = 0;
    for (size_t i = 0; i < value.n && limit <= DGMI_LIMIT_MOST; i++) {
        bool digit = value.p[i] >= '0' && value.p[i] <= '9';
        limit = digit ? limit * 10 + (unsigned)(value.p[i] - '0') : 1000;
    }
    if (limit < 1 || limit > DGMI_LIMIT_MOST)
        return dgmi_fail(err, DGM_E_ARG, "limit: \"%.*s\" is not a number from 1 to 100",
                         (int)dgmi_utf8_cut(value.p, value.n, 60), value.p);
    r->limit = limit;
    return DGM_OK;
}

static dgm_status set_real(dgm_request *r, const param_row *row, dgmi_str value,
                           dgm_error *err)
{
    char *end;
    double number = 0, least = strtod(row->param.values, &end);
    double most = strtod(end + 1, NULL);
    if (!read_decimal(value, &number) || number < least || number > most)
        return dgmi_fail(err, DGM_E_ARG, "%s: \"%.*s\" is not a number from %g to %g",
                         row->param.name, (int)dgmi_utf8_cut(value.p, value.n, 60),
                         value.p, least, most);
    if (row->id == P_RECENCY)
        r->recency = number;
    else
        r->half_life = number;
    return DGM_OK;
}

static dgm_status set_facets(dgm_request *r, const dgm_param *param, dgmi_str value,
                             dgm_error *err)
{
    unsigned facets = 0;
    dgmi_str one;
    while (dgmi_str_split(&value, ',', &one)) {
        one = dgmi_str_trim(one);
        int i = choice_of(param->values, one);
        if (i < 0)
            return fail_choice(param, one, err);
        facets |= 1u << i;
    }
    r->facets = facets;
    return DGM_OK;
}

static dgm_status add_filter(dgm_request *r, const param_row *row, dgmi_str value,
                             dgm_error *err)
{
    dgmi_values *list = &r->filters[row->filter];
    dgmi_buf key;
    if (value.n > DGMI_VALUE_BYTES)
        return dgmi_fail(err, DGM_E_ARG, "%s: longer than %d bytes", row->param.name,
                         DGMI_VALUE_BYTES);
    if (!dgmi_utf8_valid(value.p, value.n))
        return dgmi_fail(err, DGM_E_ARG, "%s: not valid UTF-8", row->param.name);
    dgmi_buf_init(&key, 0);
    dgmi_fold_key(&key, value.p, value.n);
    bool empty = key.n == 0;
    dgmi_buf_clear(&key);
    if (empty)
        return dgmi_fail(err, DGM_E_ARG, "%s: \"%.*s\" has no letter or digit",
                         row->param.name, (int)dgmi_utf8_cut(value.p, value.n, 60),
                         value.p);
    if (list->n >= DGMI_FILTER_VALUES)
        return dgmi_fail(err, DGM_E_ARG, "%s: more than %d values", row->param.name,
                         DGMI_FILTER_VALUES);
    char *copy = dgmi_str_dup(value);
    if (!copy ||
        !dgmi_grow(&list->values, &list->capacity, list->n + 1, sizeof(char *))) {
        free(copy);
        return dgmi_fail_memory(err);
    }
    list->values[list->n++] = copy;
    return DGM_OK;
}

static dgm_status replace(char **place, dgmi_str value, dgm_error *err)
{
    char *copy = dgmi_str_dup(value);
    if (!copy)
        return dgmi_fail_memory(err);
    free(*place);
    *place = copy;
    return DGM_OK;
}

static dgm_status set_choice(dgm_request *r, const param_row *row, dgmi_str value,
                             dgm_error *err)
{
    int i = choice_of(row->param.values, value);
    if (i < 0)
        return fail_choice(&row->param, value, err);
    if (row->id == P_MATCH)
        r->match = (dgmi_match)i;
    else if (row->id == P_SORT)
        r->sort = (dgmi_sort)i;
    else if (row->id == P_HISTOGRAM)
        r->histogram = i;
    else if (row->id == P_GROUP)
        r->group = i == 0;
    else if (row->id == P_HIGHLIGHT)
        r->highlight = (dgmi_highlight)i;
    else if (row->id == P_EXPLAIN)
        r->explain = i == 1;
    else if (row->id == P_EXACT)
        r->exact = i == 1;
    else if (row->id == P_EXPAND)
        r->expand = i == 1;
    else if (row->id == P_SYNONYMS)
        r->synonyms = i == 1;
    else if (row->id == P_CITE)
        r->cite = i == 1;
    else if (row->id == P_RELATED)
        r->related = i == 1;
    else if (row->id == P_LITERAL)
        r->literal = i == 1;
    else if (row->id == P_VERSIONS)
        r->rewritten = i == 1;
    return DGM_OK;
}

static dgm_status set_cursor(dgm_request *r, dgmi_str value, dgm_error *err)
{
    if (value.n > DGMI_CURSOR_TEXT)
        return dgmi_fail(err, DGM_E_ARG, "cursor: longer than any that was given out");
    return replace(&r->cursor, value, err);
}

static dgm_status set_similar(dgm_request *r, dgmi_str value, dgm_error *err)
{
    if (value.n > DGMI_VALUE_BYTES || !dgmi_utf8_valid(value.p, value.n))
        return dgmi_fail(err, DGM_E_ARG, "similar: not an id");
    return replace(&r->similar, value, err);
}

static dgm_status set_as_of(dgm_request *r, dgmi_str value, dgm_error *err)
{
    if (dgmi_asof_read(value, &r->as_of))
        return DGM_OK;
    r->as_of.kind = DGMI_ASOF_NONE;
    return dgmi_fail(err, DGM_E_ARG,
                     "as_of: \"%.*s\" is no date such as 2021-06-16, place such as "
                     "1:4711 or revision such as 3-1042",
                     (int)dgmi_utf8_cut(value.p, value.n, 60), value.p);
}

static dgm_status set_row(dgm_request *r, const param_row *row, dgmi_str value,
                          dgm_error *err)
{
    switch (row->id) {
    case P_Q: /* one byte beyond the bound is kept, so that the parser can refuse it */
        if (value.n > DGMI_QUERY_BYTES + 1)
            value.n = DGMI_QUERY_BYTES + 1;
        return replace(&r->q, value, err);
    case P_FROM:
    case P_TO:
        return set_date(r, row, dgmi_str_trim(value), err);
    case P_FILTER:
        return add_filter(r, row, dgmi_str_trim(value), err);
    case P_LIMIT:
        return set_limit(r, value, err);
    case P_CURSOR:
        return set_cursor(r, value, err);
    case P_FACETS:
        return set_facets(r, &row->param, value, err);
    case P_RECENCY:
    case P_HALF_LIFE:
        return set_real(r, row, value, err);
    case P_AS_OF:
        return set_as_of(r, dgmi_str_trim(value), err);
    case P_SIMILAR:
        return set_similar(r, value, err);
    case P_MATCH:
    case P_SORT:
    case P_HISTOGRAM:
    case P_GROUP:
    case P_HIGHLIGHT:
    case P_EXPLAIN:
    case P_EXACT:
    case P_LITERAL:
    case P_SYNONYMS:
    case P_EXPAND:
    case P_VERSIONS:
    case P_RELATED:
    case P_CITE:
        return set_choice(r, row, value, err);
    }
    return DGM_OK;
}

dgm_status dgm_request_set(dgm_request *request, const char *name, const char *value,
                           dgm_error *err)
{
    if (!request || !name || !value)
        return dgmi_fail(err, DGM_E_ARG, "a request, a name and a value are needed");
    for (size_t i = 0; i < N_PARAMS; i++) {
        if (strcmp(table[i].param.name, name) != 0)
            continue;
        if (!*value && table[i].id != P_Q)
            return dgmi_fail(err, DGM_E_ARG, "%s: the value is empty", name);
        return set_row(request, &table[i], dgmi_str_of(value), err);
    }
    return dgmi_fail(err, DGM_E_ARG, "%.60s: no such parameter", name);
}
