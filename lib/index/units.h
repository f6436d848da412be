/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where sentences and paragraphs of an item begin, as positions of marker terms, so that
 * a search can ask for words of one sentence. Depends on lib/text, vocabulary.h and
 * schema.h. */
#ifndef DGMI_UNITS_H
#define DGMI_UNITS_H

#include "tokens.h"
#include "vocabulary.h"

typedef struct dgmi_begins {
    uint32_t *list; /* ascending positions */
    size_t n, capacity;
} dgmi_begins;

/* Memory is used again from item to item; its failure is latched. */
typedef struct dgmi_units {
    dgmi_begins sentences, paragraphs;
    const char *text; /* the paragraph at hand */
    size_t text_n;
    size_t sentence_end; /* byte behind the sentence at hand */
    bool first;          /* its first word is still to come */
    bool failed;
} dgmi_units; /* zeroed: empty */

void dgmi_units_clear(dgmi_units *u);
void dgmi_units_reset(dgmi_units *u);
/* A paragraph begins; text is borrowed until the next one does. */
void dgmi_units_begin(dgmi_units *u, const char *text, size_t n);
/* Its next token. */
void dgmi_units_see(dgmi_units *u, const dgmi_token *token);
/* Puts the markers; positions are borrowed until the next reset. */
void dgmi_units_put(const dgmi_units *u, dgmi_terms *terms);

#endif
