/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terms that documents have in common. Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

using dgmx::guard;

namespace
{

class WithPrefix : public Xapian::ExpandDecider
{
    std::string prefix;

  public:
    explicit WithPrefix(std::string prefix_) : prefix(std::move(prefix_))
    {
    }

    bool operator()(const std::string &term) const override
    {
        return term.compare(0, prefix.size(), prefix) == 0;
    }
};

} // namespace

dgm_status dgmx_expand(dgmx_db *db, const dgmx_docid *ids, size_t n, dgmx_bytes prefix,
                       unsigned most,
                       bool (*take)(void *user, dgmx_bytes term, uint32_t frequency),
                       void *user, dgm_error *err)
{
    return guard(err, [&] {
        Xapian::RSet set;
        for (size_t i = 0; i < n; i++) {
            set.add_document(ids[i]);
        }
        WithPrefix decider(std::string(prefix.p, prefix.n));
        Xapian::Enquire enquire(db->db);
        Xapian::ESet found = enquire.get_eset(most, set, &decider);
        for (auto at = found.begin(); at != found.end(); ++at) {
            std::string term = *at;
            dgmx_bytes bytes = { term.data(), term.size() };
            if (!take(user, bytes, db->db.get_termfreq(term))) {
                return;
            }
        }
    });
}
