/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Citing a page of results, and checking a citation.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_CITE_H
#define DRAGOMAN_CITE_H

#ifdef __cplusplus
extern "C" {
#endif

/* What a page with the parameter cite=1 has: all that it takes to ask again, as the
 * archive stands now, and to tell whether what comes is what came. */
typedef struct dgm_citation {
    const char *request; /* the request in canonical form, from its first page on, with
                            as_of: for behind the '?' of an address */
    const char *place;   /* of the archive, "1:4711": what the page was found before */
    uint64_t generation;
    int64_t made;   /* when */
    uint64_t first; /* hits of its kind before those of this page */
} dgm_citation;

/* The version of a hit that was found. */
typedef struct dgm_cited {
    const char *place;  /* of its record in the archive */
    const char *record; /* SHA-256 of that record's line, without the line end: 64 hex
                           digits */
    const char *sha256; /* of the bytes that it was read from, as of items; or NULL */
} dgm_cited;

typedef enum dgm_cite_state {
    DGM_CITE_SAME = 0,    /* what was cited is what is found */
    DGM_CITE_CHANGED = 1, /* a later version is found; the one cited is in the archive */
    DGM_CITE_GONE = 2,    /* withdrawn; what was cited is in the archive */
    DGM_CITE_OTHER = 3,  /* there is an item of that id, but not the one that was cited */
    DGM_CITE_MISSING = 4 /* there is no such item */
} dgm_cite_state;

/* Compares one cited item with the archive. By its record, else (of an archive that was
 * filled anew) by sha256. An item under embargo is MISSING. Errors: ARG (place is no
 * place); CORRUPT, IO, STALE, NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_cite_check(dgm *desk, const char *id, const dgm_cited *cited,
                                  dgm_cite_state *state, dgm_error *err);

/* "same", "changed", ... Owner: static. Errors: none. Threads: any. */
DGM_API const char *dgm_cite_state_name(dgm_cite_state state);

#ifdef __cplusplus
}
#endif
#endif
