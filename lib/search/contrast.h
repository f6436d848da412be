/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words in which two sets of items differ. Depends on lib/index, lib/text.
 *
 * Of both sides as many items are looked into as time allows, spread evenly over the set,
 * one of each story. For each stem it is counted in how many of them it occurs, and the
 * log-odds ratio of the two sides with an informative Dirichlet prior is taken, in
 * standard deviations, as B. L. Monroe, M. P. Colaresi, K. M. Quinn, "Fightin' Words:
 * Lexical Feature Selection and Evaluation for Identifying the Content of Political
 * Conflict", Political Analysis 16 (2008), 372-403, have it. With y the items of a side
 * that have the word, n the sum of y over all words (the larger side's counts scaled so
 * that nA = nB), a0 the weight of the prior and a the part of it that falls to the word,
 * as both sides together use it:
 *
 *     delta = log((yA + a) / (nA + a0 - yA - a)) - log((yB + a) / (nB + a0 - yB - a))
 *     score = delta / sqrt(1 / (yA + a) + 1 / (yB + a))
 *
 * Counting items instead of occurrences keeps one long item from making its words those
 * of the side; n instead of the number of items keeps a side of longer items from
 * over-using every word. */
#ifndef DGMI_CONTRAST_H
#define DGMI_CONTRAST_H

#include "dragoman.h"
#include "search.h"

#define DGMI_CONTRAST_ITEMS 1000   /* of a side that are looked into */
#define DGMI_CONTRAST_STEMS 500000 /* of a side, in all of them */
#define DGMI_CONTRAST_PRIOR 0.2    /* a0, as a part of what was counted */
#define DGMI_CONTRAST_SCORE 2.0    /* below it chance would do */
#define DGMI_CONTRAST_LEAST 3      /* items of the side that have the word */
#define DGMI_CONTRAST_RATIO 1.5    /* how much likelier on the side, at least */

typedef struct dgmi_contrast_side {
    const dgmi_search *s;  /* what its words ask for is not told */
    const dgmx_table *ids; /* its items */
    uint64_t items;
    /* Out, into the arena: */
    dgm_word *words, *names;
    size_t n_words, n_names;
    uint64_t looked_at;
} dgmi_contrast_side;

/* Finds the words and the names of both sides, at most `most` of each. What `asked`
 * (which may be NULL) has in its query is not told either. *exact: counts are of all
 * items, else of those looked at. Errors: those of the index, NOMEM. */
dgm_status dgmi_contrast(dgmi_contrast_side sides[2], const dgmi_search *asked,
                         unsigned most, bool *exact);

#endif
