/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman cite`: whether what a saved citation names is still what the archive holds.
 */
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "indexer.h"
#include "wire.h"

enum { CITATION_MAX = 64 << 20, STATES = DGM_CITE_MISSING + 1 };

static dgm_status read_input(const char *path, dgmi_buf *out, dgm_error *err)
{
    char bytes[1 << 14];
    FILE *opened = strcmp(path, "-") == 0 ? NULL : fopen(path, "rb");
    FILE *file = opened ? opened : stdin;
    if (!opened && strcmp(path, "-") != 0)
        return dgmi_fail_errno(err, path);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
        dgmi_buf_put(out, bytes, n);
    bool failed = ferror(file) != 0;
    if (opened)
        fclose(opened);
    if (failed)
        return dgmi_fail(err, DGM_E_IO, "%s: could not be read", path);
    return out->failed ? dgmi_fail(err, DGM_E_ARG, "%s: larger than %d MB", path,
                                   CITATION_MAX >> 20)
                       : DGM_OK;
}

static void put_state(dgmi_buf *out, bool json, const char *id, dgm_cite_state state,
                      size_t i)
{
    const char *name = dgm_cite_state_name(state);
    if (!json) {
        dgmi_buf_printf(out, "%-8s %s\n", name, id);
        return;
    }
    dgmi_buf_puts(out, i > 0 ? ",{\"id\":" : "{\"id\":");
    dgmi_json_string(out, id);
    dgmi_buf_printf(out, ",\"state\":\"%s\"}", name);
}

static void put_sum(dgmi_buf *out, bool json, const size_t counts[STATES])
{
    const char *before = json ? "]" : "";
    for (int s = 0; s < STATES; s++) {
        const char *name = dgm_cite_state_name((dgm_cite_state)s);
        if (json)
            dgmi_buf_printf(out, "%s,\"%s\":%zu", before, name, counts[s]);
        else
            dgmi_buf_printf(out, "%s%zu %s", before, counts[s], name);
        before = json ? "" : ", ";
    }
    dgmi_buf_puts(out, json ? "}\n" : "\n");
}

static dgm_status check_all(dgm *desk, const dgmi_citation *citation, bool json,
                            dgmi_buf *out, size_t counts[STATES], dgm_error *err)
{
    dgm_status status = DGM_OK;
    dgmi_buf_puts(out, json ? "{\"items\":[" : "");
    for (size_t i = 0; i < citation->n && status == DGM_OK; i++) {
        const dgmi_cited_item *item = &citation->items[i];
        dgm_cite_state state = DGM_CITE_MISSING;
        status = dgm_cite_check(desk, item->id, &item->cited, &state, err);
        counts[state]++;
        put_state(out, json, item->id, state, i);
    }
    put_sum(out, json, counts);
    return status;
}

static int check(const dgmi_command *command, const data_run *r,
                 const dgmi_citation *citation)
{
    dgm *desk = NULL;
    dgm_error err = DGM_ERROR_INIT;
    size_t counts[STATES] = { 0 };
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgm_options options = { log_to_stderr, (void *)command };
    dgm_status status = dgm_open(data_dir(r->data), &options, &desk, &err);
    if (status == DGM_OK)
        status = check_all(desk, citation, r->json, &out, counts, &err);
    dgm_close(desk);
    if (status != DGM_OK) {
        dgmi_buf_clear(&out);
        return report(command, status, &err);
    }
    int code = print_buf(command, &out);
    return code == EXIT_DONE && counts[DGM_CITE_SAME] < citation->n ? EXIT_REJECTED
                                                                    : code;
}

int run_cite(const dgmi_command *command, int argc, char **argv)
{
    data_run r = { NULL, false };
    dgm_error err = DGM_ERROR_INIT;
    dgmi_citation citation = { .n = 0 };
    dgmi_buf text;
    int first = 0, code = EXIT_USAGE;
    dgmi_buf_init(&text, CITATION_MAX);
    dgm_status status =
        dgmi_options_read(command, argc, argv, take_data_run, &r, &first, &err);
    if (status == DGM_OK && argc - first != 1)
        status = dgmi_fail(&err, DGM_E_ARG, "one file with a citation is wanted");
    if (status == DGM_OK)
        status = read_input(argv[first], &text, &err);
    if (status == DGM_OK)
        status = dgmi_json_read_citation(dgmi_buf_str(&text), &citation, &err);
    code = status == DGM_OK ? check(command, &r, &citation) : report_usage(command, &err);
    dgmi_citation_clear(&citation);
    dgmi_buf_clear(&text);
    return code;
}
