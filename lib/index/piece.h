/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One piece of a bulk build: a chunk of the archive to a small database of its own.
 * Depends on lib/archive, lib/xapian and lib/index below it. */
#ifndef DGMI_PIECE_H
#define DGMI_PIECE_H

#include <pthread.h>

#include "stories.h"
#include "learned.h"
#include "survey.h"

/* What one thread keeps from piece to piece. */
typedef struct dgmi_piece_tools dgmi_piece_tools;
/* Items get the topics of the data directory. */
dgm_status dgmi_piece_tools_new(const char *data_dir, dgmi_piece_tools **out,
                                dgm_error *err);
void dgmi_piece_tools_free(dgmi_piece_tools *tools);

typedef struct dgmi_piece_options {
    const char *data_dir;
    const char *path; /* of the database, made anew */
    const dgmi_survey *survey;
    const dgmi_stories *stories;
    const dgmi_chunk *chunk;
    const dgmi_learned *learned; /* lines to be set aside, or NULL */
    double average_length;
    pthread_mutex_t *heavy; /* held by the one piece that works on a large item */
    void *user;
    /* A record that cannot be indexed. Called in the thread that builds. */
    dgm_status (*reject)(void *user, const dgmi_line *line, const char *reason,
                         dgm_error *err);
    void (*advance)(void *user); /* after each record */
    void (*cut)(void *user, const char *id);
} dgmi_piece_options;

/* *documents receives how many the database has. Errors: IO, NOMEM, CORRUPT. */
dgm_status dgmi_piece_build(dgmi_piece_tools *tools, const dgmi_piece_options *options,
                            uint32_t *documents, dgm_error *err);

#endif
