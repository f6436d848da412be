/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting groups of documents over the matches of a query.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"
#include "numberset.hh"

#include <unordered_map>

using dgmx::guard;
using dgmx::NumberSet;

namespace
{

struct Class {
    std::string label; /* the most frequent of its values */
    uint32_t documents = 0;
    uint32_t groups = 0;
};

struct Value {
    int64_t of = -1; /* its class; -1: it does not count */
    uint32_t documents = 0;
};

constexpr size_t class_max = 256;

} // namespace

class GroupSpy : public Xapian::ValueCountMatchSpy
{
    Xapian::valueno slots, group_slot;
    dgmx_class_fn class_of;
    void *user;
    std::unordered_map<std::string, Value> values;
    std::unordered_map<std::string, int64_t> numbers; /* of classes */
    std::vector<Class> classes;
    NumberSet groups, pairs;

    int64_t number_of(const std::string &value)
    {
        char key[class_max];
        size_t n = value.size();
        if (class_of) {
            n = class_of(user, value.data(), value.size(), key, sizeof key);
            if (n == 0 || n > sizeof key) {
                return -1;
            }
        }
        std::string name = class_of ? std::string(key, n) : value;
        auto entry = numbers.emplace(std::move(name), classes.size());
        if (entry.second) {
            classes.emplace_back();
        }
        return entry.first->second;
    }

    Value &value_of(std::string &&text)
    {
        auto entry = values.try_emplace(std::move(text));
        Value &value = entry.first->second;
        if (entry.second) {
            value.of = number_of(entry.first->first);
        }
        return value;
    }

    /* group 0: it has no other document. */
    void count(Value &value, uint64_t group)
    {
        value.documents++;
        if (value.of < 0) {
            return;
        }
        if (group == 0) {
            classes[static_cast<size_t>(value.of)].groups++;
            return;
        }
        uint64_t mixed = static_cast<uint64_t>(value.of + 1) * 0xd6e8feb86659fd93u;
        if (pairs.add(group ^ (mixed ^ mixed >> 29))) {
            classes[static_cast<size_t>(value.of)].groups++;
        }
    }

    uint64_t group_of(const Xapian::Document &doc) const
    {
        std::string value = doc.get_value(group_slot);
        uint64_t group = doc.get_docid(); /* by itself where there is none */
        if (value.size() == sizeof group) {
            std::memcpy(&group, value.data(), sizeof group);
        }
        return group;
    }

  public:
    GroupSpy(Xapian::valueno slot, Xapian::valueno slots_, Xapian::valueno group,
             dgmx_class_fn fn, void *user_)
        : Xapian::ValueCountMatchSpy(slot), slots(slots_), group_slot(group),
          class_of(fn), user(user_)
    {
    }

    void operator()(const Xapian::Document &doc, double) override
    {
        ++internal->total;
        uint64_t group = group_of(doc);
        if (slots == 0) {
            groups.add(group);
        }
        for (Xapian::valueno i = 0; i < slots; i++) {
            std::string value = doc.get_value(internal->slot + i);
            if (value.empty()) {
                return;
            }
            count(value_of(std::move(value)), group);
        }
    }

    using Fed = std::vector<std::pair<Xapian::docid, uint32_t>>;

    /* Of the documents those stay that have a value. */
    void count_numbers(const dgmx::Column &column, Fed &fed)
    {
        std::vector<Value *> known(column.values.size());
        size_t kept = 0;
        for (const auto &one : fed) {
            uint16_t number = column.at(one.first);
            if (number == 0) {
                continue;
            }
            if (!known[number]) {
                known[number] = &value_of(std::string(column.values[number]));
            }
            count(*known[number], one.second);
            fed[kept++] = one;
        }
        fed.resize(kept);
    }

    void count_values(const Xapian::Database &db, Xapian::valueno slot, Fed &fed)
    {
        auto at = db.valuestream_begin(slot), end = db.valuestream_end(slot);
        size_t kept = 0;
        for (const auto &one : fed) {
            if (at != end && at.get_docid() < one.first) {
                at.skip_to(one.first);
            }
            if (at == end) {
                break;
            }
            if (at.get_docid() == one.first) {
                count(value_of(*at), one.second);
                fed[kept++] = one;
            }
        }
        fed.resize(kept);
    }

    void feed(dgmx_db &db, Fed &fed, uint64_t expected)
    {
        internal->total += static_cast<Xapian::doccount>(fed.size());
        for (Xapian::valueno i = 0; i < slots && !fed.empty(); i++) {
            auto column = db.columns->find(db.db, internal->slot + i, i ? 0 : expected);
            if (column) {
                count_numbers(*column, fed);
            } else {
                db.columns->note(internal->slot + i, fed.size());
                count_values(db.db, internal->slot + i, fed);
            }
        }
    }

    bool has_slots() const
    {
        return slots > 0;
    }

    /* It has no name, so that a remote database refuses it. */
    std::string name() const override
    {
        return std::string();
    }

    size_t count_groups() const
    {
        return groups.size();
    }

    /* Hands the counts over to where the plain spy has them. */
    void settle()
    {
        for (const auto &entry : values) {
            if (entry.second.of < 0) {
                continue;
            }
            Class &c = classes[static_cast<size_t>(entry.second.of)];
            bool better =
                entry.second.documents > c.documents ||
                (entry.second.documents == c.documents && entry.first < c.label);
            if (better) {
                c.label = entry.first;
                c.documents = entry.second.documents;
            }
        }
        internal->values.clear();
        for (const Class &c : classes) {
            internal->values[c.label] = c.groups;
        }
    }
};

static void settle(Xapian::ValueCountMatchSpy &spy)
{
    static_cast<GroupSpy &>(spy).settle();
}

dgm_status dgmx_spy_new_grouped(uint32_t slot, uint32_t slots, uint32_t group,
                                dgmx_class_fn class_of, void *user, dgmx_spy **out,
                                dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_spy &made) {
        dgmx::check_slot(slot);
        dgmx::check_slot(group);
        if (slots >= Xapian::BAD_VALUENO - slot) {
            throw Xapian::InvalidArgumentError("no such run of slots: " +
                                               std::to_string(slots));
        }
        made.spy = std::make_shared<GroupSpy>(slot, slots, group, class_of, user);
        made.settle = settle;
    });
}

dgm_status dgmx_spy_feed_grouped(dgmx_spy *spy, dgmx_db *db, const dgmx_docid *ids,
                                 const uint32_t *groups, size_t n, uint64_t expected,
                                 dgm_error *err)
{
    return guard(err, [&] {
        if (spy->settle != settle || !static_cast<GroupSpy &>(*spy->spy).has_slots()) {
            throw Xapian::InvalidArgumentError("a spy that has to see documents");
        }
        GroupSpy::Fed fed;
        fed.reserve(n);
        for (size_t i = 0; i < n; i++) {
            fed.emplace_back(ids[i], groups[i]);
        }
        static_cast<GroupSpy &>(*spy->spy).feed(*db, fed, expected);
    });
}

dgm_status dgmx_spy_groups(dgmx_spy *spy, uint64_t *out, dgm_error *err)
{
    return guard(err, [&] {
        if (spy->settle != settle) {
            throw Xapian::InvalidArgumentError("a spy that does not count groups");
        }
        *out = static_cast<GroupSpy &>(*spy->spy).count_groups();
    });
}
