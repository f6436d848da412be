/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generations of the index: their folders, which one is live, and what each says of
 * itself. Depends on lib/base, lib/xapian and lib/archive. */
#ifndef DGMI_GENERATION_H
#define DGMI_GENERATION_H

#include "reader.h"

/* What a generation records of itself, in the same commit as its documents. */
typedef struct dgmi_meta {
    dgmi_position position;
    double average_length;
    char stemmer[64];
    int64_t as_of; /* embargoes over at this time are lifted, all others hold */
    /* How often items were written anew for that, without a record of the archive: -1 if
     * it was not counted. */
    int64_t settled;
} dgmi_meta;

/* CORRUPT if something is missing or unreadable, or of another schema version ("run:
 * dragoman reindex"). */
dgm_status dgmi_meta_read(dgmx_db *db, dgmi_meta *out, dgm_error *err);

/* Writes all of it, this library's stemmer, schema version and counts into the pending
 * batch. */
dgm_status dgmi_meta_write(dgmx_writer *w, const dgmi_meta *meta, dgm_error *err);

/* Makes generation `number` the live one, durably and in one step. */
dgm_status dgmi_generation_swap(const char *data_dir, uint64_t number, dgm_error *err);

/* The greatest number that any folder gen-* has, 0 if none. */
dgm_status dgmi_generation_last(const char *data_dir, uint64_t *number, dgm_error *err);

/* Removes what is not in use: generations above the live one (leftovers of a build that
 * was killed), and all below the one before the live one. Only the writer may. */
dgm_status dgmi_generation_clean(const char *data_dir, dgm_error *err);

/* DATA/index/build-tmp: where a build keeps its parts (workshop.h). The caller frees. */
char *dgmi_generation_workshop(const char *data_dir);
/* Removes it: when a build ends, or none is needed any more. */
void dgmi_generation_drop_workshop(const char *data_dir);

#endif
