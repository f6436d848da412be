/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the archive as items, and places in it as numbers. Depends on lib/archive,
 * lib/item, lib/wire. */
#ifndef DGMI_LINES_H
#define DGMI_LINES_H

#include "archive.h"
#include "buf.h"
#include "dragoman.h"

/* A place of the archive in one number, in the same order: segment << 40 | offset. */
uint64_t dgmi_position_pack(dgmi_position at);
dgmi_position dgmi_position_unpack(uint64_t packed);

/* Appends the id of a line to out. Lines in our own form are scanned, others parsed.
 * Errors: ARG if the line is no item; NOMEM. */
dgm_status dgmi_line_id(const char *line, size_t n, dgmi_buf *out, dgm_error *err);

/* The whole item of a line. Owner: the caller frees *out with dgm_item_free. Errors: as
 * above. */
dgm_status dgmi_line_item(const char *line, size_t n, dgm_item **out, dgm_error *err);

/* The item of the record at a packed place. Errors: as above; IO, CORRUPT. */
dgm_status dgmi_lines_item_at(const char *data_dir, uint64_t place, dgm_item **out,
                              dgm_error *err);

/* Calls see() for each record from `from` up to `to`. A failure of see() ends the walk
 * and is passed up. */
typedef struct dgmi_line {
    const char *p;
    size_t n;
    uint64_t at, after; /* packed */
} dgmi_line;
typedef dgm_status (*dgmi_line_fn)(void *user, const dgmi_line *line, dgm_error *err);
dgm_status dgmi_lines_walk(const char *data_dir, dgmi_position from, dgmi_position to,
                           dgmi_line_fn see, void *user, dgm_error *err);

/* Mean number of words of an item over every so-many-th of the archive's `records`: a
 * pure function of the archive. 1 if there is nothing to count. */
dgm_status dgmi_lines_average(const char *data_dir, uint64_t records, double *average,
                              dgm_error *err);

#endif
