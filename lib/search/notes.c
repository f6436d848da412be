/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Warnings of one search, each said once. Depends on lib/base. */
#include "notes.h"

#include <stdio.h>
#include <string.h>

void dgmi_warn(dgmi_notes *notes, const char *format, ...)
{
    char line[240];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (uint32_t i = 0; i < notes->n; i++) {
        if (strcmp(notes->text[i], line) == 0)
            return;
    }
    if (notes->n == DGMI_NOTES_MAX)
        return;
    const char *text =
        notes->n + 1 < DGMI_NOTES_MAX ? line : "further warnings are left out";
    text = dgmi_arena_dup(notes->arena, text);
    if (text)
        notes->text[notes->n++] = text;
}
