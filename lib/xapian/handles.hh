/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind the opaque handles of dgmx.h, and the checks that all files share.
 * Depends on Xapian and guard.hh. */
#ifndef DGMX_HANDLES_HH
#define DGMX_HANDLES_HH

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xapian.h>

#include "column.hh"
#include "dgmx.h"
#include "frequency.hh"
#include "guard.hh"

/* `lent` holds what the last call handed out, so that it stays valid until the next one.
 */
struct dgmx_db {
    Xapian::Database db;
    size_t shards = 0; /* 0 also for a remote one: it has no revision that we can read */
    std::string lent, lent_high;
    /* Of what is open now: anew when the database moves on; spies hold what they use. */
    std::shared_ptr<dgmx::Columns> columns = std::make_shared<dgmx::Columns>();
    dgmx::Frequencies frequencies;
    bool pending = false; /* of a writer: what it has may change at any time */
};

struct dgmx_doc {
    Xapian::Document doc;
    std::string lent;
};

namespace dgmx
{
struct Prefix {
    std::string start;
    unsigned limit;
};
} // namespace dgmx

struct dgmx_query {
    Xapian::Query query;
    unsigned depth = 1;
    std::vector<dgmx::Prefix> prefixes; /* all that are somewhere in the tree */
    std::string lent;
};

struct dgmx_spy {
    std::shared_ptr<Xapian::ValueCountMatchSpy> spy;
    void (*settle)(Xapian::ValueCountMatchSpy &) = nullptr; /* before it is read */
};

/* A term iterator of any kind. The database is held because not every iterator of 1.4
 * does. */
struct dgmx_terms {
    Xapian::Database db;
    Xapian::TermIterator at, end;
    bool has_wdf = false, has_freq = false, can_skip = true;
    bool leaps = false; /* behind a frequent term; see walk.cc */
    bool fresh = true;  /* *at was not handed out yet */
    std::string lent;
};

namespace dgmx
{

/* A tree deeper than this is refused: matching and freeing recurse, and at this depth
 * they stay within a stack of 256 KB (measured: 500 levels are safe there). */
constexpr unsigned depth_max = 250;

/* Glass refuses a record above some 100 MB only after it has dropped the whole pending
 * batch. */
constexpr size_t data_max = 64u << 20;

inline dgmx_bytes bytes_of(const std::string &s)
{
    return dgmx_bytes{ s.data(), s.size() };
}

inline void lend(dgmx_bytes *out, std::string &held, std::string &&value)
{
    held = std::move(value);
    *out = bytes_of(held);
}

/* A term that Xapian refuses costs the writer everything that is pending, and one with
 * NUL bytes is refused only at the commit. So each is checked before Xapian sees it. */
inline void check_term(const char *p, size_t n, const char *what = "term")
{
    if (n == 0 || n > DGMX_TERM_MAX) {
        throw Xapian::InvalidArgumentError(
            "a " + std::string(what) + " of " + std::to_string(n) +
            " bytes: it must have 1 to " + std::to_string(DGMX_TERM_MAX));
    }
    if (std::memchr(p, 0, n)) {
        throw Xapian::InvalidArgumentError("a " + std::string(what) + " with a NUL byte");
    }
}

inline std::string term_of(const char *p, size_t n)
{
    check_term(p, n);
    return std::string(p, n);
}

inline void check_slot(uint32_t slot)
{
    if (slot == Xapian::BAD_VALUENO) {
        throw Xapian::InvalidArgumentError("no such value slot: " + std::to_string(slot));
    }
}

inline void check_size(size_t n)
{
    if (n > data_max) {
        throw Xapian::InvalidArgumentError("a record of " + std::to_string(n) +
                                           " bytes: it may have " +
                                           std::to_string(data_max));
    }
}

/* Makes a handle, fills it, and hands it over only when nothing was thrown. */
template <typename T, typename F>
dgm_status make(T **out, dgm_error *err, F &&fill) noexcept
{
    *out = nullptr;
    return guard(err, [&] {
        auto made = std::make_unique<T>();
        fill(*made);
        *out = made.release();
    });
}

/* Destructors of Xapian can throw in principle; a free function must not. */
template <typename T> void drop(T *handle) noexcept
{
    guard(nullptr, [&] { delete handle; });
}

} // namespace dgmx

#endif
