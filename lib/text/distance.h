/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far two words are from one another. Depends on lib/base. */
#ifndef DGMI_DISTANCE_H
#define DGMI_DISTANCE_H

#include <stdint.h>

#include "str.h"

/* Whether a becomes b by at most `most` (up to 2) insertions, deletions, replacements or
 * swaps of neighbouring characters (optimal string alignment: Damerau, 1964). Words of
 * more than 64 characters are never near. Both are valid UTF-8. */
bool dgmi_is_near_word(dgmi_str a, dgmi_str b, unsigned most);

/* What of a word's letters tells at a glance that another word cannot be near: how many
 * there are, more than 64 as 65; and of 32 kinds of characters (in Latin and in Cyrillic
 * every letter is of its own) which occur, in the lower half, and which occur twice. */
typedef struct dgmi_letters {
    uint64_t kinds;
    unsigned n;
} dgmi_letters;

dgmi_letters dgmi_letters_of(dgmi_str word);

static inline bool dgmi_has_more_bits(uint64_t bits, unsigned most)
{
    for (; most > 0; most--)
        bits &= bits - 1;
    return bits != 0;
}

/* False only for words that are not near: a change takes one character away, adds one, or
 * both, so that at most one bit goes and one comes. */
static inline bool dgmi_may_be_near(dgmi_letters a, dgmi_letters b, unsigned most)
{
    return (a.n > b.n ? a.n - b.n : b.n - a.n) <= most &&
           !dgmi_has_more_bits(a.kinds & ~b.kinds, most) &&
           !dgmi_has_more_bits(b.kinds & ~a.kinds, most);
}

/* Whether a word fits a pattern in which ? stands for one character and * for any. */
bool dgmi_fits_pattern(dgmi_str word, const char *pattern);

#endif
