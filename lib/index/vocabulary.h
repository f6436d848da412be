/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of one item with their counts and positions, and the list of terms made of them.
 * Memory is used again from item to item. Depends on lib/base and the term of lib/xapian.
 */
#ifndef DGMI_VOCABULARY_H
#define DGMI_VOCABULARY_H

#include "buf.h"
#include "dgmx.h"

/* Distinct words in the order of their first occurrence. Failure to get memory is
 * latched. */
typedef struct dgmi_vocabulary dgmi_vocabulary;

typedef struct dgmi_word {
    const char *text; /* borrowed until the next change */
    uint32_t n;
    uint32_t in_title, in_body;
    const uint32_t
        *positions; /* ascending, each once; after dgmi_vocabulary_group only */
    uint32_t n_positions, n_title_positions;
} dgmi_word;

dgmi_vocabulary *dgmi_vocabulary_new(void);
void dgmi_vocabulary_free(dgmi_vocabulary *v);
void dgmi_vocabulary_reset(dgmi_vocabulary *v);
bool dgmi_vocabulary_failed(const dgmi_vocabulary *v);

/* One occurrence. Those of the title come before those of the body, positions of a word
 * ascend. */
void dgmi_vocabulary_add(dgmi_vocabulary *v, const char *text, size_t n,
                         uint32_t position, bool title);
/* Adds to a word's counts without a position. */
void dgmi_vocabulary_count_in(dgmi_vocabulary *v, const char *text, size_t n,
                              uint32_t in_title, uint32_t in_body);
/* Sorts the positions out to their words. */
void dgmi_vocabulary_group(dgmi_vocabulary *v);

size_t dgmi_vocabulary_count(const dgmi_vocabulary *v);       /* distinct words */
size_t dgmi_vocabulary_occurrences(const dgmi_vocabulary *v); /* positions */
bool dgmi_vocabulary_at(const dgmi_vocabulary *v, size_t i, dgmi_word *out);

/* ---- Terms, to be handed over sorted: Xapian's maps take them faster so. */

typedef struct dgmi_term_entry {
    uint64_t key; /* its first bytes, so that most comparisons end here */
    uint32_t text, n, wdf;
    uint32_t n_positions;
    const uint32_t *positions;
} dgmi_term_entry;

typedef struct dgmi_terms {
    dgmi_buf text;
    dgmi_term_entry *entries;
    dgmx_term *sorted;
    size_t n, capacity, sorted_capacity;
    bool failed;
} dgmi_terms; /* zeroed: empty */

typedef struct dgmi_term_spec {
    dgmi_str text;
    uint32_t wdf;
    const uint32_t *positions; /* must live until dgmi_terms_sort's result is used */
    uint32_t n_positions;
} dgmi_term_spec;

void dgmi_terms_clear(dgmi_terms *t);
void dgmi_terms_reset(dgmi_terms *t);
/* Adds prefix and text; over-long terms are left out. */
void dgmi_terms_put(dgmi_terms *t, const char *prefix, const dgmi_term_spec *spec);
/* All terms bytewise sorted, each once. *out is borrowed until the next change. NOMEM,
 * also for what was put. */
dgm_status dgmi_terms_sort(dgmi_terms *t, const dgmx_term **out, size_t *n,
                           dgm_error *err);

#endif
