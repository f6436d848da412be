/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much was said on something, when, and by whom.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_TRENDS_H
#define DRAGOMAN_TRENDS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a search parameter says which items are found, and not how they are shown; only
 * those make sense where items are counted. False for a name that is no parameter.
 * Errors: none. Threads: any. */
DGM_API bool dgm_param_chooses(const char *name);

/* How to count. {0} is what a request without parameters means. */
typedef struct dgm_trends_form {
    int interval;    /* 0: chosen by the period; else 1 hour, 2 day, 3 week, 4 month, 5
                        year */
    int by;          /* 0: not parted; else what `by` has in this place of its values */
    unsigned series; /* how many of the values at most; 0: 10 */
    int shift;       /* minutes that the clock of the intervals is ahead of UTC */
} dgm_trends_form;

/* The parameters of a form: `interval`, `by`, `series`, `tz`. NULL past the end. Owner:
 * static. Errors: none. Threads: any. */
DGM_API const dgm_param *dgm_trends_param_at(size_t i);

/* Sets one of them. Errors: ARG, naming the parameter and what is wrong. */
DGM_API dgm_status dgm_trends_set(dgm_trends_form *form, const char *name,
                                  const char *value, dgm_error *err);

/* One interval. */
typedef struct dgm_trend {
    int64_t from;
    uint64_t items;   /* that match */
    uint64_t of;      /* that the filters leave, whatever the query text */
    uint64_t stories; /* of the matching ones */
} dgm_trend;

/* An item that was the first or the last one. id is NULL where there is none. */
typedef struct dgm_said {
    const char *id, *title, *source;
    int64_t published;
} dgm_said;

/* Counts of all matches, or of those with one value. Of one series the items of all
 * intervals and the undated ones are `items`; so it is with `of`. A story counts once in
 * each interval that it has an item in, and once in `stories`. */
typedef struct dgm_series {
    const char *value; /* NULL: of all */
    uint64_t items, of, stories;
    uint64_t undated, undated_of;
    dgm_said first, last;    /* of the matches, by time */
    const dgm_trend *points; /* one for each interval of the answer, zeros included */
} dgm_series;

typedef struct dgm_trends {
    const char *query_text, *query_parsed, *revision;
    double took_ms;
    const char *interval; /* "day" */
    const char *by;       /* "source", or NULL */
    int shift;
    dgm_series all;
    size_t n_points;
    const dgm_series *series; /* those with most matches */
    size_t n_series;
    uint64_t values;  /* that matches have, in all */
    uint64_t without; /* matches that have no value */
    const char *const *warnings;
    size_t n_warnings;
} dgm_trends;

/* Counts, exactly, what the request finds by time: of the request only what chooses items
 * matters. The intervals reach from `from` to `to`, or from the first to the last item
 * that the filters leave. Owner: the caller frees *out. Errors: as dgm_search, and ARG if
 * there would be too many intervals. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_trends_count(dgm *desk, const dgm_request *request,
                                    const dgm_trends_form *form, dgm_trends **out,
                                    dgm_error *err);
DGM_API void dgm_trends_free(dgm_trends *trends);

#ifdef __cplusplus
}
#endif

#endif
