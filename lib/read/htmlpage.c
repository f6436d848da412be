/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A web page with one article: what it says of itself, and the article's text. Depends on
 * page.h and lib/wire. */
#include "page.h"

#include <ctype.h>
#include <string.h>

#include "wire.h"

enum { CHARSET_SIZE = 40 };

/* What <meta> and JSON-LD say, in the order in which they are believed. */
typedef struct meaning {
    const char *name;
    dgmi_part part;
} meaning;

static const meaning metas[] = {
    { "og:title", DGMI_PART_TITLE },
    { "og:site_name", DGMI_PART_SOURCE },
    { "application-name", DGMI_PART_SOURCE },
    { "og:url", DGMI_PART_LINK },
    { "article:published_time", DGMI_PART_PUBLISHED },
    { "og:published_time", DGMI_PART_PUBLISHED },
    { "datePublished", DGMI_PART_PUBLISHED },
    { "dcterms.created", DGMI_PART_PUBLISHED },
    { "dcterms.issued", DGMI_PART_PUBLISHED },
    { "dc.date.issued", DGMI_PART_PUBLISHED },
    { "dcterms.date", DGMI_PART_PUBLISHED },
    { "dc.date", DGMI_PART_PUBLISHED },
    { "pubdate", DGMI_PART_PUBLISHED },
    { "parsely-pub-date", DGMI_PART_PUBLISHED },
    { "date", DGMI_PART_PUBLISHED },
    { "article:modified_time", DGMI_PART_UPDATED },
    { "og:updated_time", DGMI_PART_UPDATED },
    { "dateModified", DGMI_PART_UPDATED },
    { "dcterms.modified", DGMI_PART_UPDATED },
    { "author", DGMI_PART_AUTHOR },
    { "content-language", DGMI_PART_LANGUAGE },
    { "og:locale", DGMI_PART_LANGUAGE },
};

static const meaning members[] = {
    { "headline", DGMI_PART_TITLE },       { "datePublished", DGMI_PART_PUBLISHED },
    { "dateModified", DGMI_PART_UPDATED }, { "author", DGMI_PART_AUTHOR },
    { "inLanguage", DGMI_PART_LANGUAGE },  { "publisher", DGMI_PART_SOURCE },
};

/* ---- Walking ---- */

/* The next element after node in document order, inside root. */
static const xmlNode *next_node(const xmlNode *node, const xmlNode *root)
{
    if (node->children != NULL && node->type == XML_ELEMENT_NODE)
        return node->children;
    while (node != root && node->next == NULL)
        node = node->parent;
    return node != root ? node->next : NULL;
}

/* The first element of that name that holds text, or NULL. */
static const xmlNode *find_text(const xmlNode *root, const char *name, dgmi_buf *buf)
{
    for (const xmlNode *n = root; n != NULL; n = next_node(n, root)) {
        if (dgmi_xml_is(n, name) && dgmi_xml_content(n, buf).n > 0)
            return n;
    }
    return NULL;
}

/* ---- What the page says of itself ---- */

static void set_part(dgmi_entry *entry, dgmi_part part, dgmi_str value)
{
    bool date = part == DGMI_PART_PUBLISHED || part == DGMI_PART_UPDATED;
    if (part == DGMI_PART_AUTHOR && dgmi_str_starts_nocase(value, "http"))
        return; /* a profile, not a name */
    if (date)
        dgmi_entry_set_date(entry, part, value);
    else
        dgmi_entry_set_text(entry, part, value);
}

/* The name of a <meta>, wherever it is written. */
static dgmi_str meta_name(const xmlNode *meta, dgmi_buf *buf)
{
    static const char *const attributes[] = { "property", "name", "itemprop",
                                              "http-equiv" };
    dgmi_str s = { NULL, 0 };
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes && s.n == 0; i++)
        s = dgmi_xml_value(meta, attributes[i], buf);
    return s;
}

static void fill_metas_named(const xmlNode *html, const meaning *m, dgmi_entry *entry)
{
    dgmi_buf name, value;
    dgmi_buf_init(&name, DGMI_VALUE_MAX);
    dgmi_buf_init(&value, DGMI_VALUE_MAX);
    for (const xmlNode *n = html; n != NULL; n = next_node(n, html)) {
        if (dgmi_xml_is(n, "meta") && dgmi_str_eq_nocase(meta_name(n, &name), m->name))
            set_part(entry, m->part, dgmi_xml_value(n, "content", &value));
    }
    dgmi_buf_clear(&name);
    dgmi_buf_clear(&value);
}

static void fill_tags(const xmlNode *html, dgmi_entry *entry)
{
    dgmi_buf name, value;
    dgmi_buf_init(&name, DGMI_VALUE_MAX);
    dgmi_buf_init(&value, DGMI_VALUE_MAX);
    for (const xmlNode *n = html; n != NULL; n = next_node(n, html)) {
        if (!dgmi_xml_is(n, "meta"))
            continue;
        dgmi_str s = meta_name(n, &name);
        if (dgmi_str_eq_nocase(s, "article:tag") ||
            dgmi_str_eq_nocase(s, "article:section"))
            dgmi_entry_add_topic(entry, dgmi_xml_value(n, "content", &value));
        else if (dgmi_str_eq_nocase(s, "keywords"))
            dgmi_note(entry, "keywords_given", dgmi_xml_value(n, "content", &value));
    }
    dgmi_buf_clear(&name);
    dgmi_buf_clear(&value);
}

static void take_member(void *user, const char *name, dgmi_str value)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (strcmp(members[i].name, name) == 0)
            set_part(user, members[i].part, value);
    }
}

static void fill_ld(const xmlNode *html, dgmi_entry *entry)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    for (const xmlNode *n = html; n != NULL; n = next_node(n, html)) {
        if (dgmi_xml_is(n, "script") &&
            dgmi_str_starts_nocase(dgmi_xml_value(n, "type", &text),
                                   "application/ld+json"))
            dgmi_ld_article(dgmi_xml_content(n, &text), take_member, entry);
    }
    dgmi_buf_clear(&text);
}

/* An address that the page calls its own. */
static void fill_canonical(const xmlNode *html, dgmi_entry *entry)
{
    dgmi_buf rel;
    dgmi_buf_init(&rel, DGMI_VALUE_MAX);
    for (const xmlNode *n = html; n != NULL; n = next_node(n, html)) {
        if (dgmi_xml_is(n, "link") &&
            dgmi_str_eq_nocase(dgmi_xml_value(n, "rel", &rel), "canonical"))
            dgmi_entry_set_attribute(entry, DGMI_PART_LINK, n, "href");
    }
    dgmi_buf_clear(&rel);
}

/* A time in the article or in what is around it, up to the page; the first one that a
 * program can read. */
static void fill_time(const xmlNode *from, dgmi_entry *entry)
{
    dgmi_buf value;
    dgmi_buf_init(&value, DGMI_VALUE_MAX);
    for (const xmlNode *n = from; n != NULL; n = next_node(n, from)) {
        if (dgmi_xml_is(n, "time"))
            dgmi_entry_set_date(entry, DGMI_PART_PUBLISHED,
                                dgmi_xml_value(n, "datetime", &value));
    }
    dgmi_buf_clear(&value);
}

static void fill_title(const xmlNode *html, const xmlNode *article, dgmi_entry *entry)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    const xmlNode *places[] = { article != NULL ? find_text(article, "h1", &text) : NULL,
                                find_text(html, "h1", &text),
                                find_text(html, "title", &text) };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i] != NULL)
            dgmi_entry_set(entry, DGMI_PART_TITLE, places[i]);
    }
    dgmi_buf_clear(&text);
}

static void fill(const xmlNode *html, dgmi_entry *entry)
{
    static const dgmi_tree_options page = { false, dgmi_page_skips };
    const xmlNode *article = dgmi_page_article(html);
    if (article == NULL) {
        entry->refused = "no article is found on the page";
        return;
    }
    fill_canonical(html, entry);
    dgmi_entry_set_attribute(entry, DGMI_PART_LANGUAGE, html, "lang");
    for (size_t i = 0; i < sizeof metas / sizeof *metas; i++)
        fill_metas_named(html, &metas[i], entry);
    fill_ld(html, entry);
    fill_title(html, article, entry);
    fill_time(article, entry);
    if (article->parent != NULL)
        fill_time(html, entry);
    fill_tags(html, entry);
    dgmi_entry_set_tree(entry, article, &page);
}

/* ---- The document ---- */

/* The charset that a <meta> near the top declares; false if none does. */
static bool declared_charset(const char *p, size_t n, char out[CHARSET_SIZE])
{
    dgmi_str s = { p, n < DGMI_HEAD_MAX ? n : DGMI_HEAD_MAX };
    size_t k = 0;
    for (; s.n > 0; s = dgmi_str_skip(s, 1)) {
        if (dgmi_str_starts_nocase(s, "charset="))
            break;
    }
    s = dgmi_str_skip(s, s.n > 8 ? 8 : s.n);
    if (s.n > 0 && (s.p[0] == '"' || s.p[0] == '\''))
        s = dgmi_str_skip(s, 1);
    while (k < s.n && k + 1 < CHARSET_SIZE &&
           (isalnum((unsigned char)s.p[k]) || s.p[k] == '-' || s.p[k] == '_')) {
        out[k] = s.p[k];
        k++;
    }
    out[k] = '\0';
    return k > 0;
}

static dgm_status parse(const char *p, size_t n, dgmi_xml *out, dgm_error *err)
{
    char charset[CHARSET_SIZE];
    bool declared = declared_charset(p, n, charset);
    *out = (dgmi_xml){ .doc = NULL };
    dgmi_buf_init(&out->text, (size_t)2 * DGMI_DOCUMENT_MAX);
    dgm_status status =
        dgmi_to_utf8(&out->text, p, n, declared ? charset : NULL, NULL, err);
    if (status == DGM_OK)
        status = dgmi_html_tree(dgmi_buf_str(&out->text), &out->doc, err);
    if (status != DGM_OK)
        dgmi_xml_clear(out);
    return status;
}

dgm_status dgmi_read_html(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err)
{
    dgmi_feed feed = { .source = source,
                       .sink = sink,
                       .element = "html",
                       .id_element = "",
                       .fill = fill,
                       .parse = parse,
                       .needed = "no page is in it" };
    return dgmi_feed_read(&feed, p, n, err);
}
