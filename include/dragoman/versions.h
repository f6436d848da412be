/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The versions of an item that the archive holds, and what changed between them.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_VERSIONS_H
#define DRAGOMAN_VERSIONS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dgm_run_kind { DGM_RUN_SAME, DGM_RUN_REMOVED, DGM_RUN_ADDED } dgm_run_kind;

/* A stretch of text that is in both versions, or in one of them. */
typedef struct dgm_run {
    dgm_run_kind kind;
    const char *text; /* paragraphs end in an empty line */
} dgm_run;

/* One version that was seen, against the one before it. */
typedef struct dgm_item_version {
    const char *version;
    int64_t published, updated, fetched;
    const char *sha256; /* of its raw bytes */
    uint64_t place;     /* where its record begins in the archive */
    dgm_item_status status;
    bool current; /* the one that is shown */
    bool silent;  /* other text, under the same time and version mark */
    bool killed;  /* a kill took it: its text is not told */
    const char *title;
    uint32_t words_added, words_removed; /* of the body */
    const char *const *fields;           /* names of other members that changed */
    size_t n_fields;
    const dgm_run *diff; /* of the body; NULL if it was not asked for, or left out */
    size_t n_diff;
    bool coarse;        /* compared by paragraphs, so much is different */
    bool diff_left_out; /* all of them together would have been too long */
} dgm_item_version;

typedef struct dgm_history {
    const char *id;
    const dgm_item_version *versions; /* newest first */
    size_t n_versions;
    bool cut; /* there were more: only the last ones are kept track of */
} dgm_history;

/* Lists the versions of an item that the archive holds, with what changed from one to the
 * next; with_diff: word by word. Owner: the caller frees *out; plain memory. Errors:
 * NOTFOUND, as dgm_get; CORRUPT, IO, STALE, NOMEM. Threads: one at a time. */
DGM_API dgm_status dgm_versions(dgm *desk, const char *id, bool with_diff,
                                dgm_history **out, dgm_error *err);
DGM_API void dgm_history_free(dgm_history *history);

#ifdef __cplusplus
}
#endif

#endif
