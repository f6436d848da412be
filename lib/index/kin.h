/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ties an item to a story: the keys by which later items find it, and the rule by
 * which an item chooses the earlier one whose story it joins. Depends on lib/base,
 * lib/item and lib/xapian.
 *
 * A story is settled by the first record of an id, in the order of the log, and never
 * changes: an item joins the story of the best of the items before it, or founds its own.
 * The live path (kinlive.h) and the bulk path (stories.h) look candidates up in different
 * places and then do the same. */
#ifndef DGMI_KIN_H
#define DGMI_KIN_H

#include "buf.h"
#include "learned.h"
#include "sketch.h"

enum {
    DGMI_KIN_EXACT = 0,    /* key: the hash of all words */
    DGMI_KIN_ANCESTOR = 1, /* the id that it evolved from */
    DGMI_KIN_BAND = 2,     /* the first of the smallest runs */
    DGMI_KIN_KEYS = DGMI_KIN_BAND + DGMI_SKETCH_BANDS,
    /* So many items, the first ones, are found by one key: words that every item of a
     * source has must not make every later one dear. */
    DGMI_KIN_OWNERS = 32,
    DGMI_KIN_TRIED = 8, /* candidates whose texts are compared */
    DGMI_STORY_HEX = 17
};

/* As the index keeps it. */
typedef struct dgmi_kin {
    uint64_t story; /* 0: not known */
    uint64_t keys[DGMI_KIN_KEYS];
    unsigned owned; /* bit i: keys[i] leads to this item */
} dgmi_kin;

/* The first version of an item, as it is compared. */
typedef struct dgmi_trace {
    uint64_t place;    /* in the log */
    uint64_t id;       /* hash */
    uint64_t ancestor; /* hash of evolved_from; 0: none */
    dgmi_sketch sketch;
} dgmi_trace;
void dgmi_trace_make(const dgm_item *item, uint64_t place, dgmi_trace *out);
/* The same, and the sketch alone, without the lines that are set aside at that place.
 * Errors: NOMEM. */
dgm_status dgmi_trace_item(const dgmi_learned *learned, const dgm_item *item,
                           uint64_t place, dgmi_trace *out, dgm_error *err);
dgm_status dgmi_sketch_item(const dgmi_learned *learned, const dgm_item *item,
                            uint64_t place, dgmi_sketch *out, dgm_error *err);

/* Fills in keys and the bits of those that there are in owned; story stays. */
void dgmi_kin_keys(const dgmi_trace *trace, dgmi_kin *out);

/* Terms: "XC" and 16 hexadecimal digits of the story; "XB", a letter for the kind and 11
 * characters for the key. */
void dgmi_kin_story_term(dgmi_buf *out, uint64_t story);
void dgmi_kin_key_term(dgmi_buf *out, int which, uint64_t key);
/* Takes back what a term of the second kind says; false if it is none. */
bool dgmi_kin_read_term(const char *term, size_t n, dgmi_kin *kin);
/* Whether both are in one story and found by the same keys. */
bool dgmi_kin_equal(const dgmi_kin *a, const dgmi_kin *b);
void dgmi_story_hex(uint64_t story, char out[DGMI_STORY_HEX]);
bool dgmi_story_read_hex(const char *text, uint64_t *story);

/* ---- Choosing ---- */

/* An earlier item that a key led to. */
typedef struct dgmi_rival {
    uint64_t place;
    uint32_t number; /* the caller's: a document, a row */
    uint32_t shared; /* keys that led to it */
    bool link;       /* one of them is that of an ancestor */
} dgmi_rival;

typedef struct dgmi_rivals {
    dgmi_rival list[DGMI_KIN_KEYS * (DGMI_KIN_OWNERS + 1)];
    uint32_t n;
} dgmi_rivals;
void dgmi_rivals_add(dgmi_rivals *r, uint32_t number, uint64_t place, bool link);

/* Fetches the sketch of a rival. */
typedef dgm_status (*dgmi_kin_load)(void *user, const dgmi_rival *rival, dgmi_sketch *out,
                                    dgm_error *err);

/* *chosen receives the rival whose story is joined, NULL if none is good enough: one tied
 * by an ancestor (the earliest), else the best copy (the earlier of equals). Sorts the
 * rivals. */
dgm_status dgmi_kin_choose(const dgmi_sketch *sketch, dgmi_rivals *rivals,
                           dgmi_kin_load load, void *user, const dgmi_rival **chosen,
                           dgm_error *err);

#endif
