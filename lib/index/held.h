/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embargoes: which items of an index are to be held or let go as time passes. An index is
 * a function of its archive and of one time (dgmi_meta.as_of). Depends on lib/xapian and
 * reader.h. */
#ifndef DGMI_HELD_H
#define DGMI_HELD_H

#include "reader.h"

/* Documents that are held at as_of and not at now or, if the clock was set back, the
 * other way round. Owner: the caller frees *out with free(). */
dgm_status dgmi_held_changes(dgmx_db *db, int64_t as_of, int64_t now, dgmx_docid **out,
                             size_t *n, dgm_error *err);

/* Whether there are any. Costs nothing while there are none: asked ten times a second by
 * whoever follows the archive. */
dgm_status dgmi_held_are_due(dgmi_index *index, int64_t now, bool *due, dgm_error *err);

#endif
