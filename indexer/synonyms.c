/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `dragoman synonyms`: the rules, what is wrong with a file of them, and what a file
 * would change in the hits of queries. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "indexer.h"
#include "json_out.h"
#include "str.h"

#define DEADLINE_MS 2000
#define QUERIES_BYTES (16u << 20)
#define OUT_BYTES (256u << 20)

enum { TOP = 10 };

typedef struct synonyms_run {
    const char *data, *file, *queries;
    bool json;
} synonyms_run;

static dgm_status take(void *user, const char *name, const char *value, dgm_error *err)
{
    synonyms_run *r = user;
    (void)err;
    if (!strcmp(name, "data"))
        r->data = value;
    else if (!strcmp(name, "try"))
        r->file = value;
    else if (!strcmp(name, "queries"))
        r->queries = value;
    else
        r->json = true;
    return DGM_OK;
}

/* ---- Listing and checking ---- */

typedef struct checker {
    const char *path;
    unsigned faults;
} checker;

static void print_fault(void *user, unsigned line, const char *what)
{
    checker *c = user;
    c->faults++;
    fprintf(stderr, "%s:%u: %s\n", c->path, line, what);
}

static void put_rules(dgmi_buf *out, const synonyms_run *r, const dgm_synonyms *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const dgm_synonym *s = &all->rules[i];
        const char *from = s->own ? "archive" : "built-in";
        if (!r->json) {
            dgmi_buf_printf(out, "%s:%u\t%s\t%s\t%s\t%s\n", from, s->line, s->from,
                            s->both ? "=" : ">", s->to, s->source);
            continue;
        }
        dgmi_buf_putc(out, '{');
        dgmi_json_put_text(out, "from", from);
        dgmi_json_put_number(out, "line", s->line);
        dgmi_json_put_text(out, "words", s->from);
        dgmi_json_put_bool(out, "both", s->both);
        dgmi_json_put_text(out, "synonym", s->to);
        dgmi_json_put_text(out, "source", s->source);
        dgmi_buf_puts(out, "}\n");
    }
}

/* Reads built-in rules and those of path (NULL: the archive's, if there are any). */
static int read_rules(const dgmi_command *command, const synonyms_run *r,
                      const char *path, bool print)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_synonyms *all = NULL;
    dgmi_buf out;
    char *own = path ? NULL : dgmi_path_join(data_dir(r->data), "synonyms.tsv");
    checker c = { .path = path ? path : own };
    dgm_status status = dgm_synonyms_read(c.path, print_fault, &c, &all, &err);
    if (status == DGM_E_NOTFOUND && !path) {
        dgmi_error_clear(&err);
        status = dgm_synonyms_read(NULL, NULL, NULL, &all, &err);
    }
    int code = status == DGM_OK ? EXIT_DONE : report(command, status, &err);
    if (status == DGM_OK && print) {
        dgmi_buf_init(&out, OUT_BYTES);
        put_rules(&out, r, all);
        code = print_buf(command, &out);
    } else if (status == DGM_OK && c.faults == 0) {
        printf("%zu rules, none at fault\n", all->n);
    }
    dgm_synonyms_free(all);
    free(own);
    return code == EXIT_DONE && c.faults > 0 ? EXIT_REJECTED : code;
}

/* ---- Trying ---- */

typedef struct rule_count {
    unsigned line;
    char *words, *synonym;
    uint64_t queries, top, items;
} rule_count;

typedef struct trial {
    const dgmi_command *command;
    const synonyms_run *r;
    dgm *now, *then; /* as it is, and with the file */
    rule_count *rules;
    size_t n_rules, capacity;
    uint64_t queries, changed;
    dgmi_buf out;
} trial;

static dgm_status search(dgm *desk, const char *q, bool exact, dgm_page **page,
                         dgm_error *err)
{
    dgm_request *request = dgm_request_new();
    if (!request)
        return dgmi_fail_memory(err);
    dgm_request_set_deadline(request, DEADLINE_MS);
    dgm_request_set_whole(request, true);
    dgm_status status = dgm_request_set(request, "q", q, err);
    if (status == DGM_OK && exact)
        status = dgm_request_set(request, "exact", "1", err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "synonyms", "1", err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "highlight", "none", err);
    if (status == DGM_OK)
        status = dgm_search(desk, request, page, err);
    dgm_request_free(request);
    return status;
}

static bool has_hit(const dgm_page *page, const char *id)
{
    for (size_t i = 0; i < page->n_hits && i < TOP; i++)
        if (!strcmp(page->hits[i].id, id))
            return true;
    return false;
}

/* How many items the archive has with the synonym as it stands. */
static dgm_status count_items(trial *t, rule_count *rule, dgm_error *err)
{
    dgmi_buf q;
    dgm_page *page = NULL;
    dgmi_buf_init(&q, 0);
    dgmi_buf_printf(&q, "\"%s\"", rule->synonym);
    dgm_status status =
        q.failed ? dgmi_fail_memory(err) : search(t->now, q.p, true, &page, err);
    rule->items = page ? page->total : 0;
    dgm_page_free(page);
    dgmi_buf_clear(&q);
    return status;
}

static dgm_status find_rule(trial *t, const dgm_stand_in *s, rule_count **out,
                            dgm_error *err)
{
    *out = NULL;
    for (size_t i = 0; i < t->n_rules; i++) {
        *out = &t->rules[i];
        if ((*out)->line == s->line && !strcmp((*out)->synonym, s->synonym))
            return DGM_OK;
    }
    if (!dgmi_grow(&t->rules, &t->capacity, t->n_rules + 1, sizeof *t->rules))
        return dgmi_fail_memory(err);
    *out = &t->rules[t->n_rules++];
    **out = (rule_count){ .line = s->line,
                          .words = strdup(s->words),
                          .synonym = strdup(s->synonym) };
    if (!(*out)->words || !(*out)->synonym)
        return dgmi_fail_memory(err);
    return count_items(t, *out, err);
}

static uint64_t count_top(const dgm_page *page, const char *synonym)
{
    uint64_t n = 0;
    for (size_t i = 0; i < page->n_hits && i < TOP; i++)
        for (size_t k = 0; k < page->hits[i].n_synonyms; k++)
            n += !strcmp(page->hits[i].synonyms[k], synonym);
    return n;
}

static dgm_status count_rules(trial *t, const dgm_page *page, dgm_error *err)
{
    for (size_t i = 0; i < page->n_synonyms; i++) {
        rule_count *rule = NULL;
        if (!page->synonyms[i].own)
            continue;
        dgm_status status = find_rule(t, &page->synonyms[i], &rule, err);
        if (status != DGM_OK)
            return status;
        rule->queries++;
        rule->top += count_top(page, rule->synonym);
    }
    return DGM_OK;
}

/* Ids among the first ten of one page that are not among those of the other. */
static void put_new(trial *t, const char *name, const char *label, const dgm_page *of,
                    const dgm_page *against)
{
    size_t n = 0;
    if (t->r->json) {
        dgmi_json_key(&t->out, name);
        dgmi_buf_putc(&t->out, '[');
    }
    for (size_t i = 0; i < of->n_hits && i < TOP; i++) {
        const dgm_hit *hit = &of->hits[i];
        if (has_hit(against, hit->id))
            continue;
        if (t->r->json) {
            dgmi_buf_puts(&t->out, n++ > 0 ? "," : "");
            dgmi_json_string(&t->out, hit->id);
            continue;
        }
        dgmi_buf_printf(&t->out, "  %s %2zu. %s  %s", label, i + 1, hit->id,
                        hit->title ? hit->title : "(no title)");
        for (size_t k = 0; k < hit->n_synonyms; k++)
            dgmi_buf_printf(&t->out, "%s%s", k > 0 ? ", " : "  by ", hit->synonyms[k]);
        dgmi_buf_putc(&t->out, '\n');
    }
    if (t->r->json)
        dgmi_buf_putc(&t->out, ']');
}

static bool is_changed(const dgm_page *a, const dgm_page *b)
{
    bool same = a->total == b->total && a->n_hits == b->n_hits;
    for (size_t i = 0; same && i < a->n_hits; i++)
        same = !strcmp(a->hits[i].id, b->hits[i].id);
    return !same;
}

static void put_change(trial *t, const char *q, const dgm_page *now, const dgm_page *then)
{
    bool first = t->queries == 1;
    if (t->r->json) {
        dgmi_buf_puts(&t->out, first ? "{" : ",{");
        dgmi_json_put_text(&t->out, "query", q);
        dgmi_json_put_number(&t->out, "before", now->total);
        dgmi_json_put_number(&t->out, "after", then->total);
    } else if (is_changed(now, then)) {
        dgmi_buf_printf(&t->out, "%s: %" PRIu64 " before, %" PRIu64 " after\n", q,
                        now->total, then->total);
    } else {
        dgmi_buf_printf(&t->out, "%s: %" PRIu64 ", nothing changes\n", q, now->total);
        return;
    }
    put_new(t, "new", "+", then, now);
    put_new(t, "gone", "-", now, then);
    if (t->r->json)
        dgmi_buf_putc(&t->out, '}');
}

static dgm_status try_query(trial *t, const char *q, dgm_error *err)
{
    dgm_page *now = NULL, *then = NULL;
    dgm_status status = search(t->now, q, false, &now, err);
    if (status == DGM_OK)
        status = search(t->then, q, false, &then, err);
    if (status == DGM_OK && now && then) {
        t->queries++;
        t->changed += is_changed(now, then);
        put_change(t, q, now, then);
        status = count_rules(t, then, err);
    }
    dgm_page_free(now);
    dgm_page_free(then);
    return status;
}

/* Lines of a file: the query, or an id, a tab and the query, as for eval. */
static dgm_status try_file(trial *t, dgm_error *err)
{
    dgmi_buf text;
    dgmi_str line;
    dgmi_buf_init(&text, QUERIES_BYTES);
    dgm_status status = dgmi_stream_read(t->r->queries, &text, err);
    dgmi_str rest = dgmi_buf_str(&text);
    while (status == DGM_OK && dgmi_str_split(&rest, '\n', &line)) {
        const char *tab = memchr(line.p, '\t', line.n);
        line =
            dgmi_str_trim(tab ? dgmi_str_skip(line, (size_t)(tab + 1 - line.p)) : line);
        char *q = line.n > 0 ? dgmi_str_dup(line) : NULL;
        if (q)
            status = try_query(t, q, err);
        free(q);
    }
    dgmi_buf_clear(&text);
    return status;
}

static void put_rule_counts(trial *t)
{
    if (t->r->json)
        dgmi_buf_puts(&t->out, "],\"rules\":[");
    else
        dgmi_buf_printf(&t->out,
                        "\n%" PRIu64 " of %" PRIu64 " queries change\n"
                        "line  queries  of top 10  items  rule\n",
                        t->changed, t->queries);
    for (size_t i = 0; i < t->n_rules; i++) {
        const rule_count *rule = &t->rules[i];
        if (!t->r->json) {
            dgmi_buf_printf(&t->out,
                            "%4u  %7" PRIu64 "  %9" PRIu64 "  %5" PRIu64 "  %s > %s\n",
                            rule->line, rule->queries, rule->top, rule->items,
                            rule->words, rule->synonym);
            continue;
        }
        dgmi_buf_puts(&t->out, i > 0 ? ",{" : "{");
        dgmi_json_put_number(&t->out, "line", rule->line);
        dgmi_json_put_text(&t->out, "words", rule->words);
        dgmi_json_put_text(&t->out, "synonym", rule->synonym);
        dgmi_json_put_number(&t->out, "queries", rule->queries);
        dgmi_json_put_number(&t->out, "top", rule->top);
        dgmi_json_put_number(&t->out, "items", rule->items);
        dgmi_buf_putc(&t->out, '}');
    }
    if (t->r->json)
        dgmi_buf_printf(&t->out, "],\"changed\":%" PRIu64 "}\n", t->changed);
}

static dgm_status try_all(trial *t, int argc, char **argv, dgm_error *err)
{
    dgm_options options = { log_to_stderr, (void *)t->command };
    dgm_status status = dgm_open(data_dir(t->r->data), &options, &t->now, err);
    if (status == DGM_OK)
        status = dgm_open(data_dir(t->r->data), &options, &t->then, err);
    if (status == DGM_OK)
        status = dgm_synonyms_use(t->then, t->r->file, err);
    if (status == DGM_OK && t->r->json)
        dgmi_buf_puts(&t->out, "{\"queries\":[");
    for (int i = 0; i < argc && status == DGM_OK; i++)
        status = try_query(t, argv[i], err);
    if (status == DGM_OK && t->r->queries)
        status = try_file(t, err);
    if (status == DGM_OK)
        put_rule_counts(t);
    return status;
}

static int try_rules(const dgmi_command *command, const synonyms_run *r, int argc,
                     char **argv)
{
    dgm_error err = DGM_ERROR_INIT;
    trial t = { .command = command, .r = r };
    dgmi_buf_init(&t.out, OUT_BYTES);
    dgm_status status = try_all(&t, argc, argv, &err);
    int code = EXIT_DONE;
    if (status == DGM_OK)
        code = print_buf(command, &t.out);
    else if (status == DGM_E_QUERY)
        code = report_usage(command, &err);
    else
        code = report(command, status, &err);
    if (status != DGM_OK)
        dgmi_buf_clear(&t.out);
    for (size_t i = 0; i < t.n_rules; i++) {
        free(t.rules[i].words);
        free(t.rules[i].synonym);
    }
    free(t.rules);
    dgm_close(t.now);
    dgm_close(t.then);
    return code;
}

int run_synonyms(const dgmi_command *command, int argc, char **argv)
{
    synonyms_run r = { .data = NULL };
    int first = 0;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_options_read(command, argc, argv, take, &r, &first, &err) != DGM_OK)
        return report_usage(command, &err);
    const char *what = first < argc ? argv[first] : "list";
    if (r.file && (first < argc || r.queries))
        return try_rules(command, &r, argc - first, argv + first);
    if (!r.file && !r.queries && argc - first <= 1 && !strcmp(what, "list"))
        return read_rules(command, &r, NULL, true);
    if (!r.file && !r.queries && argc - first <= 2 && !strcmp(what, "check"))
        return read_rules(command, &r, first + 1 < argc ? argv[first + 1] : NULL, false);
    (void)dgmi_fail(&err, DGM_E_ARG,
                    r.file ? "--try needs a query, or --queries"
                           : "list, check [FILE] or --try FILE QUERY...");
    return report_usage(command, &err);
}
