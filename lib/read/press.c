/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notes for an item's extra, and small questions to a tree. Depends on press.h and
 * lib/wire. */
#include "press.h"

#include <stdio.h>
#include <string.h>

#include "date.h"
#include "wire.h"

enum { NOTE_TWINS = 20 }; /* notes of one name; what gives more is playing */

/* ---- Notes ---- */

/* Puts s as JSON, its white space runs made one space: what is written must read back as
 * the same bytes. */
static void put_string(dgmi_buf *out, dgmi_str s)
{
    dgmi_buf line;
    dgmi_buf_init(&line, DGMI_VALUE_MAX);
    for (size_t i = 0; i < s.n; i++) {
        bool space = (unsigned char)s.p[i] <= ' ';
        if (!space)
            dgmi_buf_putc(&line, s.p[i]);
        else if (line.n > 0 && line.p[line.n - 1] != ' ')
            dgmi_buf_putc(&line, ' ');
    }
    s = dgmi_str_trim(dgmi_buf_str(&line));
    dgmi_json_nstring(out, s.p, s.n);
    dgmi_buf_clear(&line);
}

static bool has_name(const dgmi_buf *notes, const char *name)
{
    char quoted[DGMI_NOTE_NAME + 4];
    int n = snprintf(quoted, sizeof quoted, "\"%s\":", name);
    dgmi_str rest = dgmi_buf_str(notes);
    while (rest.n > 0) {
        const char *at = memmem(rest.p, rest.n, quoted, (size_t)n);
        if (at == NULL)
            return false;
        if (at == notes->p || at[-1] == ',' || at[-1] == '{')
            return true;
        rest = dgmi_str_skip(rest, (size_t)(at - rest.p) + 1);
    }
    return false;
}

const char *dgmi_note_name(const dgmi_buf *notes, const char *name,
                           char own[DGMI_NOTE_NAME])
{
    snprintf(own, DGMI_NOTE_NAME, "%s", name);
    for (unsigned i = 2; has_name(notes, own); i++) {
        if (i > NOTE_TWINS)
            return NULL;
        snprintf(own, DGMI_NOTE_NAME, "%.20s_%u", name, i);
    }
    return own;
}

static void put_name(dgmi_buf *out, const char *name)
{
    dgmi_buf_printf(out, "%s\"%s\":", out->n > 0 ? "," : "", name);
}

void dgmi_note(dgmi_entry *entry, const char *name, dgmi_str value)
{
    char own[DGMI_NOTE_NAME];
    if (dgmi_str_trim(value).n == 0)
        return;
    name = dgmi_note_name(&entry->notes, name, own);
    if (name == NULL)
        return;
    put_name(&entry->notes, name);
    put_string(&entry->notes, value);
}

static void next_value(dgmi_notes *notes)
{
    dgmi_buf *out = &notes->entry->notes;
    if (notes->open) {
        dgmi_buf_putc(out, ',');
        return;
    }
    char own[DGMI_NOTE_NAME];
    const char *name = dgmi_note_name(out, notes->name, own);
    put_name(out, name != NULL ? name : notes->name);
    dgmi_buf_putc(out, '[');
    notes->open = true;
}

void dgmi_notes_add(dgmi_notes *notes, dgmi_str value)
{
    if (dgmi_str_trim(value).n == 0)
        return;
    next_value(notes);
    put_string(&notes->entry->notes, value);
}

void dgmi_notes_add_object(dgmi_notes *notes, const dgmi_member *members, size_t n)
{
    dgmi_buf *out = &notes->entry->notes;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (dgmi_str_trim(members[i].value).n == 0)
            continue;
        if (!any)
            next_value(notes);
        dgmi_buf_printf(out, "%s\"%s\":", any ? "," : "{", members[i].name);
        put_string(out, members[i].value);
        any = true;
    }
    if (any)
        dgmi_buf_putc(out, '}');
}

void dgmi_notes_end(dgmi_notes *notes)
{
    if (notes->open)
        dgmi_buf_putc(&notes->entry->notes, ']');
    notes->open = false;
}

/* ---- The tree ---- */

static const xmlNode *first_of(const xmlNode *node, const char *name)
{
    while (node != NULL && !dgmi_xml_is(node, name))
        node = node->next;
    return node;
}

const xmlNode *dgmi_xml_child(const xmlNode *node, const char *name)
{
    return node != NULL ? first_of(node->children, name) : NULL;
}

const xmlNode *dgmi_xml_next(const xmlNode *node, const char *name)
{
    return first_of(node->next, name);
}

dgmi_str dgmi_xml_value(const xmlNode *node, const char *name, dgmi_buf *buf)
{
    dgmi_buf_reset(buf);
    if (node != NULL)
        dgmi_xml_attribute(node, name, buf);
    return dgmi_str_trim(dgmi_buf_str(buf));
}

dgmi_str dgmi_xml_content(const xmlNode *node, dgmi_buf *buf)
{
    dgmi_buf_reset(buf);
    if (node != NULL)
        dgmi_xml_text(node, buf);
    return dgmi_str_trim(dgmi_buf_str(buf));
}

/* ---- Parts of an entry ---- */

void dgmi_entry_set_text(dgmi_entry *entry, dgmi_part part, dgmi_str text)
{
    dgmi_buf *b = &entry->parts[part];
    if (dgmi_str_trim(dgmi_buf_str(b)).n > 0)
        return;
    dgmi_buf_reset(b);
    dgmi_buf_put(b, text.p, text.n);
}

void dgmi_entry_set_date(dgmi_entry *entry, dgmi_part part, dgmi_str date)
{
    int64_t time;
    dgmi_str now = dgmi_str_trim(dgmi_buf_str(&entry->parts[part]));
    if (now.n > 0 && !dgmi_date_parse(now, &time) && dgmi_date_parse(date, &time))
        dgmi_buf_reset(&entry->parts[part]);
    dgmi_entry_set_text(entry, part, date);
}

void dgmi_entry_set_tree(dgmi_entry *entry, const xmlNode *node,
                         const dgmi_tree_options *options)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    if (node != NULL && dgmi_xml_content(node, &text).n > 0) {
        dgmi_buf_reset(&text);
        dgmi_tree_html(node, options, &text);
        dgmi_entry_set_text(entry, DGMI_PART_BODY, dgmi_buf_str(&text));
    }
    dgmi_buf_clear(&text);
}

/* Elements of a byline are names and functions: each is parted from what stands before.
 */
static void put_byline(const xmlNode *node, dgmi_buf *out)
{
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        if (c->type == XML_TEXT_NODE && c->content != NULL)
            dgmi_buf_puts(out, (const char *)c->content);
        if (c->type != XML_ELEMENT_NODE)
            continue;
        dgmi_str before = dgmi_str_trim(dgmi_buf_str(out));
        bool title = dgmi_xml_is(c, "byttl") || dgmi_xml_is(c, "person");
        bool parted = before.n == 0 || dgmi_str_ends(before, ",") ||
                      dgmi_str_eq_nocase(before, "by");
        if (title && !parted)
            out->n = (size_t)(before.p + before.n - out->p);
        dgmi_buf_puts(out, title && !parted ? ", " : " ");
        put_byline(c, out);
    }
}

void dgmi_entry_set_byline(dgmi_entry *entry, const xmlNode *byline)
{
    dgmi_buf line;
    dgmi_buf_init(&line, DGMI_VALUE_MAX);
    if (byline != NULL)
        put_byline(byline, &line);
    dgmi_str s = dgmi_str_trim(dgmi_buf_str(&line));
    if (dgmi_str_starts_nocase(s, "by ") || dgmi_str_starts_nocase(s, "by\n"))
        s = dgmi_str_trim(dgmi_str_skip(s, 3));
    dgmi_entry_set_text(entry, DGMI_PART_AUTHOR, s);
    dgmi_buf_clear(&line);
}

/* Whether the body begins as the summary does: then that is an excerpt of it. */
static bool is_excerpt(dgmi_str body, dgmi_str summary)
{
    size_t n = summary.n < 60 ? summary.n : 60;
    return body.n >= n && memmem(body.p, body.n, summary.p, n) != NULL;
}

void dgmi_entry_note_summary(dgmi_entry *entry, const xmlNode *summary)
{
    dgmi_buf own, line, body;
    dgmi_buf_init(&own, DGMI_ITEM_MAX);
    dgmi_buf_init(&line, DGMI_ITEM_MAX);
    dgmi_buf_init(&body, DGMI_ITEM_MAX);
    dgmi_xml_inner(summary, &own);
    dgmi_html_text(&line, dgmi_buf_str(&own));
    dgmi_html_text(&body, dgmi_buf_str(&entry->parts[DGMI_PART_BODY]));
    if (line.n > 0 && !is_excerpt(dgmi_buf_str(&body), dgmi_buf_str(&line)))
        dgmi_note(entry, "summary", dgmi_buf_str(&line));
    dgmi_buf_clear(&own);
    dgmi_buf_clear(&line);
    dgmi_buf_clear(&body);
}
