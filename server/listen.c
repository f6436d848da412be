/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and the listening socket. Depends on sockets and lib/base. */
#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"

#define BACKLOG 1024
#define HOST_SIZE 256
#define PORT_SIZE 8
#define PORT_MAX 65535

/* Splits "HOST:PORT", the host in brackets if it holds a colon. */
static bool split_address(const char *address, char host[HOST_SIZE], char port[PORT_SIZE])
{
    const char *colon = strrchr(address, ':');
    const char *start = address, *end = colon;

    if (!colon)
        return false;
    if (*start == '[') {
        start++;
        end--;
        if (end < start || *end != ']')
            return false;
    } else if (memchr(start, ':', (size_t)(end - start))) {
        return false;
    }
    size_t digits = strspn(colon + 1, "0123456789");
    if (!digits || digits >= PORT_SIZE || colon[1 + digits] || end - start >= HOST_SIZE ||
        strtoul(colon + 1, NULL, 10) > PORT_MAX)
        return false;
    snprintf(host, HOST_SIZE, "%.*s", (int)(end - start), start);
    snprintf(port, PORT_SIZE, "%s", colon + 1);
    return true;
}

static int open_socket(const struct addrinfo *where)
{
    int on = 1;
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!bind(fd, where->ai_addr, where->ai_addrlen) && !listen(fd, BACKLOG))
        return fd;
    int failure = errno;
    close(fd);
    errno = failure;
    return -1;
}

static dgm_status name_socket(int fd, char url[DGMS_URL_SIZE], dgm_error *err)
{
    struct sockaddr_storage own = { 0 };
    socklen_t size = sizeof own;
    char host[HOST_SIZE], port[PORT_SIZE];

    if (getsockname(fd, (struct sockaddr *)&own, &size))
        return dgmi_fail_errno(err, "getsockname");
    if (getnameinfo((struct sockaddr *)&own, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV))
        return dgmi_fail(err, DGM_E_IO, "the socket has no address");
    bool v6 = own.ss_family == AF_INET6;
    snprintf(url, DGMS_URL_SIZE, "http://%s%s%s:%s/", v6 ? "[" : "", host, v6 ? "]" : "",
             port);
    return DGM_OK;
}

dgm_status dgms_listen(const char *address, dgms_listener *out, dgm_error *err)
{
    struct addrinfo hints = { .ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    char host[HOST_SIZE], port[PORT_SIZE];

    *out = (dgms_listener){ .fd = -1 };
    if (!split_address(address, host, port))
        return dgmi_fail(err, DGM_E_ARG, "listen: \"%.60s\" is not of the form ADDR:PORT",
                         address);
    int failure = getaddrinfo(*host ? host : NULL, port, &hints, &found);
    if (failure)
        return dgmi_fail(err, DGM_E_ARG, "listen: %.60s: %s", address,
                         gai_strerror(failure));
    errno = 0;
    for (const struct addrinfo *a = found; a && out->fd < 0; a = a->ai_next)
        out->fd = open_socket(a);
    freeaddrinfo(found);
    if (out->fd < 0)
        return dgmi_fail(err, DGM_E_IO, "cannot listen on %.100s: %s", address,
                         strerror(errno));
    return name_socket(out->fd, out->url, err);
}
