/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts as feeds. Depends on json_out.h, lib/base.
 *
 * An entry is an alert, so a correction is an entry of its own; what an alert knows
 * beside the fields of the formats stands in categories, each kind of them under its own
 * scheme, and in JSON Feed in an extension. */
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "json_out.h"

#define URN "urn:dragoman:"

/* ---- Shared ---- */

static const char *heading_of(const dgm_alert *a)
{
    switch (a->kind) {
    case DGM_ALERT_NEW:
        return "";
    case DGM_ALERT_CORRECTED:
        return "Corrected: ";
    case DGM_ALERT_WITHDRAWN:
        return "Withdrawn: ";
    }
    return "";
}

static void put_title(dgmi_buf *out, const dgm_alert *a)
{
    dgmi_buf_puts(out, heading_of(a));
    dgmi_buf_puts(out, a->hit.title ? a->hit.title : a->hit.id);
}

static void put_escaped(dgmi_buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            strchr("-._~", c))
            dgmi_buf_putc(out, *text);
        else
            dgmi_buf_printf(out, "%%%02X", c);
    }
}

/* Where the item is to be read: at its source, else here. Nothing of a withdrawn one. */
static void put_url(dgmi_buf *out, const dgm_alert *a, const char *base)
{
    if (a->kind == DGM_ALERT_WITHDRAWN)
        return;
    if (a->hit.url) {
        dgmi_buf_puts(out, a->hit.url);
        return;
    }
    dgmi_buf_printf(out, "%s/v1/items/", base);
    put_escaped(out, a->hit.id);
}

static void put_id(dgmi_buf *out, const dgm_alerts *all, const dgm_alert *a)
{
    dgmi_buf_printf(out, URN "alert:%s:%s", all->watch, a->id);
}

static int64_t published_of(const dgm_alert *a)
{
    return a->hit.published != DGM_NO_TIME ? a->hit.published : a->found;
}

static const char *text_of(const dgm_alert *a)
{
    if (a->kind == DGM_ALERT_WITHDRAWN)
        return "This item was withdrawn.";
    if (!a->matches)
        return "This item was changed, and no longer matches.";
    return a->hit.snippet ? a->hit.snippet : "";
}

/* ---- XML ---- */

/* Escaped, without what XML cannot hold. */
static void put_xml(dgmi_buf *out, dgmi_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool odd = c == 0xef && i + 2 < text.n && (unsigned char)text.p[i + 1] == 0xbf &&
                   (unsigned char)text.p[i + 2] >= 0xbe; /* U+FFFE and U+FFFF */
        if (c == '&')
            dgmi_buf_puts(out, "&amp;");
        else if (c == '<')
            dgmi_buf_puts(out, "&lt;");
        else if (c == '>')
            dgmi_buf_puts(out, "&gt;");
        else if (c == '"')
            dgmi_buf_puts(out, "&quot;");
        else if (odd)
            i += 2;
        else if (c >= 0x20 || c == '\t' || c == '\n')
            dgmi_buf_putc(out, (char)c);
    }
}

static void put_text(dgmi_buf *out, const char *text)
{
    put_xml(out, dgmi_str_of(text));
}

/* Writes by one of the functions above, escaped. */
static void put_made(dgmi_buf *out, dgmi_buf *made)
{
    out->failed = out->failed || made->failed;
    put_xml(out, dgmi_buf_str(made));
    dgmi_buf_reset(made);
}

static void put_category(dgmi_buf *out, bool atom, const char *scheme, const char *term)
{
    if (!term || !*term)
        return;
    dgmi_buf_printf(out,
                    atom ? "<category scheme=\"" URN "%s\" term=\""
                         : "<category domain=\"" URN "%s\">",
                    scheme);
    put_text(out, term);
    dgmi_buf_puts(out, atom ? "\"/>\n" : "</category>\n");
}

static void put_categories(dgmi_buf *out, bool atom, const dgm_alerts *all,
                           const dgm_alert *a)
{
    put_category(out, atom, "watch", all->watch);
    put_category(out, atom, "kind", dgm_alert_kind_text(a->kind));
    put_category(out, atom, "item", a->hit.id);
    put_category(out, atom, "region", a->hit.region);
    put_category(out, atom, "source", a->hit.source);
    for (size_t i = 0; i < a->hit.n_parts; i++)
        put_category(out, atom, "matched", a->hit.parts[i].what);
    if (a->matches && a->hit.n_parts == 0)
        put_category(out, atom, "matched", all->query);
}

static void put_feed_url(dgmi_buf *out, const dgm_alerts *all, const char *base,
                         const char *ending)
{
    dgmi_buf_printf(out, "%s/v1/watch/%s.%s", base, all->watch, ending);
}

/* ---- Atom ---- */

static void put_time(dgmi_buf *out, const char *name, int64_t time)
{
    char text[DGMI_DATE_SIZE];
    dgmi_buf_printf(out, "<%s>%s</%s>\n", name, dgmi_date_format(time, text), name);
}

static void put_entry(dgmi_buf *out, dgmi_buf *made, const dgm_alerts *all,
                      const dgm_alert *a, const char *base)
{
    dgmi_buf_puts(out, "<entry>\n<id>");
    put_id(out, all, a);
    dgmi_buf_puts(out, "</id>\n<title>");
    put_title(made, a);
    put_made(out, made);
    dgmi_buf_puts(out, "</title>\n");
    put_time(out, "updated", a->found);
    put_time(out, "published", published_of(a));
    put_url(made, a, base);
    if (made->n > 0) {
        dgmi_buf_puts(out, "<link href=\"");
        put_made(out, made);
        dgmi_buf_puts(out, "\"/>\n");
    }
    if (a->hit.source) {
        dgmi_buf_puts(out, "<author><name>");
        put_text(out, a->hit.source);
        dgmi_buf_puts(out, "</name></author>\n");
    }
    put_categories(out, true, all, a);
    dgmi_buf_puts(out, "<summary type=\"html\">");
    put_text(out, text_of(a));
    dgmi_buf_puts(out, "</summary>\n</entry>\n");
}

void dgmi_atom_alerts(dgmi_buf *out, const dgm_alerts *all, const char *base)
{
    dgmi_buf made;
    dgmi_buf_init(&made, out->max);
    dgmi_buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                       "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>");
    dgmi_buf_printf(out, URN "watch:%s:%lld</id>\n<title>", all->watch,
                    (long long)all->created);
    put_text(out, all->label);
    dgmi_buf_puts(out, "</title>\n<subtitle>");
    put_text(out, all->query);
    dgmi_buf_puts(out, "</subtitle>\n");
    put_time(out, "updated", all->updated);
    dgmi_buf_puts(out, "<author><name>Dragoman</name></author>\n"
                       "<link rel=\"self\" type=\"application/atom+xml\" href=\"");
    put_feed_url(&made, all, base, "atom");
    put_made(out, &made);
    dgmi_buf_puts(out, "\"/>\n");
    for (size_t i = 0; i < all->n; i++)
        put_entry(out, &made, all, &all->list[i], base);
    dgmi_buf_puts(out, "</feed>\n");
    dgmi_buf_clear(&made);
}

/* ---- RSS ---- */

static void put_rfc822(dgmi_buf *out, const char *name, int64_t time)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    dgmi_civil c = dgmi_civil_of(time);
    int day = (int)(((time - (time % 86400 + 86400) % 86400) / 86400 % 7 + 7) % 7);
    dgmi_buf_printf(out, "<%s>%.3s, %02d %.3s %04d %02d:%02d:%02d +0000</%s>\n", name,
                    days + 3 * (size_t)day, c.day, months + 3 * ((size_t)c.month - 1),
                    c.year, c.hour, c.minute, c.second, name);
}

static void put_item(dgmi_buf *out, dgmi_buf *made, const dgm_alerts *all,
                     const dgm_alert *a, const char *base)
{
    dgmi_buf_puts(out, "<item>\n<title>");
    put_title(made, a);
    put_made(out, made);
    dgmi_buf_puts(out, "</title>\n");
    put_url(made, a, base);
    if (made->n > 0) {
        dgmi_buf_puts(out, "<link>");
        put_made(out, made);
        dgmi_buf_puts(out, "</link>\n");
    }
    dgmi_buf_puts(out, "<guid isPermaLink=\"false\">");
    put_id(out, all, a);
    dgmi_buf_puts(out, "</guid>\n");
    put_rfc822(out, "pubDate", published_of(a));
    if (a->hit.source) {
        dgmi_buf_puts(out, "<dc:creator>");
        put_text(out, a->hit.source);
        dgmi_buf_puts(out, "</dc:creator>\n");
    }
    put_categories(out, false, all, a);
    dgmi_buf_puts(out, "<description>");
    put_text(out, text_of(a));
    dgmi_buf_puts(out, "</description>\n</item>\n");
}

void dgmi_rss_alerts(dgmi_buf *out, const dgm_alerts *all, const char *base)
{
    dgmi_buf made;
    dgmi_buf_init(&made, out->max);
    dgmi_buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                       "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" "
                       "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel>\n"
                       "<title>");
    put_text(out, all->label);
    dgmi_buf_puts(out, "</title>\n<link>");
    dgmi_buf_printf(&made, "%s/?%s", base, all->search);
    put_made(out, &made);
    dgmi_buf_puts(out, "</link>\n<description>");
    dgmi_buf_printf(&made, "New items that match: %s", all->query);
    put_made(out, &made);
    dgmi_buf_puts(out, "</description>\n<atom:link rel=\"self\" "
                       "type=\"application/rss+xml\" href=\"");
    put_feed_url(&made, all, base, "rss");
    put_made(out, &made);
    dgmi_buf_puts(out, "\"/>\n");
    put_rfc822(out, "lastBuildDate", all->updated);
    for (size_t i = 0; i < all->n; i++)
        put_item(out, &made, all, &all->list[i], base);
    dgmi_buf_puts(out, "</channel>\n</rss>\n");
    dgmi_buf_clear(&made);
}

/* ---- JSON Feed ---- */

static void put_made_member(dgmi_buf *out, const char *name, dgmi_buf *made)
{
    dgmi_json_key(out, name);
    dgmi_json_nstring(out, made->p ? made->p : "", made->n);
    out->failed = out->failed || made->failed;
    dgmi_buf_reset(made);
}

static void put_json_item(dgmi_buf *out, dgmi_buf *made, const dgm_alerts *all,
                          const dgm_alert *a, const char *base)
{
    dgmi_buf_putc(out, '{');
    put_id(made, all, a);
    put_made_member(out, "id", made);
    put_url(made, a, base);
    if (made->n > 0)
        put_made_member(out, "url", made);
    put_title(made, a);
    put_made_member(out, "title", made);
    dgmi_json_put_text(out, a->matches ? "content_html" : "content_text", text_of(a));
    dgmi_json_put_time(out, "date_published", published_of(a));
    dgmi_json_put_time(out, "date_modified", a->found);
    if (a->hit.language)
        dgmi_json_put_text(out, "language", a->hit.language);
    if (a->hit.source) {
        dgmi_buf_puts(out, ",\"authors\":[{");
        dgmi_json_put_text(out, "name", a->hit.source);
        dgmi_buf_puts(out, "}]");
    }
    if (a->hit.n_topics > 0)
        dgmi_json_put_texts(out, "tags", a->hit.topics, a->hit.n_topics);
    dgmi_json_key(out, "_dragoman");
    dgmi_json_put_alert(out, all, a);
    dgmi_buf_putc(out, '}');
}

void dgmi_jsonfeed_alerts(dgmi_buf *out, const dgm_alerts *all, const char *base)
{
    dgmi_buf made;
    dgmi_buf_init(&made, out->max);
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "version", "https://jsonfeed.org/version/1.1");
    dgmi_json_put_text(out, "title", all->label);
    dgmi_buf_printf(&made, "%s/?%s", base, all->search);
    put_made_member(out, "home_page_url", &made);
    put_feed_url(&made, all, base, "json");
    put_made_member(out, "feed_url", &made);
    if (all->more) {
        put_feed_url(&made, all, base, "json");
        dgmi_buf_printf(&made, "?since=%s", all->next);
        put_made_member(out, "next_url", &made);
    }
    dgmi_json_key(out, "items");
    dgmi_buf_putc(out, '[');
    for (size_t i = 0; i < all->n; i++) {
        if (i > 0)
            dgmi_buf_putc(out, ',');
        put_json_item(out, &made, all, &all->list[i], base);
    }
    dgmi_buf_putc(out, ']');
    dgmi_json_key(out, "_dragoman");
    dgmi_buf_putc(out, '{');
    dgmi_json_put_alerts_head(out, all);
    dgmi_buf_puts(out, "}}");
    dgmi_buf_clear(&made);
}
