/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an archive holds, found before building: how it is cut into pieces of work, and
 * for ids with several versions which one wins. Depends on lib/base, lib/archive and
 * lines.h. */
#ifndef DGMI_SURVEY_H
#define DGMI_SURVEY_H

#include "lines.h"
#include "record.h"

typedef struct dgmi_chunk {
    dgmi_position from, to;
    uint32_t records;
    uint64_t digest; /* of its lines */
} dgmi_chunk;

/* One record out of several with the same id. */
typedef struct dgmi_verdict {
    uint64_t at; /* of the record, packed */
    bool wins;
    dgmi_stored stored; /* of the winner */
} dgmi_verdict;

typedef struct dgmi_survey dgmi_survey;

typedef struct dgmi_survey_options {
    const char *data_dir;
    dgmi_position to;       /* records that begin before this place */
    uint32_t chunk_records; /* of one chunk, at most */
    uint64_t chunk_bytes;   /* a chunk ends once it has so many */
    size_t memory;          /* roughly what may be used beside verdicts and rewrites */
    int64_t as_of;          /* embargoes over at this time are lifted */
    void *user;
    /* Told of all bytes read, several passes of them, so that time left can be told; may
     * be NULL. */
    void (*advance)(void *user, uint64_t bytes);
} dgmi_survey_options;

/* Errors: IO, CORRUPT, NOMEM. A line that is no item is no error here: it has no verdict.
 */
dgm_status dgmi_survey_new(const dgmi_survey_options *options, dgmi_survey **out,
                           dgm_error *err);
void dgmi_survey_free(dgmi_survey *s);

uint64_t dgmi_survey_records(const dgmi_survey *s);
const dgmi_chunk *dgmi_survey_chunk(const dgmi_survey *s,
                                    size_t i); /* NULL past the end */

/* NULL: this record is the only one of its id (or no item). Threads: any number may ask
 * at once. */
const dgmi_verdict *dgmi_survey_verdict(const dgmi_survey *s, uint64_t at);

/* What the index says of a winning item at this packed place that is not in its record.
 * Threads: any number. */
void dgmi_survey_standing(const dgmi_survey *s, const dgm_item *item,
                          dgmi_stored *stored);

#endif
