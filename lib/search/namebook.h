/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that a reader knows: the built-in table and DATA/names.tsv, which is read
 * again when it changes. Depends on lib/index, lib/text. */
#ifndef DGMI_NAMEBOOK_H
#define DGMI_NAMEBOOK_H

#include <sys/stat.h>

#include "generation.h"
#include "nametable.h"

#define DGMI_NAMES_FILE "names.tsv"

#define DGMI_GUESSES 8        /* spellings by rule of one word */
#define DGMI_GUESSES_KEPT 128 /* words whose spellings are remembered */
#define DGMI_GUESS_BYTES 40

/* What the index has of a word's spellings by rule. */
typedef struct dgmi_guess {
    uint64_t key; /* of the word and the revision; 0: nothing is kept here */
    unsigned n;
    char spellings[DGMI_GUESSES][DGMI_GUESS_BYTES];
} dgmi_guess;

typedef struct dgmi_namebook {
    dgmi_nametable *table; /* NULL: not read yet */
    struct stat seen;      /* of the archive's file; st_ino 0: there is none */
    char fault[256];       /* what is wrong with that file, or "" */
    dgmi_guess guesses[DGMI_GUESSES_KEPT];
} dgmi_namebook;

/* Reads what is new: one stat when nothing is. An unreadable file or line is told in
 * `fault` and else left out. Errors: NOMEM. */
dgm_status dgmi_namebook_refresh(dgmi_namebook *book, const char *data_dir,
                                 dgm_error *err);
void dgmi_namebook_clear(dgmi_namebook *book);

#endif
