/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman index` and `dragoman reindex`: items in, counts out. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "indexer.h"
#include "progress.h"

typedef struct run {
    const dgmi_command *command;
    const char *data;
    dgm_ingest_options options;
    bool json, quiet, formats;
    progress progress;
} run;

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "formats"))
        r->formats = true;
    else if (!strcmp(name, "quiet"))
        r->quiet = true;
    else if (!strcmp(name, "json"))
        r->json = true;
    else
        return take_writer_option(&r->options, name, value, err);
    return DGM_OK;
}

static void on_progress(void *user, dgm_phase phase, const dgm_counts *counts)
{
    progress_show(&((run *)user)->progress, phase, counts);
}

static void on_reject(void *user, const char *where, const char *reason, const char *kept)
{
    run *r = user;
    progress_clear(&r->progress);
    fprintf(stderr, "dragoman %s: %s: %s%s%s\n", r->command->name, where, reason,
            kept ? "; kept as " : "", kept ? kept : "");
}

static void on_log(void *user, const char *level, const char *text)
{
    run *r = user;
    progress_clear(&r->progress);
    log_to_stderr((void *)r->command, level, text);
}

static bool is_packed(const char *path)
{
    static const char *const endings[] = { ".gz",  ".zst", ".zip", ".xz",
                                           ".bz2", ".tgz", ".txz" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (dgmi_str_ends(dgmi_str_of(path), endings[i]))
            return true;
    return false;
}

/* Bytes of the plain files named, for the bar; 0 if one of them is packed or not a file.
 */
static uint64_t total_bytes(int argc, char **argv)
{
    uint64_t total = 0;
    for (int i = 0; i < argc; i++) {
        struct stat st;
        if (is_packed(argv[i]) || stat(argv[i], &st) || S_ISFIFO(st.st_mode))
            return 0;
        total += S_ISDIR(st.st_mode) ? dgmi_tree_size(argv[i]) : (uint64_t)st.st_size;
    }
    return total;
}

static int print_counts(const run *r, const dgm_counts *c)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 4096);
    if (r->json)
        dgmi_buf_printf(&out,
                        "{\"files\": %" PRIu64 ", \"items\": %" PRIu64
                        ", \"added\": %" PRIu64 ", \"replaced\": %" PRIu64
                        ", \"unchanged\": %" PRIu64 ", \"older\": %" PRIu64
                        ", \"rejected\": %" PRIu64 ", \"indexed\": %" PRIu64 "}\n",
                        c->files, c->items, c->added, c->replaced, c->unchanged, c->older,
                        c->rejected, c->indexed);
    else if (!strcmp(r->command->name, "reindex"))
        dgmi_buf_printf(&out, "%" PRIu64 " items indexed anew\n", c->indexed);
    else
        dgmi_buf_printf(
            &out,
            "%" PRIu64 " items read: %" PRIu64 " added, %" PRIu64 " replaced, %" PRIu64
            " unchanged, %" PRIu64 " older; %" PRIu64 " rejected\n",
            c->items, c->added, c->replaced, c->unchanged, c->older, c->rejected);
    int code = print_buf(r->command, &out);
    return code != EXIT_DONE ? code : c->rejected ? EXIT_REJECTED : EXIT_DONE;
}

static int print_formats(void)
{
    for (size_t i = 0; dgm_format_at(i); i++)
        puts(dgm_format_at(i));
    return EXIT_DONE;
}

/* Options into r; EXIT_USAGE with a message if they are wrong. */
static int begin(run *r, const dgmi_command *command, int argc, char **argv, int *first)
{
    dgm_error err = DGM_ERROR_INIT;
    *r = (run){ .command = command };
    r->options = (dgm_ingest_options){ .progress = on_progress,
                                       .reject = on_reject,
                                       .user = r,
                                       .log = on_log,
                                       .log_user = r };
    if (dgmi_options_read(command, argc, argv, take, r, first, &err) != DGM_OK)
        return report_usage(command, &err);
    r->data = data_dir(r->data);
    return EXIT_DONE;
}

static dgm_status ingest_all(dgm_ingest *ingest, int argc, char **argv, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (int i = 0; i < argc && status == DGM_OK; i++) {
        if (!strcmp(argv[i], "-"))
            status = dgm_ingest_fd(ingest, STDIN_FILENO, "stdin", err);
        else
            status = dgm_ingest_path(ingest, argv[i], err);
    }
    return status;
}

/* A path that is not there is a wrong usage: better said before anything is opened. */
static dgm_status check_paths(int argc, char **argv, dgm_error *err)
{
    struct stat st;
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "-") != 0 && stat(argv[i], &st)) {
            err->code = DGM_E_ARG;
            snprintf(err->text, sizeof err->text, "%.200s: no such file or folder",
                     argv[i]);
            return DGM_E_ARG;
        }
    return DGM_OK;
}

int run_index(const dgmi_command *command, int argc, char **argv)
{
    run r;
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    dgm_counts counts = { 0 };
    dgm_ingest *ingest = NULL;

    int code = begin(&r, command, argc, argv, &first);
    if (code != EXIT_DONE)
        return code;
    if (r.formats)
        return print_formats();
    if (first >= argc) {
        snprintf(err.text, sizeof err.text,
                 "nothing to index: name a file, a folder, or - for standard input");
        return report_usage(command, &err);
    }
    if (check_paths(argc - first, argv + first, &err) != DGM_OK)
        return report(command, DGM_E_ARG, &err);
    progress_begin(&r.progress, r.quiet, total_bytes(argc - first, argv + first));
    dgm_status status = dgm_ingest_open(r.data, &r.options, &ingest, &err);
    if (status == DGM_OK)
        status = ingest_all(ingest, argc - first, argv + first, &err);
    dgm_status last =
        ingest ? dgm_ingest_commit(ingest, &counts, status == DGM_OK ? &err : NULL)
               : DGM_OK;
    dgm_ingest_close(ingest);
    progress_clear(&r.progress);
    if (status == DGM_OK)
        status = last;
    if (status != DGM_OK)
        return report(command, status, &err);
    return print_counts(&r, &counts);
}

int run_reindex(const dgmi_command *command, int argc, char **argv)
{
    run r;
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    dgm_counts counts = { 0 };

    int code = begin(&r, command, argc, argv, &first);
    if (code != EXIT_DONE)
        return code;
    progress_begin(&r.progress, r.quiet, 0);
    dgm_status status = dgm_reindex(r.data, &r.options, &counts, &err);
    progress_clear(&r.progress);
    if (status != DGM_OK)
        return report(command, status, &err);
    return print_counts(&r, &counts);
}
