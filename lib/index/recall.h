/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items that changed since a moment, as they stood then: read back from the archive and
 * made into a database of their own. Depends on lib/xapian, lib/archive, analyse.h and
 * reader.h. */
#ifndef DGMI_RECALL_H
#define DGMI_RECALL_H

#include "log.h"
#include "reader.h"

/* More changed items, or more bytes of their texts, now or then, are not read back: that
 * many take a second or two. */
#define DGMI_RECALL_ITEMS 2000u
#define DGMI_RECALL_BYTES (4u << 20)

/* Item d of the index is document d here, if it stood then and may be told. One that
 * could be found then and may not be told now has a document that tells what it evolved
 * from, and which nothing that a search asks for matches. */
typedef struct dgmi_recalled {
    dgmx_db *db; /* never NULL after dgmi_recall */
    bool whole;  /* else nothing was read back, and db is empty, because of */
    char fault[120];
    /* Of the items that were there: */
    uint32_t
        withheld;  /* could be found then, and their text is not to be told any more */
    uint32_t lost; /* whose version of then is not known, or cannot be read */
    bool held;     /* the time has a part in it: some is or was under embargo */
    /* Ids that another item of then may name as what it evolved from: those that have a
     * document here, and what they evolved from. */
    char **suspects;
    size_t n_suspects, capacity;
    dgmx_docid *ids; /* of the documents, ascending */
    size_t n_ids, ids_capacity;
    dgmx_writer *memory; /* of an empty one */
} dgmi_recalled;

/* What stood at a packed place of the archive, of items that index has another version
 * of. The index must be open. Errors: IO, STALE, CORRUPT of the index; NOMEM. What cannot
 * be read in the archive is lost, a folder that cannot be written a fault. */
dgm_status dgmi_recall(const dgmi_index *index, uint64_t place, const dgmi_log *log,
                       dgmi_recalled *out, dgm_error *err);
void dgmi_recall_clear(dgmi_recalled *r);

/* Whether an item that was there at that place changed at or behind `since`. */
dgm_status dgmi_recall_is_stale(const dgmi_index *index, uint64_t place, uint64_t since,
                                bool *stale, dgm_error *err);

#endif
