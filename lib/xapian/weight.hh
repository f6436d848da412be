/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The weighting schemes of dgmx.h as Xapian wants them.
 * Depends on Xapian and dgmx.h. */
#ifndef DGMX_WEIGHT_HH
#define DGMX_WEIGHT_HH

#include <memory>

#include <xapian.h>

#include "dgmx.h"

namespace dgmx
{

/* Throws InvalidArgumentError for what is no weight. */
std::unique_ptr<Xapian::Weight> weight_of(const dgmx_weight &weight);

/* The weight of searches that are not ranked. */
std::unique_ptr<Xapian::Weight> boolean_weight();

} // namespace dgmx

#endif
