/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reader keeps in mind of one revision, so that no search has to look it up again.
 * Depends on lib/index. */
#ifndef DGMI_LORE_H
#define DGMI_LORE_H

#include "generation.h" /* and so the reader.h beside it, not that of lib/read */

#define DGMI_LORE_LANGUAGES 16

typedef struct dgmi_span {
    int64_t from, to; /* [from, to) */
    uint32_t items;
} dgmi_span;

typedef struct dgmi_lore {
    uint64_t generation, commit;
    bool known;
    char languages[DGMI_LORE_LANGUAGES][9]; /* in alphabetical order */
    unsigned n_languages;
    bool all_languages;        /* there are no more than these */
    dgmi_span *years, *months; /* those with items, oldest first */
    size_t n_years, n_months, years_capacity, months_capacity;
    uint32_t undated;
} dgmi_lore;

/* Learns the revision that index is at, unless it is known already. */
dgm_status dgmi_lore_learn(dgmi_lore *lore, const dgmi_index *index, dgm_error *err);
void dgmi_lore_clear(dgmi_lore *lore);

#endif
