/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The body of a reply that is made while it is sent, piece by piece. Depends on lib/base.
 */
#ifndef DGMS_STREAM_H
#define DGMS_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

struct dgms_place;

#define DGMS_PIECE (64u << 10) /* bytes from which on a piece is long enough */

/* Made whole by a handler, the first piece in it. While a piece is being sent nobody
 * works on the next one: a slow client holds one piece and no worker. */
typedef struct dgms_stream dgms_stream;
struct dgms_stream {
    dgmi_buf piece;
    size_t sent; /* bytes of it */
    bool ended;  /* there are no more pieces */
    bool failed; /* nor could they be made: the client is to see that it is not whole */
    void (*more)(dgms_stream *stream, struct dgms_place *place); /* makes the next one */
    void (*free)(dgms_stream *stream);
};

#endif
