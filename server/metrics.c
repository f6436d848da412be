/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting, and printing the counts. Depends on dragoman.h and lib/base. */
#include "metrics.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"

static const double bounds[] = { 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025,
                                 0.05,   0.1,   0.25,  0.5,   1,    2.5 };
#define BOUNDS (sizeof bounds / sizeof bounds[0])
#define SERIES_MAX 160 /* routes times codes; more than there can be */
#define STATUSES (DGM_E_TIMEOUT + 1)

typedef struct histogram {
    uint64_t buckets[BOUNDS + 1]; /* the last one: above all bounds */
    uint64_t count;
    double sum;
} histogram;

typedef struct series {
    const char *route;
    int code;
    histogram times;
} series;

struct dgms_metrics {
    pthread_mutex_t lock; /* guards all that follows */
    series series[SERIES_MAX];
    size_t n_series;
    histogram searches, syncs;
    uint64_t results[STATUSES];
    uint64_t pushed[DGMS_PUSHED];
    uint64_t counters[DGMS_COUNTERS];
    size_t postings; /* bytes of the lists of all readers */
    int64_t started;
};

dgms_metrics *dgms_metrics_new(void)
{
    dgms_metrics *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    pthread_mutex_init(&m->lock, NULL);
    m->started = dgmi_wall_time();
    return m;
}

void dgms_metrics_free(dgms_metrics *metrics)
{
    if (!metrics)
        return;
    pthread_mutex_destroy(&metrics->lock);
    free(metrics);
}

static void observe(histogram *h, double seconds)
{
    size_t i = 0;
    while (i < BOUNDS && seconds > bounds[i])
        i++;
    h->buckets[i]++;
    h->count++;
    h->sum += seconds;
}

static series *find_series(dgms_metrics *m, const char *route, int code)
{
    for (size_t i = 0; i < m->n_series; i++)
        if (m->series[i].code == code && !strcmp(m->series[i].route, route))
            return &m->series[i];
    if (m->n_series == SERIES_MAX)
        return NULL;
    series *s = &m->series[m->n_series++];
    s->route = route;
    s->code = code;
    return s;
}

void dgms_metrics_request(dgms_metrics *metrics, const char *route, int code,
                          double seconds)
{
    pthread_mutex_lock(&metrics->lock);
    series *s = find_series(metrics, route, code);
    if (s)
        observe(&s->times, seconds);
    pthread_mutex_unlock(&metrics->lock);
}

void dgms_metrics_search(dgms_metrics *metrics, dgm_status status, double seconds)
{
    pthread_mutex_lock(&metrics->lock);
    observe(&metrics->searches, seconds);
    if (status < STATUSES)
        metrics->results[status]++;
    pthread_mutex_unlock(&metrics->lock);
}

void dgms_metrics_count(dgms_metrics *metrics, dgms_counter counter, size_t more)
{
    pthread_mutex_lock(&metrics->lock);
    metrics->counters[counter] += more;
    pthread_mutex_unlock(&metrics->lock);
}

void dgms_metrics_pushed(dgms_metrics *metrics, dgms_pushed what)
{
    pthread_mutex_lock(&metrics->lock);
    if (what < DGMS_PUSHED)
        metrics->pushed[what]++;
    pthread_mutex_unlock(&metrics->lock);
}

void dgms_metrics_postings(dgms_metrics *metrics, size_t before, size_t now)
{
    if (before == now)
        return;
    pthread_mutex_lock(&metrics->lock);
    metrics->postings += now - before; /* unsigned: it comes out right */
    pthread_mutex_unlock(&metrics->lock);
}

void dgms_metrics_sync(dgms_metrics *metrics, double seconds)
{
    pthread_mutex_lock(&metrics->lock);
    observe(&metrics->syncs, seconds);
    pthread_mutex_unlock(&metrics->lock);
}

const char *dgms_pushed_name(dgms_pushed what)
{
    static const char *const names[DGMS_PUSHED] = {
        [DGMS_ADDED] = "added",       [DGMS_REPLACED] = "replaced",
        [DGMS_OLDER] = "older",       [DGMS_UNCHANGED] = "unchanged",
        [DGMS_CANCELED] = "canceled", [DGMS_MISSED] = "missing",
        [DGMS_REJECTED] = "rejected", [DGMS_SKIPPED] = "skipped",
        [DGMS_FAILED] = "failed",
    };
    return what < DGMS_PUSHED ? names[what] : "";
}

/* ---- Printing
 * ----------------------------------------------------------------------------- */

static void put_head(dgmi_buf *out, const char *name, const char *type, const char *help)
{
    dgmi_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* A label's value: quotes, backslashes and line ends are escaped. */
static void put_label(dgmi_buf *out, const char *name, const char *value)
{
    dgmi_buf_printf(out, "%s=\"", name);
    for (const char *p = value; *p; p++) {
        if (*p == '\n')
            dgmi_buf_puts(out, "\\n");
        else if (*p == '"' || *p == '\\')
            dgmi_buf_printf(out, "\\%c", *p);
        else
            dgmi_buf_putc(out, *p);
    }
    dgmi_buf_putc(out, '"');
}

/* labels: "" or text that ends in a comma. */
static void put_histogram(dgmi_buf *out, const char *name, const char *labels,
                          const histogram *h)
{
    uint64_t below = 0;
    int shown = (int)strlen(labels);

    for (size_t i = 0; i < BOUNDS; i++) {
        below += h->buckets[i];
        dgmi_buf_printf(out, "%s_bucket{%sle=\"%g\"} %" PRIu64 "\n", name, labels,
                        bounds[i], below);
    }
    dgmi_buf_printf(out, "%s_bucket{%sle=\"+Inf\"} %" PRIu64 "\n", name, labels,
                    h->count);
    if (shown)
        shown--; /* its last comma */
    dgmi_buf_printf(out, "%s_sum%s%.*s%s %.9g\n", name, shown ? "{" : "", shown, labels,
                    shown ? "}" : "", h->sum);
    dgmi_buf_printf(out, "%s_count%s%.*s%s %" PRIu64 "\n", name, shown ? "{" : "", shown,
                    labels, shown ? "}" : "", h->count);
}

static void put_requests(dgmi_buf *out, const dgms_metrics *m)
{
    static const char name[] = "dragoman_http_request_duration_seconds";
    put_head(
        out, name, "histogram",
        "Time from the request line to the last byte of the reply, by route and status.");
    for (size_t i = 0; i < m->n_series; i++) {
        dgmi_buf labels;
        dgmi_buf_init(&labels, 256);
        put_label(&labels, "route", m->series[i].route);
        dgmi_buf_printf(&labels, ",code=\"%d\",", m->series[i].code);
        put_histogram(out, name, labels.p ? labels.p : "", &m->series[i].times);
        dgmi_buf_clear(&labels);
    }
}

static void put_searches(dgmi_buf *out, const dgms_metrics *m)
{
    static const char *const names[STATUSES] = {
        "ok",      "memory", "argument", "not_found", "locked",  "stale",
        "corrupt", "query",  "io",       "internal",  "timeout",
    };
    put_head(out, "dragoman_searches_total", "counter",
             "Searches run, by how they ended.");
    for (size_t i = 0; i < STATUSES; i++)
        dgmi_buf_printf(out, "dragoman_searches_total{result=\"%s\"} %" PRIu64 "\n",
                        names[i], m->results[i]);
    put_head(
        out, "dragoman_search_duration_seconds", "histogram",
        "Time of a search on its thread, without waiting and without writing the reply.");
    put_histogram(out, "dragoman_search_duration_seconds", "", &m->searches);
}

static void put_counters(dgmi_buf *out, const dgms_metrics *m)
{
    static const struct {
        const char *name, *help;
    } texts[DGMS_COUNTERS] = {
        [DGMS_QUEUE_FULL] = { "dragoman_queue_full_total",
                              "Requests refused because too many waited." },
        [DGMS_QUEUE_LATE] = { "dragoman_queue_late_total",
                              "Requests refused because they had waited too long." },
        [DGMS_BAD_HEADS] = { "dragoman_bad_heads_total",
                             "Requests refused for their head." },
        [DGMS_CUT] = { "dragoman_connections_cut_total",
                       "Connections cut because the client was too slow." },
        [DGMS_ABORTED] = { "dragoman_requests_aborted_total",
                           "Requests that ended before their reply was sent whole." },
        [DGMS_ACCEPT_FULL] = { "dragoman_accept_queue_full_total",
                               "Requests refused because too many waited for the "
                               "archive." },
        [DGMS_LOG_LOST] = { "dragoman_access_log_lost_total",
                            "Lines of the access log that could not be written." },
        [DGMS_KEPT_HITS] = { "dragoman_cache_hits_total",
                             "Searches answered with a reply that was kept." },
        [DGMS_KEPT_MISSES] = { "dragoman_cache_misses_total",
                               "Searches whose reply was looked for and not kept." },
        [DGMS_KEPT_EVICTED] = { "dragoman_cache_evictions_total",
                                "Kept replies that made room for others." },
    };
    for (size_t i = 0; i < DGMS_COUNTERS; i++) {
        put_head(out, texts[i].name, "counter", texts[i].help);
        dgmi_buf_printf(out, "%s %" PRIu64 "\n", texts[i].name, m->counters[i]);
    }
}

static void put_pushed(dgmi_buf *out, const dgms_metrics *m)
{
    put_head(out, "dragoman_pushed_items_total", "counter",
             "Items that came over HTTP, by what became of them.");
    for (size_t i = 0; i < DGMS_PUSHED; i++)
        dgmi_buf_printf(out, "dragoman_pushed_items_total{result=\"%s\"} %" PRIu64 "\n",
                        dgms_pushed_name((dgms_pushed)i), m->pushed[i]);
    put_head(out, "dragoman_fsync_duration_seconds", "histogram",
             "Time to make a batch of items durable.");
    put_histogram(out, "dragoman_fsync_duration_seconds", "", &m->syncs);
}

static void put_gauge(dgmi_buf *out, const char *name, const char *help, double value)
{
    put_head(out, name, "gauge", help);
    dgmi_buf_printf(out, "%s %.15g\n", name, value);
}

/* Resident bytes, 0 where they cannot be told. */
static double resident_bytes(void)
{
    long all = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f)
        return 0;
    if (fscanf(f, "%ld %ld", &all, &resident) != 2)
        resident = 0;
    fclose(f);
    return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static double cpu_seconds(void)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used))
        return 0;
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void put_watches(dgmi_buf *out, const dgms_watch_sums *w)
{
    if (!w->known)
        return;
    put_gauge(out, "dragoman_watchlists", "Watchlists.", w->lists);
    put_gauge(out, "dragoman_watchlists_parked",
              "Of them, parked: \"dragoman watchlist status\" says why.", w->parked);
    put_gauge(out, "dragoman_watchlists_failing",
              "Of them, those whose last delivery failed.", w->failing);
    put_gauge(out, "dragoman_watch_alerts", "Alerts since they were made.", w->alerts);
    put_gauge(out, "dragoman_watch_alerts_waiting", "Alerts that wait for delivery.",
              w->waiting);
    put_gauge(out, "dragoman_watch_deliveries", "Posts that webhooks took.",
              w->deliveries);
}

static void put_gauges(dgmi_buf *out, const dgms_metrics *m, const dgms_gauges *g)
{
    put_gauge(out, "dragoman_http_connections", "Open connections.",
              (double)g->connections);
    put_gauge(out, "dragoman_queue_depth", "Requests that wait for a thread.",
              (double)g->queued);
    put_gauge(out, "dragoman_cache_bytes", "Replies that are kept.", (double)g->kept);
    put_gauge(out, "dragoman_moments_behind",
              "Earlier moments that idle threads make ready, once for each of them.",
              (double)g->behind);
    put_gauge(out, "dragoman_posting_bytes", "Posting lists that readers keep.",
              (double)m->postings);
    put_gauge(out, "dragoman_search_threads", "Threads that search.", (double)g->threads);
    put_gauge(out, "dragoman_accept_queue_depth",
              "Requests that wait for the archive to take their items.",
              (double)g->accepting);
    put_gauge(out, "dragoman_archive_writable",
              "1 unless the archive could not take what it was last given.", g->writable);
    put_gauge(out, "dragoman_index_ready", "1 if an index can be searched.",
              g->revision != NULL);
    put_head(out, "dragoman_index_info", "gauge", "Revision of the index in its label.");
    dgmi_buf_puts(out, "dragoman_index_info{");
    put_label(out, "revision", g->revision ? g->revision : "");
    dgmi_buf_puts(out, "} 1\n");
    put_gauge(out, "dragoman_writer_up",
              "1 if the process that brings items into the index is running.",
              g->writer_up);
    put_head(out, "dragoman_writer_restarts_total", "counter",
             "Times that this process had ended and was started again.");
    dgmi_buf_printf(out, "dragoman_writer_restarts_total %zu\n", g->writer_restarts);
    put_watches(out, &g->watches);
    put_head(
        out, "dragoman_synonyms_fault", "gauge",
        "1 if the archive's synonyms cannot be used as they are; where, in its label.");
    dgmi_buf_puts(out, "dragoman_synonyms_fault");
    if (g->synonyms_fault && *g->synonyms_fault) {
        dgmi_buf_putc(out, '{');
        put_label(out, "fault", g->synonyms_fault);
        dgmi_buf_puts(out, "} 1\n");
    } else {
        dgmi_buf_puts(out, " 0\n");
    }
    put_head(out, "dragoman_build_info", "gauge", "Versions in its labels.");
    dgmi_buf_puts(out, "dragoman_build_info{");
    put_label(out, "version", dgm_version());
    dgmi_buf_putc(out, ',');
    put_label(out, "libmicrohttpd", g->http_library ? g->http_library : "");
    dgmi_buf_puts(out, "} 1\n");
    put_gauge(out, "process_resident_memory_bytes", "Resident memory.", resident_bytes());
    put_gauge(out, "process_start_time_seconds", "Start, in seconds since 1970.",
              (double)m->started);
    put_head(out, "process_cpu_seconds_total", "counter", "Processor time used.");
    dgmi_buf_printf(out, "process_cpu_seconds_total %.6f\n", cpu_seconds());
}

void dgms_metrics_print(dgms_metrics *metrics, const dgms_gauges *gauges, dgmi_buf *out)
{
    pthread_mutex_lock(&metrics->lock);
    put_requests(out, metrics);
    put_searches(out, metrics);
    put_counters(out, metrics);
    put_pushed(out, metrics);
    put_gauges(out, metrics, gauges);
    pthread_mutex_unlock(&metrics->lock);
}
