/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a file or memory, unpacked. Depends on lib/base. */
#ifndef DGMI_UNPACK_H
#define DGMI_UNPACK_H

#include <stddef.h>

#include "dragoman.h"

typedef struct dgmi_unpack dgmi_unpack;

/* Reads fd, or n bytes of memory if fd is -1; both stay the caller's. The packing is told
 * by its magic. */
dgm_status dgmi_unpack_open(int fd, const void *bytes, size_t n, const char *name,
                            dgmi_unpack **out, dgm_error *err);
void dgmi_unpack_close(dgmi_unpack *u);

/* Up to `room` bytes into out; *got is 0 at the end. *broken (static, else NULL) says why
 * the data cannot be read further. Errors: IO of the descriptor alone. */
dgm_status dgmi_unpack_read(dgmi_unpack *u, char *out, size_t room, size_t *got,
                            const char **broken, dgm_error *err);

#endif
