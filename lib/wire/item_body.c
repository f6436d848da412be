/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The body of an item in JSON: anybody's text or HTML, or the archive's paragraphs with
 * their turns and spans. Depends on item_read.h. */
#include "item_read.h"

#include <string.h>

#include "fail.h"

/* Tags that plain text does not hold by accident. */
static bool is_markup(dgmi_str s)
{
    static const char *const tags[] = { "<p>",    "<p ",  "</p>", "<br",  "<div",
                                        "</div>", "<li>", "</a>", "<span" };
    for (;;) {
        const char *at = s.n > 0 ? memchr(s.p, '<', s.n) : NULL;
        if (at == NULL)
            return false;
        s = dgmi_str_skip(s, (size_t)(at - s.p));
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
            if (dgmi_str_starts_nocase(s, tags[i]))
                return true;
        }
        s = dgmi_str_skip(s, 1);
    }
}

static void add_body(dgmi_reading *r, dgmi_str text)
{
    if (is_markup(text))
        dgmi_item_set_markup(r->item, text);
    else
        dgmi_item_add_text(r->item, text);
}

/* An array of strings, joined by blank lines; false if it holds anything else. */
static bool join(const json_t *array, dgmi_buf *out)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *one = json_array_get(array, i);
        if (!json_is_string(one))
            return false;
        if (i > 0)
            dgmi_buf_puts(out, "\n\n");
        dgmi_buf_put(out, json_string_value(one), json_string_length(one));
    }
    return !out->failed;
}

static bool read_body_member(dgmi_reading *r, const char *name)
{
    json_t *value = json_object_get(r->root, name);
    bool taken = false, filled = false;
    dgmi_buf joined;
    dgmi_buf_init(&joined, DGMI_OBJECT_MAX);
    if (json_is_string(value)) {
        dgmi_buf_put(&joined, json_string_value(value), json_string_length(value));
        taken = !joined.failed;
    } else if (json_is_array(value)) {
        taken = join(value, &joined);
    }
    if (taken) {
        filled = joined.n > 0;
        if (filled)
            add_body(r, dgmi_buf_str(&joined));
        json_object_del(r->root, name);
    } else if (json_is_null(value)) {
        json_object_del(r->root, name);
    }
    dgmi_buf_clear(&joined);
    return filled;
}

void dgmi_read_body(dgmi_reading *r)
{
    static const char *const html_names[] = { "body_html", "content_html" };
    if (read_body_member(r, "body") || read_body_member(r, "text"))
        return;
    for (size_t i = 0; i < sizeof html_names / sizeof *html_names; i++) {
        const json_t *value = json_object_get(r->root, html_names[i]);
        if (!json_is_string(value) || json_string_length(value) == 0)
            continue;
        dgmi_str html = { json_string_value(value), json_string_length(value) };
        dgmi_item_set_markup(r->item, html);
        json_object_del(r->root, html_names[i]);
        return;
    }
}

/* ---- What only the archive's lines hold ---- */

static bool number_of(const json_t *object, const char *name, uint64_t most,
                      uint32_t *out)
{
    const json_t *value = json_object_get(object, name);
    json_int_t v = json_integer_value(value);
    *out = (uint32_t)v;
    return json_is_integer(value) && v >= 0 && (uint64_t)v <= most;
}

static dgm_status read_prepared_body(dgmi_reading *r, dgm_error *err)
{
    const json_t *body = json_object_get(r->root, "body");
    for (size_t i = 0; i < json_array_size(body); i++) {
        const json_t *one = json_array_get(body, i);
        dgmi_item_add_paragraph(
            r->item, (dgmi_str){ json_string_value(one), json_string_length(one) });
    }
    if (dgmi_item_count_paragraphs(r->item) != json_array_size(body))
        return dgmi_fail(err, DGM_E_ARG, "body: not an array of paragraphs");
    json_object_del(r->root, "body");
    return DGM_OK;
}

static dgm_status read_turns(dgmi_reading *r, dgm_error *err)
{
    const json_t *turns = json_object_get(r->root, "turns");
    size_t n = dgmi_item_count_paragraphs(r->item);
    for (size_t i = 0; i < json_array_size(turns); i++) {
        const json_t *one = json_array_get(turns, i);
        const char *role = json_string_value(json_object_get(one, "role"));
        const char *speaker = json_string_value(json_object_get(one, "speaker"));
        uint32_t from, to;
        bool asks = role != NULL && strcmp(role, "question") == 0;
        if ((!asks && (role == NULL || strcmp(role, "answer") != 0)) ||
            !number_of(one, "from", n, &from) || !number_of(one, "to", n, &to) ||
            from >= to)
            return dgmi_fail(err, DGM_E_ARG, "turns: number %zu is not a turn", i + 1);
        dgmi_item_add_turn(r->item, asks ? DGM_QUESTION : DGM_ANSWER,
                           dgmi_str_of(speaker), from, to);
    }
    json_object_del(r->root, "turns");
    return DGM_OK;
}

static dgm_status read_asides(dgmi_reading *r, dgm_error *err)
{
    const json_t *asides = json_object_get(r->root, "boilerplate");
    size_t n = dgmi_item_count_paragraphs(r->item);
    for (size_t i = 0; i < json_array_size(asides); i++) {
        const json_t *one = json_array_get(asides, i);
        const char *kind = json_string_value(json_object_get(one, "kind"));
        const char *text = json_string_value(json_object_get(one, "text"));
        uint32_t before;
        if (kind == NULL || text == NULL || !number_of(one, "before", n, &before))
            return dgmi_fail(err, DGM_E_ARG, "boilerplate: number %zu is not a span",
                             i + 1);
        dgmi_item_add_aside(r->item, kind, dgmi_str_of(text), before);
    }
    json_object_del(r->root, "boilerplate");
    return DGM_OK;
}

static bool is_evidence(const dgm_evidence *e)
{
    return e->field != NULL && e->value != NULL && e->text != NULL && e->rule != NULL &&
           e->where != NULL && e->from <= e->to;
}

static dgm_status read_provenance(dgmi_reading *r, dgm_error *err)
{
    const json_t *list = json_object_get(r->root, "provenance");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        dgm_evidence e = { .field = json_string_value(json_object_get(one, "field")),
                           .value = json_string_value(json_object_get(one, "value")),
                           .text = json_string_value(json_object_get(one, "text")),
                           .rule = json_string_value(json_object_get(one, "rule")),
                           .where = json_string_value(json_object_get(one, "where")) };
        if (!number_of(one, "from", UINT32_MAX, &e.from) ||
            !number_of(one, "to", UINT32_MAX, &e.to) || !is_evidence(&e))
            return dgmi_fail(err, DGM_E_ARG, "provenance: number %zu is no evidence",
                             i + 1);
        dgmi_item_add_evidence(r->item, &e);
    }
    json_object_del(r->root, "provenance");
    return DGM_OK;
}

static dgm_status read_warnings(dgmi_reading *r, dgm_error *err)
{
    const json_t *list = json_object_get(r->root, "warnings");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL)
            return dgmi_fail(err, DGM_E_ARG, "warnings: number %zu is no text", i + 1);
        dgmi_item_add_warning(r->item, text);
    }
    json_object_del(r->root, "warnings");
    return DGM_OK;
}

dgm_status dgmi_read_structure(dgmi_reading *r, dgm_error *err)
{
    dgm_status status = read_prepared_body(r, err);
    if (status == DGM_OK)
        status = read_turns(r, err);
    if (status == DGM_OK)
        status = read_asides(r, err);
    if (status == DGM_OK)
        status = read_provenance(r, err);
    if (status == DGM_OK)
        status = read_warnings(r, err);
    if (status == DGM_OK && dgmi_item_get(r->item, DGMI_ID) == NULL)
        status = dgmi_fail(err, DGM_E_ARG, "id: missing");
    return status;
}
