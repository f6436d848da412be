/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer's state, shared by ingest.c and walk.c and nobody else. */
#ifndef DGMI_INGEST_H
#define DGMI_INGEST_H

#include "archive.h"
#include "decide.h"
#include "reader.h"
#include "work.h"

struct dgm_ingest {
    dgmi_work work;
    dgmi_archive *archive;
    dgmi_index *index; /* as committed */
    dgmi_decider *decider;
    dgmi_buf line;
    int fd;                /* of the source at hand, or -1 */
    uint64_t bytes_before; /* of the sources before it */
};

/* Counts and reports a path that cannot be read. */
dgm_status dgmi_ingest_refuse(dgm_ingest *in, const char *path, const char *reason,
                              dgm_error *err);

#endif
