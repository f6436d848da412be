/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that read ninjs share with each other and with nobody else. Depends on
 * parcel.h. */
#ifndef DGMI_NINJS_H
#define DGMI_NINJS_H

#include "parcel.h"

typedef enum dgmi_ninjs_text {
    DGMI_NINJS_NOTHING,
    DGMI_NINJS_BODY,
    DGMI_NINJS_DESCRIPTION
} dgmi_ninjs_text;

/* Title and text of an item (ninjs_text.c). Of several texts one is taken: the others
 * stay where they were. The body, else the description; of what is no prose (a picture,
 * whose body may be a word or two) the longer of them. */
void dgmi_ninjs_read_title(dgmi_reading *r);
dgmi_ninjs_text dgmi_ninjs_read_body(dgmi_reading *r, bool prose);

#endif
