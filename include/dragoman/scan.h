/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A walk over every hit of a request.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_SCAN_H
#define DRAGOMAN_SCAN_H

#ifdef __cplusplus
extern "C" {
#endif

/* A walk over every hit of a request, in its order, however many there are: in memory is
 * one item. Hits are those with all that `match` asks for (none is "relaxed"); facets,
 * the histogram and the look of pages do not matter. Items that come in meanwhile are
 * left out, those that are withdrawn meanwhile, too. */
typedef struct dgm_scan dgm_scan;

/* Begins at the front, or at the request's cursor, for which that of a page does, too;
 * `most` 0: all hits, else at most so many. Owner: the scan takes the request over, also
 * on failure; the caller closes *out. Errors: NOMEM. */
DGM_API dgm_status dgm_scan_open(dgm_request *request, uint64_t most, dgm_scan **out,
                                 dgm_error *err);

/* The next hit, whole, without what dgm_get adds of its rewrites. Each call may come with
 * another desk of the same archive, and from another thread. Owner: the caller frees
 * *out. Errors: NOTFOUND (there are no more; err stays), else those of dgm_search; none
 * is lost by going on after an error. */
DGM_API dgm_status dgm_scan_next(dgm_scan *scan, dgm *desk, dgm_item **out,
                                 dgm_error *err);

/* The cursor with which another scan, or a search, goes on behind the last hit that was
 * given. Owner: borrowed until the next call. NULL before the first one, and without
 * memory. */
DGM_API const char *dgm_scan_cursor(dgm_scan *scan);

/* Whether the hit that was given last is the last one, as far as is known: what comes
 * behind it may be withdrawn yet. Errors: none. */
DGM_API bool dgm_scan_is_last(const dgm_scan *scan);
DGM_API void dgm_scan_close(dgm_scan *scan);

#ifdef __cplusplus
}
#endif

#endif
