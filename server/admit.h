/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is decided about a request when its head is there, and taking its body. Depends on
 * server.h, routes.h, guard.h. */
#ifndef DGMS_ADMIT_H
#define DGMS_ADMIT_H

#include "guard.h"
#include "server.h"

typedef enum dgms_intake {
    DGMS_REFUSE_NOW, /* the reply is sent and the connection closed: what follows the head
                        cannot be trusted, or is not wanted */
    DGMS_BODY_NONE,  /* there is none to take */
    DGMS_BODY_KEEP,  /* into call->body */
    DGMS_BODY_DROP   /* it is read away before the refusal is sent: a client that is cut
                        while it sends does not see its answer */
} dgms_intake;

/* Routes a call and judges its head. A refusal leaves a reply in the call, which waits
 * for the end of the body if that is to be dropped. raw_length: of the target before it
 * was cut. */
dgms_intake dgms_admit(dgms_call *call, const dgms_server *server,
                       const dgms_verdict *verdict, size_t raw_length);

/* Takes a part of the body. *dropped counts what was read away; false if that is so much
 * that the connection is to be closed as it is. */
bool dgms_take_body(dgms_call *call, dgms_intake *intake, uint64_t *dropped,
                    const void *bytes, size_t n);

/* The media type of the body, lower case, without parameters ("application/json"); ""
 * if none is given. */
#define DGMS_TYPE_SIZE 80
void dgms_body_type(const dgms_call *call, char out[DGMS_TYPE_SIZE]);

/* Is the body one of many items, a line each, which is not held in memory? */
bool dgms_is_bulk(const dgms_call *call);

/* How the body is packed. */
typedef enum dgms_coding {
    DGMS_PLAIN,
    DGMS_GZIP,
    DGMS_ZSTD,
    DGMS_CODING_ODD
} dgms_coding;
dgms_coding dgms_body_coding(const dgms_call *call);

#endif
