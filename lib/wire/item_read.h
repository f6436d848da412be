/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read items out of JSON share. Depends on jansson, wire.h, lib/item.
 */
#ifndef DGMI_ITEM_READ_H
#define DGMI_ITEM_READ_H

#include <jansson.h>

#include "item.h"
#include "wire.h"

#define DGMI_NUMBER_SIZE 40         /* bytes that a number takes as text */
#define DGMI_OBJECT_MAX (64u << 20) /* bytes of one object */

typedef struct dgmi_reading {
    json_t *root; /* members that were understood are taken out; the rest is `extra` */
    dgmi_item *item;
    bool prepared;           /* the object is a line of an archive */
    const char *late_source; /* its issuing body, if nothing better is found; or NULL */
    int64_t now;
} dgmi_reading;

/* Text to an object, with the guards against depth and size; `flags` are jansson's. ARG
 * with the reason. */
dgm_status dgmi_json_load(dgmi_str text, size_t flags, json_t **root, dgm_error *err);

/* A string, or a number in `digits` (DGMI_NUMBER_SIZE bytes), as text; false if the value
 * is neither. null is empty text. */
bool dgmi_json_text(const json_t *value, char *digits, dgmi_str *text);

/* Each of these reads a member and, where all of it was understood, takes it out. */

/* Text; true if it is more than white space. `name` is static: it becomes the field's
 * origin. */
bool dgmi_read_text(dgmi_reading *r, const char *name, dgmi_field field);
/* True if it is a date. An empty one is taken out, too. */
bool dgmi_read_date(dgmi_reading *r, const char *name, int64_t *time);
/* The same for the item's embargo, which may lie ahead. */
bool dgmi_read_embargo(dgmi_reading *r, const char *name);
/* One label or an array of them, each text, {"name": ..} or {"code": ..}. */
void dgmi_read_labels(dgmi_reading *r, const char *name,
                      void (*add)(dgmi_item *, dgmi_str));
/* The same, joined to one author. */
void dgmi_read_author(dgmi_reading *r, const char *name);
/* The status of an item, without case; true if it is one. */
bool dgmi_read_status(dgmi_reading *r, const char *name, dgm_item_status *out);
/* Last: what was not understood goes to `extra`. */
dgm_status dgmi_keep_rest(dgmi_reading *r, dgm_error *err);

/* The body of an object from anywhere: text, or HTML that waits as the item's markup. */
void dgmi_read_body(dgmi_reading *r);

/* Paragraphs, turns and set-aside spans of an archive's line. ARG if they do not fit
 * together. */
dgm_status dgmi_read_structure(dgmi_reading *r, dgm_error *err);

#endif
