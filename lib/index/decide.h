/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an item is new, a newer or an older version of one that is there, or nothing
 * new at all. Depends on lib/item, lib/xapian and lib/index below it. */
#ifndef DGMI_DECIDE_H
#define DGMI_DECIDE_H

#include "dragoman.h"
#include "reader.h"

typedef enum dgmi_decision {
    DGMI_NEW,
    DGMI_REPLACES, /* not older than the version that wins so far */
    DGMI_OLDER,    /* kept in the archive, does not win */
    DGMI_UNCHANGED /* this very version was seen before */
} dgmi_decision;

typedef struct dgmi_decider dgmi_decider;

dgm_status dgmi_decider_new(const char *data_dir, dgmi_decider **out, dgm_error *err);
void dgmi_decider_free(dgmi_decider *d);

/* Decides by the items taken since the last reset, then by the index. Errors: IO,
 * CORRUPT, STALE, NOMEM. */
dgm_status dgmi_decide(dgmi_decider *d, dgmi_index *index, const dgm_item *item,
                       dgmi_decision *out, dgm_error *err);
/* Notes the item that was decided last: it stands at this packed place of the archive. */
dgm_status dgmi_decider_note(dgmi_decider *d, uint64_t at, dgm_error *err);
/* All that was noted is in the index now. */
void dgmi_decider_reset(dgmi_decider *d);
size_t dgmi_decider_bytes(const dgmi_decider *d);

#endif
