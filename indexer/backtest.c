/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a topic would have caught: for `dragoman topics backtest`, before it is added. */
#include <inttypes.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "json_out.h"
#include "topics.h"

enum { DAY = 86400, DEADLINE_MS = 2000 };

/* A search with the topic's query, its label as a filter, or both. */
static dgm_status ask(dgm *desk, const dgm_topic *topic, bool query, bool label,
                      const char *from, const char *const *more, dgm_page **out,
                      dgm_error *err)
{
    dgm_request *request = dgm_request_new();
    dgm_status status = request ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK)
        dgm_request_set_deadline(request, DEADLINE_MS);
    if (status == DGM_OK && query)
        status = dgm_topic_ask(topic, request, err);
    if (status == DGM_OK && label)
        status = dgm_request_set(request, "topic", topic->label, err);
    if (status == DGM_OK && from)
        status = dgm_request_set(request, "from", from, err);
    for (; status == DGM_OK && more && *more; more += 2)
        status = dgm_request_set(request, more[0], more[1], err);
    if (status == DGM_OK)
        status = dgm_search(desk, request, out, err);
    dgm_request_free(request);
    return status;
}

static dgm_status count(dgm *desk, const dgm_topic *topic, bool query, bool label,
                        const char *from, uint64_t *out, dgm_error *err)
{
    static const char *const bare[] = { "highlight", "none", NULL };
    dgm_page *page = NULL;
    dgm_status status = ask(desk, topic, query, label, from, bare, &page, err);
    if (status == DGM_OK && !page->total_exact)
        status = dgmi_fail(err, DGM_E_TIMEOUT, "%s: counting its items took too long",
                           topic->name);
    *out = status == DGM_OK ? page->total : 0;
    dgm_page_free(page);
    return status;
}

dgm_status topic_compare(dgm *desk, const dgm_topic *topic, const char *from,
                         topic_change *out, dgm_error *err)
{
    uint64_t both = 0;
    dgm_status status = count(desk, topic, true, false, from, &out->matching, err);
    if (status == DGM_OK)
        status = count(desk, topic, false, true, from, &out->tagged, err);
    if (status == DGM_OK)
        status = count(desk, topic, true, true, from, &both, err);
    out->gained = out->matching - both;
    out->lost = out->tagged - both;
    return status;
}

/* The day from which on the last days are; "" if no item has a date. */
static dgm_status first_day(dgm *desk, unsigned long days, char out[DGMI_DATE_SIZE],
                            dgm_error *err)
{
    dgm_stats stats;
    dgm_status status = dgm_stat(desk, &stats, err);
    out[0] = '\0';
    if (status == DGM_OK && stats.newest != DGM_NO_TIME) {
        dgmi_date_format(stats.newest - (int64_t)(days - 1) * DAY, out);
        out[10] = '\0';
    }
    return status;
}

static void put_text(dgmi_buf *out, const dgm_topic *t, const topics_run *r,
                     const char *from, const dgm_page *page, const topic_change *change)
{
    const dgm_facet *sources = page->n_facets > 0 ? &page->facets[0] : NULL;
    size_t n = sources ? sources->n_values : 0;
    dgmi_buf_printf(out,
                    "%s: %" PRIu64 " items, %" PRIu64 " stories in the last %lu days "
                    "(from %s), from %zu sources\n",
                    t->label, page->items, page->stories, r->days, from, n);
    if (n > 0 && page->stories > 0)
        dgmi_buf_printf(out, "  %s has %" PRIu64 " of the stories (%.0f %%)\n",
                        sources->values[0].value, sources->values[0].count,
                        100.0 * (double)sources->values[0].count / (double)page->stories);
    dgmi_buf_printf(out,
                    "  %" PRIu64 " items have the topic now; %" PRIu64
                    " would be more, %" PRIu64 " fewer\n",
                    change->tagged, change->gained, change->lost);
    for (size_t i = 0; i < page->n_hits; i++) {
        char date[DGMI_DATE_SIZE];
        const dgm_hit *hit = &page->hits[i];
        bool dated = hit->published != DGM_NO_TIME;
        dgmi_buf_printf(out, "  %.10s  %s\n",
                        dated ? dgmi_date_format(hit->published, date) : "-         ",
                        hit->title);
    }
}

static void put_json(dgmi_buf *out, const dgm_topic *t, const topics_run *r,
                     const char *from, const dgm_page *page, const topic_change *change)
{
    const dgm_facet *sources = page->n_facets > 0 ? &page->facets[0] : NULL;
    size_t n = sources ? sources->n_values : 0;
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "name", t->name);
    dgmi_json_put_text(out, "label", t->label);
    dgmi_json_put_number(out, "days", r->days);
    dgmi_json_put_text(out, "from", from);
    dgmi_json_put_number(out, "items", page->items);
    dgmi_json_put_number(out, "stories", page->stories);
    dgmi_json_put_number(out, "sources", n);
    dgmi_json_put_text(out, "first_source", n > 0 ? sources->values[0].value : NULL);
    dgmi_json_put_number(out, "first_source_stories",
                         n > 0 ? sources->values[0].count : 0);
    dgmi_json_put_number(out, "tagged", change->tagged);
    dgmi_json_put_number(out, "gained", change->gained);
    dgmi_json_put_number(out, "lost", change->lost);
    dgmi_json_key(out, "titles");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < page->n_hits; i++) {
        dgmi_buf_puts(out, i > 0 ? "," : "");
        dgmi_json_string(out, page->hits[i].title);
    }
    dgmi_buf_puts(out, "]}\n");
}

dgm_status topic_backtest(dgm *desk, const dgm_topic *topic, const topics_run *r,
                          dgmi_buf *out, dgm_error *err)
{
    static const char *const stories[] = { "group",     "story",  "facets", "source",
                                           "sort",      "newest", "limit",  "8",
                                           "highlight", "none",   NULL };
    char from[DGMI_DATE_SIZE];
    dgm_page *page = NULL;
    topic_change change = { 0 };
    dgm_status status = first_day(desk, r->days, from, err);
    if (status == DGM_OK && from[0])
        status = topic_compare(desk, topic, from, &change, err);
    if (status == DGM_OK)
        status =
            ask(desk, topic, true, false, from[0] ? from : NULL, stories, &page, err);
    if (status == DGM_OK)
        (r->json ? put_json : put_text)(out, topic, r, from[0] ? from : "ever", page,
                                        &change);
    dgm_page_free(page);
    return status;
}
