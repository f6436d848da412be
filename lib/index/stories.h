/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stories of a whole archive, settled before it is built: the bulk path. Sketches lie
 * in a file; in memory there are 16 bytes a record and 16 for each key that leads to
 * several items. Depends on lib/base, lib/archive, kin.h and survey.h. */
#ifndef DGMI_STORIES_H
#define DGMI_STORIES_H

#include "kin.h"
#include "learned.h"
#include "survey.h"

typedef struct dgmi_stories dgmi_stories;

typedef struct dgmi_stories_options {
    const char *data_dir;
    const char *folder; /* for the file, which has no name; NULL: the system's */
    const dgmi_survey *survey;
    const dgmi_learned *learned; /* lines that no copy is told by, or NULL */
    size_t memory;               /* for sorting keys */
    unsigned jobs;
    void *user;
    dgm_status (*tick)(void *user, dgm_error *err); /* some ten times a second, or NULL */
} dgmi_stories_options;

/* Errors: IO, CORRUPT, NOMEM. */
dgm_status dgmi_stories_new(const dgmi_stories_options *options, dgmi_stories **out,
                            dgm_error *err);
void dgmi_stories_free(dgmi_stories *stories);

/* The story and keys of the item whose first record stands at this packed place. Errors:
 * IO; CORRUPT if none does. Threads: any number may ask at once. */
dgm_status dgmi_stories_find(const dgmi_stories *stories, uint64_t first_seen,
                             dgmi_kin *out, dgm_error *err);

#endif
