/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Setting a dgm_error. The lowest of the primitives: it depends on dragoman.h alone. */
#ifndef DGMI_FAIL_H
#define DGMI_FAIL_H

#include "dragoman.h"

/* Sets err (which may be NULL) unless it already holds a failure, and returns code, so
 * that a function can end in `return dgmi_fail(err, DGM_E_ARG, "no such field: %s",
 * name)`. */
dgm_status dgmi_fail(dgm_error *err, dgm_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with the byte offset into the query. */
dgm_status dgmi_fail_at(dgm_error *err, dgm_status code, size_t offset,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "what: <text of errno>", DGM_E_NOTFOUND for ENOENT, DGM_E_NOMEM for ENOMEM, else
 * DGM_E_IO. */
dgm_status dgmi_fail_errno(dgm_error *err, const char *what);

/* DGM_E_NOMEM with the standard text. */
dgm_status dgmi_fail_memory(dgm_error *err);

/* Makes err ready for use again. */
void dgmi_error_clear(dgm_error *err);

#endif
