/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman eval`: runs the queries of a collection and prints what the ranking is worth.
 */
#include "eval.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "indexer.h"
#include "wire.h"

#define FILE_MAX (512u << 20)
#define DEADLINE_MS 2000
#define LOSSES_MAX 1000
#define PARAMETERS 16
#define TEXT_MAX (64u << 20)
#define LOSSES_DEPTH 200 /* hits that are explained for each query that loses */

typedef struct run {
    const char *data, *queries, *qrels, *run_file, *match;
    const char *parameters[PARAMETERS];
    size_t n_parameters;
    bool json, syntax;
    unsigned long depth, losses;
    topic *topics;
    size_t n, capacity;
    dgmi_map *places; /* query id -> place in topics */
    FILE *out;
    figures sums;
    size_t failed;
    dgmi_buf text; /* about the queries that lose most */
} run;

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    run *r = user;
    const struct {
        const char *name, **at;
    } texts[] = { { "data", &r->data },
                  { "queries", &r->queries },
                  { "qrels", &r->qrels },
                  { "run", &r->run_file },
                  { "match", &r->match } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!strcmp(name, texts[i].name))
            *texts[i].at = value;
    if (!strcmp(name, "set") && r->n_parameters == PARAMETERS)
        return dgmi_fail(err, DGM_E_ARG, "--set: given more than %d times", PARAMETERS);
    if (!strcmp(name, "set"))
        r->parameters[r->n_parameters++] = value;
    if (!strcmp(name, "json"))
        r->json = true;
    if (!strcmp(name, "syntax"))
        r->syntax = true;
    if (!strcmp(name, "depth"))
        return dgmi_option_number(name, value, 10000, &r->depth, err);
    if (!strcmp(name, "explain-losses"))
        return dgmi_option_number(name, value, LOSSES_MAX, &r->losses, err);
    return DGM_OK;
}

/* ---- Files
 * ---------------------------------------------------------------------------------- */

static dgm_status add_topic(run *r, dgmi_str id, dgmi_str text, dgm_error *err)
{
    uint64_t *place = dgmi_map_at(r->places, id, true);
    if (!place || !dgmi_grow(&r->topics, &r->capacity, r->n + 1, sizeof *r->topics))
        return dgmi_fail_memory(err);
    if (*place)
        return dgmi_fail(err, DGM_E_ARG, "%s: query %.*s stands there twice", r->queries,
                         (int)id.n, id.p);
    topic t = { .id = dgmi_str_dup(id), .text = dgmi_str_dup(text) };
    r->topics[r->n++] = t;
    *place = r->n;
    return t.id && t.text ? DGM_OK : dgmi_fail_memory(err);
}

static dgm_status add_judgement(run *r, dgmi_str id, dgmi_str item, double grade,
                                dgm_error *err)
{
    uint64_t *place = dgmi_map_at(r->places, id, false);
    if (!place || !*place || !r->topics)
        return DGM_OK; /* a judgement of a query that is not asked */
    topic *t = &r->topics[*place - 1];
    if (!dgmi_grow(&t->judgements, &t->capacity, t->n + 1, sizeof *t->judgements))
        return dgmi_fail_memory(err);
    char *copy = dgmi_str_dup(item);
    if (!copy)
        return dgmi_fail_memory(err);
    t->judgements[t->n++] = (judgement){ copy, grade };
    return DGM_OK;
}

static dgm_status read_line(run *r, const char *path, bool qrels, dgmi_str line,
                            size_t number, dgm_error *err)
{
    dgmi_str id, middle, rest = line;
    char digits[32] = "", *end = NULL;
    if (line.n && line.p[line.n - 1] == '\r')
        rest.n--;
    if (dgmi_str_trim(rest).n == 0)
        return DGM_OK;
    if (!dgmi_str_split(&rest, '\t', &id) || !rest.p || !rest.n)
        return dgmi_fail(err, DGM_E_ARG, "%s:%zu: wants fields parted by tabs", path,
                         number);
    if (!qrels)
        return add_topic(r, id, rest, err);
    dgmi_str_split(&rest, '\t', &middle);
    snprintf(digits, sizeof digits, "%.*s", (int)(rest.n < 31 ? rest.n : 31),
             rest.n ? rest.p : "");
    double grade = strtod(digits, &end);
    if (end == digits)
        return dgmi_fail(err, DGM_E_ARG, "%s:%zu: \"%s\" is no grade", path, number,
                         digits);
    return add_judgement(r, id, middle, grade, err);
}

static dgm_status read_file(run *r, const char *path, bool qrels, dgm_error *err)
{
    dgmi_buf bytes;
    size_t number = 0;
    dgmi_buf_init(&bytes, FILE_MAX);
    dgm_status status = dgmi_stream_read(path, &bytes, err);
    dgmi_str rest = dgmi_buf_str(&bytes), line;
    while (status == DGM_OK && rest.n && dgmi_str_split(&rest, '\n', &line))
        status = read_line(r, path, qrels, line, ++number, err);
    dgmi_buf_clear(&bytes);
    return status;
}

/* ---- Running
 * ---------------------------------------------------------------------------------- */

static dgm_status set_parameters(const run *r, dgm_request *request, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; i < r->n_parameters && status == DGM_OK; i++) {
        const char *value = strchr(r->parameters[i], '=');
        if (!value)
            return dgmi_fail(err, DGM_E_ARG, "--set %s: there is no =", r->parameters[i]);
        size_t n = (size_t)(value - r->parameters[i]);
        char *name = dgmi_str_dup((dgmi_str){ r->parameters[i], n });
        status =
            name ? dgm_request_set(request, name, value + 1, err) : dgmi_fail_memory(err);
        free(name);
    }
    return status;
}

static dgm_status search_topic(const run *r, dgm *desk, const topic *t, bool explain,
                               dgm_page **page, dgm_error *err)
{
    unsigned depth = explain ? LOSSES_DEPTH : (unsigned)(r->depth ? r->depth : 1000);
    dgm_request *request = dgm_request_new();
    if (!request)
        return dgmi_fail_memory(err);
    dgm_status status = dgm_request_set(request, "q", t->text, err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "match", r->match ? r->match : "any", err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "highlight", "none", err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "explain", explain ? "1" : "0", err);
    if (status == DGM_OK)
        status = set_parameters(r, request, err);
    dgm_request_set_window(request, depth);
    dgm_request_set_literal(request, !r->syntax);
    dgm_request_set_deadline(request, DEADLINE_MS);
    dgm_request_set_whole(request, true);
    if (status == DGM_OK)
        status = dgm_search(desk, request, page, err);
    dgm_request_free(request);
    return status;
}

static dgm_status run_topic(run *r, dgm *desk, topic *t, dgm_error *err)
{
    dgm_page *page = NULL;
    dgm_error own = DGM_ERROR_INIT;
    dgm_status status = search_topic(r, desk, t, false, &page, &own);
    if (status == DGM_E_QUERY || status == DGM_E_TIMEOUT || status == DGM_E_ARG) {
        fprintf(stderr, "dragoman eval: query %s: %s\n", t->id, own.text);
        r->failed++;
        eval_add(&r->sums, t, NULL, 0); /* nothing found: a failure is no excuse */
        return DGM_OK;
    }
    if (status != DGM_OK || !page)
        return dgmi_fail(err, status, "query %.40s: %.150s", t->id, own.text);
    const char **ranking = calloc(page->n_hits + 1, sizeof *ranking);
    for (size_t i = 0; ranking && i < page->n_hits; i++) {
        ranking[i] = page->hits[i].id;
        if (r->out)
            fprintf(r->out, "%s\t%s\t%zu\t%.6f\n", t->id, page->hits[i].id, i + 1,
                    page->hits[i].score);
    }
    if (ranking)
        eval_add(&r->sums, t, ranking, page->n_hits);
    else
        status = dgmi_fail_memory(err);
    free(ranking);
    dgm_page_free(page);
    return status;
}

static dgm_status put_losses(run *r, dgm *desk, dgm_error *err)
{
    dgm_status status = DGM_OK;
    const topic **worst = calloc(r->losses + 1, sizeof *worst);
    size_t n = worst ? losses_find(r->topics, r->n, r->losses, worst) : 0;
    for (size_t i = 0; i < n && status == DGM_OK; i++) {
        dgm_page *page = NULL;
        status = search_topic(r, desk, worst[i], true, &page, err);
        if (status == DGM_E_QUERY || status == DGM_E_TIMEOUT || status == DGM_E_ARG) {
            dgmi_error_clear(err); /* it was named when it was run */
            status = DGM_OK;
        }
        if (page && r->json)
            dgmi_buf_puts(&r->text, r->text.n > 0 ? ",\n " : "\n ");
        if (page)
            (r->json ? losses_put_json : losses_put_text)(&r->text, worst[i], page);
        dgm_page_free(page);
    }
    free(worst);
    return worst ? status : dgmi_fail_memory(err);
}

static dgm_status run_all(run *r, dgm_error *err)
{
    dgm *desk = NULL;
    dgm_status status = dgm_open(data_dir(r->data), NULL, &desk, err);
    if (status == DGM_OK && r->run_file && !(r->out = fopen(r->run_file, "w")))
        status = dgmi_fail_errno(err, r->run_file);
    for (size_t i = 0; status == DGM_OK && i < r->n; i++)
        status = run_topic(r, desk, &r->topics[i], err);
    if (r->out && (ferror(r->out) | fclose(r->out)) && status == DGM_OK)
        status =
            dgmi_fail(err, DGM_E_IO, "%s: the run could not be written", r->run_file);
    if (status == DGM_OK && r->losses > 0)
        status = put_losses(r, desk, err);
    dgm_close(desk);
    eval_mean(&r->sums);
    return status;
}

static int print_figures(const dgmi_command *command, const run *r)
{
    dgmi_buf out;
    const figures *f = &r->sums;
    dgmi_buf_init(&out, TEXT_MAX);
    dgmi_buf_printf(
        &out,
        r->json
            ? "{\"ndcg@10\": %.4f, \"map\": %.4f, \"recall@100\": %.4f, \"mrr\": %.4f, "
              "\"queries\": %zu"
            : "nDCG@10     %.4f\nMAP         %.4f\nrecall@100  %.4f\nMRR         %.4f\n"
              "queries     %zu\n",
        f->ndcg10, f->map, f->recall100, f->mrr, f->queries);
    if (r->json && r->losses > 0)
        dgmi_buf_puts(&out, ", \"losses\": [");
    dgmi_buf_put(&out, r->text.p, r->text.n);
    if (r->json)
        dgmi_buf_puts(&out, r->losses > 0 ? "]}\n" : "}\n");
    out.failed = out.failed || r->text.failed;
    int code = print_buf(command, &out);
    return code != EXIT_DONE ? code : r->failed ? EXIT_REJECTED : EXIT_DONE;
}

static void free_run(run *r)
{
    for (size_t i = 0; i < r->n; i++) {
        for (size_t k = 0; k < r->topics[i].n; k++)
            free(r->topics[i].judgements[k].item);
        free(r->topics[i].judgements);
        free(r->topics[i].id);
        free(r->topics[i].text);
    }
    free(r->topics);
    dgmi_map_free(r->places);
    dgmi_buf_clear(&r->text);
}

int run_eval(const dgmi_command *command, int argc, char **argv)
{
    run r = { .places = dgmi_map_new() };
    dgmi_buf_init(&r.text, TEXT_MAX);
    int first = 0, code;
    dgm_error err = DGM_ERROR_INIT;

    dgm_status status =
        r.places ? dgmi_options_read(command, argc, argv, take, &r, &first, &err)
                 : dgmi_fail_memory(&err);
    if (status == DGM_OK && (first != argc || !r.queries || !r.qrels))
        status = dgmi_fail(&err, DGM_E_ARG,
                           "wants --queries FILE and --qrels FILE, and no operand");
    if (status != DGM_OK) {
        code = report_usage(command, &err);
        goto out;
    }
    status = read_file(&r, r.queries, false, &err);
    if (status == DGM_OK)
        status = read_file(&r, r.qrels, true, &err);
    if (status == DGM_OK)
        status = run_all(&r, &err);
    code = status == DGM_OK ? print_figures(command, &r) : report(command, status, &err);
out:
    free_run(&r);
    return code;
}
