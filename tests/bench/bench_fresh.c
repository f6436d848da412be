/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times freshness and what it costs searches: bench_fresh DATA DRAGOMAND [SECONDS] prints
 * one JSON object. DATA is an archive that is written to. Eight clients search, each 20
 * times a second: at rest, while 50 items a second are taken, and during a bulk load. */
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "dragoman.h"

enum { CLIENTS = 8, PAUSE_US = 50000, ITEMS_A_SECOND = 50, BULK = 20000, MOST = 400000 };

extern char **environ;

typedef struct times {
    pthread_mutex_t lock;
    double ms[MOST];
    size_t n;
} times;

static times searches = { .lock = PTHREAD_MUTEX_INITIALIZER };
static times waits = { .lock = PTHREAD_MUTEX_INITIALIZER };
static atomic_bool stop;
static const char *data;

static void must(dgm_status status, const dgm_error *err)
{
    if (status == DGM_OK)
        return;
    fprintf(stderr, "bench_fresh: %s\n", err->text);
    exit(1);
}

static void add(times *t, uint64_t began)
{
    pthread_mutex_lock(&t->lock);
    if (t->n < MOST)
        t->ms[t->n++] = (double)(dgmi_now_us() - began) / 1000;
    pthread_mutex_unlock(&t->lock);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints p50 and p99 and begins anew. */
static void print(const char *name, times *t)
{
    pthread_mutex_lock(&t->lock);
    qsort(t->ms, t->n, sizeof *t->ms, compare);
    if (t->n > 0)
        printf("\"%s\": {\"n\": %zu, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"max_ms\": "
               "%.2f}",
               name, t->n, t->ms[t->n / 2], t->ms[t->n * 99 / 100], t->ms[t->n - 1]);
    t->n = 0;
    pthread_mutex_unlock(&t->lock);
}

static void sleep_us(uint64_t us)
{
    struct timespec nap = { (time_t)(us / 1000000), (long)(us % 1000000) * 1000 };
    nanosleep(&nap, NULL);
}

/* ---- Clients ---- */

static void *search(void *user)
{
    static const char *const words[] = {
        "president",  "trade agreement", "energy security", "minister of defence",
        "oil prices", "climate",         "nuclear weapons", "economic growth and jobs",
        "press"
    };
    size_t i = *(const size_t *)user;
    dgm *desk = NULL;
    dgm_error err = DGM_ERROR_INIT;
    must(dgm_open(data, NULL, &desk, &err), &err);
    for (; !atomic_load(&stop); i++) {
        dgm_request *request = dgm_request_new();
        dgm_page *page = NULL;
        dgm_request_set(request, "q", words[i % (sizeof words / sizeof *words)], &err);
        dgm_request_set(request, "facets", "region", &err);
        dgm_request_set_deadline(request, 2000);
        uint64_t began = dgmi_now_us();
        must(dgm_search(desk, request, &page, &err), &err);
        add(&searches, began);
        dgm_page_free(page);
        dgm_request_free(request);
        uint64_t took = dgmi_now_us() - began;
        sleep_us(took < PAUSE_US ? PAUSE_US - took : 0);
    }
    dgm_close(desk);
    return NULL;
}

/* ---- Items ---- */

static void put_item(dgmi_buf *out, unsigned number, unsigned *dice)
{
    dgmi_buf_printf(out, "{\"id\":\"bench-%ld-%u\",\"title\":\"Bulletin %u\",\"body\":\"",
                    (long)getpid(), number, number);
    for (unsigned i = 0; i < 300; i++) {
        *dice = *dice * 1103515245 + 12345;
        unsigned rank = (*dice >> 8) % 20000 * ((*dice >> 16) % 100) / 100;
        dgmi_buf_printf(out, "%sword%u", i ? " " : "", rank);
    }
    dgmi_buf_puts(out, "\",\"published\":\"2024-05-06T07:08:09Z\"}\n");
}

static void take(dgm_ingest *in, unsigned from, unsigned n)
{
    dgm_error err = DGM_ERROR_INIT;
    unsigned dice = from + 1;
    dgmi_buf line;
    dgmi_buf_init(&line, 0);
    for (unsigned i = 0; i < n; i++)
        put_item(&line, from + i, &dice);
    must(dgm_ingest_bytes(in, "bench.ndjson", line.p, line.n, &err), &err);
    dgmi_buf_clear(&line);
}

/* What was taken, in order, and when it was durable. */
static struct {
    pthread_mutex_t lock;
    uint64_t place[MOST], at[MOST];
    size_t n, seen;
    bool over;
} taken = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void *watch(void *user)
{
    dgm *desk = NULL;
    dgm_error err = DGM_ERROR_INIT;
    (void)user;
    must(dgm_open(data, NULL, &desk, &err), &err);
    for (bool over = false; !over;) {
        pthread_mutex_lock(&taken.lock);
        bool some = taken.seen < taken.n;
        uint64_t place = taken.place[taken.seen], at = taken.at[taken.seen];
        over = taken.over && !some;
        taken.seen += some;
        pthread_mutex_unlock(&taken.lock);
        if (some) {
            must(dgm_wait(desk, place, 600000, &err), &err);
            add(&waits, at);
        } else {
            sleep_us(2000);
        }
    }
    dgm_close(desk);
    return NULL;
}

static void take_steadily(dgm_ingest *in, unsigned seconds)
{
    dgm_error err = DGM_ERROR_INIT;
    uint64_t began = dgmi_now_us();
    pthread_t watcher;
    pthread_create(&watcher, NULL, watch, NULL);
    for (unsigned i = 0; i < seconds * ITEMS_A_SECOND; i++) {
        uint64_t place, due = began + (uint64_t)i * 1000000 / ITEMS_A_SECOND;
        uint64_t now = dgmi_now_us();
        sleep_us(due > now ? due - now : 0);
        take(in, i, 1);
        must(dgm_ingest_sync(in, &place, &err), &err);
        pthread_mutex_lock(&taken.lock);
        taken.place[taken.n] = place;
        taken.at[taken.n++] = dgmi_now_us();
        pthread_mutex_unlock(&taken.lock);
    }
    pthread_mutex_lock(&taken.lock);
    taken.over = true;
    pthread_mutex_unlock(&taken.lock);
    pthread_join(watcher, NULL);
}

static double load_in_bulk(dgm_ingest *in)
{
    dgm *desk = NULL;
    dgm_error err = DGM_ERROR_INIT;
    uint64_t place, began = dgmi_now_us();
    must(dgm_open(data, NULL, &desk, &err), &err);
    for (unsigned i = 0; i < BULK; i += 500)
        take(in, 1000000 + i, 500);
    must(dgm_ingest_sync(in, &place, &err), &err);
    must(dgm_wait(desk, place, 3600000, &err), &err);
    dgm_close(desk);
    return (double)(dgmi_now_us() - began) / 1e6;
}

static pid_t start_writer(const char *program)
{
    char *argv[] = { (char *)program, "--data", (char *)data, "--writer", "only", NULL };
    pid_t writer = 0;
    if (posix_spawn(&writer, program, NULL, NULL, argv, environ) != 0)
        exit(1);
    return writer;
}

int main(int argc, char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_ingest_options options = { .accept_only = true };
    dgm_ingest *in = NULL;
    pthread_t clients[CLIENTS];
    size_t firsts[CLIENTS];
    if (argc < 3)
        return 2;
    data = argv[1];
    unsigned seconds = argc > 3 ? (unsigned)atoi(argv[3]) : 20;
    pid_t writer = start_writer(argv[2]);
    must(dgm_ingest_open(data, &options, &in, &err), &err);
    for (size_t i = 0; i < CLIENTS; i++) {
        firsts[i] = i;
        pthread_create(&clients[i], NULL, search, &firsts[i]);
    }
    sleep_us(1000000); /* the first searches open files */
    searches.n = 0;
    sleep_us((uint64_t)seconds * 1000000);
    printf("{");
    print("search_at_rest", &searches);
    take_steadily(in, seconds);
    printf(",\n ");
    print("accepted_to_searchable", &waits);
    printf(",\n ");
    print("search_while_taking", &searches);
    double took = load_in_bulk(in);
    printf(",\n ");
    print("search_during_bulk_load", &searches);
    printf(",\n \"bulk_items\": %d, \"bulk_s\": %.1f}\n", BULK, took);
    atomic_store(&stop, true);
    for (size_t i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
    dgm_ingest_close(in);
    kill(writer, SIGTERM);
    waitpid(writer, NULL, 0);
    return 0;
}
