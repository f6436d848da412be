/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which documents stand at a moment, which is a packed place of the archive: those whose
 * record lies before it. Where a database has an item's present and its former version
 * (lib/search/moment.h), one of them at most does. Place 0: the present, in which all
 * stand. Depends on lib/xapian, schema.h. */
#ifndef DGMI_STANDING_H
#define DGMI_STANDING_H

#include "dgmx.h"
#include "str.h"

/* Errors: IO, STALE, CORRUPT; NOTFOUND if there is no such document. */
dgm_status dgmi_standing_has(dgmx_db *db, dgmx_docid doc, uint64_t place, bool *out,
                             dgm_error *err);

/* The first document with this term that stands. NOTFOUND, err left alone: there is
 * none. */
dgm_status dgmi_standing_find(dgmx_db *db, dgmi_str term, uint64_t place, dgmx_docid *out,
                              dgm_error *err);

#endif
