/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an item is new, a newer or an older version of one that is there, or nothing
 * new at all. Depends on lib/item, lib/xapian and lib/index below it. */
#ifndef DGMI_DECIDE_H
#define DGMI_DECIDE_H

#include "dragoman.h"
#include "reader.h"

typedef struct dgmi_decider dgmi_decider;

dgm_status dgmi_decider_new(const char *data_dir, dgmi_decider **out, dgm_error *err);
void dgmi_decider_free(dgmi_decider *d);

/* Learns what stands in the archive up to `end`, whoever appended it, and forgets what
 * the index holds by now. index may be NULL. To be called before deciding, with the
 * archive's lock held. Errors: IO, CORRUPT, STALE, NOMEM. */
dgm_status dgmi_decider_follow(dgmi_decider *d, dgmi_index *index, dgmi_position end,
                               dgm_error *err);

/* Decides by the records behind the index, and by the index. Errors: IO, CORRUPT, STALE,
 * NOMEM. */
dgm_status dgmi_decide(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                       dgm_outcome *out, dgm_error *err);
/* Notes the item that was decided last: it stands at this place of the archive. */
dgm_status dgmi_decider_note(dgmi_decider *d, dgmi_position at, dgmi_position after,
                             dgm_error *err);

/* The version that wins at the moment. NOTFOUND (err is left alone) if there is no such
 * item. Owner: the caller frees *out. */
dgm_status dgmi_decider_winner(dgmi_decider *d, dgmi_index *index, const char *id,
                               dgm_item **out, dgm_error *err);
size_t dgmi_decider_bytes(const dgmi_decider *d);

#endif
