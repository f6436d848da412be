/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman fetch`: one pass over a list of feeds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "fetching.h"
#include "signals.h"

typedef struct run {
    const dgmi_command *command;
    const char *data;
    bool settings;
    fetching_options feeds;
    dgm_ingest_options ingest;
    dgmi_feed_list list;
} run;

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "feeds"))
        r->feeds.feeds = value;
    else if (!strcmp(name, "due"))
        r->feeds.plan.due = true;
    else if (!strcmp(name, "gone"))
        r->feeds.plan.gone = true;
    else if (!strcmp(name, "settings"))
        r->settings = true;
    else if (!strcmp(name, "quiet"))
        r->feeds.quiet = true;
    else if (!strcmp(name, "json"))
        r->feeds.json = true;
    else
        return take_writer_option(&r->ingest, name, value, err);
    return DGM_OK;
}

static int print_settings(const dgmi_command *command)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 1 << 20);
    dgmi_settings_print(&out);
    return print_buf(command, &out);
}

static int print_counts(const run *r, const dgmi_fetch_counts *c)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 4096);
    if (r->feeds.json)
        dgmi_buf_printf(&out,
                        "{\"feeds\": %" PRIu64 ", \"asked\": %" PRIu64
                        ", \"not_modified\": %" PRIu64 ", \"failed\": %" PRIu64
                        ", \"skipped\": %" PRIu64 ", \"added\": %" PRIu64
                        ", \"replaced\": %" PRIu64 ", \"unchanged\": %" PRIu64
                        ", \"older\": %" PRIu64 ", \"rejected\": %" PRIu64 "}\n",
                        c->feeds, c->asked, c->not_modified, c->failed, c->skipped,
                        c->added, c->replaced, c->unchanged, c->older, c->rejected);
    else
        dgmi_buf_printf(&out,
                        "%" PRIu64 " feeds: %" PRIu64 " asked, %" PRIu64
                        " not modified, %" PRIu64 " failed, %" PRIu64 " left alone\n"
                        "items: %" PRIu64 " added, %" PRIu64 " replaced, %" PRIu64
                        " unchanged, %" PRIu64 " older; %" PRIu64 " rejected\n",
                        c->feeds, c->asked, c->not_modified, c->failed, c->skipped,
                        c->added, c->replaced, c->unchanged, c->older, c->rejected);
    int code = print_buf(r->command, &out);
    bool trouble = c->failed > 0 || c->rejected > 0;
    return code != EXIT_DONE ? code : trouble ? EXIT_REJECTED : EXIT_DONE;
}

static void on_hangup(void *user)
{
    (void)user; /* a pass keeps the list that it began with */
}

static dgm_status fetch(run *r, loop *l, intake *in, bool *said,
                        dgmi_fetch_counts *counts, dgm_error *err)
{
    fetching *f = NULL;
    dgm_status status = signals_watch(l, on_hangup, NULL, err);
    if (status == DGM_OK)
        status = fetching_new(l, in, &r->feeds, &r->list, &f, err);
    if (status != DGM_OK)
        return status;
    status = loop_run(l, err);
    if (status == DGM_OK)
        status = fetching_status(f, said, err);
    if (status == DGM_OK)
        status = fetching_end(f, err);
    *counts = *fetching_counts(f);
    fetching_free(f);
    return status;
}

static int run_pass(run *r)
{
    intake in;
    bool said = false;
    dgmi_fetch_counts counts = { 0 };
    dgm_error err = DGM_ERROR_INIT;
    loop *l = loop_new();
    if (!l)
        return report(r->command, dgmi_fail_memory(&err), &err);
    intake_init(&in, r->command, r->data, &r->ingest, l);
    dgm_status status = fetch(r, l, &in, &said, &counts, &err);
    intake_close(&in);
    loop_free(l);
    signals_end();
    if (status != DGM_OK)
        return said ? EXIT_DATA : report(r->command, status, &err);
    return print_counts(r, &counts);
}

int run_fetch(const dgmi_command *command, int argc, char **argv)
{
    run r = { .command = command, .feeds = { .plan = { .once = true } } };
    int first = 0, code = EXIT_USAGE;
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = dgmi_options_read(command, argc, argv, take, &r, &first, &err);
    if (status == DGM_OK && first < argc)
        status = dgmi_fail(&err, DGM_E_ARG,
                           "%s: fetch takes no such word; a list is "
                           "named with --feeds",
                           argv[first]);
    if (status != DGM_OK)
        return report_usage(command, &err);
    if (r.settings)
        return print_settings(command);
    r.data = r.feeds.data = data_dir(r.data);
    char *path = feeds_path(r.feeds.feeds, r.data);
    r.feeds.feeds = path;
    status = path ? dgmi_feed_list_read(path, &r.list, &err) : dgmi_fail_memory(&err);
    if (status != DGM_OK)
        report_usage(command, &err);
    else
        code = run_pass(&r);
    dgmi_feed_list_clear(&r.list);
    free(path);
    return code;
}
