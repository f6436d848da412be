/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A body, unpacked: whole or line by line. Depends on server.h, admit.h and lib/base. */
#ifndef DGMS_CONTENT_H
#define DGMS_CONTENT_H

#include "server.h"

typedef struct dgms_content dgms_content;

/* What is wrong with a body, as HTTP says it. */
typedef struct dgms_fault {
    int status;       /* 0: nothing */
    char reason[160]; /* without a line end */
} dgms_fault;

/* Reads call->body, packed as its head says. most: bytes when unpacked, line_most: of a
 * line. NULL with the fault set. Owner: the caller frees it, before the call. */
dgms_content *dgms_content_new(const dgms_call *call, uint64_t most, size_t line_most,
                               dgms_fault *fault);
void dgms_content_free(dgms_content *content);

/* Appends all of it. False with the fault set: 400 damaged, 413 too long, 503. */
bool dgms_content_all(dgms_content *content, dgmi_buf *out, dgms_fault *fault);

typedef enum dgms_line {
    DGMS_LINE,      /* into `out`, without its end */
    DGMS_LINE_LONG, /* it is longer than lines may be and was passed over */
    DGMS_LINE_NONE, /* no more */
    DGMS_LINE_FAULT /* nothing more can be read: see the fault */
} dgms_line;
dgms_line dgms_content_line(dgms_content *content, dgmi_buf *out, dgms_fault *fault);

#endif
