/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query language: text to tree. Depends on lib/base, lib/text and the field names of
 * lib/index/schema.h. */
#ifndef DGMI_QUERY_H
#define DGMI_QUERY_H

#include "arena.h"
#include "buf.h"
#include "dragoman.h"
#include "operators.h"

/* Bounds (xapian-mhd.md A5): what is over is refused (QUERY) or cut with a warning. */
#define DGMI_QUERY_BYTES 4096
#define DGMI_QUERY_LEAVES 64
#define DGMI_QUERY_DEPTH 32
#define DGMI_PHRASE_WORDS 16
#define DGMI_NEAR_OPERANDS 16 /* of one chain of NEAR, ADJ, SENT or PARA */
#define DGMI_WILDCARDS 4
#define DGMI_WILDCARD_LETTERS 3
#define DGMI_WILDCARD_TERMS 100
#define DGMI_FUZZY_LETTERS 5 /* a shorter word, or one with digits, is never blurred */
#define DGMI_BOOST_LEAST 0.1
#define DGMI_BOOST_MOST 20.0

typedef enum dgmi_node_kind {
    DGMI_NODE_WORD,    /* a word; its stem matches */
    DGMI_NODE_PHRASE,  /* in quotes: surface forms, in order */
    DGMI_NODE_PREFIX,  /* wor* */
    DGMI_NODE_PATTERN, /* w?r*d: `text` with its ? (one character) and * (any) */
    DGMI_NODE_FUZZY,   /* word~: words within `distance` changes of a character */
    DGMI_NODE_NEAR,    /* children that stand to one another as `op` and `distance` say */
    DGMI_NODE_SAID,    /* words of one utterance, and who says them (speech.h) */
    DGMI_NODE_FIELD,   /* field:value */
    DGMI_NODE_AND,
    DGMI_NODE_OR,
    DGMI_NODE_NOT,   /* first child without the others; a lone NOT is from all */
    DGMI_NODE_GROUP, /* words side by side: what `match` decides about */
    DGMI_NODE_ALL    /* nothing asked */
} dgmi_node_kind;

typedef struct dgmi_node {
    dgmi_node_kind kind;
    uint32_t from, to; /* bytes of the query that it comes from */
    const char *text;  /* folded: WORD, PREFIX; PHRASE: words parted by a blank; FIELD:
                          value as given */
    const char *const *words; /* PHRASE and compounds: the parts, folded */
    uint32_t n_words;
    const char *whole; /* a compound joined ("cyberattack"), or NULL */
    const char *field; /* name out of the schema, also on WORD/PHRASE/PREFIX under a words
                          field */
    struct dgmi_node **children;
    uint32_t n_children;
    uint32_t times; /* WORD: how often its GROUP says it; the printed form says it once */
    bool loose; /* PHRASE: a run of ideographs without quotes: its characters, where order
                   is not asked for */
    bool condition; /* made of fields alone: restricts, whatever `match` says of the words
                       beside it */
    bool aside;     /* WORD: excepted in plain words (exception.h): counts little, is not
                       asked     for */
    double boost;   /* of a leaf: what its weight is multiplied with; 0: 1 */
    const dgmi_operator *op; /* NEAR */
    unsigned distance;       /* NEAR: words; FUZZY: changes */
    bool acronym;    /* WORD: typed in capitals among small letters ("US", "WHO"): no
                        stopword */
    bool capital;    /* WORD: typed with a capital first, among small letters */
    bool exact;      /* WORD: under exact:, so that no other spelling stands for it */
    double idf_most; /* of a spelling: the idf of what it stands for; 0: no bound */
} dgmi_node;

/* Fields of queries beside those of the schema. Both are strict: the named time itself is
 * outside. */
#define DGMI_FIELD_BEFORE "before"
#define DGMI_FIELD_AFTER "after"
/* Words as they are spelled: no other spelling of a name stands for them. */
#define DGMI_FIELD_EXACT "exact"

typedef struct dgmi_query {
    dgmi_arena *arena;
    dgmi_node *root;
    const char *parsed; /* printed form: parses to the same tree again */
    const char *const *warnings;
    uint32_t n_warnings;
} dgmi_query;

/* Parses text (any bytes). Repairs what can be repaired (an unclosed quote or
 * parenthesis, a dangling operator) with a warning that says what was done; refuses with
 * QUERY and an offset what cannot be read as anything. literal: no operators at all,
 * words only, of which those that an exception in plain words names are `aside`. Binding:
 * NEAR and its kin first, then words side by side (with - and NOT), then AND, then OR.
 * Capitals throughout (a pasted headline, told from "UN OR NATO" by a longer word) turn
 * AND, OR and NOT into words, with a warning. */
dgm_status dgmi_query_parse(const char *text, bool literal, dgmi_query **out,
                            dgm_error *err);
void dgmi_query_free(dgmi_query *q);

/* How many changes of a character a folded word may be away from another one and still
 * be a misspelling of it: 2 for words of 8 letters and more, 0: it is never blurred. */
unsigned dgmi_blur_of(const char *word);

/* Appends the printed form. between: what parts the words of a GROUP, " AND " or " OR "
 * where the reply says how `match` took them, " " for the form that parses to the same
 * tree. leave_out (may be NULL) tells which words of a GROUP are not to be printed. */
typedef bool (*dgmi_leave_out)(const dgmi_node *group, const dgmi_node *word);
void dgmi_query_print(dgmi_buf *out, const dgmi_node *root, const char *between,
                      dgmi_leave_out leave_out);

#endif
