/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping what could not be taken: the bytes under DATA/rejects, by their digest, and a
 * line with the reason in DATA/rejects/rejects.ndjson. Depends on lib/base and lib/wire.
 */
#ifndef DGMI_REJECTS_H
#define DGMI_REJECTS_H

#include "buf.h"
#include "dragoman.h"

typedef struct dgmi_rejects dgmi_rejects;

/* Nothing is made on disk before the first rejection. NULL without memory. */
dgmi_rejects *dgmi_rejects_new(const char *data_dir);
void dgmi_rejects_free(dgmi_rejects *r);

typedef struct dgmi_reject {
    const char *where, *reason;
    const void *bytes; /* NULL: the source itself is kept */
    size_t n;
    int fd; /* of the source, or -1; only a file that can be read from its start anew is
               kept */
} dgmi_reject;

/* Keeps one. The same bytes again are not written twice. *kept (borrowed until the next
 * call) is the path of the copy, or NULL if the source could not be read anew. Threads:
 * one at a time. Errors: IO, NOMEM. */
dgm_status dgmi_rejects_keep(dgmi_rejects *r, const dgmi_reject *reject,
                             const char **kept, dgm_error *err);

/* Makes durable what was kept since the last call. */
dgm_status dgmi_rejects_sync(dgmi_rejects *r, dgm_error *err);

#endif
