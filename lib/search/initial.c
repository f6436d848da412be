/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words with one first letter: one text, and an array of their places in it. Depends on
 * lib/base, lib/text. */
#include "initial.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_ROOM = 64, GROWTH = 8 }; /* by an eighth: what is held lies there for long */

static bool reserve(void *items, size_t *capacity, size_t need, size_t size)
{
    size_t wanted = need + need / GROWTH + LEAST_ROOM;
    return need <= *capacity || dgmi_resize(items, capacity, wanted, size);
}

/* Takes the text and leaves a place at `at` for the word. */
static bool insert(dgmi_initial *x, size_t at, dgmi_str word)
{
    if (x->text_n + word.n > UINT32_MAX || word.n > UINT8_MAX ||
        !reserve(&x->text, &x->text_capacity, x->text_n + word.n, 1) ||
        !reserve(&x->words, &x->capacity, x->n + 1, sizeof *x->words))
        return false;
    dgmi_letters letters = dgmi_letters_of(word);
    if (word.n > 0)
        memcpy(x->text + x->text_n, word.p, word.n);
    memmove(x->words + at + 1, x->words + at, (x->n - at) * sizeof *x->words);
    x->words[at] = (dgmi_held_word){ .letters = letters.kinds,
                                     .at = (uint32_t)x->text_n,
                                     .n = (uint8_t)letters.n,
                                     .bytes = (uint8_t)word.n };
    x->text_n += word.n;
    x->n++;
    return true;
}

bool dgmi_initial_append(dgmi_initial *x, dgmi_str word)
{
    return insert(x, x->n, word);
}

dgmi_str dgmi_initial_word(const dgmi_initial *x, size_t i)
{
    return (dgmi_str){ x->text + x->words[i].at, x->words[i].bytes };
}

/* As Xapian sorts terms. */
static int compare(dgmi_str a, dgmi_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* The first word that does not come before this one; or, `past`, that is behind all that
 * begin with it. */
static size_t find(const dgmi_initial *x, dgmi_str word, bool past)
{
    size_t low = 0, high = x->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        dgmi_str one = dgmi_initial_word(x, middle);
        if (past && one.n > word.n)
            one.n = word.n;
        int order = compare(one, word);
        if (order < 0 || (past && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool dgmi_initial_add(dgmi_initial *x, dgmi_str word)
{
    size_t at = find(x, word, false);
    if (at < x->n && compare(dgmi_initial_word(x, at), word) == 0)
        return true;
    return insert(x, at, word);
}

void dgmi_initial_range(const dgmi_initial *x, dgmi_str head, size_t *from, size_t *to)
{
    *from = find(x, head, false);
    *to = find(x, head, true);
}

size_t dgmi_initial_bytes(const dgmi_initial *x)
{
    return x->text_capacity + x->capacity * sizeof *x->words;
}

void dgmi_initial_trim(dgmi_initial *x)
{
    if (x->n > 0 && x->text_n > 0) {
        dgmi_resize(&x->text, &x->text_capacity, x->text_n, 1);
        dgmi_resize(&x->words, &x->capacity, x->n, sizeof *x->words);
    }
}

void dgmi_initial_clear(dgmi_initial *x)
{
    free(x->text);
    free(x->words);
    x->text = NULL;
    x->words = NULL;
    x->text_n = x->text_capacity = x->n = x->capacity = 0;
}
