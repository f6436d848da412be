/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting the values of a slot over the matches of a query.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "column.hh"
#include "handles.hh"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <new>

using dgmx::guard;

using Tally = std::vector<std::pair<std::string, uint32_t>>;

/* Counts the values of one slot, or of several in a row up to the first empty one. It
 * counts numbers where a slot has a column. Else it asks the map only for values that a
 * small table has not: of a label or a day there are few, and comparing strings down a
 * tree for each document adds up. With one slot it is known to remote databases by its
 * base's name and counts the same there; with more it has no name, so that a remote
 * database refuses it instead of counting too little. */
class SlotSpy : public Xapian::ValueCountMatchSpy
{
    struct Seen {
        const std::string *value = nullptr; /* in the map, where it stays */
        Xapian::doccount *count = nullptr;
    };
    struct Slot {
        std::shared_ptr<const dgmx::Column> column;
        std::vector<Xapian::doccount> counts; /* by the column's numbers */
        uint64_t looked_up = 0;
    };
    static constexpr size_t SEEN = 1024;
    std::array<Seen, SEEN> table;
    std::vector<Slot> slots;
    std::shared_ptr<dgmx::Columns> columns;

    void tally(std::string &&value)
    {
        Seen &seen = table[std::hash<std::string>()(value) % SEEN];
        if (!seen.value || *seen.value != value) {
            auto &entry = *internal->values.emplace(std::move(value), 0).first;
            seen = Seen{ &entry.first, &entry.second };
        }
        ++*seen.count;
    }

    /* Of the documents those stay that have a value. */
    static void count_numbers(Slot &slot, std::vector<Xapian::docid> &ids)
    {
        size_t kept = 0;
        for (Xapian::docid id : ids) {
            uint16_t number = slot.column->at(id);
            slot.counts[number]++;
            ids[kept] = id;
            kept += number != 0;
        }
        ids.resize(kept);
    }

    void count_values(const Xapian::Database &db, size_t i,
                      std::vector<Xapian::docid> &ids)
    {
        auto number = static_cast<Xapian::valueno>(internal->slot + i);
        auto at = db.valuestream_begin(number), end = db.valuestream_end(number);
        size_t kept = 0;
        slots[i].looked_up += ids.size();
        for (Xapian::docid id : ids) {
            if (at != end && at.get_docid() < id) {
                at.skip_to(id);
            }
            if (at == end) {
                break;
            }
            if (at.get_docid() == id) {
                tally(*at);
                ids[kept++] = id;
            }
        }
        ids.resize(kept);
    }

  public:
    SlotSpy(Xapian::valueno slot, Xapian::valueno slots_)
        : Xapian::ValueCountMatchSpy(slot), slots(slots_)
    {
    }

    /* Slots behind the first one are looked up less often, as few documents fill them;
     * they get a column when that was worth one. */
    void use(const std::shared_ptr<dgmx::Columns> &from, const Xapian::Database &db,
             uint64_t expected)
    {
        columns = from;
        for (size_t i = 0; i < slots.size(); i++) {
            auto slot = static_cast<Xapian::valueno>(internal->slot + i);
            slots[i].column = from->find(db, slot, i == 0 ? expected : 0);
            if (slots[i].column) {
                slots[i].counts.resize(slots[i].column->values.size());
            }
        }
    }

    void operator()(const Xapian::Document &doc, double) override
    {
        ++internal->total;
        for (size_t i = 0; i < slots.size(); i++) {
            Slot &slot = slots[i];
            if (slot.column) {
                uint16_t number = slot.column->at(doc.get_docid());
                if (number == 0) {
                    return;
                }
                slot.counts[number]++;
                continue;
            }
            slot.looked_up++;
            std::string value =
                doc.get_value(static_cast<Xapian::valueno>(internal->slot + i));
            if (value.empty()) {
                return;
            }
            tally(std::move(value));
        }
    }

    /* The same for documents whose ids ascend, a slot after the other: of those without a
     * column the values are read in one walk. */
    void feed(const Xapian::Database &db, const Xapian::docid *ids, size_t n)
    {
        std::vector<Xapian::docid> rest(ids, ids + n);
        internal->total += static_cast<Xapian::doccount>(n);
        for (size_t i = 0; i < slots.size() && !rest.empty(); i++) {
            if (slots[i].column) {
                count_numbers(slots[i], rest);
            } else {
                count_values(db, i, rest);
            }
        }
    }

    std::string name() const override
    {
        return slots.size() == 1 ? Xapian::ValueCountMatchSpy::name() : std::string();
    }

    /* Hands over what was counted by number, and tells what was looked up. */
    void settle()
    {
        for (size_t i = 0; i < slots.size(); i++) {
            Slot &slot = slots[i];
            for (size_t number = 1; number < slot.counts.size(); number++) {
                if (slot.counts[number] > 0) {
                    internal->values[slot.column->values[number]] += slot.counts[number];
                }
            }
            std::fill(slot.counts.begin(), slot.counts.end(), 0);
            if (columns) {
                columns->note(static_cast<Xapian::valueno>(internal->slot + i),
                              slot.looked_up);
            }
            slot.looked_up = 0;
        }
    }
};

static void settle(Xapian::ValueCountMatchSpy &spy)
{
    static_cast<SlotSpy &>(spy).settle();
}

dgm_status dgmx_spy_new(uint32_t slot, dgmx_spy **out, dgm_error *err)
{
    return dgmx_spy_new_run(NULL, slot, 1, 0, out, err);
}

dgm_status dgmx_spy_new_run(dgmx_db *db, uint32_t slot, uint32_t slots, uint64_t expected,
                            dgmx_spy **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_spy &made) {
        dgmx::check_slot(slot);
        if (slots == 0 || slots - 1 >= Xapian::BAD_VALUENO - slot) {
            throw Xapian::InvalidArgumentError("no such run of slots: " +
                                               std::to_string(slots));
        }
        auto spy = std::make_shared<SlotSpy>(slot, slots);
        if (db && db->shards == 1) {
            spy->use(db->columns, db->db, expected);
        }
        made.spy = spy;
        made.settle = settle;
    });
}

dgm_status dgmx_spy_feed(dgmx_spy *spy, dgmx_db *db, const dgmx_docid *ids, size_t n,
                         dgm_error *err)
{
    return guard(err, [&] {
        if (spy->settle != settle) {
            throw Xapian::InvalidArgumentError("a spy that has to see documents");
        }
        static_cast<SlotSpy &>(*spy->spy).feed(db->db, ids, n);
    });
}

/* The most frequent first; equal ones by value, so that the order is the same each time.
 */
static Tally tally_of(const Xapian::ValueCountMatchSpy &spy)
{
    Tally tally;
    for (auto at = spy.values_begin(); at != spy.values_end(); ++at) {
        tally.emplace_back(*at, at.get_termfreq());
    }
    std::stable_sort(tally.begin(), tally.end(),
                     [](const auto &a, const auto &b) { return a.second > b.second; });
    return tally;
}

/* The array, and behind it the bytes that it points at, each value with a NUL for
 * comfort. */
static dgmx_count *copy_out(const Tally &tally)
{
    size_t bytes = tally.size() * sizeof(dgmx_count) + 1;
    for (const auto &entry : tally) {
        bytes += entry.first.size() + 1;
    }
    auto *counts = static_cast<dgmx_count *>(std::malloc(bytes));
    if (!counts) {
        throw std::bad_alloc();
    }
    char *text = reinterpret_cast<char *>(counts + tally.size());
    for (size_t i = 0; i < tally.size(); i++) {
        const std::string &value = tally[i].first;
        std::memcpy(text, value.c_str(), value.size() + 1);
        counts[i] = dgmx_count{ text, value.size(), tally[i].second };
        text += value.size() + 1;
    }
    return counts;
}

dgm_status dgmx_spy_counts(dgmx_spy *spy, dgmx_count **out, size_t *n, dgm_error *err)
{
    *out = nullptr;
    *n = 0;
    return guard(err, [&] {
        if (spy->settle) {
            spy->settle(*spy->spy);
        }
        Tally tally = tally_of(*spy->spy);
        *out = copy_out(tally);
        *n = tally.size();
    });
}

dgm_status dgmx_spy_total(dgmx_spy *spy, uint32_t *out, dgm_error *err)
{
    return guard(err, [&] { *out = static_cast<uint32_t>(spy->spy->get_total()); });
}

void dgmx_spy_free(dgmx_spy *spy)
{
    dgmx::drop(spy);
}
