/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragomand`: puts the parts together, waits for signals, takes them apart. Depends on
 * all parts of the server. */
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "acceptor.h"
#include "conns.h"
#include "fail.h"
#include "file.h"
#include "http.h"
#include "kept.h"
#include "keys.h"
#include "listen.h"
#include "pages.h"
#include "routes.h"
#include "server.h"
#include "waiting.h"
#include "watches.h"
#include "workers.h"
#include "writer.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_DATA = 3 };

/* After the signal, in milliseconds: until then all is answered, until then what still
 * comes is refused with an answer (the longest search takes 2 s between), after that it
 * is cut. */
#define ANSWER_UNTIL_MS 2500
#define REFUSE_UNTIL_MS 4700

static int report(const dgm_error *err, int code)
{
    fprintf(stderr, "dragomand: %s\n",
            *err->text ? err->text : dgm_status_text(err->code));
    return code;
}

static int print_text(void (*make)(dgmi_buf *))
{
    dgmi_buf out;
    dgmi_buf_init(&out, 1 << 20);
    make(&out);
    bool done =
        !out.failed && fwrite(out.p, 1, out.n, stdout) == out.n && !fflush(stdout);
    dgmi_buf_clear(&out);
    return done ? EXIT_DONE : EXIT_FAILED;
}

/* Signals are waited for, not caught: all threads start with them blocked. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of write(2) */
}

/* Returns when the server is to stop. */
static void wait_for_end(const sigset_t *set, dgms_http *http, const dgms_server *server)
{
    const struct timespec second = { 1, 0 };

    for (;;) {
        int got = sigtimedwait(set, NULL, &second);
        dgm_error err = DGM_ERROR_INIT;
        if (got == SIGTERM || got == SIGINT)
            return;
        if (got == SIGHUP && dgms_accesslog_reopen(server->log, &err) != DGM_OK)
            report(&err, EXIT_FAILED);
        dgmi_error_clear(&err);
        if (got == SIGHUP && dgms_keys_reload(server->keys, &err) != DGM_OK)
            report(&err, EXIT_FAILED);
        dgms_http_tend(http);
        dgms_watches_tend(server->watches);
    }
}

static bool announce(const char *url)
{
    return printf("dragomand: listening on %s\n", url) > 0 && !fflush(stdout);
}

/* Serves until a signal. */
static int serve(dgms_server *server, const sigset_t *set, dgm_error *err)
{
    dgms_listener listener = { .fd = -1 };
    dgms_workers *workers = NULL;
    dgms_acceptor *acceptor = NULL;
    dgms_waiting *waiting = NULL;
    dgms_http *http = NULL;
    int code = EXIT_FAILED;

    dgm_status status = dgms_listen(server->settings->listen, &listener, err);
    if (status != DGM_OK) {
        code = status == DGM_E_ARG ? EXIT_USAGE : EXIT_FAILED;
        goto out;
    }
    if (dgms_workers_start(server, dgms_http_work, &workers, err) != DGM_OK)
        goto out;
    server->workers = workers;
    if (dgms_acceptor_start(server, &acceptor, err) != DGM_OK ||
        dgms_waiting_start(server, &waiting, err) != DGM_OK)
        goto out;
    server->acceptor = acceptor;
    server->waiting = waiting;
    dgms_watches_tend(server->watches);
    if (dgms_http_start(server, listener.fd, &http, err) != DGM_OK ||
        !announce(listener.url))
        goto out;
    wait_for_end(set, http, server);
    dgms_http_quiesce(http);
    dgms_http_drain(http, ANSWER_UNTIL_MS);
    code = EXIT_DONE;
out:
    if (code != EXIT_DONE)
        report(err, code);
    if (workers)
        dgms_workers_finish(workers);
    if (acceptor)
        dgms_acceptor_finish(acceptor);
    if (waiting)
        dgms_waiting_finish(waiting);
    if (http)
        dgms_http_drain(http, REFUSE_UNTIL_MS);
    dgms_http_stop(http);
    dgms_workers_free(workers);
    dgms_acceptor_free(acceptor);
    dgms_waiting_free(waiting);
    return code;
}

/* Can this archive be served? One that has no index yet can. */
static dgm_status check_data(const char *data, dgm_error *err)
{
    dgm *desk = NULL;

    if (!dgmi_is_dir(data))
        return dgmi_fail(err, DGM_E_NOTFOUND,
                         "%s: there is no such directory; \"dragoman index\" makes one",
                         data);
    dgm_status status = dgm_open(data, NULL, &desk, err);
    dgm_close(desk);
    return status;
}

static int run(const dgms_settings *settings)
{
    dgms_spools spools;
    dgms_server server = { .settings = settings, .spools = &spools };
    dgm_error err = DGM_ERROR_INIT;
    sigset_t set;
    char *openapi = NULL;
    int code = EXIT_FAILED;

    if (check_data(settings->data, &err) != DGM_OK)
        return report(&err, EXIT_DATA);
    if (dgms_keys_new(settings, &server.keys, &err) != DGM_OK)
        return report(&err, EXIT_USAGE);
    block_signals(&set);
    dgms_spools_init(&spools, settings->data);
    server.metrics = dgms_metrics_new();
    server.conns = dgms_conns_new();
    server.watches = dgms_watches_new(settings->data);
    if (server.metrics)
        server.kept = dgms_kept_new(settings->cache_bytes, server.metrics);
    server.openapi = openapi = dgms_openapi_text();
    if (!server.metrics || !server.conns || !server.watches || !server.kept || !openapi)
        dgmi_fail_memory(&err);
    if (err.code == DGM_OK)
        dgms_pages_new(&server.pages, &err);
    if (err.code == DGM_OK)
        dgms_accesslog_open(settings->access_log, &server.log, &err);
    if (err.code == DGM_OK)
        dgms_writer_start(settings, &server.writer, &err);
    code = err.code == DGM_OK ? serve(&server, &set, &err) : report(&err, EXIT_FAILED);
    dgms_writer_stop(server.writer);
    dgms_accesslog_close(server.log);
    dgms_keys_free(server.keys);
    dgms_pages_free(server.pages);
    dgms_conns_free(server.conns);
    dgms_kept_free(server.kept);
    dgms_watches_free(server.watches);
    dgms_metrics_free(server.metrics);
    free(openapi);
    return code;
}

int main(int argc, char **argv)
{
    dgms_settings settings;
    dgms_errand errand;
    dgm_error err = DGM_ERROR_INIT;
    int code = EXIT_USAGE;

    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C"); /* JSON and metrics have a point, wherever we run */
    if (dgms_settings_read(argc, argv, &settings, &errand, &err) != DGM_OK) {
        report(&err, EXIT_USAGE);
        fputs("\"dragomand --help\" tells more.\n", stderr);
        dgms_settings_clear(&settings);
        return EXIT_USAGE;
    }
    switch (errand) {
    case DGMS_SERVE:
        code =
            strcmp(settings.writer, "only") ? run(&settings) : dgms_writer_run(&settings);
        break;
    case DGMS_HELP:
        code = print_text(dgms_settings_help);
        break;
    case DGMS_MAN:
        code = print_text(dgms_settings_man);
        break;
    case DGMS_VERSION:
        code = printf("dragomand %s\n", dgm_version()) > 0 ? EXIT_DONE : EXIT_FAILED;
        break;
    }
    dgms_settings_clear(&settings);
    return code;
}
