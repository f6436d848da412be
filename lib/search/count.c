/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exact counts: one pass over all matches without weights, with spies on the slots asked
 * for. Depends on lib/index, lib/xapian. */
#include "count.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "fold.h"
#include "sweep.h"

enum { STORIES = DGMI_FACETS + 1, SPIES }; /* behind the facets: the histogram's */

/* The spies of one pass: NULL where nothing was asked for, or no item has a value. */
typedef struct pass {
    const dgmi_matcher *m;
    const dgm_request *request;
    dgmi_arena *arena;
    uint64_t least; /* items that it will look at */
    dgmx_spy *spies[SPIES];
    uint64_t stories; /* grouped: that were counted */
    dgm_status status;
} pass;

static bool is_all_items(const dgmi_clause *clause)
{
    return clause->kind == DGMI_CLAUSE_TERM &&
           dgmi_str_eq(clause->term, DGMI_TERM_USABLE);
}

/* ---- One pass ---- */

/* What counts as one value, so that a story with two forms of it counts once. */
static size_t class_of_label(void *user, const char *value, size_t n, char *out,
                             size_t room)
{
    (void)user;
    dgmi_buf key;
    dgmi_buf_init(&key, room);
    dgmi_fold_key(&key, value, n);
    size_t size = key.failed ? 0 : key.n;
    if (size > 0)
        memcpy(out, key.p, size);
    dgmi_buf_clear(&key);
    return size;
}

static size_t class_of_time(void *user, const char *value, size_t n, char *out,
                            size_t room)
{
    const pass *p = user;
    int64_t time;
    dgmi_tally tally = { value, n, 0 };
    if (room < sizeof time ||
        !dgmi_histogram_time((dgmi_interval)p->request->histogram, &tally, &time))
        return 0;
    memcpy(out, &time, sizeof time);
    return sizeof time;
}

/* How many items a pass will certainly look at; 0 if that is not known. */
static uint64_t least_matches(const dgmi_matcher *m, const dgmi_clause *clause)
{
    uint64_t least = 0;
    if (clause->kind == DGMI_CLAUSE_TERM)
        return clause->most;
    if (m->matches && m->matches->clause == clause)
        return m->matches->total;
    bool any = clause->kind == DGMI_CLAUSE_OR || clause->kind == DGMI_CLAUSE_MAX;
    for (uint32_t i = 0; any && i < clause->n; i++) {
        uint64_t of_child = least_matches(m, clause->children[i]);
        least = of_child > least ? of_child : least;
    }
    return least;
}

static void add_spy(pass *p, int which, uint32_t slot, unsigned slots)
{
    dgmx_bytes low = { NULL, 0 }, high = { NULL, 0 };
    if (p->status == DGM_OK)
        p->status = dgmx_db_value_bounds(p->m->index->db, slot, &low, &high, p->m->err);
    if (p->status != DGM_OK || high.n == 0)
        return;
    if (!p->m->grouped)
        p->status = dgmx_spy_new_run(p->m->index->db, slot, slots, p->least,
                                     &p->spies[which], p->m->err);
    else
        p->status =
            dgmx_spy_new_grouped(slot, slots, DGMI_SLOT_STORY,
                                 which == DGMI_FACETS ? class_of_time : class_of_label, p,
                                 &p->spies[which], p->m->err);
}

static void add_spies(pass *p)
{
    for (int i = 0; i < DGMI_FACETS; i++) {
        const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of(dgmi_facet_names[i]));
        if (f && p->request->facets & 1u << i)
            add_spy(p, i, (uint32_t)f->slot, f->slots);
    }
    if (p->request->histogram >= 0)
        add_spy(p, DGMI_FACETS, dgmi_histogram_slot((dgmi_interval)p->request->histogram),
                1);
    if (p->status == DGM_OK && p->m->grouped)
        p->status = dgmx_spy_new_grouped(0, 0, DGMI_SLOT_STORY, NULL, NULL,
                                         &p->spies[STORIES], p->m->err);
}

static dgm_status run_pass(pass *p, dgmi_clause *clause, uint64_t *total)
{
    dgmx_mset *mset = NULL;
    uint32_t low = 0, estimate, high;
    dgmi_run run = { .order = DGMX_BY_RELEVANCE,
                     .check_at_least = UINT32_MAX / 2,
                     .spies = p->spies,
                     .n_spies = SPIES };
    dgm_status status = dgmi_match_run(p->m, clause, &run, &mset);
    if (status == DGM_OK)
        status = dgmx_mset_matches(mset, &low, &estimate, &high, p->m->err);
    if (status == DGM_OK && low != high)
        status = dgmi_fail(p->m->err, DGM_E_INTERNAL, "a count came out inexact");
    *total = low;
    dgmx_mset_free(mset);
    return status;
}

/* ---- Matches that are known ---- */

/* The documents of a batch of windows, and what stories they are of. */
typedef struct batch {
    dgmx_docid *ids;
    uint32_t *groups; /* NULL: stories do not matter */
    size_t n;
} batch;

static dgm_status feed(pass *p, const batch *b, uint64_t expected)
{
    dgm_status status = DGM_OK;
    dgmx_db *db = p->m->index->db;
    if (dgmi_now_us() > p->m->deadline_us)
        return dgmi_fail(p->m->err, DGM_E_TIMEOUT, "the time limit of the search passed");
    for (int i = 0; i < STORIES && status == DGM_OK && b->n > 0; i++) {
        if (!p->spies[i])
            continue;
        status = b->groups ? dgmx_spy_feed_grouped(p->spies[i], db, b->ids, b->groups,
                                                   b->n, expected, p->m->err)
                           : dgmx_spy_feed(p->spies[i], db, b->ids, b->n, p->m->err);
    }
    return status;
}

/* Some at a time, between two looks at the clock. */
static dgm_status feed_some(pass *p, const batch *all)
{
    enum { SOME = 16384 };
    dgm_status status = DGM_OK;
    for (size_t at = 0; at < all->n && status == DGM_OK; at += SOME) {
        size_t n = all->n - at < SOME ? all->n - at : SOME;
        batch some = { all->ids + at, all->groups ? all->groups + at : NULL, n };
        status = feed(p, &some, all->n);
    }
    return status;
}

static dgm_status feed_matches(pass *p, const dgmi_matches *matches, bool *done)
{
    batch all = { .ids = calloc(matches->total + DGMI_WINDOW, sizeof *all.ids) };
    dgm_status status = all.ids ? DGM_OK : dgmi_fail_memory(p->m->err);
    for (uint32_t w = 0; w < matches->windows && status == DGM_OK; w++)
        all.n += dgmi_window_ids(matches->bits, w, all.ids + all.n);
    if (p->m->grouped && status == DGM_OK) {
        all.groups = calloc(all.n + 1, sizeof *all.groups);
        status = all.groups ? dgmi_resident_groups(p->m, all.ids, all.n, all.groups,
                                                   &p->stories, done)
                            : dgmi_fail_memory(p->m->err);
    }
    if (status == DGM_OK && *done)
        status = feed_some(p, &all);
    free(all.ids);
    free(all.groups);
    return status;
}

static dgm_status count_matches(pass *p, dgmi_clause *clause, uint64_t *total)
{
    dgmi_matches matches = { .total = 0 };
    bool known = false;
    dgm_status status = dgmi_resident_matches(p->m, clause, &matches, &known);
    if (status == DGM_OK && known)
        status = feed_matches(p, &matches, &known);
    *total = matches.total;
    if (status != DGM_OK || known)
        return status;
    status = run_pass(p, clause, total);
    if (status == DGM_OK && p->spies[STORIES])
        status = dgmx_spy_groups(p->spies[STORIES], &p->stories, p->m->err);
    return status;
}

static dgm_status make_answer(pass *p, int which, const dgmi_tally *tallies, size_t n,
                              dgmi_counts *out)
{
    if (which == DGMI_FACETS)
        return dgmi_histogram_make((dgmi_interval)p->request->histogram, tallies, n,
                                   p->arena, out, p->m->err);
    return dgmi_facet_make(dgmi_facet_names[which], tallies, n, p->arena,
                           &out->facets[out->n_facets++], p->m->err);
}

/* Whether a spelling of the same label was counted before it. */
static bool is_counted(const dgmi_tally *tallies, size_t n, const char *label)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(tallies[i].text, label) == 0)
            return true;
    }
    return false;
}

/* How many matches have each spelling of the names asked for: a pass for each. */
static dgm_status count_spellings(pass *p, dgmi_clause *clause, dgmi_counts *out)
{
    dgmi_tally tallies[DGMI_NAMED_MAX * (DGMI_VARIANTS_MAX + 1)];
    size_t n = 0;
    const dgmi_naming *naming = p->m->naming;
    pass bare = { .m = p->m, .request = p->request, .arena = p->arena };
    for (size_t i = 0; naming && i < naming->n; i++) {
        for (unsigned k = 0; k < naming->list[i].n && p->status == DGM_OK; k++) {
            const dgmi_variant *s = &naming->list[i].spellings[k];
            dgmi_clause *both =
                dgmi_clause_pair(p->m->arena, DGMI_CLAUSE_FILTER, clause, s->has);
            tallies[n] = (dgmi_tally){ s->label, strlen(s->label), 0 };
            if (is_counted(tallies, n, s->label))
                continue;
            p->status = both ? count_matches(&bare, both, &tallies[n].count)
                             : dgmi_fail_memory(p->m->err);
            n += tallies[n].count > 0;
        }
    }
    return p->status == DGM_OK
               ? dgmi_facet_make(DGMI_FACET_VARIANTS, tallies, n, p->arena,
                                 &out->facets[out->n_facets++], p->m->err)
               : p->status;
}

static dgm_status read_spy(pass *p, int which, dgmi_counts *out)
{
    dgmx_count *counts = NULL;
    size_t n = 0;
    dgm_status status = DGM_OK;
    if (p->spies[which])
        status = dgmx_spy_counts(p->spies[which], &counts, &n, p->m->err);
    dgmi_tally *tallies = calloc(n + 1, sizeof *tallies);
    if (status == DGM_OK && !tallies)
        status = dgmi_fail_memory(p->m->err);
    for (size_t i = 0; tallies && i < n; i++)
        tallies[i] = (dgmi_tally){ counts[i].p, counts[i].n, counts[i].count };
    if (status == DGM_OK)
        status = make_answer(p, which, tallies, n, out);
    free(tallies);
    free(counts);
    return status;
}

static dgm_status count_by_pass(pass *p, dgmi_clause *clause, dgmi_counts *out)
{
    p->least = least_matches(p->m, clause);
    add_spies(p);
    if (p->status == DGM_OK)
        p->status = count_matches(p, clause, &out->total);
    for (int i = 0; i < DGMI_FACETS && p->status == DGM_OK; i++) {
        if (!(p->request->facets & 1u << i))
            continue;
        bool spellings = strcmp(dgmi_facet_names[i], DGMI_FACET_VARIANTS) == 0;
        p->status = spellings ? count_spellings(p, clause, out) : read_spy(p, i, out);
    }
    if (p->status == DGM_OK && p->request->histogram >= 0)
        p->status = read_spy(p, DGMI_FACETS, out);
    out->items = out->total;
    if (p->m->grouped)
        out->total = p->stories;
    for (int i = 0; i < SPIES; i++)
        dgmx_spy_free(p->spies[i]);
    return p->status;
}

/* ---- Without a pass ---- */

static bool is_in_terms(const dgm_request *request)
{
    for (int i = 0; i < DGMI_FACETS; i++) {
        if (request->facets & 1u << i && !dgmi_facet_has_terms(dgmi_facet_names[i]))
            return false;
    }
    return request->histogram < 0 ||
           dgmi_histogram_has_terms((dgmi_interval)request->histogram);
}

static dgm_status count_by_terms(pass *p, dgmi_counts *out)
{
    out->total = p->m->index->documents;
    for (int i = 0; i < DGMI_FACETS && p->status == DGM_OK; i++) {
        if (p->request->facets & 1u << i)
            p->status = dgmi_facet_of_all(p->m, dgmi_facet_names[i], p->arena,
                                          &out->facets[out->n_facets++]);
    }
    if (p->status == DGM_OK && p->request->histogram >= 0)
        p->status = dgmi_histogram_of_all(p->m, (dgmi_interval)p->request->histogram,
                                          p->arena, out);
    return p->status;
}

/* The frequent term of a union, whose items need not be walked to be counted: |A or B or
 * C| is |A| and what B or C has without A. NULL if there is no such term. */
static dgmi_clause *widest_term(const dgmi_clause *clause)
{
    dgmi_clause *widest = NULL;
    if (clause->kind != DGMI_CLAUSE_OR && clause->kind != DGMI_CLAUSE_MAX)
        return NULL;
    for (uint32_t i = 0; i < clause->n; i++) {
        dgmi_clause *child = clause->children[i];
        if (child->kind == DGMI_CLAUSE_TERM && (!widest || child->most > widest->most))
            widest = child;
    }
    return widest;
}

static dgmi_clause *rest_without(const dgmi_matcher *m, const dgmi_clause *clause,
                                 dgmi_clause *widest)
{
    dgmi_clause **rest = dgmi_arena_array(m->arena, clause->n, sizeof(dgmi_clause *));
    size_t n = 0;
    for (uint32_t i = 0; rest && i < clause->n; i++) {
        if (clause->children[i] != widest)
            rest[n++] = clause->children[i];
    }
    if (!rest)
        return NULL;
    return dgmi_clause_pair(m->arena, DGMI_CLAUSE_WITHOUT,
                            dgmi_clause_join(m->arena, DGMI_CLAUSE_OR, rest, n), widest);
}

/* The total alone, of items that did not change since the first page. */
static dgm_status count_total(pass *p, dgmi_clause *clause, dgmi_counts *out)
{
    dgmi_matches matches = { .total = 0 };
    bool known = false;
    dgmi_clause *widest = widest_term(clause);
    if (clause->kind == DGMI_CLAUSE_TERM) {
        out->total = clause->most; /* a term's frequency is the number of its items */
        return DGM_OK;
    }
    dgm_status status = dgmi_resident_matches(p->m, clause, &matches, &known);
    if (status != DGM_OK || known) {
        out->total = matches.total;
        return status;
    }
    if (!widest)
        return run_pass(p, clause, &out->total);
    clause = rest_without(p->m, clause, widest);
    status = clause ? run_pass(p, clause, &out->total) : dgmi_fail_memory(p->m->err);
    out->total += widest->most;
    return status;
}

dgm_status dgmi_count(const dgmi_matcher *m, dgmi_clause *clause,
                      const dgm_request *request, int64_t known, dgmi_arena *arena,
                      dgmi_counts *out)
{
    pass p = { .m = m, .request = request, .arena = arena, .status = DGM_OK };
    bool spies = request->facets != 0 || request->histogram >= 0;
    *out = (dgmi_counts){ .total = known >= 0 ? (uint64_t)known : 0,
                          .items = known >= 0 ? out->items : 0 };
    out->facets = dgmi_arena_array(arena, DGMI_FACETS, sizeof *out->facets);
    if (!out->facets)
        return dgmi_fail_memory(m->err);
    if (!spies && known >= 0)
        return DGM_OK;
    if (!m->moved && !m->grouped && is_all_items(clause) && is_in_terms(request))
        return count_by_terms(&p, out);
    if (!spies && !m->moved && !m->grouped)
        return count_total(&p, clause, out);
    clause = dgmi_match_settled(m, clause);
    if (!clause)
        return dgmi_fail_memory(m->err);
    return count_by_pass(&p, clause, out);
}
