/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Warnings of one search, each said once. Depends on lib/base. */
#ifndef DGMI_NOTES_H
#define DGMI_NOTES_H

#include <stdarg.h>
#include <stdint.h>

#include "arena.h"

#define DGMI_NOTES_MAX 24 /* the last place says that there were more */

typedef struct dgmi_notes {
    dgmi_arena *arena; /* borrowed; owns the texts */
    const char *text[DGMI_NOTES_MAX];
    uint32_t n;
} dgmi_notes;

/* Adds one warning unless it was said before. Without memory it is left out: a search
 * does not fail over a remark. */
void dgmi_warn(dgmi_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A slice for "%.*s" in a warning, cut to what a reader needs to find the place. */
#define DGMI_SHOWN(s) (int)dgmi_utf8_cut((s).p, (s).n, 60), (s).p

#endif
