/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPTC 7901 and ANPA 1312: stories between control characters, as agencies send them by
 * wire and by FTP. Depends on press.h, lib/base, lib/wire. A story begins at SOH; its
 * header ends at STX, its text at ETX. */
#include "press.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "wire.h"

enum { SOH = 1, STX = 2, ETX = 3, EOT = 4, TITLE_LINES = 12, CARETS = 20 };

typedef struct story {
    dgmi_str raw;              /* from SOH on */
    dgmi_str head, text, foot; /* clean UTF-8 */
    dgmi_item *item;
    dgmi_buf notes; /* members for the item's extra */
} story;

static bool is_blank(dgmi_str s)
{
    return dgmi_str_trim(s).n == 0;
}

static void note(story *s, const char *name, dgmi_str value)
{
    char own[DGMI_NOTE_NAME];
    value = dgmi_str_trim(value);
    name = dgmi_note_name(&s->notes, name, own);
    if (value.n == 0 || name == NULL)
        return;
    dgmi_buf_printf(&s->notes, "%s\"%s\":", s->notes.n > 0 ? "," : "{", name);
    dgmi_json_nstring(&s->notes, value.p, value.n);
}

/* The next word of a line. */
static dgmi_str next_word(dgmi_str *line)
{
    dgmi_str word = { NULL, 0 };
    while (line->n > 0 && (unsigned char)line->p[0] <= ' ')
        *line = dgmi_str_skip(*line, 1);
    word.p = line->p;
    while (word.n < line->n && (unsigned char)line->p[word.n] > ' ')
        word.n++;
    *line = dgmi_str_skip(*line, word.n);
    return word;
}

/* ---- Dates ---- */

static bool all_digits(dgmi_str s, size_t n)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    }
    return s.n == n;
}

/* "131137 GMT Nov 13": day, hour and minute, month, year. */
static void date_of_foot(story *s)
{
    dgmi_str rest = s->foot;
    dgmi_str time = next_word(&rest), zone = next_word(&rest);
    dgmi_str month = next_word(&rest), year = next_word(&rest);
    char text[60];
    int64_t when;
    if (!all_digits(time, 6) || month.n < 3 || zone.n > 4 ||
        (!all_digits(year, 2) && !all_digits(year, 4)))
        return;
    snprintf(text, sizeof text, "%.2s %.3s %.*s %.2s:%.2s %.*s", time.p, month.p,
             (int)year.n, year.p, time.p + 2, time.p + 4, (int)zone.n, zone.p);
    if (dgmi_item_date(dgmi_str_of(text), dgmi_wall_time(), &when))
        dgmi_item_set_published(s->item, when);
}

/* "AP-WF-08-29-16 1626GMT": month, day, year, hour and minute. */
static bool date_of_trailer(story *s, dgmi_str line)
{
    for (size_t i = 0; i + 16 <= line.n; i++) {
        const char *p = line.p + i;
        char text[40];
        int64_t when;
        if (p[2] != '-' || p[5] != '-' || p[8] != ' ' || memcmp(p + 13, "GMT", 3) != 0)
            continue;
        snprintf(text, sizeof text, "20%.2s-%.2s-%.2sT%.2s:%.2sZ", p + 6, p, p + 3, p + 9,
                 p + 11);
        if (dgmi_item_date(dgmi_str_of(text), dgmi_wall_time(), &when))
            dgmi_item_set_published(s->item, when);
        return true;
    }
    return false;
}

/* ---- Text ---- */

/* A paragraph begins behind a blank line, or where a line is indented. */
static void add_body(story *s, dgmi_str text)
{
    dgmi_buf all;
    dgmi_str line;
    dgmi_buf_init(&all, DGMI_ITEM_MAX);
    while (dgmi_str_split(&text, '\n', &line)) {
        bool indented =
            line.n > 2 && (line.p[0] == '\t' || memcmp(line.p, "   ", 3) == 0);
        if (indented && all.n > 0)
            dgmi_buf_putc(&all, '\n');
        dgmi_buf_put(&all, line.p, line.n);
        dgmi_buf_putc(&all, '\n');
    }
    dgmi_item_add_text(s->item, dgmi_buf_str(&all));
    dgmi_buf_clear(&all);
}

/* ---- IPTC 7901 ---- */

/* "REFILE", "1ST LEAD" and a byline stand above or below the headline. */
static bool is_title(dgmi_str line)
{
    size_t small = 0, letters = 0;
    for (size_t i = 0; i < line.n; i++) {
        letters += isalpha((unsigned char)line.p[i]) != 0 || (line.p[i] & 0x80) != 0;
        small += islower((unsigned char)line.p[i]) != 0 || (line.p[i] & 0x80) != 0;
    }
    return letters > 0 && small > 0 && !dgmi_str_starts_nocase(line, "by ");
}

/* Takes the lines up to one that ends in "=", if there is one, off the text. */
static void take_headlines(story *s)
{
    dgmi_str rest = s->text, line;
    bool titled = false;
    for (int i = 0; i < TITLE_LINES && dgmi_str_split(&rest, '\n', &line); i++) {
        line = dgmi_str_trim(line);
        bool last = dgmi_str_ends(line, "=");
        if (last)
            line = dgmi_str_trim((dgmi_str){ line.p, line.n - 1 });
        if (dgmi_str_starts_nocase(line, "by "))
            dgmi_item_set(s->item, DGMI_AUTHOR, dgmi_str_skip(line, 3));
        else if (!titled && is_title(line)) {
            dgmi_item_set(s->item, DGMI_TITLE, line);
            titled = true;
        } else if (line.n > 0)
            note(s, titled ? "subtitle" : "kicker", line);
        if (last) {
            s->text = rest;
            return;
        }
    }
    dgmi_item_set(s->item, DGMI_TITLE, (dgmi_str){ NULL, 0 });
    dgmi_item_set(s->item, DGMI_AUTHOR, (dgmi_str){ NULL, 0 });
    dgmi_buf_reset(&s->notes);
}

/* Agencies close with notes to editors, telephone numbers among them: they are kept
 * aside. */
static dgmi_str take_private(story *s, size_t *at)
{
    static const char *const marks[] = { "not for publication",
                                         "not intended for publication" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *mark = s->text.n > 0
                               ? memmem(s->text.p, s->text.n, marks[i], strlen(marks[i]))
                               : NULL;
        const char *from = s->text.p;
        for (const char *p = s->text.p; mark != NULL && p < mark; p++) {
            if (p[0] == '\n' && p[1] == '\n') /* the paragraphs before it stay */
                from = p + 1;
        }
        if (mark != NULL) {
            *at = (size_t)(from - s->text.p);
            return dgmi_str_skip(s->text, *at);
        }
    }
    *at = s->text.n;
    return (dgmi_str){ NULL, 0 };
}

/* "dpa0061 4 i 211 ...": source and number, priority, category, words. */
static void fill_iptc(story *s)
{
    size_t end;
    dgmi_str rest = s->head, line = { NULL, 0 }, slug;
    dgmi_str_split(&rest, '\n', &line);
    dgmi_str reference = next_word(&line), priority = next_word(&line);
    dgmi_str category = next_word(&line);
    take_headlines(s);
    note(s, "reference", reference);
    note(s, "priority", priority);
    note(s, "category", category);
    while (dgmi_str_split(&rest, '\n', &slug)) {
        if (!is_blank(slug)) {
            note(s, "slugline", slug);
            break;
        }
    }
    dgmi_str aside = take_private(s, &end);
    add_body(s, (dgmi_str){ s->text.p, end });
    if (aside.n > 0)
        dgmi_item_add_aside(s->item, "note", aside,
                            (uint32_t)dgmi_item_count_paragraphs(s->item));
    date_of_foot(s);
}

/* ---- ANPA ---- */

/* "``word''" and " _ " are how an alphabet without them writes quotes and dashes. */
static void put_typed(dgmi_buf *out, dgmi_str line)
{
    for (size_t i = 0; i < line.n; i++) {
        dgmi_str rest = dgmi_str_skip(line, i);
        if (dgmi_str_starts(rest, "``") || dgmi_str_starts(rest, "''")) {
            dgmi_buf_puts(out, line.p[i] == '`' ? "\u201C" : "\u201D");
            i++;
        } else if (dgmi_str_starts(rest, " _ ")) {
            dgmi_buf_puts(out, " \u2013 ");
            i += 2;
        } else {
            dgmi_buf_putc(out, line.p[i]);
        }
    }
}

/* "BC-US--Giant Lobster Death, 1st Ld-Writethru,127" without its count of words. */
static dgmi_str without_count(dgmi_str slug)
{
    size_t n = slug.n;
    while (n > 0 && isdigit((unsigned char)slug.p[n - 1]))
        n--;
    return n > 0 && slug.p[n - 1] == ',' ? (dgmi_str){ slug.p, n - 1 } : slug;
}

/* A line of the head: the first is the slug, the next the headline. */
static void take_caret(story *s, dgmi_str line, int *number)
{
    dgmi_buf typed;
    bool by = dgmi_str_ends(line, "=");
    if (by || dgmi_str_ends(line, "<"))
        line.n--;
    line = dgmi_str_trim(line);
    dgmi_buf_init(&typed, DGMI_ITEM_MAX);
    put_typed(&typed, line);
    if (by && dgmi_str_starts_nocase(line, "by "))
        dgmi_item_set(s->item, DGMI_AUTHOR, dgmi_str_skip(line, 3));
    else if (by)
        note(s, "byline", line);
    else if (*number == 0) {
        note(s, "slugline", line);
        dgmi_item_set(s->item, DGMI_TITLE, without_count(line));
    } else if (dgmi_str_starts_nocase(line, "eds:"))
        note(s, "ednote", dgmi_str_skip(line, 4));
    else if (*number == 1)
        dgmi_item_set(s->item, DGMI_TITLE, dgmi_buf_str(&typed));
    else if (!date_of_trailer(s, line))
        note(s, *number == 2 ? "subtitle" : "headline_more", line);
    ++*number;
    dgmi_buf_clear(&typed);
}

/* "<" ends a line that is not to be filled. */
static dgmi_str without_end(dgmi_str line)
{
    while (line.n > 0 && (line.p[line.n - 1] == '<' || line.p[line.n - 1] == ' '))
        line.n--;
    return line;
}

/* "f l BC-LT--Argentina-CancerB 11-13 1049": priority, category, keyword. */
static void fill_anpa(story *s)
{
    dgmi_str rest = s->head, line = { NULL, 0 }, text = s->text;
    dgmi_buf body;
    int number = 0;
    dgmi_buf_init(&body, DGMI_ITEM_MAX);
    dgmi_str_split(&rest, '\n', &line);
    note(s, "reference", next_word(&line));
    note(s, "priority", next_word(&rest));
    note(s, "category", next_word(&rest));
    while (dgmi_str_split(&text, '\n', &line)) {
        dgmi_str bare = dgmi_str_trim(line);
        if (dgmi_str_starts(bare, "^") && body.n == 0 && number < CARETS)
            take_caret(s, dgmi_str_skip(bare, 1), &number);
        else if (!dgmi_str_starts(bare, "^") || !date_of_trailer(s, bare)) {
            if (bare.n > 0 || body.n > 0) {
                put_typed(&body, without_end(line));
                dgmi_buf_putc(&body, '\n');
            }
        }
    }
    date_of_trailer(s, s->foot);
    add_body(s, dgmi_buf_str(&body));
    dgmi_buf_clear(&body);
}

/* ---- Stories ---- */

/* The bytes from SOH on to head, text and foot. */
static void cut(story *s, dgmi_str all)
{
    const char *stx = memchr(all.p, STX, all.n);
    size_t head = stx != NULL ? (size_t)(stx - all.p) : 0;
    s->head = (dgmi_str){ all.p, head };
    s->text = dgmi_str_skip(all, stx != NULL ? head + 1 : 0);
    const char *etx = s->text.n > 0 ? memchr(s->text.p, ETX, s->text.n) : NULL;
    size_t text = etx != NULL ? (size_t)(etx - s->text.p) : s->text.n;
    s->foot = dgmi_str_skip(s->text, etx != NULL ? text + 1 : text);
    s->text.n = text;
}

/* Line ends become LF, and what else controls a printer becomes a space. */
static dgmi_str clean(dgmi_buf *out, dgmi_str s)
{
    dgmi_buf plain;
    dgmi_buf_init(&plain, DGMI_DOCUMENT_MAX);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool kept = c >= ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x1B;
        dgmi_buf_putc(&plain, (char)(kept && c != 0x7F ? c : ' '));
    }
    if (plain.n > 0)
        dgmi_to_utf8(out, plain.p, plain.n, NULL, NULL, NULL);
    dgmi_buf_clear(&plain);
    return dgmi_buf_str(out);
}

static dgm_status give(const dgmi_source *source, const dgmi_sink *sink, story *s,
                       void (*fill)(story *), size_t number, dgm_error *err)
{
    char where[DGMI_WHERE_SIZE];
    dgmi_buf parts[3];
    dgmi_str *const slices[] = { &s->head, &s->text, &s->foot };
    snprintf(where, sizeof where, "%.1100s:item %zu", source->name, number);
    s->item = dgmi_item_new();
    if (s->item == NULL)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&s->notes, 1 << 20);
    for (int i = 0; i < 3; i++) {
        dgmi_buf_init(&parts[i], (size_t)2 * DGMI_DOCUMENT_MAX);
        *slices[i] = clean(&parts[i], *slices[i]);
    }
    fill(s);
    if (s->notes.n > 0)
        dgmi_buf_putc(&s->notes, '}');
    if (s->notes.n > 0 && !s->notes.failed)
        dgmi_item_set(s->item, DGMI_EXTRA, dgmi_buf_str(&s->notes));
    dgmi_delivery d = { source, sink, where, s->raw, s->raw, NULL, false };
    dgm_status status = dgmi_deliver(&d, s->item, err);
    for (int i = 0; i < 3; i++)
        dgmi_buf_clear(&parts[i]);
    dgmi_buf_clear(&s->notes);
    return status;
}

static dgm_status read_stories(const dgmi_source *source, dgmi_str all,
                               void (*fill)(story *), const dgmi_sink *sink,
                               dgm_error *err)
{
    dgm_status status = DGM_OK;
    dgmi_str rest = all;
    size_t number = 0;
    while (status == DGM_OK && rest.n > 0) {
        const char *from = memchr(rest.p, SOH, rest.n);
        if (from == NULL)
            break;
        rest = dgmi_str_skip(rest, (size_t)(from - rest.p) + 1);
        const char *next = rest.n > 0 ? memchr(rest.p, SOH, rest.n) : NULL;
        size_t n = next != NULL ? (size_t)(next - rest.p) : rest.n;
        story s = { .raw = { from, n + 1 } };
        cut(&s, (dgmi_str){ rest.p, n });
        status = give(source, sink, &s, fill, ++number, err);
        rest = dgmi_str_skip(rest, n);
    }
    if (status == DGM_OK && number == 0)
        status = dgmi_reject(source, sink, NULL, "no story is in it", all, err);
    return status;
}

dgm_status dgmi_read_iptc7901(const dgmi_source *source, const char *p, size_t n,
                              const dgmi_sink *sink, dgm_error *err)
{
    return read_stories(source, (dgmi_str){ p, n }, fill_iptc, sink, err);
}

dgm_status dgmi_read_anpa(const dgmi_source *source, const char *p, size_t n,
                          const dgmi_sink *sink, dgm_error *err)
{
    return read_stories(source, (dgmi_str){ p, n }, fill_anpa, sink, err);
}
