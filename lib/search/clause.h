/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clauses: a query resolved into terms of the index, with their weights, before it
 * becomes a tree of Xapian's. Scores, counts and explanations are all read from it.
 * Depends on lib/base, lib/xapian. */
#ifndef DGMI_CLAUSE_H
#define DGMI_CLAUSE_H

#include "arena.h"
#include "dgmx.h"
#include "str.h"

typedef enum dgmi_clause_kind {
    DGMI_CLAUSE_NONE, /* matches nothing */
    DGMI_CLAUSE_TERM,
    DGMI_CLAUSE_RANGE,   /* a value slot between two values */
    DGMI_CLAUSE_AND,     /* the sum of all children */
    DGMI_CLAUSE_OR,      /* the sum of those that match */
    DGMI_CLAUSE_MAX,     /* the best of those that match */
    DGMI_CLAUSE_FILTER,  /* the first, if the second matches too */
    DGMI_CLAUSE_MAYBE,   /* the first, and what the second adds */
    DGMI_CLAUSE_WITHOUT, /* the first, if none of the others matches */
    DGMI_CLAUSE_PHRASE,  /* terms one after another */
    DGMI_CLAUSE_WITHIN   /* places alone: only under FILTER, beside what has the terms */
} dgmi_clause_kind;

typedef struct dgmi_clause {
    dgmi_clause_kind kind;
    bool implied;  /* FILTER: whatever matches the second matches the first */
    bool scored;   /* some term in it has a weight */
    dgmi_str term; /* TERM */
    double weight; /* TERM: of one step of the stored impact; 0: only a condition */
    double idf;
    const char *what;          /* TERM: its name in explanations */
    uint32_t most;             /* documents that match, at most; of a TERM: exactly */
    uint32_t slot;             /* RANGE */
    dgmi_str low, high;        /* RANGE: inclusive; NULL: open */
    const dgmx_within *within; /* WITHIN; in the arena, with all it points to */
    struct dgmi_clause **children;
    uint32_t n;
} dgmi_clause;

/* All of these give NULL without memory, and when a child is NULL, so that only the
 * outcome of a whole construction needs to be looked at. Children are taken as they are,
 * arrays of them are copied. */
dgmi_clause *dgmi_clause_none(dgmi_arena *arena);
dgmi_clause *dgmi_clause_term(dgmi_arena *arena, dgmi_str term,
                              uint32_t frequency); /* copied */
dgmi_clause *dgmi_clause_range(dgmi_arena *arena, uint32_t slot, dgmi_str low,
                               dgmi_str high);
dgmi_clause *dgmi_clause_within(dgmi_arena *arena, const dgmx_within *within);
/* Simplifies: a child that matches nothing is dropped or decides, a lone child stands for
 * itself. */
dgmi_clause *dgmi_clause_join(dgmi_arena *arena, dgmi_clause_kind kind,
                              dgmi_clause *const *children, size_t n);
dgmi_clause *dgmi_clause_pair(dgmi_arena *arena, dgmi_clause_kind kind, dgmi_clause *a,
                              dgmi_clause *b);
/* FILTER whose condition implies the first clause: counting can leave that out. */
dgmi_clause *dgmi_clause_scored_by(dgmi_arena *arena, dgmi_clause *score,
                                   dgmi_clause *condition);

/* Whether all its children are terms. */
bool dgmi_clause_is_flat(const dgmi_clause *clause);

/* Postings that a match may have to look at: what a deadline is measured against. */
uint64_t dgmi_clause_cost(const dgmi_clause *clause);

/* scored: terms times their weights; else only what matches. */
dgm_status dgmi_clause_query(const dgmi_clause *clause, bool scored, dgmx_query **out,
                             dgm_error *err);

#endif
