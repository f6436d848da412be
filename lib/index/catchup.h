/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bringing the index up to the archive, by the cheaper of two ways. Depends on lib/index
 * below it. */
#ifndef DGMI_CATCHUP_H
#define DGMI_CATCHUP_H

#include "reader.h"
#include "work.h"

/* Opens the live generation, or an empty index in its place when what is there cannot be
 * read: it is disposable, and catching up makes it anew. Errors: IO, NOMEM. */
dgm_status dgmi_catchup_open(dgmi_work *work, dgmi_index **out, dgm_error *err);

/* Applies all records from the index's position to `end`, and embargoes that are over: a
 * few to the live generation, many by building a new one, which also replaces one that is
 * damaged, of another schema or stemmer, or ahead of the archive. *index is refreshed or
 * opened anew. Errors: IO, LOCKED, NOMEM, CORRUPT. */
dgm_status dgmi_catch_up(dgmi_work *work, dgmi_index **index, dgmi_position end,
                         dgm_error *err);

#endif
