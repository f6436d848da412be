/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matching over posting lists that the reader keeps in memory: the hits, the total and
 * every match in one go. What would not pay is left to Xapian. Both give the same hits
 * with the same scores, as sums of weights are exact (plan.h). Depends on lib/match. */
#ifndef DGMI_RESIDENT_H
#define DGMI_RESIDENT_H

#include "clause.h"
#include "docvalues.h"
#include "plists.h"
#include "sweep.h"

/* Of one reader; zero but for the budget before its first search. */
typedef struct dgmi_resident {
    size_t budget; /* bytes of lists; 0: nothing is kept */
    dgmi_plists *lists;
    dgmi_tree_room room;
    dgmi_docvalues values;
    dgmi_groups groups;
} dgmi_resident;
void dgmi_resident_clear(dgmi_resident *r); /* the budget stays */

/* All items that match a clause. */
typedef struct dgmi_matches {
    const dgmi_clause *clause; /* NULL: nothing is known */
    const uint64_t *bits;      /* a bit for each id; in the arena of the matcher */
    uint32_t windows;
    uint64_t total;
} dgmi_matches;

/* The best hits of a match. */
typedef struct dgmi_hits {
    dgmi_best *list; /* free() */
    size_t n;
    int64_t total; /* of all matches, -1: unknown */
} dgmi_hits;

struct dgmi_matcher;

/* Up to want hits of a clause by relevance, with the matcher's recency by what age leaves
 * of it, and grouped one of each story. *done is false where it is not a matter of
 * memory: then nothing is known. A deadline is treated as the matcher says. The first
 * clause that is matched whole in a search is remembered in m->matches. out->total counts
 * items. */
dgm_status dgmi_resident_hits(const struct dgmi_matcher *m, const dgmi_clause *clause,
                              uint32_t want, dgmi_hits *out, bool *done);

/* All items that match, whatever their scores; from m->matches if that has them. */
dgm_status dgmi_resident_matches(const struct dgmi_matcher *m, const dgmi_clause *clause,
                                 dgmi_matches *out, bool *done);

/* Groups for dgmx_spy_feed_grouped, of the n items that match, by ascending id: one above
 * the number of its story, or 0 where no other of its items matches. *stories receives
 * how many there are. *done is false if stories are not in memory. */
dgm_status dgmi_resident_groups(const struct dgmi_matcher *m, const dgmx_docid *ids,
                                size_t n, uint32_t *groups, uint64_t *stories,
                                bool *done);

#endif
