/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saying something through the caller's callback; the library itself never prints. */
#ifndef DGMI_LOG_H
#define DGMI_LOG_H

#include "dragoman.h"

typedef struct dgmi_log {
    dgm_log_fn fn; /* NULL: silence */
    void *user;
} dgmi_log;

/* level: "debug", "info", "warning", "error". log may be NULL. */
void dgmi_say(const dgmi_log *log, const char *level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
