/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches as of earlier moments (parameter as_of), made ready ahead.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_MOMENTS_H
#define DRAGOMAN_MOMENTS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Moments that a reader keeps: both sides of a comparison have one. */
#define DGM_MOMENTS 2

/* A search as of an earlier moment needs the items that changed since, read back as they
 * were. It does so within its time limit, and until all are read back, which may take
 * several searches, its page is partial, or, if it is to be whole, it fails with TIMEOUT.
 * A reader keeps those moments that were asked for last. Threads of all: one at a time on
 * a desk. */

/* Makes ready what a search needs, however long it takes. Of a request without as_of
 * nothing is done. Errors: ARG, IO, STALE, CORRUPT, NOMEM. */
DGM_API dgm_status dgm_prepare(dgm *desk, const dgm_request *request, dgm_error *err);

/* Whether something is left to be read back for the moment that was asked for last, and
 * which that is: a place of the archive. */
DGM_API bool dgm_moment_is_behind(const dgm *desk, uint64_t *place);

/* Goes on with the moment of such a place, which another reader of the archive may have
 * told, for about so many milliseconds; *ready: nothing is left. Errors: as
 * dgm_prepare. */
DGM_API dgm_status dgm_moment_prepare(dgm *desk, uint64_t place, unsigned ms, bool *ready,
                                      dgm_error *err);

#ifdef __cplusplus
}
#endif
#endif
