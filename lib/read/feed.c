/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries of feeds to items: identity, dates, bodies, languages. Depends on feed.h and
 * lib/wire. */
#include "feed.h"

#include <stdio.h>
#include <string.h>

#include <libxml/uri.h>

#include "clock.h"
#include "fail.h"
#include "hash.h"
#include "wire.h"

enum { LEVELS = 3 }; /* rss/channel/item is the deepest that feeds go */

typedef struct run {
    dgmi_feed *feed;
    dgmi_map *ids; /* how often each id stands in this feed */
    dgmi_buf title, language;
    int64_t now;
    size_t number, total;
    dgmi_str bytes; /* the document as it came */
    bool cut;       /* the last entry is not whole */
} run;

void dgmi_entry_set(dgmi_entry *entry, dgmi_part part, const xmlNode *node)
{
    dgmi_buf *b = &entry->parts[part];
    if (dgmi_str_trim(dgmi_buf_str(b)).n > 0)
        return;
    dgmi_buf_reset(b);
    dgmi_xml_text(node, b);
}

void dgmi_entry_set_inner(dgmi_entry *entry, dgmi_part part, const xmlNode *node)
{
    dgmi_buf *b = &entry->parts[part];
    if (dgmi_str_trim(dgmi_buf_str(b)).n > 0)
        return;
    dgmi_buf_reset(b);
    dgmi_xml_inner(node, b);
}

void dgmi_entry_set_attribute(dgmi_entry *entry, dgmi_part part, const xmlNode *node,
                              const char *name)
{
    if (entry->parts[part].n == 0)
        dgmi_xml_attribute(node, name, &entry->parts[part]);
}

static dgmi_str part_of(const dgmi_entry *entry, dgmi_part part)
{
    return dgmi_str_trim(dgmi_buf_str(&entry->parts[part]));
}

void dgmi_entry_add_topic(dgmi_entry *entry, dgmi_str label)
{
    dgmi_buf line;
    dgmi_buf_init(&line, 1 << 16);
    dgmi_html_text(&line, label);
    dgmi_item_add_category(entry->item, dgmi_buf_str(&line));
    dgmi_buf_clear(&line);
}

/* ---- Identity and address ---- */

/* An address that begins at the feed's own base when it has no scheme. */
static void set_url(const run *r, const dgmi_entry *entry, const xmlNode *node)
{
    dgmi_buf url;
    dgmi_str link = part_of(entry, DGMI_PART_LINK);
    dgmi_buf_init(&url, 1 << 16);
    dgmi_buf_put(&url, link.p, link.n);
    if (link.n > 0 && !url.failed && strchr(url.p, ':') == NULL) {
        xmlChar *base = xmlNodeGetBase(r->feed->xml.doc, node);
        xmlChar *whole = base != NULL ? xmlBuildURI((const xmlChar *)url.p, base) : NULL;
        if (whole != NULL) {
            dgmi_buf_reset(&url);
            dgmi_buf_puts(&url, (const char *)whole);
        }
        xmlFree(whole);
        xmlFree(base);
    }
    if (!url.failed)
        dgmi_item_set(entry->item, DGMI_URL, dgmi_buf_str(&url));
    dgmi_buf_clear(&url);
}

/* The id given; with the link, where the feed gives one id to several items; else the
 * link. */
static void set_id(const run *r, const dgmi_entry *entry)
{
    dgmi_str id = part_of(entry, DGMI_PART_ID), link = part_of(entry, DGMI_PART_LINK);
    uint64_t *count = id.n > 0 ? dgmi_map_at(r->ids, id, false) : NULL;
    if (count == NULL || *count < 2 || link.n == 0) {
        dgmi_item_set(entry->item, DGMI_ID, id);
        return;
    }
    dgmi_buf both;
    dgmi_buf_init(&both, 1 << 20);
    dgmi_buf_put(&both, id.p, id.n);
    dgmi_buf_putc(&both, '|');
    dgmi_buf_put(&both, link.p, link.n);
    dgmi_item_set(entry->item, DGMI_ID, dgmi_buf_str(&both));
    dgmi_buf_clear(&both);
}

/* ---- Dates, body, people ---- */

/* A date that is none stays readable among the members that nobody knows. */
static bool take_date(const run *r, const dgmi_entry *entry, dgmi_part part,
                      dgmi_buf *extra, int64_t *time)
{
    dgmi_str text = part_of(entry, part);
    if (text.n == 0)
        return false;
    if (dgmi_item_date(text, r->now, time))
        return true;
    const char *name = part == DGMI_PART_PUBLISHED ? "published_given" : "updated_given";
    dgmi_buf_printf(extra, "%s\"%s\":", extra->n > 0 ? "," : "{", name);
    dgmi_json_nstring(extra, text.p, text.n);
    return false;
}

static void set_dates(const run *r, const dgmi_entry *entry)
{
    dgmi_buf extra;
    int64_t time;
    dgmi_buf_init(&extra, DGMI_ITEM_MAX);
    if (entry->notes.n > 0)
        dgmi_buf_printf(&extra, "{%s", entry->notes.p);
    bool updated = take_date(r, entry, DGMI_PART_UPDATED, &extra, &time);
    if (updated) {
        dgmi_item_set_updated(entry->item, time);
        dgmi_item_set_published(entry->item, time);
    }
    if (take_date(r, entry, DGMI_PART_PUBLISHED, &extra, &time))
        dgmi_item_set_published(entry->item, time);
    if (extra.n > 0)
        dgmi_buf_putc(&extra, '}');
    if (!extra.failed)
        dgmi_item_set(entry->item, DGMI_EXTRA, dgmi_buf_str(&extra));
    dgmi_buf_clear(&extra);
}

static void set_title(const dgmi_entry *entry)
{
    dgmi_buf line;
    dgmi_str title = part_of(entry, DGMI_PART_TITLE);
    dgmi_buf_init(&line, DGMI_ITEM_MAX);
    if (entry->title_plain)
        dgmi_buf_put(&line, title.p, title.n);
    else
        dgmi_html_text(&line, title);
    dgmi_item_set(entry->item, DGMI_TITLE, dgmi_buf_str(&line));
    dgmi_buf_clear(&line);
}

static void set_body(const dgmi_entry *entry)
{
    if (entry->body_plain)
        dgmi_item_add_text(entry->item, part_of(entry, DGMI_PART_BODY));
    else
        dgmi_html_paragraphs(entry->item, part_of(entry, DGMI_PART_BODY));
}

/* A line of text that may hold HTML. */
static void set_line(const dgmi_entry *entry, dgmi_part part, dgmi_field field)
{
    dgmi_buf line;
    dgmi_buf_init(&line, 1 << 20);
    dgmi_html_text(&line, part_of(entry, part));
    if (!line.failed && line.n > 0)
        dgmi_item_set(entry->item, field, dgmi_buf_str(&line));
    dgmi_buf_clear(&line);
}

static bool has_at(dgmi_str s)
{
    return s.n > 0 && memchr(s.p, '@', s.n) != NULL;
}

/* "a@b.example (Anna Keller)" and "Anna Keller (a@b.example)" name Anna Keller. */
static dgmi_str without_address(dgmi_str s)
{
    const char *open = s.n > 0 ? memchr(s.p, '(', s.n) : NULL;
    if (open == NULL || !dgmi_str_ends(s, ")"))
        return s;
    dgmi_str before = dgmi_str_trim((dgmi_str){ s.p, (size_t)(open - s.p) });
    dgmi_str inside = { open + 1, s.n - (size_t)(open - s.p) - 2 };
    if (has_at(before) && !has_at(inside) && inside.n > 0)
        return inside;
    return has_at(inside) && !has_at(before) && before.n > 0 ? before : s;
}

static void set_author(const dgmi_entry *entry)
{
    if (dgmi_is_milosi(part_of(entry, DGMI_PART_AUTHOR))) {
        dgmi_item_set(entry->item, DGMI_PROVIDER, dgmi_str_of("MIL OSI"));
        dgmi_item_set_origin(entry->item, DGMI_PROVIDER, "author");
        return;
    }
    dgmi_buf line;
    dgmi_buf_init(&line, 1 << 20);
    dgmi_html_text(&line, part_of(entry, DGMI_PART_AUTHOR));
    dgmi_str name = without_address(dgmi_str_trim(dgmi_buf_str(&line)));
    if (!line.failed && name.n > 0)
        dgmi_item_set(entry->item, DGMI_AUTHOR, name);
    dgmi_buf_clear(&line);
}

static void build(const run *r, const xmlNode *node, dgmi_entry *entry)
{
    r->feed->fill(node, entry);
    set_id(r, entry);
    set_url(r, entry, node);
    set_title(entry);
    set_body(entry);
    set_dates(r, entry);
    set_author(entry);
    if (!dgmi_str_starts_nocase(part_of(entry, DGMI_PART_SOURCE), "http"))
        set_line(entry, DGMI_PART_SOURCE, DGMI_SOURCE);
    dgmi_item_set_origin(entry->item, DGMI_SOURCE, "source");
    dgmi_item_set_origin(entry->item, DGMI_LANGUAGE, "language");
    set_line(entry, DGMI_PART_LANGUAGE, DGMI_LANGUAGE);
    if (dgmi_item_get(entry->item, DGMI_LANGUAGE) == NULL) {
        dgmi_item_set(entry->item, DGMI_LANGUAGE, dgmi_buf_str(&r->language));
        dgmi_item_set_origin(entry->item, DGMI_LANGUAGE, "language of the feed");
    }
}

/* ---- One entry after the other ---- */

static void start_entry(dgmi_entry *entry)
{
    *entry = (dgmi_entry){ .item = dgmi_item_new() };
    for (int i = 0; i < DGMI_PARTS; i++)
        dgmi_buf_init(&entry->parts[i], DGMI_ITEM_MAX);
    dgmi_buf_init(&entry->notes, DGMI_ITEM_MAX);
}

static bool end_entry(dgmi_entry *entry)
{
    bool failed = entry->notes.failed;
    dgmi_buf_clear(&entry->notes);
    for (int i = 0; i < DGMI_PARTS; i++) {
        failed = failed || entry->parts[i].failed;
        dgmi_buf_clear(&entry->parts[i]);
    }
    return !failed;
}

/* What an entry is told by when it has no id: title, link and content. */
static void put_identity(const dgmi_entry *entry, dgmi_buf *raw)
{
    static const dgmi_part parts[] = { DGMI_PART_TITLE, DGMI_PART_LINK, DGMI_PART_BODY };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        dgmi_str s = part_of(entry, parts[i]);
        dgmi_buf_put(raw, s.p, s.n);
        dgmi_buf_putc(raw, '\0');
    }
}

static dgm_status reject_node(const run *r, const xmlNode *node, const char *where,
                              const char *reason, dgm_error *err)
{
    if (node == xmlDocGetRootElement(node->doc))
        return dgmi_reject(r->feed->source, r->feed->sink, where, reason, r->bytes, err);
    xmlBuffer *dump = xmlBufferCreate();
    dgmi_str bytes = { NULL, 0 };
    if (dump != NULL && xmlNodeDump(dump, node->doc, (xmlNode *)node, 0, 0) > 0)
        bytes = dgmi_str_of((const char *)xmlBufferContent(dump));
    dgm_status status =
        dgmi_reject(r->feed->source, r->feed->sink, where, reason, bytes, err);
    xmlBufferFree(dump);
    return status;
}

/* Why there is no item in it, or NULL: it is refused with its own XML then. */
static const char *why_refused(const dgmi_entry *entry)
{
    if (entry->refused != NULL)
        return entry->refused;
    bool excused = entry->may_be_empty && dgmi_item_get(entry->item, DGMI_ID) != NULL;
    return !excused && dgmi_item_get(entry->item, DGMI_TITLE) == NULL &&
                   dgmi_item_count_paragraphs(entry->item) == 0
               ? "neither a title nor a body"
               : NULL;
}

static dgm_status hand_over(run *r, const xmlNode *node, dgm_error *err)
{
    char where[DGMI_WHERE_SIZE];
    dgmi_entry entry;
    dgmi_buf raw;
    dgm_status status = DGM_OK;
    snprintf(where, sizeof where, "%.1100s:item %zu", r->feed->source->name, ++r->number);
    if (r->cut && r->number == r->total)
        return DGM_OK; /* it stays with the document, which is rejected */
    start_entry(&entry);
    dgmi_buf_init(&raw, (size_t)3 * DGMI_ITEM_MAX);
    if (entry.item == NULL) {
        end_entry(&entry);
        return dgmi_fail_memory(err);
    }
    build(r, node, &entry);
    put_identity(&entry, &raw);
    const char *refused = why_refused(&entry);
    if (!end_entry(&entry) || raw.failed)
        refused = "larger than an item may be (48 MB)";
    if (refused != NULL) {
        dgmi_item_free(entry.item);
        status = reject_node(r, node, where, refused, err);
    } else {
        dgmi_delivery d = { r->feed->source,
                            r->feed->sink,
                            where,
                            dgmi_buf_str(&raw),
                            dgmi_buf_str(&raw),
                            r->title.n > 0 ? r->title.p : NULL,
                            false };
        status = dgmi_deliver(&d, entry.item, err);
    }
    dgmi_buf_clear(&raw);
    return status;
}

static bool is_entry(const dgmi_feed *feed, const xmlNode *node)
{
    if (dgmi_xml_is(node, feed->element))
        return true;
    for (size_t i = 0; feed->more != NULL && feed->more[i] != NULL; i++) {
        if (dgmi_xml_is(node, feed->more[i]))
            return true;
    }
    return false;
}

/* Calls `visit` for each entry below node, in document order. */
static dgm_status each_entry(run *r, const xmlNode *node, int level,
                             dgm_status (*visit)(run *, const xmlNode *, dgm_error *),
                             dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (const xmlNode *c = node->children; c != NULL && status == DGM_OK; c = c->next) {
        if (is_entry(r->feed, c))
            status = visit(r, c, err);
        else if (c->type == XML_ELEMENT_NODE && level < LEVELS)
            status = each_entry(r, c, level + 1, visit, err);
    }
    return status;
}

static dgm_status count_id(run *r, const xmlNode *node, dgm_error *err)
{
    dgmi_buf text;
    dgm_status status = DGM_OK;
    dgmi_buf_init(&text, 1 << 20);
    r->total++;
    for (const xmlNode *c = node->children; c != NULL && text.n == 0; c = c->next) {
        if (r->feed->id_element != NULL && dgmi_xml_is(c, r->feed->id_element))
            dgmi_xml_text(c, &text);
    }
    if (text.n == 0)
        dgmi_xml_attribute(node, "about", &text);
    dgmi_str id = dgmi_str_trim(dgmi_buf_str(&text));
    uint64_t *count = id.n > 0 ? dgmi_map_at(r->ids, id, true) : NULL;
    if (count != NULL)
        (*count)++;
    else if (id.n > 0)
        status = dgmi_fail_memory(err);
    dgmi_buf_clear(&text);
    return status;
}

/* ---- The feed ---- */

static void read_channel(run *r)
{
    dgmi_buf title;
    dgmi_buf_init(&title, 1 << 20);
    for (const xmlNode *c = r->feed->channel->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "title") && title.n == 0)
            dgmi_xml_inner(c, &title);
        else if (dgmi_xml_is(c, "language") && r->language.n == 0)
            dgmi_xml_text(c, &r->language);
    }
    if (r->language.n == 0)
        dgmi_xml_attribute(r->feed->channel, "lang", &r->language);
    if (r->language.n == 0) { /* RDF has it on its root */
        xmlChar *inherited = xmlNodeGetLang(r->feed->channel);
        dgmi_buf_puts(&r->language, (const char *)inherited);
        xmlFree(inherited);
    }
    dgmi_html_text(&r->title, dgmi_buf_str(&title));
    dgmi_buf_clear(&title);
}

/* Where a tag of that name last begins, opening ("<") or closing ("</") one; NULL if
 * nowhere. */
static const char *find_last(dgmi_str s, const char *open, const char *name)
{
    const char *last = NULL;
    size_t n = strlen(open), length = strlen(name);
    for (;;) {
        const char *at = s.n > 0 ? memmem(s.p, s.n, open, n) : NULL;
        if (at == NULL)
            return last;
        s = dgmi_str_skip(s, (size_t)(at - s.p) + n);
        if (dgmi_str_starts(s, name) &&
            (s.n == length || strchr("> \t\r\n", s.p[length]) != NULL))
            last = at;
    }
}

static bool is_open(const dgmi_feed *feed, const char *element)
{
    dgmi_str text = dgmi_buf_str(&feed->xml.text);
    const char *opened = find_last(text, "<", element);
    const char *closed = find_last(text, "</", element);
    return opened != NULL && (closed == NULL || closed < opened);
}

/* Whether the document ends inside its last entry. */
static bool is_cut(const dgmi_feed *feed)
{
    bool open = feed->xml.broken != NULL && is_open(feed, feed->element);
    for (size_t i = 0; feed->more != NULL && feed->more[i] != NULL && !open; i++)
        open = feed->xml.broken != NULL && is_open(feed, feed->more[i]);
    return open;
}

static dgm_status read_entries(run *r, dgm_error *err)
{
    const dgmi_feed *feed = r->feed;
    const xmlNode *root = xmlDocGetRootElement(feed->xml.doc);
    r->ids = dgmi_map_new();
    if (r->ids == NULL)
        return dgmi_fail_memory(err);
    read_channel(r);
    r->cut = is_cut(feed);
    if (is_entry(feed, root)) /* an entry on its own is a document, too */
        return hand_over(r, root, err);
    dgm_status status = each_entry(r, root, 1, count_id, err);
    if (status == DGM_OK)
        status = each_entry(r, root, 1, hand_over, err);
    return status;
}

dgm_status dgmi_feed_read(dgmi_feed *feed, const char *p, size_t n, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    dgmi_str bytes = { p, n };
    run r = { .feed = feed, .now = dgmi_wall_time(), .bytes = bytes };
    dgm_status status = feed->parse != NULL ? feed->parse(p, n, &feed->xml, &why)
                                            : dgmi_xml_parse(p, n, &feed->xml, &why);
    if (status == DGM_E_ARG)
        return dgmi_reject(feed->source, feed->sink, NULL, why.text, bytes, err);
    if (status != DGM_OK)
        return dgmi_fail(err, status, "%s: %s", feed->source->name, why.text);
    dgmi_buf_init(&r.title, 1 << 16);
    dgmi_buf_init(&r.language, 1 << 16);
    if (feed->source->origin != NULL && feed->xml.doc->URL == NULL) /* base of links */
        feed->xml.doc->URL = xmlStrdup((const xmlChar *)feed->source->origin->url);
    feed->channel = xmlDocGetRootElement(feed->xml.doc);
    for (const xmlNode *c = feed->channel->children; c != NULL; c = c->next) {
        if (dgmi_xml_is(c, "channel")) {
            feed->channel = c;
            break;
        }
    }
    status = read_entries(&r, err);
    if (status == DGM_OK && feed->xml.broken != NULL)
        status =
            dgmi_reject(feed->source, feed->sink, NULL, feed->xml.broken, bytes, err);
    else if (status == DGM_OK && feed->needed != NULL && r.number == 0)
        status = dgmi_reject(feed->source, feed->sink, NULL, feed->needed, bytes, err);
    dgmi_map_free(r.ids);
    dgmi_buf_clear(&r.title);
    dgmi_buf_clear(&r.language);
    dgmi_xml_clear(&feed->xml);
    return status;
}
