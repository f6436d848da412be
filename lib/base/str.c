/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slices of bytes and small helpers on C strings. Depends on the C library alone. */
#include "str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

dgmi_str dgmi_str_of(const char *s)
{
    if (!s)
        s = "";
    return (dgmi_str){ s, strlen(s) };
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool same(const char *a, const char *b, size_t n)
{
    return n == 0 || memcmp(a, b, n) == 0;
}

static bool same_nocase(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

bool dgmi_str_eq(dgmi_str a, const char *b)
{
    dgmi_str other = dgmi_str_of(b);
    return a.n == other.n && same(a.p, other.p, a.n);
}

bool dgmi_str_eq_nocase(dgmi_str a, const char *b)
{
    dgmi_str other = dgmi_str_of(b);
    return a.n == other.n && same_nocase(a.p, other.p, a.n);
}

bool dgmi_str_starts(dgmi_str a, const char *prefix)
{
    dgmi_str other = dgmi_str_of(prefix);
    return a.n >= other.n && same(a.p, other.p, other.n);
}

bool dgmi_str_starts_nocase(dgmi_str a, const char *prefix)
{
    dgmi_str other = dgmi_str_of(prefix);
    return a.n >= other.n && same_nocase(a.p, other.p, other.n);
}

bool dgmi_str_ends(dgmi_str a, const char *suffix)
{
    dgmi_str other = dgmi_str_of(suffix);
    return a.n >= other.n &&
           (other.n == 0 || same(a.p + (a.n - other.n), other.p, other.n));
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Length of the white space that s begins with, of one character. */
static size_t space_at_start(dgmi_str s)
{
    if (s.n >= 1 && is_space(s.p[0]))
        return 1;
    return s.n >= 2 && memcmp(s.p, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static size_t space_at_end(dgmi_str s)
{
    if (s.n >= 1 && is_space(s.p[s.n - 1]))
        return 1;
    return s.n >= 2 && memcmp(s.p + s.n - 2, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

dgmi_str dgmi_str_trim(dgmi_str a)
{
    size_t cut;
    while ((cut = space_at_start(a)) > 0)
        a = dgmi_str_skip(a, cut);
    while ((cut = space_at_end(a)) > 0)
        a.n -= cut;
    return a;
}

dgmi_str dgmi_str_skip(dgmi_str a, size_t n)
{
    if (n > a.n)
        n = a.n;
    return n == 0 ? a : (dgmi_str){ a.p + n, a.n - n };
}

bool dgmi_str_split(dgmi_str *rest, char sep, dgmi_str *part)
{
    if (rest->n == 0)
        return false;
    const char *end = memchr(rest->p, sep, rest->n);
    size_t n = end ? (size_t)(end - rest->p) : rest->n;
    *part = (dgmi_str){ rest->p, n };
    *rest = dgmi_str_skip(*rest, end ? n + 1 : n);
    return true;
}

char *dgmi_str_dup(dgmi_str a)
{
    char *copy = a.n < SIZE_MAX ? malloc(a.n + 1) : NULL;
    if (!copy)
        return NULL;
    if (a.n > 0)
        memcpy(copy, a.p, a.n);
    copy[a.n] = '\0';
    return copy;
}

bool dgmi_grow(void *items, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    return dgmi_resize(items, capacity, wanted, size);
}

bool dgmi_resize(void *items, size_t *capacity, size_t wanted, size_t size)
{
    if (size == 0 || wanted > SIZE_MAX / size)
        return false;
    /* `items` points at a pointer of any type; copying its bytes keeps to the aliasing
     * rules. */
    void *old, *moved;
    memcpy(&old, items, sizeof old);
    moved = realloc(old, wanted * size);
    if (!moved)
        return false;
    memcpy(items, &moved, sizeof moved);
    *capacity = wanted;
    return true; /* cppcheck-suppress memleak ; *items holds it */
}
