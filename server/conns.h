/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The open connections and since when each is doing what. Depends on sockets alone. */
#ifndef DGMS_CONNS_H
#define DGMS_CONNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

typedef struct dgms_conns dgms_conns;
typedef struct dgms_conn dgms_conn;

typedef enum dgms_phase {
    DGMS_IDLE,    /* nothing of a request is here */
    DGMS_READING, /* its head or its body is arriving */
    DGMS_WORKING, /* it is being answered */
    DGMS_SENDING  /* its reply is on its way */
} dgms_phase;

#define DGMS_REMOTE_SIZE 48

/* All functions: threads any. */
dgms_conns *dgms_conns_new(void); /* NULL without memory */
void dgms_conns_free(dgms_conns *conns);

/* Owner: the list, until it is removed. NULL without memory. The socket must stay open
 * until then. */
dgms_conn *dgms_conns_add(dgms_conns *conns, int fd, const struct sockaddr *remote);
void dgms_conns_remove(dgms_conns *conns, dgms_conn *conn);
const char *dgms_conn_remote(const dgms_conn *conn); /* numeric address; borrowed */

void dgms_conns_set(dgms_conns *conns, dgms_conn *conn, dgms_phase phase);
/* Bytes of a body came: the connection may stay as long as they take at DGMS_RATE_LEAST.
 */
#define DGMS_RATE_LEAST (16u << 10) /* bytes a second */
void dgms_conns_grant(dgms_conns *conns, dgms_conn *conn, size_t bytes);
size_t dgms_conns_count(dgms_conns *conns);
size_t dgms_conns_working(dgms_conns *conns);

/* Shuts down connections that have been reading or waiting for a request, or sending, for
 * longer than age_us; 0 cuts all but those at work. libmicrohttpd's own timeout only
 * knows silence: a client that sends a byte now and then would stay. Returns how many
 * were cut now. */
size_t dgms_conns_cut(dgms_conns *conns, uint64_t age_us);

/* To be called again and again while the server drains: shuts down connections that were
 * found idle, with nothing waiting to be read, at every call for quiet_us. Only telling
 * them that nothing more will be read does not do: libmicrohttpd 0.9.75 drops a request
 * in hand when it sees the end of its input. */
void dgms_conns_hush(dgms_conns *conns, uint64_t quiet_us);

#endif
