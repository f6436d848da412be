/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman topics`: the policy topics of an archive: listing, testing and trying them,
 * taking them up. doc/topics.md describes their files. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "fail.h"
#include "file.h"
#include "indexer.h"
#include "json_out.h"
#include "topics.h"

#define FILE_BYTES (64u << 10)

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    topics_run *r = user;
    char *end = NULL;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "json"))
        r->json = true;
    else if (!strcmp(name, "force"))
        r->force = true;
    else {
        r->days = strtoul(value, &end, 10);
        if (end == value || *end || r->days < 1 || r->days > 36500)
            return dgmi_fail(err, DGM_E_ARG, "--days: 1 to 36500, not \"%s\"", value);
    }
    return DGM_OK;
}

/* ---- Files ---- */

static void print_fault(void *user, const char *what)
{
    topics_run *r = user;
    r->faults++;
    fprintf(stderr, "%s\n", what);
}

/* DATA/topics, or NAME.topic in it. The caller frees. */
static char *own_path(const topics_run *r, const char *name)
{
    char file[300];
    char *folder = dgmi_path_join(data_dir(r->data), "topics");
    if (!folder || !name)
        return folder;
    snprintf(file, sizeof file, "%.250s.topic", name);
    char *path = dgmi_path_join(folder, file);
    free(folder);
    return path;
}

/* The topics of a path, or of the archive if it is NULL; what is no path may be the name
 * of one that the archive has. */
static dgm_status read_topics(topics_run *r, const char *path, dgm_topics **out,
                              dgm_error *err)
{
    bool named = path && !strchr(path, '/') && access(path, F_OK) != 0;
    char *own = !path || named ? own_path(r, path) : NULL;
    dgm_status status = own || (path && !named)
                            ? dgm_topics_read(own ? own : path, print_fault, r, out, err)
                            : dgmi_fail_memory(err);
    free(own);
    return status;
}

/* ---- list, show ---- */

/* How many items have the topic. */
static dgm_status count_items(dgm *desk, const dgm_topic *topic, uint64_t *out,
                              dgm_error *err)
{
    dgm_page *page = NULL;
    dgm_request *request = dgm_request_new();
    dgm_status status = dgm_request_set(request, "topic", topic->label, err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "highlight", "none", err);
    if (status == DGM_OK)
        status = dgm_search(desk, request, &page, err);
    *out = status == DGM_OK ? page->total : 0;
    dgm_page_free(page);
    dgm_request_free(request);
    return status;
}

static void put_topic(dgmi_buf *out, const topics_run *r, const dgm_topic *t,
                      uint64_t items)
{
    if (!r->json) {
        dgmi_buf_printf(out, "%8" PRIu64 "  %-24s  %s%s%s\n", items, t->name, t->label,
                        t->code ? "  " : "", t->code ? t->code : "");
        return;
    }
    dgmi_buf_putc(out, '{');
    dgmi_json_put_text(out, "name", t->name);
    dgmi_json_put_text(out, "label", t->label);
    dgmi_json_put_text(out, "code", t->code);
    dgmi_json_put_text(out, "about", t->about);
    dgmi_json_put_text(out, "query", t->query);
    dgmi_json_put_number(out, "examples", t->n_examples);
    dgmi_json_put_number(out, "items", items);
    dgmi_buf_puts(out, "}\n");
}

static void put_whole(dgmi_buf *out, const dgm_topic *t, uint64_t items)
{
    dgmi_buf_printf(out, "%s\n\nname     %s\n", t->label, t->name);
    if (t->code)
        dgmi_buf_printf(out, "code     %s\n", t->code);
    if (t->about)
        dgmi_buf_printf(out, "about    %s\n", t->about);
    dgmi_buf_printf(out, "items    %" PRIu64 "\nquery    %s\n", items, t->query);
    for (size_t i = 0; i < t->n_examples; i++)
        dgmi_buf_printf(out, "%s    %s\n", t->examples[i].wanted ? "match" : "not  ",
                        t->examples[i].text);
}

static int list_topics(const dgmi_command *command, topics_run *r, const char *name)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_topics *topics = NULL;
    dgm *desk = NULL;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgm_status status = dgm_open(data_dir(r->data), NULL, &desk, &err);
    if (status == DGM_OK)
        status = read_topics(r, name, &topics, &err);
    if (status == DGM_E_NOTFOUND && desk && !name) { /* none were added yet */
        dgmi_error_clear(&err);
        status = DGM_OK;
    }
    for (size_t i = 0; topics && i < topics->n && status == DGM_OK; i++) {
        uint64_t items = 0;
        status = count_items(desk, &topics->list[i], &items, &err);
        if (name && !r->json)
            put_whole(&out, &topics->list[i], items);
        else
            put_topic(&out, r, &topics->list[i], items);
    }
    int code =
        status == DGM_OK ? print_buf(command, &out) : report(command, status, &err);
    if (status != DGM_OK)
        dgmi_buf_clear(&out);
    dgm_topics_free(topics);
    dgm_close(desk);
    return code == EXIT_DONE && r->faults > 0 ? EXIT_REJECTED : code;
}

/* ---- test ---- */

static size_t put_failures(dgmi_buf *out, const topics_run *r, const dgm_topics *topics)
{
    size_t failed = 0;
    for (size_t i = 0; topics && i < topics->n; i++) {
        const dgm_topic *t = &topics->list[i];
        for (size_t k = 0; k < t->n_examples; k++) {
            const dgm_topic_example *e = &t->examples[k];
            if (e->matched == e->wanted)
                continue;
            failed++;
            if (!r->json) {
                dgmi_buf_printf(out, "%s:%u: %s: %s\n", t->file, e->line,
                                e->wanted ? "does not match" : "matches", e->text);
                continue;
            }
            dgmi_buf_putc(out, '{');
            dgmi_json_put_text(out, "file", t->file);
            dgmi_json_put_number(out, "line", e->line);
            dgmi_json_put_bool(out, "wanted", e->wanted);
            dgmi_json_put_text(out, "text", e->text);
            dgmi_buf_puts(out, "}\n");
        }
    }
    return failed;
}

static size_t count_examples(const dgm_topics *topics)
{
    size_t n = 0;
    for (size_t i = 0; topics && i < topics->n; i++)
        n += topics->list[i].n_examples;
    return n;
}

/* Tests the topics of one path; *failed receives how many examples were not met. */
static dgm_status test_path(topics_run *r, const char *path, dgmi_buf *out,
                            size_t *failed, dgm_error *err)
{
    dgm_topics *topics = NULL;
    dgm_status status = read_topics(r, path, &topics, err);
    if (status == DGM_OK)
        status = dgm_topics_test(topics, err);
    if (status == DGM_OK && topics) {
        *failed = put_failures(out, r, topics);
        if (!r->json)
            dgmi_buf_printf(out, "%s: %zu topics, %zu examples, %zu not met\n",
                            path ? path : "the archive's", topics->n,
                            count_examples(topics), *failed);
    }
    dgm_topics_free(topics);
    return status;
}

static int test_topics(const dgmi_command *command, topics_run *r, int argc, char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    size_t failed = 0, all = 0;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    if (argc == 0)
        status = test_path(r, NULL, &out, &all, &err);
    for (int i = 0; i < argc && status == DGM_OK; i++) {
        status = test_path(r, argv[i], &out, &failed, &err);
        all += failed;
    }
    int code = print_buf(command, &out);
    if (status != DGM_OK)
        code = report(command, status, &err);
    return code == EXIT_DONE && (all > 0 || r->faults > 0) ? EXIT_REJECTED : code;
}

/* ---- add, remove ---- */

static dgm_status copy_file(const topics_run *r, const dgm_topic *topic, dgm_error *err)
{
    dgmi_buf text;
    dgmi_buf_init(&text, FILE_BYTES);
    char *folder = own_path(r, NULL), *path = own_path(r, topic->name);
    dgm_status status =
        folder && path ? dgmi_make_dirs(folder, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_file_read(topic->file, &text, err);
    if (status == DGM_OK)
        status = dgmi_file_replace(path, text.p, text.n, err);
    dgmi_buf_clear(&text);
    free(folder);
    free(path);
    return status;
}

/* A topic whose examples are not met is not taken. */
static dgm_status add_path(topics_run *r, const char *path, dgmi_buf *out, dgm_error *err)
{
    dgm_topics *topics = NULL;
    dgm_status status = dgm_topics_read(path, print_fault, r, &topics, err);
    if (status == DGM_OK)
        status = dgm_topics_test(topics, err);
    size_t failed = status == DGM_OK ? put_failures(out, r, topics) : 0;
    if (failed > 0) {
        r->faults += (unsigned)failed;
        dgmi_buf_printf(out, "%s: not added: %zu examples are not met\n", path, failed);
    }
    for (size_t i = 0; status == DGM_OK && failed == 0 && topics && i < topics->n; i++) {
        status = copy_file(r, &topics->list[i], err);
        if (status == DGM_OK && !r->json)
            dgmi_buf_printf(out, "added %s: %s\n", topics->list[i].name,
                            topics->list[i].label);
    }
    dgm_topics_free(topics);
    return status;
}

static const char hint[] =
    "Items that come in from now on get these topics. Those that are indexed already get "
    "them by: dragoman topics apply\n";

static int add_topics(const dgmi_command *command, topics_run *r, int argc, char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    if (!dgmi_is_dir(data_dir(r->data)))
        status = dgmi_fail(&err, DGM_E_NOTFOUND, "%s: no such data directory",
                           data_dir(r->data));
    for (int i = 0; i < argc && status == DGM_OK; i++)
        status = add_path(r, argv[i], &out, &err);
    if (!r->json && status == DGM_OK && r->faults == 0)
        dgmi_buf_puts(&out, hint);
    int code = print_buf(command, &out);
    if (status != DGM_OK)
        code = report(command, status, &err);
    return code == EXIT_DONE && r->faults > 0 ? EXIT_REJECTED : code;
}

static int remove_topics(const dgmi_command *command, topics_run *r, int argc,
                         char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    for (int i = 0; i < argc && status == DGM_OK; i++) {
        char *path = strchr(argv[i], '/') ? NULL : own_path(r, argv[i]);
        if (!path || access(path, F_OK) != 0)
            status =
                dgmi_fail(&err, DGM_E_NOTFOUND, "there is no topic \"%.200s\"", argv[i]);
        else if (unlink(path) != 0)
            status = dgmi_fail_errno(&err, path);
        free(path);
    }
    if (status != DGM_OK)
        return report(command, status, &err);
    if (!r->json)
        puts("Items keep these topics until: dragoman topics apply");
    return EXIT_DONE;
}

/* ---- backtest, apply ---- */

static int backtest(const dgmi_command *command, topics_run *r, int argc, char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_topics *topics = NULL;
    dgm *desk = NULL;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgm_status status = dgm_open(data_dir(r->data), NULL, &desk, &err);
    for (int i = 0; i < argc && status == DGM_OK; i++) {
        status = read_topics(r, argv[i], &topics, &err);
        for (size_t k = 0; status == DGM_OK && topics && k < topics->n; k++)
            status = topic_backtest(desk, &topics->list[k], r, &out, &err);
        dgm_topics_free(topics);
        topics = NULL;
    }
    int code = print_buf(command, &out);
    if (status != DGM_OK)
        code = report(command, status, &err);
    dgm_close(desk);
    return code == EXIT_DONE && r->faults > 0 ? EXIT_REJECTED : code;
}

static dgm_status count_changes(topics_run *r, dgmi_buf *out, uint64_t *changes,
                                dgm_error *err)
{
    dgm_topics *topics = NULL;
    dgm *desk = NULL;
    dgm_status status = dgm_open(data_dir(r->data), NULL, &desk, err);
    if (status == DGM_OK)
        status = read_topics(r, NULL, &topics, err);
    if (status == DGM_E_NOTFOUND && desk) {
        dgmi_error_clear(err);
        status = DGM_OK;
    }
    for (size_t i = 0; topics && i < topics->n && status == DGM_OK; i++) {
        topic_change change = { 0 };
        status = topic_compare(desk, &topics->list[i], NULL, &change, err);
        *changes += change.gained;
        if (status == DGM_OK && change.gained > 0)
            dgmi_buf_printf(out, "%-24s %8" PRIu64 " more\n", topics->list[i].name,
                            change.gained);
        if (status == DGM_OK && change.lost > 0)
            dgmi_buf_printf(out,
                            "%-24s %8" PRIu64 " have it and do not match: by their "
                            "source, or by an earlier query\n",
                            topics->list[i].name, change.lost);
    }
    dgm_topics_free(topics);
    dgm_close(desk);
    return status;
}

/* Tags are in the stored items, so they come into them as everything else does: by
 * building the index out of the archive. */
static int apply_topics(const dgmi_command *command, topics_run *r)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_ingest_options options = { .log = log_to_stderr, .log_user = (void *)command };
    dgm_counts counts;
    uint64_t changes = 0;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgm_status status = count_changes(r, &out, &changes, &err);
    if (status == DGM_OK && changes == 0 && !r->force)
        dgmi_buf_puts(&out, "Every item has the topics whose queries it matches. After "
                            "one was removed, or matches less, use --force\n");
    int code = print_buf(command, &out);
    if (status == DGM_OK && (changes > 0 || r->force)) {
        fputs("building the index anew, with these topics\n", stderr);
        status = dgm_reindex(data_dir(r->data), &options, &counts, &err);
    }
    return status == DGM_OK ? code : report(command, status, &err);
}

/* ---- The command ---- */

int run_topics(const dgmi_command *command, int argc, char **argv)
{
    topics_run r = { .days = 30 };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_options_read(command, argc, argv, take, &r, &first, &err) != DGM_OK)
        return report_usage(command, &err);
    const char *what = first < argc ? argv[first] : "list";
    int n = argc - first > 1 ? argc - first - 1 : 0;
    char **rest = argv + first + 1;
    if (!strcmp(what, "list") && n == 0)
        return list_topics(command, &r, NULL);
    if (!strcmp(what, "show") && n == 1)
        return list_topics(command, &r, rest[0]);
    if (!strcmp(what, "test"))
        return test_topics(command, &r, n, rest);
    if (!strcmp(what, "add") && n > 0)
        return add_topics(command, &r, n, rest);
    if (!strcmp(what, "remove") && n > 0)
        return remove_topics(command, &r, n, rest);
    if (!strcmp(what, "backtest") && n > 0)
        return backtest(command, &r, n, rest);
    if (!strcmp(what, "apply") && n == 0)
        return apply_topics(command, &r);
    (void)dgmi_fail(&err, DGM_E_ARG,
                    "list, show NAME, test [PATH...], add PATH..., remove NAME..., "
                    "backtest PATH... or apply, not \"%.60s\" with %d operands",
                    what, n);
    return report_usage(command, &err);
}
