/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request for counting: what it asks for, and what its filters alone leave. Depends on
 * lib/index, lib/text. */
#ifndef DGMI_QUESTION_H
#define DGMI_QUESTION_H

#include "search.h"

#define DGMI_ANSWER_MAX (64 << 20) /* bytes of an answer, and of the work on it */

typedef struct dgmi_question {
    dgmi_search s, bare;        /* the same, without the text */
    dgm_request asked, filters; /* of these */
    dgmi_query *query, *nothing;
    bool has_text; /* else both find the same */
} dgmi_question;

/* Parses the request, and plans it if there is an index. Not under it but in the caller's
 * arenas is what it makes; the caller clears it whatever is returned, before them.
 * q->s.notes has the warnings. */
dgm_status dgmi_question_ask(dgmi_question *q, dgm *desk, const dgm_request *request,
                             dgmi_arena *arena, dgmi_arena *scratch, uint64_t deadline_us,
                             dgm_error *err);
void dgmi_question_clear(dgmi_question *q);

/* The attempts that an index which moves on under its reader calls for: calls `attempt`
 * until it does not end in STALE, with an error of its own each time. */
dgm_status dgmi_question_try(dgm_status (*attempt)(void *user, dgm_error *err),
                             void *user, dgm_error *err);

#endif
