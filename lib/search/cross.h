/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches by time and by value at once, and what a question is without its words.
 * Depends on lib/index, lib/xapian. */
#ifndef DGMI_CROSS_H
#define DGMI_CROSS_H

#include "dragoman.h"
#include "search.h"

#define DGMI_CROSS_CELLS 1000000 /* of values and intervals; some 60 bytes each */

/* The values of `interval` and `by` in their order; the first of `by` is NULL. */
enum { DGMI_INTERVALS = 6, DGMI_BYS = 7 };
extern const char *const dgmi_interval_names[DGMI_INTERVALS];
extern const char *const dgmi_by_names[DGMI_BYS];

/* Intervals of a clock that is `shift` seconds ahead of UTC. */
typedef struct dgmi_beat {
    dgmi_interval interval;
    int64_t shift;
} dgmi_beat;
int64_t dgmi_beat_start(const dgmi_beat *beat, int64_t time);
int64_t dgmi_beat_next(const dgmi_beat *beat, int64_t start);

/* What to count beside items by time. */
typedef struct dgmi_crossing {
    const dgmi_beat *beat;
    const char *field; /* by its values; NULL: not parted */
    bool stories;
    bool ids; /* which items they were */
} dgmi_crossing;

/* Counts the matches of clause. The caller frees *out with free(). */
dgm_status dgmi_cross_count(const dgmi_matcher *m, dgmi_clause *clause,
                            const dgmi_crossing *by, dgmx_table **out);

/* The same of a match of all items, out of the index's terms: for intervals of days and
 * longer ones of UTC, not parted, without stories, first and last. */
dgm_status dgmi_cross_of_all(const dgmi_matcher *m, const dgmi_beat *beat,
                             dgmx_table **out);
bool dgmi_cross_has_terms(const dgmi_matcher *m, const dgmi_clause *clause,
                          const dgmi_crossing *by);

/* The time of a row's first or last; DGM_NO_TIME if it has none. */
int64_t dgmi_cross_time(const char value[8]);

/* Lays the item of this document open into the arena; id 0: none. */
dgm_status dgmi_said_read(const dgmi_search *s, dgmx_docid id, dgm_said *out);

#endif
