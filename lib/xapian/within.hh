/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter by where words stand in an item: near one another, in order, in one unit or
 * region. Depends on Xapian. */
#ifndef DGMX_WITHIN_HH
#define DGMX_WITHIN_HH

#include <cstdint>
#include <string>
#include <vector>

#include <xapian.h>

namespace dgmx
{

/* Terms one after another. */
using Sequence = std::vector<std::string>;
/* Any of these. */
using Operand = std::vector<Sequence>;

/* Regions of one kind, in the order of their places; none overlaps another. */
struct Region {
    std::string begin, end;
    std::vector<Operand> names; /* terms of a sequence stand at one place */
};

struct Where {
    std::vector<Operand> operands;
    bool ordered = false;
    uint32_t distance = 0; /* 0: in one unit, whose beginnings are the marker's places */
    std::string marker;
    std::vector<Region> regions;
    std::vector<int> program; /* over sets of regions (dgmx.h) */
};

using Places = std::vector<Xapian::termpos>;

struct Span {
    Xapian::termpos from, to;
};

/* One document: where its terms stand. */
class Text
{
  public:
    virtual ~Text() = default;
    /* Ascending; none: the document has no such term. */
    virtual Places places_of(const std::string &term) const = 0;
};

/* Where an operand stands, by first places. */
std::vector<Span> spans_of(const Text &text, const Operand &operand);

/* Whether the document is as asked. */
bool is_within(const Text &text, const Where &where);

/* The first region that fits (regions.cc); false: none. */
struct FoundRegion {
    size_t kind;
    Span span;
};
bool find_region(const Text &text, const Where &where, FoundRegion &found);

/* As a filter it is asked only about documents that the other side has: that side should
 * have all operands. */
Xapian::Query within(const Where &where);

} // namespace dgmx

#endif
