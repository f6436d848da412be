/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boilerplate that recurs in a source (doc/boilerplate.md).
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_BOILERPLATE_H
#define DRAGOMAN_BOILERPLATE_H

#ifdef __cplusplus
extern "C" {
#endif

/* learned and gone lines were found by counting, and are set aside; gone ones no longer
 * occur; candidates came in their place, or are sentences: they wait for a person and are
 * not set aside. */
typedef enum dgm_line_state {
    DGM_LINE_LEARNED = 0,
    DGM_LINE_APPROVED = 1,
    DGM_LINE_FORBIDDEN = 2,
    DGM_LINE_GONE = 3,
    DGM_LINE_CANDIDATE = 4,
    DGM_LINE_FORGOTTEN = 5 /* until the next reindex, which drops it */
} dgm_line_state;

typedef struct dgm_line {
    const char *scope; /* "source:Name", "provider:Name" or "host:www.example.org" */
    const char *text;
    dgm_line_state state;
    uint32_t items, of;  /* that it stands in, out of so many that were looked at */
    uint32_t days;       /* on at least so many days; counted up to 64 */
    uint32_t head, tail; /* of the items: near their beginning, near their end */
    int64_t first, last; /* dates of these items */
    bool waits;          /* older items follow at the next reindex */
} dgm_line;

typedef struct dgm_lines {
    const dgm_line *lines; /* by scope, then most items first */
    size_t n_lines;
} dgm_lines;

/* What is known of recurring lines. With learn, the archive is looked at first. Owner:
 * the caller frees *out. Errors: NOTFOUND, IO, CORRUPT, ARG (the file is damaged), NOMEM.
 * Threads: any. */
DGM_API dgm_status dgm_lines_read(const char *data_dir, bool learn, dgm_lines **out,
                                  dgm_error *err);
DGM_API void dgm_lines_free(dgm_lines *lines);
DGM_API const char *dgm_line_state_text(dgm_line_state state); /* "learned" */

/* Approves, forbids or forgets the line with this text in this scope; scope NULL: in all
 * scopes that have it. *changed receives how many. A line that is not known is taken on
 * if scope is given and it is approved or forbidden. Errors: NOTFOUND; ARG for another
 * state.
 */
DGM_API dgm_status dgm_lines_set(const char *data_dir, const char *scope,
                                 const char *text, dgm_line_state state, size_t *changed,
                                 dgm_error *err);

/* Prints the index layout (fields, prefixes, value slots) as Markdown: what doc/schema.md
 * holds. Owner: the caller frees it with free(). NULL without memory. */
DGM_API char *dgm_schema_text(void);

#ifdef __cplusplus
}
#endif

#endif
