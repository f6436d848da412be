/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second stage of ranking: the first hits of a ranking by stems are ordered anew by
 * the forms that the query uses and by how near they stand. Depends on lib/index,
 * lib/xapian.
 *
 * For each word of the query, without stopwords, that an item has in the very form of the
 * query the score gains DGMI_FORM_SHARE of that form's idf. For each two words that
 * follow one another in the query, and in the item too with at most one word between
 * them, it gains DGMI_PAIR_SHARE of the smaller idf of the two. For each such word among
 * the first of its text it gains DGMI_LEAD_SHARE of the form's idf. So a score only
 * grows, and a hit of the head never falls behind those after it. The idea of the pairs:
 * Metzler, Croft: A Markov Random Field Model for Term Dependencies, 2005; shares by
 * measurement, doc/ranking.md. */
#ifndef DGMI_REFINE_H
#define DGMI_REFINE_H

#include "match.h"
#include "pins.h"
#include "query.h"

#define DGMI_HEAD_HITS 30 /* so many are ordered anew */
#define DGMI_REFINE_WORDS 16
#define DGMI_FORM_SHARE 0.2
#define DGMI_PAIR_SHARE 0.4
#define DGMI_LEAD_SHARE 0.25
#define DGMI_LEAD_WORDS 20 /* of the first paragraph */

typedef struct dgmi_form {
    const char *text; /* a folded word, which is its own term */
    double idf;
    uint32_t place; /* in the query */
} dgmi_form;

typedef struct dgmi_refinement {
    dgmi_form forms[DGMI_REFINE_WORDS]; /* in the order of the query */
    uint32_t n;                         /* 0: there is nothing to refine by */
} dgmi_refinement;

/* Finds the forms of a query's words that stand side by side. Their idf is pinned.
 * Errors: those of the index, NOMEM. */
dgm_status dgmi_refine_plan(const dgmi_index *index, const dgmi_node *root,
                            dgmi_arena *arena, dgmi_pins *pins, dgmi_refinement *out,
                            dgm_error *err);

/* Adds to the scores of n hits in order (at most DGMI_HEAD_HITS) and sorts them anew. The
 * first `need` (not 0) are then those that they should be; of the others, which cannot
 * come among them, some may not have been looked at. Errors: as above. */
dgm_status dgmi_refine(const dgmi_matcher *m, const dgmi_refinement *r, dgmi_ranked *hits,
                       uint32_t n, uint32_t need);

/* What one hit gained by form i, by form i with the one before it, and by its standing in
 * the lead: for explanations. */
typedef struct dgmi_gain {
    double form, pair, lead;
} dgmi_gain;
dgm_status dgmi_refine_gains(const dgmi_matcher *m, const dgmi_refinement *r,
                             dgmx_docid id, dgmi_gain gains[DGMI_REFINE_WORDS]);

#endif
