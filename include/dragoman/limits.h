/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a search may ask for at most.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_LIMITS_H
#define DRAGOMAN_LIMITS_H

#ifdef __cplusplus
extern "C" {
#endif

/* A bound of a search. The manual, the HTTP pages and /openapi.json have this table. */
typedef struct dgm_limit {
    const char *name; /* "query-bytes" */
    unsigned long value;
    const char *help; /* what is bounded, and what becomes of more */
} dgm_limit;

/* The i-th bound, NULL behind the last. Owner: static. */
DGM_API const dgm_limit *dgm_limit_at(size_t i);

/* Whether the time limit may leave a page partial. whole: no, such a search fails with
 * TIMEOUT, for those who act on what was found. Owner: nothing to free. Errors: none. */
DGM_API void dgm_request_set_whole(dgm_request *request, bool whole);

#ifdef __cplusplus
}
#endif

#endif
