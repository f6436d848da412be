/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clauses: made and simplified. Depends on lib/base, lib/xapian. */
#include "clause.h"

#include <stdlib.h>

#include "fail.h"

static dgmi_clause *new_clause(dgmi_arena *arena, dgmi_clause_kind kind)
{
    dgmi_clause *clause = dgmi_arena_alloc(arena, sizeof *clause);
    if (clause)
        clause->kind = kind;
    return clause;
}

dgmi_clause *dgmi_clause_none(dgmi_arena *arena)
{
    return new_clause(arena, DGMI_CLAUSE_NONE);
}

dgmi_clause *dgmi_clause_term(dgmi_arena *arena, dgmi_str term, uint32_t frequency)
{
    if (frequency == 0)
        return dgmi_clause_none(arena);
    dgmi_clause *clause = new_clause(arena, DGMI_CLAUSE_TERM);
    char *copy = dgmi_arena_str(arena, term);
    if (!clause || !copy)
        return NULL;
    clause->term = (dgmi_str){ copy, term.n };
    clause->most = frequency;
    return clause;
}

dgmi_clause *dgmi_clause_range(dgmi_arena *arena, uint32_t slot, dgmi_str low,
                               dgmi_str high)
{
    dgmi_clause *clause = new_clause(arena, DGMI_CLAUSE_RANGE);
    char *l = low.p ? dgmi_arena_str(arena, low) : NULL;
    char *h = high.p ? dgmi_arena_str(arena, high) : NULL;
    if (!clause || (low.p && !l) || (high.p && !h))
        return NULL;
    clause->slot = slot;
    clause->low = (dgmi_str){ l, low.n };
    clause->high = (dgmi_str){ h, high.n };
    clause->most = UINT32_MAX;
    return clause;
}

dgmi_clause *dgmi_clause_within(dgmi_arena *arena, const dgmx_within *within)
{
    dgmi_clause *clause = new_clause(arena, DGMI_CLAUSE_WITHIN);
    if (clause) {
        clause->within = within;
        clause->most = UINT32_MAX;
    }
    return clause;
}

/* ---- Joining ---- */

static uint32_t add_up(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static bool is_union(dgmi_clause_kind kind)
{
    return kind == DGMI_CLAUSE_OR || kind == DGMI_CLAUSE_MAX;
}

static bool counts_only_first(dgmi_clause_kind kind)
{
    return kind == DGMI_CLAUSE_MAYBE || kind == DGMI_CLAUSE_WITHOUT;
}

static uint32_t bound_of(const dgmi_clause *c)
{
    uint32_t most = c->children[0]->most;
    for (uint32_t i = 1; i < c->n && !counts_only_first(c->kind); i++) {
        uint32_t next = c->children[i]->most;
        if (is_union(c->kind))
            most = add_up(most, next);
        else if (next < most)
            most = next;
    }
    return most;
}

static bool is_scored(const dgmi_clause *c)
{
    bool only_first = c->kind == DGMI_CLAUSE_FILTER || c->kind == DGMI_CLAUSE_WITHOUT;
    if (c->kind == DGMI_CLAUSE_PHRASE)
        return false;
    for (uint32_t i = 0; i < (only_first ? 1 : c->n); i++) {
        if (c->children[i]->scored)
            return true;
    }
    return false;
}

/* Whether child i being nothing makes the whole nothing. */
static bool is_needed(dgmi_clause_kind kind, size_t i)
{
    return counts_only_first(kind) ? i == 0 : !is_union(kind);
}

static dgmi_clause *join_some(dgmi_arena *arena, dgmi_clause_kind kind,
                              dgmi_clause **kept, size_t n)
{
    if (n == 0)
        return dgmi_clause_none(arena);
    if (n == 1)
        return kept[0];
    dgmi_clause *clause = new_clause(arena, kind);
    if (!clause)
        return NULL;
    clause->children = kept;
    clause->n = (uint32_t)n;
    clause->most = bound_of(clause);
    clause->scored = is_scored(clause);
    return clause;
}

dgmi_clause *dgmi_clause_join(dgmi_arena *arena, dgmi_clause_kind kind,
                              dgmi_clause *const *children, size_t n)
{
    dgmi_clause **kept = dgmi_arena_array(arena, n > 0 ? n : 1, sizeof(dgmi_clause *));
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!kept || !children[i])
            return NULL;
        bool nothing = children[i]->kind == DGMI_CLAUSE_NONE;
        if (nothing && is_needed(kind, i))
            return children[i];
        if (!nothing)
            kept[count++] = children[i];
    }
    return kept ? join_some(arena, kind, kept, count) : NULL;
}

dgmi_clause *dgmi_clause_pair(dgmi_arena *arena, dgmi_clause_kind kind, dgmi_clause *a,
                              dgmi_clause *b)
{
    dgmi_clause *both[2] = { a, b };
    return dgmi_clause_join(arena, kind, both, 2);
}

dgmi_clause *dgmi_clause_scored_by(dgmi_arena *arena, dgmi_clause *score,
                                   dgmi_clause *condition)
{
    if (score && score->kind == DGMI_CLAUSE_NONE)
        return condition; /* of words that no longer have a weight, the condition remains
                           */
    dgmi_clause *clause = dgmi_clause_pair(arena, DGMI_CLAUSE_FILTER, score, condition);
    if (clause && clause->kind == DGMI_CLAUSE_FILTER)
        clause->implied = true;
    return clause;
}

bool dgmi_clause_is_flat(const dgmi_clause *clause)
{
    for (uint32_t i = 0; i < clause->n; i++) {
        if (clause->children[i]->kind != DGMI_CLAUSE_TERM)
            return false;
    }
    return true;
}

uint64_t dgmi_clause_cost(const dgmi_clause *clause)
{
    enum { POSITIONS = 8 }; /* looking for a place in a document costs so many postings */
    if (clause->kind == DGMI_CLAUSE_TERM)
        return clause->most;
    if (clause->kind == DGMI_CLAUSE_RANGE || clause->kind == DGMI_CLAUSE_WITHIN)
        return UINT32_MAX;
    uint64_t cost = 0;
    for (uint32_t i = 0; i < clause->n; i++)
        cost += dgmi_clause_cost(clause->children[i]);
    return clause->kind == DGMI_CLAUSE_PHRASE ? cost * POSITIONS : cost;
}
