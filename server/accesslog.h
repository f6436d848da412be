/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The access log: one JSON object a line. Depends on lib/base and lib/wire. */
#ifndef DGMS_ACCESSLOG_H
#define DGMS_ACCESSLOG_H

#include <stdbool.h>
#include <stddef.h>

#include "dragoman.h"

typedef struct dgms_accesslog dgms_accesslog;

typedef struct dgms_entry {
    const char *remote, *method, *target, *id;
    int status;
    size_t bytes; /* of the body as sent */
    double ms;
    const char *by; /* name of the key that the request came with, "": none */
} dgms_entry;

/* where: "off" (*out is NULL, which all functions here take), "stderr", or a file to
 * append to. Errors: IO, NOTFOUND, NOMEM. */
dgm_status dgms_accesslog_open(const char *where, dgms_accesslog **out, dgm_error *err);
void dgms_accesslog_close(dgms_accesslog *log);

/* Writes a line with a single write(2). False if it could not be written whole; the line
 * is then lost: a full disk must not stop the service. Threads: any. */
bool dgms_accesslog_write(dgms_accesslog *log, const dgms_entry *entry);

/* Opens the file anew after it was moved away; on failure goes on with the old one.
 * Threads: any. */
dgm_status dgms_accesslog_reopen(dgms_accesslog *log, dgm_error *err);

#endif
