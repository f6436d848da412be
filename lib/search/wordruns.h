/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a query that stand side by side, for those who look for names and fixed
 * expressions among them. Phrases, words under exact:, patterns and what is excluded are
 * no part of any run. Depends on lib/text. */
#ifndef DGMI_WORDRUNS_H
#define DGMI_WORDRUNS_H

#include "query.h"

/* A word of a run. */
typedef struct dgmi_run_word {
    const dgmi_node *node;
    const char *text;
    bool first, last; /* of its node: a compound has several words */
} dgmi_run_word;

typedef void (*dgmi_run_fn)(void *user, const dgmi_run_word *words, unsigned n);

/* Gives each run of the tree to `run`, without "of" and "the"; words of one run are all
 * of one field. Errors: none. */
void dgmi_word_runs(const dgmi_node *root, dgmi_run_fn run, void *user);

#endif
