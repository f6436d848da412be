/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saying something through the caller's callback. Depends on dragoman.h and utf8. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

void dgmi_say(const dgmi_log *log, const char *level, const char *format, ...)
{
    if (!log || !log->fn)
        return;
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0)
        return;
    if ((size_t)n >= sizeof text) {
        /* One byte more than is kept shows whether the last character is whole. */
        size_t kept = strlen(text);
        text[dgmi_utf8_cut(text, kept, kept - 1)] = '\0';
    }
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    }
    log->fn(log->user, level, text);
}
