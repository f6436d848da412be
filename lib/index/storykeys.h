/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rows share which keys. Depends on lib/base and storyrows.h. */
#ifndef DGMI_STORYKEYS_H
#define DGMI_STORYKEYS_H

#include "storyrows.h"

typedef struct dgmi_story_key {
    uint64_t key; /* with its kind mixed in */
    uint32_t row;
    uint32_t which; /* of the row's keys */
} dgmi_story_key;

typedef struct dgmi_story_keys {
    dgmi_story_key *kept; /* of rows that share one, owners alone; by key, then row */
    size_t n, capacity;
    uint16_t *owned;  /* by row: bit i: key i leads to it */
    uint16_t *shared; /* bit i: another row has key i; bit DGMI_KIN_KEYS: its own id */
} dgmi_story_keys;

/* Sorted in as many passes over the rows as memory asks for. */
dgm_status dgmi_story_keys_make(const dgmi_story_rows *rows, size_t memory,
                                dgmi_story_keys *out, dgm_error *err);
void dgmi_story_keys_clear(dgmi_story_keys *keys);

/* Earlier rows that one with this trace shares keys with. places: of all rows. */
void dgmi_story_keys_rivals(const dgmi_story_keys *keys, const uint64_t *places,
                            uint32_t row, const dgmi_trace *trace, dgmi_rivals *out);

#endif
