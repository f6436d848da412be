/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The postings of one term in memory. Depends on lib/base, lib/xapian. */
#ifndef DGMI_PLIST_H
#define DGMI_PLIST_H

#include "dgmx.h"
#include "str.h"

/* Documents are matched a window at a time: what is known of one fits the processor's
 * nearest cache. */
enum { DGMI_WINDOW = 2048, DGMI_WINDOW_WORDS = DGMI_WINDOW / 64 };

/* One block of memory. The postings of window w are those from begin[w] to
 * begin[w + 1]. */
typedef struct dgmi_plist {
    uint32_t n, windows;
    const uint32_t *begin;  /* windows + 1 of them */
    const uint16_t *offset; /* of the id in its window; ids ascend */
    const uint8_t *impact;  /* the wdf; 255 if that is more */
} dgmi_plist;

/* Windows that an index with this last id has. */
uint32_t dgmi_plist_windows(dgmx_docid last_id);
/* Bytes that a list of so many postings takes. */
size_t dgmi_plist_bytes(uint32_t windows, uint32_t n);

/* Reads a term's n postings (its frequency) by until_us at the latest. The caller frees
 * *out with free(). Errors: TIMEOUT; CORRUPT if there are not n; what reading a database
 * gives. */
dgm_status dgmi_plist_read(dgmx_db *db, dgmi_str term, uint32_t n, uint32_t windows,
                           uint64_t until_us, dgmi_plist **out, dgm_error *err);

/* The same of ids that ascend and lie within the windows; each has the impact 1. NULL
 * without memory. */
dgmi_plist *dgmi_plist_of_ids(const dgmx_docid *ids, uint32_t n, uint32_t windows);

#endif
