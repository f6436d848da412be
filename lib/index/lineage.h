/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which item evolved from which, as an index knows it. Depends on lib/xapian and
 * record.h. */
#ifndef DGMI_LINEAGE_H
#define DGMI_LINEAGE_H

#include "dgmx.h"
#include "record.h"

/* An item is superseded if another one that can be found names it in evolved_from and
 * does not itself go back to it: of items that evolved from each other in a circle none
 * is the last. Circles of more items than this are not looked for. */
#define DGMI_CIRCLE_MAX 1000u

typedef struct dgmi_lineage {
    dgmx_db *db;
    dgmi_codec *codec;
    dgmi_buf term;
    /* Of an earlier moment: only documents count whose records lie before this packed
     * place. 0: all, of which no two are of one item. */
    uint64_t before;
} dgmi_lineage;
void dgmi_lineage_clear(dgmi_lineage *g);

/* What the item `id` evolved from, into `out` (emptied first, ended by NUL). *found: it
 * is in the index, can be found (or may not: `any`), and evolved from something. */
dgm_status dgmi_lineage_step(dgmi_lineage *g, const char *id, bool any, dgmi_buf *out,
                             bool *found, dgm_error *err);

/* A list of ids, each once. */
typedef struct dgmi_lineage_list {
    char **ids;
    size_t n, capacity;
} dgmi_lineage_list;
void dgmi_lineage_list_clear(dgmi_lineage_list *list);
/* Returns the list's own copy, NULL without memory. */
const char *dgmi_lineage_list_add(dgmi_lineage_list *list, const char *id);
bool dgmi_lineage_list_has(const dgmi_lineage_list *list, const char *id);

/* Goes from `id` to what it evolved from, and so on, at most `most` steps or until an id
 * comes again; adds all but `id` itself. *circle: the way came back to `id`. */
dgm_status dgmi_lineage_walk(dgmi_lineage *g, const char *id, bool any, size_t most,
                             dgmi_lineage_list *list, bool *circle, dgm_error *err);

/* The item that superseded `id`: of several the one with the latest time, then id.
 * *successor is a copy that the caller frees, NULL if there is none. */
dgm_status dgmi_lineage_successor(dgmi_lineage *g, const char *id, char **successor,
                                  dgm_error *err);

/* Whether there is one. */
dgm_status dgmi_lineage_superseded(dgmi_lineage *g, const char *id, bool *superseded,
                                   dgm_error *err);

#endif
