/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an item needs to have so that it can match a query at all: which stems, as a small
 * tree of alternatives and of what must come together. Depends on query.h, lib/index. */
#ifndef DGMI_TOPICKEYS_H
#define DGMI_TOPICKEYS_H

#include "query.h"
#include "reader.h"
#include "stem.h"

typedef enum dgmi_need_kind {
    DGMI_NEED_NOTHING,   /* an item may match without any word */
    DGMI_NEED_TERM,      /* the term of a stem */
    DGMI_NEED_BEGINNING, /* a word that begins so */
    DGMI_NEED_ALL,
    DGMI_NEED_ANY
} dgmi_need_kind;

typedef struct dgmi_need {
    dgmi_need_kind kind;
    const char *text; /* of a TERM, a BEGINNING */
    uint32_t id;      /* of it, for the caller */
    double cost;      /* how many items have it, as far as is known */
    struct dgmi_need **children;
    uint32_t n;
} dgmi_need;

typedef struct dgmi_keyer {
    dgmi_stems *stems;
    const char *language;    /* of the items; NULL: not known */
    const dgmi_index *index; /* for frequencies; NULL: longer words are rarer */
    dgmi_arena *arena;       /* of the tree */
} dgmi_keyer;

/* The query is asked with exact=1 and synonyms=0, so that a word has no other forms than
 * its stem's. NULL without memory. */
dgmi_need *dgmi_need_of(dgmi_keyer *k, const dgmi_node *root);

/* Calls visit for the keys: terms and beginnings without one of which nothing matches, of
 * those that must come together the rarest. None of NOTHING. False as soon as visit is.
 */
typedef bool (*dgmi_key_fn)(void *user, dgmi_need *key);
bool dgmi_need_keys(dgmi_need *need, dgmi_key_fn visit, void *user);

/* Calls visit for each term and beginning in it. */
bool dgmi_need_leaves(dgmi_need *need, dgmi_key_fn visit, void *user);

/* Whether it is met, if `has` tells so of terms and beginnings. */
bool dgmi_need_met(const dgmi_need *need, bool (*has)(const void *user, uint32_t id),
                   const void *user);

#endif
