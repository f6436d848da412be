/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting the values of a slot over the matches of a query.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <new>

using dgmx::guard;

using Tally = std::vector<std::pair<std::string, uint32_t>>;

/* Counts the values of one slot, or of several in a row up to the first empty one. It
 * asks the map only for values that a small table has not: of a label or a day there are
 * few, and comparing strings down a tree for each document adds up. With one slot it is
 * known to remote databases by its base's name and counts the same there; with more it
 * has no name, so that a remote database refuses it instead of counting too little. */
class SlotSpy : public Xapian::ValueCountMatchSpy
{
    struct Seen {
        const std::string *value = nullptr; /* in the map, where it stays */
        Xapian::doccount *count = nullptr;
    };
    static constexpr size_t SEEN = 1024;
    std::array<Seen, SEEN> table;
    Xapian::valueno slots;

    void tally(std::string &&value)
    {
        Seen &seen = table[std::hash<std::string>()(value) % SEEN];
        if (!seen.value || *seen.value != value) {
            auto &entry = *internal->values.emplace(std::move(value), 0).first;
            seen = Seen{ &entry.first, &entry.second };
        }
        ++*seen.count;
    }

  public:
    SlotSpy(Xapian::valueno slot, Xapian::valueno slots_)
        : Xapian::ValueCountMatchSpy(slot), slots(slots_)
    {
    }

    void operator()(const Xapian::Document &doc, double) override
    {
        ++internal->total;
        for (Xapian::valueno i = 0; i < slots; i++) {
            std::string value = doc.get_value(internal->slot + i);
            if (value.empty()) {
                return;
            }
            tally(std::move(value));
        }
    }

    std::string name() const override
    {
        return slots == 1 ? Xapian::ValueCountMatchSpy::name() : std::string();
    }
};

dgm_status dgmx_spy_new(uint32_t slot, dgmx_spy **out, dgm_error *err)
{
    return dgmx_spy_new_run(slot, 1, out, err);
}

dgm_status dgmx_spy_new_run(uint32_t slot, uint32_t slots, dgmx_spy **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_spy &made) {
        dgmx::check_slot(slot);
        if (slots == 0 || slots - 1 >= Xapian::BAD_VALUENO - slot) {
            throw Xapian::InvalidArgumentError("no such run of slots: " +
                                               std::to_string(slots));
        }
        made.spy = std::make_shared<SlotSpy>(slot, slots);
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
