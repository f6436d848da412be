/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NewsML 1.0 to 1.2, which agencies sent before NewsML-G2 and some still do. Depends on
 * press.h. What says something stands in components, which stand in each other. */
#include "press.h"

#include <string.h>

#include "clock.h"
#include "date.h"

enum { COMPONENTS_DEEP = 20 };

static const dgmi_tree_options wire = { true, NULL };

/* The FormalName of the element below node at this path, up to a NULL. */
static dgmi_str formal_name(const xmlNode *node, const char *const *path, dgmi_buf *buf)
{
    for (; *path != NULL; path++)
        node = dgmi_xml_child(node, *path);
    return dgmi_xml_value(node, "FormalName", buf);
}

static dgmi_str child_text(const xmlNode *node, const char *name, dgmi_buf *buf)
{
    return dgmi_xml_content(dgmi_xml_child(node, name), buf);
}

/* ---- Which, when ---- */

/* "urn:newsml:provider:date:id", without the revision that an identifier ends in. */
static void fill_identity(const xmlNode *item, dgmi_entry *entry)
{
    static const char *const parts[] = { "ProviderId", "DateId", "NewsItemId" };
    const xmlNode *id =
        dgmi_xml_child(dgmi_xml_child(item, "Identification"), "NewsIdentifier");
    dgmi_buf urn, text;
    dgmi_buf_init(&urn, DGMI_VALUE_MAX);
    dgmi_buf_init(&text, DGMI_VALUE_MAX);
    bool whole = id != NULL;
    dgmi_buf_puts(&urn, "urn:newsml");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        dgmi_str s = child_text(id, parts[i], &text);
        whole = whole && s.n > 0;
        dgmi_buf_putc(&urn, ':');
        dgmi_buf_put(&urn, s.p, s.n);
    }
    dgmi_str given = child_text(id, "PublicIdentifier", &text);
    dgmi_entry_set_text(entry, DGMI_PART_ID, whole ? dgmi_buf_str(&urn) : given);
    dgmi_str version = child_text(id, "RevisionId", &text);
    if (version.n > 0)
        dgmi_item_set(entry->item, DGMI_VERSION, version);
    dgmi_buf_clear(&urn);
    dgmi_buf_clear(&text);
}

/* An embargo holds until the change of status that is announced; one without a date,
 * until another version comes. */
static void fill_embargo(const xmlNode *management, dgmi_entry *entry)
{
    dgmi_buf buf;
    int64_t time;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_str until =
        child_text(dgmi_xml_child(management, "StatusWillChange"), "DateAndTime", &buf);
    if (!dgmi_date_parse(until, &time) || time > dgmi_wall_time())
        dgmi_item_set_status(entry->item, DGM_WITHHELD);
    dgmi_note(entry, "embargoed", until);
    dgmi_buf_clear(&buf);
}

static void fill_status(const xmlNode *management, dgmi_entry *entry)
{
    static const char *const path[] = { "Status", NULL };
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_str status = formal_name(management, path, &buf);
    if (dgmi_str_starts_nocase(status, "cancel") ||
        dgmi_str_starts_nocase(status, "kill")) {
        dgmi_item_set_status(entry->item, DGM_CANCELED);
        entry->may_be_empty = true;
    } else if (dgmi_str_eq_nocase(status, "withheld")) {
        dgmi_item_set_status(entry->item, DGM_WITHHELD);
    } else if (dgmi_str_eq_nocase(status, "embargoed")) {
        fill_embargo(management, entry);
    }
    dgmi_buf_clear(&buf);
}

static void fill_management(const xmlNode *item, dgmi_entry *entry)
{
    static const char *const urgency[] = { "Urgency", NULL };
    const xmlNode *management = dgmi_xml_child(item, "NewsManagement");
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_entry_set_date(entry, DGMI_PART_PUBLISHED,
                        child_text(management, "FirstCreated", &buf));
    dgmi_entry_set_date(entry, DGMI_PART_UPDATED,
                        child_text(management, "ThisRevisionCreated", &buf));
    dgmi_note(entry, "urgency", formal_name(management, urgency, &buf));
    dgmi_buf_clear(&buf);
    fill_status(management, entry);
}

/* ---- What is said of a component ---- */

static void fill_lines(const xmlNode *component, dgmi_entry *entry)
{
    static const char *const notes[][2] = { { "SlugLine", "slugline" },
                                            { "DateLine", "dateline" },
                                            { "SubHeadLine", "subtitle" },
                                            { "CopyrightLine", "copyright" },
                                            { "KeywordLine", "keywords" } };
    const xmlNode *lines = dgmi_xml_child(component, "NewsLines");
    dgmi_buf buf;
    if (lines == NULL)
        return;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    bool first = dgmi_str_trim(dgmi_buf_str(&entry->parts[DGMI_PART_TITLE])).n == 0;
    dgmi_entry_set_text(entry, DGMI_PART_TITLE, child_text(lines, "HeadLine", &buf));
    dgmi_entry_set_byline(entry, dgmi_xml_child(lines, "ByLine"));
    for (size_t i = 0; first && i < sizeof notes / sizeof *notes; i++)
        dgmi_note(entry, notes[i][1], child_text(lines, notes[i][0], &buf));
    dgmi_buf_clear(&buf);
}

static void fill_people(const xmlNode *component, dgmi_entry *entry)
{
    static const char *const provider[] = { "Provider", "Party", NULL };
    static const char *const source[] = { "Source", "Party", NULL };
    static const char *const creator[] = { "Creator", "Party", NULL };
    const xmlNode *meta = dgmi_xml_child(component, "AdministrativeMetadata");
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_entry_set_text(entry, DGMI_PART_SOURCE, formal_name(meta, source, &buf));
    dgmi_entry_set_text(entry, DGMI_PART_AUTHOR, formal_name(meta, creator, &buf));
    dgmi_str s = formal_name(meta, provider, &buf);
    if (s.n > 0 && dgmi_item_get(entry->item, DGMI_PROVIDER) == NULL)
        dgmi_item_set(entry->item, DGMI_PROVIDER, s);
    dgmi_entry_set_text(entry, DGMI_PART_SOURCE, s);
    dgmi_buf_clear(&buf);
}

/* The narrowest code of a subject; a name where somebody wrote one instead. */
static void add_subject(const xmlNode *code, dgmi_entry *entry)
{
    static const char *const levels[] = { "SubjectDetail", "SubjectMatter", "Subject" };
    dgmi_buf buf, full;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_buf_init(&full, DGMI_VALUE_MAX);
    dgmi_str s = { NULL, 0 };
    for (size_t i = 0; i < sizeof levels / sizeof *levels && s.n == 0; i++)
        s = dgmi_xml_value(dgmi_xml_child(code, levels[i]), "FormalName", &buf);
    bool number = s.n == 8 && s.p[0] >= '0' && s.p[0] <= '9';
    if (number)
        dgmi_buf_puts(&full, "subj:");
    dgmi_buf_put(&full, s.p, s.n);
    if (s.n > 0)
        dgmi_entry_add_topic(entry, dgmi_buf_str(&full));
    dgmi_buf_clear(&full);
    dgmi_buf_clear(&buf);
}

static void fill_description(const xmlNode *component, dgmi_entry *entry)
{
    static const char *const language[] = { "Language", NULL };
    const xmlNode *meta = dgmi_xml_child(component, "DescriptiveMetadata");
    dgmi_buf buf;
    if (meta == NULL)
        return;
    dgmi_buf_init(&buf, DGMI_VALUE_MAX);
    dgmi_entry_set_text(entry, DGMI_PART_LANGUAGE, formal_name(meta, language, &buf));
    for (const xmlNode *s = dgmi_xml_child(meta, "SubjectCode"); s != NULL;
         s = dgmi_xml_next(s, "SubjectCode"))
        add_subject(s, entry);
    dgmi_buf_clear(&buf);
}

/* ---- Content ---- */

static const xmlNode *find_body(const xmlNode *data)
{
    const xmlNode *nitf = dgmi_xml_child(data, "nitf"),
                  *html = dgmi_xml_child(data, "html");
    const xmlNode *body = dgmi_xml_child(nitf != NULL ? nitf : html, "body");
    const xmlNode *content = dgmi_xml_child(body, "body.content");
    return content != NULL ? content : body != NULL ? body : data;
}

static bool has_elements(const xmlNode *node)
{
    for (const xmlNode *c = node->children; c != NULL; c = c->next) {
        if (c->type == XML_ELEMENT_NODE)
            return true;
    }
    return false;
}

/* Text appends to what other components gave; a picture as base64 is none. */
static void add_content(const xmlNode *content, dgmi_buf *html, dgmi_entry *entry)
{
    static const char *const type[] = { "MediaType", NULL };
    const xmlNode *data = dgmi_xml_child(content, "DataContent");
    dgmi_buf buf;
    dgmi_buf_init(&buf, DGMI_ITEM_MAX);
    dgmi_str media = formal_name(content, type, &buf);
    bool text = media.n == 0 || dgmi_str_eq_nocase(media, "text") ||
                dgmi_str_eq_nocase(media, "complexdata");
    if (data != NULL && text && dgmi_xml_child(content, "Encoding") == NULL &&
        dgmi_xml_content(data, &buf).n > 0) {
        const xmlNode *nitf = dgmi_xml_child(data, "nitf");
        dgmi_buf_puts(html, "<div>");
        if (has_elements(data) || strchr(buf.p, '<') == NULL)
            dgmi_tree_html(find_body(data), &wire, html);
        else
            dgmi_buf_put(html, buf.p, buf.n); /* markup that is escaped */
        dgmi_buf_puts(html, "</div>");
        if (nitf != NULL) { /* its body is here already */
            dgmi_entry_set_text(entry, DGMI_PART_BODY, (dgmi_str){ "-", 1 });
            dgmi_nitf_content(nitf, entry);
        }
    }
    dgmi_buf_clear(&buf);
}

static void add_component(const xmlNode *component, dgmi_buf *html, dgmi_entry *entry,
                          int depth)
{
    dgmi_buf buf;
    if (depth > COMPONENTS_DEEP)
        return;
    dgmi_buf_init(&buf, 256);
    bool equal =
        dgmi_str_eq_nocase(dgmi_xml_value(component, "EquivalentsList", &buf), "yes");
    dgmi_buf_clear(&buf);
    fill_lines(component, entry);
    fill_people(component, entry);
    fill_description(component, entry);
    size_t before = html->n;
    for (const xmlNode *c = component->children; c != NULL; c = c->next) {
        if (equal && html->n > before)
            break; /* the same once more in another form */
        if (dgmi_xml_is(c, "NewsComponent") || dgmi_xml_is(c, "NewsItem"))
            add_component(c, html, entry, depth + 1);
        else if (dgmi_xml_is(c, "ContentItem"))
            add_content(c, html, entry);
    }
}

static void fill(const xmlNode *item, dgmi_entry *entry)
{
    dgmi_buf html;
    dgmi_buf_init(&html, DGMI_ITEM_MAX);
    fill_identity(item, entry);
    fill_management(item, entry);
    for (const xmlNode *c = dgmi_xml_child(item, "NewsComponent"); c != NULL;
         c = dgmi_xml_next(c, "NewsComponent"))
        add_component(c, &html, entry, 0);
    dgmi_buf_reset(&entry->parts[DGMI_PART_BODY]);
    dgmi_entry_set_text(entry, DGMI_PART_BODY, dgmi_buf_str(&html));
    dgmi_buf_clear(&html);
}

dgm_status dgmi_read_newsml1(const dgmi_source *source, const char *p, size_t n,
                             const dgmi_sink *sink, dgm_error *err)
{
    dgmi_feed feed = { .source = source,
                       .sink = sink,
                       .element = "NewsItem",
                       .fill = fill,
                       .needed = "no item is in it" };
    return dgmi_feed_read(&feed, p, n, err);
}
