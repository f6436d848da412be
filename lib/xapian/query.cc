/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries as trees, built from the leaves up.
 * Depends on Xapian, guard.hh, handles.hh and deadline.hh. */
#include "handles.hh"

#include <algorithm>
#include <cmath>

#include "deadline.hh"

using dgmx::guard;
using Xapian::Query;

/* The shared constant Query::MatchAll is counted without a lock, so threads that copy it
 * race; an empty term means the same and belongs to one query alone. */
static Query all_documents()
{
    return Query(std::string());
}

static Query::op op_of(dgmx_op op)
{
    switch (op) {
    case DGMX_AND:
        return Query::OP_AND;
    case DGMX_OR:
        return Query::OP_OR;
    case DGMX_AND_NOT:
        return Query::OP_AND_NOT;
    case DGMX_XOR:
        return Query::OP_XOR;
    case DGMX_AND_MAYBE:
        return Query::OP_AND_MAYBE;
    case DGMX_FILTER:
        return Query::OP_FILTER;
    case DGMX_NEAR:
        return Query::OP_NEAR;
    case DGMX_PHRASE:
        return Query::OP_PHRASE;
    case DGMX_SYNONYM:
        return Query::OP_SYNONYM;
    case DGMX_MAX:
        return Query::OP_MAX;
    case DGMX_ELITE:
        return Query::OP_ELITE_SET;
    }
    throw Xapian::InvalidArgumentError("no such operator: " + std::to_string(op));
}

/* A filter instead of a scale of 0: what weight.cc says of terms that are in all
 * documents holds for a scale of 0 under any weight. */
static Query unweighted(const Query &child)
{
    return Query(Query::OP_FILTER, all_documents(), child);
}

static unsigned one_deeper(unsigned depth)
{
    if (depth >= dgmx::depth_max) {
        throw Xapian::InvalidArgumentError("a query nested deeper than " +
                                           std::to_string(dgmx::depth_max) + " levels");
    }
    return depth + 1;
}

/* Makes parent one level deeper than child, and knows what child knows. */
static void inherit(dgmx_query &parent, const dgmx_query &child)
{
    parent.depth = std::max(parent.depth, one_deeper(child.depth));
    parent.prefixes.insert(parent.prefixes.end(), child.prefixes.begin(),
                           child.prefixes.end());
}

dgm_status dgmx_query_all(dgmx_query **out, dgm_error *err)
{
    return dgmx::make(out, err, [](dgmx_query &made) { made.query = all_documents(); });
}

dgm_status dgmx_query_none(dgmx_query **out, dgm_error *err)
{
    return dgmx::make(out, err, [](dgmx_query &) {});
}

dgm_status dgmx_query_term(const char *term, size_t n, dgmx_query **out, dgm_error *err)
{
    return dgmx::make(
        out, err, [&](dgmx_query &made) { made.query = Query(dgmx::term_of(term, n)); });
}

dgm_status dgmx_query_combine(dgmx_op op, dgmx_query *const *children, size_t n,
                              unsigned window, dgmx_query **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        Query::op how = op_of(op);
        std::vector<Query> parts;
        parts.reserve(n);
        for (size_t i = 0; i < n; i++) {
            parts.push_back(children[i]->query);
            inherit(made, *children[i]);
        }
        made.query = Query(how, parts.begin(), parts.end(), window);
    });
}

dgm_status dgmx_query_scale(dgmx_query *child, double factor, dgmx_query **out,
                            dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        if (!std::isfinite(factor) || factor < 0) {
            throw Xapian::InvalidArgumentError("a scale that is negative or no number");
        }
        inherit(made, *child);
        made.query = factor > 0 ? Query(factor, child->query) : unweighted(child->query);
    });
}

dgm_status dgmx_query_prefix(const char *prefix, size_t n, unsigned limit, dgmx_op op,
                             dgmx_query **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        std::string start = dgmx::term_of(prefix, n);
        if (limit == 0) {
            throw Xapian::InvalidArgumentError("a prefix with no limit of terms");
        }
        if (op != DGMX_SYNONYM && op != DGMX_OR && op != DGMX_MAX) {
            throw Xapian::InvalidArgumentError(
                "a prefix joins terms by SYNONYM, OR or MAX");
        }
        made.query = Query(Query::OP_WILDCARD, start, limit, Query::WILDCARD_LIMIT_ERROR,
                           op_of(op));
        made.prefixes.push_back(dgmx::Prefix{ start, limit });
    });
}

static Query range_of(uint32_t slot, const dgmx_bytes *low, const dgmx_bytes *high)
{
    std::string from = low && low->n ? std::string(low->p, low->n) : std::string();
    if (high) {
        std::string to = high->n ? std::string(high->p, high->n) : std::string();
        return low ? Query(Query::OP_VALUE_RANGE, slot, from, to)
                   : Query(Query::OP_VALUE_LE, slot, to);
    }
    return low ? Query(Query::OP_VALUE_GE, slot, from) : all_documents();
}

dgm_status dgmx_query_value_range(uint32_t slot, const dgmx_bytes *low,
                                  const dgmx_bytes *high, dgmx_query **out,
                                  dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        dgmx::check_slot(slot);
        made.query = range_of(slot, low, high);
    });
}

dgm_status dgmx_query_deadline(dgmx_query *child, uint64_t deadline_us, dgmx_query **out,
                               dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        inherit(made, *child);
        made.query = dgmx::with_deadline(child->query, deadline_us, nullptr);
    });
}

dgm_status dgmx_query_until(dgmx_query *child, uint64_t deadline_us, bool *passed,
                            dgmx_query **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        inherit(made, *child);
        made.query = dgmx::with_deadline(child->query, deadline_us, passed);
    });
}

dgm_status dgmx_query_describe(dgmx_query *q, dgmx_bytes *out, dgm_error *err)
{
    return guard(err, [&] { dgmx::lend(out, q->lent, q->query.get_description()); });
}

dgm_status dgmx_query_serialise(dgmx_query *q, dgmx_bytes *out, dgm_error *err)
{
    return guard(err, [&] { dgmx::lend(out, q->lent, q->query.serialise()); });
}

/* How deep the bytes nest is not known, so what is built from them may not be nested far.
 */
dgm_status dgmx_query_unserialise(const char *p, size_t n, dgmx_query **out,
                                  dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        made.query = Query::unserialise(n ? std::string(p, n) : std::string());
        made.depth = dgmx::depth_max / 2;
    });
}

void dgmx_query_free(dgmx_query *q)
{
    dgmx::drop(q);
}
