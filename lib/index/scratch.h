/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A database for documents that one reader needs beside an index: in a folder that nobody
 * else can read, and that goes with it. Depends on lib/base, lib/xapian. */
#ifndef DGMI_SCRATCH_H
#define DGMI_SCRATCH_H

#include "dgmx.h"

typedef struct dgmi_scratch {
    char *folder;
    int lock; /* of the folder, as long as it is in use; only if there is one */
    dgmx_writer *writer;
    unsigned pending;
    dgmx_db *db; /* what was settled; NULL: nothing was */
} dgmi_scratch;

/* Removes what readers left behind that were killed. */
void dgmi_scratch_sweep(const char *data_dir);

/* In $TMPDIR, else in data_dir. Errors: IO, LOCKED: there is no room for it; NOMEM. */
dgm_status dgmi_scratch_open(dgmi_scratch *s, const char *data_dir, dgm_error *err);
/* All zero bytes are closed already. */
void dgmi_scratch_close(dgmi_scratch *s);

/* Errors: IO, and those of dgmx_writer_replace. */
dgm_status dgmi_scratch_put(dgmi_scratch *s, dgmx_docid id, dgmx_doc *doc,
                            dgm_error *err);
dgm_status dgmi_scratch_drop(dgmi_scratch *s, dgmx_docid id, dgm_error *err);
/* Makes db tell what was put and dropped since: what was joined with it is to be joined
 * anew. */
dgm_status dgmi_scratch_settle(dgmi_scratch *s, dgm_error *err);

#endif
