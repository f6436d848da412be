/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Merging the parts of a bulk build to one database, in rounds where they are many.
 * Depends on lib/xapian, crew.h and workshop.h. */
#ifndef DGMI_MERGE_H
#define DGMI_MERGE_H

#include "workshop.h"

typedef struct dgmi_merge_options {
    dgmi_workshop *workshop;
    const char *target;  /* the database to make */
    uint64_t *documents; /* receives how many it has */
    unsigned jobs;
    void *user;
    dgm_status (*tick)(void *user, dgm_error *err);
} dgmi_merge_options;

/* How many databases one merge takes when there are n in all: as the open files allow. */
size_t dgmi_merge_width(size_t n, unsigned jobs);

/* The part that the i-th merge of the first round makes out of `parts`; false past the
 * end. Chunks of a part follow one another. */
bool dgmi_merge_group(const dgmi_part *parts, size_t n, size_t width, size_t i,
                      dgmi_part *out);

/* Merges parts[0..n-1], n > 0, in their order. Parts of a first round of several merges
 * are removed as they are used up; the last ones stay. Paths in `parts` are freed as they
 * go. Errors: IO, NOMEM, CORRUPT. */
dgm_status dgmi_merge(const dgmi_merge_options *options, dgmi_part *parts, size_t n,
                      dgm_error *err);

/* Bytes of the databases. */
uint64_t dgmi_parts_size(const dgmi_part *parts, size_t n);
void dgmi_part_clear(dgmi_part *part);

#endif
