/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening the socket to listen on. Depends on sockets and lib/base. */
#ifndef DGMS_LISTEN_H
#define DGMS_LISTEN_H

#include "dragoman.h"

#define DGMS_URL_SIZE 300

typedef struct dgms_listener {
    int fd;
    char url[DGMS_URL_SIZE]; /* "http://127.0.0.1:43211/" with the port that it got */
} dgms_listener;

/* address: "127.0.0.1:8080", "localhost:8080", "[::1]:8080", or ":8080" for every
 * address. Port 0: any that is free. Owner: the caller closes out->fd, which is -1 on
 * failure. Errors: ARG (not of that form), IO. */
dgm_status dgms_listen(const char *address, dgms_listener *out, dgm_error *err);

#endif
