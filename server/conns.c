/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of connections under one lock. Depends on sockets and lib/base. */
#include "conns.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "clock.h"

struct dgms_conn {
    dgms_conn *before, *after;
    int fd;
    dgms_phase phase;
    uint64_t since_us; /* of the present wait; from idle to reading it goes on */
    uint64_t grant_us; /* beyond the age that connections may have */
    uint64_t quiet_us; /* since when it was always found quiet; 0: it was not */
    bool cut;
    char remote[DGMS_REMOTE_SIZE];
};

struct dgms_conns {
    pthread_mutex_t
        lock; /* guards the list and its members but fd and remote, which never change */
    dgms_conn *first;
    size_t n;
};

dgms_conns *dgms_conns_new(void)
{
    dgms_conns *conns = calloc(1, sizeof *conns);
    if (conns)
        pthread_mutex_init(&conns->lock, NULL);
    return conns;
}

void dgms_conns_free(dgms_conns *conns)
{
    if (!conns)
        return;
    while (conns->first)
        dgms_conns_remove(conns, conns->first);
    pthread_mutex_destroy(&conns->lock);
    free(conns);
}

static void name_remote(const struct sockaddr *remote, char out[DGMS_REMOTE_SIZE])
{
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)remote;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)remote;

    snprintf(out, DGMS_REMOTE_SIZE, "-");
    if (remote && remote->sa_family == AF_INET)
        inet_ntop(AF_INET, &v4->sin_addr, out, DGMS_REMOTE_SIZE);
    else if (remote && remote->sa_family == AF_INET6 &&
             IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
        inet_ntop(AF_INET, v6->sin6_addr.s6_addr + 12, out, DGMS_REMOTE_SIZE);
    else if (remote && remote->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, out, DGMS_REMOTE_SIZE);
}

dgms_conn *dgms_conns_add(dgms_conns *conns, int fd, const struct sockaddr *remote)
{
    dgms_conn *conn = calloc(1, sizeof *conn);
    if (!conn)
        return NULL;
    conn->fd = fd;
    conn->since_us = dgmi_now_us();
    name_remote(remote, conn->remote);
    pthread_mutex_lock(&conns->lock);
    conn->after = conns->first;
    if (conns->first)
        conns->first->before = conn;
    conns->first = conn;
    conns->n++;
    pthread_mutex_unlock(&conns->lock);
    return conn;
}

void dgms_conns_remove(dgms_conns *conns, dgms_conn *conn)
{
    pthread_mutex_lock(&conns->lock);
    if (conn->before)
        conn->before->after = conn->after;
    else
        conns->first = conn->after;
    if (conn->after)
        conn->after->before = conn->before;
    conns->n--;
    pthread_mutex_unlock(&conns->lock);
    free(conn);
}

const char *dgms_conn_remote(const dgms_conn *conn)
{
    return conn->remote;
}

void dgms_conns_set(dgms_conns *conns, dgms_conn *conn, dgms_phase phase)
{
    pthread_mutex_lock(&conns->lock);
    conn->phase = phase;
    if (phase != DGMS_READING) {
        conn->since_us = dgmi_now_us();
        conn->grant_us = 0;
    }
    pthread_mutex_unlock(&conns->lock);
}

void dgms_conns_grant(dgms_conns *conns, dgms_conn *conn, size_t bytes)
{
    pthread_mutex_lock(&conns->lock);
    conn->grant_us += (uint64_t)bytes * 1000000 / DGMS_RATE_LEAST;
    pthread_mutex_unlock(&conns->lock);
}

size_t dgms_conns_count(dgms_conns *conns)
{
    pthread_mutex_lock(&conns->lock);
    size_t n = conns->n;
    pthread_mutex_unlock(&conns->lock);
    return n;
}

size_t dgms_conns_working(dgms_conns *conns)
{
    size_t n = 0;
    pthread_mutex_lock(&conns->lock);
    for (const dgms_conn *c = conns->first; c; c = c->after)
        n += c->phase == DGMS_WORKING;
    pthread_mutex_unlock(&conns->lock);
    return n;
}

/* The lock makes it safe: a connection is removed before its socket is closed. The time
 * is looked at under it, too: while it was waited for, a connection may have begun a wait
 * that lies behind an earlier look. */
size_t dgms_conns_cut(dgms_conns *conns, uint64_t age_us)
{
    size_t n = 0;

    pthread_mutex_lock(&conns->lock);
    uint64_t now = dgmi_now_us();
    for (dgms_conn *c = conns->first; c; c = c->after) {
        if (c->cut || c->phase == DGMS_WORKING ||
            (age_us && now - c->since_us < age_us + c->grant_us))
            continue;
        shutdown(c->fd, SHUT_RDWR);
        c->cut = true;
        n++;
    }
    pthread_mutex_unlock(&conns->lock);
    return n;
}

static bool is_quiet(const dgms_conn *conn)
{
    int waiting = 0;
    return conn->phase == DGMS_IDLE && !ioctl(conn->fd, FIONREAD, &waiting) && !waiting;
}

void dgms_conns_hush(dgms_conns *conns, uint64_t quiet_us)
{
    pthread_mutex_lock(&conns->lock);
    uint64_t now = dgmi_now_us();
    for (dgms_conn *c = conns->first; c; c = c->after) {
        if (!is_quiet(c))
            c->quiet_us = 0;
        else if (!c->quiet_us)
            c->quiet_us = now;
        else if (!c->cut && now - c->quiet_us >= quiet_us) {
            shutdown(c->fd, SHUT_RDWR);
            c->cut = true;
        }
    }
    pthread_mutex_unlock(&conns->lock);
}
