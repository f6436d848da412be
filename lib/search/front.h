/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hits of a request from the front on, kept for the pages that come behind. Depends
 * on search.h. */
#ifndef DGMI_FRONT_H
#define DGMI_FRONT_H

#include "search.h"

/* Xapian finds what lies far from the front by finding all before it, so pages behind one
 * another would cost more and more. Instead twice as many hits as a page needs are found,
 * and the reader keeps them: the pages behind it are read off until they are used up. */
#define DGMI_FRONT_LEAST 100  /* hits from the front on; fewer are found as they are */
#define DGMI_FRONT_MOST 25000 /* hits that are kept, of some 60 bytes each */

/* The first hits in the order of the first stage, `need` of them or all if these are
 * fewer; maybe more. *total receives their number if it comes out. Owner: *out is the
 * reader's, or the search's scratch; valid until the next search. */
dgm_status dgmi_front(dgmi_search *s, dgmi_clause *clause, bool relaxed, uint32_t need,
                      const dgmi_ranked **out, uint32_t *n, int64_t *total);

/* Whether key comes behind last in that order. */
bool dgmi_front_is_behind(const dgmi_key *key, const dgmi_key *last);

/* Where the hits behind `last` begin. */
uint32_t dgmi_front_behind(const dgmi_ranked *hits, uint32_t n, const dgmi_key *last);

#endif
