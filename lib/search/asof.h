/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A moment of an archive: what `as_of` names, and which items stood there then. Depends
 * on lib/index. */
#ifndef DGMI_ASOF_H
#define DGMI_ASOF_H

#include "buf.h"
#include "date.h"
#include "generation.h" /* and so the reader.h beside it, not that of lib/read */

typedef enum dgmi_asof_kind {
    DGMI_ASOF_NONE = 0,
    DGMI_ASOF_PLACE,   /* "1:4711": a segment of the log and a byte in it */
    DGMI_ASOF_TIME,    /* a date, as of its end */
    DGMI_ASOF_REVISION /* "3-1042", as in replies: only of the revision that is live */
} dgmi_asof_kind;

typedef struct dgmi_asof {
    dgmi_asof_kind kind;
    dgmi_position at;
    uint64_t generation, commit;
    int64_t from, before; /* TIME: what was read before `before` */
    int64_t now;          /* PLACE: what age is counted from, or DGM_NO_TIME */
} dgmi_asof;

/* "1:4711", "1:4711,2021-06-16T12:00:00Z" (with the moment that age is counted from),
 * "2021-06", "3-1042". False for anything else. */
bool dgmi_asof_read(dgmi_str text, dgmi_asof *out);
void dgmi_asof_print(dgmi_buf *out, const dgmi_asof *asof);
/* "1:4711" of a packed place (lines.h). */
void dgmi_asof_print_place(dgmi_buf *out, uint64_t place);

/* The packed place before which everything stood in the archive then, and in *now what
 * age is counted from (DGM_NO_TIME: the present). A time is looked up in the log by
 * halves: records are in the order in which they were read, but for those of imports that
 * brought times of their own. Errors: ARG ("as_of: ..."); those of the archive. */
dgm_status dgmi_asof_resolve(const dgmi_index *index, const dgmi_asof *asof,
                             uint64_t *place, int64_t *now, dgm_error *err);

#endif
