/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Analysis: a news item to the document that stands for it in the index.
 * Depends on lib/base, lib/text, lib/xapian and the rest of lib/index that describes the
 * layout. */
#ifndef DGMI_ANALYSE_H
#define DGMI_ANALYSE_H

#include "dgmx.h"
#include "dragoman.h"
#include "learned.h"
#include "record.h"
#include "tagger.h"

/* Words of one item that are made searchable, and distinct ones among them: what is
 * longer is no prose, and must not cost the writer its memory. The record keeps all of
 * it. */
#define DGMI_WORDS_MAX 500000u
#define DGMI_DISTINCT_MAX 100000u

/* Stemmers, tables and buffers that are used again for each item; one thread at a time.
 */
typedef struct dgmi_analyser dgmi_analyser;
dgm_status dgmi_analyser_new(dgmi_analyser **out, dgm_error *err);
void dgmi_analyser_free(dgmi_analyser *a);
/* Lines that are set aside on the way; NULL: none. They must outlive their use. */
void dgmi_analyser_set_learned(dgmi_analyser *a, const dgmi_learned *learned);

/* What names the topics of items; NULL: nothing does. It must outlive its use. */
void dgmi_analyser_set_tagger(dgmi_analyser *a, dgmi_tagger *tagger);

/* Makes the document: terms, positions, values and record. An item that is withheld or
 * canceled has its unique term and its record alone, one that is held its flag, too. *cut
 * (may be NULL) tells whether words over the limits were left out. Owner: the caller
 * frees *out. Errors: NOMEM; ARG for what the index cannot hold. */
dgm_status dgmi_analyse(dgmi_analyser *a, const dgm_item *item, const dgmi_stored *stored,
                        double average_length, dgmx_doc **out, bool *cut, dgm_error *err);

/* Words of an item as ranking counts them: title and body, compounds by their parts. A
 * derived title is a sentence of the body and not counted twice. */
uint32_t dgmi_count_words(const dgm_item *item);

/* The unique term of an id, appended to out. */
void dgmi_id_term(dgmi_buf *out, const char *id);

/* The position of the first word of the body under this title (NULL: none). */
uint32_t dgmi_body_position(const char *title);

#endif
