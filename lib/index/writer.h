/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live path: a few records of the archive into the generation that readers see.
 * Depends on lib/archive, lib/xapian and lib/index below it. */
#ifndef DGMI_WRITER_H
#define DGMI_WRITER_H

#include "archive.h"
#include "work.h"

#define DGMI_LIVE_BATCH 500 /* records of one commit */

typedef struct dgmi_live_options {
    uint64_t generation;
    bool fresh;         /* make it, and swap it in at its first commit */
    dgmi_position from; /* fresh only: else the index knows */
    dgmi_position to;
    double average_length; /* fresh only */
} dgmi_live_options;

/* Applies the records from where the index stands up to `to`. A record that cannot be
 * indexed is rejected by itself, after everything else of its batch was brought in.
 * Errors: LOCKED, IO, NOMEM; CORRUPT if the generation is damaged: it should be built
 * anew. */
dgm_status dgmi_live_apply(dgmi_work *work, const dgmi_live_options *options,
                           dgm_error *err);

#endif
