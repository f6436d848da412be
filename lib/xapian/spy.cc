/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting the values of a slot over the matches of a query.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

#include <algorithm>
#include <cstdlib>
#include <new>

using dgmx::guard;

using Tally = std::vector<std::pair<std::string, uint32_t>>;

dgm_status dgmx_spy_new(uint32_t slot, dgmx_spy **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_spy &made) {
        dgmx::check_slot(slot);
        made.spy = std::make_shared<Xapian::ValueCountMatchSpy>(slot);
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
