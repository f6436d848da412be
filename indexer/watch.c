/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman watch`: what comes into folders is taken as it comes, until told to end. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"
#include "folder.h"

typedef struct run {
    const dgmi_command *command;
    const char *data;
    dgm_ingest_options ingest;
    folder_options folders;
} run;

/* ---- Ending ---- */

static volatile sig_atomic_t stop;
static int stop_fd = -1;

static void on_signal(int number)
{
    uint64_t one = 1;
    int before = errno;
    (void)number;
    stop = 1;
    if (write(stop_fd, &one, sizeof one) < 0)
        errno = before;
    errno = before;
}

static void on_stop(void *user, int fd, short events)
{
    (void)fd, (void)events;
    loop_stop(user);
}

/* The first signal lets the file at hand be finished; a second one ends at once, which
 * loses nothing either. */
static dgm_status watch_signals(loop *l, dgm_error *err)
{
    struct sigaction action = { .sa_handler = on_signal,
                                .sa_flags = SA_RESTART | (int)SA_RESETHAND };
    stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (stop_fd < 0)
        return dgmi_fail_errno(err, "eventfd");
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGIO, SIG_IGN); /* sent to who leases a file that is about to be written */
    if (loop_watch(l, stop_fd, POLLIN, on_stop, l) != DGM_OK)
        return dgmi_fail_memory(err);
    return DGM_OK;
}

/* ---- Options ---- */

static dgm_status take_name(const char *option, const char *value, const char **out,
                            dgm_error *err)
{
    if (!*value || strchr(value, '/') || !strcmp(value, ".") || !strcmp(value, ".."))
        return dgmi_fail(err, DGM_E_ARG,
                         "--%s: wants the name of a folder below the watched one, "
                         "not \"%s\"",
                         option, value);
    *out = value;
    return DGM_OK;
}

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    unsigned long number = 0;
    dgm_status status = DGM_OK;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "done"))
        status = take_name(name, value, &r->folders.batch.done, err);
    else if (!strcmp(name, "rejects"))
        status = take_name(name, value, &r->folders.batch.rejects, err);
    else if (!strcmp(name, "deep"))
        r->folders.deep = true;
    else if (!strcmp(name, "quiet"))
        r->folders.batch.quiet = true;
    else if (!strcmp(name, "json"))
        r->folders.batch.json = true;
    else if (!strcmp(name, "poll")) {
        status = dgmi_option_number(name, value, 86400, &number, err);
        r->folders.poll_us = (uint64_t)number * 1000000;
    } else {
        status = take_writer_option(&r->ingest, name, value, err);
    }
    return status;
}

static bool is_format(const char *name)
{
    if (!name || !strcmp(name, "auto"))
        return true;
    for (size_t i = 0; dgm_format_at(i); i++)
        if (!strcmp(name, dgm_format_at(i)))
            return true;
    return false;
}

/* Says what is wrong with the command line before anything is opened. */
static dgm_status check(const run *r, dgm_error *err)
{
    struct stat data, folder;
    if (r->folders.n == 0)
        return dgmi_fail(err, DGM_E_ARG, "nothing to watch: name a folder");
    if (!is_format(r->ingest.format))
        return dgmi_fail(err, DGM_E_ARG, "no such format: %s", r->ingest.format);
    for (size_t i = 0; i < r->folders.n; i++) {
        const char *path = r->folders.paths[i];
        if (stat(path, &folder) != 0 || !S_ISDIR(folder.st_mode))
            return dgmi_fail(err, DGM_E_ARG, "%s: no such folder", path);
        if (stat(r->data, &data) == 0 && data.st_dev == folder.st_dev &&
            data.st_ino == folder.st_ino)
            return dgmi_fail(err, DGM_E_ARG, "%s: is the data directory", path);
    }
    return DGM_OK;
}

/* ---- Running ---- */

static dgm_status watch(run *r, dgm_error *err)
{
    intake in;
    folders *watched = NULL;
    loop *l = loop_new();
    if (!l)
        return dgmi_fail_memory(err);
    intake_init(&in, r->command, r->data, &r->ingest, l);
    dgm_status status = watch_signals(l, err);
    if (status == DGM_OK)
        status = folders_new(l, &in, &r->folders, &watched, err);
    if (status == DGM_OK && !r->folders.batch.quiet)
        fprintf(stderr, "dragoman watch: watching %zu folder%s\n", r->folders.n,
                r->folders.n == 1 ? "" : "s");
    if (status == DGM_OK)
        status = loop_run(l, err);
    folders_free(watched);
    intake_close(&in);
    loop_free(l);
    if (stop_fd >= 0)
        close(stop_fd);
    return status;
}

int run_watch(const dgmi_command *command, int argc, char **argv)
{
    run r = { .command = command };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    r.folders.batch =
        (batch_options){ .done = "done", .rejects = "rejects", .stop = &stop };
    if (dgmi_options_read(command, argc, argv, take, &r, &first, &err) != DGM_OK)
        return report_usage(command, &err);
    r.data = data_dir(r.data);
    r.folders.own_data = r.data;
    r.folders.paths = argv + first;
    r.folders.n = (size_t)(argc - first);
    if (check(&r, &err) != DGM_OK)
        return report_usage(command, &err);
    dgm_status status = watch(&r, &err);
    return status == DGM_OK ? EXIT_DONE : report(command, status, &err);
}
