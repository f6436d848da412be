/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that stand for others in a query.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_SYNONYMS_H
#define DRAGOMAN_SYNONYMS_H

#ifdef __cplusplus
extern "C" {
#endif

/* A rule: a query with `from` finds items with `to` as well, and the other way round if
 * `both`. Rules are built in, and an archive's own stand in DATA/synonyms.tsv, which each
 * search reads again when it changed. */
typedef struct dgm_synonym {
    const char *from, *to; /* one word or several */
    const char *source;    /* why, or "" */
    bool both;
    bool own;      /* of the file; else it is built in */
    unsigned line; /* of its file */
} dgm_synonym;

typedef struct dgm_synonyms {
    const dgm_synonym *rules;
    size_t n;
} dgm_synonyms;

/* Receives what is wrong with a line. */
typedef void (*dgm_fault_fn)(void *user, unsigned line, const char *what);

/* The built-in rules and those of the file at path (NULL: none). Lines that are no rules
 * are told to `fault` (may be NULL) and left out. Owner: the caller frees *out. Errors:
 * NOTFOUND, IO, ARG (the file is too large), NOMEM. Threads: any. */
DGM_API dgm_status dgm_synonyms_read(const char *path, dgm_fault_fn fault, void *user,
                                     dgm_synonyms **out, dgm_error *err);
DGM_API void dgm_synonyms_free(dgm_synonyms *synonyms);

/* From now on the desk's searches use the built-in rules and the file at path instead of
 * the archive's: to try a file before it is put there. "" stands for no file, NULL leads
 * back to the archive's. Errors: NOTFOUND; ARG (naming the first line that is no rule);
 * NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_synonyms_use(dgm *desk, const char *path, dgm_error *err);

/* What is wrong with the archive's file, as "synonyms.tsv:3: ...", as of the last search;
 * "" if nothing is. Until it is mended the rules stay as they were. Owner: borrowed until
 * the next call with the desk. Threads: one at a time on a desk. */
DGM_API const char *dgm_synonyms_fault(const dgm *desk);

/* A number that changes when the tables beside the index (names.tsv, synonyms.tsv) do:
 * with dgm_revision, what a reply depends on. It looks at the files. Owner: nothing to
 * free. Errors: 0 if memory ran out. Threads: one at a time on a desk. */
DGM_API uint64_t dgm_tables_mark(dgm *desk);

#ifdef __cplusplus
}
#endif

#endif
