/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which numbers were seen already, for spies that count different ones. Depends on
 * nothing. */
#ifndef DGMX_NUMBERSET_HH
#define DGMX_NUMBERSET_HH

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dgmx
{

/* Numbers seen, in one table that is never more than half full. 0 stands for a free
 * place, so it is kept apart. */
class NumberSet
{
    std::vector<uint64_t> table;
    size_t count = 0;
    bool zero = false;

    static size_t place(const std::vector<uint64_t> &in, uint64_t number)
    {
        uint64_t mixed = number * 0x9e3779b97f4a7c15u;
        size_t at = static_cast<size_t>(mixed ^ mixed >> 32) & (in.size() - 1);
        while (in[at] != 0 && in[at] != number) {
            at = (at + 1) & (in.size() - 1);
        }
        return at;
    }

    void grow()
    {
        std::vector<uint64_t> larger(table.size() * 2);
        for (uint64_t number : table) {
            if (number != 0) {
                larger[place(larger, number)] = number;
            }
        }
        table.swap(larger);
    }

  public:
    NumberSet() : table(1024)
    {
    }

    /* Whether it was not there yet. */
    bool add(uint64_t number)
    {
        if (number == 0) {
            bool fresh = !zero;
            zero = true;
            return fresh;
        }
        if ((count + 1) * 2 > table.size()) {
            grow();
        }
        size_t at = place(table, number);
        if (table[at] == number) {
            return false;
        }
        table[at] = number;
        count++;
        return true;
    }

    size_t size() const
    {
        return count + (zero ? 1 : 0);
    }
};

} // namespace dgmx

#endif
