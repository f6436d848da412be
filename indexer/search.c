/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman search`: the request table as options, the page as text or JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "date.h"
#include "indexer.h"
#include "wire.h"

#define OPTIONS_MAX 48
#define DEADLINE_MS 2000

typedef struct run {
    const char *data;
    bool json;
    const char *similar; /* id of the item that others are to be like, or NULL */
    dgm_request *request;
    bool exports;
    dgmi_export form;
    const char *no_export; /* an option that was given and does not go with --export */
    bool resumed, fields;
    const char *batch; /* file of queries, or NULL */
    bool syntax, literal;
} run;

static bool is_number(const dgm_param *p)
{
    return p->kind == DGM_PARAM_NUMBER || p->kind == DGM_PARAM_REAL;
}

dgmi_option param_option(const dgm_param *p, char help[PARAM_HELP])
{
    snprintf(help, PARAM_HELP, "%s%s%s%s%s%s%s", p->help, p->values ? " Values: " : "",
             p->values ? p->values : "", p->values ? "." : "",
             p->standard ? " Standard: " : "", p->standard ? p->standard : "",
             p->standard ? "." : "");
    return (dgmi_option){ p->name, 0, is_number(p) ? "N" : "VALUE", help };
}

/* The program's own options come first, then every parameter but `q`, which is the
 * operand. */
const dgmi_option *search_options(void)
{
    static dgmi_option options[OPTIONS_MAX + 1];
    static char help[OPTIONS_MAX][PARAM_HELP];
    size_t n = 0;
    if (options[0].name)
        return options;
    options[n++] = (dgmi_option)DATA_OPTION;
    options[n++] = (dgmi_option){ "json", 0, NULL,
                                  "Print the object that GET /v1/search answers with." };
    options[n++] = (dgmi_option){
        "export", 0, "FORM",
        "Write every hit, whole, as ndjson or csv, however many there are."
    };
    options[n++] = (dgmi_option){
        "batch", 0, "FILE",
        "Take each line of FILE, or of standard input if it is -, as a query of its own, "
        "literally, and print its count and its best hit; with --json the whole object."
    };
    options[n++] = (dgmi_option){ "syntax", 0, NULL,
                                  "With --batch: the lines are in the query language." };
    options[n++] = (dgmi_option){
        "deadline-ms", 0, "N",
        "Milliseconds that the search may take; it ends with what it has. What --as_of "
        "needs is made ready before. Standard: 2000."
    };
    for (size_t i = 0; dgmi_export_param_at(i); i++)
        if (!strcmp(dgmi_export_param_at(i)->name, "fields")) {
            options[n] = param_option(dgmi_export_param_at(i), help[n]);
            n++;
        }
    for (size_t i = 0; dgm_param_at(i) && n < OPTIONS_MAX; i++) {
        const dgm_param *p = dgm_param_at(i);
        if (!strcmp(p->name, "q"))
            continue;
        options[n] = param_option(p, help[n]);
        n++;
    }
    return options;
}

static dgm_status set_form(run *r, const char *value, dgm_error *err)
{
    r->exports = true;
    return dgmi_export_set(&r->form, "format", value, err);
}

static dgm_status set_fields(run *r, const char *value, dgm_error *err)
{
    r->fields = true;
    return dgmi_export_set(&r->form, "fields", value, err);
}

static dgm_status set_param(run *r, const char *name, const char *value, dgm_error *err)
{
    if (!dgmi_export_takes(name))
        r->no_export = name;
    r->resumed = r->resumed || !strcmp(name, "cursor");
    r->literal = r->literal || !strcmp(name, "literal");
    return dgm_request_set(r->request, name, value, err);
}

static dgm_status set_deadline(run *r, const char *value, dgm_error *err)
{
    unsigned long ms = 0;
    dgm_status status = dgmi_option_number("deadline-ms", value, DEADLINE_MS, &ms, err);
    if (status == DGM_OK)
        dgm_request_set_deadline(r->request, (unsigned)ms);
    return status;
}

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "json"))
        r->json = true;
    else if (!strcmp(name, "similar"))
        return set_param(r, name, r->similar = value, err);
    else if (!strcmp(name, "export"))
        return set_form(r, value, err);
    else if (!strcmp(name, "deadline-ms"))
        return set_deadline(r, value, err);
    else if (!strcmp(name, "fields"))
        return set_fields(r, value, err);
    else if (!strcmp(name, "batch"))
        r->batch = value;
    else if (!strcmp(name, "syntax"))
        r->syntax = true;
    else
        return set_param(r, name, value, err);
    return DGM_OK;
}

/* What was searched for, in words. */
static void put_asked(dgmi_buf *out, const run *r, const dgm_page *page)
{
    bool words = *page->query_parsed != '\0';
    if (words)
        dgmi_buf_puts(out, page->query_parsed);
    if (r->similar)
        dgmi_buf_printf(out, "%sitems like %s", words ? " among " : "", r->similar);
    else if (!words)
        dgmi_buf_puts(out, "everything");
}

/* Options that go only with --export, or only without it. */
static dgm_status check_export(const run *r, dgm_error *err)
{
    const char *what = r->json ? "json" : r->no_export;
    if (r->exports && what)
        snprintf(err->text, sizeof err->text, "--%.40s does not go with --export", what);
    else if (!r->exports && r->fields)
        snprintf(err->text, sizeof err->text, "--fields goes only with --export");
    else
        return DGM_OK;
    return err->code = DGM_E_ARG;
}

/* What goes only with --batch, or not with it. */
static dgm_status check_batch(const run *r, bool query, dgm_error *err)
{
    if (!r->batch && r->syntax)
        snprintf(err->text, sizeof err->text, "--syntax goes only with --batch");
    else if (r->batch && (query || r->exports || r->resumed))
        snprintf(err->text, sizeof err->text, "--batch does not go with %s",
                 query        ? "a query of its own"
                 : r->exports ? "--export"
                              : "--cursor");
    else if (r->syntax && r->literal)
        snprintf(err->text, sizeof err->text, "--syntax does not go with --literal");
    else
        return DGM_OK;
    return err->code = DGM_E_ARG;
}

/* The snippet with <mark> as bold on a terminal and as it is without; entities made
 * plain. */
static void put_snippet(dgmi_buf *out, const char *s, bool terminal)
{
    static const struct {
        const char *from, *plain, *bold;
    } table[] = { { "<mark>", "", "\033[1m" }, { "</mark>", "", "\033[0m" },
                  { "&lt;", "<", "<" },        { "&gt;", ">", ">" },
                  { "&quot;", "\"", "\"" },    { "&#39;", "'", "'" },
                  { "&amp;", "&", "&" },       { "\n", " ", " " } };
    while (*s) {
        size_t i = 0, n = sizeof table / sizeof table[0];
        while (i < n && strncmp(s, table[i].from, strlen(table[i].from)) != 0)
            i++;
        if (i == n) {
            dgmi_buf_putc(out, *s++);
            continue;
        }
        dgmi_buf_puts(out, terminal ? table[i].bold : table[i].plain);
        s += strlen(table[i].from);
    }
}

static void put_hit(dgmi_buf *out, const dgm_hit *hit, size_t number, bool terminal)
{
    char date[DGMI_DATE_SIZE];
    dgmi_buf_printf(out, "%zu. %s\n   ", number, hit->title ? hit->title : "(no title)");
    if (hit->published != DGM_NO_TIME)
        dgmi_buf_printf(out, "%.10s", dgmi_date_format(hit->published, date));
    const char *const labels[] = { hit->region, hit->source, hit->id };
    for (size_t i = 0; i < 3; i++)
        if (labels[i])
            dgmi_buf_printf(out, "%s%s", out->p[out->n - 1] == ' ' ? "" : "  ",
                            labels[i]);
    dgmi_buf_printf(out, "  [%.2f]%s\n", hit->score,
                    hit->expanded  ? " related words matched"
                    : hit->relaxed ? " fewer words matched"
                                   : "");
    if (hit->story && hit->story->items > 1)
        dgmi_buf_printf(out, "   story %s: %" PRIu64 " items\n", hit->story->id,
                        hit->story->items);
    for (size_t i = 0; i < hit->n_variants; i++)
        dgmi_buf_printf(out, "%s%s%s", i > 0 ? ", " : "   spelled ", hit->variants[i],
                        i + 1 == hit->n_variants ? "\n" : "");
    for (size_t i = 0; i < hit->n_synonyms; i++)
        dgmi_buf_printf(out, "%s%s%s", i > 0 ? ", " : "   by synonym ", hit->synonyms[i],
                        i + 1 == hit->n_synonyms ? "\n" : "");
    if (hit->turn)
        dgmi_buf_printf(out, "   %s%s%s\n", dgmi_role_name(hit->turn->role),
                        hit->turn->speaker ? ", " : "",
                        hit->turn->speaker ? hit->turn->speaker : "");
    if (hit->snippet && *hit->snippet) {
        dgmi_buf_puts(out, "   ");
        put_snippet(out, hit->snippet, terminal);
        dgmi_buf_putc(out, '\n');
    }
    if (hit->cited)
        dgmi_buf_printf(out, "   record %s, SHA-256 %s\n", hit->cited->place,
                        hit->cited->record);
    for (size_t i = 0; i < hit->n_parts; i++)
        dgmi_buf_printf(out, "     %8.4f  %s (idf %.3f, impact %u)\n",
                        hit->parts[i].weight, hit->parts[i].what, hit->parts[i].idf,
                        hit->parts[i].impact);
}

static void put_counts(dgmi_buf *out, const dgm_page *page)
{
    char date[DGMI_DATE_SIZE];
    for (size_t i = 0; i < page->n_facets; i++) {
        dgmi_buf_printf(out, "\n%s:\n", page->facets[i].field);
        for (size_t k = 0; k < page->facets[i].n_values; k++)
            dgmi_buf_printf(out, "  %8" PRIu64 "  %s\n", page->facets[i].values[k].count,
                            page->facets[i].values[k].value);
    }
    if (page->has_histogram)
        dgmi_buf_puts(out, "\nper interval:\n");
    for (size_t i = 0; i < page->n_buckets; i++)
        dgmi_buf_printf(out, "  %8" PRIu64 "  %s\n", page->histogram[i].count,
                        dgmi_date_format(page->histogram[i].from, date));
}

static void put_page(dgmi_buf *out, const run *r, const dgm_page *page)
{
    bool terminal = isatty(STDOUT_FILENO);
    dgmi_buf_puts(out, page->total_exact ? "" : "at least ");
    if (page->grouped)
        dgmi_buf_printf(out, "%" PRIu64 " stor%s of ", page->stories,
                        page->stories == 1 ? "y" : "ies");
    dgmi_buf_printf(out, "%" PRIu64 " item%s for ", page->items,
                    page->items == 1 ? "" : "s");
    put_asked(out, r, page);
    dgmi_buf_printf(out, ", %.1f ms\n", page->took_ms);
    for (size_t i = 0; i < page->n_hits; i++)
        put_hit(out, &page->hits[i], i + 1, terminal);
    put_counts(out, page);
    if (page->next)
        dgmi_buf_printf(out, "\nmore: --cursor %s\n", page->next);
    if (page->citation)
        dgmi_buf_printf(out, "\ncite: /v1/search?%s\n", page->citation->request);
}

/* What a search may miss, because a source sends nothing. */
static void tell_silences(const dgm_page *page)
{
    static const char *const days[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday" };
    char date[DGMI_DATE_SIZE];
    for (size_t i = 0; i < page->n_silences; i++) {
        const dgm_silence *s = &page->silences[i];
        int64_t day = s->last / 86400 + 3; /* 1970-01-01 was a Thursday */
        fprintf(stderr,
                "dragoman search: %s: nothing since %s, %.10s, usually %u item%s a day\n",
                s->source, days[(day % 7 + 7) % 7], dgmi_date_format(s->last, date),
                s->per_day, s->per_day == 1 ? "" : "s");
    }
    if (page->more_silences > 0)
        fprintf(stderr,
                "dragoman search: %" PRIu64 " more are silent: dragoman sources\n",
                page->more_silences);
}

static int print_page(const dgmi_command *command, const run *r, const dgm_page *page)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 256u << 20);
    if (r->json) {
        dgmi_json_page(&out, page);
        dgmi_buf_putc(&out, '\n');
    } else {
        for (size_t i = 0; i < page->n_warnings; i++)
            fprintf(stderr, "dragoman search: %s\n", page->warnings[i]);
        tell_silences(page);
        put_page(&out, r, page);
    }
    return print_buf(command, &out);
}

/* Shows where in the query it went wrong. */
static int report_query(const dgmi_command *command, int argc, char **argv,
                        const dgm_error *err)
{
    fprintf(stderr, "dragoman search: %s\n", err->text);
    if (argc == 1 && err->offset >= 0 && strlen(argv[0]) < 200)
        fprintf(stderr, "  %s\n  %*s^\n", argv[0], (int)err->offset, "");
    (void)command;
    return EXIT_USAGE;
}

int run_search(const dgmi_command *command, int argc, char **argv)
{
    dgmi_command with_options = *command;
    run r = { .request = dgm_request_new() };
    int first = 0, code = EXIT_DONE;
    dgm_error err = DGM_ERROR_INIT;
    dgm *desk = NULL;
    dgm_page *page = NULL;

    with_options.options = search_options();
    if (!r.request)
        return report(command, DGM_E_NOMEM, &err);
    dgm_request_set_deadline(r.request, DEADLINE_MS);
    dgm_status status =
        dgmi_options_read(&with_options, argc, argv, take, &r, &first, &err);
    if (status == DGM_OK)
        status = take_operands(r.request, argc - first, argv + first, &err);
    if (status == DGM_OK)
        status = check_export(&r, &err);
    if (status == DGM_OK)
        status = check_batch(&r, argc > first, &err);
    if (status != DGM_OK) {
        code = report_usage(command, &err);
        goto out;
    }
    dgm_options options = { log_to_stderr, (void *)command };
    status = dgm_open(data_dir(r.data), &options, &desk, &err);
    if (status == DGM_OK)
        (void)dgm_prepare(desk, r.request, NULL); /* a search tells what is wrong */
    if (status == DGM_OK && r.exports) {
        code = export_hits(command, desk, r.request, &r.form, r.resumed);
        r.request = NULL;
        goto out;
    }
    if (status == DGM_OK && r.batch) {
        if (!r.literal)
            dgm_request_set_literal(r.request, !r.syntax);
        code = search_batch(command, desk, r.request, r.batch, r.json);
        goto out;
    }
    if (status == DGM_OK)
        status = dgm_search(desk, r.request, &page, &err);
    if (status == DGM_OK)
        code = print_page(command, &r, page);
    else if (status == DGM_E_QUERY)
        code = report_query(command, argc - first, argv + first, &err);
    else
        code = report(command, status, &err);
out:
    dgm_page_free(page);
    dgm_close(desk);
    dgm_request_free(r.request);
    return code;
}
