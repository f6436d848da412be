/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer's state, shared by ingest.c, accept.c, follow.c and walk.c and nobody else.
 */
#ifndef DGMI_INGEST_H
#define DGMI_INGEST_H

#include "archive.h"
#include "decide.h"
#include "reader.h"
#include "turn.h"
#include "work.h"

struct dgm_ingest {
    dgmi_work work;
    dgmi_archive *archive;
    dgmi_turn turn;
    dgmi_index *index; /* NULL while what is there cannot be read */
    dgmi_decider *decider;
    dgmi_buf line;
    int fd;                /* of the source at hand, or -1 */
    uint64_t bytes_before; /* of the sources before it */
    uint64_t looked_us;    /* when the index was last followed */
    uint64_t avoid_us;     /* until then it is done without: it was damaged */
};

/* Opens all but the index and its lock, and ends it all. Errors: as dgm_ingest_open. */
dgm_status dgmi_ingest_begin(dgm_ingest *in, const char *data_dir,
                             const dgm_ingest_options *options, dgm_error *err);
void dgmi_ingest_end(dgm_ingest *in);

/* Decides about an item and appends it (accept.c), reporting where it came from. */
dgm_status dgmi_ingest_accept(dgm_ingest *in, const dgm_item *item, const char *where,
                              dgm_error *err);

/* Counts and reports a path that cannot be read. */
dgm_status dgmi_ingest_refuse(dgm_ingest *in, const char *path, const char *reason,
                              dgm_error *err);

#endif
