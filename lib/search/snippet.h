/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting the best passage of a text and marking what matched. Depends on lib/text. */
#ifndef DGMI_SNIPPET_H
#define DGMI_SNIPPET_H

#include "buf.h"
#include "dragoman.h"
#include "stem.h"

/* What to mark: words of the query, each a term or a member of a phrase. */
typedef struct dgmi_mark {
    const char *word; /* folded surface form; a prefix when `prefix` */
    uint32_t n;
    const char
        *stem; /* its stem when inflected forms count too, else NULL (inside quotes) */
    uint32_t stem_n;
    bool prefix;
    double weight;  /* idf: rarer words draw the passage */
    int32_t phrase; /* number of the phrase that it belongs to, in order, or -1 */
} dgmi_mark;

typedef struct dgmi_marks dgmi_marks; /* marks compiled for quick comparing */

/* The marks' strings are copied. One compiled set serves all hits of a page. */
dgmi_marks *dgmi_marks_new(const dgmi_mark *marks, size_t n);
void dgmi_marks_free(dgmi_marks *m);

typedef enum dgmi_snippet_form { DGMI_SNIPPET_HTML, DGMI_SNIPPET_TEXT } dgmi_snippet_form;

typedef struct dgmi_snippet_options {
    dgmi_snippet_form form;
    unsigned length;      /* characters to aim at, standard 280 */
    const char *language; /* of the text, for stems */
    size_t *match; /* if not NULL: receives where the first match shown begins, or the
                      passage */
} dgmi_snippet_options;

/* Appends the passage of `text` (paragraphs parted by "\n\n") that holds the most weight
 * of distinct marks, closest together, cut at word and, if near, sentence ends, with an
 * ellipsis where it was cut. HTML: & < > " ' escaped, matches in <mark>, a phrase that
 * matched as one span; a word of a phrase that stands alone is not marked. Words are
 * compared by a cheap prefix first, only candidates are stemmed. *at receives the byte
 * offset in text where the passage begins. With nothing to mark: the beginning of the
 * text. Stops marking, not writing, past 2 MB of text. */
void dgmi_snippet(dgmi_buf *out, const char *text, size_t n, const dgmi_marks *marks,
                  dgmi_stems *stems, const dgmi_snippet_options *options, size_t *at);

/* Appends s with & < > " ' escaped. */
void dgmi_escape_html(dgmi_buf *out, const char *p, size_t n);

#endif
