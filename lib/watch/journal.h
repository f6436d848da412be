/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a watchlist told: DATA/watch/state/NAME.alerts, a line for each alert. It holds no
 * text of items, so that nothing of a withdrawn one stays there. Depends on lib/base. */
#ifndef DGMI_JOURNAL_H
#define DGMI_JOURNAL_H

#include "arena.h"
#include "buf.h"
#include "dragoman.h"
#include "hash.h"

/* So many alerts are kept at least; older ones go when there are twice as many. */
#define DGMI_JOURNAL_KEPT 20000

typedef struct dgmi_entry {
    uint64_t number; /* from 1 on, without gaps */
    dgm_alert_kind kind;
    uint64_t id;    /* of the alert */
    int64_t found;  /* when */
    uint64_t place; /* in the log, packed: of the version that was told of */
    uint64_t story; /* 0: none */
    const char *item;
    const char *replaces; /* or NULL */
    bool last;            /* of this item */
} dgmi_entry;

typedef struct dgmi_journal {
    dgmi_entry *list;
    size_t n, capacity;
    uint64_t last;             /* number of the last one, 0: there never was one */
    size_t whole;              /* bytes of the file that are whole lines */
    size_t written;            /* entries that are in the file */
    dgmi_map *items, *stories; /* last entry of each, its place in list + 1 */
    dgmi_arena *arena;
} dgmi_journal;

/* Reads it; none is no error, and what a kill left of a last line does not count. Owner:
 * cleared with dgmi_journal_clear, also after a failure. CORRUPT, naming the line. */
dgm_status dgmi_journal_read(const char *data_dir, const char *name, dgmi_journal *out,
                             dgm_error *err);
void dgmi_journal_clear(dgmi_journal *journal);

/* Adds one, with the next number; in memory alone until it is written. */
dgm_status dgmi_journal_add(dgmi_journal *journal, const dgmi_entry *entry,
                            dgm_error *err);
/* Makes what was added durable. */
dgm_status dgmi_journal_write(const char *data_dir, const char *name,
                              dgmi_journal *journal, dgm_error *err);

/* The last entry of an item; NULL if it was never told, or was withdrawn since. */
const dgmi_entry *dgmi_journal_live(const dgmi_journal *journal, const char *item);
/* Whether an item of the story was told that is not withdrawn. */
bool dgmi_journal_has_story(const dgmi_journal *journal, uint64_t story);

#endif
