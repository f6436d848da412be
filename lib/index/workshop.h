/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder of a bulk build: finished parts under names that tell what they are, and a
 * manifest that tells what they were made for, so that a build that was killed goes on
 * where it stood. Depends on lib/base, lib/archive and generation.h. */
#ifndef DGMI_WORKSHOP_H
#define DGMI_WORKSHOP_H

#include <stdbool.h>

#include "archive.h"
#include "dragoman.h"

/* What all parts depend on beside the bytes of their records. Everything else that goes
 * into a part is a function of the archive up to `to`. */
typedef struct dgmi_plan {
    dgmi_position to; /* the archive's end for this build */
    double average_length;
    int64_t as_of; /* embargoes over at this time are lifted */
    uint32_t chunk_records;
    uint64_t chunk_bytes;
} dgmi_plan;

/* A database made of chunks first..first + n - 1. */
typedef struct dgmi_part {
    size_t first, n;
    uint64_t digest; /* of the records */
    uint64_t records;
    uint32_t documents;
    bool spoilt; /* a record was rejected on the way, which the next build has to tell
                    again: not to be found by it */
    bool ready;  /* made before, or used up by a merge that was finished */
    char *path;  /* NULL: not made yet, or used up */
} dgmi_part;

typedef struct dgmi_workshop dgmi_workshop;

/* Opens the folder, made if need be. *resumed: parts lie there that were made for a plan
 * with the same schema, stems and chunking, by this run of the system (what a process
 * wrote survives it, but not a loss of power), whose end lies within the archive, not
 * below `least` and not far below plan->to. *plan is then theirs. Else the folder is
 * emptied. Errors: IO, NOMEM. */
dgm_status dgmi_workshop_open(const char *data_dir, dgmi_position least, dgmi_plan *plan,
                              bool *resumed, dgmi_workshop **out, dgm_error *err);
void dgmi_workshop_close(dgmi_workshop *w); /* leaves what is there */

/* Writes the manifest: from here on finished parts count. Errors: IO, NOMEM. */
dgm_status dgmi_workshop_begin(dgmi_workshop *w, const dgmi_plan *plan, dgm_error *err);

/* Fills in path and documents of a part that lies there finished. */
bool dgmi_workshop_find(dgmi_workshop *w, dgmi_part *part);

/* Removes all that was there at the start and was not found. */
dgm_status dgmi_workshop_sweep(dgmi_workshop *w, dgm_error *err);

/* Where a part is made before it is finished. The caller frees; NULL without memory. */
char *dgmi_workshop_bench(const dgmi_workshop *w, const dgmi_part *part);
/* Gives the part made at `bench` its name, in one step, and sets part->path. Errors: IO,
 * NOMEM. Threads: any. */
dgm_status dgmi_workshop_finish(const dgmi_workshop *w, const char *bench,
                                dgmi_part *part, dgm_error *err);

const char *dgmi_workshop_folder(const dgmi_workshop *w);

#endif
