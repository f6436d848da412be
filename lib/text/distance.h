/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far two words are from one another. Depends on lib/base. */
#ifndef DGMI_DISTANCE_H
#define DGMI_DISTANCE_H

#include "str.h"

/* Whether a becomes b by at most `most` (up to 2) insertions, deletions, replacements or
 * swaps of neighbouring characters (optimal string alignment: Damerau, 1964). Words of
 * more than 64 characters are never near. Both are valid UTF-8. */
bool dgmi_is_near_word(dgmi_str a, dgmi_str b, unsigned most);

/* Whether a word fits a pattern in which ? stands for one character and * for any. */
bool dgmi_fits_pattern(dgmi_str word, const char *pattern);

#endif
