/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact counts over all matches: the total, facets, the histogram. Depends on lib/index,
 * lib/text. */
#ifndef DGMI_COUNT_H
#define DGMI_COUNT_H

#include "match.h"

#define DGMI_FACET_VALUES 100 /* of one field, in a reply; all are counted */

/* A value and how often it was seen; the text is in an arena. */
typedef struct dgmi_tally {
    const char *text;
    size_t n;
    uint64_t count;
} dgmi_tally;

typedef struct dgmi_counts {
    uint64_t total; /* stories of a grouped request, */
    uint64_t items; /* and then these */
    dgm_facet *facets;
    size_t n_facets;
    dgm_bucket *buckets;
    size_t n_buckets;
} dgmi_counts;

/* Counts what the request asks for over the matches of clause, into arena. known: the
 * total if it is known already, else negative: then it costs a pass unless that is needed
 * for facets anyhow; out->items is then known too. */
dgm_status dgmi_count(const dgmi_matcher *m, dgmi_clause *clause,
                      const dgm_request *request, int64_t known, dgmi_arena *arena,
                      dgmi_counts *out);

/* ---- For count.c ---- */

/* Tallies as a facet: labels that fold to one key, which a filter finds together, are
 * added up under the most frequent one; most first, then by value; at most
 * DGMI_FACET_VALUES. NOMEM. */
dgm_status dgmi_facet_make(const char *field, const dgmi_tally *tallies, size_t n,
                           dgmi_arena *arena, dgm_facet *out, dgm_error *err);
/* The facet of all items, out of the index's terms instead of a pass over every item. */
dgm_status dgmi_facet_of_all(const dgmi_matcher *m, const char *field, dgmi_arena *arena,
                             dgm_facet *out);
/* Whether dgmi_facet_of_all knows the field. */
bool dgmi_facet_has_terms(const char *field);

/* The slot whose values make a histogram of this interval. */
uint32_t dgmi_histogram_slot(dgmi_interval interval);
/* The start of the bucket that a value of that slot falls into; false if it is no time.
 */
bool dgmi_histogram_time(dgmi_interval interval, const dgmi_tally *tally, int64_t *time);
/* Tallies of that slot as buckets in order of time. */
dgm_status dgmi_histogram_make(dgmi_interval interval, const dgmi_tally *tallies,
                               size_t n, dgmi_arena *arena, dgmi_counts *out,
                               dgm_error *err);
/* The histogram of all items; false if the interval needs a pass over them. */
bool dgmi_histogram_has_terms(dgmi_interval interval);
dgm_status dgmi_histogram_of_all(const dgmi_matcher *m, dgmi_interval interval,
                                 dgmi_arena *arena, dgmi_counts *out);

#endif
