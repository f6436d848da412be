/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of JSON documents that hold items share. Depends on item_read.h. */
#ifndef DGMI_PARCEL_H
#define DGMI_PARCEL_H

#include "item_read.h"

typedef struct dgmi_parcels {
    dgmi_parcel_visit visit;
    void *user;
    dgmi_str text; /* the whole document */
} dgmi_parcels;

/* Fills r->item from r->root. ARG with the reason if this is no item. */
typedef dgm_status (*dgmi_parcel_fill)(dgmi_reading *r, const void *with, dgm_error *err);

/* Reads the document: refuses it as a whole (then *root is NULL) or gives its root. */
dgm_status dgmi_parcels_load(const dgmi_parcels *all, json_t **root, dgm_error *err);

/* Refuses the document as a whole. */
dgm_status dgmi_parcels_refuse(const dgmi_parcels *all, const char *reason,
                               dgm_error *err);

/* Makes an item of one value, whose members are used up, and hands it over; a value that
 * `fill` refuses is handed over as refused. `whole`: its bytes are those of the document.
 */
dgm_status dgmi_parcels_give(const dgmi_parcels *all, json_t *value, bool whole,
                             dgmi_parcel_fill fill, const void *with, dgm_error *err);

/* The text of a member, or NULL. */
const char *dgmi_json_member(const json_t *object, const char *name);

#endif
