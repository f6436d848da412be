/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the values of a slot into a column. Depends on Xapian, column.hh and dgmx.h. */
#include "column.hh"
#include "dgmx.h"

#include <unordered_map>

using dgmx::Column;
using dgmx::Columns;

namespace
{

constexpr unsigned looked_up_share = 4; /* of the documents: then a column pays */
constexpr size_t entry_bytes = 100;     /* of a value, beside its own */

/* What a column needs, or 0 if it has more values than numbers, or takes more room. */
size_t fill(Column &column, const Xapian::Database &db, Xapian::valueno slot, size_t room)
{
    std::unordered_map<std::string, uint16_t> known;
    size_t bytes = 0;
    column.values.emplace_back();
    column.numbers.reserve(db.get_value_freq(slot) ? db.get_lastdocid() + 1 : 0);
    bytes = column.numbers.capacity() * sizeof(uint16_t) + entry_bytes;
    auto end = db.valuestream_end(slot);
    for (auto at = db.valuestream_begin(slot); at != end && bytes <= room; ++at) {
        auto number = static_cast<uint16_t>(column.values.size());
        auto entry = known.emplace(*at, number);
        if (entry.second) {
            if (column.values.size() > UINT16_MAX) {
                return 0;
            }
            column.values.push_back(entry.first->first);
            bytes += entry_bytes + entry.first->first.size();
        }
        column.numbers.resize(at.get_docid() + 1);
        column.numbers.back() = entry.first->second;
    }
    return bytes <= room ? bytes : 0;
}

} // namespace

std::shared_ptr<const Column> Columns::find(const Xapian::Database &db,
                                            Xapian::valueno slot, uint64_t expected)
{
    Entry &entry = entries[slot];
    if (entry.column || entry.unfit) {
        return entry.column;
    }
    Xapian::docid last = db.get_lastdocid();
    if (last > DGMX_COLUMN_DOCUMENTS) {
        entry.unfit = true;
    } else if (entry.looked_up + expected >= last / looked_up_share) {
        auto made = std::make_shared<Column>();
        size_t needed = fill(*made, db, slot, DGMX_COLUMNS_BYTES - bytes);
        entry.unfit = needed == 0;
        if (!entry.unfit) {
            bytes += needed;
            entry.column = made;
        }
    }
    return entry.column;
}
