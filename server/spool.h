/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of any amount: the first ones in memory, all of them in a file without a name
 * once they are many. For bodies of requests and long replies. Depends on lib/base. */
#ifndef DGMS_SPOOL_H
#define DGMS_SPOOL_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "buf.h"
#include "dragoman.h"

#define DGMS_SPOOL_MEMORY (256u << 10) /* of one spool */

/* What all spools of a server share. */
typedef struct dgms_spools {
    const char *folder; /* for the files: the data directory, else $TMPDIR or /tmp */
    atomic_size_t
        in_memory; /* bytes held now; past the limit a spool is a file at once */
    size_t memory_max;
} dgms_spools;

void dgms_spools_init(dgms_spools *spools, const char *folder);

typedef struct dgms_spool {
    dgms_spools *shared;
    uint64_t n, max;
    dgmi_buf memory; /* while fd is -1 */
    size_t reserved; /* of shared->in_memory */
    int fd;
} dgms_spool;

/* max: bytes at most. */
void dgms_spool_init(dgms_spool *spool, dgms_spools *shared, uint64_t max);
void dgms_spool_clear(dgms_spool *spool); /* the file goes too */

/* Appends. Errors: ARG (more than max), IO (no room on the disk), NOMEM. */
dgm_status dgms_spool_put(dgms_spool *spool, const void *bytes, size_t n, dgm_error *err);

/* Copies up to n bytes from place `at`; *got is 0 at the end. Errors: IO. */
dgm_status dgms_spool_read(const dgms_spool *spool, uint64_t at, void *out, size_t n,
                           size_t *got, dgm_error *err);
/* Appends all of it to out. Errors: IO, NOMEM (also the limit of out). */
dgm_status dgms_spool_get(const dgms_spool *spool, dgmi_buf *out, dgm_error *err);

/* Makes a file of it, if it is none yet, and hands its descriptor over: the caller closes
 * it, and the spool is empty. -1 with err set. */
int dgms_spool_take_file(dgms_spool *spool, dgm_error *err);

#endif
