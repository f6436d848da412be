/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changed between two texts, word by word. Depends on lib/base and chars.h. */
#ifndef DGMI_DIFF_H
#define DGMI_DIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "dragoman.h"
#include "str.h"

/* Texts of more words, and pairs that would take more steps than this, are compared by
 * paragraphs. Some 0.1 s at most. */
#define DGMI_DIFF_WORDS_MAX 200000u
#define DGMI_DIFF_WORK_MAX 20000000u

typedef enum dgmi_diff_kind { DGMI_SAME, DGMI_REMOVED, DGMI_ADDED } dgmi_diff_kind;

/* The old runs (SAME and REMOVED) put together are the old text, the new ones (SAME and
 * ADDED) the new text, byte for byte: white space belongs to the word before it. SAME
 * compares words, not the white space between them; a paragraph's end counts. */
typedef struct dgmi_diff_run {
    dgmi_diff_kind kind;
    uint32_t words;            /* marks are none */
    uint32_t old_from, old_to; /* bytes of the old text; equal for ADDED */
    uint32_t new_from, new_to; /* of the new text; equal for REMOVED */
} dgmi_diff_run;

typedef struct dgmi_diff {
    dgmi_diff_run *runs; /* neighbours are of different kinds */
    size_t n_runs;
    uint32_t same, removed, added; /* words */
    bool coarse;                   /* compared by paragraphs */
} dgmi_diff;

/* Both are clean UTF-8 of less than 4 GB, paragraphs ended by line ends. Owner: the
 * caller frees *out with dgmi_diff_free. Errors: NOMEM. Threads: any. */
dgm_status dgmi_diff_texts(dgmi_str before, dgmi_str after, dgmi_diff **out,
                           dgm_error *err);
void dgmi_diff_free(dgmi_diff *diff);

#endif
