/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter by where words stand in an item: near one another, in order, or in one unit.
 * Depends on Xapian. */
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

struct Where {
    std::vector<Operand> operands;
    bool ordered = false;
    uint32_t distance = 0; /* 0: in one unit, whose beginnings are the marker's places */
    std::string marker;
};

/* As a filter it is asked only about documents that the other side has: that side should
 * have all operands. */
Xapian::Query within(const Where &where);

} // namespace dgmx

#endif
