/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Learning which lines recur in a source: counts over the archive, and what follows from
 * them for the rules. Depends on lib/archive, lines.h, learned.h. */
#ifndef DGMI_LEARN_H
#define DGMI_LEARN_H

#include "learned.h"
#include "lines.h"

/* What a line must show to be learned. Measured on the corpora of doc/boilerplate.md. */
#define DGMI_LEARN_ITEMS 8  /* items of different text that it stands in, */
#define DGMI_LEARN_DAYS 4   /* on so many days, */
#define DGMI_LEARN_SCOPE 20 /* of a source that has so many; */
#define DGMI_LEARN_SHARE 5  /* per cent of them, */
#define DGMI_LEARN_LONG 10  /* or one per cent, if it has so many words; */
#define DGMI_LEARN_PROSE                                                                 \
    30                      /* or thirty, if it is a sentence: those may say something;  \
                             */
#define DGMI_LEARN_EDGES 90 /* and per cent of its items have it near head or tail. */

typedef struct dgmi_learn_options {
    const char *data_dir;
    dgmi_position to; /* records before this place */
    uint64_t records; /* in the archive, to spread samples; 0: they are counted */
    uint32_t samples; /* items looked at, at most */
    uint64_t from;    /* place from which on what is learned now holds; ALWAYS: from where
                         dgmi_learned_settle says */
} dgmi_learn_options;

/* Counts, and changes the rules: new ones are learned, those that stopped occurring are
 * gone, what came in their place is a candidate. What a person decided stays. Errors: IO,
 * CORRUPT, NOMEM. */
dgm_status dgmi_learn(const dgmi_learn_options *options, dgmi_learned *rules,
                      dgm_error *err);

/* Before a whole index is built: rules that hold do so from the start, the others
 * nowhere, forgotten ones are dropped. */
dgm_status dgmi_learned_renew(dgmi_learned *rules, dgm_error *err);

/* Saves rules: what a person changed since they were loaded is kept, and holds from `end`
 * on, which is where the index stands; ALWAYS: where the archive ends. Errors: IO, NOMEM,
 * ARG. */
dgm_status dgmi_learned_settle(const char *data_dir, dgmi_learned *rules, uint64_t end,
                               dgm_error *err);

/* Learns in passing: if the archive has grown by a quarter and a megabyte since it was
 * last learned from, from a sample of it. `end` is where the index stands. Errors: as
 * above. */
dgm_status dgmi_learn_in_passing(const char *data_dir, dgmi_position end, dgm_error *err);

/* Where the archive ends, as far as it is written. */
dgm_status dgmi_learn_end(const char *data_dir, uint64_t *end, dgm_error *err);

/* How many items may be looked at with so much memory. */
uint32_t dgmi_learn_samples(size_t memory);

#endif
