/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of lib/item share with each other and with nobody else. Depends on
 * item.h. */
#ifndef DGMI_BUILD_H
#define DGMI_BUILD_H

#include "buf.h"
#include "item.h"

#define DGMI_LABELS_MAX 1000 /* topics, or names, of one item */
#define DGMI_ID_MAX 2000     /* bytes; a longer id is replaced by its digest */

typedef struct dgmi_para {
    const char *text; /* in the arena, ended by NUL */
    size_t n;
    bool block; /* the first of its block: see dgmi_item_add_text */
} dgmi_para;

typedef struct dgmi_labels {
    const char **values;
    size_t n, capacity;
} dgmi_labels;

/* Evidence while the item is built: where it stands by kind of place and number. */
typedef enum dgmi_place {
    DGMI_AT_MEMBER, /* of what was read: the name in `origins` */
    DGMI_AT_TITLE,
    DGMI_AT_BODY,
    DGMI_AT_ASIDE,
    DGMI_AT_URL,
    DGMI_AT_TEXT, /* title and body together */
    DGMI_AT_FIELD /* another field: `of` names it */
} dgmi_place;

typedef struct dgmi_proof {
    const char *field, *rule; /* static */
    const char *value, *text; /* in the arena */
    dgmi_place place;
    const char *of; /* the member or field; NULL elsewhere */
    size_t index;   /* of the paragraph or aside */
    size_t from;    /* of text in it */
} dgmi_proof;

struct dgmi_item {
    dgmi_arena *arena;
    dgmi_buf scratch; /* text is cleaned here on its way into the arena */
    const char *fields[DGMI_FIELDS];
    const char *markup;
    int64_t published, updated, fetched, embargo;
    dgm_item_status status;
    bool translated, title_derived;
    bool next_block; /* the next paragraph begins a block */
    bool given_source,
        given_region; /* by the reader: what the text says does not replace them */
    dgmi_para *paras;
    size_t n_paras, cap_paras;
    dgm_turn *turns;
    size_t n_turns, cap_turns;
    dgm_aside *asides;
    size_t n_asides, cap_asides;
    dgmi_labels topics, names;
    const char *origins[DGMI_FIELDS]; /* members that fields were read from; static */
    dgmi_proof *proofs;               /* what dgmi_prove noted */
    size_t n_proofs, cap_proofs;
    dgm_evidence *evidence; /* finished */
    size_t n_evidence, cap_evidence;
    const char **warnings;
    size_t n_warnings, cap_warnings;
    bool no_memory;      /* the machine has no more */
    const char *refused; /* why the input cannot be an item, or NULL; static */
};

/* White space at p (p < end), the wide kinds included: its bytes, or 0. */
size_t dgmi_space_at(const char *p, const char *end);
/* Cleans s and makes white space runs one space; NULL (latched) without memory or room.
 */
char *dgmi_item_clean(dgmi_item *item, dgmi_str s, size_t *n);
/* Adds text that is already clean and in the arena. */
void dgmi_item_push(dgmi_item *item, const char *text, size_t n, bool block);
bool dgmi_item_failed(const dgmi_item *item);

/* ---- boilerplate.c: lines that are not content. */

typedef enum dgmi_mark {
    DGMI_MARK_NONE,
    DGMI_MARK_MILOSI,      /* shows that MIL OSI passed this item on */
    DGMI_MARK_TRANSLATION, /* and that it is a translation */
    DGMI_MARK_REGION,      /* the same, and `value` is the region */
    DGMI_MARK_SOURCE,      /* `value` is the issuing body */
    DGMI_MARK_ISSUED,      /* `value` is the body at the foot: the source if none is named
                              above */
    DGMI_MARK_HEADLINE     /* `value` is the title */
} dgmi_mark;

/* Where in an item a rule holds: a caption "Source: Eurostat" in the middle is content.
 */
typedef enum dgmi_zone {
    DGMI_HEAD = 1,
    DGMI_TAIL = 2,
    DGMI_MIDDLE = 4,
    DGMI_ANYWHERE = 7
} dgmi_zone;

typedef struct dgmi_found {
    const char *kind; /* of the aside; NULL: content */
    dgmi_mark mark;
    dgmi_str value;
    size_t used; /* bytes of the line that belong to it; the rest is another line */
} dgmi_found;

/* Looks whether the line begins with boilerplate that may stand in one of these zones. */
dgmi_found dgmi_boilerplate(dgmi_str line, dgmi_zone zone);
/* Bytes of a closing mark ("-0-", "]]>") that ends the text of a last paragraph, or 0. */
size_t dgmi_closing_mark(dgmi_str text);
/* Matches a prefix: ASCII in lower case; ' ' is any white space, '-' any run of dashes
 * and spaces,
 * '\'' any apostrophe. Returns bytes of text it covers, 0 if it does not match. */
size_t dgmi_match_prefix(dgmi_str text, const char *pattern);
/* Bytes of the dash ('-' or longer) at p, 0 if there is none. */
size_t dgmi_dash_at(const char *p, const char *end);

/* Bytes of "MIL-OSI Europe: " at the start of a title, 0 if it has none; *region gets
 * "Europe". */
size_t dgmi_title_prefix(dgmi_str title, dgmi_str *region);

/* ---- The steps of dgmi_item_prepare, in their order. */

void dgmi_prepare_title(dgmi_item *item);  /* provenance.c: "MIL-OSI Europe: ..." */
void dgmi_prepare_asides(dgmi_item *item); /* clean.c */
/* `line` is the aside that found was found in, the one added last. provenance.c */
void dgmi_apply_found(dgmi_item *item, const dgmi_found *found, dgmi_str line);
void dgmi_prepare_agency(dgmi_item *item);     /* provenance.c */
void dgmi_prepare_provenance(dgmi_item *item); /* provenance.c: country, language */
/* edition.c: edition, original language, translator */
void dgmi_prepare_edition(dgmi_item *item);
void dgmi_prepare_language(dgmi_item *item); /* language.c */
void dgmi_prepare_turns(dgmi_item *item);    /* turns.c */
void dgmi_prepare_headline(dgmi_item *item); /* headline.c */
void dgmi_prepare_given(dgmi_item *item);    /* evidence.c: what the reader filled in */
void dgmi_prepare_evidence(dgmi_item *item); /* evidence.c: proofs to evidence */
void dgmi_prepare_warnings(dgmi_item *item); /* disagree.c */
void dgmi_check_source(dgmi_item *item); /* disagree.c: the part of it on the source */

/* Notes where a value comes from; the last note on a field with the value that the field
 * ends up with becomes its evidence. text is cut at 200 bytes. evidence.c */
void dgmi_prove(dgmi_item *item, const dgmi_proof *proof);
/* The same for a slice of a line: value and text are the slice. */
typedef struct dgmi_span {
    dgmi_str line, slice; /* slice lies in line */
    dgmi_place place;
    size_t index;
} dgmi_span;
void dgmi_prove_span(dgmi_item *item, const char *field, const char *rule,
                     const dgmi_span *span);
/* The name of a field as evidence has it. */
const char *dgmi_field_name(dgmi_field field);

/* The code of a language's English name ("Russian": "ru"), or NULL. provenance.c */
const char *dgmi_language_named(dgmi_str name);
/* The country of a news agency, or NULL. disagree.c */
const char *dgmi_agency_country(dgmi_str name);

/* Bytes of the agency dateline ("Moscow, June 16 /Xinhua/ - ") that text begins with, or
 * 0; *agency gets the name in it. */
size_t dgmi_dateline(dgmi_str text, dgmi_str *agency);

/* ---- speaker.c: who answers. */

/* "Oleg Vladimirovich, what ...": the person a question addresses, or an empty slice. */
dgmi_str dgmi_vocative(dgmi_str question);
/* "Interview of the Minister Anna Keller to ...": the person interviewed, or an empty
 * slice. */
dgmi_str dgmi_interviewed(dgmi_str lead);
/* A word as names are made of: a capital (or a letter beyond ASCII), then letters. */
bool dgmi_is_name_word(dgmi_str word);
/* "Minister", "Mr.": capitalised in official prose, yet no name. Any case. */
bool dgmi_is_title(dgmi_str word);
/* Capitalised only because it opens a sentence, or a weekday, a month, a region. */
bool dgmi_opens_sentence(dgmi_str word);
bool dgmi_is_patronymic(dgmi_str word);
/* Whether two names begin with the same word. */
bool dgmi_same_first_name(dgmi_str a, dgmi_str b);

#endif
