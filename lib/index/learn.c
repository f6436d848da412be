/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From counts to rules. Depends on learn.h, learncount.h, lib/archive, lib/item. */
#include "learn.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"
#include "item.h"
#include "learncount.h"
#include "segment.h"

enum {
    ITEM_MEMORY = 16 << 10, /* what the counts of one item may take */
    SAMPLES_MOST = 50000,
    SAMPLES_PASSING = 5000,
    GROWN_LEAST = 1 << 20,
    MISSED = 5, /* items that should have had a line before it is gone */
    PROSE_WORDS = 6,
    CANDIDATE_ITEMS = 3, /* of a line that came in the place of one that is gone, */
    CANDIDATE_DAYS = 2,
    ONE_DAY = 86400,
    CANDIDATE_SHARE = 50 /* per cent of the items since */
};

uint32_t dgmi_learn_samples(size_t memory)
{
    size_t n = memory / ITEM_MEMORY;
    return n < SAMPLES_MOST ? (uint32_t)n : SAMPLES_MOST;
}

/* ---- Counting ---- */

typedef struct walk {
    dgmi_line_counts *counts;
    uint64_t seen, step;
} walk;

static dgm_status count_record(void *user, const dgmi_line *line, dgm_error *err)
{
    (void)line;
    (void)err;
    (*(uint64_t *)user)++;
    return DGM_OK;
}

static dgm_status look_at(void *user, const dgmi_line *line, dgm_error *err)
{
    walk *w = user;
    dgm_item *item = NULL;
    if (w->seen++ % w->step != 0)
        return DGM_OK;
    dgm_status status = dgmi_line_item(line->p, line->n, &item, NULL);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK) /* no item; whoever indexes it will report it */
        return DGM_OK;
    status = dgmi_line_counts_add(w->counts, item, line->at, err);
    dgm_item_free(item);
    return status;
}

static dgm_status count(const dgmi_learn_options *o, dgmi_line_counts *counts,
                        dgm_error *err)
{
    dgmi_position start = { 0, 0 };
    uint64_t records = o->records;
    dgm_status status = DGM_OK;
    if (records == 0)
        status = dgmi_lines_walk(o->data_dir, start, o->to, count_record, &records, err);
    walk w = { counts, 0, records / (o->samples > 0 ? o->samples : 1) + 1 };
    if (status == DGM_OK)
        status = dgmi_lines_walk(o->data_dir, start, o->to, look_at, &w, err);
    return status;
}

/* ---- Judging ---- */

static uint32_t days_of(const dgmi_line_count *l)
{
    uint32_t n = 0;
    for (uint64_t bits = l->days; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

static size_t words_of(const char *text)
{
    size_t n = 1;
    for (; *text != '\0'; text++)
        n += *text == ' ';
    return n;
}

static bool near_edges(const dgmi_line_count *l)
{
    return (uint64_t)(l->head + l->tail) * 100 >= (uint64_t)l->items * DGMI_LEARN_EDGES;
}

/* All that can be judged without the text. A line of one source alone is that source's,
 * not its provider's. */
static bool recurs(const dgmi_line_counts *c, const dgmi_line_count *l)
{
    const dgmi_scope_count *scope = &c->scopes[l->scope];
    return l->usable && l->items >= DGMI_LEARN_ITEMS && days_of(l) >= DGMI_LEARN_DAYS &&
           scope->items >= DGMI_LEARN_SCOPE && near_edges(l) &&
           (l->several || !scope->wide) &&
           (uint64_t)l->items * 100 >= scope->items; /* one per cent at the least */
}

/* Many words, most of them small: "The group will be taken to the island" comes in every
 * fifth item of a minister, and is news each time. A letterhead is all capitals. */
static bool is_prose(const char *text)
{
    size_t words = 0, small = 0;
    bool start = true;
    for (; *text != '\0'; text++) {
        words += start && *text != ' ';
        small += start && *text >= 'a' && *text <= 'z';
        start = *text == ' ';
    }
    return words >= PROSE_WORDS && small * 2 > words;
}

static bool has_share(const dgmi_line_counts *c, const dgmi_line_count *l, uint64_t share)
{
    return (uint64_t)l->items * 100 >= c->scopes[l->scope].items * share;
}

/* The text of a line, read back. *item is the caller's. */
static dgm_status read_back(const dgmi_learn_options *o, const dgmi_line_count *l,
                            dgm_item **item, const char **text, dgm_error *err)
{
    dgm_status status = dgmi_lines_item_at(o->data_dir, l->place, item, err);
    *text = NULL;
    if (status == DGM_OK && l->paragraph < (*item)->n_paragraphs)
        *text = (*item)->paragraphs[l->paragraph];
    return status;
}

static void note_counts(const dgmi_line_counts *c, const dgmi_line_count *l, dgmi_rule *r)
{
    r->items = l->items;
    r->of = c->scopes[l->scope].items;
    r->days = days_of(l);
    r->head = l->head;
    r->tail = l->tail;
    r->first = l->first;
    r->last = l->last;
}

static void begin_to_hold(dgmi_rule *r, uint64_t from)
{
    r->state = DGM_LINE_LEARNED;
    r->from = from;
    r->until = DGMI_LEARN_ALWAYS;
}

/* Whether so many items came since without the line that it is no chance. */
static bool is_gone(const dgmi_line_counts *c, const dgmi_line_count *l)
{
    const dgmi_scope_count *scope = &c->scopes[l->scope];
    if (l->last == DGM_NO_TIME)
        return false;
    uint64_t since = dgmi_scope_items(scope, l->last + ONE_DAY, INT64_MAX);
    uint64_t lived = dgmi_scope_items(scope, l->first, l->last);
    return since * l->items >= lived * MISSED;
}

/* A sentence that recurs less is left to a person: it stays a candidate. */
static void judge_rule(const dgmi_learn_options *o, const dgmi_line_counts *c,
                       const dgmi_line_count *l, dgmi_rule *r)
{
    bool sure = !is_prose(r->text) || has_share(c, l, DGMI_LEARN_PROSE);
    note_counts(c, l, r);
    if (r->state == DGM_LINE_CANDIDATE && sure)
        begin_to_hold(r, o->from);
    if (r->state == DGM_LINE_LEARNED && is_gone(c, l))
        r->state = DGM_LINE_GONE;
    else if (r->state == DGM_LINE_GONE && !is_gone(c, l))
        r->state = DGM_LINE_LEARNED;
}

static dgm_status judge_line(const dgmi_learn_options *o, const dgmi_line_counts *c,
                             const dgmi_line_count *l, dgmi_learned *rules,
                             dgm_error *err)
{
    dgm_item *item = NULL;
    const char *text, *scope = c->scopes[l->scope].name;
    dgm_status status = read_back(o, l, &item, &text, err);
    if (status != DGM_OK)
        return status;
    uint64_t share = text && words_of(text) >= DGMI_LEARN_LONG ? 1 : DGMI_LEARN_SHARE;
    if (text != NULL && has_share(c, l, share)) {
        dgmi_rule *r = dgmi_learned_at(rules, scope, text, true);
        if (r != NULL)
            judge_rule(o, c, l, r);
        else
            status = dgmi_fail_memory(err);
    }
    dgm_item_free(item);
    return status;
}

/* Whether a line came after one of the same scope and the same edge was gone. */
static bool follows_a_gone_line(const dgmi_line_counts *c, const dgmi_line_count *l,
                                const dgmi_learned *rules)
{
    const char *scope = c->scopes[l->scope].name;
    for (size_t i = 0; i < rules->n; i++) {
        const dgmi_rule *r = &rules->rules[i];
        if (r->state == DGM_LINE_GONE && strcmp(r->scope, scope) == 0 &&
            (r->head > r->tail) == (l->head > l->tail) && l->first >= r->last)
            return true;
    }
    return false;
}

static dgm_status find_candidate(const dgmi_learn_options *o, const dgmi_line_counts *c,
                                 const dgmi_line_count *l, dgmi_learned *rules,
                                 dgm_error *err)
{
    uint32_t of = dgmi_scope_items(&c->scopes[l->scope], l->first, INT64_MAX);
    dgm_item *item = NULL;
    const char *text;
    if (!l->usable || l->items < CANDIDATE_ITEMS || days_of(l) < CANDIDATE_DAYS ||
        !near_edges(l) || (!l->several && c->scopes[l->scope].wide) ||
        (uint64_t)l->items * 100 < (uint64_t)of * CANDIDATE_SHARE ||
        !follows_a_gone_line(c, l, rules))
        return DGM_OK;
    dgm_status status = read_back(o, l, &item, &text, err);
    if (status == DGM_OK && text != NULL) {
        dgmi_rule *r = dgmi_learned_at(rules, c->scopes[l->scope].name, text, true);
        if (r != NULL)
            note_counts(c, l, r);
        else
            status = dgmi_fail_memory(err);
    }
    dgm_item_free(item);
    return status;
}

/* Candidates are found anew each time. */
static void drop_candidates(dgmi_learned *rules)
{
    size_t n = 0;
    for (size_t i = 0; i < rules->n; i++) {
        if (rules->rules[i].state != DGM_LINE_CANDIDATE)
            rules->rules[n++] = rules->rules[i];
    }
    rules->n = n;
}

dgm_status dgmi_learn(const dgmi_learn_options *o, dgmi_learned *rules, dgm_error *err)
{
    dgmi_line_counts counts;
    dgmi_position start = { 0, 0 };
    dgm_status status = dgmi_line_counts_new(&counts, err);
    if (status == DGM_OK)
        status = count(o, &counts, err);
    dgmi_line_counts_sort(&counts);
    if (status == DGM_OK)
        drop_candidates(rules);
    for (size_t i = 0; status == DGM_OK && i < counts.n_lines; i++) {
        if (recurs(&counts, &counts.lines[i]))
            status = judge_line(o, &counts, &counts.lines[i], rules, err);
    }
    for (size_t i = 0; status == DGM_OK && i < counts.n_lines; i++)
        status = find_candidate(o, &counts, &counts.lines[i], rules, err);
    rules->learned_at = dgmi_archive_size(o->data_dir, start);
    dgmi_line_counts_clear(&counts);
    return status == DGM_OK ? dgmi_learned_ready(rules, err) : status;
}

/* ---- When ---- */

dgm_status dgmi_learned_renew(dgmi_learned *rules, dgm_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < rules->n; i++) {
        dgmi_rule *r = &rules->rules[i];
        bool holds = dgmi_line_holds(r->state);
        r->from = 0;
        r->until = holds ? DGMI_LEARN_ALWAYS : 0;
        if (r->state != DGM_LINE_FORGOTTEN) {
            rules->rules[n++] = *r;
            continue;
        }
        if (!dgmi_grow(&rules->dropped, &rules->dropped_capacity, rules->n_dropped + 1,
                       sizeof *rules->dropped))
            return dgmi_fail_memory(err);
        rules->dropped[rules->n_dropped++] = *r;
    }
    rules->n = n;
    return DGM_OK;
}

static bool was_dropped(const dgmi_learned *rules, const dgmi_rule *r)
{
    for (size_t i = 0; i < rules->n_dropped; i++) {
        if (strcmp(rules->dropped[i].scope, r->scope) == 0 &&
            strcmp(rules->dropped[i].text, r->text) == 0)
            return r->state == DGM_LINE_FORGOTTEN;
    }
    return false;
}

static bool is_decided(dgm_line_state state)
{
    return state == DGM_LINE_APPROVED || state == DGM_LINE_FORBIDDEN ||
           state == DGM_LINE_FORGOTTEN;
}

static dgm_status keep_decisions(dgmi_learned *rules, const dgmi_learned *now,
                                 uint64_t end, dgm_error *err)
{
    for (size_t i = 0; i < now->n; i++) {
        const dgmi_rule *decided = &now->rules[i];
        if (!is_decided(decided->state) || was_dropped(rules, decided))
            continue;
        dgmi_rule *r = dgmi_learned_at(rules, decided->scope, decided->text, true);
        if (r == NULL)
            return dgmi_fail_memory(err);
        if (r->state == decided->state)
            continue;
        bool held = r->from < r->until;
        r->state = decided->state;
        if (dgmi_line_holds(r->state) && !held) {
            r->from = end;
            r->until = DGMI_LEARN_ALWAYS;
        } else if (!dgmi_line_holds(r->state) && held) {
            r->until = end;
        }
    }
    return DGM_OK;
}

dgm_status dgmi_learned_settle(const char *data_dir, dgmi_learned *rules, uint64_t end,
                               dgm_error *err)
{
    dgmi_learned *now = NULL;
    int fd = -1;
    dgm_status status = dgmi_learned_lock(data_dir, &fd, err);
    if (status == DGM_OK)
        status = dgmi_learned_load(data_dir, &now, err);
    if (status == DGM_OK && end == DGMI_LEARN_ALWAYS)
        status = dgmi_learn_end(data_dir, &end, err);
    if (status == DGM_OK)
        status = keep_decisions(rules, now, end, err);
    for (size_t i = 0; status == DGM_OK && i < rules->n; i++) {
        dgmi_rule *r = &rules->rules[i];
        if (dgmi_line_holds(r->state) && r->from == DGMI_LEARN_ALWAYS)
            r->from = end;
    }
    if (status == DGM_OK && (rules->n > 0 || now->n > 0 || rules->learned_at > 0))
        status = dgmi_learned_save(data_dir, rules, err);
    if (fd >= 0)
        close(fd);
    dgmi_learned_free(now);
    return status;
}

dgm_status dgmi_learn_in_passing(const char *data_dir, dgmi_position end, dgm_error *err)
{
    dgmi_position start = { 0, 0 };
    dgmi_learned *rules = NULL;
    uint64_t size = dgmi_archive_size(data_dir, start);
    uint64_t place = dgmi_position_pack(end);
    dgm_status status = dgmi_learned_load(data_dir, &rules, err);
    if (status != DGM_OK)
        return status;
    if (size >= rules->learned_at + rules->learned_at / 4 + GROWN_LEAST) {
        dgmi_learn_options o = { data_dir, end, 0, SAMPLES_PASSING, place };
        status = dgmi_learn(&o, rules, err);
        if (status == DGM_OK)
            status = dgmi_learned_settle(data_dir, rules, place, err);
    }
    dgmi_learned_free(rules);
    return status;
}

dgm_status dgmi_learn_end(const char *data_dir, uint64_t *end, dgm_error *err)
{
    uint32_t last = 0;
    char *folder = dgmi_path_join(data_dir, "archive");
    dgm_status status =
        folder ? dgmi_segment_last(folder, &last, err) : dgmi_fail_memory(err);
    if (status == DGM_OK) {
        dgmi_position at = { last, last > 0 ? dgmi_segment_size(folder, last) : 0 };
        *end = dgmi_position_pack(at);
    }
    free(folder);
    return status;
}
