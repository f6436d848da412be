/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Noticing files in watched folders: inotify(7), and looking every so often where that
 * does not tell all. Depends on waiting.h and loop.h. */
#ifndef DGM_FOLDER_H
#define DGM_FOLDER_H

#include "batch.h"

typedef struct folder_options {
    char **paths; /* borrowed */
    size_t n;
    const char *own_data; /* the data directory: never looked into */
    bool deep;            /* folders below the watched ones too */
    uint64_t poll_us;     /* look so often; 0: as the file system needs */
    batch_options batch;
} folder_options;

typedef struct folders folders;

/* Begins to watch; what lies there already is noticed at once. Errors: NOTFOUND or ARG if
 * one of the paths is no folder, IO, NOMEM. */
dgm_status folders_new(loop *l, intake *in, const folder_options *options, folders **out,
                       dgm_error *err);
void folders_free(folders *f);

#endif
