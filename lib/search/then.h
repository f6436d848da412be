/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search as of an earlier moment: its plan held to items that stand as they stood then.
 * Depends on lib/index. */
#ifndef DGMI_THEN_H
#define DGMI_THEN_H

#include "search.h"

/* So many matches that others replaced are looked into for whether they were by then. */
#define DGMI_THEN_REPLACED 200
#define DGMI_THEN_NAMED 8 /* changed matches that a warning names */

/* Holds s->plan, made without regard to rewrites, to items that were there before
 * s->cursor.place and did not change since, and that no other had replaced by then. What
 * changed or was withdrawn since is counted, and named where it matches, in warnings. */
dgm_status dgmi_then_hold(dgmi_search *s);

#endif
