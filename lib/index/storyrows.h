/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of a file, one a record of the archive: the trace of each item's first record.
 * Depends on lib/base, lib/archive, kin.h and survey.h. */
#ifndef DGMI_STORYROWS_H
#define DGMI_STORYROWS_H

#include "stories.h"

/* A row whose id is 0 is not the first of its id, or no item. */
typedef struct dgmi_story_rows {
    int fd; /* of a file without a name; -1: none */
    uint32_t n;
} dgmi_story_rows;

/* Walks the archive with options->jobs threads. Errors: IO, CORRUPT, NOMEM; ARG for more
 * records than rows can be numbered. */
dgm_status dgmi_story_rows_make(const dgmi_stories_options *options, dgmi_story_rows *out,
                                dgm_error *err);
void dgmi_story_rows_clear(dgmi_story_rows *rows);

dgm_status dgmi_story_row_read(const dgmi_story_rows *rows, uint32_t row, dgmi_trace *out,
                               dgm_error *err);

/* All rows in order. A failure of see() ends the walk. */
typedef dgm_status (*dgmi_story_row_fn)(void *user, uint32_t row, const dgmi_trace *trace,
                                        dgm_error *err);
dgm_status dgmi_story_rows_walk(const dgmi_story_rows *rows, dgmi_story_row_fn see,
                                void *user, dgm_error *err);

#endif
