/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind a page of results.
 * Depends on Xapian. */
#ifndef DGMX_MSET_HH
#define DGMX_MSET_HH

#include <xapian.h>

struct dgmx_mset {
    Xapian::MSet mset;
};

#endif
