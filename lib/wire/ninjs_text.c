/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Headline and body of a ninjs item, of the several that it may have. Depends on ninjs.h.
 * 1.x has a member each (body_html, body_text, any body_*), later versions one array of
 * {role, contenttype, value}. */
#include <string.h>

#include "ninjs.h"

enum { NITF = 1, TEXT, HTML, KINDS }; /* kinds of a text, the better the higher */

static dgmi_str text_of(const json_t *value)
{
    dgmi_str s = { json_string_value(value), json_string_length(value) };
    return s.p != NULL ? s : (dgmi_str){ "", 0 };
}

static bool is_blank(dgmi_str s)
{
    return dgmi_str_trim(s).n == 0;
}

static bool contains(dgmi_str s, const char *what)
{
    return s.n > 0 && memmem(s.p, s.n, what, strlen(what)) != NULL;
}

/* ---- Kinds ---- */

/* By the media type; 0 for what is no text. */
static int kind_of_type(dgmi_str type)
{
    if (contains(type, "html"))
        return HTML;
    if (contains(type, "nitf") || contains(type, "NITF"))
        return NITF;
    bool other = contains(type, "/") && !dgmi_str_starts_nocase(type, "text/");
    return other ? 0 : TEXT;
}

static int kind_of_name(dgmi_str name)
{
    if (contains(name, "html") || contains(name, "rich"))
        return HTML;
    return contains(name, "nitf") ? NITF : TEXT;
}

/* What stands between the first "<name...>" and the last "</name>"; empty if nothing
 * does. */
static dgmi_str inside(dgmi_str s, const char *open, const char *close)
{
    const char *from = s.n > 0 ? memmem(s.p, s.n, open, strlen(open)) : NULL;
    dgmi_str rest =
        from != NULL ? dgmi_str_skip(s, (size_t)(from - s.p)) : (dgmi_str){ "", 0 };
    const char *begins = rest.n > 0 ? memchr(rest.p, '>', rest.n) : NULL;
    if (begins == NULL)
        return (dgmi_str){ "", 0 };
    rest = dgmi_str_skip(rest, (size_t)(begins - rest.p) + 1);
    const char *ends = rest.n > 0 ? memmem(rest.p, rest.n, close, strlen(close)) : NULL;
    return ends != NULL ? (dgmi_str){ rest.p, (size_t)(ends - rest.p) } : rest;
}

/* One of the texts of an item, and where it stands. */
typedef struct choice {
    json_t *holder; /* NULL: none */
    const char *name;
    dgmi_str text;
    int kind;
} choice;

static void set_body(dgmi_reading *r, dgmi_str text, int kind)
{
    if (kind == NITF) {
        dgmi_str content = inside(text, "<body.content", "</body.content>");
        text = content.n > 0 ? content : text;
    }
    if (kind == TEXT)
        dgmi_item_add_text(r->item, text);
    else
        dgmi_item_set_markup(r->item, text);
}

static bool take(dgmi_reading *r, const choice *c)
{
    if (c->holder == NULL)
        return false;
    set_body(r, c->text, c->kind);
    json_object_del(c->holder, c->name);
    return true;
}

/* ---- Arrays of {role, contenttype, value} ---- */

/* Roles, and ends of names, of what is not the text itself. */
static const char *const asides[] = { "credit", "creditline", "writer",
                                      "byline", "caption",    "lead",
                                      "teaser", "summary",    "abstract" };

enum { CREDITS = 4 }; /* so many of them do not describe anything either */

static bool is_aside(dgmi_str role, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (dgmi_str_eq_nocase(role, asides[i]))
            return true;
    }
    return false;
}

/* The best of the texts in an array; of equals the first. `n`: the asides that count. */
static choice best_entry(const json_t *array, size_t n)
{
    choice best = { .name = "value" };
    int highest = 0;
    for (size_t i = 0; i < json_array_size(array); i++) {
        json_t *one = json_array_get(array, i);
        const char *type = dgmi_json_member(one, "contenttype");
        if (type == NULL)
            type = dgmi_json_member(one, "contentType");
        dgmi_str role = dgmi_str_trim(dgmi_str_of(dgmi_json_member(one, "role")));
        dgmi_str text = text_of(json_object_get(one, "value"));
        int kind = type != NULL ? kind_of_type(dgmi_str_of(type)) : kind_of_name(role);
        int rank = dgmi_str_eq_nocase(role, "main") ? 2 : !is_aside(role, n);
        int score = rank * KINDS + kind;
        if (kind == 0 || score <= highest || is_blank(text))
            continue;
        highest = score;
        best.holder = one;
        best.text = text;
        best.kind = kind;
    }
    return best;
}

/* ---- Members by name ---- */

static choice member_choice(json_t *root, const char *name)
{
    choice c = { .name = name, .text = text_of(json_object_get(root, name)) };
    c.kind = kind_of_name(dgmi_str_of(name));
    c.holder = is_blank(c.text) ? NULL : root;
    return c;
}

/* The first member whose name begins so and which holds text, or NULL. */
static const char *member_that_starts(json_t *root, const char *prefix)
{
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        dgmi_str s = dgmi_str_of(name);
        if (dgmi_str_starts(s, prefix) && !is_blank(text_of(value)) &&
            !is_aside(dgmi_str_skip(s, strlen(prefix)), CREDITS))
            return name;
    }
    return NULL;
}

static choice best_member(json_t *root, const char *const *names, const char *prefix)
{
    for (; *names != NULL; names++) {
        choice c = member_choice(root, *names);
        if (c.holder != NULL)
            return c;
    }
    const char *other = member_that_starts(root, prefix);
    return other != NULL ? member_choice(root, other) : (choice){ .holder = NULL };
}

static choice find_body(json_t *root)
{
    static const char *const names[] = { "body_html", "body_xhtml", "body_text", NULL };
    choice c =
        best_entry(json_object_get(root, "bodies"), sizeof asides / sizeof *asides);
    return c.holder != NULL ? c : best_member(root, names, "body_");
}

static choice find_description(json_t *root)
{
    static const char *const names[] = { "description_text", "description_html",
                                         "description_caption", "description", NULL };
    choice c = best_entry(json_object_get(root, "descriptions"), CREDITS);
    return c.holder != NULL ? c : best_member(root, names, "description_");
}

dgmi_ninjs_text dgmi_ninjs_read_body(dgmi_reading *r, bool prose)
{
    choice body = find_body(r->root), description = find_description(r->root);
    if (!prose && body.holder != NULL && description.text.n > body.text.n)
        body.holder = NULL;
    if (take(r, &body))
        return DGMI_NINJS_BODY;
    return take(r, &description) ? DGMI_NINJS_DESCRIPTION : DGMI_NINJS_NOTHING;
}

/* ---- Title ---- */

static bool read_headline(dgmi_reading *r)
{
    choice c =
        best_entry(json_object_get(r->root, "headlines"), sizeof asides / sizeof *asides);
    if (c.holder == NULL)
        return false;
    dgmi_item_set(r->item, DGMI_TITLE, c.text);
    json_object_del(c.holder, c.name);
    return true;
}

void dgmi_ninjs_read_title(dgmi_reading *r)
{
    if (read_headline(r) || dgmi_read_text(r, "headline", DGMI_TITLE) ||
        dgmi_read_text(r, "title", DGMI_TITLE))
        return;
    const char *other = member_that_starts(r->root, "headline_");
    if (other != NULL)
        dgmi_read_text(r, other, DGMI_TITLE);
}
