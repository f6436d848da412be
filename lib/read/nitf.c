/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NITF 3.x, with or without its namespace: which element is what. Depends on press.h and
 * lib/base. */
#include "press.h"

#include <string.h>

#include "clock.h"
#include "date.h"

static bool is_around_content(const xmlNode *node)
{
    return dgmi_xml_is(node, "body.head") || dgmi_xml_is(node, "body.end");
}

/* ---- What the document says ---- */

static void set_title(const xmlNode *nitf, const xmlNode *head, dgmi_entry *entry)
{
    const xmlNode *hedline = dgmi_xml_child(head, "hedline");
    const xmlNode *titles[] = { dgmi_xml_child(hedline, "hl1"),
                                dgmi_xml_child(head, "hl1"),
                                dgmi_xml_child(dgmi_xml_child(nitf, "head"), "title"),
                                dgmi_xml_child(hedline, "hl2") };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (titles[i] != NULL)
            dgmi_entry_set(entry, DGMI_PART_TITLE, titles[i]);
    }
}

void dgmi_nitf_content(const xmlNode *nitf, dgmi_entry *entry)
{
    static const dgmi_tree_options content = { true, is_around_content };
    static const dgmi_tree_options whole = { true, NULL };
    const xmlNode *body = dgmi_xml_child(nitf, "body");
    const xmlNode *head = dgmi_xml_child(body, "body.head");
    const xmlNode *text = dgmi_xml_child(body, "body.content");
    set_title(nitf, head, entry);
    for (const xmlNode *b = dgmi_xml_child(head, "byline"); b != NULL;
         b = dgmi_xml_next(b, "byline"))
        dgmi_entry_set_byline(entry, b);
    dgmi_entry_set_tree(entry, text, &whole);
    if (text == NULL && head == NULL)
        dgmi_entry_set_tree(entry, body, &content);
    dgmi_entry_set_tree(entry, dgmi_xml_child(head, "abstract"), &whole);
}

/* ---- What is said of it ---- */

static void note_content(dgmi_entry *entry, const char *name, const xmlNode *node)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    dgmi_note(entry, name, dgmi_xml_content(node, &text));
    dgmi_buf_clear(&text);
}

static void note_value(dgmi_entry *entry, const char *name, const xmlNode *node,
                       const char *attribute)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    dgmi_note(entry, name, dgmi_xml_value(node, attribute, &text));
    dgmi_buf_clear(&text);
}

/* A date stands in an attribute; some write it as text. */
static void add_date(dgmi_entry *entry, dgmi_part part, const xmlNode *node,
                     const char *attribute)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    dgmi_str date = dgmi_xml_value(node, attribute, &text);
    if (date.n == 0)
        date = dgmi_xml_content(node, &text);
    dgmi_entry_set_date(entry, part, date);
    dgmi_buf_clear(&text);
}

static void fill_dates(const xmlNode *head, const xmlNode *data, const xmlNode *dateline,
                       dgmi_entry *entry)
{
    add_date(entry, DGMI_PART_PUBLISHED, dgmi_xml_child(data, "date.issue"), "norm");
    add_date(entry, DGMI_PART_PUBLISHED, dgmi_xml_child(data, "date.release"), "norm");
    add_date(entry, DGMI_PART_PUBLISHED, dgmi_xml_child(dateline, "story.date"), "norm");
    add_date(entry, DGMI_PART_PUBLISHED, dgmi_xml_child(head, "pubdata"),
             "date.publication");
    for (const xmlNode *r = dgmi_xml_child(head, "revision-history"); r != NULL;
         r = dgmi_xml_next(r, "revision-history")) {
        dgmi_buf_reset(&entry->parts[DGMI_PART_UPDATED]); /* the last one counts */
        add_date(entry, DGMI_PART_UPDATED, r, "norm");
    }
    note_value(entry, "released", dgmi_xml_child(data, "date.release"), "norm");
    note_value(entry, "expires", dgmi_xml_child(data, "date.expire"), "norm");
}

/* An embargo without a time says only: not yet. */
static void fill_embargo(const xmlNode *data, dgmi_entry *entry)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    dgmi_str s = dgmi_xml_value(dgmi_xml_child(data, "date.release"), "norm", &text);
    if (!dgmi_item_embargo(entry->item, s))
        dgmi_item_set_status(entry->item, DGM_WITHHELD);
    dgmi_buf_clear(&text);
}

static void fill_status(const xmlNode *data, dgmi_entry *entry)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    dgmi_str s = dgmi_xml_value(data, "management-status", &text);
    entry->may_be_empty = dgmi_str_starts_nocase(s, "cancel");
    if (entry->may_be_empty)
        dgmi_item_set_status(entry->item, DGM_CANCELED);
    else if (dgmi_str_eq_nocase(s, "withheld"))
        dgmi_item_set_status(entry->item, DGM_WITHHELD);
    else if (dgmi_str_eq_nocase(s, "embargoed"))
        fill_embargo(data, entry);
    note_value(entry, "management_status", data, "management-status");
    note_value(entry, "management_idref_status", data, "management-idref-status");
    dgmi_buf_clear(&text);
}

/* The document that this one is about to replace, cancel or correct. */
static void fill_links(const xmlNode *data, dgmi_entry *entry)
{
    const xmlNode *correction = dgmi_xml_child(data, "correction");
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    dgmi_str id = dgmi_xml_value(data, "management-doc-idref", &text);
    if (id.n == 0)
        id = dgmi_xml_value(correction, "id-string", &text);
    if (id.n > 0)
        dgmi_item_set(entry->item, DGMI_EVOLVED_FROM, id);
    dgmi_buf_clear(&text);
    note_value(entry, "correction", correction, "info");
}

/* ---- Subjects ---- */

/* The narrowest of the three names that a subject has, else its code. */
static void add_subject(const xmlNode *node, dgmi_notes *notes)
{
    static const char *const names[] = { "tobject.subject.detail",
                                         "tobject.subject.matter",
                                         "tobject.subject.type" };
    dgmi_buf name, code;
    dgmi_str s = { NULL, 0 };
    dgmi_buf_init(&name, DGMI_VALUE_MAX);
    dgmi_buf_init(&code, DGMI_VALUE_MAX);
    for (size_t i = 0; i < sizeof names / sizeof *names && s.n == 0; i++)
        s = dgmi_xml_value(node, names[i], &name);
    dgmi_str refnum = dgmi_xml_value(node, "tobject.subject.refnum", &code);
    dgmi_buf qcode;
    dgmi_buf_init(&qcode, DGMI_VALUE_MAX);
    if (refnum.n > 0) {
        dgmi_buf_puts(&qcode, "subj:");
        dgmi_buf_put(&qcode, refnum.p, refnum.n);
    }
    dgmi_entry_add_topic(notes->entry, s.n > 0 ? s : dgmi_buf_str(&qcode));
    dgmi_member members[] = { { "name", s }, { "qcode", dgmi_buf_str(&qcode) } };
    dgmi_notes_add_object(notes, members, 2);
    dgmi_buf_clear(&qcode);
    dgmi_buf_clear(&name);
    dgmi_buf_clear(&code);
}

static void fill_subjects(const xmlNode *head, dgmi_entry *entry)
{
    dgmi_notes notes = { entry, "subjects", false };
    for (const xmlNode *t = dgmi_xml_child(head, "tobject"); t != NULL;
         t = dgmi_xml_next(t, "tobject")) {
        for (const xmlNode *s = dgmi_xml_child(t, "tobject.subject"); s != NULL;
             s = dgmi_xml_next(s, "tobject.subject"))
            add_subject(s, &notes);
    }
    dgmi_notes_end(&notes);
}

static void fill_keywords(const xmlNode *data, dgmi_entry *entry)
{
    dgmi_notes notes = { entry, "keywords", false };
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    for (const xmlNode *k = dgmi_xml_child(dgmi_xml_child(data, "key-list"), "keyword");
         k != NULL; k = dgmi_xml_next(k, "keyword")) {
        dgmi_str key = dgmi_xml_value(k, "key", &text);
        dgmi_notes_add(&notes, key.n > 0 ? key : dgmi_xml_content(k, &text));
    }
    dgmi_notes_end(&notes);
    dgmi_buf_clear(&text);
}

/* ---- The document ---- */

static void fill_provider(const xmlNode *data, const xmlNode *body_head,
                          dgmi_entry *entry)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    dgmi_str s = dgmi_xml_content(dgmi_xml_child(body_head, "distributor"), &text);
    if (s.n == 0)
        s = dgmi_xml_value(dgmi_xml_child(data, "doc.copyright"), "holder", &text);
    if (s.n == 0)
        s = dgmi_xml_value(dgmi_xml_child(data, "doc-id"), "regsrc", &text);
    if (s.n > 0)
        dgmi_item_set(entry->item, DGMI_PROVIDER, s);
    dgmi_item_set_origin(entry->item, DGMI_PROVIDER, "distributor");
    dgmi_entry_set_text(entry, DGMI_PART_SOURCE, s);
    dgmi_buf_clear(&text);
}

static void fill_language(const xmlNode *nitf, const xmlNode *head, dgmi_entry *entry)
{
    dgmi_buf name;
    dgmi_buf_init(&name, DGMI_VALUE_MAX);
    const xmlNode *body = dgmi_xml_child(nitf, "body");
    const xmlNode *said[] = { nitf, body, dgmi_xml_child(body, "body.content"), head };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        dgmi_entry_set_text(entry, DGMI_PART_LANGUAGE,
                            dgmi_xml_value(said[i], "lang", &name));
    for (const xmlNode *m = dgmi_xml_child(head, "meta"); m != NULL;
         m = dgmi_xml_next(m, "meta")) {
        if (dgmi_str_eq_nocase(dgmi_xml_value(m, "name", &name), "language"))
            dgmi_entry_set_text(entry, DGMI_PART_LANGUAGE,
                                dgmi_xml_value(m, "content", &name));
    }
    dgmi_buf_clear(&name);
}

static void fill_notes(const xmlNode *head, const xmlNode *data, dgmi_entry *entry)
{
    const xmlNode *urgency = dgmi_xml_child(data, "urgency");
    if (urgency == NULL)
        urgency = dgmi_xml_child(head, "urgency");
    note_value(entry, "urgency", urgency, "ed-urg");
    note_value(entry, "ednote", dgmi_xml_child(data, "ed-msg"), "info");
    note_value(entry, "slugline", dgmi_xml_child(data, "du-key"), "key");
    note_value(entry, "event_country", dgmi_xml_child(data, "evloc"), "iso-cc");
    fill_keywords(data, entry);
    fill_subjects(head, entry);
}

static void fill(const xmlNode *nitf, dgmi_entry *entry)
{
    const xmlNode *head = dgmi_xml_child(nitf, "head");
    const xmlNode *data = dgmi_xml_child(head, "docdata");
    const xmlNode *body = dgmi_xml_child(nitf, "body");
    const xmlNode *body_head = dgmi_xml_child(body, "body.head");
    const xmlNode *dateline = dgmi_xml_child(body_head, "dateline");
    dgmi_entry_set_attribute(
        entry, DGMI_PART_ID,
        dgmi_xml_child(data, "doc-id") != NULL ? dgmi_xml_child(data, "doc-id") : nitf,
        "id-string");
    dgmi_nitf_content(nitf, entry);
    fill_dates(head, data, dateline, entry);
    fill_status(data, entry);
    fill_links(data, entry);
    fill_provider(data, body_head, entry);
    fill_language(nitf, head, entry);
    fill_notes(head, data, entry);
    if (dateline != NULL)
        note_content(entry, "dateline", dateline);
    if (dgmi_xml_child(body_head, "abstract") != NULL)
        note_content(entry, "abstract", dgmi_xml_child(body_head, "abstract"));
    if (dgmi_xml_child(body, "body.end") != NULL)
        note_content(entry, "tagline", dgmi_xml_child(body, "body.end"));
}

dgm_status dgmi_read_nitf(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err)
{
    dgmi_feed feed = { .source = source,
                       .sink = sink,
                       .element = "nitf",
                       .id_element = "doc-id",
                       .fill = fill,
                       .needed = "no NITF document is in it" };
    return dgmi_feed_read(&feed, p, n, err);
}
