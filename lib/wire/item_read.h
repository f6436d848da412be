/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read items out of JSON share. Depends on jansson, wire.h, lib/item.
 */
#ifndef DGMI_ITEM_READ_H
#define DGMI_ITEM_READ_H

#include <jansson.h>

#include "item.h"
#include "wire.h"

#define DGMI_OBJECT_MAX (64u << 20) /* bytes of one object */

typedef struct dgmi_reading {
    json_t *root; /* members that were understood are taken out; the rest is `extra` */
    dgmi_item *item;
    bool prepared; /* the object is a line of an archive */
    int64_t now;
} dgmi_reading;

/* The body of an object from anywhere: text, or HTML that waits as the item's markup. */
void dgmi_read_body(dgmi_reading *r);

/* Paragraphs, turns and set-aside spans of an archive's line. ARG if they do not fit
 * together. */
dgm_status dgmi_read_structure(dgmi_reading *r, dgm_error *err);

#endif
