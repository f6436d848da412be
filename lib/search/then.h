/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search as of an earlier moment: its plan held to items that stand as they stood then.
 * Depends on lib/index. */
#ifndef DGMI_THEN_H
#define DGMI_THEN_H

#include "search.h"

/* So many matches that others replaced are looked into for whether they were by then. */
#define DGMI_THEN_REPLACED 200
#define DGMI_THEN_NAMED 8 /* changed matches that a warning names */

/* Holds clauses, made without regard to rewrites, to items as they stood at the moment
 * that s->desk is of, and that no other had replaced by then. other may be NULL, and so
 * may be what they point to. In the present nothing is done. */
dgm_status dgmi_then_hold(dgmi_search *s, dgmi_clause **one, dgmi_clause **other);

/* Tells in warnings what is missing in the moment: how much of the archive; where nothing
 * was read back, what of it matches s->plan today. */
dgm_status dgmi_then_tell(dgmi_search *s);

#endif
