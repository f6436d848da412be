/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The synonyms that a reader knows: the built-in rules and DATA/synonyms.tsv, which is
 * read again when it changes. Depends on lib/index, lib/text. */
#ifndef DGMI_SYNONYMBOOK_H
#define DGMI_SYNONYMBOOK_H

#include <sys/stat.h>

#include "log.h"
#include "synonyms.h"

#define DGMI_SYNONYMS_FILE "synonyms.tsv"

typedef struct dgmi_synonymbook {
    dgmi_synonyms *table; /* NULL: not read yet */
    struct stat seen;     /* of the file; st_ino 0: there is none */
    char *path;           /* read instead of the archive's file; NULL: that one */
    char fault[256];      /* what is wrong with the file, or "" */
    uint64_t mark;        /* of the text that the table was made of */
} dgmi_synonymbook;

/* Reads what is new: one stat when nothing is. A file with a line that cannot be read is
 * not used: what was known before stays, `fault` tells file and line, and the log says it
 * once. Errors: NOMEM. */
dgm_status dgmi_synonymbook_refresh(dgmi_synonymbook *book, const char *data_dir,
                                    dgmi_stems *stems, const dgmi_log *log,
                                    dgm_error *err);
void dgmi_synonymbook_clear(dgmi_synonymbook *book);

#endif
