/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding: the one normal form that index and query share. Depends on lib/base and
 * utf8proc. */
#ifndef DGMI_FOLD_H
#define DGMI_FOLD_H

#include "buf.h"

/* Appends the folded form of one word or phrase: NFKC, case folded, marks removed from
 * Latin and Greek (and Arabic vowel signs and tatweel; Cyrillic io becomes ie, but short
 * i stays), curly quotes and dashes made plain, letters such as o-slash, l-stroke, sharp
 * s, ae written out, digits of any script as 0-9. Never fails on valid UTF-8. */
void dgmi_fold(dgmi_buf *out, const char *p, size_t n);

/* For boolean terms and filters: folded, inner runs of white space and punctuation as one
 * space, trimmed. "Russian  Federation" and "russian federation" are equal. */
void dgmi_fold_key(dgmi_buf *out, const char *p, size_t n);
/* Whether both have the same key: facets and filters know no difference between them.
 * Without memory they have. */
bool dgmi_fold_same(const char *a, const char *b);

/* The folded letters, digits and marks of a word into out, at most room bytes (whole
 * characters), and dots too if `dots`; all other characters of the source are left out.
 * Returns the bytes written. Without allocation, and without reading on once out is full.
 */
size_t dgmi_fold_word(const char *p, size_t n, bool dots, char *out, size_t room);

#endif
