/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page by relevance whose order is known from the front on alone: one that begins in
 * the head, one whose order age has part in, a later one. Depends on lib/index. */
#ifndef DGMI_FRONTPAGE_H
#define DGMI_FRONTPAGE_H

#include "search.h"

/* Up to `want` hits behind those in s->found; relaxed: of the second phase. *n receives
 * how many there are, *total all matches if that came out by the way. Errors: those of a
 * match. */
dgm_status dgmi_find_from_front(dgmi_search *s, dgmi_clause *clause, bool relaxed,
                                uint32_t want, uint32_t *n, int64_t *total);

#endif
