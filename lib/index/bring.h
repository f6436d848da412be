/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who brings the index up to the archive: this process if it is its turn, else the one
 * whose turn it is. Depends on lib/index below it. */
#ifndef DGMI_BRING_H
#define DGMI_BRING_H

#include "reader.h"
#include "turn.h"
#include "work.h"

/* Follows the index to where it is by now, quietly: *index becomes NULL while what is
 * there cannot be read. Errors: NOMEM, IO. */
dgm_status dgmi_bring_look(dgmi_work *work, dgmi_index **index, dgm_error *err);

/* Learns where the archive ends by now, whoever appended, and makes it durable so far: an
 * index ahead of its archive is of no use. Errors: LOCKED, IO. */
dgm_status dgmi_bring_end(dgmi_archive *archive, dgm_error *err);

/* With the turn held: brings the index up to the end of the archive, and clears away what
 * killed builds left. Errors: as dgmi_catch_up. */
dgm_status dgmi_bring_up(dgmi_work *work, dgmi_archive *archive, dgmi_index **index,
                         dgm_error *err);

/* Takes the turn if it is free and brings the index up, else waits until it has come to
 * where the archive ended when its lock was held last, and takes over if its writer goes.
 * Errors: as dgmi_catch_up. */
dgm_status dgmi_bring_or_wait(dgmi_work *work, dgmi_archive *archive, dgmi_turn *turn,
                              dgmi_index **index, dgm_error *err);

/* Waits for the turn, asking for it. Errors: IO. */
dgm_status dgmi_bring_turn(dgmi_work *work, dgmi_turn *turn, dgm_error *err);

#endif
