/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who says what in an item: questions, answers and attributed quotations as regions of
 * places, each with the words of its speaker's name. Depends on lib/item, lib/text,
 * vocabulary.h, units.h and schema.h. */
#ifndef DGMI_SPOKEN_H
#define DGMI_SPOKEN_H

#include "quotes.h"
#include "tokens.h"
#include "units.h"
#include "vocabulary.h"

/* Regions of one role do not overlap; a quotation may lie in a turn. */
typedef enum dgmi_speech {
    DGMI_SPEECH_QUESTION,
    DGMI_SPEECH_ANSWER,
    DGMI_SPEECH_QUOTATION,
    DGMI_SPEECHES
} dgmi_speech;

/* How a role is written into the index. */
typedef struct dgmi_speech_terms {
    const char *begin, *end; /* the first and the last words of its regions */
    const char *name;        /* prefix of its speakers' names, at the first words */
} dgmi_speech_terms;
extern const dgmi_speech_terms dgmi_speeches[DGMI_SPEECHES];

typedef struct dgmi_spoken dgmi_spoken;

dgmi_spoken *dgmi_spoken_new(void); /* NULL without memory */
void dgmi_spoken_free(dgmi_spoken *s);
/* An item begins; it is borrowed until the next one does. */
void dgmi_spoken_begin(dgmi_spoken *s, const dgm_item *item);
/* Paragraph i of it begins. */
void dgmi_spoken_paragraph(dgmi_spoken *s, size_t i, const char *text, size_t n);
/* Its next token. */
void dgmi_spoken_see(dgmi_spoken *s, const dgmi_token *token);
/* Puts the terms; positions are borrowed until the next item. */
void dgmi_spoken_put(dgmi_spoken *s, dgmi_terms *terms);
bool dgmi_spoken_failed(const dgmi_spoken *s);

#endif
