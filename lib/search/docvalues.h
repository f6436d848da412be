/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of all documents as arrays, for matches in memory: when each was published and
 * which story it is of. Of one reader and one revision. Depends on lib/index,
 * lib/xapian. */
#ifndef DGMI_DOCVALUES_H
#define DGMI_DOCVALUES_H

#include "generation.h" /* and so the reader.h beside it, not that of lib/read */

/* Zero before its first use. */
typedef struct dgmi_docvalues {
    uint64_t generation, commit;
    dgmx_docid last_id;
    uint64_t spent;     /* documents that were looked up without them */
    int64_t *published; /* by id; NULL: not read so far */
    uint32_t
        *story; /* by id, a number below n_stories; an item without one has its own */
    uint32_t n_stories;
} dgmi_docvalues;
void dgmi_docvalues_clear(dgmi_docvalues *v);

/* What queries need of them: reads it, once a revision, when so many documents were
 * looked up or are about to be (`expected`) that it pays. *have is false until then, and
 * always beyond DGMX_COLUMN_DOCUMENTS, as reading does not look at the clock.
 * Errors: NOMEM; what reading a database gives. */
dgm_status dgmi_docvalues_get(dgmi_docvalues *v, const dgmi_index *index, bool published,
                              bool stories, uint64_t expected, bool *have,
                              dgm_error *err);

#endif
