/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting a file away that was taken: into a folder, under a name that nothing there
 * has. Depends on dragoman.h and lib/base. */
#ifndef DGM_FILING_H
#define DGM_FILING_H

#include <sys/stat.h>

#include "dragoman.h"

/* Moves `from` into the folder `to`, made if need be, under its own name or one with a
 * suffix before the ending. *moved (the caller frees) is the new path. If what lay at
 * `from` is no longer the file that `was` describes, it is left there: STALE. NOTFOUND if
 * nothing lies there. With `reason`, a file NAME.reason.txt is written beside it first.
 * Errors: IO, NOMEM. */
dgm_status file_away(const char *from, const char *to, const struct stat *was,
                     const char *reason, char **moved, dgm_error *err);

/* Whether a file is still the one that `was` describes: the same file, not written to. */
bool is_same_file(const struct stat *now, const struct stat *was);

#endif
