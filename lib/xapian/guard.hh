/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one guard that keeps C++ exceptions from leaving through C, and what it can be
 * told. Depends on lib/base/fail.h; the mapping itself, with every catch by type, is in
 * guard.cc. */
#ifndef DGMX_GUARD_HH
#define DGMX_GUARD_HH

#include "dragoman.h"

namespace dgmx
{

/* Thrown out of a match when its time is up. It is not a Xapian::Error on purpose:
 * nothing inside Xapian may take it for a failure of the database and carry on. */
struct DeadlinePassed {
};

/* Maps the exception in flight to a status and fills err (which may be NULL).
 * Errors: the table in dgmx.h. To be called from a handler only. */
dgm_status caught(dgm_error *err) noexcept;

/* Runs body; whatever it throws becomes a status. */
template <typename F> dgm_status guard(dgm_error *err, F &&body) noexcept
{
    try {
        body();
        return DGM_OK;
    } catch (...) {
        return caught(err);
    }
}

} // namespace dgmx

#endif
