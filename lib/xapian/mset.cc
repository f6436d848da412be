/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of results.
 * Depends on Xapian, guard.hh, handles.hh and mset.hh. */
#include "mset.hh"

#include "handles.hh"

using dgmx::guard;

size_t dgmx_mset_size(const dgmx_mset *m)
{
    return m->mset.size();
}

static Xapian::MSetIterator at(const Xapian::MSet &mset, size_t i)
{
    if (i >= mset.size()) {
        throw Xapian::InvalidArgumentError("hit " + std::to_string(i) + " of " +
                                           std::to_string(mset.size()));
    }
    return mset[static_cast<Xapian::doccount>(i)];
}

dgm_status dgmx_mset_hit(dgmx_mset *m, size_t i, dgmx_hit *out, dgm_error *err)
{
    *out = dgmx_hit{};
    return guard(err, [&] {
        Xapian::MSetIterator hit = at(m->mset, i);
        *out = dgmx_hit{ *hit, hit.get_weight(), hit.get_collapse_count() };
    });
}

dgm_status dgmx_mset_doc(dgmx_mset *m, size_t i, dgmx_doc **out, dgm_error *err)
{
    return dgmx::make(out, err,
                      [&](dgmx_doc &made) { made.doc = at(m->mset, i).get_document(); });
}

dgm_status dgmx_mset_matches(dgmx_mset *m, uint32_t *low, uint32_t *estimate,
                             uint32_t *high, dgm_error *err)
{
    return guard(err, [&] {
        *low = m->mset.get_matches_lower_bound();
        *estimate = m->mset.get_matches_estimated();
        *high = m->mset.get_matches_upper_bound();
    });
}

void dgmx_mset_free(dgmx_mset *m)
{
    dgmx::drop(m);
}
