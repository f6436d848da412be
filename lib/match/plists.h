/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Posting lists kept in memory, of one revision of an index, least used dropped first.
 * One thread at a time. Depends on lib/base, lib/xapian. */
#ifndef DGMI_PLISTS_H
#define DGMI_PLISTS_H

#include "plist.h"

/* What the lists of one reader take in all; one query may add half of it before others
 * are dropped. */
#define DGMI_PLISTS_BYTES (32u << 20)
/* Beyond so many documents a list's table of windows outweighs its postings, and matches
 * are left to Xapian. */
#define DGMI_PLISTS_DOCUMENTS 4000000u

typedef struct dgmi_plists dgmi_plists;

dgmi_plists *dgmi_plists_new(size_t budget); /* NULL without memory */
void dgmi_plists_free(dgmi_plists *lists);

/* To be called before the lists for a query are asked for. Drops everything if the index
 * moved on, else the least used lists if there are too many. False: the index is too
 * large, there are none. */
bool dgmi_plists_open(dgmi_plists *lists, uint64_t generation, uint64_t commit,
                      dgmx_docid last_id);

typedef struct dgmi_plist_wish {
    dgmi_str key;           /* what the list is of */
    uint32_t most;          /* its postings, at most */
    uint32_t cost;          /* of reading it, in postings that Xapian looks at */
    uint32_t worth;         /* what this query would cost without it, in the same */
    const void *of;         /* for the reader */
    const dgmi_plist *list; /* out: valid until the next dgmi_plists_open; NULL: none */
} dgmi_plist_wish;

/* Makes a list, which is then owned by the lists. */
typedef dgm_status (*dgmi_plist_read_fn)(void *user, const dgmi_plist_wish *wish,
                                         uint32_t windows, dgmi_plist **out,
                                         dgm_error *err);

/* Looks for a list for each wish, and reads those that are missing if that costs about
 * what this query, and those before it, would have spent on them anyway. *all is false
 * if a wish stays without a list; then nothing was read. Errors: those of read; lists
 * read before stay. */
dgm_status dgmi_plists_get(dgmi_plists *lists, dgmi_plist_wish *wishes, size_t n,
                           dgmi_plist_read_fn read, void *user, bool *all,
                           dgm_error *err);

size_t dgmi_plists_bytes(const dgmi_plists *lists);
size_t dgmi_plists_count(const dgmi_plists *lists); /* lists that are there now */

#endif
