/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running clauses: the hits of a page, in an order that is the same on every page.
 * Depends on lib/index, lib/xapian. */
#ifndef DGMI_MATCH_H
#define DGMI_MATCH_H

#include "clause.h"
#include "cursor.h"
#include "lore.h"
#include "recency.h"
#include "request.h"
#include "resident.h"
#include "variants.h"

/* Below so many postings a match is over before a deadline could matter, and goes without
 * its guard. */
#define DGMI_GUARD_COST 20000

/* desk.h keeps them. */
typedef struct dgmi_ranked {
    dgmi_key key;
    double relevance; /* the score before age took its share */
    double factor;    /* what age leaves of it; 1: all */
    bool relaxed;
    bool head; /* of the hits that the second stage ordered anew (refine.h) */
} dgmi_ranked;

typedef struct dgmi_matcher {
    const dgmi_index *index;
    const dgmi_lore *lore;
    const dgmi_naming *naming; /* what the facet of variants counts; NULL: nothing */
    dgmi_arena *arena;
    uint64_t deadline_us;
    dgmi_sort sort;
    bool moved;   /* the index is not the first page's: newer items are to be left out */
    bool rebuilt; /* nor is its generation: ids and scores are not the first page's */
    uint64_t watermark; /* as in the cursor */
    dgmx_docid last_id;
    const dgmi_key *after; /* the page begins behind this one; NULL: at the front */
    uint32_t shown;        /* hits before it */
    bool grouped;          /* a story is one hit, its best member */
    /* grouped: stories with a match of this one are shown elsewhere; NULL: none are */
    dgmi_clause *elsewhere;
    /* set when the deadline ends a match, which then has the best of what it came to;
     * NULL: such a match fails with TIMEOUT */
    bool *partial;
    dgmi_resident *resident; /* posting lists in memory; NULL: all is left to Xapian */
    dgmi_matches *matches;   /* what was matched first; NULL: it is not kept */
    dgmi_recency *recency;   /* NULL: age does not count */
    dgm_error *err;
} dgmi_matcher;

/* A match with Xapian under the deadline: the query of clause, set up and run. */
typedef struct dgmi_run {
    bool scored;
    dgmx_order order;
    bool descending;
    uint32_t hits;
    uint32_t check_at_least;
    double cutoff;          /* scored: only hits of at least this */
    dgmx_spy *const *spies; /* NULL ones are passed over */
    size_t n_spies;
} dgmi_run;
dgm_status dgmi_match_run(const dgmi_matcher *m, const dgmi_clause *clause,
                          const dgmi_run *run, dgmx_mset **out);

/* Up to want hits. *n receives how many there are; fewer than want: there are no more.
 * *total receives the number of all matches if it came out by the way, else stays. */
dgm_status dgmi_match_page(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                           dgmi_ranked *out, uint32_t *n, int64_t *total);

/* For match.c: the same by time. */
dgm_status dgmi_match_by_time(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                              dgmi_ranked *out, uint32_t *n, int64_t *total);
/* Runs a clause for so many hits beyond those skipped, until want were taken or all were
 * seen. */
dgm_status dgmi_match_collect(const dgmi_matcher *m, const dgmi_clause *clause,
                              dgmi_run run, uint32_t want, dgmi_ranked *out, uint32_t *n,
                              int64_t *total);
/* For match.c: the best by what age leaves of their scores, always from the front. */
dgm_status dgmi_match_recent(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                             dgmi_ranked *out, uint32_t *n, int64_t *total);
/* For match.c, of grouped.c: whether the story of a hit is to be shown. */
dgm_status dgmi_match_is_shown(const dgmi_matcher *m, dgmx_docid id, bool *shown);
/* The order value of a hit. */
dgm_status dgmi_match_order(const dgmi_matcher *m, dgmx_docid id,
                            char out[DGMI_ORDER_SIZE]);
/* Items that were there on the first page; clause itself if nothing moved. */
dgmi_clause *dgmi_match_settled(const dgmi_matcher *m, dgmi_clause *clause);

#endif
