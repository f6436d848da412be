/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other spellings of a name by the rules of romanisation, for names that no table has.
 * Depends on lib/base.
 *
 * Three families of rules (Slavic, Arabic and Persian, Chinese) say which groups of
 * letters stand for one another and where. A family is used only if the word looks as if
 * it were of it. What comes out are words that could be, the nearest first: only those
 * that the index has, written as names, are of use. */
#ifndef DGMI_ROMANISE_H
#define DGMI_ROMANISE_H

#include <stdbool.h>
#include <stddef.h>

#define DGMI_ROMANISE_LETTERS 32 /* of a longer word there are no spellings */
#define DGMI_ROMANISE_MOST 96    /* spellings of one word */
#define DGMI_ROMANISE_CHANGES 3  /* groups of letters that differ, at most */

/* Called for each spelling; false: enough. */
typedef bool (*dgmi_romanise_fn)(void *user, const char *spelling);

/* word is folded and of the letters a to z alone, else there are none. Returns how many
 * there were. */
size_t dgmi_romanise(const char *word, dgmi_romanise_fn fn, void *user);

#endif
