/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items as lines of NDJSON or rows of CSV, whole or some of their fields. Depends on
 * wire.h. */
#ifndef DGMI_EXPORT_H
#define DGMI_EXPORT_H

#include "wire.h"

typedef enum dgmi_export_form { DGMI_EXPORT_NDJSON, DGMI_EXPORT_CSV } dgmi_export_form;

#define DGMI_EXPORT_FIELDS 24

/* Zeros: NDJSON of whole items. */
typedef struct dgmi_export {
    dgmi_export_form form;
    unsigned char fields[DGMI_EXPORT_FIELDS]; /* in the order that was asked for */
    size_t n_fields;                          /* 0: all of them */
} dgmi_export;

/* The table of parameters that an export has beside those of the search. NULL past its
 * end. */
const dgm_param *dgmi_export_param_at(size_t i);

/* Does an export take this parameter of the search? Those that only say how a page looks
 * are none of its business. */
bool dgmi_export_takes(const char *name);

/* Sets a parameter of the table. Errors: ARG, naming it. */
dgm_status dgmi_export_set(dgmi_export *e, const char *name, const char *value,
                           dgm_error *err);

/* Whether the field `cursor` was asked for: then dgmi_export_put is to get one with the
 * last item and now and then before. */
bool dgmi_export_has_cursor(const dgmi_export *e);

const char *dgmi_export_type(const dgmi_export *e); /* Content-Type; static */

/* What comes before the first item: the row of names of a CSV. */
void dgmi_export_begin(const dgmi_export *e, dgmi_buf *out);
/* One item; cursor may be NULL. */
void dgmi_export_put(const dgmi_export *e, const dgm_item *item, const char *cursor,
                     dgmi_buf *out);

#endif
