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

void add_sequence(const Xapian::Database &db, Xapian::docid id,
                  const dgmx::Sequence &terms, std::vector<Span> &spans)
{
    Places begins = dgmx::places_of(db, id, terms[0]);
    for (size_t i = 1; i < terms.size() && !begins.empty(); i++) {
        Places here = dgmx::places_of(db, id, terms[i]);
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

class Within : public Xapian::PostingSource
{
    dgmx::Where where;
    Xapian::Database db;
    Xapian::docid at = 0, last = 0;
    Xapian::doccount count = 0;

    std::vector<Span> spans_of(Xapian::docid id, const dgmx::Operand &operand) const
    {
        return dgmx::spans_of(db, id, operand);
    }

    bool are_near(const Span &a, const Span &b) const
    {
        if (b.from > a.to) {
            return b.from - a.to <= where.distance;
        }
        return !where.ordered && a.from > b.to && a.from - b.to <= where.distance;
    }

    /* Those of `next` that are near one of `reached`. */
    std::vector<Span> step(const std::vector<Span> &reached,
                           const std::vector<Span> &next) const
    {
        constexpr Xapian::termpos longest = 64; /* no phrase has more words */
        std::vector<Span> kept;
        for (const Span &span : next) {
            Xapian::termpos reach = where.distance + longest;
            Span first{ span.from > reach ? span.from - reach : 0, 0 };
            auto it =
                std::lower_bound(reached.begin(), reached.end(), first, starts_before);
            while (it != reached.end() && it->from <= span.to + where.distance &&
                   !are_near(*it, span)) {
                ++it;
            }
            if (it != reached.end() && are_near(*it, span)) {
                kept.push_back(span);
            }
        }
        return kept;
    }

    bool are_in_reach(Xapian::docid id) const
    {
        std::vector<Span> reached = spans_of(id, where.operands[0]);
        for (size_t i = 1; i < where.operands.size() && !reached.empty(); i++) {
            reached = step(reached, spans_of(id, where.operands[i]));
        }
        return !reached.empty();
    }

    /* The units, by number, that an operand stands in. */
    Places units_of(Xapian::docid id, const dgmx::Operand &operand,
                    const Places &begins) const
    {
        Places units;
        for (const Span &span : spans_of(id, operand)) {
            auto unit = static_cast<Xapian::termpos>(
                std::upper_bound(begins.begin(), begins.end(), span.from) -
                begins.begin());
            if (units.empty() || units.back() != unit) {
                units.push_back(unit);
            }
        }
        return units;
    }

    bool share_a_unit(Xapian::docid id) const
    {
        Places begins = dgmx::places_of(db, id, where.marker);
        Places common = units_of(id, where.operands[0], begins);
        for (size_t i = 1; i < where.operands.size() && !common.empty(); i++) {
            Places units = units_of(id, where.operands[i], begins), both;
            std::set_intersection(common.begin(), common.end(), units.begin(),
                                  units.end(), std::back_inserter(both));
            common.swap(both);
        }
        return !common.empty();
    }

    bool matches(Xapian::docid id) const
    {
        if (!where.regions.empty()) {
            dgmx::FoundRegion found;
            return dgmx::find_region(db, id, where, found);
        }
        return where.distance > 0 ? are_in_reach(id) : share_a_unit(id);
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

Places dgmx::places_of(const Xapian::Database &db, Xapian::docid id,
                       const std::string &term)
{
    Places found;
    Xapian::PositionIterator end = db.positionlist_end(id, term);
    for (auto it = db.positionlist_begin(id, term); it != end; ++it) {
        found.push_back(*it);
    }
    return found;
}

std::vector<Span> dgmx::spans_of(const Xapian::Database &db, Xapian::docid id,
                                 const Operand &operand)
{
    std::vector<Span> spans;
    for (const Sequence &sequence : operand) {
        add_sequence(db, id, sequence, spans);
    }
    std::sort(spans.begin(), spans.end(), starts_before);
    return spans;
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
        if (!dgmx::find_region(db->db, id, where_of(*within), found)) {
            throw Xapian::DocNotFoundError("no such region");
        }
        *out = { found.kind, found.span.from, found.span.to };
    });
}
