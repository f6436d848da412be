/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter that lets everything through until its time is up.
 * Depends on Xapian. */
#ifndef DGMX_DEADLINE_HH
#define DGMX_DEADLINE_HH

#include <cstdint>

#include <xapian.h>

namespace dgmx
{

/* child under OP_FILTER with a source that throws DeadlinePassed once dgmi_now_us() is
 * beyond deadline_us. Xapian's own time limit cannot stop a query; an exception out of a
 * posting source can, and the database stays usable. With `passed` nothing is thrown:
 * the match ends as if there were no more documents, and *passed is set. */
Xapian::Query with_deadline(const Xapian::Query &child, uint64_t deadline_us,
                            bool *passed);

} // namespace dgmx

#endif
