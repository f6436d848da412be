/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NewsML-G2: what is said of an item, and where it stands. Depends on newsml.h and
 * lib/base. */
#include "newsml.h"

#include <string.h>

#include "clock.h"
#include "date.h"

/* ---- Codes, names, languages ---- */

/* "stat:usable" and "http://cv.example/stat/usable" are both "usable". */
static dgmi_str code_of(dgmi_str s)
{
    for (size_t i = s.n; i > 0; i--) {
        if (s.p[i - 1] == ':' || s.p[i - 1] == '/' || s.p[i - 1] == '#')
            return dgmi_str_skip(s, i);
    }
    return s;
}

static size_t count_colons(dgmi_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == ':';
    return n;
}

dgmi_str dgmi_newsml_id(dgmi_str id, dgmi_str version)
{
    if (version.n == 0 || id.n <= version.n + 1 || id.p[id.n - version.n - 1] != ':' ||
        memcmp(id.p + id.n - version.n, version.p, version.n) != 0)
        return id;
    dgmi_str rest = { id.p, id.n - version.n - 1 };
    size_t needed =
        dgmi_str_starts_nocase(id, "urn:newsml:")                                  ? 4
        : dgmi_str_starts_nocase(id, "urn:") || dgmi_str_starts_nocase(id, "tag:") ? 2
                                                                                   : 0;
    return count_colons(rest) >= needed ? rest : id;
}

/* The language that node or something around it declares. */
static dgmi_str language_at(const xmlNode *node, dgmi_buf *buf)
{
    dgmi_str s = { NULL, 0 };
    for (; s.n == 0 && node != NULL && node->type == XML_ELEMENT_NODE;
         node = node->parent)
        s = dgmi_xml_value(node, "lang", buf);
    return s;
}

static bool same_language(dgmi_str a, dgmi_str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] != '-' && b.p[n] != '-' &&
           (a.p[n] | 0x20) == (b.p[n] | 0x20))
        n++;
    return n > 0 && (n == a.n || a.p[n] == '-') && (n == b.n || b.p[n] == '-');
}

static bool is_blank(const xmlNode *node)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_ITEM_MAX);
    bool blank = dgmi_xml_content(node, &text).n == 0;
    dgmi_buf_clear(&text);
    return blank;
}

/* How well a headline or name suits: in the language of the item, not a minor one. */
static int score(const xmlNode *node, dgmi_str language)
{
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_str own = dgmi_xml_value(node, "lang", &buf);
    int points = own.n == 0 ? 2 : same_language(own, language) ? 4 : 0;
    dgmi_str role = code_of(dgmi_xml_value(node, "role", &buf));
    bool main = role.n == 0 || dgmi_str_starts_nocase(role, "main") ||
                dgmi_str_starts_nocase(role, "full") ||
                dgmi_str_starts_nocase(role, "display");
    dgmi_buf_clear(&buf);
    return points + main;
}

/* Of the children of that name the one that suits best; NULL if all are blank. */
static const xmlNode *best_child(const xmlNode *parent, const char *name,
                                 const xmlNode *item)
{
    const xmlNode *best = NULL;
    int most = -1;
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_str language = language_at(item, &buf);
    for (const xmlNode *c = dgmi_xml_child(parent, name); c != NULL;
         c = dgmi_xml_next(c, name)) {
        int points = score(c, language);
        if (points > most && !is_blank(c)) {
            most = points;
            best = c;
        }
    }
    dgmi_buf_clear(&buf);
    return best;
}

/* What a coded thing is called: its name, else what is written in its attributes. */
static dgmi_str label_of(const xmlNode *node, const xmlNode *item, dgmi_buf *buf)
{
    const xmlNode *name = node != NULL ? best_child(node, "name", item) : NULL;
    if (name != NULL)
        return dgmi_xml_content(name, buf);
    return dgmi_xml_value(node, "literal", buf);
}

/* ---- Who, when, which ---- */

static void fill_identity(const xmlNode *item, const xmlNode *content, dgmi_entry *entry)
{
    dgmi_buf id, version;
    dgmi_buf_init(&id, DGMI_VALUE_MAX);
    dgmi_buf_init(&version, DGMI_VALUE_MAX);
    dgmi_str v = dgmi_xml_value(item, "version", &version);
    dgmi_entry_set_text(entry, DGMI_PART_ID,
                        dgmi_newsml_id(dgmi_xml_value(item, "guid", &id), v));
    if (v.n > 0)
        dgmi_item_set(entry->item, DGMI_VERSION, v);
    dgmi_str tag = dgmi_xml_value(dgmi_xml_child(content, "language"), "tag", &id);
    dgmi_entry_set_text(entry, DGMI_PART_LANGUAGE, tag);
    dgmi_entry_set_text(entry, DGMI_PART_LANGUAGE, language_at(item, &id));
    dgmi_buf_clear(&id);
    dgmi_buf_clear(&version);
}

static void fill_dates(const xmlNode *meta, const xmlNode *content, dgmi_entry *entry)
{
    const struct {
        dgmi_part part;
        const xmlNode *parent;
        const char *name;
    } dates[] = {
        { DGMI_PART_PUBLISHED, meta, "firstCreated" },
        { DGMI_PART_PUBLISHED, content, "contentCreated" },
        { DGMI_PART_UPDATED, meta, "versionCreated" },
        { DGMI_PART_UPDATED, content, "contentModified" },
    };
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        dgmi_str date =
            dgmi_xml_content(dgmi_xml_child(dates[i].parent, dates[i].name), &text);
        dgmi_entry_set_date(entry, dates[i].part, date);
    }
    /* One without a date has no meaning that senders agree on. */
    dgmi_str until = dgmi_xml_content(dgmi_xml_child(meta, "embargoed"), &text);
    if (!dgmi_item_embargo(entry->item, until))
        dgmi_note(entry, "embargoed", until);
    dgmi_buf_clear(&text);
}

static void fill_status(const xmlNode *meta, dgmi_entry *entry)
{
    const xmlNode *node = dgmi_xml_child(meta, "pubStatus");
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_str s = code_of(dgmi_xml_value(node, "qcode", &buf));
    if (s.n == 0)
        s = code_of(dgmi_xml_value(node, "uri", &buf));
    if (dgmi_str_starts_nocase(s, "cancel")) {
        dgmi_item_set_status(entry->item, DGM_CANCELED);
        entry->may_be_empty = true;
    } else if (dgmi_str_eq_nocase(s, "withheld")) {
        dgmi_item_set_status(entry->item, DGM_WITHHELD);
    }
    dgmi_buf_clear(&buf);
}

static void fill_people(const xmlNode *item, const xmlNode *meta, const xmlNode *content,
                        dgmi_entry *entry)
{
    const xmlNode *provider = dgmi_xml_child(meta, "provider");
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_entry_set_byline(entry, best_child(content, "by", item));
    dgmi_entry_set_text(entry, DGMI_PART_SOURCE,
                        label_of(dgmi_xml_child(content, "infoSource"), item, &buf));
    dgmi_str s = label_of(provider, item, &buf);
    if (s.n == 0)
        s = code_of(dgmi_xml_value(provider, "qcode", &buf));
    if (s.n == 0)
        s = dgmi_xml_value(provider, "uri", &buf);
    if (s.n > 0)
        dgmi_item_set(entry->item, DGMI_PROVIDER, s);
    dgmi_item_set_origin(entry->item, DGMI_PROVIDER, "provider");
    dgmi_entry_set_text(entry, DGMI_PART_SOURCE, s);
    dgmi_buf_clear(&buf);
}

/* ---- Links ---- */

static bool holds(dgmi_str s, const char *what)
{
    return s.n > 0 && memmem(s.p, s.n, what, strlen(what)) != NULL;
}

/* The code of a translation is not settled: any that says so is taken, and a text made
 * from another one, unless something plainer is said. */
static void apply_link(dgmi_entry *entry, dgmi_str rel, dgmi_str id)
{
    if (id.n == 0)
        return;
    if (holds(rel, "ranslat") && !dgmi_str_starts_nocase(rel, "has")) {
        dgmi_item_set(entry->item, DGMI_TRANSLATION_OF, id);
        dgmi_item_set_translated(entry->item, true);
    } else if (dgmi_str_eq_nocase(rel, "derivedFrom")) {
        if (dgmi_item_get(entry->item, DGMI_TRANSLATION_OF) == NULL)
            dgmi_item_set(entry->item, DGMI_TRANSLATION_OF, id);
    } else if (holds(rel, "volved") || dgmi_str_eq_nocase(rel, "previousVersion")) {
        dgmi_item_set(entry->item, DGMI_EVOLVED_FROM, id);
    }
}

static void add_link(const xmlNode *link, dgmi_notes *notes)
{
    dgmi_buf rel, id, href, version, title;
    dgmi_buf *const bufs[] = { &rel, &id, &href, &version, &title };
    for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
        dgmi_buf_init(bufs[i], DGMI_VALUE_MAX);
    dgmi_str r = dgmi_xml_value(link, "rel", &rel);
    if (r.n == 0)
        r = dgmi_xml_value(link, "reluri", &rel);
    dgmi_str h = dgmi_xml_value(link, "href", &href);
    dgmi_str i = dgmi_newsml_id(dgmi_xml_value(link, "residref", &id),
                                dgmi_xml_value(link, "version", &version));
    dgmi_member members[] = { { "rel", r },
                              { "id", i },
                              { "href", h },
                              { "title", dgmi_xml_content(dgmi_xml_child(link, "title"),
                                                          &title) } };
    dgmi_notes_add_object(notes, members, 4);
    apply_link(notes->entry, code_of(r), i.n > 0 ? i : h);
    for (size_t k = 0; k < sizeof bufs / sizeof *bufs; k++)
        dgmi_buf_clear(bufs[k]);
}

static void fill_links(const xmlNode *meta, dgmi_entry *entry)
{
    dgmi_notes notes = { entry, "related", false };
    for (const xmlNode *l = dgmi_xml_child(meta, "link"); l != NULL;
         l = dgmi_xml_next(l, "link"))
        add_link(l, &notes);
    dgmi_notes_end(&notes);
}

/* ---- Subjects and notes ---- */

static void add_subject(const xmlNode *subject, const xmlNode *item, dgmi_notes *notes)
{
    dgmi_buf name, code, type;
    dgmi_buf_init(&name, DGMI_VALUE_MAX);
    dgmi_buf_init(&code, DGMI_VALUE_MAX);
    dgmi_buf_init(&type, DGMI_VALUE_MAX);
    dgmi_str n = label_of(subject, item, &name);
    dgmi_str c = dgmi_xml_value(subject, "qcode", &code);
    if (c.n == 0)
        c = dgmi_xml_value(subject, "uri", &code);
    dgmi_str t = dgmi_xml_value(subject, "type", &type), kind = code_of(t);
    dgmi_entry_add_topic(notes->entry, n.n > 0 ? n : c);
    if (n.n > 0 &&
        (dgmi_str_eq_nocase(kind, "person") || dgmi_str_starts_nocase(kind, "organi")))
        dgmi_item_add_name(notes->entry->item, n);
    dgmi_member members[] = { { "name", n }, { "qcode", c }, { "type", t } };
    dgmi_notes_add_object(notes, members, n.n + c.n > 0 ? 3 : 0);
    dgmi_buf_clear(&name);
    dgmi_buf_clear(&code);
    dgmi_buf_clear(&type);
}

static void fill_subjects(const xmlNode *item, const xmlNode *content, dgmi_entry *entry)
{
    dgmi_notes notes = { entry, "subjects", false };
    for (const xmlNode *s = dgmi_xml_child(content, "subject"); s != NULL;
         s = dgmi_xml_next(s, "subject"))
        add_subject(s, item, &notes);
    dgmi_notes_end(&notes);
}

/* All children of that name as one array: by their label, their text or their code. */
static void note_all(const xmlNode *item, const xmlNode *parent, const char *name,
                     const char *note, dgmi_entry *entry)
{
    dgmi_notes notes = { entry, note, false };
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    for (const xmlNode *c = dgmi_xml_child(parent, name); c != NULL;
         c = dgmi_xml_next(c, name)) {
        dgmi_str s = label_of(c, item, &buf);
        if (s.n == 0)
            s = dgmi_xml_content(c, &buf);
        if (s.n == 0)
            s = dgmi_xml_value(c, "qcode", &buf);
        dgmi_notes_add(&notes, s);
    }
    dgmi_notes_end(&notes);
    dgmi_buf_clear(&buf);
}

static void fill_notes(const xmlNode *item, const xmlNode *meta, const xmlNode *content,
                       dgmi_entry *entry)
{
    static const char *const texts[] = { "slugline", "urgency", "dateline",
                                         "creditline" };
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        dgmi_note(entry, texts[i],
                  dgmi_xml_content(dgmi_xml_child(content, texts[i]), &buf));
    dgmi_note(entry, "itemclass",
              dgmi_xml_value(dgmi_xml_child(meta, "itemClass"), "qcode", &buf));
    dgmi_note(entry, "provider_code",
              dgmi_xml_value(dgmi_xml_child(meta, "provider"), "qcode", &buf));
    dgmi_buf_clear(&buf);
    note_all(item, meta, "edNote", "ednotes", entry);
    note_all(item, meta, "signal", "signals", entry);
    note_all(item, content, "located", "located", entry);
    note_all(item, content, "genre", "genres", entry);
    note_all(item, content, "keyword", "keywords", entry);
    note_all(item, content, "description", "descriptions", entry);
    fill_subjects(item, content, entry);
}

void dgmi_newsml_meta(const xmlNode *item, dgmi_entry *entry)
{
    const xmlNode *meta = dgmi_xml_child(item, "itemMeta");
    const xmlNode *content = dgmi_xml_child(item, "contentMeta");
    const xmlNode *headline = best_child(content, "headline", item);
    fill_identity(item, content, entry);
    fill_dates(meta, content, entry);
    fill_status(meta, entry);
    fill_people(item, meta, content, entry);
    if (headline != NULL) {
        dgmi_entry_set(entry, DGMI_PART_TITLE, headline);
        dgmi_entry_set_attribute(entry, DGMI_PART_LANGUAGE, headline, "lang");
    }
    fill_links(meta, entry);
    fill_notes(item, meta, content, entry);
}

void dgmi_newsml_rest(const xmlNode *item, dgmi_entry *entry)
{
    const xmlNode *meta = dgmi_xml_child(item, "itemMeta");
    const xmlNode *content = dgmi_xml_child(item, "contentMeta");
    const xmlNode *title = best_child(meta, "title", item);
    const xmlNode *description = best_child(content, "description", item);
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_entry_set_text(entry, DGMI_PART_AUTHOR,
                        label_of(dgmi_xml_child(content, "creator"), item, &buf));
    if (title != NULL)
        dgmi_entry_set(entry, DGMI_PART_TITLE, title);
    if (description != NULL)
        dgmi_entry_set(entry, DGMI_PART_BODY, description);
    dgmi_buf_clear(&buf);
}
