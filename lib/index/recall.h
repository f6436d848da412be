/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items that changed since a moment, as they stood then: read back from the archive, bit
 * by bit, and made into a database of their own. Depends on lib/xapian, changed.h,
 * recaller.h, scratch.h and former.h. */
#ifndef DGMI_RECALL_H
#define DGMI_RECALL_H

#include "recaller.h"
#include "scratch.h"

/* More changed items, or more bytes of their texts, now or then, are not read back. */
#define DGMI_RECALL_ITEMS 5000u
#define DGMI_RECALL_BYTES (16u << 20)

/* Item d of the index is document d here, if it stood then and may be told. One that
 * could be found then and may not be told now has a document that tells what it evolved
 * from, and which nothing that a search asks for matches. All zero bytes but `place` are
 * one of which nothing is known yet. */
typedef struct dgmi_recall {
    uint64_t place; /* the moment: a packed place of the archive */
    /* After dgmi_recall_go: */
    dgmx_db *db;   /* NULL: there are no documents to be told of */
    uint64_t made; /* another number whenever db tells other things */
    bool ready;    /* there is nothing to be read back any more */
    bool counted;  /* it is known which items changed; else db is NULL */
    bool refused;  /* nothing is read back, because of */
    char fault[120];
    dgmi_changed_list changed; /* in the order of their documents */

    /* How far it is. */
    uint64_t generation, commit;
    int64_t as_of;
    uint64_t since; /* of the archive: what changed before it is in the list */
    dgmi_changed_walk walk;
    size_t next;        /* item that is to be looked up or read back */
    size_t now, then;   /* bytes of the items' present texts, and of their records then */
    dgmi_former former; /* of that item */
    dgmi_scratch scratch;
} dgmi_recall;
void dgmi_recall_clear(dgmi_recall *r);

/* How far to go at one time. */
typedef struct dgmi_pace {
    uint64_t until_us; /* dgmi_now_us */
    size_t items;      /* that are read back, at most; 0: as many as there are */
} dgmi_pace;

/* Goes on to what stood at the place, of items that index has another version of; always
 * some way, however late it is. What was read back stays as items change, but those that
 * did. The index must be open. Errors: STALE, after which it goes on; else all that was
 * read back is gone: IO, CORRUPT of the index; NOMEM. What cannot be read in the archive
 * is lost, a folder that cannot be written a reason to refuse. */
dgm_status dgmi_recall_go(dgmi_recall *r, dgmi_recaller *with, const dgmi_index *index,
                          const dgmi_pace *pace, dgm_error *err);

/* What came of it, in items. */
typedef struct dgmi_recall_counts {
    size_t changed, missing; /* of them, to be read back yet */
    size_t withheld, lost;
} dgmi_recall_counts;
dgmi_recall_counts dgmi_recall_count(const dgmi_recall *r);

/* Whether an item has a document of then. */
bool dgmi_recall_has(const dgmi_recall *r, dgmx_docid item);

#endif
