/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slices of bytes and small helpers on C strings. Depends on nothing. */
#ifndef DGMI_STR_H
#define DGMI_STR_H

#include <stdbool.h>
#include <stddef.h>

/* A borrowed run of bytes, not ended by NUL. */
typedef struct dgmi_str {
    const char *p;
    size_t n;
} dgmi_str;

dgmi_str dgmi_str_of(const char *s); /* NULL gives an empty slice */
bool dgmi_str_eq(dgmi_str a, const char *b);
bool dgmi_str_eq_nocase(dgmi_str a, const char *b); /* ASCII case */
bool dgmi_str_starts(dgmi_str a, const char *prefix);
bool dgmi_str_starts_nocase(dgmi_str a, const char *prefix);
bool dgmi_str_ends(dgmi_str a, const char *suffix);
dgmi_str dgmi_str_trim(dgmi_str a); /* ASCII white space and U+00A0, both ends */
dgmi_str dgmi_str_skip(dgmi_str a, size_t n);
/* Takes the part before the first `sep` off *rest; false when *rest was used up. A `sep`
 * at the very end is an end, not a start: "a,b," has two parts, "a,,b" three, "" none. */
bool dgmi_str_split(dgmi_str *rest, char sep, dgmi_str *part);
char *dgmi_str_dup(dgmi_str a); /* NULL without memory; the caller frees */

/* Grows *items (an array of elements of `size` bytes) to hold `need`; false without
 * memory. */
bool dgmi_grow(void *items, size_t *capacity, size_t need, size_t size);

/* Makes it hold exactly `wanted` elements, 1 or more; what does not fit is lost. False
 * without memory: then it is as it was. */
bool dgmi_resize(void *items, size_t *capacity, size_t wanted, size_t size);

#endif
