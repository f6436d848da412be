/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atom 1.0 and 0.3: which element of an entry is what. Depends on feed.h. */
#include "feed.h"

#include <string.h>

#include <glib.h>

#include "press.h"
#include "utf8.h"

/* Where several are, the first in this order wins. */
static const struct {
    const char *name;
    dgmi_part part;
} elements[] = {
    { "id", DGMI_PART_ID },
    { "published", DGMI_PART_PUBLISHED },
    { "issued", DGMI_PART_PUBLISHED },
    { "created", DGMI_PART_PUBLISHED },
    { "updated", DGMI_PART_UPDATED },
    { "modified", DGMI_PART_UPDATED },
};

static const char *const bodies[] = { "content", "summary" };

/* Whether an attribute has one of two values. */
static bool has_value(const xmlNode *node, const char *name, const char *a, const char *b)
{
    dgmi_buf value;
    dgmi_buf_init(&value, 256);
    dgmi_xml_attribute(node, name, &value);
    dgmi_str s = dgmi_str_trim(dgmi_buf_str(&value));
    bool found = dgmi_str_eq_nocase(s, a) || dgmi_str_eq_nocase(s, b);
    dgmi_buf_clear(&value);
    return found;
}

/* Plain unless it says otherwise; 0.3 names media types instead. */
static bool is_plain(const xmlNode *node)
{
    return node->properties == NULL || has_value(node, "type", "text", "text/plain") ||
           has_value(node, "type", "", "");
}

static void fill_link(const xmlNode *node, dgmi_entry *entry)
{
    if (has_value(node, "rel", "", "alternate"))
        dgmi_entry_set_attribute(entry, DGMI_PART_LINK, node, "href");
}

static void fill_author(const xmlNode *node, dgmi_entry *entry)
{
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "name"))
            dgmi_entry_set(entry, DGMI_PART_AUTHOR, c);
    }
}

/* The feed that an entry was taken from. */
static void fill_source(const xmlNode *node, dgmi_entry *entry)
{
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "title"))
            dgmi_entry_set(entry, DGMI_PART_SOURCE, c);
    }
}

static void fill_topic(const xmlNode *node, dgmi_entry *entry)
{
    dgmi_buf label;
    dgmi_buf_init(&label, 1 << 16);
    if (!dgmi_xml_attribute(node, "label", &label) || label.n == 0)
        dgmi_xml_attribute(node, "term", &label);
    dgmi_entry_add_topic(entry, dgmi_buf_str(&label));
    dgmi_buf_clear(&label);
}

static void fill_named(const xmlNode *node, dgmi_entry *entry)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        for (const xmlNode *c = node->children; c != NULL; c = c->next) {
            if (dgmi_xml_is(c, elements[i].name))
                dgmi_entry_set(entry, elements[i].part, c);
        }
    }
}

static void fill_one(const xmlNode *node, dgmi_entry *entry)
{
    if (dgmi_xml_is(node, "link"))
        fill_link(node, entry);
    else if (dgmi_xml_is(node, "author") && entry->parts[DGMI_PART_AUTHOR].n == 0)
        fill_author(node, entry);
    else if (dgmi_xml_is(node, "source"))
        fill_source(node, entry);
    else if (dgmi_xml_is(node, "category"))
        fill_topic(node, entry);
}

/* What is neither text nor XML is base64 (RFC 4287, 4.1.3.3); 0.3 says so. */
static bool is_coded(const xmlNode *node)
{
    dgmi_buf type;
    dgmi_buf_init(&type, 256);
    dgmi_xml_attribute(node, "type", &type);
    dgmi_str s = dgmi_str_trim(dgmi_buf_str(&type));
    bool binary = s.n > 0 && memchr(s.p, '/', s.n) != NULL &&
                  !dgmi_str_starts_nocase(s, "text/") && !dgmi_str_ends(s, "xml") &&
                  !dgmi_str_starts_nocase(s, "application/xhtml");
    dgmi_buf_clear(&type);
    return has_value(node, "mode", "base64", "base64") ||
           (binary && !has_value(node, "mode", "escaped", "xml"));
}

/* A title or a body; coded bytes that are no text (a picture) are none. */
static void set_text(dgmi_entry *entry, dgmi_part part, const xmlNode *node,
                     bool *is_text)
{
    bool coded = is_coded(node);
    dgmi_buf text;
    if (dgmi_str_trim(dgmi_buf_str(&entry->parts[part])).n > 0)
        return;
    if (!coded) {
        *is_text = is_plain(node);
        dgmi_entry_set_inner(entry, part, node);
        return;
    }
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    dgmi_xml_text(node, &text);
    gsize n = 0;
    guchar *bytes = text.n > 0 ? g_base64_decode(text.p, &n) : NULL;
    if (n > 0 && dgmi_utf8_valid((const char *)bytes, n)) {
        *is_text = false;
        dgmi_entry_set_text(entry, part, (dgmi_str){ (const char *)bytes, n });
    }
    g_free(bytes);
    dgmi_buf_clear(&text);
}

/* The content; content that lies elsewhere (src) leaves the summary. */
static void fill_body(const xmlNode *node, dgmi_entry *entry)
{
    const xmlNode *summary = dgmi_xml_child(node, "summary");
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        for (const xmlNode *c = node->children; c != NULL; c = c->next) {
            if (dgmi_xml_is(c, bodies[i]))
                set_text(entry, DGMI_PART_BODY, c, &entry->body_plain);
        }
    }
    if (summary != NULL && !is_coded(summary))
        dgmi_entry_note_summary(entry, summary);
}

static void fill(const xmlNode *node, dgmi_entry *entry)
{
    fill_named(node, entry);
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        fill_one(c, entry);
        if (dgmi_xml_is(c, "title"))
            set_text(entry, DGMI_PART_TITLE, c, &entry->title_plain);
    }
    fill_body(node, entry);
    dgmi_entry_set_attribute(entry, DGMI_PART_LANGUAGE, node, "lang");
}

dgm_status dgmi_read_atom(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err)
{
    dgmi_feed feed = { .source = source,
                       .sink = sink,
                       .element = "entry",
                       .id_element = "id",
                       .fill = fill };
    return dgmi_feed_read(&feed, p, n, err);
}
