/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the flag of superseded items right while single items come and go.
 * Depends on lineage.h. */
#ifndef DGMI_MARKS_H
#define DGMI_MARKS_H

#include "lineage.h"

typedef struct dgmi_marks {
    dgmi_lineage lineage; /* of what the writer has, pending changes included */
    dgmx_writer *writer;
    dgmi_lineage_list touched; /* items whose flag may change */
} dgmi_marks;
void dgmi_marks_clear(dgmi_marks *m);

/* Around replacing one item: before it, with what the index has of it; after it, when its
 * new document is written without the flag. */
dgm_status dgmi_marks_before(dgmi_marks *m, const dgm_item *known, dgm_error *err);
dgm_status dgmi_marks_after(dgmi_marks *m, const dgm_item *item, dgm_error *err);

#endif
