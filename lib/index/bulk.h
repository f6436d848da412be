/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bulk path: a whole generation out of the archive, by several threads.
 * Depends on lib/archive, lib/xapian and lib/index below it. */
#ifndef DGMI_BULK_H
#define DGMI_BULK_H

#include "archive.h"
#include "work.h"

/* Builds a new generation from all records before `to`, checks it, makes it durable and
 * swaps it in. The live generation serves meanwhile and stays if anything fails. Errors:
 * IO, NOMEM; CORRUPT if the new generation does not hold what it should. */
dgm_status dgmi_build_generation(dgmi_work *work, dgmi_position to, dgm_error *err);

#endif
