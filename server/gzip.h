/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packing of replies, and whether the client takes it. Depends on zlib and lib/base. */
#ifndef DGMS_GZIP_H
#define DGMS_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

typedef struct dgms_gzip dgms_gzip;

/* A packer that keeps its 260 KB of tables between replies. NULL without memory.
 * Threads: one at a time. */
dgms_gzip *dgms_gzip_new(void);
void dgms_gzip_free(dgms_gzip *gzip);

/* Appends the packed bytes to out. False if out failed; out is then empty. */
bool dgms_gzip_pack(dgms_gzip *gzip, const void *bytes, size_t n, dgmi_buf *out);

/* Reads Accept-Encoding (NULL: none): may the reply be packed, and is that wanted at
 * least as much as plain text? Weights are respected, "*" too. Threads: any. */
bool dgms_gzip_wanted(const char *accept_encoding);

#endif
