/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saying something through the caller's callback. Depends on dragoman.h and utf8. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

enum { LONGEST = 1020 };

void dgmi_say(const dgmi_log *log, const char *level, const char *format, ...)
{
    if (!log || !log->fn)
        return;
    /* Room for one whole character past the longest text shows where to cut. */
    char text[LONGEST + 4];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0)
        return;
    text[dgmi_utf8_cut(text, strlen(text), LONGEST)] = '\0';
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    }
    log->fn(log->user, level, text);
}
