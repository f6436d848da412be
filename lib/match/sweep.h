/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All matches of a tree: how many, which, and the best of them. Depends on tree.h. */
#ifndef DGMI_SWEEP_H
#define DGMI_SWEEP_H

#include "tree.h"

typedef struct dgmi_best {
    dgmx_docid id;
    double score; /* of the tree */
    double rank;  /* what it is ordered by */
} dgmi_best;

/* The best document of each group so far: by group number, kept from one query to the
 * next. Zero: empty. */
typedef struct dgmi_groups {
    uint64_t *seen; /* a bit for each group */
    dgmi_best *best;
    uint32_t n;
} dgmi_groups;
void dgmi_groups_clear(dgmi_groups *groups);
/* False without memory. */
bool dgmi_groups_open(dgmi_groups *groups, uint32_t n);

typedef struct dgmi_sweep {
    /* in */
    uint32_t windows;
    uint32_t want;     /* hits */
    uint64_t until_us; /* no window is begun after it */
    /* What a document is ordered by: no more than its score. NULL: that itself. */
    double (*rank)(const void *user, dgmx_docid id, double score);
    const void *user;
    const uint32_t *group; /* of each id, which has one hit: its best; NULL: no groups */
    dgmi_groups *groups;
    /* out */
    dgmi_best
        *hits; /* room for `want`; the best first, the lower id first among equals */
    uint32_t n;
    uint64_t *matches; /* windows * DGMI_WINDOW_WORDS, a bit for each id; NULL: not
                        * asked for */
    uint64_t total;    /* documents that match in the windows that were looked at */
    bool cut;          /* time ran out before the last window */
} dgmi_sweep;

void dgmi_sweep_run(dgmi_tree_node *root, dgmi_sweep *sweep);
/* The ids of one window's matches, ascending; out has room for DGMI_WINDOW. Returns how
 * many. */
size_t dgmi_window_ids(const uint64_t *matches, uint32_t window, dgmx_docid *out);

#endif
