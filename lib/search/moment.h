/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Earlier moments of an archive, as a reader keeps them. Depends on lib/index,
 * lib/xapian.
 *
 * A moment is a reader of its own (a desk) whose index is two databases as one: the
 * present one, in which an item that did not change since stands as it stood, and one of
 * the items that did, as they were (recall.h). A clause held to documents whose record
 * lies before the moment finds each item of then once. In both databases an item has the
 * same document number, so document d of the present index is 2d - 1 in a moment, or 2d
 * if it changed since; spies see d itself. */
#ifndef DGMI_MOMENT_H
#define DGMI_MOMENT_H

#include "clause.h"
#include "desk.h"
#include "lineage.h"
#include "recall.h"

typedef struct dgmi_moment {
    dgm desk; /* stems and codec are those of the reader that it is of */
    dgmi_index view;
    dgmi_recall then;
    dgmx_writer *memory; /* of an empty database, and that; NULL: not needed yet */
    dgmx_db *nothing;
    bool joined; /* the view is at joined_at of `then` */
    uint64_t joined_at;
    /* Items that another had replaced by then, of those that tell so nowhere else:
     * changed ones, and those that changed ones replaced. */
    dgmi_lineage_list hidden, finding; /* found, and being found */
    bool ready;                        /* it is found, */
    uint64_t found_in;                 /* or is being, in what `then` made */
    int64_t as_of;                     /* at this time of the index, */
    size_t next;                       /* from this changed item on */
    uint64_t using;                    /* when it was asked for, in turns */
} dgmi_moment;

/* The moment of a place, made when it is first asked for, and brought up to what the desk
 * is at as far as it comes by until_us (dgmi_now_us), yet some way at least: until it is
 * ready, items are missing. Owner: the desk; good until it moves on, or is asked for
 * DGM_MOMENTS others. The index must be open. Errors: IO, STALE, CORRUPT, NOMEM. */
dgm_status dgmi_moment_enter(dgm *desk, uint64_t place, uint64_t until_us, dgm **out,
                             dgm_error *err);
bool dgmi_moment_is_ready(const dgmi_moment *m);
/* The same, or TIMEOUT if it is not ready by then. */
dgm_status dgmi_moment_enter_whole(dgm *desk, uint64_t place, uint64_t until_us,
                                   dgm **out, dgm_error *err);
void dgmi_moments_clear(dgm *desk);

/* The moment that a desk is; NULL: the present. */
const dgmi_moment *dgmi_moment_of(const dgm *desk);

/* The clause, held to what stands in the index: to itself in the present. NULL without
 * memory. */
dgmi_clause *dgmi_moment_hold(const dgmi_index *index, dgmi_arena *arena,
                              dgmi_clause *clause);

/* The documents of an item, whichever stands. NULL without memory. */
dgmi_clause *dgmi_moment_id(dgmi_arena *arena, const char *id);

/* The document in which item d, as a spy sees it, stands in the index. NOTFOUND: it does
 * not. */
dgm_status dgmi_moment_doc(const dgmi_index *index, dgmx_docid item, dgmx_docid *out,
                           dgm_error *err);
/* Whether a document is the one in which its item stands, if that stands at all: without
 * looking into it. */
bool dgmi_moment_stands(const dgm *desk, dgmx_docid doc);
/* Item d of a document. */
dgmx_docid dgmi_moment_item(const dgmi_index *index, dgmx_docid doc);

#endif
