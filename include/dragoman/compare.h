/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sets of items against each other.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_COMPARE_H
#define DRAGOMAN_COMPARE_H

#include "trends.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How to compare. {0} is what no parameters mean. In `by`, 0 means by source. */
typedef struct dgm_compare_form {
    dgm_trends_form trends; /* `series`: voices, and silent ones, at most */
    unsigned words;         /* of a side at most, and as many names; 0: 20 */
} dgm_compare_form;

/* The parameters of a form: `interval`, `by`, `series`, `tz`, `words`. NULL past the end.
 * Owner: static. Errors: none. Threads: any. */
DGM_API const dgm_param *dgm_compare_param_at(size_t i);

/* Sets one of them. Errors: ARG, naming the parameter and what is wrong. */
DGM_API dgm_status dgm_compare_set(dgm_compare_form *form, const char *name,
                                   const char *value, dgm_error *err);

/* A word that one side has in more of its items than the other. */
typedef struct dgm_word {
    const char *word; /* as the items mostly write it */
    uint64_t a, b;    /* items of either side that have it, in any of its forms */
    double score;     /* standard deviations from no difference */
} dgm_word;

/* Who spoke: a source, say, with what it said first. */
typedef struct dgm_voice {
    const char *value;
    uint64_t items, of, stories;
    dgm_said first;
    int64_t last;
    int64_t lag; /* seconds behind the first voice of its side; DGM_NO_TIME: undated */
} dgm_voice;

/* Who did not, though it had `of` other items. */
typedef struct dgm_silent {
    const char *value;
    uint64_t of;
    int64_t last; /* when it had the last of them */
} dgm_silent;

typedef struct dgm_side {
    const char *query_text, *query_parsed;
    dgm_series all;
    const dgm_voice *voices; /* the first to speak first */
    size_t n_voices;
    uint64_t values;          /* voices in all */
    uint64_t without;         /* items that have no value */
    const dgm_silent *silent; /* those with most other items first */
    size_t n_silent;
    uint64_t silent_values;
    const dgm_word *words, *names; /* that it over-uses, most telling first */
    size_t n_words, n_names;
    uint64_t looked_at; /* items that the words were found in */
} dgm_side;

typedef struct dgm_comparison {
    const char *query_text, *query_parsed; /* of what both sides have in common */
    const char *revision;
    double took_ms;
    const char *interval, *by;
    int shift;
    size_t n_points;
    dgm_side a, b;
    uint64_t both;    /* items that are on both sides */
    int64_t lag;      /* seconds from the first item of a to that of b; DGM_NO_TIME */
    bool words_exact; /* counts of words are of all items, else of those looked at */
    const char *const *warnings;
    size_t n_warnings;
} dgm_comparison;

/* Compares the items that `common` and `a` find with those of `common` and `b`. Counts
 * are exact; words are found in a sample of either side, and counted in all items if time
 * allows. Owner: the caller frees *out. Errors: as dgm_trends_count. Threads: one at a
 * time on a desk. */
DGM_API dgm_status dgm_compare(dgm *desk, const dgm_request *common, const dgm_request *a,
                               const dgm_request *b, const dgm_compare_form *form,
                               dgm_comparison **out, dgm_error *err);
DGM_API void dgm_comparison_free(dgm_comparison *comparison);

#ifdef __cplusplus
}
#endif

#endif
