/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories: near-copies of one text, and how each differs from the first.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_STORY_H
#define DRAGOMAN_STORY_H

#ifdef __cplusplus
extern "C" {
#endif

/* How the text of a copy differs from that of the first item of its story. */
typedef enum dgm_change {
    DGM_CHANGE_NONE = 0, /* it is the first, or comparing took too long */
    DGM_CHANGE_SAME = 1,
    DGM_CHANGE_CUT = 2,
    DGM_CHANGE_ADDED = 3,
    DGM_CHANGE_EDITED = 4 /* cut and added */
} dgm_change;

typedef struct dgm_passage {
    bool added;       /* else cut */
    const char *text; /* ended early if it is long */
} dgm_passage;

typedef struct dgm_member {
    const char *id, *title, *source, *provider, *region, *language, *url;
    int64_t published;
    int64_t first_seen; /* when its first version was read */
    dgm_change change;
    uint64_t words_cut, words_added;
    const dgm_passage *passages; /* in order, as many as a reply holds */
    size_t n_passages;
    bool more_passages;
} dgm_member;

typedef struct dgm_story {
    const char *id;
    uint64_t items;            /* that can be found */
    int64_t first_seen;        /* of the member that was seen first */
    const dgm_member *members; /* by publication, then as they were seen; 200 at most */
    size_t n_members;
} dgm_story;

/* A story with its members, the earliest first. Owner: the caller frees *out. Errors: ARG
 * if id is no id of a story; NOTFOUND if none of its items can be found; STALE, CORRUPT,
 * NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_story_get(dgm *desk, const char *id, dgm_story **out,
                                 dgm_error *err);
DGM_API void dgm_story_free(dgm_story *story);

#ifdef __cplusplus
}
#endif

#endif
