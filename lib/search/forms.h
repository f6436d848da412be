/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Forms of a word, as NEAR and its kin take them: words that have a stem in common with
 * it and begin alike; and which words of an item are such forms. Depends on lib/text and
 * the term of lib/xapian. */
#ifndef DGMI_FORMS_H
#define DGMI_FORMS_H

#include "dgmx.h"
#include "stem.h"

/* Bytes of a word that all its forms begin with; language: the first of those that
 * items are in; NULL: none is known. */
size_t dgmi_forms_head(dgmi_stems *stems, const char *language, const char *word);

/* Words that are asked for in items of one language; NULL: it is not known. One thread at
 * a time. Owner: the caller; stems and language outlive it. */
typedef struct dgmi_forms dgmi_forms;
dgmi_forms *dgmi_forms_new(dgmi_stems *stems, const char *language);
void dgmi_forms_free(dgmi_forms *f);

/* Asks for a word (copied): *form is its number from 1 on. False without memory. */
bool dgmi_forms_want(dgmi_forms *f, const char *word, uint32_t *form);

/* Looks through an item's terms, sorted by their bytes, which outlive what is asked next.
 * False without memory. */
bool dgmi_forms_read(dgmi_forms *f, const dgmx_term *terms, size_t n);

/* The item's words that are forms of an asked one, `room` of them at most; returns how
 * many there are. */
size_t dgmi_forms_of(const dgmi_forms *f, uint32_t form, const dgmx_term **out,
                     size_t room);

#endif
