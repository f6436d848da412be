/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From clauses to Xapian's queries. Depends on clause.h, lib/xapian.
 *
 * Xapian 1.4.22 gives some documents a wrong weight where a union has phrases or lies in
 * another: tests/unit/test_resident.c. So such queries are put in forms in which it does
 * not. */
#include <stdlib.h>

#include "clause.h"
#include "fail.h"

static dgm_status term_query(const dgmi_clause *c, bool scored, dgmx_query **out,
                             dgm_error *err)
{
    if (!scored)
        return dgmx_query_term(c->term.p, c->term.n, out, err);
    dgmx_query *plain = NULL;
    dgm_status status = dgmx_query_term(c->term.p, c->term.n, &plain, err);
    if (status == DGM_OK)
        status = dgmx_query_scale(plain, c->weight, out, err);
    dgmx_query_free(plain);
    return status;
}

static dgm_status range_query(const dgmi_clause *c, bool scored, dgmx_query **out,
                              dgm_error *err)
{
    dgmx_bytes low = { c->low.p, c->low.n }, high = { c->high.p, c->high.n };
    dgmx_query *plain = NULL;
    dgm_status status = dgmx_query_value_range(c->slot, c->low.p ? &low : NULL,
                                               c->high.p ? &high : NULL, &plain, err);
    if (status == DGM_OK && scored)
        status = dgmx_query_scale(plain, 0, out, err);
    else if (status == DGM_OK) {
        *out = plain;
        plain = NULL;
    }
    dgmx_query_free(plain);
    return status;
}

/* Whether child i counts towards the score of its parent. */
static bool is_score_of(const dgmi_clause *c, uint32_t i)
{
    switch (c->kind) {
    case DGMI_CLAUSE_AND:
    case DGMI_CLAUSE_OR:
    case DGMI_CLAUSE_MAX:
    case DGMI_CLAUSE_MAYBE:
        return true;
    case DGMI_CLAUSE_FILTER:
    case DGMI_CLAUSE_WITHOUT:
        return i == 0;
    case DGMI_CLAUSE_PHRASE:
    case DGMI_CLAUSE_NONE:
    case DGMI_CLAUSE_TERM:
    case DGMI_CLAUSE_RANGE:
    case DGMI_CLAUSE_WITHIN:
        return false;
    }
    return false;
}

static dgmx_op op_of(dgmi_clause_kind kind, bool scored)
{
    switch (kind) {
    case DGMI_CLAUSE_OR:
        return DGMX_OR;
    case DGMI_CLAUSE_MAX:
        return scored ? DGMX_MAX : DGMX_OR;
    case DGMI_CLAUSE_FILTER:
        return scored ? DGMX_FILTER : DGMX_AND;
    case DGMI_CLAUSE_MAYBE:
        return DGMX_AND_MAYBE;
    case DGMI_CLAUSE_PHRASE:
        return DGMX_PHRASE;
    case DGMI_CLAUSE_WITHOUT:
        return DGMX_AND_NOT;
    case DGMI_CLAUSE_AND:
    case DGMI_CLAUSE_NONE:
    case DGMI_CLAUSE_TERM:
    case DGMI_CLAUSE_RANGE:
    case DGMI_CLAUSE_WITHIN:
        return DGMX_AND;
    }
    return DGMX_AND;
}

/* A union below OP_MAX is taken for children of that, unless something is taken away from
 * it: here what has a term that no document has. */
static dgm_status hide(dgmx_query **child, dgm_error *err)
{
    static const char nowhere[] = "\x01";
    dgmx_query *parts[2] = { *child, NULL }, *hidden = NULL;
    dgm_status status = dgmx_query_term(nowhere, 1, &parts[1], err);
    if (status == DGM_OK)
        status = dgmx_query_combine(DGMX_AND_NOT, parts, 2, 0, &hidden, err);
    dgmx_query_free(parts[1]);
    if (status == DGM_OK) {
        dgmx_query_free(*child);
        *child = hidden;
    }
    return status;
}

static dgm_status query_of(const dgmi_clause *c, bool scored, bool in_union,
                           dgmx_query **out, dgm_error *err);

static dgm_status query_of_child(const dgmi_clause *c, uint32_t i, bool scored,
                                 bool in_union, dgmx_query **out, dgm_error *err)
{
    const dgmi_clause *child = c->children[i];
    bool is_union = c->kind == DGMI_CLAUSE_OR || c->kind == DGMI_CLAUSE_MAX ||
                    (c->kind == DGMI_CLAUSE_MAYBE && i > 0);
    dgm_status status = query_of(child, scored && is_score_of(c, i),
                                 in_union || (scored && is_union), out, err);
    if (status == DGM_OK && scored && c->kind == DGMI_CLAUSE_MAX &&
        child->kind == DGMI_CLAUSE_OR)
        status = hide(out, err);
    return status;
}

/* A AND_NOT B AND_NOT C is A without (B OR C). */
static dgm_status combine_without(dgmx_query **children, uint32_t n, dgmx_query **out,
                                  dgm_error *err)
{
    dgmx_query *rest = NULL;
    dgm_status status = dgmx_query_combine(DGMX_OR, children + 1, n - 1, 0, &rest, err);
    if (status == DGM_OK) {
        dgmx_query *both[2] = { children[0], rest };
        status = dgmx_query_combine(DGMX_AND_NOT, both, 2, 0, out, err);
    }
    dgmx_query_free(rest);
    return status;
}

/* Whether a document has the phrase is asked by places, because a union takes the weight
 * of another document where Xapian's phrase says that it has not. */
static dgm_status combine_phrase(const dgmi_clause *c, dgmx_query **children,
                                 dgmx_query **out, dgm_error *err)
{
    dgmx_query *parts[2] = { NULL, NULL };
    dgmx_bytes *terms = calloc(c->n, sizeof *terms);
    if (!terms)
        return dgmi_fail_memory(err);
    for (uint32_t i = 0; i < c->n; i++)
        terms[i] = (dgmx_bytes){ c->children[i]->term.p, c->children[i]->term.n };
    const dgmx_sequence sequence = { terms, c->n };
    const dgmx_operand operand = { &sequence, 1 };
    const dgmx_within within = { .operands = &operand, .n = 1, .distance = 1 };
    dgm_status status = dgmx_query_within(&within, &parts[1], err);
    if (status == DGM_OK)
        status = dgmx_query_combine(DGMX_AND, children, c->n, 0, &parts[0], err);
    if (status == DGM_OK)
        status = dgmx_query_combine(DGMX_FILTER, parts, 2, 0, out, err);
    dgmx_query_free(parts[0]);
    dgmx_query_free(parts[1]);
    free(terms);
    return status;
}

static dgm_status joined_query(const dgmi_clause *c, bool scored, bool in_union,
                               dgmx_query **out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    dgmx_query **children = calloc(c->n, sizeof(dgmx_query *));
    if (!children)
        return dgmi_fail_memory(err);
    for (uint32_t i = 0; i < c->n && status == DGM_OK; i++)
        status = query_of_child(c, i, scored, in_union, &children[i], err);
    if (status == DGM_OK && c->kind == DGMI_CLAUSE_WITHOUT)
        status = combine_without(children, c->n, out, err);
    else if (status == DGM_OK && c->kind == DGMI_CLAUSE_PHRASE && in_union &&
             dgmi_clause_is_flat(c))
        status = combine_phrase(c, children, out, err);
    else if (status == DGM_OK)
        status = dgmx_query_combine(op_of(c->kind, scored), children, c->n, 0, out, err);
    for (uint32_t i = 0; i < c->n; i++)
        dgmx_query_free(children[i]);
    free(children);
    return status;
}

static dgm_status query_of(const dgmi_clause *c, bool scored, bool in_union,
                           dgmx_query **out, dgm_error *err)
{
    *out = NULL;
    if (c->kind == DGMI_CLAUSE_NONE)
        return dgmx_query_none(out, err);
    if (c->kind == DGMI_CLAUSE_TERM)
        return term_query(c, scored, out, err);
    if (c->kind == DGMI_CLAUSE_RANGE)
        return range_query(c, scored, out, err);
    if (c->kind == DGMI_CLAUSE_WITHIN)
        return dgmx_query_within(c->within, out, err);
    if (!scored && c->kind == DGMI_CLAUSE_FILTER && c->implied)
        return query_of(c->children[1], false, in_union, out, err);
    if (!scored && c->kind == DGMI_CLAUSE_MAYBE)
        return query_of(c->children[0], false, in_union, out, err);
    return joined_query(c, scored, in_union, out, err);
}

dgm_status dgmi_clause_query(const dgmi_clause *clause, bool scored, dgmx_query **out,
                             dgm_error *err)
{
    return query_of(clause, scored, false, out, err);
}
