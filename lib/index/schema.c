/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of the index layout, and how its terms and values are written.
 * Depends on lib/base and the term limit of lib/xapian. */
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "dgmx.h"
#include "dragoman.h"
#include "hash.h"
#include "utf8.h"

enum { HASH_SIZE = 17 }; /* '#' and 16 hex digits */

static const dgmi_schema_field fields[] = {
    { "id", DGMI_FIELD_ID, "Q", -1, 0, false, false, "the id of the source, unique",
      "id:tass-4711" },
    { "title", DGMI_FIELD_WORDS, DGMI_PREFIX_TITLE, -1, 0, false, false,
      "words of the headline", "title:ceasefire" },
    { "region", DGMI_FIELD_KEY, "XR", DGMI_SLOT_REGION, 1, true, true,
      "region as the item names it", "region:\"Russian Federation\"" },
    { "country", DGMI_FIELD_CODE, "N", DGMI_SLOT_COUNTRY, 1, true, true,
      "ISO 3166-1 code", "country:ru" },
    { "source", DGMI_FIELD_KEY, "XS", DGMI_SLOT_SOURCE, 1, true, true, "issuing body",
      "source:ministry" },
    { "provider", DGMI_FIELD_KEY, "XP", DGMI_SLOT_PROVIDER, 1, true, true, "republisher",
      "provider:\"MIL OSI\"" },
    { "agency", DGMI_FIELD_KEY, "XG", DGMI_SLOT_AGENCY, 1, true, true,
      "news agency of the dateline", "agency:xinhua" },
    { "author", DGMI_FIELD_KEY, "XA", -1, 0, false, false, "author as the item names one",
      "author:press" },
    { "language", DGMI_FIELD_CODE, "L", DGMI_SLOT_LANGUAGE, 1, true, true, "language tag",
      "language:en" },
    { "topic", DGMI_FIELD_KEY, "K", DGMI_SLOT_TOPIC, DGMI_TOPIC_SLOTS, true, true,
      "policy topic", "topic:energy" },
    { "speaker", DGMI_FIELD_KEY, "A", DGMI_SLOT_SPEAKER, DGMI_SPEAKER_SLOTS, true, true,
      "who speaks in an interview", "speaker:minister" },
    { "name", DGMI_FIELD_KEY, "XN", -1, 0, false, false, "name that the item lists",
      "name:kyiv" },
    { "translated", DGMI_FIELD_FLAG, "XT", -1, 0, false, false,
      "whether the item is a translation", "translated:yes" },
    { "date", DGMI_FIELD_DATE, NULL, DGMI_SLOT_PUBLISHED, 1, false, false,
      "when it was published", "date:2021-06" },
    { "updated", DGMI_FIELD_DATE, NULL, DGMI_SLOT_UPDATED, 1, false, false,
      "when this version was issued", NULL },
    { "year", DGMI_FIELD_DATE, "Y", DGMI_SLOT_YEAR, 1, true, false, "year of publication",
      "year:2021" },
    { "month", DGMI_FIELD_DATE, "M", DGMI_SLOT_MONTH, 1, true, false,
      "month of publication", "month:2021-06" },
    { "day", DGMI_FIELD_DATE, "D", DGMI_SLOT_DAY, 1, false, false, "day of publication",
      "day:2021-06-16" },
};

enum { N_FIELDS = sizeof fields / sizeof fields[0] };

const dgmi_schema_field *dgmi_schema_at(size_t i)
{
    return i < N_FIELDS ? &fields[i] : NULL;
}

const dgmi_schema_field *dgmi_schema_find(dgmi_str name)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (dgmi_str_eq(name, fields[i].name))
            return &fields[i];
    }
    return NULL;
}

/* What does not fit, or holds a NUL (of which Xapian would make two bytes), keeps its
 * beginning for the eye and is told apart by the hash of all of it. */
static void put_hashed(dgmi_buf *out, const char *text, size_t n, size_t room)
{
    const char *nul = n > 0 ? memchr(text, '\0', n) : NULL;
    size_t visible = nul ? (size_t)(nul - text) : n;
    dgmi_buf_put(out, text, dgmi_utf8_cut(text, visible, room - HASH_SIZE));
    dgmi_buf_printf(out, "#%016llx", (unsigned long long)dgmi_hash64(text, n));
}

static void put_term(dgmi_buf *out, const char *prefix, char mark, dgmi_str text)
{
    size_t room = DGMX_TERM_MAX - strlen(prefix) - (mark != '\0');
    dgmi_buf_puts(out, prefix);
    if (mark)
        dgmi_buf_putc(out, mark);
    if (text.n > room || (text.n > 0 && memchr(text.p, '\0', text.n)))
        put_hashed(out, text.p, text.n, room);
    else
        dgmi_buf_put(out, text.p, text.n);
}

void dgmi_schema_term(dgmi_buf *out, const char *prefix, const char *text, size_t n)
{
    char first = n > 0 ? text[0] : '\0';
    bool part =
        prefix[0] && (first == ':' || first == '=' || (first >= 'A' && first <= 'Z'));
    put_term(out, prefix, part ? ':' : '\0', (dgmi_str){ text, n });
}

void dgmi_schema_exact(dgmi_buf *out, const char *prefix, const char *key, size_t n)
{
    put_term(out, prefix, '=', (dgmi_str){ key, n });
}

/* 2^47 seconds are four million years: no date is near the edges. */
#define TIME_BIAS ((int64_t)1 << 47)

void dgmi_schema_time(int64_t time, char out[6])
{
    uint64_t biased = 0;
    if (time >= TIME_BIAS)
        biased = ((uint64_t)1 << 48) - 1;
    else if (time > -TIME_BIAS)
        biased = (uint64_t)(time + TIME_BIAS);
    for (int i = 5; i >= 0; i--) {
        out[i] = (char)(biased & 0xff);
        biased >>= 8;
    }
}

bool dgmi_schema_time_read(const char *p, size_t n, int64_t *time)
{
    if (n != 6)
        return false;
    uint64_t biased = 0;
    for (size_t i = 0; i < n; i++)
        biased = biased << 8 | (unsigned char)p[i];
    *time = biased == 0 ? DGM_NO_TIME : (int64_t)biased - TIME_BIAS;
    return true;
}

void dgmi_schema_u64(uint64_t v, char out[8])
{
    for (int i = 7; i >= 0; i--) {
        out[i] = (char)(v & 0xff);
        v >>= 8;
    }
}

void dgmi_schema_order(int64_t published, uint64_t first_seen, char out[DGMI_ORDER_SIZE])
{
    dgmi_schema_time(published, out);
    dgmi_schema_u64(~first_seen, out + 6);
}

bool dgmi_schema_u64_read(const char *p, size_t n, uint64_t *v)
{
    if (n != 8)
        return false;
    uint64_t read = 0;
    for (size_t i = 0; i < n; i++)
        read = read << 8 | (unsigned char)p[i];
    *v = read;
    return true;
}

void dgmi_schema_dates(int64_t time, char year[12], char month[12], char day[12])
{
    dgmi_civil c = dgmi_civil_of(time);
    unsigned y = (unsigned)c.year % 10000, m = (unsigned)c.month % 100,
             d = (unsigned)c.day % 100;
    snprintf(year, 12, "Y%04u", y);
    snprintf(month, 12, "M%04u%02u", y, m);
    snprintf(day, 12, "D%04u%02u%02u", y, m, d);
}

static const char *kind_text(dgmi_field_kind kind)
{
    switch (kind) {
    case DGMI_FIELD_ID:
        return "one term";
    case DGMI_FIELD_WORDS:
        return "words and stems";
    case DGMI_FIELD_KEY:
        return "whole value, its words, exact";
    case DGMI_FIELD_CODE:
        return "whole value, exact";
    case DGMI_FIELD_DATE:
        return "date";
    case DGMI_FIELD_FLAG:
        return "yes or no";
    }
    return "";
}

static void print_field(dgmi_buf *out, const dgmi_schema_field *f)
{
    dgmi_buf_printf(out, "| `%s` | %s | %s%s%s | ", f->name, kind_text(f->kind),
                    f->prefix ? "`" : "", f->prefix ? f->prefix : "",
                    f->prefix ? "`" : "");
    if (f->slots > 1)
        dgmi_buf_printf(out, "%d–%d", f->slot, f->slot + (int)f->slots - 1);
    else if (f->slots == 1)
        dgmi_buf_printf(out, "%d", f->slot);
    dgmi_buf_printf(out, " | %s | %s | %s | ", f->facet ? "yes" : "",
                    f->filter ? "yes" : "", f->help);
    if (f->example)
        dgmi_buf_printf(out, "`%s`", f->example);
    dgmi_buf_puts(out, " |\n");
}

static const char introduction[] =
    "# Index layout\n"
    "\n"
    "Printed from the table in `lib/index/schema.c`. Prefixes follow Omega's where it "
    "has one.\n"
    "\n"
    "| field | terms | prefix | slots | facet | filter | what | example |\n"
    "|---|---|---|---|---|---|---|---|\n";

static const char rest[] =
    "\n"
    "Terms without a field of their own:\n"
    "\n"
    "| terms | prefix | wdf | positions |\n"
    "|---|---|---|---|\n"
    "| folded words of title and body | none | 0 | yes |\n"
    "| their stems | `" DGMI_PREFIX_STEM "` | impact | no |\n"
    "| folded words of the title | `" DGMI_PREFIX_TITLE "` | 0 | yes |\n"
    "| their stems | `" DGMI_PREFIX_TITLE_STEM "` | impact | no |\n"
    "| every item that can be found | `" DGMI_TERM_USABLE "` | 0 | no |\n"
    "| those of them from which another one evolved | `" DGMI_TERM_OLD "` | 0 | no |\n"
    "| the id that an item which can be found evolved from | `" DGMI_PREFIX_EVOLVED
    "` | 0 | no |\n"
    "| every item of which not the first version counts | `" DGMI_TERM_CHANGED
    "` | 0 | no |\n"
    "| every item whose embargo is not over | `" DGMI_TERM_HELD "` | 0 | no |\n"
    "| first words of sentences | `" DGMI_TERM_SENTENCE "` | 0 | yes |\n"
    "| first words of paragraphs | `" DGMI_TERM_PARAGRAPH "` | 0 | yes |\n"
    "| first and last words of questions | `" DGMI_TERM_QUESTION
    "`, `" DGMI_TERM_QUESTION_END "` | 0 | yes |\n"
    "| first and last words of answers | `" DGMI_TERM_ANSWER "`, `" DGMI_TERM_ANSWER_END
    "` | 0 | yes |\n"
    "| first and last words of quotations whose speaker is named | `" DGMI_TERM_QUOTATION
    "`, `" DGMI_TERM_QUOTATION_END "` | 0 | yes |\n"
    "| words of the names of who asks, answers, is quoted; initials; whole after `=` | "
    "`" DGMI_PREFIX_ASKED_BY "`, `" DGMI_PREFIX_ANSWERED_BY "`, `" DGMI_PREFIX_QUOTED_FROM
    "` | 0 | yes, that of the first word said |\n"
    "| its story, as 16 hexadecimal digits | `" DGMI_PREFIX_STORY "` | 0 | no |\n"
    "| keys by which later items of the story find it | `" DGMI_PREFIX_KIN
    "` | 0 | no |\n"
    "\n"
    "Slots without a field:\n"
    "\n"
    "| slot | what |\n"
    "|---|---|\n";

static const char notes[] =
    "\n"
    "Folded values begin after the prefix; the exact term of a whole value has `=` "
    "between them.\n"
    "A term longer than 245 bytes ends in `#` and a hash of the whole. Date terms are\n"
    "`Y2021`, `M202106` and `D20210616`. Title positions count from 1, body positions "
    "from 1001,\n"
    "with a gap of 100 between paragraphs. A canceled or withheld item has its `Q` term, "
    "those of\n"
    "its story and of change, and its record alone, one under an embargo its flag and "
    "its end beside "
    "them.\n";

char *dgm_schema_text(void)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_buf_puts(&out, introduction);
    for (size_t i = 0; i < N_FIELDS; i++)
        print_field(&out, &fields[i]);
    dgmi_buf_puts(&out, rest);
    dgmi_buf_printf(&out, "| %d | digest of the winning version, 8 bytes |\n",
                    DGMI_SLOT_DIGEST);
    dgmi_buf_printf(&out, "| %d | place of the first record in the archive, 8 bytes |\n",
                    DGMI_SLOT_FIRST_SEEN);
    dgmi_buf_printf(
        &out, "| %d | publication time and that place: the order of ties, 14 bytes |\n",
        DGMI_SLOT_ORDER);
    dgmi_buf_printf(&out, "| %d | end of the embargo, of usable items that have one |\n",
                    DGMI_SLOT_UNTIL);
    dgmi_buf_printf(&out, "| %d | the story, 8 bytes |\n", DGMI_SLOT_STORY);
    dgmi_buf_printf(&out, "| %d | place of the record that counts, 8 bytes |\n",
                    DGMI_SLOT_CHANGED);
    dgmi_buf_printf(
        &out,
        "\nSchema version %d. Stored impact: BM25 with k1 = 1.2 and b = 0.75,\n"
        "without its idf, as 1 to 255; a word of the title counts twice.\n",
        DGMI_SCHEMA_VERSION);
    dgmi_buf_puts(&out, notes);
    char *text = dgmi_buf_take(&out);
    dgmi_buf_clear(&out);
    return text;
}
