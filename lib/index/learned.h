/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that recur in a source, set aside when an item is indexed: the rules, their file
 * DATA/boilerplate.tsv, and what they make of an item. The archive keeps every line. An
 * index is a function of the archive and of this file: a rule holds for the records from
 * one place of the archive up to another. Depends on lib/base, lib/archive. */
#ifndef DGMI_LEARNED_H
#define DGMI_LEARNED_H

#include "arena.h"
#include "dragoman.h"
#include "str.h"

/* Where a template stands: the first and the last paragraphs of an item. */
#define DGMI_LEARN_HEAD 3
#define DGMI_LEARN_TAIL 5
#define DGMI_LEARN_LINE 1200 /* bytes of a line at most */
#define DGMI_LEARN_ALWAYS UINT64_MAX
#define DGMI_LEARNED_MAX (64u << 20) /* bytes of the file */

typedef struct dgmi_rule {
    const char *scope; /* "source:Name", "provider:Name", "host:www.example.org" */
    const char *text;
    dgm_line_state state;
    uint64_t from, until; /* packed places of records that it holds for: [from, until) */
    uint32_t items, of; /* that it stood in, and that its scope had, when last counted */
    uint32_t days;
    uint32_t head, tail; /* of the items: where it stood */
    int64_t first, last; /* dates of these items, or DGM_NO_TIME */
} dgmi_rule;

/* Threads: any number may read one at once. */
typedef struct dgmi_learned {
    dgmi_arena *arena;
    dgmi_rule *rules; /* by scope and text */
    size_t n, capacity;
    dgmi_rule *dropped; /* forgotten ones that a new index is built without */
    size_t n_dropped, dropped_capacity;
    uint64_t learned_at; /* bytes of the archive when it was last learned from */
    uint32_t *table;     /* of those that hold somewhere: number + 1 by hash */
    size_t size;
} dgmi_learned;

/* The rules of a data directory; none if it has no file. Owner: the caller frees *out.
 * Errors: IO, NOMEM; ARG naming the line that is no rule. */
dgm_status dgmi_learned_load(const char *data_dir, dgmi_learned **out, dgm_error *err);
void dgmi_learned_free(dgmi_learned *l);
dgmi_learned *dgmi_learned_new(void);

/* The rule of a scope and a text, made (as a candidate that holds nowhere) if `make`.
 * NULL if there is none, or without memory. The table is stale afterwards. */
dgmi_rule *dgmi_learned_at(dgmi_learned *l, const char *scope, const char *text,
                           bool make);
/* Makes the table, for dgmi_learned_apply. Errors: NOMEM. */
dgm_status dgmi_learned_ready(dgmi_learned *l, dgm_error *err);

/* Reading, changing and writing go together under this lock, which is waited for: *fd is
 * the caller's to close. */
dgm_status dgmi_learned_lock(const char *data_dir, int *fd, dgm_error *err);
dgm_status dgmi_learned_save(const char *data_dir, const dgmi_learned *l, dgm_error *err);

/* Whether a state sets lines aside. */
bool dgmi_line_holds(dgm_line_state state);
const char *dgmi_line_state_name(dgm_line_state state);

/* The scopes of an item, the narrower first: its source, then who passed it on or the
 * host of its address. Returns how many (0..2); texts live in arena. Errors: NULL in a
 * scope is a lack of memory. */
size_t dgmi_item_scopes(dgmi_arena *arena, const dgm_item *item, const char *scopes[2]);

/* Whether paragraph i of an item stands where a template may. A paragraph that opens a
 * turn does not: what is asked or answered is content. */
bool dgmi_in_zone(const dgm_item *item, size_t i);

/* The item as an index shows it: paragraphs that a rule holds for at `place` become
 * asides of the kind "learned". *out is `item` itself if there are none. An item never
 * loses all of its paragraphs. *arena (NULL at first) is made if need be and is the
 * caller's to free after *out. l may be NULL. Errors: NOMEM. */
dgm_status dgmi_learned_apply(const dgmi_learned *l, const dgm_item *item, uint64_t place,
                              dgmi_arena **arena, const dgm_item **out, dgm_error *err);

#endif
