/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The canonical text of a request, and the key that a cursor is bound to. Depends on
 * lib/text. */
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "hash.h"
#include "request.h"

static const char *const match_names[] = { "all", "most", "any" };
static const char *const sort_names[] = { "relevance", "newest", "oldest" };
static const char *const highlight_names[] = { "html", "text", "none" };
static const char *const interval_names[] = { "hour", "day", "week", "month", "year" };

static void put_escaped(dgmi_buf *out, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                     c == '~';
        unsigned char byte = (unsigned char)c;
        char code[] = { '%', "0123456789ABCDEF"[byte >> 4],
                        "0123456789ABCDEF"[byte & 15] };
        if (plain)
            dgmi_buf_putc(out, c);
        else
            dgmi_buf_put(out, code, sizeof code);
    }
}

static void put_name(dgmi_buf *out, const char *name)
{
    if (out->n > 0)
        dgmi_buf_putc(out, '&');
    dgmi_buf_puts(out, name);
    dgmi_buf_putc(out, '=');
}

static void put(dgmi_buf *out, const char *name, const char *value)
{
    put_name(out, name);
    put_escaped(out, value, strlen(value));
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Values that fold to the same key mean the same, so the keys are written, sorted, each
 * once. */
static void put_filter(dgmi_buf *out, const char *name, const dgmi_values *list)
{
    char *keys[DGMI_FILTER_VALUES];
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        dgmi_buf key;
        dgmi_buf_init(&key, 0);
        dgmi_fold_key(&key, list->values[i], strlen(list->values[i]));
        keys[n] = dgmi_buf_take(&key);
        dgmi_buf_clear(&key);
        out->failed = out->failed || !keys[n];
        n += keys[n] != NULL;
    }
    qsort(keys, n, sizeof *keys, compare_texts);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || strcmp(keys[i], keys[i - 1]) != 0)
            put(out, name, keys[i]);
    }
    for (size_t i = 0; i < n; i++)
        free(keys[i]);
}

static void put_filters(dgmi_buf *out, const dgm_request *r, const char *after,
                        const char *until)
{
    /* agency, country ... topic */
    static const int sorted[DGMI_FILTERS] = { 7, 1, 3, 6, 0, 2, 5, 4 };
    for (int i = 0; i < DGMI_FILTERS; i++) {
        const char *name = dgmi_filter_names[sorted[i]];
        if (strcmp(name, after) > 0 && strcmp(name, until) < 0)
            put_filter(out, name, &r->filters[sorted[i]]);
    }
}

static void put_real(dgmi_buf *out, const char *name, double number)
{
    put_name(out, name);
    dgmi_buf_printf(out, "%.12g", number);
}

static void put_as_of(dgmi_buf *out, const dgmi_asof *as_of)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_asof_print(&text, as_of);
    if (text.n > 0)
        put(out, "as_of", text.p);
    out->failed = out->failed || text.failed;
    dgmi_buf_clear(&text);
}

static void put_time(dgmi_buf *out, const char *name, int64_t time)
{
    char text[DGMI_DATE_SIZE];
    if (time != DGM_NO_TIME)
        put(out, name, dgmi_date_format(time, text));
}

static void put_facets(dgmi_buf *out, unsigned facets)
{
    if (facets == 0)
        return;
    put_name(out, "facets");
    for (int i = 0; i < DGMI_FACETS; i++) {
        if (!(facets & 1u << i))
            continue;
        if (facets & ((1u << i) - 1))
            dgmi_buf_puts(out, "%2C");
        dgmi_buf_puts(out, dgmi_facet_names[i]);
    }
}

static void put_query(dgmi_buf *out, const dgm_request *r)
{
    dgmi_str q = dgmi_str_trim(dgmi_str_of(r->q));
    if (q.n == 0)
        return;
    put_name(out, "q");
    put_escaped(out, q.p, q.n);
}

/* No parameter, but what is cached or goes on by this text must know it. */
static void put_among(dgmi_buf *out, const dgmi_among *among)
{
    if (!among)
        return;
    put_name(out, "among");
    dgmi_buf_printf(out, "%lld.%lld.%llx.%llx", (long long)among->from,
                    (long long)among->to, (unsigned long long)among->story,
                    (unsigned long long)among->before);
    for (size_t i = 0; i < among->n; i++) {
        dgmi_buf_putc(out, '.');
        put_escaped(out, among->ids[i], strlen(among->ids[i]));
    }
}

/* In the order of names. whole: also what only decides how a page looks. */
static void put_request(dgmi_buf *out, const dgm_request *r, bool whole)
{
    put_among(out, r->among);
    put_as_of(out, &r->as_of);
    if (whole && r->cite)
        put(out, "cite", "1");
    put_filters(out, r, "", "cursor");
    if (whole && r->cursor)
        put(out, "cursor", r->cursor);
    if (r->exact)
        put(out, "exact", "1");
    if (r->expand)
        put(out, "expand", "1");
    if (whole && r->explain)
        put(out, "explain", "1");
    if (whole)
        put_facets(out, r->facets);
    put_time(out, "from", r->from);
    if (r->group)
        put(out, "group", "story");
    if (r->recency > 0 && r->half_life != DGMI_HALF_LIFE_DAYS)
        put_real(out, "half_life", r->half_life);
    if (whole && r->highlight != DGMI_HIGHLIGHT_HTML)
        put(out, "highlight", highlight_names[r->highlight]);
    if (whole && r->histogram >= 0)
        put(out, "histogram", interval_names[r->histogram]);
    put_filters(out, r, "histogram", "limit");
    if (whole && r->limit != 10) {
        put_name(out, "limit");
        dgmi_buf_printf(out, "%u", r->limit);
    }
    if (r->literal)
        put(out, "literal", "1");
    if (r->match != DGMI_MATCH_ALL)
        put(out, "match", match_names[r->match]);
    put_filters(out, r, "match", "q");
    put_query(out, r);
    put_filters(out, r, "q", "recency");
    if (r->recency > 0)
        put_real(out, "recency", r->recency);
    put_filters(out, r, "recency", "related");
    if (whole && r->related)
        put(out, "related", "1");
    put_filters(out, r, "related", "similar");
    if (r->similar)
        put(out, "similar", r->similar);
    put_filters(out, r, "similar", "sort");
    if (r->sort != DGMI_BY_RELEVANCE)
        put(out, "sort", sort_names[r->sort]);
    put_filters(out, r, "sort", "synonyms");
    if (r->synonyms)
        put(out, "synonyms", "1");
    put_filters(out, r, "synonyms", "to");
    put_time(out, "to", r->before == DGM_NO_TIME ? DGM_NO_TIME : r->before - 1);
    put_filters(out, r, "to", "versions");
    if (r->rewritten)
        put(out, "versions", "all");
    put_filters(out, r, "versions", "~");
}

const char *dgm_request_text(dgm_request *request)
{
    dgmi_buf_reset(&request->text);
    put_request(&request->text, request, true);
    if (request->text.failed)
        return NULL;
    return request->text.n > 0 ? request->text.p : "";
}

uint64_t dgmi_request_key(const dgm_request *request)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    put_request(&text, request, false);
    uint64_t key = text.failed ? 0 : dgmi_hash64(text.p, text.n);
    dgmi_buf_clear(&text);
    return key;
}
