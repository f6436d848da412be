/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regions of a document that have certain words and begin under certain names. Depends on
 * Xapian and within.hh. */
#include "within.hh"

#include <algorithm>
#include <iterator>

#include "dgmx.h"

namespace
{

using dgmx::Places;
using dgmx::Span;
/* Regions by number, ascending. */
using Numbers = std::vector<size_t>;

struct Regions {
    const dgmx::Text &text;
    Places begins, ends;
};

/* Those that have an operand whole. */
Numbers regions_with(const Regions &r, const dgmx::Operand &operand)
{
    Numbers numbers;
    for (const Span &span : dgmx::spans_of(r.text, operand)) {
        auto next = std::upper_bound(r.begins.begin(), r.begins.end(), span.from);
        if (next == r.begins.begin()) {
            continue;
        }
        auto number = static_cast<size_t>(next - r.begins.begin()) - 1;
        bool inside = span.to <= r.ends[number];
        if (inside && (numbers.empty() || numbers.back() != number)) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

/* Those at whose beginning all terms of one sequence stand. */
Numbers regions_named(const Regions &r, const dgmx::Operand &name)
{
    Numbers numbers;
    for (const dgmx::Sequence &terms : name) {
        Places common = r.begins;
        for (const std::string &term : terms) {
            Places here = r.text.places_of(term), both;
            std::set_intersection(common.begin(), common.end(), here.begin(), here.end(),
                                  std::back_inserter(both));
            common.swap(both);
        }
        for (Xapian::termpos p : common) {
            auto it = std::lower_bound(r.begins.begin(), r.begins.end(), p);
            numbers.push_back(static_cast<size_t>(it - r.begins.begin()));
        }
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

void join(std::vector<Numbers> &stack, int how)
{
    if (stack.size() < 2) {
        throw Xapian::InvalidArgumentError("a program that joins nothing");
    }
    Numbers b = stack.back(), joined;
    stack.pop_back();
    Numbers &a = stack.back();
    auto to = std::back_inserter(joined);
    if (how == DGMX_BOTH) {
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), to);
    } else if (how == DGMX_EITHER) {
        std::set_union(a.begin(), a.end(), b.begin(), b.end(), to);
    } else {
        std::set_difference(a.begin(), a.end(), b.begin(), b.end(), to);
    }
    a.swap(joined);
}

Numbers run(const Regions &r, const dgmx::Where &where, const dgmx::Region &kind)
{
    std::vector<Numbers> stack;
    for (int step : where.program) {
        auto i = static_cast<size_t>(step);
        if (step < 0) {
            join(stack, step);
        } else if (i < where.operands.size()) {
            stack.push_back(regions_with(r, where.operands[i]));
        } else {
            stack.push_back(regions_named(r, kind.names.at(i - where.operands.size())));
        }
    }
    if (stack.size() != 1) {
        throw Xapian::InvalidArgumentError("a program without one result");
    }
    return stack.back();
}

} // namespace

bool dgmx::find_region(const Text &text, const Where &where, FoundRegion &found)
{
    for (size_t kind = 0; kind < where.regions.size(); kind++) {
        const Region &region = where.regions[kind];
        Regions r{ text, text.places_of(region.begin), text.places_of(region.end) };
        if (r.begins.empty() || r.begins.size() != r.ends.size()) {
            continue;
        }
        Numbers fit = run(r, where, region);
        if (!fit.empty()) {
            found = { kind, { r.begins[fit[0]], r.ends[fit[0]] } };
            return true;
        }
    }
    return false;
}
