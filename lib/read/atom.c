/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atom 1.0 and 0.3: which element of an entry is what. Depends on feed.h. */
#include "feed.h"

#include <string.h>

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

static void fill_one(const xmlNode *node, dgmi_entry *entry)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        if (dgmi_xml_is(node, elements[i].name))
            dgmi_entry_set(entry, elements[i].part, node);
    }
    if (dgmi_xml_is(node, "link"))
        fill_link(node, entry);
    else if (dgmi_xml_is(node, "author") && entry->parts[DGMI_PART_AUTHOR].n == 0)
        fill_author(node, entry);
    else if (dgmi_xml_is(node, "source"))
        fill_source(node, entry);
    else if (dgmi_xml_is(node, "category"))
        fill_topic(node, entry);
}

static void fill_title(const xmlNode *node, dgmi_entry *entry)
{
    if (entry->parts[DGMI_PART_TITLE].n > 0)
        return;
    entry->title_plain = is_plain(node);
    dgmi_entry_set_inner(entry, DGMI_PART_TITLE, node);
}

/* The content; content that lies elsewhere (src) leaves the summary. */
static void fill_body(const xmlNode *node, dgmi_entry *entry)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        for (const xmlNode *c = node->children; c != NULL; c = c->next) {
            if (!dgmi_xml_is(c, bodies[i]) || entry->parts[DGMI_PART_BODY].n > 0)
                continue;
            entry->body_plain = is_plain(c);
            dgmi_entry_set_inner(entry, DGMI_PART_BODY, c);
        }
    }
}

static void fill(const xmlNode *node, dgmi_entry *entry)
{
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        fill_one(c, entry);
        if (dgmi_xml_is(c, "title"))
            fill_title(c, entry);
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
