/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frequencies of terms that were asked for, to be asked for again: planning, ranking and
 * correcting ask for the same ones, and each answer is read from the disk. Depends on
 * Xapian. */
#ifndef DGMX_FREQUENCY_HH
#define DGMX_FREQUENCY_HH

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <xapian.h>

namespace dgmx
{

/* Of one database at one revision. Each term has one place, which it shares with others:
 * the last one asked for has it. */
class Frequencies
{
    static constexpr size_t places = 2048;
    struct Entry {
        std::string term; /* empty: of none */
        uint32_t frequency = 0;
    };
    std::vector<Entry> entries;

  public:
    uint32_t find(const Xapian::Database &db, std::string_view term)
    {
        if (entries.empty()) {
            entries.resize(places);
        }
        Entry &entry = entries[std::hash<std::string_view>()(term) % places];
        if (entry.term != term) {
            std::string text(term);
            entry.frequency = db.get_termfreq(text);
            entry.term.swap(text);
        }
        return entry.frequency;
    }
    void clear()
    {
        entries.clear();
    }
};

} // namespace dgmx

#endif
