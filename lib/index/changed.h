/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items that changed since a moment: which they are, and what the index knows of them.
 * Depends on lib/xapian, kin.h, reader.h and record.h. */
#ifndef DGMI_CHANGED_H
#define DGMI_CHANGED_H

#include "kin.h"
#include "reader.h"
#include "record.h"

typedef enum dgmi_changed_state {
    DGMI_CHANGED_FOUND, /* no more is known of it than this */
    DGMI_CHANGED_KNOWN, /* what the index knows of it is at hand */
    DGMI_CHANGED_DONE   /* it was read back */
} dgmi_changed_state;

/* What came of reading it back. */
typedef enum dgmi_outcome {
    DGMI_OUTCOME_NONE,     /* it could not be found then either, or is not read yet */
    DGMI_OUTCOME_SHOWN,    /* its version of then may be told */
    DGMI_OUTCOME_WITHHELD, /* could be found then, and is not to be told any more */
    DGMI_OUTCOME_LOST      /* which version stood then is not known, or not readable */
} dgmi_outcome;

typedef struct dgmi_changed {
    dgmx_docid id;
    dgmi_changed_state state;
    uint64_t first_seen;
    /* KNOWN: */
    uint64_t at;      /* the packed place of its present record */
    uint64_t *places; /* of versions that the index knows of; owned */
    uint32_t n_places;
    bool cut; /* there may have been more */
    bool findable, held;
    size_t text_n; /* bytes of its present text */
    dgmi_kin kin;
    /* DONE: */
    size_t then_n; /* bytes of its record of then */
    dgmi_outcome outcome;
    bool has_doc;  /* one of then */
    bool was_held; /* then, under an embargo that may not be over */
    /* Ids that another item of then may name as what it evolved from: its own, and what
     * it evolved from itself; owned, or NULL. */
    char *names[2];
} dgmi_changed;

/* By id. */
typedef struct dgmi_changed_list {
    dgmi_changed *items;
    size_t n, capacity;
} dgmi_changed_list;
void dgmi_changed_clear(dgmi_changed_list *list);
dgmi_changed *dgmi_changed_of(const dgmi_changed_list *list, dgmx_docid id);
/* A new one in its place, FOUND. NULL without memory. */
dgmi_changed *dgmi_changed_add(dgmi_changed_list *list, dgmx_docid id);

/* As it was when it was found: what was learned of it since goes. */
void dgmi_changed_forget(dgmi_changed *c);

/* Where a walk over what changed is. */
typedef struct dgmi_changed_walk {
    uint64_t place; /* items that were there before it, */
    uint64_t since; /* and whose present record lies at or behind this one */
    dgmx_docid from;
    bool ended;
} dgmi_changed_walk;
typedef dgm_status (*dgmi_changed_fn)(void *user, dgmx_docid id, uint64_t first_seen,
                                      dgm_error *err);

/* Goes on until there are no more, or the time (dgmi_now_us) has come, yet always some
 * way. A failure of see() ends it and is passed up. Errors: IO, STALE, CORRUPT. */
dgm_status dgmi_changed_go(dgmi_changed_walk *w, const dgmi_index *index,
                           uint64_t until_us, dgmi_changed_fn see, void *user,
                           dgm_error *err);

/* From FOUND to KNOWN. Errors: IO, STALE, CORRUPT, NOMEM; then it is as it was. */
dgm_status dgmi_changed_look_up(dgmi_changed *c, const dgmi_index *index,
                                dgmi_codec *codec, dgm_error *err);

#endif
