/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman stats`, `verify`, `schema` and `syntax`: looking at what is there. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "date.h"
#include "indexer.h"
#include "json_out.h"
#include "wire.h"

/* Options only; an operand is a mistake. EXIT_DONE, or the code after a message. */
static int begin(data_run *r, const dgmi_command *command, int argc, char **argv)
{
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status =
        dgmi_options_read(command, argc, argv, take_data_run, r, &first, &err);
    if (status == DGM_OK && first == argc) {
        r->data = data_dir(r->data);
        return EXIT_DONE;
    }
    if (status == DGM_OK)
        snprintf(err.text, sizeof err.text, "%.200s: no operand is wanted", argv[first]);
    return report_usage(command, &err);
}

static void put_stats(dgmi_buf *out, const dgm_stats *s)
{
    char newest[DGMI_DATE_SIZE] = "-", oldest[DGMI_DATE_SIZE] = "-";
    if (s->newest != DGM_NO_TIME)
        dgmi_date_format(s->newest, newest);
    if (s->oldest != DGM_NO_TIME)
        dgmi_date_format(s->oldest, oldest);
    dgmi_buf_printf(
        out,
        "items           %" PRIu64 "\ncanceled        %" PRIu64
        "\ngeneration      %" PRIu64 "\nrevision        %s\nterms           %" PRIu64
        "\naverage length  %.1f words\n"
        "archive         %" PRIu64 " bytes\nindex           %" PRIu64
        " bytes\nnot yet indexed %" PRIu64
        " records\noldest          %s\nnewest          %s  %s\n",
        s->items, s->canceled, s->generation, s->revision, s->terms, s->average_length,
        s->archive_bytes, s->index_bytes, s->pending, oldest, newest, s->newest_id);
}

int run_stats(const dgmi_command *command, int argc, char **argv)
{
    data_run r = { 0 };
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    dgm_stats stats;
    dgmi_buf out;

    int code = begin(&r, command, argc, argv);
    if (code != EXIT_DONE)
        return code;
    dgm_options options = { log_to_stderr, (void *)command };
    dgm_status status = dgm_open(r.data, &options, &desk, &err);
    if (status == DGM_OK)
        status = dgm_stat(desk, &stats, &err);
    dgm_close(desk);
    if (status != DGM_OK)
        return report(command, status, &err);
    dgmi_buf_init(&out, 1 << 16);
    if (r.json) {
        dgmi_json_stats(&out, &stats);
        dgmi_buf_putc(&out, '\n');
    } else {
        put_stats(&out, &stats);
    }
    return print_buf(command, &out);
}

typedef struct differences {
    bool json;
    dgmi_buf out;
    uint64_t n;
} differences;

static void on_difference(void *user, const char *id, const char *what)
{
    differences *d = user;
    if (!d->json) {
        printf("%s%s%s\n", id, *id ? ": " : "", what); /* some concern no one item */
        return;
    }
    dgmi_buf_puts(&d->out, d->n++ ? ", {\"id\": " : "{\"id\": ");
    dgmi_json_string(&d->out, id);
    dgmi_buf_puts(&d->out, ", \"what\": ");
    dgmi_json_string(&d->out, what);
    dgmi_buf_putc(&d->out, '}');
}

static int print_differences(const dgmi_command *command, differences *d, uint64_t count)
{
    if (d->json)
        dgmi_buf_printf(&d->out, "], \"count\": %" PRIu64 "}\n", count);
    else if (count)
        dgmi_buf_printf(&d->out,
                        "%" PRIu64 " difference%s; \"dragoman reindex\" mends %s\n",
                        count, count == 1 ? "" : "s", count == 1 ? "it" : "them");
    else
        dgmi_buf_puts(&d->out, "archive and index agree\n");
    int code = print_buf(command, &d->out);
    return code != EXIT_DONE ? code : count ? EXIT_REJECTED : EXIT_DONE;
}

static void begin_differences(const data_run *r, differences *d)
{
    d->json = r->json;
    dgmi_buf_init(&d->out, 256u << 20);
    dgmi_buf_puts(&d->out, r->json ? "{\"differences\": [" : "");
}

static int compare_all(const dgmi_command *command, const data_run *r)
{
    dgm_error err = DGM_ERROR_INIT;
    uint64_t count = 0;
    differences d = { 0 };
    begin_differences(r, &d);
    dgm_status status = dgm_verify(r->data, on_difference, &d, &count, &err);
    if (status == DGM_OK)
        return print_differences(command, &d, count);
    dgmi_buf_clear(&d.out);
    return report(command, status, &err);
}

/* Xapian trusts what it reads: damage that its own check overlooks can take the process
 * down. So a child reads, and its death is a finding like any other. */
int run_verify(const dgmi_command *command, int argc, char **argv)
{
    data_run r = { 0 };
    differences d = { 0 };
    int status = 0;

    int code = begin(&r, command, argc, argv);
    if (code != EXIT_DONE)
        return code;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        exit(compare_all(command, &r));
    if (child < 0 || waitpid(child, &status, 0) != child)
        return compare_all(command, &r);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    begin_differences(&r, &d);
    on_difference(&d, "", "the index is damaged: reading it ended in a crash");
    return print_differences(command, &d, 1);
}

int run_schema(const dgmi_command *command, int argc, char **argv)
{
    data_run r = { 0 };
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf out;

    int code = begin(&r, command, argc, argv);
    if (code != EXIT_DONE)
        return code;
    char *text = dgm_schema_text();
    if (!text)
        return report(command, DGM_E_NOMEM, &err);
    dgmi_buf_init(&out, 1 << 20);
    dgmi_buf_puts(&out, text);
    free(text);
    return print_buf(command, &out);
}

static void put_form(dgmi_buf *out, const dgm_syntax *form, bool json)
{
    if (!json) {
        dgmi_buf_printf(out, "%-26s %s\n%-26s   %s\n", form->form, form->help, "",
                        form->example);
        return;
    }
    dgmi_buf_puts(out, out->n > 1 ? ",\n {\"form\": " : "{\"form\": ");
    dgmi_json_string(out, form->form);
    dgmi_buf_puts(out, ", \"help\": ");
    dgmi_json_string(out, form->help);
    dgmi_buf_puts(out, ", \"example\": ");
    dgmi_json_string(out, form->example);
    dgmi_buf_putc(out, '}');
}

int run_syntax(const dgmi_command *command, int argc, char **argv)
{
    data_run r = { 0 };
    dgmi_buf out;
    const dgm_syntax *form;

    int code = begin(&r, command, argc, argv);
    if (code != EXIT_DONE)
        return code;
    dgmi_buf_init(&out, 1 << 16);
    dgmi_buf_puts(&out, r.json ? "[" : "");
    for (size_t i = 0; (form = dgm_syntax_at(i)); i++)
        put_form(&out, form, r.json);
    dgmi_buf_puts(&out, r.json ? "]\n" : "");
    return print_buf(command, &out);
}

static void put_limit(dgmi_buf *out, const dgm_limit *limit, bool json)
{
    if (!json) {
        dgmi_buf_printf(out, "%-20s %8lu  %s\n", limit->name, limit->value, limit->help);
        return;
    }
    dgmi_buf_puts(out, out->n > 1 ? ",\n {" : "{");
    dgmi_json_put_text(out, "name", limit->name);
    dgmi_json_put_number(out, "value", limit->value);
    dgmi_json_put_text(out, "help", limit->help);
    dgmi_buf_putc(out, '}');
}

int run_limits(const dgmi_command *command, int argc, char **argv)
{
    data_run r = { 0 };
    dgmi_buf out;
    const dgm_limit *limit;

    int code = begin(&r, command, argc, argv);
    if (code != EXIT_DONE)
        return code;
    dgmi_buf_init(&out, 1 << 16);
    dgmi_buf_puts(&out, r.json ? "[" : "");
    for (size_t i = 0; (limit = dgm_limit_at(i)); i++)
        put_limit(&out, limit, r.json);
    dgmi_buf_puts(&out, r.json ? "]\n" : "");
    return print_buf(command, &out);
}
