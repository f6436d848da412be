/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a request head must be before it is looked at. Depends on lib/base. */
#ifndef DGMS_GUARD_H
#define DGMS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "str.h"

typedef struct dgms_header {
    dgmi_str name, value;
} dgms_header;

typedef struct dgms_head {
    bool http11; /* else HTTP/1.0 */
    const dgms_header *headers;
    size_t n_headers;
    size_t bytes_max; /* of names and values together */
} dgms_head;

typedef struct dgms_verdict {
    int status;         /* 0: fine; else 400 or 431, and the connection must be closed */
    const char *reason; /* static */
    bool body;          /* the request says that a body follows */
    bool chunked;       /* in chunks; else, if there is one, of this length */
    bool framed;        /* it says how long its body is, or that it comes in chunks */
    uint64_t length;
} dgms_verdict;

#define DGMS_HEADERS_MAX 100

/* Judges a head as RFC 9112 does where libmicrohttpd 0.9.75 is lenient: two lengths, a
 * length beside a transfer coding, no or two hosts, header names with a space, control
 * characters. Each of them lets a proxy in front and this server disagree on where a
 * request ends. Pure; threads: any. */
dgms_verdict dgms_guard_head(const dgms_head *head);

#endif
