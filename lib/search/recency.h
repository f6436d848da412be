/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What age leaves of a score. Depends on lib/base. */
#ifndef DGMI_RECENCY_H
#define DGMI_RECENCY_H

#include <stdbool.h>
#include <stdint.h>

/* So many hits beyond those that are needed are looked at, at most, unless all are
 * wanted.
 */
#define DGMI_RECENCY_HITS 10000

typedef struct dgmi_recency {
    double share;     /* above 0, at most 1 */
    double half_life; /* in seconds */
    int64_t now;
    bool whole; /* look at all hits, if need be */
    bool cut;   /* receives: some were not looked at, and might have come before others */
} dgmi_recency;

/* 1 for what is of now, or later; hardly above 1 - share for what is 32 half-lives old,
 * or older, or of DGM_NO_TIME. */
double dgmi_recency_factor(const dgmi_recency *r, int64_t published);

/* score times factor, rounded down to a double of which the difference to score is exact
 * too: so explanations sum to the bit. */
double dgmi_recency_score(double score, double factor);

/* Items published before this time have a factor below `factor`; INT64_MIN: none needs
 * to. */
int64_t dgmi_recency_since(const dgmi_recency *r, double factor);

#endif
