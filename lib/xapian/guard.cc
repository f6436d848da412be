/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one place where exceptions are caught by type and become a dgm_status.
 * Depends on Xapian and lib/base/fail.h. */
#include "guard.hh"

#include <exception>
#include <new>

#include <xapian.h>

extern "C" {
#include "fail.h"
}

namespace dgmx
{

static dgm_status tell(dgm_error *err, dgm_status code, const Xapian::Error &e) noexcept
{
    const char *reason = e.get_error_string();
    if (code == DGM_E_INTERNAL) {
        dgmi_fail(err, code, "%s: %s", e.get_type(), e.get_msg().c_str());
    } else if (reason) {
        dgmi_fail(err, code, "%s (%s)", e.get_msg().c_str(), reason);
    } else {
        dgmi_fail(err, code, "%s", e.get_msg().c_str());
    }
    return code;
}

/* Glass reports a table that ends too early as a plain DatabaseError, and a refusal by
 * the system as the same type with an errno; only the errno tells them apart. */
static dgm_status tell_database(dgm_error *err, const Xapian::DatabaseError &e) noexcept
{
    return tell(err, e.get_error_string() ? DGM_E_IO : DGM_E_CORRUPT, e);
}

/* Derived types stand before their bases: the order is the mapping. */
static dgm_status tell_xapian(dgm_error *err) noexcept
{
    try {
        throw;
    } catch (const Xapian::DatabaseModifiedError &e) {
        return tell(err, DGM_E_STALE, e);
    } catch (const Xapian::DatabaseLockError &e) {
        return tell(err, DGM_E_LOCKED, e);
    } catch (const Xapian::DatabaseNotFoundError &e) {
        return tell(err, DGM_E_NOTFOUND, e);
    } catch (const Xapian::DocNotFoundError &e) {
        return tell(err, DGM_E_NOTFOUND, e);
    } catch (const Xapian::DatabaseCorruptError &e) {
        return tell(err, DGM_E_CORRUPT, e);
    } catch (const Xapian::DatabaseVersionError &e) {
        return tell(err, DGM_E_CORRUPT, e); /* of another Xapian: to be built anew */
    } catch (const Xapian::DatabaseOpeningError &e) {
        return tell(err, DGM_E_IO, e);
    } catch (const Xapian::DatabaseCreateError &e) {
        return tell(err, DGM_E_IO, e);
    } catch (const Xapian::NetworkError &e) {
        return tell(err, DGM_E_IO, e);
    } catch (const Xapian::DatabaseClosedError &e) {
        return tell(err, DGM_E_INTERNAL, e);
    } catch (const Xapian::DatabaseError &e) {
        return tell_database(err, e);
    } catch (const Xapian::QueryParserError &e) {
        return tell(err, DGM_E_QUERY, e);
    } catch (const Xapian::WildcardError &e) {
        return tell(err, DGM_E_QUERY, e);
    } catch (const Xapian::RangeError &e) {
        return tell(err, DGM_E_QUERY, e);
    } catch (const Xapian::InvalidArgumentError &e) {
        return tell(err, DGM_E_ARG, e);
    } catch (const Xapian::InvalidOperationError &e) {
        return tell(err, DGM_E_ARG, e);
    } catch (const Xapian::SerialisationError &e) {
        return tell(err, DGM_E_ARG, e);
    } catch (const Xapian::Error &e) {
        return tell(err, DGM_E_INTERNAL, e);
    }
}

dgm_status caught(dgm_error *err) noexcept
{
    try {
        throw;
    } catch (const DeadlinePassed &) {
        return dgmi_fail(err, DGM_E_TIMEOUT,
                         "the search took longer than its time limit");
    } catch (const Xapian::Error &) {
        return tell_xapian(err);
    } catch (const std::bad_alloc &) {
        return dgmi_fail_memory(err);
    } catch (const std::exception &e) {
        return dgmi_fail(err, DGM_E_INTERNAL, "unexpected: %s", e.what());
    } catch (...) {
        return dgmi_fail(err, DGM_E_INTERNAL, "an exception of an unknown type");
    }
}

} // namespace dgmx
