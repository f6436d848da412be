/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where one part of a word or compound begins and ends. Depends on chars.h; used by
 * tokens.c alone. */
#ifndef DGMI_COMPOUND_H
#define DGMI_COMPOUND_H

#include "chars.h"

typedef struct dgmi_part {
    size_t from, to; /* bytes that the token covers */
    size_t next;     /* where to read on: past a possessive, too */
    bool number;     /* digits alone */
    bool decimal;    /* its dot counts */
} dgmi_part;

/* Reads the part that begins at `at`, where there is a letter or digit of a script with
 * spaces. */
dgmi_part dgmi_part_at(const char *p, size_t n, size_t at);

#endif
