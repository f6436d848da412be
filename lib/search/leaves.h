/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The leaves of a query tree: words, phrases, prefixes, fields, and the bounds on them.
 * For the parser alone. Depends on lib/text and lib/index/schema.h. */
#ifndef DGMI_LEAVES_H
#define DGMI_LEAVES_H

#include "lex.h"
#include "query.h"

/* Children under construction. Each has a leaf at least, and a query has no more leaves.
 */
typedef struct dgmi_bag {
    dgmi_node *items[DGMI_QUERY_LEAVES + 1];
    uint32_t n;
} dgmi_bag;

/* Adds a node; a word that the bag has already is only counted there. */
void dgmi_bag_add(dgmi_bag *bag, dgmi_node *node);
void dgmi_bag_add_all(dgmi_bag *bag,
                      const dgmi_node *parent); /* the children of parent */

typedef struct dgmi_parser {
    dgmi_query *query;
    dgmi_arena *arena;
    dgmi_notes *notes;
    dgm_error *err;
    dgm_status status; /* the first failure ends the parse */
    dgmi_lexer lexer;
    dgmi_lexeme ahead;
    const char *field; /* whose value is being read, or NULL */
    bool speaking;     /* inside said: and the like */
    double boost;      /* of the clause being read, 0: none */
    unsigned depth, leaves, wildcards;
    uint32_t left_out, left_out_at; /* words beyond the bound; where the first was */
    bool operators;                 /* the query has some */
    bool small_letters;             /* so that capitals mean something */
} dgmi_parser;

/* The field that a leaf is of: exact: is none, it only says how words are taken. */
bool dgmi_is_exact(const dgmi_parser *p);
const char *dgmi_leaf_field(const dgmi_parser *p);

/* Adds a leaf, with the field and the boost of the clause being read, unless there are
 * too many. */
void dgmi_add_leaf(dgmi_parser *p, dgmi_node *node, dgmi_bag *to);
/* A run with * or ? in it, or a ~ behind it (patterns.c). False, with a warning if that
 * is due, if it is to be taken as words. */
bool dgmi_leaf_of_pattern(dgmi_parser *p, const dgmi_lexeme *run, dgmi_bag *to);

/* Add what a run or a quote stands for. A negated run of several words is one phrase:
 * "-a/b" is not to exclude every b. */
void dgmi_leaves_of_run(dgmi_parser *p, const dgmi_lexeme *run, bool negated,
                        dgmi_bag *to);
void dgmi_leaves_of_quoted(dgmi_parser *p, const dgmi_lexeme *quoted, dgmi_bag *to);

#endif
