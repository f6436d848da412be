/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The posting source that compares places. Xapian's own NEAR knows neither sentences nor
 * a phrase inside it. Depends on Xapian and within.hh. */
#include "within.hh"

#include <algorithm>

#include "guard.hh"
#include "handles.hh"

namespace
{

using dgmx::Places;
using dgmx::Span;

bool starts_before(const Span &a, const Span &b)
{
    return a.from < b.from;
}

/* A document of an index. */
class IndexedText : public dgmx::Text
{
    const Xapian::Database &db;
    Xapian::docid id;

  public:
    IndexedText(const Xapian::Database &db_, Xapian::docid id_) : db(db_), id(id_)
    {
    }

    Places places_of(const std::string &term) const override
    {
        Places found;
        Xapian::PositionIterator end = db.positionlist_end(id, term);
        for (auto it = db.positionlist_begin(id, term); it != end; ++it) {
            found.push_back(*it);
        }
        return found;
    }
};

/* A document that is in no index: its sorted terms. */
class GivenText : public dgmx::Text
{
    const dgmx_term *begin, *end;

  public:
    GivenText(const dgmx_term *terms, size_t n) : begin(terms), end(terms + n)
    {
    }

    Places places_of(const std::string &term) const override
    {
        auto is_below = [](const dgmx_term &a, const std::string &b) {
            return b.compare(0, b.size(), a.p, a.n) > 0;
        };
        const dgmx_term *it = std::lower_bound(begin, end, term, is_below);
        if (it == end || term.compare(0, term.size(), it->p, it->n) != 0) {
            return Places();
        }
        return Places(it->positions, it->positions + it->n_positions);
    }
};

void add_sequence(const dgmx::Text &text, const dgmx::Sequence &terms,
                  std::vector<Span> &spans)
{
    Places begins = text.places_of(terms[0]);
    for (size_t i = 1; i < terms.size() && !begins.empty(); i++) {
        Places here = text.places_of(terms[i]);
        auto lacks = [&](Xapian::termpos p) {
            return !std::binary_search(here.begin(), here.end(), p + i);
        };
        begins.erase(std::remove_if(begins.begin(), begins.end(), lacks), begins.end());
    }
    auto length = static_cast<Xapian::termpos>(terms.size() - 1);
    for (Xapian::termpos p : begins) {
        spans.push_back(Span{ p, p + length });
    }
}

bool are_near(const dgmx::Where &where, const Span &a, const Span &b)
{
    if (b.from > a.to) {
        return b.from - a.to <= where.distance;
    }
    return !where.ordered && a.from > b.to && a.from - b.to <= where.distance;
}

/* Those of `next` that are near one of `reached`. */
std::vector<Span> step(const dgmx::Where &where, const std::vector<Span> &reached,
                       const std::vector<Span> &next)
{
    constexpr Xapian::termpos longest = 64; /* no phrase has more words */
    std::vector<Span> kept;
    for (const Span &span : next) {
        Xapian::termpos reach = where.distance + longest;
        Span first{ span.from > reach ? span.from - reach : 0, 0 };
        auto it = std::lower_bound(reached.begin(), reached.end(), first, starts_before);
        while (it != reached.end() && it->from <= span.to + where.distance &&
               !are_near(where, *it, span)) {
            ++it;
        }
        if (it != reached.end() && are_near(where, *it, span)) {
            kept.push_back(span);
        }
    }
    return kept;
}

bool are_in_reach(const dgmx::Text &text, const dgmx::Where &where)
{
    std::vector<Span> reached = dgmx::spans_of(text, where.operands[0]);
    for (size_t i = 1; i < where.operands.size() && !reached.empty(); i++) {
        reached = step(where, reached, dgmx::spans_of(text, where.operands[i]));
    }
    return !reached.empty();
}

/* The units, by number, that an operand stands in. */
Places units_of(const dgmx::Text &text, const dgmx::Operand &operand,
                const Places &begins)
{
    Places units;
    for (const Span &span : dgmx::spans_of(text, operand)) {
        auto unit = static_cast<Xapian::termpos>(
            std::upper_bound(begins.begin(), begins.end(), span.from) - begins.begin());
        if (units.empty() || units.back() != unit) {
            units.push_back(unit);
        }
    }
    return units;
}

bool share_a_unit(const dgmx::Text &text, const dgmx::Where &where)
{
    Places begins = text.places_of(where.marker);
    Places common = units_of(text, where.operands[0], begins);
    for (size_t i = 1; i < where.operands.size() && !common.empty(); i++) {
        Places units = units_of(text, where.operands[i], begins), both;
        std::set_intersection(common.begin(), common.end(), units.begin(), units.end(),
                              std::back_inserter(both));
        common.swap(both);
    }
    return !common.empty();
}

class Within : public Xapian::PostingSource
{
    dgmx::Where where;
    Xapian::Database db;
    Xapian::docid at = 0, last = 0;
    Xapian::doccount count = 0;

    bool matches(Xapian::docid id) const
    {
        return dgmx::is_within(IndexedText(db, id), where);
    }

  public:
    explicit Within(const dgmx::Where &where_) : where(where_)
    {
    }

    Xapian::doccount get_termfreq_min() const override
    {
        return 0;
    }
    Xapian::doccount get_termfreq_est() const override
    {
        return count; /* so that it is asked last */
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return count;
    }

    void next(double) override
    {
        do {
            at++;
        } while (at <= last && !matches(at));
    }

    void skip_to(Xapian::docid id, double) override
    {
        if (id > at) {
            at = id - 1;
            next(0);
        }
    }

    bool check(Xapian::docid id, double) override
    {
        at = id;
        return matches(id);
    }

    bool at_end() const override
    {
        return at > last;
    }

    Xapian::docid get_docid() const override
    {
        return at;
    }

    Within *clone() const override
    {
        return new Within(where);
    }

    void init(const Xapian::Database &db_) override
    {
        db = db_;
        at = 0;
        last = db.get_lastdocid();
        count = db.get_doccount();
    }

    std::string get_description() const override
    {
        return "within";
    }
};

dgmx::Sequence sequence_of(const dgmx_sequence &given)
{
    dgmx::Sequence made;
    for (size_t i = 0; i < given.n; i++) {
        made.push_back(dgmx::term_of(given.terms[i].p, given.terms[i].n));
    }
    if (made.empty()) {
        throw Xapian::InvalidArgumentError("a sequence of no terms");
    }
    return made;
}

dgmx::Operand operand_of(const dgmx_operand &given)
{
    dgmx::Operand operand;
    for (size_t k = 0; k < given.n; k++) {
        operand.push_back(sequence_of(given.alternatives[k]));
    }
    return operand;
}

void add_regions(const dgmx_within &given, dgmx::Where &made)
{
    for (size_t i = 0; i < given.n_regions; i++) {
        const dgmx_region &one = given.regions[i];
        dgmx::Region region;
        region.begin = dgmx::term_of(one.begin.p, one.begin.n);
        region.end = dgmx::term_of(one.end.p, one.end.n);
        for (size_t k = 0; k < given.n_names; k++) {
            region.names.push_back(operand_of(one.names[k]));
        }
        made.regions.push_back(region);
    }
    made.program.assign(given.program, given.program + given.n_program);
}

dgmx::Where where_of(const dgmx_within &given)
{
    dgmx::Where made;
    for (size_t i = 0; i < given.n; i++) {
        made.operands.push_back(operand_of(given.operands[i]));
    }
    made.ordered = given.ordered;
    made.distance = given.distance;
    if (given.n_regions > 0) {
        add_regions(given, made);
        return made;
    }
    if (made.operands.empty()) {
        throw Xapian::InvalidArgumentError("places of nothing");
    }
    if (given.distance == 0) {
        made.marker = dgmx::term_of(given.marker.p, given.marker.n);
    }
    return made;
}

} // namespace

std::vector<Span> dgmx::spans_of(const Text &text, const Operand &operand)
{
    std::vector<Span> spans;
    for (const Sequence &sequence : operand) {
        add_sequence(text, sequence, spans);
    }
    std::sort(spans.begin(), spans.end(), starts_before);
    return spans;
}

bool dgmx::is_within(const Text &text, const Where &where)
{
    if (!where.regions.empty()) {
        FoundRegion found;
        return find_region(text, where, found);
    }
    return where.distance > 0 ? are_in_reach(text, where) : share_a_unit(text, where);
}

Xapian::Query dgmx::within(const Where &where)
{
    return Xapian::Query((new Within(where))->release());
}

dgm_status dgmx_query_within(const dgmx_within *within, dgmx_query **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_query &made) {
        made.query = dgmx::within(where_of(*within));
    });
}

dgm_status dgmx_within_find(dgmx_db *db, const dgmx_within *within, uint32_t id,
                            dgmx_found_region *out, dgm_error *err)
{
    return dgmx::guard(err, [&] {
        dgmx::FoundRegion found;
        IndexedText text(db->db, id);
        if (!dgmx::find_region(text, where_of(*within), found)) {
            throw Xapian::DocNotFoundError("no such region");
        }
        *out = { found.kind, found.span.from, found.span.to };
    });
}

dgm_status dgmx_within_terms(const dgmx_within *within, const dgmx_term *terms, size_t n,
                             bool *out, dgm_error *err)
{
    return dgmx::guard(
        err, [&] { *out = dgmx::is_within(GivenText(terms, n), where_of(*within)); });
}
