/* SPDX-License-Identifier: GPL-2.0-or-later */
/* said:, question:, answer: and by: what one utterance has to have. For the parser, the
 * printer and the planner. Depends on leaves.h. */
#ifndef DGMI_SPEECH_H
#define DGMI_SPEECH_H

#include "leaves.h"

#define DGMI_FIELD_SAID "said" /* in any of them, or in a quotation */
#define DGMI_FIELD_QUESTION "question"
#define DGMI_FIELD_ANSWER "answer"
#define DGMI_FIELD_BY "by" /* whoever says it */

/* The static name of such a field, or NULL. */
const char *dgmi_speech_field(dgmi_str name);
bool dgmi_is_speech(const char *field);

/* The parts of a SAID node; each may be DGMI_NODE_ALL, but not both. */
const dgmi_node *dgmi_speech_words(const dgmi_node *said);
const dgmi_node *dgmi_speech_speaker(const dgmi_node *said);

/* What stood behind a field of speech as a node; NULL, with the failure set, if it holds
 * what no utterance can have. from: where the field's name stands. */
dgmi_node *dgmi_speech_node(dgmi_parser *p, const char *field, uint32_t from,
                            dgmi_node *value);
/* Of clauses side by side: what each says: has to be said by all that a by: names; of
 * several by: alone all hold for one speaker. */
void dgmi_speech_bind(dgmi_parser *p, dgmi_bag *beside);
/* Warns if AND keeps said: and by: apart. */
void dgmi_speech_remark(dgmi_parser *p, const dgmi_bag *joined);

#endif
