/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8, byte by byte. Knows nothing of words; folding is lib/text's. */
#ifndef DGMI_UTF8_H
#define DGMI_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define DGMI_REPLACEMENT 0xFFFDu

/* Decodes the character at p (p < end), strictly (no overlong forms, no surrogates).
 * Returns its length; an invalid byte has length 1 and *c = U+FFFD. */
unsigned dgmi_utf8_get(const char *p, const char *end, uint32_t *c);

/* Encodes c (invalid ones as U+FFFD) into out; returns 1..4. */
unsigned dgmi_utf8_put(uint32_t c, char out[4]);

bool dgmi_utf8_valid(const char *p, size_t n);

/* Appends s as clean text: invalid bytes become U+FFFD, NUL and other C0 controls but tab
 * and line feed are dropped (CR LF and CR become LF), U+FEFF and noncharacters are
 * dropped. Returns how many places were changed (line ends do not count). */
size_t dgmi_utf8_clean(dgmi_buf *out, const char *p, size_t n);

size_t dgmi_utf8_count(const char *p, size_t n); /* characters */
/* The greatest n' <= max at which text can be cut without splitting a character. */
size_t dgmi_utf8_cut(const char *p, size_t n, size_t max);

#endif
