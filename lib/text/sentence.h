/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences of machine-translated prose: good enough for derived headlines and snippets.
 */
#ifndef DGMI_SENTENCE_H
#define DGMI_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

/* The end (byte offset after its closing mark and quotes) of the sentence that begins at
 * `from`. Initials ("N.P."), abbreviations ("Mr.", "Gen.", "No.") and decimals do not end
 * one. */
size_t dgmi_sentence_end(const char *p, size_t n, size_t from);

/* A headline out of running text: its first sentence, cut at a word (with an ellipsis)
 * when it has more than max characters. Returns bytes to take; *cut tells whether an
 * ellipsis is due. */
size_t dgmi_headline_cut(const char *p, size_t n, size_t max, bool *cut);

#endif
