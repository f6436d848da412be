/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was said, in a hit: the utterance that matched, as bytes of the stored text and a
 * turn. Depends on lib/index, lib/item, lib/xapian. */
#ifndef DGMI_UTTERANCE_H
#define DGMI_UTTERANCE_H

#include "plan.h"
#include "record.h"

typedef struct dgmi_said_span {
    size_t from, to; /* bytes of the record's text */
    dgm_turn turn;   /* speaker in the arena, or NULL */
} dgmi_said_span;

/* The first utterance that one of those asked for finds in the document. *found: whether
 * there is one. Errors: those of the index, NOMEM. */
dgm_status dgmi_utterance_find(const dgmi_index *index, dgmi_arena *arena,
                               const dgmi_utterances *asked, dgmx_docid id,
                               const dgmi_record *record, dgmi_said_span *out,
                               bool *found, dgm_error *err);

#endif
