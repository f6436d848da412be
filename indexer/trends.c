/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman trends`: matches over time as a table, JSON or CSV. Depends on lib/wire. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "date.h"
#include "indexer.h"
#include "wire.h"

#define OPTIONS_MAX 96
#define DEADLINE_MS 2000
#define BAR 40

typedef struct run {
    const char *data;
    bool json, csv;
    dgm_request *request;
    dgm_trends_form form;
} run;

const dgmi_option *trends_options(void)
{
    static dgmi_option options[OPTIONS_MAX + 1];
    static char help[OPTIONS_MAX][PARAM_HELP];
    const dgm_param *p = NULL;
    size_t n = 0;
    if (options[0].name)
        return options;
    options[n++] = (dgmi_option)DATA_OPTION;
    options[n++] = (dgmi_option){ "json", 0, NULL,
                                  "Print the object that GET /v1/trends answers with." };
    options[n++] =
        (dgmi_option){ "csv", 0, NULL, "Print a row for each interval of each series." };
    for (size_t i = 0; (p = dgm_trends_param_at(i)) && n < OPTIONS_MAX; i++, n++)
        options[n] = param_option(p, help[n]);
    add_choosing_options(options, &n, OPTIONS_MAX, help);
    return options;
}

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "json"))
        r->json = true;
    else if (!strcmp(name, "csv"))
        r->csv = true;
    else if (has_param(dgm_trends_param_at, name))
        return dgm_trends_set(&r->form, name, value, err);
    else
        return dgm_request_set(r->request, name, value, err);
    return DGM_OK;
}

/* ---- The table ---- */

static void put_share(dgmi_buf *out, uint64_t items, uint64_t of)
{
    dgmi_buf_printf(out, "%8" PRIu64 " of %8" PRIu64, items, of);
    if (of > 0)
        dgmi_buf_printf(out, "  %6.2f %%", 100.0 * (double)items / (double)of);
    else
        dgmi_buf_puts(out, "       - %");
}

static void put_said(dgmi_buf *out, const char *label, const dgm_said *said)
{
    char date[DGMI_DATE_SIZE];
    if (!said->id)
        return;
    dgmi_buf_printf(out, "%s  %s  %s%s%s\n", label,
                    dgmi_date_format(said->published, date),
                    said->source ? said->source : "", said->source ? ": " : "",
                    said->title ? said->title : said->id);
}

/* The start of an interval, no finer than it is. */
static void put_from(dgmi_buf *out, const dgm_trends *t, int64_t from)
{
    char date[DGMI_DATE_SIZE];
    dgmi_date_format(from + t->shift * 60, date);
    int n = !strcmp(t->interval, "year")    ? 4
            : !strcmp(t->interval, "month") ? 7
            : !strcmp(t->interval, "hour")  ? 16
                                            : 10;
    dgmi_buf_printf(out, "%-10.*s", n, date);
}

static void put_points(dgmi_buf *out, const dgm_trends *t)
{
    double most = 0;
    for (size_t i = 0; i < t->n_points; i++) {
        const dgm_trend *p = &t->all.points[i];
        double share = p->of > 0 ? (double)p->items / (double)p->of : 0;
        most = share > most ? share : most;
    }
    dgmi_buf_printf(out, "\nper %s:\n", t->interval);
    for (size_t i = 0; i < t->n_points; i++) {
        const dgm_trend *p = &t->all.points[i];
        double share = p->of > 0 ? (double)p->items / (double)p->of : 0;
        put_from(out, t, p->from);
        put_share(out, p->items, p->of);
        int bar = most > 0 ? (int)(share / most * BAR + 0.5) : 0;
        dgmi_buf_printf(out, "%s%.*s\n", bar ? "  " : "", bar,
                        "########################################");
    }
}

static void put_series(dgmi_buf *out, const dgm_trends *t)
{
    char first[DGMI_DATE_SIZE], last[DGMI_DATE_SIZE];
    dgmi_buf_printf(out, "\nby %s (%" PRIu64 " values", t->by, t->values);
    if (t->without)
        dgmi_buf_printf(out, "; %" PRIu64 " items have none", t->without);
    dgmi_buf_puts(out, "), with the first and the last day:\n");
    for (size_t i = 0; i < t->n_series; i++) {
        const dgm_series *s = &t->series[i];
        put_share(out, s->items, s->of);
        dgmi_buf_printf(out, "  %-10.10s  %-10.10s  %s\n",
                        dgmi_date_format(s->first.published, first),
                        dgmi_date_format(s->last.published, last), s->value);
    }
}

static void put_trends(dgmi_buf *out, const dgm_trends *t)
{
    put_share(out, t->all.items, t->all.of);
    dgmi_buf_printf(out, ", %" PRIu64 " stor%s, %.1f ms\n", t->all.stories,
                    t->all.stories == 1 ? "y" : "ies", t->took_ms);
    put_said(out, "first", &t->all.first);
    put_said(out, "last ", &t->all.last);
    if (t->all.undated)
        dgmi_buf_printf(out, "%" PRIu64 " without a date are in no interval\n",
                        t->all.undated);
    if (t->by)
        put_series(out, t);
    put_points(out, t);
}

static int print_trends(const dgmi_command *command, const run *r, const dgm_trends *t)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 256u << 20);
    for (size_t i = 0; i < t->n_warnings && !r->json; i++)
        fprintf(stderr, "dragoman trends: %s\n", t->warnings[i]);
    if (r->csv)
        dgmi_csv_trends(&out, t);
    else if (r->json)
        dgmi_json_trends(&out, t);
    else
        put_trends(&out, t);
    if (r->json && !r->csv)
        dgmi_buf_putc(&out, '\n');
    return print_buf(command, &out);
}

int run_trends(const dgmi_command *command, int argc, char **argv)
{
    dgmi_command with_options = *command;
    run r = { .request = dgm_request_new() };
    int first = 0, code = EXIT_DONE;
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    dgm_trends *trends = NULL;

    with_options.options = trends_options();
    if (!r.request)
        return report(command, DGM_E_NOMEM, &err);
    dgm_request_set_deadline(r.request, DEADLINE_MS);
    dgm_status status =
        dgmi_options_read(&with_options, argc, argv, take, &r, &first, &err);
    if (status == DGM_OK)
        status = take_operands(r.request, argc - first, argv + first, &err);
    if (status != DGM_OK) {
        code = report_usage(command, &err);
        goto out;
    }
    dgm_options options = { log_to_stderr, (void *)command };
    status = dgm_open(data_dir(r.data), &options, &desk, &err);
    if (status == DGM_OK)
        (void)dgm_prepare(desk, r.request, NULL); /* counting tells what is wrong */
    if (status == DGM_OK)
        status = dgm_trends_count(desk, r.request, &r.form, &trends, &err);
    code = status == DGM_OK ? print_trends(command, &r, trends)
                            : report(command, status, &err);
out:
    dgm_trends_free(trends);
    dgm_close(desk);
    dgm_request_free(r.request);
    return code;
}
