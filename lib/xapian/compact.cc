/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Merging databases into a new one.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

dgm_status dgmx_compact(const char *const *from, size_t n, const char *to, bool keep_ids,
                        dgm_error *err)
{
    return dgmx::guard(err, [&] {
        if (n == 0) {
            throw Xapian::InvalidArgumentError("nothing to merge");
        }
        Xapian::Database all;
        for (size_t i = 0; i < n; i++) {
            all.add_database(Xapian::Database(from[i]));
        }
        /* One pass: with hundreds of small sources several passes cost twice the time.
         * The level is named because 0 would mean STANDARD, not the documented default.
         */
        unsigned flags = Xapian::Compactor::FULL;
        flags |= keep_ids ? Xapian::DBCOMPACT_NO_RENUMBER : 0;
        all.compact(to, flags);
    });
}
