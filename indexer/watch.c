/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman watch`: what comes into folders and feeds is taken as it comes, until told to
 * end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fail.h"
#include "fetching.h"
#include "file.h"
#include "folder.h"
#include "signals.h"

typedef struct run {
    const dgmi_command *command;
    const char *data;
    dgm_ingest_options ingest;
    folder_options folders;
    fetching_options feeds; /* .feeds NULL: none */
    dgmi_feed_list list;
} run;

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
    else if (!strcmp(name, "feeds"))
        r->feeds.feeds = value;
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
static dgm_status check(run *r, dgm_error *err)
{
    struct stat data, folder;
    if (r->folders.n == 0 && !r->feeds.feeds)
        return dgmi_fail(err, DGM_E_ARG,
                         "nothing to watch: name a folder, or a list with --feeds");
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
    return r->feeds.feeds ? dgmi_feed_list_read(r->feeds.feeds, &r->list, err) : DGM_OK;
}

/* ---- Running ---- */

static void tell_begin(const run *r)
{
    if (r->folders.batch.quiet)
        return;
    fprintf(stderr, "dragoman watch: watching %zu folder%s", r->folders.n,
            r->folders.n == 1 ? "" : "s");
    if (r->feeds.feeds)
        fprintf(stderr, " and the feeds of %s", r->feeds.feeds);
    fputc('\n', stderr);
}

static void on_hangup(void *user)
{
    if (user)
        fetching_reload(user);
}

static dgm_status watch_all(run *r, loop *l, intake *in, dgm_error *err)
{
    folders *watched = NULL;
    fetching *feeds = NULL;
    bool said;
    dgm_status status = DGM_OK;
    if (r->folders.n > 0)
        status = folders_new(l, in, &r->folders, &watched, err);
    if (status == DGM_OK && r->feeds.feeds)
        status = fetching_new(l, in, &r->feeds, &r->list, &feeds, err);
    if (status == DGM_OK)
        status = signals_watch(l, on_hangup, feeds, err);
    if (status == DGM_OK) {
        tell_begin(r);
        status = loop_run(l, err);
    }
    if (status == DGM_OK && feeds)
        status = fetching_status(feeds, &said, err);
    if (status == DGM_OK)
        status = fetching_end(feeds, err);
    fetching_free(feeds);
    folders_free(watched);
    return status;
}

static dgm_status watch(run *r, dgm_error *err)
{
    intake in;
    loop *l = loop_new();
    if (!l)
        return dgmi_fail_memory(err);
    intake_init(&in, r->command, r->data, &r->ingest, l);
    dgm_status status = watch_all(r, l, &in, err);
    intake_close(&in);
    loop_free(l);
    signals_end();
    return status;
}

int run_watch(const dgmi_command *command, int argc, char **argv)
{
    run r = { .command = command };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    r.folders.batch =
        (batch_options){ .done = "done", .rejects = "rejects", .stop = signals_stop() };
    if (dgmi_options_read(command, argc, argv, take, &r, &first, &err) != DGM_OK)
        return report_usage(command, &err);
    r.data = r.feeds.data = data_dir(r.data);
    r.feeds.json = r.folders.batch.json;
    r.feeds.quiet = r.folders.batch.quiet;
    r.folders.own_data = r.data;
    r.folders.paths = argv + first;
    r.folders.n = (size_t)(argc - first);
    if (check(&r, &err) != DGM_OK)
        return report_usage(command, &err);
    dgm_status status = watch(&r, &err);
    dgmi_feed_list_clear(&r.list);
    return status == DGM_OK ? EXIT_DONE : report(command, status, &err);
}
