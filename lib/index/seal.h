/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last steps of a bulk build before the new generation is swapped in: what it says of
 * itself, a check, and making it durable. Depends on lib/xapian and generation.h. */
#ifndef DGMI_SEAL_H
#define DGMI_SEAL_H

#include "generation.h"

typedef struct dgmi_seal {
    const char *data_dir, *target;
    dgmi_position to;
    double average_length;
    int64_t as_of;
    uint64_t documents; /* that it should have */
    uint64_t rejected;  /* records that it lacks */
} dgmi_seal;

/* Errors: CORRUPT if it does not hold what it should; IO, NOMEM. */
dgm_status dgmi_seal_generation(const dgmi_seal *seal, dgm_error *err);

#endif
