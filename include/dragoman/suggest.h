/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completing what somebody types.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_SUGGEST_H
#define DRAGOMAN_SUGGEST_H

#ifdef __cplusplus
extern "C" {
#endif

/* What somebody who typed so far may be about to ask. */
typedef struct dgm_proposal {
    const char *kind;  /* "pair", "word", "region", "source", "topic" or "speaker" */
    const char *text;  /* as it is shown: "Russian Federation" */
    const char *query; /* what to search for: region:"Russian Federation" */
    uint64_t count;    /* items that have it; of a pair a lower bound, in titles */
} dgm_proposal;

typedef struct dgm_proposals {
    const char *q; /* what was typed */
    const char *revision;
    const dgm_proposal *list; /* words first, most frequent first; then values */
    size_t n;
} dgm_proposals;

/* Completes the last word of q out of the archive's own words, and q as a whole out of
 * regions, sources, topics and speakers. limit: 1 to 20. For each keystroke: it stops
 * looking after some milliseconds and answers with what it has. Owner: the caller frees
 * *out. Errors: ARG, STALE, CORRUPT, NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_suggest(dgm *desk, const char *q, unsigned limit,
                               dgm_proposals **out, dgm_error *err);
DGM_API void dgm_proposals_free(dgm_proposals *proposals);

#ifdef __cplusplus
}
#endif

#endif
