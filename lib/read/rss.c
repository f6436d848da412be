/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RSS 2.0 and 0.9x: which element of an item is what. Depends on feed.h. */
#include "press.h"

#include <string.h>

/* Elements that plainly are one part; where several are, the first in this order wins. */
static const struct {
    const char *name;
    dgmi_part part;
} elements[] = {
    { "guid", DGMI_PART_ID },           { "title", DGMI_PART_TITLE },
    { "pubDate", DGMI_PART_PUBLISHED }, { "date", DGMI_PART_PUBLISHED },
    { "issued", DGMI_PART_PUBLISHED },  { "published", DGMI_PART_PUBLISHED },
    { "created", DGMI_PART_PUBLISHED }, { "modified", DGMI_PART_UPDATED },
    { "updated", DGMI_PART_UPDATED },   { "creator", DGMI_PART_AUTHOR },
    { "author", DGMI_PART_AUTHOR },     { "source", DGMI_PART_SOURCE },
    { "language", DGMI_PART_LANGUAGE },
};

/* The whole text before the excerpt. */
static const char *const bodies[] = { "encoded",     "content", "body",     "fullitem",
                                      "description", "summary", "abstract", "subtitle" };

/* Names in other vocabularies may be those of RSS and mean something else: what stands in
 * RSS itself, or in one that feeds commonly use, goes first. FOREIGN
 * speaks of a picture or a podcast: its title, author and description fill gaps. */
typedef enum distance { OWN, OTHER, FOREIGN } distance;

static bool is_in(const xmlNode *node, const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        if (strstr((const char *)node->ns->href, *parts) != NULL)
            return true;
    }
    return false;
}

static distance distance_of(const xmlNode *node)
{
    static const char *const foreign[] = { "mrss", "itunes", NULL };
    static const char *const common[] = { "purl.org/", "/Atom", "xhtml", NULL };
    const xmlNs *own = node->parent != NULL ? node->parent->ns : NULL;
    if (node->ns == NULL || node->ns->href == NULL)
        return OWN;
    if (is_in(node, foreign))
        return FOREIGN;
    return (own != NULL && xmlStrEqual(own->href, node->ns->href)) || is_in(node, common)
               ? OWN
               : OTHER;
}

static void fill_named(const xmlNode *node, dgmi_entry *entry, distance from)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        for (const xmlNode *c = node->children; c != NULL; c = c->next) {
            if (!dgmi_xml_is(c, elements[i].name) || distance_of(c) != from)
                continue;
            if (from == FOREIGN && elements[i].part != DGMI_PART_TITLE &&
                elements[i].part != DGMI_PART_AUTHOR)
                continue;
            if (elements[i].part == DGMI_PART_TITLE)
                dgmi_entry_set_inner(entry, elements[i].part, c);
            else
                dgmi_entry_set(entry, elements[i].part, c);
        }
    }
}

static void fill_body(const xmlNode *node, dgmi_entry *entry, distance from)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        for (const xmlNode *c = node->children; c != NULL; c = c->next) {
            if (dgmi_xml_is(c, bodies[i]) && distance_of(c) == from)
                dgmi_entry_set_inner(entry, DGMI_PART_BODY, c);
        }
    }
}

/* Where the body is another element's, the first description and the
 * first summary are kept. */
static void fill_summary(const xmlNode *node, dgmi_entry *entry)
{
    static const char *const names[] = { "description", "summary" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (const xmlNode *c = node->children; c != NULL; c = c->next) {
            if (dgmi_xml_is(c, names[i]) && distance_of(c) == OWN) {
                dgmi_entry_note_summary(entry, c);
                break;
            }
        }
    }
}

/* A guid is the address, too, unless it says that it is not; a link that stands there
 * wins. */
static void fill_link(const xmlNode *node, dgmi_entry *entry)
{
    const xmlNode *guid = NULL;
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "link")) {
            dgmi_entry_set(entry, DGMI_PART_LINK, c);
            dgmi_entry_set_attribute(entry, DGMI_PART_LINK, c, "href");
        }
        if (dgmi_xml_is(c, "guid"))
            guid = c;
    }
    if (guid == NULL || entry->parts[DGMI_PART_LINK].n > 0)
        return;
    dgmi_buf permanent;
    dgmi_buf_init(&permanent, 64);
    dgmi_xml_attribute(guid, "isPermaLink", &permanent);
    dgmi_str s = dgmi_str_trim(dgmi_buf_str(&entry->parts[DGMI_PART_ID]));
    if (!dgmi_str_eq_nocase(dgmi_buf_str(&permanent), "false") &&
        dgmi_str_starts_nocase(s, "http"))
        dgmi_entry_set(entry, DGMI_PART_LINK, guid);
    dgmi_buf_clear(&permanent);
}

static void fill_topics(const xmlNode *node, dgmi_entry *entry)
{
    dgmi_buf label;
    dgmi_buf_init(&label, 1 << 16);
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        if ((!dgmi_xml_is(c, "category") && !dgmi_xml_is(c, "subject")) ||
            distance_of(c) == FOREIGN)
            continue;
        dgmi_buf_reset(&label);
        dgmi_xml_text(c, &label);
        dgmi_entry_add_topic(entry, dgmi_buf_str(&label));
    }
    dgmi_buf_clear(&label);
}

void dgmi_rss_fill(const xmlNode *node, dgmi_entry *entry)
{
    fill_named(node, entry, OWN);
    fill_named(node, entry, OTHER);
    fill_named(node, entry, FOREIGN);
    if (entry->parts[DGMI_PART_ID].n == 0)
        dgmi_entry_set_attribute(entry, DGMI_PART_ID, node, "about"); /* RSS 1.0 */
    fill_body(node, entry, OWN);
    fill_body(node, entry, OTHER);
    fill_body(node, entry, FOREIGN);
    fill_summary(node, entry);
    fill_link(node, entry);
    fill_topics(node, entry);
    dgmi_entry_set_attribute(entry, DGMI_PART_LINK, node, "href"); /* these two: CDF */
    dgmi_entry_set_attribute(entry, DGMI_PART_UPDATED, node, "lastmod");
}

dgm_status dgmi_read_rss(const dgmi_source *source, const char *p, size_t n,
                         const dgmi_sink *sink, dgm_error *err)
{
    dgmi_feed feed = { .source = source,
                       .sink = sink,
                       .element = "item",
                       .id_element = "guid",
                       .fill = dgmi_rss_fill };
    return dgmi_feed_read(&feed, p, n, err);
}
