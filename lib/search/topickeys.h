/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an item needs to have so that it can match a query: which stems, as a small tree
 * of alternatives and of what must come together, and where words stand. Depends on
 * query.h, forms.h, lib/index. */
#ifndef DGMI_TOPICKEYS_H
#define DGMI_TOPICKEYS_H

#include "forms.h"
#include "query.h"
#include "reader.h"

typedef enum dgmi_need_kind {
    DGMI_NEED_NOTHING,   /* an item may match without any word */
    DGMI_NEED_TERM,      /* the term of a stem */
    DGMI_NEED_BEGINNING, /* a word that begins so */
    DGMI_NEED_ALL,
    DGMI_NEED_ANY,
    DGMI_NEED_WITHOUT, /* the first child, and none of the others */
    DGMI_NEED_PLACES   /* all children, and words stand as `places` says */
} dgmi_need_kind;

/* Terms one after another, or the forms of a word. */
typedef struct dgmi_place {
    dgmx_sequence sequence;
    uint32_t form; /* 0: the sequence */
} dgmi_place;

typedef struct dgmi_place_choice {
    dgmi_place *list;
    size_t n;
} dgmi_place_choice;

typedef struct dgmi_places {
    dgmi_place_choice *operands; /* how.n */
    dgmx_within how;             /* but for its operands */
} dgmi_places;

typedef struct dgmi_need {
    dgmi_need_kind kind;
    bool sure;        /* what has it matches; else a search has to tell */
    const char *text; /* of a TERM, a BEGINNING */
    uint32_t id;      /* of it, for the caller */
    double cost;      /* how many items have it, as far as is known */
    const dgmi_places *places;
    struct dgmi_need **children;
    uint32_t n;
} dgmi_need;

typedef struct dgmi_keyer {
    dgmi_stems *stems;
    const char *language;    /* of the items; NULL: not known */
    const dgmi_index *index; /* for frequencies; NULL: longer words are rarer */
    dgmi_forms *forms;       /* to ask for those of words */
    dgmi_arena *arena;       /* of the tree */
    dgmi_buf term;           /* for building terms */
} dgmi_keyer;

/* The query is asked with exact=1 and synonyms=0, so that a word has no other forms than
 * its stem's. NULL without memory. */
dgmi_need *dgmi_need_of(dgmi_keyer *k, const dgmi_node *root);

/* Where the words of a PHRASE, of a compound's parts or of a NEAR have to stand, for
 * topickeys.c. *out stays NULL if a search has to tell. False without memory. */
bool dgmi_need_places(dgmi_keyer *k, const dgmi_node *node, const dgmi_places **out);

/* Calls visit for the keys: terms and beginnings without one of which nothing matches, of
 * those that must come together the rarest. None of NOTHING. False as soon as visit is.
 */
typedef bool (*dgmi_key_fn)(void *user, dgmi_need *key);
bool dgmi_need_keys(dgmi_need *need, dgmi_key_fn visit, void *user);

/* Calls visit for each term and beginning in it. */
bool dgmi_need_leaves(dgmi_need *need, dgmi_key_fn visit, void *user);

#endif
