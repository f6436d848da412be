/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An item as one line of JSON: the archive's form. Depends on json_out.h. */
#include "json_out.h"

#include <string.h>

static void put_known(dgmi_buf *out, const char *name, const char *value)
{
    if (value != NULL)
        dgmi_json_put_text(out, name, value);
}

static void put_known_time(dgmi_buf *out, const char *name, int64_t value)
{
    if (value != DGM_NO_TIME)
        dgmi_json_put_time(out, name, value);
}

static void put_known_texts(dgmi_buf *out, const char *name, const char *const *values,
                            size_t n)
{
    if (n > 0)
        dgmi_json_put_texts(out, name, values, n);
}

static void put_turns(dgmi_buf *out, const dgm_item *item)
{
    if (item->n_turns == 0)
        return;
    dgmi_json_key(out, "turns");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < item->n_turns; i++) {
        const dgm_turn *turn = &item->turns[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "role", dgmi_role_name(turn->role));
        dgmi_json_put_text(out, "speaker", turn->speaker);
        dgmi_json_put_number(out, "from", turn->from);
        dgmi_json_put_number(out, "to", turn->to);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

static void put_asides(dgmi_buf *out, const dgm_item *item)
{
    if (item->n_asides == 0)
        return;
    dgmi_json_key(out, "boilerplate");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < item->n_asides; i++) {
        const dgm_aside *aside = &item->asides[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "kind", aside->kind);
        dgmi_json_put_text(out, "text", aside->text);
        dgmi_json_put_number(out, "before", aside->before);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

static void put_provenance(dgmi_buf *out, const dgm_item *item)
{
    if (item->n_evidence == 0)
        return;
    dgmi_json_key(out, "provenance");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < item->n_evidence; i++) {
        const dgm_evidence *e = &item->evidence[i];
        dgmi_buf_puts(out, i > 0 ? ",{" : "{");
        dgmi_json_put_text(out, "field", e->field);
        dgmi_json_put_text(out, "value", e->value);
        dgmi_json_put_text(out, "rule", e->rule);
        dgmi_json_put_text(out, "where", e->where);
        dgmi_json_put_number(out, "from", e->from);
        dgmi_json_put_number(out, "to", e->to);
        dgmi_json_put_text(out, "text", e->text);
        dgmi_buf_putc(out, '}');
    }
    dgmi_buf_putc(out, ']');
}

static void put_links(dgmi_buf *out, const dgm_item *item)
{
    if (item->evolved_from == NULL && item->translation_of == NULL)
        return;
    dgmi_json_key(out, "links");
    dgmi_buf_putc(out, '{');
    put_known(out, "evolved_from", item->evolved_from);
    put_known(out, "translation_of", item->translation_of);
    dgmi_buf_putc(out, '}');
}

static void put_rewrites(dgmi_buf *out, const dgm_item *item)
{
    put_known(out, "successor", item->successor);
    put_known_texts(out, "ancestors", item->ancestors, item->n_ancestors);
    if (item->n_ancestors > 0)
        dgmi_json_put_text(out, "original_id", item->ancestors[item->n_ancestors - 1]);
}

const char *dgmi_status_name(dgm_item_status status)
{
    switch (status) {
    case DGM_USABLE:
        return "usable";
    case DGM_WITHHELD:
        return "withheld";
    case DGM_CANCELED:
        return "canceled";
    }
    return "usable";
}

const char *dgmi_role_name(dgm_role role)
{
    switch (role) {
    case DGM_QUESTION:
        return "question";
    case DGM_ANSWER:
        return "answer";
    case DGM_QUOTATION:
        return "quotation";
    }
    return "answer";
}

/* The members of `extra` without the braces around them. */
static void put_extra(dgmi_buf *out, const char *extra)
{
    size_t n = extra != NULL ? strlen(extra) : 0;
    if (n <= 2 || extra[0] != '{' || extra[n - 1] != '}')
        return;
    dgmi_buf_putc(out, ',');
    dgmi_buf_put(out, extra + 1, n - 2);
}

void dgmi_json_item(dgmi_buf *out, const dgm_item *item)
{
    dgmi_buf_puts(out, "{\"dgm\":1");
    put_known(out, "id", item->id);
    put_known(out, "version", item->version);
    put_known(out, "title", item->title);
    if (item->title_derived)
        dgmi_json_put_bool(out, "title_derived", true);
    put_known_time(out, "published", item->published);
    put_known_time(out, "updated", item->updated);
    put_known_time(out, "fetched", item->fetched);
    put_known_time(out, "embargo", item->embargo);
    put_known(out, "region", item->region);
    put_known(out, "country", item->country);
    put_known(out, "source", item->source);
    put_known(out, "provider", item->provider);
    put_known(out, "agency", item->agency);
    put_known(out, "author", item->author);
    put_known(out, "language", item->language);
    dgmi_json_put_bool(out, "translated", item->translated);
    put_known(out, "original_language", item->original_language);
    put_known(out, "url", item->url);
    put_known_texts(out, "topics", item->topics, item->n_topics);
    put_known_texts(out, "names", item->names, item->n_names);
    put_links(out, item);
    put_rewrites(out, item);
    dgmi_json_put_text(out, "status", dgmi_status_name(item->status));
    dgmi_json_put_texts(out, "body", item->paragraphs, item->n_paragraphs);
    put_turns(out, item);
    put_asides(out, item);
    put_provenance(out, item);
    put_known_texts(out, "warnings", item->warnings, item->n_warnings);
    put_known(out, "sha256", item->sha256);
    put_extra(out, item->extra);
    dgmi_buf_putc(out, '}');
}
