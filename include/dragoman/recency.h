/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The age of items as a part of their scores.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_RECENCY_H
#define DRAGOMAN_RECENCY_H

#ifdef __cplusplus
extern "C" {
#endif

/* The parameters `recency` (a share w) and `half_life` (h days) make
 *
 *     score = relevance * ((1 - w) + w * 2^(-age / h))
 *
 * of the score of a search by relevance. Age is counted in seconds from the time of
 * publication to the moment of the first page, which its cursor keeps for the later ones;
 * an item without a date counts as infinitely old, one of the future as new. Totals,
 * facets and histogram are the same with and without. */

/* The moment that age is counted from, for a search that is to be repeatable;
 * DGM_NO_TIME: the clock's. Errors: none. */
DGM_API void dgm_request_set_now(dgm_request *request, int64_t now);

/* Whether the answer changes while time passes, though the archive stays as it is: so it
 * is not to be kept. Errors: none. */
DGM_API bool dgm_request_ages(const dgm_request *request);

#ifdef __cplusplus
}
#endif
#endif
