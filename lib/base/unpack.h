/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a file, memory or a member of an archive, unpacked. Depends on lib/base. */
#ifndef DGMI_UNPACK_H
#define DGMI_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

#include "dragoman.h"

typedef struct dgmi_unpack dgmi_unpack;

/* Where packed bytes come from: `pull` if it is set, else the descriptor, else memory.
 * All of it stays the caller's. */
typedef struct dgmi_input {
    int fd; /* or -1 */
    const void *bytes;
    size_t n;
    /* Up to `room` bytes into out: how many, 0 at the end, -1 with *broken (static or the
     * user's) if no more can be had. */
    ssize_t (*pull)(void *user, char *out, size_t room, const char **broken);
    void *user;
    const char *name; /* for messages */
} dgmi_input;

/* The packing is told by its magic. */
dgm_status dgmi_unpack_open(const dgmi_input *input, dgmi_unpack **out, dgm_error *err);
void dgmi_unpack_close(dgmi_unpack *u);

/* Up to `room` bytes into out; *got is 0 at the end. *broken (else NULL) says why the
 * data cannot be read further. Errors: IO of the descriptor alone. */
dgm_status dgmi_unpack_read(dgmi_unpack *u, char *out, size_t room, size_t *got,
                            const char **broken, dgm_error *err);
/* Bytes of the input that were taken so far. */
uint64_t dgmi_unpack_taken(const dgmi_unpack *u);

#endif
