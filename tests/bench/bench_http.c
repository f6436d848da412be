/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times searches over HTTP: bench_http PORT QUERIES CLIENTS SECONDS NAME=VALUE... prints
 * one JSON object. Each client is a thread with one connection that it keeps; it asks for
 * the file's lines one after another, from a place of its own on. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"

enum { QUERIES_MOST = 5000, CLIENTS_MOST = 256, TIMES_MOST = 2000000, REPLY = 1 << 20 };

typedef struct client {
    pthread_t thread;
    size_t first;
    size_t n, failed;
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
    while (f && n_requests < QUERIES_MOST && fgets(line, sizeof line, f)) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        line[strcspn(line, "\r\n")] = '\0';
        dgmi_buf_puts(&out, "GET /v1/search?q=");
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

/* One whole reply with a Content-Length. False if it is none, or not 200. */
static bool read_whole(int fd, char *reply)
{
    size_t n = 0, whole = 0;
    while (whole == 0 || n < whole) {
        ssize_t got = read(fd, reply + n, REPLY - 1 - n);
        if (got <= 0)
            return false;
        n += (size_t)got;
        reply[n] = '\0';
        const char *end = whole ? NULL : strstr(reply, "\r\n\r\n");
        const char *length = end ? strcasestr(reply, "\r\nContent-Length:") : NULL;
        if (end && !length)
            return false;
        if (end)
            whole = (size_t)(end + 4 - reply) + strtoul(length + 17, NULL, 10);
    }
    return strncmp(reply, "HTTP/1.1 200", 12) == 0;
}

static void *run_client(void *user)
{
    client *c = user;
    int fd = open_connection();
    for (size_t i = c->first; dgmi_now_us() < until_us && c->n < TIMES_MOST; i++) {
        const char *request = requests[i % n_requests];
        size_t length = strlen(request);
        uint64_t began = dgmi_now_us();
        bool good =
            write(fd, request, length) == (ssize_t)length && read_whole(fd, c->reply);
        c->us[c->n++] = (float)(dgmi_now_us() - began);
        if (!good) {
            c->failed++;
            close(fd);
            fd = open_connection();
        }
    }
    close(fd);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void print(client **clients, int n, double seconds)
{
    size_t all = 0, failed = 0;
    for (int i = 0; i < n; i++) {
        all += clients[i]->n;
        failed += clients[i]->failed;
    }
    float *us = calloc(all + 1, sizeof *us);
    size_t at = 0;
    double sum = 0;
    for (int i = 0; us && i < n; i++)
        for (size_t k = 0; k < clients[i]->n; k++)
            sum += us[at++] = clients[i]->us[k];
    if (us)
        qsort(us, all, sizeof *us, by_value);
    if (us && all)
        printf("{\"clients\": %d, \"requests\": %zu, \"failed\": %zu, \"per_second\": "
               "%.0f, \"mean_ms\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
               n, all, failed, (double)all / seconds, sum / (double)all / 1000,
               us[all / 2] / 1000, us[all * 99 / 100] / 1000);
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
