/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP through libmicrohttpd, which is used in http.c alone. Depends on server.h. */
#ifndef DGMS_HTTP_H
#define DGMS_HTTP_H

#include "server.h"

typedef struct dgms_http dgms_http;

/* Starts to serve on a listening socket, which it takes over. server->workers runs
 * dgms_http_work. Owner: the caller stops *out. Errors: IO, NOMEM. */
dgm_status dgms_http_start(const dgms_server *server, int listen_fd, dgms_http **out,
                           dgm_error *err);

/* Runs one request on a worker's place: for dgms_workers_start. */
void dgms_http_work(void *work, dgms_place *place, bool refused);

/* What has to be done now and then (once a second): cuts connections that are too slow.
 */
void dgms_http_tend(dgms_http *http);

/* Ends in steps: no new connection is taken and replies say "Connection: close"; what has
 * arrived is answered, for `ms` after that at most; then, after dgms_workers_finish, once
 * more for the replies that this makes; then the rest is cut. libmicrohttpd ends the
 * process if it is stopped while a request is with a worker: hence the order. */
void dgms_http_quiesce(dgms_http *http);
void dgms_http_drain(dgms_http *http, unsigned ms);
void dgms_http_stop(dgms_http *http); /* NULL is fine */

/* Version of libmicrohttpd. Owner: static. */
const char *dgms_http_version(void);

#endif
