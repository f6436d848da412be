/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times searches over HTTP: bench_http PORT QUERIES CLIENTS SECONDS [/PATH] NAME=VALUE...
 * prints one JSON object; the path is /v1/search if none is given. Each client is a
 * thread with one connection that it keeps; it asks for the file's lines one after
 * another, from a place of its own on. "statuses" has what else than 200 was answered and
 * how often ("none": no whole reply); the first such reply of each client, and what it
 * was asked, go to standard error. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"

enum {
    QUERIES_MOST = 5000,
    CLIENTS_MOST = 256,
    TIMES_MOST = 2000000,
    REPLY = 1 << 20,
    STATUSES = 600
};

typedef struct client {
    pthread_t thread;
    size_t first;
    size_t n;
    size_t statuses[STATUSES]; /* 0: no whole reply */
    float *us;
    char reply[REPLY];
} client;

static char *requests[QUERIES_MOST];
static size_t n_requests;
static int port;
static uint64_t until_us;

static void put_escaped(dgmi_buf *out, const char *s)
{
    for (; *s; s++) {
        bool plain =
            strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345678"
                   "9-._~",
                   *s) != NULL;
        dgmi_buf_printf(out, plain ? "%c" : "%%%02X", (unsigned char)*s);
    }
}

static void read_requests(const char *path, char **more, int n)
{
    static char line[1 << 16];
    FILE *f = fopen(path, "r");
    bool named = n > 0 && more[0][0] == '/';
    const char *route = named ? more[0] : "/v1/search";
    more += named;
    n -= named;
    while (f && n_requests < QUERIES_MOST && fgets(line, sizeof line, f)) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        line[strcspn(line, "\r\n")] = '\0';
        dgmi_buf_printf(&out, "GET %s?q=", route);
        put_escaped(&out, line);
        for (int i = 0; i < n; i++) {
            size_t name = strcspn(more[i], "=");
            dgmi_buf_printf(&out, "&%.*s=", (int)name, more[i]);
            put_escaped(&out, more[i][name] ? more[i] + name + 1 : "");
        }
        dgmi_buf_puts(&out, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        requests[n_requests++] = dgmi_buf_take(&out);
    }
    if (f)
        fclose(f);
}

static int open_connection(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        perror("bench_http: connect");
        exit(1);
    }
    return fd;
}

/* The status of one whole reply with a Content-Length; 0 if it is none. */
static unsigned read_whole(int fd, char *reply)
{
    size_t n = 0, whole = 0;
    reply[0] = '\0';
    while (whole == 0 || n < whole) {
        ssize_t got = read(fd, reply + n, REPLY - 1 - n);
        if (got <= 0)
            return 0;
        n += (size_t)got;
        reply[n] = '\0';
        const char *end = whole ? NULL : strstr(reply, "\r\n\r\n");
        const char *length = end ? strcasestr(reply, "\r\nContent-Length:") : NULL;
        if (end && !length)
            return 0;
        if (end)
            whole = (size_t)(end + 4 - reply) + strtoul(length + 17, NULL, 10);
    }
    unsigned long status =
        strncmp(reply, "HTTP/1.1 ", 9) == 0 ? strtoul(reply + 9, NULL, 10) : 0;
    return status < STATUSES ? (unsigned)status : 0;
}

static bool is_first(const client *c)
{
    size_t bad = 0;
    for (size_t i = 0; i < STATUSES; i++)
        bad += i == 200 ? 0 : c->statuses[i];
    return bad == 1;
}

static void tell(const client *c, const char *request, double ms, int error)
{
    fprintf(stderr, "bench_http: request %zu of a client, after %.1f ms: %.*s\n", c->n,
            ms, (int)strcspn(request, "\r"), request);
    if (c->reply[0])
        fprintf(stderr, "%.600s\n", c->reply);
    else
        fprintf(stderr, "no reply: %s\n", error ? strerror(error) : "closed");
}

static void *run_client(void *user)
{
    client *c = user;
    int fd = open_connection();
    for (size_t i = c->first; dgmi_now_us() < until_us && c->n < TIMES_MOST; i++) {
        const char *request = requests[i % n_requests];
        size_t length = strlen(request);
        uint64_t began = dgmi_now_us();
        c->reply[0] = '\0';
        errno = 0;
        unsigned status =
            write(fd, request, length) == (ssize_t)length ? read_whole(fd, c->reply) : 0;
        int error = errno;
        c->us[c->n++] = (float)(dgmi_now_us() - began);
        c->statuses[status]++;
        if (status == 200)
            continue;
        if (is_first(c))
            tell(c, request, c->us[c->n - 1] / 1000.0, error);
        close(fd);
        fd = open_connection();
    }
    close(fd);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* How many were not 200, and `"503": 2, "none": 1` of them. */
static size_t count_failed(client **clients, int n, dgmi_buf *out)
{
    size_t failed = 0;
    for (unsigned status = 0; status < STATUSES; status++) {
        size_t count = 0;
        for (int i = 0; i < n; i++)
            count += clients[i]->statuses[status];
        if (status == 200 || count == 0)
            continue;
        failed += count;
        dgmi_buf_puts(out, out->n > 0 ? ", " : "");
        if (status == 0)
            dgmi_buf_printf(out, "\"none\": %zu", count);
        else
            dgmi_buf_printf(out, "\"%u\": %zu", status, count);
    }
    return failed;
}

static void print(client **clients, int n, double seconds)
{
    size_t all = 0;
    dgmi_buf statuses;
    dgmi_buf_init(&statuses, 0);
    size_t failed = count_failed(clients, n, &statuses);
    for (int i = 0; i < n; i++)
        all += clients[i]->n;
    float *us = calloc(all + 1, sizeof *us);
    size_t at = 0;
    double sum = 0;
    for (int i = 0; us && i < n; i++)
        for (size_t k = 0; k < clients[i]->n; k++)
            sum += us[at++] = clients[i]->us[k];
    if (us)
        qsort(us, all, sizeof *us, by_value);
    if (us && all)
        printf(
            "{\"clients\": %d, \"requests\": %zu, \"failed\": %zu, \"statuses\": {%s}, "
            "\"per_second\": %.0f, \"mean_ms\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": "
            "%.3f}\n",
            n, all, failed, statuses.n > 0 ? statuses.p : "", (double)all / seconds,
            sum / (double)all / 1000, us[all / 2] / 1000, us[all * 99 / 100] / 1000);
    dgmi_buf_clear(&statuses);
    free(us);
}

int main(int argc, char **argv)
{
    static client *clients[CLIENTS_MOST];
    if (argc < 5) {
        fputs("bench_http: PORT QUERIES CLIENTS SECONDS NAME=VALUE...\n", stderr);
        return 2;
    }
    port = atoi(argv[1]);
    int n = atoi(argv[3]);
    double seconds = atof(argv[4]);
    read_requests(argv[2], argv + 5, argc - 5);
    if (!n_requests || n < 1 || n > CLIENTS_MOST)
        return 2;
    until_us = dgmi_now_us() + (uint64_t)(seconds * 1e6);
    for (int i = 0; i < n; i++) {
        clients[i] = calloc(1, sizeof *clients[i]);
        clients[i]->us = calloc(TIMES_MOST, sizeof *clients[i]->us);
        clients[i]->first = (size_t)i * n_requests / (size_t)n;
        pthread_create(&clients[i]->thread, NULL, run_client, clients[i]);
    }
    for (int i = 0; i < n; i++)
        pthread_join(clients[i]->thread, NULL);
    print(clients, n, seconds);
    return 0;
}
