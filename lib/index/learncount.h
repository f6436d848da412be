/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of lines by source, bounded by the number of items looked at. Depends on
 * learned.h. */
#ifndef DGMI_LEARNCOUNT_H
#define DGMI_LEARNCOUNT_H

#include "hash.h"
#include "learned.h"

/* A line in a scope. Its text is read back from the archive once it matters. */
typedef struct dgmi_line_count {
    uint64_t key;   /* hash of scope and text */
    uint64_t place; /* of the first record with it */
    uint64_t days;  /* a bit for each day modulo 64: so many days at least */
    int64_t first, last;
    uint32_t scope; /* number */
    uint32_t paragraph;
    uint32_t items, head, tail, inside;
    uint32_t last_item; /* number of the item that had it last */
    uint32_t source;    /* number of the first item's source */
    bool several;       /* sources have it */
    bool usable;        /* neither a quotation nor a question, and not too long */
} dgmi_line_count;

typedef struct dgmi_scope_count {
    const char *name;
    uint32_t items;
    bool wide;     /* a provider or host: many sources */
    int32_t *days; /* of the dated items, ascending once sorted */
    size_t n_days, day_capacity;
} dgmi_scope_count;

typedef struct dgmi_line_counts {
    dgmi_arena *arena;
    dgmi_map *scope_numbers;
    dgmi_scope_count *scopes;
    size_t n_scopes, scope_capacity;
    dgmi_line_count *lines;
    size_t n_lines, line_capacity;
    uint32_t *table; /* of lines: number + 1 by key */
    size_t size;
    uint64_t *seen; /* hashes of ids and texts, 0: free */
    size_t seen_size, n_seen;
    uint32_t items;
} dgmi_line_counts;

dgm_status dgmi_line_counts_new(dgmi_line_counts *c, dgm_error *err);
void dgmi_line_counts_clear(dgmi_line_counts *c);

/* Counts the lines of an item; one whose id or text was met before is passed over. */
dgm_status dgmi_line_counts_add(dgmi_line_counts *c, const dgm_item *item, uint64_t place,
                                dgm_error *err);

/* Sorts days, for the next one. */
void dgmi_line_counts_sort(dgmi_line_counts *c);
/* Items of a scope on the days of two times, both included. */
uint32_t dgmi_scope_items(const dgmi_scope_count *scope, int64_t from, int64_t to);

#endif
