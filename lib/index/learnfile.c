/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of rules: tab-separated, one rule a line, written whole. Depends on learned.h
 * and lib/base. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "date.h"
#include "fail.h"
#include "file.h"
#include "learned.h"

static const char file_name[] = "boilerplate.tsv";
static const char head_line[] =
    "# state\titems\tof\tdays\thead\ttail\tfirst\tlast\tfrom\tuntil\tscope\tline\n";
static const char learned_mark[] = "# learned at byte ";

enum { COLUMNS = 12 };

static const struct {
    const char *name;
    bool holds;
} states[] = { { "learned", true }, { "approved", true },   { "forbidden", false },
               { "gone", true },    { "candidate", false }, { "forgotten", false } };
enum { N_STATES = sizeof states / sizeof *states };

bool dgmi_line_holds(dgm_line_state state)
{
    return states[state].holds;
}

const char *dgmi_line_state_name(dgm_line_state state)
{
    return states[state].name;
}

static bool read_state(dgmi_str s, dgm_line_state *out)
{
    for (size_t i = 0; i < N_STATES; i++) {
        if (dgmi_str_eq(s, states[i].name)) {
            *out = (dgm_line_state)i;
            return true;
        }
    }
    return false;
}

/* "-" is the end of time. */
static bool read_number(dgmi_str s, uint64_t most, uint64_t *out)
{
    *out = 0;
    if (dgmi_str_eq(s, "-")) {
        *out = DGMI_LEARN_ALWAYS;
        return most == DGMI_LEARN_ALWAYS;
    }
    for (size_t i = 0; i < s.n; i++) {
        unsigned digit = (unsigned)s.p[i] - '0';
        if (digit > 9 || *out > (UINT64_MAX - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    return s.n > 0 && *out <= most;
}

static bool read_date(dgmi_str s, int64_t *out)
{
    *out = DGM_NO_TIME;
    return dgmi_str_eq(s, "-") || dgmi_date_parse(s, out);
}

/* ---- Reading ---- */

static bool read_columns(dgmi_str line, dgmi_str columns[COLUMNS])
{
    for (size_t i = 0; i + 1 < COLUMNS; i++) {
        if (!dgmi_str_split(&line, '\t', &columns[i]))
            return false;
    }
    columns[COLUMNS - 1] = line;
    return line.n > 0 && memchr(line.p, '\t', line.n) == NULL;
}

static bool read_rule(dgmi_str line, dgmi_rule *out, dgmi_str *scope, dgmi_str *text)
{
    dgmi_str c[COLUMNS];
    uint64_t n[5] = { 0 };
    if (!read_columns(line, c) || !read_state(c[0], &out->state))
        return false;
    for (size_t i = 0; i < 5; i++) {
        if (!read_number(c[1 + i], UINT32_MAX, &n[i]))
            return false;
    }
    out->items = (uint32_t)n[0];
    out->of = (uint32_t)n[1];
    out->days = (uint32_t)n[2];
    out->head = (uint32_t)n[3];
    out->tail = (uint32_t)n[4];
    *scope = c[10];
    *text = c[11];
    return read_date(c[6], &out->first) && read_date(c[7], &out->last) &&
           read_number(c[8], UINT64_MAX, &out->from) &&
           read_number(c[9], UINT64_MAX, &out->until) && scope->n > 0;
}

static dgm_status take_line(dgmi_learned *l, dgmi_str line, bool *known, dgm_error *err)
{
    dgmi_rule rule = { 0 };
    dgmi_str scope, text;
    size_t mark = sizeof learned_mark - 1;
    uint64_t n;
    *known = true;
    if (dgmi_str_starts(line, learned_mark) &&
        read_number(dgmi_str_skip(line, mark), UINT64_MAX, &n))
        l->learned_at = n;
    if (line.n == 0 || line.p[0] == '#')
        return DGM_OK;
    *known = read_rule(line, &rule, &scope, &text);
    if (!*known)
        return DGM_OK;
    rule.scope = dgmi_arena_str(l->arena, scope);
    rule.text = dgmi_arena_str(l->arena, text);
    if (rule.scope == NULL || rule.text == NULL ||
        !dgmi_grow(&l->rules, &l->capacity, l->n + 1, sizeof *l->rules))
        return dgmi_fail_memory(err);
    l->rules[l->n++] = rule;
    return DGM_OK;
}

static int compare_rules(const void *a, const void *b)
{
    const dgmi_rule *x = a, *y = b;
    int order = strcmp(x->scope, y->scope);
    return order != 0 ? order : strcmp(x->text, y->text);
}

static dgm_status read_all(dgmi_learned *l, dgmi_str rest, dgm_error *err)
{
    dgmi_str line;
    dgm_status status = DGM_OK;
    bool known = true;
    for (size_t i = 1; status == DGM_OK && dgmi_str_split(&rest, '\n', &line); i++) {
        status = take_line(l, line, &known, err);
        if (status == DGM_OK && !known)
            status = dgmi_fail(err, DGM_E_ARG, "%s:%zu: not a rule of %d columns",
                               file_name, i, COLUMNS);
    }
    if (l->n > 1)
        qsort(l->rules, l->n, sizeof *l->rules, compare_rules);
    return status;
}

dgm_status dgmi_learned_load(const char *data_dir, dgmi_learned **out, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgmi_buf text;
    *out = NULL;
    dgmi_buf_init(&text, DGMI_LEARNED_MAX);
    char *path = dgmi_path_join(data_dir, file_name);
    dgmi_learned *l = dgmi_learned_new();
    dgm_status status = path && l ? dgmi_file_read(path, &text, &fault) : DGM_E_NOMEM;
    if (status == DGM_OK)
        status = read_all(l, dgmi_buf_str(&text), &fault);
    else if (status == DGM_E_NOTFOUND)
        status = DGM_OK;
    if (status == DGM_OK)
        status = dgmi_learned_ready(l, &fault);
    if (status == DGM_OK) {
        *out = l;
        l = NULL;
    } else {
        dgmi_fail(err, status, "%s", fault.text[0] ? fault.text : "no memory");
    }
    dgmi_learned_free(l);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

/* ---- Writing ---- */

static void put_date(dgmi_buf *out, int64_t time)
{
    char date[DGMI_DATE_SIZE];
    dgmi_date_format(time, date);
    dgmi_buf_printf(out, "\t%.10s", date[0] ? date : "-");
}

static void put_place(dgmi_buf *out, uint64_t place)
{
    if (place == DGMI_LEARN_ALWAYS)
        dgmi_buf_puts(out, "\t-");
    else
        dgmi_buf_printf(out, "\t%llu", (unsigned long long)place);
}

static void put_rule(dgmi_buf *out, const dgmi_rule *r)
{
    dgmi_buf_printf(out, "%s\t%u\t%u\t%u\t%u\t%u", states[r->state].name, r->items, r->of,
                    r->days, r->head, r->tail);
    put_date(out, r->first);
    put_date(out, r->last);
    put_place(out, r->from);
    put_place(out, r->until);
    dgmi_buf_printf(out, "\t%s\t", r->scope);
    dgmi_buf_puts(out, r->text);
    dgmi_buf_putc(out, '\n');
}

dgm_status dgmi_learned_save(const char *data_dir, const dgmi_learned *l, dgm_error *err)
{
    dgmi_buf text;
    dgmi_buf_init(&text, DGMI_LEARNED_MAX);
    char *path = dgmi_path_join(data_dir, file_name);
    dgmi_buf_puts(&text, head_line);
    dgmi_buf_printf(&text, "%s%llu\n", learned_mark, (unsigned long long)l->learned_at);
    for (size_t i = 0; i < l->n; i++)
        put_rule(&text, &l->rules[i]);
    dgm_status status = path == NULL || text.failed
                            ? dgmi_fail_memory(err)
                            : dgmi_file_replace(path, text.p, text.n, err);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

dgm_status dgmi_learned_lock(const char *data_dir, int *fd, dgm_error *err)
{
    char *path = dgmi_path_join(data_dir, "boilerplate.lock");
    *fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
    int done = *fd < 0 ? -1 : flock(*fd, LOCK_EX);
    while (*fd >= 0 && done != 0 && errno == EINTR)
        done = flock(*fd, LOCK_EX);
    dgm_status status = DGM_OK;
    if (path == NULL)
        status = dgmi_fail_memory(err);
    else if (done != 0)
        status = dgmi_fail_errno(err, path);
    if (status != DGM_OK && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    free(path);
    return status;
}
