/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exceptions in plain words: "the trade talks, excluding steel" does not ask for steel.
 * Depends on lib/base. */
#ifndef DGMI_EXCEPTION_H
#define DGMI_EXCEPTION_H

#include "str.h"

typedef struct dgmi_exception {
    size_t cue;      /* where the words that announce it begin */
    size_t from, to; /* bytes of what is excepted */
} dgmi_exception;

/* The first exception of the text at or after `at`; false if there is none. It ends with
 * its sentence, its parenthesis, or at a comma before a word that begins another clause.
 */
bool dgmi_exception_find(dgmi_str text, size_t at, dgmi_exception *out);

#endif
