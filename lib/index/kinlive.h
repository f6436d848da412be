/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The story of a new item, found in the index itself: the live path. Depends on
 * lib/xapian, lib/archive and kin.h. */
#ifndef DGMI_KINLIVE_H
#define DGMI_KINLIVE_H

#include "dgmx.h"
#include "kin.h"

typedef struct dgmi_kin_view {
    const char *data_dir;
    dgmx_db *db;                 /* what is pending included */
    const dgmi_learned *learned; /* lines that no copy is told by, or NULL */
} dgmi_kin_view;

/* The story and the keys of an item whose id is not in the index yet, which stands at
 * this packed place of the archive. Texts of candidates are read back from there. Errors:
 * IO, CORRUPT, NOMEM. */
dgm_status dgmi_kin_settle(const dgmi_kin_view *view, const dgm_item *item,
                           uint64_t place, dgmi_kin *out, dgm_error *err);

/* Those of an item that is there: they stay as its first version settled them. */
dgm_status dgmi_kin_recall(dgmx_db *db, dgmx_docid id, dgmi_kin *out, dgm_error *err);

#endif
