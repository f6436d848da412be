/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What turns.c and labels.c know of each paragraph of what may be an interview. Depends
 * on build.h. */
#ifndef DGMI_TURNS_H
#define DGMI_TURNS_H

#include "build.h"

typedef enum dgmi_start {
    DGMI_STARTS_NOTHING,
    DGMI_STARTS_QUESTION,
    DGMI_STARTS_ANSWER
} dgmi_start;

typedef struct dgmi_view {
    dgmi_start start;
    bool dash;        /* opens with a dash and a space */
    bool asks;        /* ends in a question mark */
    bool asks_inside; /* has one */
    bool block;       /* first of its block */
    bool list;        /* ends as a member of a list does */
    bool leads;       /* ends in a colon: leads a list in */
    size_t skip;      /* bytes of the dash or the label that would be taken off */
    dgmi_str speaker; /* of the turn that starts here */
    dgmi_str address; /* the person whom the question addresses */
} dgmi_view;

bool dgmi_ends_asking(dgmi_str s);

/* Marks the starts of an interview with labels; false, with no marks set, if the item is
 * none. */
bool dgmi_find_labelled(const dgmi_item *item, dgmi_view *views);

#endif
