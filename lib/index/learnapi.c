/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public side of learned lines: the report, and what a person decides. Depends on
 * learn.h, lib/base. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"
#include "learn.h"

enum { LEARN_MEMORY = 256 << 20 };

/* The public list with the rules that its texts belong to. */
typedef struct owned_lines {
    dgm_lines lines;
    dgmi_learned *rules;
} owned_lines;

const char *dgm_line_state_text(dgm_line_state state)
{
    return dgmi_line_state_name(state);
}

void dgm_lines_free(dgm_lines *lines)
{
    owned_lines *o = (owned_lines *)lines;
    if (o == NULL)
        return;
    dgmi_learned_free(o->rules);
    free((void *)o->lines.lines);
    free(o);
}

/* Some records are indexed by another rule than the one that holds now. */
static bool waits(const dgmi_rule *r)
{
    bool all = r->from == 0 && r->until == DGMI_LEARN_ALWAYS;
    return dgmi_line_holds(r->state) ? !all : r->from < r->until;
}

static int compare_lines(const void *a, const void *b)
{
    const dgm_line *x = a, *y = b;
    int order = strcmp(x->scope, y->scope);
    if (order == 0)
        order = (x->items < y->items) - (x->items > y->items);
    return order != 0 ? order : strcmp(x->text, y->text);
}

static dgm_status hand_over(dgmi_learned *rules, dgm_lines **out, dgm_error *err)
{
    owned_lines *o = calloc(1, sizeof *o);
    dgm_line *lines = calloc(rules->n + 1, sizeof *lines);
    if (o == NULL || lines == NULL) {
        free(o);
        free(lines);
        return dgmi_fail_memory(err);
    }
    for (size_t i = 0; i < rules->n; i++) {
        const dgmi_rule *r = &rules->rules[i];
        lines[i] = (dgm_line){ r->scope, r->text, r->state, r->items, r->of,   r->days,
                               r->head,  r->tail, r->first, r->last,  waits(r) };
    }
    if (rules->n > 1)
        qsort(lines, rules->n, sizeof *lines, compare_lines);
    *o = (owned_lines){ { lines, rules->n }, rules };
    *out = (dgm_lines *)o;
    return DGM_OK;
}

static dgm_status check_folder(const char *data_dir, dgm_error *err)
{
    if (data_dir != NULL && dgmi_is_dir(data_dir))
        return DGM_OK;
    return dgmi_fail(err, DGM_E_NOTFOUND, "%s: no such data directory",
                     data_dir ? data_dir : "");
}

/* What is learned now holds for what comes after the archive's end as it is when the file
 * is written: until then the old rules may have been used. */
static dgm_status learn_now(const char *data_dir, dgmi_learned *rules, dgm_error *err)
{
    dgmi_learn_options o = { data_dir,
                             { UINT32_MAX, 0 },
                             0,
                             dgmi_learn_samples(LEARN_MEMORY),
                             DGMI_LEARN_ALWAYS };
    dgm_status status = dgmi_learn(&o, rules, err);
    if (status == DGM_OK)
        status = dgmi_learned_settle(data_dir, rules, DGMI_LEARN_ALWAYS, err);
    return status;
}

dgm_status dgm_lines_read(const char *data_dir, bool learn, dgm_lines **out,
                          dgm_error *err)
{
    dgmi_learned *rules = NULL;
    *out = NULL;
    dgm_status status = check_folder(data_dir, err);
    if (status == DGM_OK)
        status = dgmi_learned_load(data_dir, &rules, err);
    if (status == DGM_OK && learn)
        status = learn_now(data_dir, rules, err);
    if (status == DGM_OK)
        status = hand_over(rules, out, err);
    if (status != DGM_OK)
        dgmi_learned_free(rules);
    return status;
}

/* ---- Deciding ---- */

static void decide(dgmi_rule *r, dgm_line_state state, uint64_t end)
{
    bool held = r->from < r->until && r->until == DGMI_LEARN_ALWAYS;
    bool holds = dgmi_line_holds(state);
    r->state = state;
    if (holds && !held) {
        r->from = r->until == end && r->from < r->until ? r->from : end;
        r->until = DGMI_LEARN_ALWAYS;
    } else if (!holds && held) {
        r->until = end;
    }
}

static dgm_status decide_all(dgmi_learned *rules, const char *scope, const char *text,
                             dgm_line_state state, uint64_t end, size_t *changed)
{
    for (size_t i = 0; i < rules->n; i++) {
        dgmi_rule *r = &rules->rules[i];
        if (strcmp(r->text, text) != 0 || (scope && strcmp(r->scope, scope) != 0))
            continue;
        decide(r, state, end);
        ++*changed;
    }
    if (*changed > 0 || scope == NULL || state == DGM_LINE_FORGOTTEN)
        return DGM_OK;
    dgmi_rule *r = dgmi_learned_at(rules, scope, text, true);
    if (r == NULL)
        return DGM_E_NOMEM;
    decide(r, state, end);
    *changed = 1;
    return DGM_OK;
}

static dgm_status check_rule(const char *scope, const char *text, dgm_line_state state,
                             dgm_error *err)
{
    if (state != DGM_LINE_APPROVED && state != DGM_LINE_FORBIDDEN &&
        state != DGM_LINE_FORGOTTEN)
        return dgmi_fail(err, DGM_E_ARG, "a line is approved, forbidden or forgotten");
    if (text == NULL || text[0] == '\0' || strpbrk(text, "\t\n") != NULL ||
        strlen(text) > DGMI_LEARN_LINE)
        return dgmi_fail(err, DGM_E_ARG, "not one line of at most %d bytes",
                         DGMI_LEARN_LINE);
    if (scope != NULL && (strchr(scope, ':') == NULL || strpbrk(scope, "\t\n") != NULL))
        return dgmi_fail(err, DGM_E_ARG,
                         "%.80s: a scope is source:NAME, provider:NAME or host:NAME",
                         scope);
    return DGM_OK;
}

dgm_status dgm_lines_set(const char *data_dir, const char *scope, const char *text,
                         dgm_line_state state, size_t *changed, dgm_error *err)
{
    dgmi_learned *rules = NULL;
    uint64_t end = 0;
    size_t unused, *count = changed ? changed : &unused;
    int fd = -1;
    *count = 0;
    dgm_status status = check_folder(data_dir, err);
    if (status == DGM_OK)
        status = check_rule(scope, text, state, err);
    if (status == DGM_OK)
        status = dgmi_learned_lock(data_dir, &fd, err);
    if (status == DGM_OK)
        status = dgmi_learned_load(data_dir, &rules, err);
    if (status == DGM_OK)
        status = dgmi_learn_end(data_dir, &end, err);
    if (status == DGM_OK &&
        decide_all(rules, scope, text, state, end, count) == DGM_E_NOMEM)
        status = dgmi_fail_memory(err);
    if (status == DGM_OK && *count == 0)
        status = dgmi_fail(err, DGM_E_NOTFOUND, "no such line is known: %.150s", text);
    if (status == DGM_OK)
        status = dgmi_learned_save(data_dir, rules, err);
    if (fd >= 0)
        close(fd);
    dgmi_learned_free(rules);
    return status;
}
