/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies as JSON: pages of results, statistics, problems. Depends on json_out.h.
 * Written straight into the buffer: building a tree first took six times as long. */
#include "json_out.h"

static void put_stand_ins(dgmi_buf *out, const dgm_page *page)
{
    dgmi_json_key(out, "synonyms");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < page->n_synonyms; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "words", page->synonyms[i].words);
        dgmi_json_put_text(out, "synonym", page->synonyms[i].synonym);
        dgmi_json_put_text(out, "from", page->synonyms[i].own ? "archive" : "built-in");
        dgmi_json_put_number(out, "line", page->synonyms[i].line);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

static void put_query(dgmi_buf *out, const dgm_page *page)
{
    dgmi_json_key(out, "query");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "text", page->query_text);
    dgmi_json_put_text(out, "parsed", page->query_parsed);
    dgmi_json_put_text(out, "suggestion", page->suggestion);
    if (page->n_synonyms > 0)
        put_stand_ins(out, page);
    if (page->has_related)
        dgmi_json_put_texts(out, "related", page->related, page->n_related);
    dgmi_buf_putc(out, '}');
}

static void put_total(dgmi_buf *out, const dgm_page *page)
{
    dgmi_json_key(out, "total");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_number(out, "value", page->total);
    dgmi_json_put_text(out, "relation", page->total_exact ? "eq" : "gte");
    if (page->grouped) {
        dgmi_json_put_number(out, "items", page->items);
        dgmi_json_put_number(out, "stories", page->stories);
    }
    dgmi_buf_putc(out, '}');
}

static void put_turn(dgmi_buf *out, const dgm_turn *turn)
{
    dgmi_json_key(out, "turn");
    if (turn == NULL) {
        dgmi_buf_puts(out, "null");
        return;
    }
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "role", dgmi_role_name(turn->role));
    dgmi_json_put_text(out, "speaker", turn->speaker);
    dgmi_buf_putc(out, '}');
}

static void put_parts(dgmi_buf *out, const dgm_hit *hit)
{
    if (hit->parts == NULL)
        return;
    dgmi_json_key(out, "explain");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < hit->n_parts; i++) {
        const dgm_part *part = &hit->parts[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "what", part->what);
        dgmi_json_put_real(out, "weight", part->weight);
        dgmi_json_put_real(out, "idf", part->idf);
        dgmi_json_put_number(out, "impact", part->impact);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

static void put_story(dgmi_buf *out, const dgm_hit_story *story)
{
    if (story == NULL)
        return;
    dgmi_json_key(out, "story");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", story->id);
    dgmi_json_put_number(out, "items", story->items);
    dgmi_json_put_time(out, "first_seen", story->first_seen);
    dgmi_json_key(out, "copies");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < story->n_copies; i++) {
        const dgm_copy *copy = &story->copies[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "id", copy->id);
        dgmi_json_put_text(out, "title", copy->title);
        dgmi_json_put_text(out, "source", copy->source);
        dgmi_json_put_text(out, "provider", copy->provider);
        dgmi_json_put_time(out, "published", copy->published);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_puts(out, "]}");
}

void dgmi_json_put_hit(dgmi_buf *out, const dgm_hit *hit)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "id", hit->id);
    dgmi_json_put_real(out, "score", hit->score);
    dgmi_json_put_text(out, "title", hit->title);
    if (hit->title_html)
        dgmi_json_put_text(out, "title_html", hit->title_html);
    dgmi_json_put_text(out, "snippet", hit->snippet);
    dgmi_json_put_time(out, "published", hit->published);
    dgmi_json_put_text(out, "region", hit->region);
    dgmi_json_put_text(out, "country", hit->country);
    dgmi_json_put_text(out, "source", hit->source);
    dgmi_json_put_text(out, "language", hit->language);
    dgmi_json_put_bool(out, "translated", hit->translated);
    dgmi_json_put_text(out, "url", hit->url);
    dgmi_json_put_texts(out, "topics", hit->topics, hit->n_topics);
    if (hit->n_variants > 0)
        dgmi_json_put_texts(out, "variants", hit->variants, hit->n_variants);
    if (hit->n_synonyms > 0)
        dgmi_json_put_texts(out, "synonyms", hit->synonyms, hit->n_synonyms);
    put_turn(out, hit->turn);
    if (hit->relaxed)
        dgmi_json_put_bool(out, "relaxed", true);
    if (hit->expanded)
        dgmi_json_put_bool(out, "expanded", true);
    put_story(out, hit->story);
    put_parts(out, hit);
    dgmi_buf_putc(out, '}');
}

static void put_hits(dgmi_buf *out, const dgm_page *page)
{
    dgmi_json_key(out, "hits");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < page->n_hits; i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        dgmi_json_put_hit(out, &page->hits[i]);
    }
    dgmi_buf_putc(out, ']');
}

static void put_facet(dgmi_buf *out, const dgm_facet *facet)
{
    dgmi_json_key(out, facet->field);
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < facet->n_values; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "value", facet->values[i].value);
        dgmi_json_put_number(out, "count", facet->values[i].count);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

static void put_facets(dgmi_buf *out, const dgm_page *page)
{
    dgmi_json_key(out, "facets");
    dgmi_buf_putc(out, '{');
    for (size_t i = 0; i < page->n_facets; i++)
        put_facet(out, &page->facets[i]);
    dgmi_buf_putc(out, '}');
}

static void put_histogram(dgmi_buf *out, const dgm_page *page)
{
    dgmi_json_key(out, "histogram");
    if (!page->has_histogram) {
        dgmi_buf_puts(out, "null");
        return;
    }
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < page->n_buckets; i++) {
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_time(out, "from", page->histogram[i].from);
        dgmi_json_put_number(out, "count", page->histogram[i].count);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

void dgmi_json_page(dgmi_buf *out, const dgm_page *page)
{
    dgmi_buf_putc(out, '{');
    put_query(out, page);
    dgmi_json_put_real(out, "took_ms", page->took_ms);
    dgmi_json_put_text(out, "revision", page->revision);
    put_total(out, page);
    if (page->partial)
        dgmi_json_put_bool(out, "partial", true);
    if (page->grouped)
        dgmi_json_put_text(out, "grouped", "story");
    put_hits(out, page);
    if (page->citation)
        dgmi_json_put_citation(out, page);
    put_facets(out, page);
    put_histogram(out, page);
    dgmi_json_put_text(out, "next", page->next);
    dgmi_json_put_texts(out, "warnings", page->warnings, page->n_warnings);
    dgmi_json_put_silences(out, page);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_problem(dgmi_buf *out, int status, const char *title, const char *detail,
                       const char *name, int32_t offset)
{
    dgmi_buf_puts(out, "{\"type\":\"about:blank\"");
    dgmi_json_put_text(out, "title", title);
    dgmi_json_put_number(out, "status", (uint64_t)status);
    dgmi_json_put_text(out, "detail", detail);
    if (name != NULL) {
        dgmi_json_key(out, "errors");
        dgmi_buf_puts(out, "[{");
        dgmi_json_put_text(out, "name", name);
        dgmi_json_put_text(out, "reason", detail);
        dgmi_buf_puts(out, "}]");
    }
    if (offset >= 0)
        dgmi_json_put_number(out, "offset", (uint64_t)offset);
    dgmi_buf_putc(out, '}');
}

void dgmi_json_stats(dgmi_buf *out, const dgm_stats *stats)
{
    dgmi_buf_putc(out, '{');
    dgmi_json_put_number(out, "items", stats->items);
    dgmi_json_put_number(out, "canceled", stats->canceled);
    dgmi_json_put_number(out, "generation", stats->generation);
    dgmi_json_put_number(out, "terms", stats->terms);
    dgmi_json_put_number(out, "archive_bytes", stats->archive_bytes);
    dgmi_json_put_number(out, "index_bytes", stats->index_bytes);
    dgmi_json_put_number(out, "pending", stats->pending);
    dgmi_json_put_real(out, "average_length", stats->average_length);
    dgmi_json_put_time(out, "newest", stats->newest);
    dgmi_json_put_time(out, "oldest", stats->oldest);
    dgmi_json_put_text(out, "revision", stats->revision);
    dgmi_json_put_text(out, "newest_id",
                       stats->newest_id[0] != '\0' ? stats->newest_id : NULL);
    dgmi_buf_putc(out, '}');
}
