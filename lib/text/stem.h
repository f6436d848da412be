/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stemming by language, with a memory of words already stemmed. Depends on lib/xapian. */
#ifndef DGMI_STEM_H
#define DGMI_STEM_H

#include "dragoman.h"
#include "str.h"

typedef struct dgmi_stems dgmi_stems; /* all languages; one thread at a time */

dgm_status dgmi_stems_new(dgmi_stems **out, dgm_error *err);
void dgmi_stems_free(dgmi_stems *s);

/* The stem of a folded word in a language ("en", "ru-RU"; NULL or unknown: English for words of Latin
 * letters, Russian for Cyrillic ones). Words with digits stay. The result is borrowed until the next call.
 * The memory of words is bounded (it is emptied when full). */
dgmi_str dgmi_stem(dgmi_stems *s, const char *language, dgmi_str word);

/* "snowball-<xapian version>": recorded in each generation, because stems differ between versions. */
const char *dgmi_stem_version(void);

/* The primary tag of a BCP 47 language in lower case, into out (at least 9 bytes); "" if it is none. */
char *dgmi_language_tag(const char *language, char out[9]);

/* Whether a folded word is so common in a language that a query does better without it. */
bool dgmi_is_stopword(const char *language, dgmi_str word);

#endif
