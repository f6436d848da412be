/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of names and the ways in which they are written: lib/text/names.tsv, whose
 * head describes the lines, and what an archive adds. Depends on lib/base. */
#ifndef DGMI_NAMETABLE_H
#define DGMI_NAMETABLE_H

#include <stdint.h>

#include "dragoman.h"
#include "str.h"

#define DGMI_NAME_WORDS 8        /* of a variant */
#define DGMI_NAMES_MAX (4 << 20) /* bytes of an archive's own table */

typedef enum dgmi_name_kind {
    DGMI_NAME_PLACE,
    DGMI_NAME_SURNAME,
    DGMI_NAME_GIVEN,
    DGMI_NAME_PERSON,
    DGMI_NAME_INITIALS, /* "V. Putin": made of the rows of kind person */
    DGMI_NAME_ADDRESS,
    DGMI_NAME_BODY,
    DGMI_NAME_TERM,
    DGMI_NAME_ROLE
} dgmi_name_kind;

typedef struct dgmi_name {
    const char *label; /* as it is written */
    const char *key;   /* its words folded, parted by one blank, without "of" and "the" */
    const char *words[DGMI_NAME_WORDS];
    unsigned n_words;
    dgmi_name_kind kind;
    int64_t from, before; /* DGM_NO_TIME: open */
    const char *source;
    const char *group;
    bool gone;                        /* taken out by a later line */
    const struct dgmi_name *same_key; /* the next one with the same words, or NULL */
    const struct dgmi_name *kin;      /* the next one of the group, or NULL */
    const struct dgmi_name *first;    /* of the group */
} dgmi_name;

typedef struct dgmi_nametable dgmi_nametable;

/* With the built-in table. NULL without memory. */
dgmi_nametable *dgmi_nametable_new(void);
void dgmi_nametable_free(dgmi_nametable *table);
/* Reads further lines. One that is wrong is left out and counted in *faults; the first of
 * them is told in err, which is no failure. Errors: NOMEM. */
dgm_status dgmi_nametable_read(dgmi_nametable *table, dgmi_str text, unsigned *faults,
                               dgm_error *err);

/* Words that a key is without. */
bool dgmi_name_skips(const char *word);
/* The first name with this key, or NULL; walk on by same_key. Those that are gone are
 * among them. *longer: whether the words of a longer name begin with these. */
const dgmi_name *dgmi_nametable_find(const dgmi_nametable *table, dgmi_str key,
                                     bool *longer);
/* Walks all names: i from 0. NULL behind the last. */
const dgmi_name *dgmi_nametable_at(const dgmi_nametable *table, size_t i);
const char *dgmi_name_kind_text(dgmi_name_kind kind);

/* The built-in table (made of names.tsv). */
extern const unsigned char dgmi_names_text[];
extern const unsigned long dgmi_names_text_size;

#endif
