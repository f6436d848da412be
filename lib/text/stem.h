/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stemming by language, with a memory of words already stemmed; words to leave out.
 * Depends on lib/xapian. */
#ifndef DGMI_STEM_H
#define DGMI_STEM_H

#include "dragoman.h"
#include "str.h"

typedef struct dgmi_stems dgmi_stems; /* all languages; one thread at a time */

dgm_status dgmi_stems_new(dgmi_stems **out, dgm_error *err);
void dgmi_stems_free(dgmi_stems *s);

/* The stem of a folded word in a language ("en", "ru-RU"). The stemmer goes by the script
 * first: one that is not for the word's script, or that is unknown or NULL, is replaced
 * by English for words of Latin letters, Russian for Cyrillic and Arabic for Arabic ones;
 * so a query without a language meets most texts. Words with digits and words of other
 * scripts stay. The result is borrowed until the next call. The memory of words is
 * bounded (it is emptied when full). */
dgmi_str dgmi_stem(dgmi_stems *s, const char *language, dgmi_str word);

/* Whether the stemmer of a language takes beginnings off, too, so that a stem need not
 * begin as its word. */
bool dgmi_stem_cuts_front(const char *language);

/* The version of Xapian that the stemmers came with: recorded in each generation, because
 * stems differ between versions. */
const char *dgmi_stem_version(void);

/* The primary tag of a BCP 47 language in lower case, into out (at least 9 bytes); "" if
 * it is none. */
char *dgmi_language_tag(const char *language, char out[9]);

/* Whether a folded word is so common in a language that a query does better without it.
 */
bool dgmi_is_stopword(const char *language, dgmi_str word);

/* Whether a folded word of English is no finding where wordings are compared: it tells
 * more of how a text is written than of what it says ("well", "today", "told"). Stop
 * words are another list. */
bool dgmi_is_light_word(dgmi_str word);

#endif
