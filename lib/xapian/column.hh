/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of a slot as an array of numbers by document id, for spies that look at many
 * documents. Depends on Xapian. */
#ifndef DGMX_COLUMN_HH
#define DGMX_COLUMN_HH

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <xapian.h>

namespace dgmx
{

/* Number 0 is of documents without a value; those behind the end have none. */
struct Column {
    std::vector<uint16_t> numbers;   /* by document id */
    std::vector<std::string> values; /* by number */

    uint16_t at(Xapian::docid id) const
    {
        return id < numbers.size() ? numbers[id] : uint16_t(0);
    }
};

/* Columns of one database at one revision. To read a slot whole costs what looking up
 * some quarter of its values does, so a column is made when that many were looked up, or
 * are about to be: never much more is spent than the better of the two would have
 * cost. */
class Columns
{
    struct Entry {
        std::shared_ptr<const Column> column;
        uint64_t looked_up = 0;
        bool unfit = false; /* too many different values, or no room */
    };
    std::map<Xapian::valueno, Entry> entries;
    size_t bytes = 0;

  public:
    /* NULL: values are to be looked up. expected: how many will be, at least. */
    std::shared_ptr<const Column> find(const Xapian::Database &db, Xapian::valueno slot,
                                       uint64_t expected);
    void note(Xapian::valueno slot, uint64_t looked_up)
    {
        entries[slot].looked_up += looked_up;
    }
    void clear()
    {
        entries.clear();
        bytes = 0;
    }
};

} // namespace dgmx

#endif
