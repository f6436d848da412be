/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A query over posting lists in memory, evaluated a window of documents at a time.
 * Depends on plist.h and lib/base. */
#ifndef DGMI_TREE_H
#define DGMI_TREE_H

#include "plist.h"

typedef enum dgmi_tree_kind {
    DGMI_TREE_TERM,
    DGMI_TREE_AND,    /* all children; the sum of their scores */
    DGMI_TREE_OR,     /* any child; the sum of those that match */
    DGMI_TREE_MAX,    /* any child; the best of those that match */
    DGMI_TREE_FILTER, /* all children; the score of the first */
    DGMI_TREE_MAYBE,  /* the first child; the others only add to its score */
    DGMI_TREE_WITHOUT /* the first child, if none of the others matches */
} dgmi_tree_kind;

typedef struct dgmi_tree_node {
    dgmi_tree_kind kind;
    bool scored;            /* its scores are asked for: weights are no less than 0 */
    bool shared;            /* it has several parents, and is evaluated once a window */
    const dgmi_plist *list; /* TERM; not owned */
    double weight;          /* TERM: of one step of its impact */
    uint32_t most;          /* documents that match, at most: the least is asked first */
    struct dgmi_tree_node **children;
    uint32_t n;
    /* of the evaluation */
    uint32_t window;
    uint64_t bits[DGMI_WINDOW_WORDS]; /* the documents of the window that match */
    double *score;                    /* by document; only of those that match */
    uint32_t *order;                  /* children in the order in which they are asked */
} dgmi_tree_node;

/* Scores that some nodes need room for, kept from one query to the next. Zero: empty. */
typedef struct dgmi_tree_room {
    double *scores;
    size_t capacity;
} dgmi_tree_room;
void dgmi_tree_room_clear(dgmi_tree_room *room);

/* To be called once for all the nodes of a tree, children before parents; each has room
 * for n numbers at `order`. False without memory. */
bool dgmi_tree_prepare(dgmi_tree_node *const *nodes, size_t n, dgmi_tree_room *room);

/* Fills root's bits and scores for a window. */
void dgmi_tree_evaluate(dgmi_tree_node *root, uint32_t window);

#endif
