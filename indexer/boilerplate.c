/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman boilerplate`: the report on recurring lines, and decisions about them. */
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "indexer.h"
#include "json_out.h"
#include "utf8.h"

enum { LINE_SHOWN = 100 };

typedef struct boilerplate_run {
    const char *data, *scope;
    bool json, learn, decides;
    dgm_line_state decision;
} boilerplate_run;

static dgm_status decide(boilerplate_run *r, dgm_line_state state, dgm_error *err)
{
    if (r->decides)
        return dgmi_fail(err, DGM_E_ARG,
                         "only one of --approve, --forbid and --forget can be done");
    r->decides = true;
    r->decision = state;
    return DGM_OK;
}

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    boilerplate_run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "scope"))
        r->scope = value;
    else if (!strcmp(name, "json"))
        r->json = true;
    else if (!strcmp(name, "learn"))
        r->learn = true;
    else if (!strcmp(name, "approve"))
        return decide(r, DGM_LINE_APPROVED, err);
    else if (!strcmp(name, "forbid"))
        return decide(r, DGM_LINE_FORBIDDEN, err);
    else
        return decide(r, DGM_LINE_FORGOTTEN, err);
    return DGM_OK;
}

static void put_day(dgmi_buf *out, int64_t time)
{
    char date[DGMI_DATE_SIZE];
    dgmi_date_format(time, date);
    dgmi_buf_printf(out, "  %-10.10s", date[0] ? date : "-");
}

static void put_line(dgmi_buf *out, const dgm_line *l)
{
    size_t n = strlen(l->text), cut = dgmi_utf8_cut(l->text, n, LINE_SHOWN);
    double share = l->of > 0 ? 100.0 * l->items / l->of : 0;
    dgmi_buf_printf(out, "%c%-9s  %5u %5.1f%%  %2u days  %-4s", l->waits ? '*' : ' ',
                    dgm_line_state_text(l->state), l->items, share, l->days,
                    l->head > l->tail ? "head" : "tail");
    put_day(out, l->first);
    put_day(out, l->last);
    dgmi_buf_printf(out, "  %.*s%s\n", (int)cut, l->text, cut < n ? "…" : "");
}

static bool is_asked(const boilerplate_run *r, const dgm_line *l)
{
    return r->scope == NULL || strcmp(r->scope, l->scope) == 0;
}

static void put_table(dgmi_buf *out, const boilerplate_run *r, const dgm_lines *lines)
{
    const char *scope = "";
    size_t waiting = 0;
    for (size_t i = 0; i < lines->n_lines; i++) {
        const dgm_line *l = &lines->lines[i];
        if (!is_asked(r, l))
            continue;
        if (strcmp(scope, l->scope) != 0)
            dgmi_buf_printf(out, "%s%s\n", scope[0] ? "\n" : "", l->scope);
        scope = l->scope;
        put_line(out, l);
        waiting += l->waits;
    }
    if (waiting > 0)
        dgmi_buf_printf(out,
                        "\n* %zu of these do not hold for all items that are indexed: "
                        "\"dragoman reindex\" makes them\n",
                        waiting);
}

static void put_json(dgmi_buf *out, const boilerplate_run *r, const dgm_lines *lines)
{
    const char *before = "{\"lines\":[";
    for (size_t i = 0; i < lines->n_lines; i++) {
        const dgm_line *l = &lines->lines[i];
        if (!is_asked(r, l))
            continue;
        dgmi_buf_puts(out, before);
        dgmi_buf_putc(out, '{');
        dgmi_json_put_text(out, "scope", l->scope);
        dgmi_json_put_text(out, "state", dgm_line_state_text(l->state));
        dgmi_json_put_number(out, "items", l->items);
        dgmi_json_put_number(out, "of", l->of);
        dgmi_json_put_number(out, "days", l->days);
        dgmi_json_put_number(out, "head", l->head);
        dgmi_json_put_number(out, "tail", l->tail);
        dgmi_json_put_time(out, "first", l->first);
        dgmi_json_put_time(out, "last", l->last);
        dgmi_json_put_bool(out, "waits", l->waits);
        dgmi_json_put_text(out, "line", l->text);
        dgmi_buf_putc(out, '}');
        before = ",";
    }
    dgmi_buf_puts(out, before[0] == ',' ? "" : before);
    dgmi_buf_puts(out, "]}\n");
}

static int print_report(const dgmi_command *command, const boilerplate_run *r)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_lines *lines = NULL;
    dgmi_buf out;
    dgmi_buf_init(&out, 256u << 20);
    dgm_status status = dgm_lines_read(data_dir(r->data), r->learn, &lines, &err);
    if (status != DGM_OK)
        return report(command, status, &err);
    if (r->json)
        put_json(&out, r, lines);
    else
        put_table(&out, r, lines);
    dgm_lines_free(lines);
    return print_buf(command, &out);
}

static int apply_decision(const dgmi_command *command, const boilerplate_run *r,
                          const char *line)
{
    dgm_error err = DGM_ERROR_INIT;
    size_t changed = 0;
    dgm_status status =
        dgm_lines_set(data_dir(r->data), r->scope, line, r->decision, &changed, &err);
    if (status == DGM_E_NOTFOUND && changed == 0 &&
        strncmp(err.text, "no such line", 12) == 0) {
        fprintf(stderr, "dragoman boilerplate: %s\n", err.text);
        return EXIT_REJECTED;
    }
    if (status == DGM_E_ARG)
        return report_usage(command, &err);
    if (status != DGM_OK)
        return report(command, status, &err);
    printf("%s in %zu source%s; items indexed earlier follow at the next reindex\n",
           dgm_line_state_text(r->decision), changed, changed == 1 ? "" : "s");
    return EXIT_DONE;
}

int run_boilerplate(const dgmi_command *command, int argc, char **argv)
{
    boilerplate_run r = { 0 };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = dgmi_options_read(command, argc, argv, take, &r, &first, &err);
    if (status == DGM_OK && r.decides != (first + 1 == argc))
        status = dgmi_fail(&err, DGM_E_ARG, "%s",
                           r.decides ? "wants one line, as the report has it in --json"
                                     : "a line needs --approve, --forbid or --forget");
    if (status == DGM_OK && !r.decides && first != argc)
        status = dgmi_fail(&err, DGM_E_ARG, "takes one line at most");
    if (status != DGM_OK)
        return report_usage(command, &err);
    return r.decides ? apply_decision(command, &r, argv[first])
                     : print_report(command, &r);
}
