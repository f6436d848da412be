/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The items of a story that can be found, in order. Depends on lib/index, lib/xapian. */
#ifndef DGMI_MEMBERS_H
#define DGMI_MEMBERS_H

#include "arena.h"
#include "desk.h"
#include "schema.h"

#define DGMI_MEMBERS_MAX 200 /* of one story that are looked at */

typedef struct dgmi_story_member {
    dgmx_docid id;
    int64_t published; /* DGM_NO_TIME: not known */
    uint64_t place;    /* of its first record in the log */
} dgmi_story_member;

typedef struct dgmi_members {
    dgmi_story_member list[DGMI_MEMBERS_MAX]; /* by publication, then as seen */
    uint32_t n;
    uint32_t items; /* all of them */
} dgmi_members;

/* None if the story has fewer than `least` items, findable or not. */
dgm_status dgmi_members_find(dgm *desk, uint64_t story, uint32_t least, dgmi_members *out,
                             dgm_error *err);

/* When the first version of an item was read. */
dgm_status dgmi_members_first_seen(dgm *desk, const dgmi_record *record, int64_t *out,
                                   dgm_error *err);

/* The record of a document; *doc is the caller's to free, *out is good until the codec is
 * used again. */
dgm_status dgmi_members_record(dgm *desk, dgmx_docid id, dgmx_doc **doc, dgmi_record *out,
                               dgm_error *err);

/* What a hit tells of its story, into the arena. Uses the codec: the hit's own record is
 * gone afterwards. */
dgm_status dgmi_members_of_hit(dgm *desk, dgmx_docid id, const dgmi_record *record,
                               uint64_t story, dgmi_arena *arena,
                               const dgm_hit_story **out, dgm_error *err);

#endif
