/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building a news item (dgm_item of dragoman.h) piece by piece. Depends on lib/base,
 * lib/text. */
#ifndef DGMI_ITEM_H
#define DGMI_ITEM_H

#include "arena.h"
#include "dragoman.h"
#include "str.h"

#define DGMI_TITLE_MAX                                                                   \
    2000 /* characters; a longer title is cut there, the rest goes to an aside "other"   \
          */
#define DGMI_ITEM_MAX (48u << 20) /* bytes of memory of one item */
#define DGMI_PARAGRAPHS_MAX 200000

/* An item under construction. All of its strings live in its arena. Setters take any
 * bytes and store clean UTF-8 (utf8.h); an empty or blank string counts as not given.
 * They latch failure: build, then ask dgmi_item_finish once. */
typedef struct dgmi_item dgmi_item;

typedef enum dgmi_field {
    DGMI_ID,
    DGMI_VERSION,
    DGMI_TITLE,
    DGMI_REGION,
    DGMI_COUNTRY,
    DGMI_SOURCE,
    DGMI_PROVIDER,
    DGMI_AGENCY,
    DGMI_AUTHOR,
    DGMI_LANGUAGE,
    DGMI_ORIGINAL_LANGUAGE,
    DGMI_URL,
    DGMI_EVOLVED_FROM,
    DGMI_TRANSLATION_OF,
    DGMI_EXTRA,
    DGMI_SHA256,
    DGMI_FIELDS
} dgmi_field;

dgmi_item *dgmi_item_new(void);
void dgmi_item_free(dgmi_item *item);
void dgmi_item_set(dgmi_item *item, dgmi_field field,
                   dgmi_str value); /* last wins; "" clears */
const char *dgmi_item_get(const dgmi_item *item, dgmi_field field); /* NULL if not set */
void dgmi_item_set_published(dgmi_item *item, int64_t time);
void dgmi_item_set_updated(dgmi_item *item, int64_t time);
void dgmi_item_set_fetched(dgmi_item *item, int64_t time);
void dgmi_item_set_embargo(dgmi_item *item, int64_t time);
/* The same from a date that somebody else wrote, however far ahead. False: it is none. */
bool dgmi_item_embargo(dgmi_item *item, dgmi_str text);
void dgmi_item_set_status(dgmi_item *item, dgm_item_status status);
void dgmi_item_set_translated(dgmi_item *item, bool translated);
void dgmi_item_set_title_derived(dgmi_item *item, bool derived);
/* A code of IPTC's (topics.h) becomes its name; a repeated topic is dropped. */
void dgmi_item_add_topic(dgmi_item *item, dgmi_str topic);
/* A category that a desk filed under: a topic, unless it only tells who passed the item
 * on (then that is the provider) or is a desk's own code. */
void dgmi_item_add_category(dgmi_item *item, dgmi_str label);
bool dgmi_is_milosi(dgmi_str label); /* whether a label names MIL OSI */
void dgmi_item_add_name(dgmi_item *item, dgmi_str name);
void dgmi_item_add_paragraph(dgmi_item *item,
                             dgmi_str text); /* white space runs become one space */
void dgmi_item_add_turn(dgmi_item *item, dgm_role role, dgmi_str speaker, uint32_t from,
                        uint32_t to);
void dgmi_item_add_aside(dgmi_item *item, const char *kind, dgmi_str text,
                         uint32_t before);
/* Which member of what was read a field came from ("region", "dc:language"): the `where`
 * of its evidence. member is static. */
void dgmi_item_set_origin(dgmi_item *item, dgmi_field field, const char *member);
/* Fills in a field that an item which was prepared still lacks, with its evidence:
 * "declared" (of its feed, in the list of feeds) or "feed-title". value may be NULL. */
void dgmi_item_set_late(dgmi_item *item, dgmi_field field, const char *value,
                        const char *rule);
/* As read back from an archive; strings are copied. */
void dgmi_item_add_evidence(dgmi_item *item, const dgm_evidence *evidence);
void dgmi_item_add_warning(dgmi_item *item, const char *text);

/* A body in HTML that a reader of plain members (lib/wire) met: it waits here until
 * lib/read, which knows HTML, turns it into paragraphs. dgmi_item_markup is NULL if there
 * is none. */
void dgmi_item_set_markup(dgmi_item *item, dgmi_str html);
const char *dgmi_item_markup(const dgmi_item *item);

size_t dgmi_item_count_paragraphs(const dgmi_item *item);
int64_t dgmi_item_published(const dgmi_item *item); /* DGM_NO_TIME: not known */

/* Reads a date that somebody else wrote. False if it is none or lies more than 48 hours
 * after now: such a date is a mistake and would stand first in every list. */
bool dgmi_item_date(dgmi_str text, int64_t now, int64_t *time);

/* Plain text to paragraphs: parted by blank lines (a single line end inside one becomes a
 * space). Two or more blank lines together begin a new block: interviews are cut by them,
 * so block starts are noted. */
void dgmi_item_add_text(dgmi_item *item, dgmi_str text);

/* Cleans and completes an item (lib/item/clean.c): asides taken out, region, source,
 * agency, provider, country, language, translated flag, each with its evidence, turns
 * with roles and speakers, headline, id. Does nothing twice: an item that came out of the
 * archive is not given to this. raw: the bytes that the item came from, for sha256 and,
 * where it has neither guid nor URL, the id. ARG with the reason if the item has neither
 * title nor body (a canceled one may). */
dgm_status dgmi_item_prepare(dgmi_item *item, const void *raw, size_t n, dgm_error *err);

/* The finished item as the public struct, which owns all (dgm_item_free). `item` is used
 * up, also on failure. */
dgm_status dgmi_item_finish(dgmi_item *item, dgm_item **out, dgm_error *err);

/* An empty dgm_item for those who fill one by hand: it lies in the arena and, with it, is
 * freed by dgm_item_free. NULL without memory; the arena is the caller's then. */
dgm_item *dgmi_item_in_arena(dgmi_arena *arena);
/* The arena of a finished item, for what is added to it later. */
dgmi_arena *dgmi_item_arena(dgm_item *item);

/* A digest of everything that a reader can see (not fetched, not sha256): equal means
 * unchanged. */
uint64_t dgmi_item_digest(const dgm_item *item);

/* ---- Versions of one id: the one rule that decide.c, survey.c and writer.c go by.
 *
 * Of two records with the same id the newer one wins. Which one that is, is told by the
 * first of these that tells:
 * 1. their times, if both have one: updated, else published. A kill (canceled) has
 *    updated alone, because its published time is that of the item which it kills;
 * 2. their version marks, if both have one: as numbers, else as text, a number before a
 *    text. If they are equal, a kill that has no time wins;
 * 3. the time of the one, and when the other, a kill that has no time, was fetched;
 * 4. that one of them is a kill: it wins;
 * 5. their places in the archive. What comes to this has other text and is a silent edit:
 *    what was seen last is what the source says now.
 *
 * So a correction replaces whenever it arrives; a kill takes everything that is not newer
 * than itself, no matter what comes in late; and what is newer than the kill publishes
 * the item again. A record equal to one that was seen (dgmi_item_digest) is not kept at
 * all. As long as a source does not contradict itself, any order of arrival ends in the
 * same winner, but for silent edits, of which arrival is all that is known. */

/* Rules 1 to 4. <0: a is older; 0: rule 5 decides. */
int dgmi_item_compare_versions(const dgm_item *a, const dgm_item *b);

/* The time of rule 1, DGM_NO_TIME if it has none. */
int64_t dgmi_item_time(const dgm_item *item);

/* Usable, but under an embargo that is not over at this time. */
bool dgmi_item_is_held(const dgm_item *item, int64_t now);

/* ISO code of a region label or country name or code ("Russian Federation", "USA", "RU"),
 * or NULL. */
const char *dgmi_country_code(const char *label);
/* ISO code of the country whose name stands in text ("Government of the Republic of
 * Chad"), the longest name if several do; *name gets it. NULL if there is none. */
const char *dgmi_country_in(dgmi_str text, dgmi_str *name);
/* The usual name of an ISO code, into out; the code itself if it is not known. */
const char *dgmi_country_name(const char *code, char out[64]);

#endif
