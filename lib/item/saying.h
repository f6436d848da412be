/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verbs of saying and the names beside them, in English. Depends on lib/base. */
#ifndef DGMI_SAYING_H
#define DGMI_SAYING_H

#include <stdbool.h>

#include "str.h"

typedef enum dgmi_saying_kind {
    DGMI_SAID_NOWHERE,
    DGMI_SAID_BY_NAME,
    DGMI_SAID_BY_PRONOUN /* "he said": whoever spoke last */
} dgmi_saying_kind;

typedef struct dgmi_saying {
    dgmi_saying_kind kind;
    dgmi_str name; /* BY_NAME: lies in the text */
} dgmi_saying;

/* Text behind a quotation, to the end of its sentence. ended: the quotation closed with a
 * full stop, so that only a verb goes on with it. */
dgmi_saying dgmi_saying_behind(dgmi_str text, bool ended);
/* Text of a sentence ahead of a quotation. */
dgmi_saying dgmi_saying_ahead(dgmi_str text);
/* "Anna Keller (minister): " ahead of one: the whole label. */
dgmi_saying dgmi_saying_label(dgmi_str text);

#endif
