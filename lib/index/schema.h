/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of the index layout: every field, its term prefix, its value slots.
 * doc/schema.md is printed from it; the parser's fields, filters and facets read it.
 * Depends on lib/base, lib/xapian, lib/text. */
#ifndef DGMI_SCHEMA_H
#define DGMI_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"
#include "str.h"

#define DGMI_SCHEMA_VERSION 4 /* a generation with another one is not read: reindex */

/* Value slots. Multi-valued fields own a run of slots, so that the built-in spy counts
 * them. */
enum dgmi_slot {
    DGMI_SLOT_PUBLISHED = 0, /* dgmi_schema_time: 6 bytes, big-endian, biased */
    DGMI_SLOT_UPDATED = 1,
    DGMI_SLOT_DIGEST = 2, /* 8 bytes: dgmi_item_digest of the winning version */
    DGMI_SLOT_FIRST_SEEN =
        3, /* 8 bytes: archive position of the id's first record: segment<<40|offset */
    DGMI_SLOT_YEAR = 4,   /* "2021" */
    DGMI_SLOT_MONTH = 5,  /* "2021-06" */
    DGMI_SLOT_DAY = 6,    /* "2021-06-16" */
    DGMI_SLOT_REGION = 7, /* labels as given, for display */
    DGMI_SLOT_COUNTRY = 8,
    DGMI_SLOT_SOURCE = 9,
    DGMI_SLOT_LANGUAGE = 10,
    DGMI_SLOT_ORDER =
        11, /* dgmi_schema_order: published, then first seen: no two items are equal */
    DGMI_SLOT_UNTIL =
        12, /* dgmi_schema_time: the embargo, of usable items that have one */
    DGMI_SLOT_STORY = 13,   /* 8 bytes: the story of the item (kin.h) */
    DGMI_SLOT_CHANGED = 14, /* 8 bytes: archive position of the version that is shown */
    DGMI_SLOT_TOPIC = 16,   /* 16..31 */
    DGMI_SLOT_SPEAKER = 32, /* 32..39 */
    DGMI_SLOT_PROVIDER = 40,
    DGMI_SLOT_AGENCY = 41
};
#define DGMI_TOPIC_SLOTS 16
#define DGMI_SPEAKER_SLOTS 8

typedef enum dgmi_field_kind {
    DGMI_FIELD_ID,    /* the unique term */
    DGMI_FIELD_WORDS, /* words with positions and stems: title */
    DGMI_FIELD_KEY,   /* boolean terms: the whole folded value, each of its words, and
                         dgmi_schema_exact's */
    DGMI_FIELD_CODE,  /* boolean terms: the whole value (country, language), and
                         dgmi_schema_exact's */
    DGMI_FIELD_DATE,  /* year, month and day terms */
    DGMI_FIELD_FLAG   /* the prefix with "yes" or "no" */
} dgmi_field_kind;

typedef struct dgmi_schema_field {
    const char *name; /* in queries, filters and facets */
    dgmi_field_kind kind;
    const char *prefix; /* of its terms; NULL if it has none */
    int slot;           /* first value slot, or -1 */
    unsigned slots;
    bool facet, filter; /* offered as one */
    const char *help;
    const char *example;
} dgmi_schema_field;

const dgmi_schema_field *dgmi_schema_at(size_t i); /* NULL past the end */
const dgmi_schema_field *dgmi_schema_find(dgmi_str name);

/* Terms without a field of their own. */
#define DGMI_PREFIX_STEM "Z"        /* stems of title and body; wdf is the impact */
#define DGMI_PREFIX_TITLE_STEM "ZS" /* stems of the title; wdf is the impact */
#define DGMI_PREFIX_TITLE "S" /* surface forms of the title, with positions, wdf 0 */
/* surface forms of title and body: no prefix, positions, wdf 0. A term whose text begins
 * with a capital cannot occur: text is folded. */
#define DGMI_TERM_USABLE "XVusable" /* in every item that can be found */
#define DGMI_TERM_HELD "XVheld"     /* in items whose embargo is not over */
#define DGMI_TERM_OLD "XVold"       /* in items that can be found, but were rewritten */
/* In an item that can be found: the id of the one that it evolved from. */
#define DGMI_PREFIX_EVOLVED "XE"
#define DGMI_TERM_CHANGED "XVchanged" /* in items whose first version is not shown */
#define DGMI_PREFIX_STORY "XC"        /* the story, in every item, as kin.h writes it */
#define DGMI_PREFIX_KIN "XB"          /* keys by which later items of a story find it */

/* Where sentences and paragraphs begin: terms with the positions of their first words.
 * The title is a paragraph of one sentence. */
#define DGMI_TERM_SENTENCE "XZs"
#define DGMI_TERM_PARAGRAPH "XZp"

/* Who says what: the first and the last words of questions, of answers and of quotations
 * whose speaker is named, and before the words of a speaker's name, with the positions of
 * those first words. After '=' stands a name whole, without titles (spoken.h). */
#define DGMI_TERM_QUESTION "XUq"
#define DGMI_TERM_QUESTION_END "XUqz"
#define DGMI_TERM_ANSWER "XUa"
#define DGMI_TERM_ANSWER_END "XUaz"
#define DGMI_TERM_QUOTATION "XUs"
#define DGMI_TERM_QUOTATION_END "XUsz"
#define DGMI_PREFIX_ASKED_BY "XWq"
#define DGMI_PREFIX_ANSWERED_BY "XWa"
#define DGMI_PREFIX_QUOTED_FROM "XWs"

/* Positions: the title from 1, the body from 1001 (or past a longer title), a gap of 100
 * between paragraphs, so that no phrase runs across. */
#define DGMI_BODY_POSITION 1001
#define DGMI_PARAGRAPH_GAP 100

/* Appends prefix and text as a term; one that would be too long (DGMX_TERM_MAX) ends in
 * '#' and a hash of the whole instead. A ':' parts them when the text begins with a
 * capital letter or ':' . */
void dgmi_schema_term(dgmi_buf *out, const char *prefix, const char *text, size_t n);

/* The term of a KEY or CODE field that stands for the whole value and nothing else: the
 * prefix, '=' and the folded key ("XR=guinea", where "XRguinea" is also a word of
 * "Equatorial Guinea"). Filters use it, so that they find as many items as the facet
 * counted. */
void dgmi_schema_exact(dgmi_buf *out, const char *prefix, const char *key, size_t n);

/* The biased time of a slot. DGM_NO_TIME has no value: it is written as zeros and read
 * back as such. */
void dgmi_schema_time(int64_t time, char out[6]);
bool dgmi_schema_time_read(const char *p, size_t n, int64_t *time);
/* Published (6 bytes, zeros if not known) and the complement of the first-seen position
 * (8 bytes): a total order of all items that neither a commit nor a new generation
 * changes. Searches break ties and sort by time with it, greatest first: newer before
 * older, then what came first before its copies. */
#define DGMI_ORDER_SIZE 14
void dgmi_schema_order(int64_t published, uint64_t first_seen, char out[DGMI_ORDER_SIZE]);
void dgmi_schema_u64(uint64_t v, char out[8]);
bool dgmi_schema_u64_read(const char *p, size_t n, uint64_t *v);

/* Date terms: "Y2021", "M202106", "D20210616" of a time into three buffers of 12 bytes.
 */
void dgmi_schema_dates(int64_t time, char year[12], char month[12], char day[12]);

#endif
