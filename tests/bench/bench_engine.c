/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times dgm_search in process: bench_engine DATA QUERIES NAME=VALUE... prints one JSON
 * object. Counts what it allocates, too: malloc and its kin are those below. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "dragoman.h"

#define QUERIES_MAX 5000
#define ROUNDS 3

/* ---- Counting allocations: glibc's own are called by their other names; visible,
 * so that the C++ library finds them ---- */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);

static uint64_t allocations, allocated;

static void count(size_t n)
{
    allocations++;
    allocated += n;
}

DGM_API void *malloc(size_t n)
{
    count(n);
    return __libc_malloc(n);
}

DGM_API void *calloc(size_t of, size_t n)
{
    count(of * n);
    return __libc_calloc(of, n);
}

DGM_API void *realloc(void *p, size_t n)
{
    count(n);
    return __libc_realloc(p, n);
}

/* ---- Timing ---- */

typedef struct bench {
    dgm *desk;
    char **parameters;
    int n_parameters;
    char *queries[QUERIES_MAX];
    size_t n;
    double times[QUERIES_MAX]; /* best of the rounds after the first, in us */
    double first;              /* all of the first round, when the reader knew nothing */
    size_t failed;
    uint64_t hits;
    uint64_t allocations, allocated; /* in the last round */
} bench;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void read_queries(bench *b, const char *path)
{
    static char line[1 << 16];
    FILE *f = fopen(path, "r");
    while (f && b->n < QUERIES_MAX && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0])
            b->queries[b->n++] = strdup(line);
    }
    if (f)
        fclose(f);
}

static dgm_request *make_request(const bench *b, const char *query)
{
    dgm_request *request = dgm_request_new();
    dgm_error err = DGM_ERROR_INIT;
    dgm_request_set_deadline(request, 2000);
    dgm_status status = dgm_request_set(request, "q", query, &err);
    for (int i = 0; i < b->n_parameters && status == DGM_OK; i++) {
        char name[64];
        const char *equals = strchr(b->parameters[i], '=');
        if (!equals || equals - b->parameters[i] >= 64)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(equals - b->parameters[i]),
                 b->parameters[i]);
        status = dgm_request_set(request, name, equals + 1, &err);
    }
    if (status != DGM_OK)
        fprintf(stderr, "%s: %s\n", query, err.text);
    return request;
}

static double run_query(bench *b, const char *query)
{
    dgm_request *request = make_request(b, query);
    dgm_page *page = NULL;
    dgm_error err = DGM_ERROR_INIT;
    uint64_t began = dgmi_now_us();
    if (dgm_search(b->desk, request, &page, &err) != DGM_OK) {
        b->failed++;
        fprintf(stderr, "%s: %s\n", query, err.text);
    } else {
        b->hits += page->n_hits;
    }
    double took = (double)(dgmi_now_us() - began);
    dgm_page_free(page);
    dgm_request_free(request);
    return took;
}

int main(int argc, char **argv)
{
    static bench b;
    dgm_error err = DGM_ERROR_INIT;
    double sum = 0;

    if (argc < 3 || dgm_open(argv[1], NULL, &b.desk, &err) != DGM_OK) {
        fprintf(stderr, "bench_engine: %s\n",
                argc < 3 ? "DATA QUERIES NAME=VALUE..." : err.text);
        return 2;
    }
    b.parameters = argv + 3;
    b.n_parameters = argc - 3;
    read_queries(&b, argv[2]);
    for (int round = 0; round <= ROUNDS; round++) { /* the first warms the page cache */
        allocations = allocated = 0;
        for (size_t i = 0; i < b.n; i++) {
            double took = run_query(&b, b.queries[i]);
            b.first += round == 0 ? took : 0;
            if (round == 1 || (round > 1 && took < b.times[i]))
                b.times[i] = took;
        }
    }
    b.allocations = allocations;
    b.allocated = allocated;
    for (size_t i = 0; i < b.n; i++)
        sum += b.times[i];
    qsort(b.times, b.n, sizeof *b.times, by_value);
    if (b.n)
        printf("{\"queries\": %zu, \"failed\": %zu, \"mean_us\": %.1f, \"p50_us\": %.0f, "
               "\"p99_us\": %.0f, \"first_round_mean_us\": %.1f, "
               "\"hits\": %" PRIu64 ", \"allocations\": %.0f, \"allocated_kb\": "
               "%.0f}\n",
               b.n, b.failed / (ROUNDS + 1), sum / (double)b.n, b.times[b.n / 2],
               b.times[b.n * 99 / 100], b.first / (double)b.n, b.hits / (ROUNDS + 1),
               (double)b.allocations / (double)b.n,
               (double)b.allocated / (double)b.n / 1024);
    for (size_t i = 0; i < b.n; i++)
        free(b.queries[i]);
    dgm_close(b.desk);
    return b.n ? 0 : 2;
}
