/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NewsML-G2: the items of a message, or one that stands alone. What is said of an item is
 * in newsmlmeta.c. Depends on newsml.h. */
#include "newsml.h"

#include <string.h>

/* A page that an item carries may repeat what is said of the item at its head. */
static bool is_page_head(const xmlNode *node)
{
    return dgmi_xml_is(node, "header") || dgmi_xml_is(node, "nav");
}

static const dgmi_tree_options wire = { true, is_page_head };

/* ---- Content ---- */

static void fill_html(const xmlNode *html, dgmi_entry *entry)
{
    const xmlNode *body = dgmi_xml_child(html, "body");
    const xmlNode *title = dgmi_xml_child(dgmi_xml_child(html, "head"), "title");
    dgmi_entry_set_tree(entry, body != NULL ? body : html, &wire);
    if (title != NULL)
        dgmi_entry_set(entry, DGMI_PART_TITLE, title);
}

static const xmlNode *first_element(const xmlNode *node)
{
    const xmlNode *c = node->children;
    while (c != NULL && c->type != XML_ELEMENT_NODE)
        c = c->next;
    return c;
}

static bool is_markup(const xmlNode *node)
{
    static const char *const names[] = {
        "body", "div", "section", "article", "p", "h1", "h2", "ul", "table", "blockquote"
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (dgmi_xml_is(node, names[i]))
            return true;
    }
    return false;
}

/* Vocabularies that are no text (tables of results, quotes of shares) are left alone. */
static void fill_inline_xml(const xmlNode *node, dgmi_entry *entry)
{
    const xmlNode *root = first_element(node);
    if (root == NULL)
        dgmi_entry_set(entry, DGMI_PART_BODY, node); /* markup that is escaped */
    else if (dgmi_xml_is(root, "nitf"))
        dgmi_nitf_content(root, entry);
    else if (dgmi_xml_is(root, "html"))
        fill_html(root, entry);
    else if (is_markup(root))
        dgmi_entry_set_tree(entry, node, &wire);
}

static void fill_inline_data(const xmlNode *node, dgmi_entry *entry)
{
    dgmi_buf value;
    dgmi_buf_init(&value, DGMI_VALUE_MAX);
    bool coded = dgmi_xml_value(node, "encoding", &value).n > 0;
    dgmi_str type = dgmi_xml_value(node, "contenttype", &value);
    bool text = type.n == 0 || dgmi_str_starts_nocase(type, "text/");
    bool html = dgmi_str_starts_nocase(type, "text/html");
    if (!coded && text && entry->parts[DGMI_PART_BODY].n == 0) {
        entry->body_plain = !html;
        dgmi_entry_set(entry, DGMI_PART_BODY, node);
    }
    dgmi_buf_clear(&value);
}

/* What is not in the document: pictures, films. */
static void note_remote(const xmlNode *node, dgmi_notes *notes)
{
    static const char *const names[] = { "rendition", "contenttype", "href", "residref" };
    enum { MEMBERS = sizeof names / sizeof *names };
    dgmi_buf values[MEMBERS];
    dgmi_member members[MEMBERS];
    for (size_t i = 0; i < MEMBERS; i++) {
        dgmi_buf_init(&values[i], DGMI_VALUE_MAX);
        members[i] =
            (dgmi_member){ names[i], dgmi_xml_value(node, names[i], &values[i]) };
    }
    dgmi_notes_add_object(notes, members, MEMBERS);
    for (size_t i = 0; i < MEMBERS; i++)
        dgmi_buf_clear(&values[i]);
}

static void fill_content(const xmlNode *set, dgmi_entry *entry)
{
    dgmi_notes remote = { entry, "renditions", false };
    for (const xmlNode *c = set != NULL ? set->children : NULL; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "inlineXML"))
            fill_inline_xml(c, entry);
        else if (dgmi_xml_is(c, "inlineData"))
            fill_inline_data(c, entry);
        else if (dgmi_xml_is(c, "remoteContent"))
            note_remote(c, &remote);
    }
    dgmi_notes_end(&remote);
}

/* ---- Packages ---- */

static void note_reference(const xmlNode *node, dgmi_notes *notes)
{
    dgmi_buf id, version, title;
    dgmi_buf_init(&id, DGMI_VALUE_MAX);
    dgmi_buf_init(&version, DGMI_VALUE_MAX);
    dgmi_buf_init(&title, DGMI_VALUE_MAX);
    dgmi_str v = dgmi_xml_value(node, "version", &version);
    dgmi_str s = dgmi_xml_value(node, "residref", &id);
    if (s.n == 0)
        s = dgmi_xml_value(node, "href", &id);
    const xmlNode *name = dgmi_xml_child(node, "headline");
    dgmi_member members[] = {
        { "id", dgmi_newsml_id(s, v) },
        { "title",
          dgmi_xml_content(name != NULL ? name : dgmi_xml_child(node, "title"), &title) }
    };
    dgmi_notes_add_object(notes, members, 2);
    dgmi_buf_clear(&id);
    dgmi_buf_clear(&version);
    dgmi_buf_clear(&title);
}

/* References stand in groups, which stand in each other, or bare. */
static void note_references(const xmlNode *node, dgmi_notes *notes)
{
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "itemRef"))
            note_reference(c, notes);
        else if (dgmi_xml_is(c, "groupSet") || dgmi_xml_is(c, "group"))
            note_references(c, notes);
    }
}

/* ---- Items ---- */

/* What explains codes to programs is well-formed and yet nothing that anybody reads. */
static bool is_vocabulary(const xmlNode *node)
{
    return dgmi_xml_is(node, "conceptItem") || dgmi_xml_is(node, "knowledgeItem") ||
           dgmi_xml_is(node, "catalogItem");
}

static void fill(const xmlNode *item, dgmi_entry *entry)
{
    const xmlNode *set =
        dgmi_xml_is(item, "contentSet") ? item : dgmi_xml_child(item, "contentSet");
    dgmi_notes package = { entry, "package", false };
    if (is_vocabulary(item)) {
        entry->refused = "a concept, knowledge or catalog item is no news";
        return;
    }
    dgmi_newsml_meta(item, entry);
    fill_content(set, entry);
    dgmi_newsml_rest(item, entry);
    note_references(item, &package);
    dgmi_notes_end(&package);
    if (dgmi_xml_is(item, "packageItem") && entry->parts[DGMI_PART_TITLE].n == 0 &&
        entry->parts[DGMI_PART_BODY].n == 0 && !entry->may_be_empty)
        entry->refused = "a package without a headline or description";
}

dgm_status dgmi_read_newsml(const dgmi_source *source, const char *p, size_t n,
                            const dgmi_sink *sink, dgm_error *err)
{
    /* Parts that documentation shows alone (a content set) are read, too. */
    static const char *const more[] = { "packageItem", "planningItem",
                                        "conceptItem", "knowledgeItem",
                                        "catalogItem", "contentSet",
                                        NULL };
    dgmi_feed feed = { .source = source,
                       .sink = sink,
                       .element = "newsItem",
                       .more = more,
                       .id_element = "guid",
                       .fill = fill,
                       .needed = "no item is in it" };
    return dgmi_feed_read(&feed, p, n, err);
}
