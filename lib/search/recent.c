/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running clauses: the best hits by what age leaves of their scores. Depends on
 * lib/index, lib/xapian.
 *
 * Xapian gives hits by their scores, and age only takes away from them. So hits are asked
 * for in that order until those that are still to come have less than the last one that
 * is needed (Fagin's threshold algorithm), the newest item's share of it reckoned in. The
 * same bound, taken by age, says how old an item may be at most to get there with the
 * score that is left: each further match is held within that time, and to scores above
 * the last one needed. So an old archive costs no more than a young one. */
#include <stdlib.h>

#include "fail.h"
#include "match.h"

enum { FIRST = 256, GROWTH = 4 }; /* hits of the first match, and how they grow */

typedef struct candidate {
    dgmi_ranked hit;
    uint64_t story; /* 0: not grouped */
} candidate;

typedef struct pool {
    const dgmi_matcher *m;
    candidate *list; /* those kept, in order, and behind them new ones */
    size_t kept, n, capacity;
} pool;

static int by_id(const void *a, const void *b)
{
    uint32_t x = ((const candidate *)a)->hit.key.id;
    uint32_t y = ((const candidate *)b)->hit.key.id;
    return (x > y) - (x < y);
}

static int by_key(const void *a, const void *b)
{
    const dgmi_key *x = &((const candidate *)a)->hit.key,
                   *y = &((const candidate *)b)->hit.key;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return by_id(a, b);
}

static int by_story(const void *a, const void *b)
{
    uint64_t x = ((const candidate *)a)->story, y = ((const candidate *)b)->story;
    return x != y ? (x > y) - (x < y) : by_key(a, b);
}

/* ---- Filling ---- */

/* *value of the slot in the items of c[0..n), which ascend by id. */
typedef void (*put_fn)(const dgmi_matcher *m, candidate *c, dgmx_bytes value);

static dgm_status read_slot(const dgmi_matcher *m, candidate *c, size_t n, uint32_t slot,
                            put_fn put)
{
    dgmx_values *values = NULL;
    dgmx_bytes value = { NULL, 0 };
    dgmx_docid id = 0;
    dgm_status status = dgmx_values_of(m->index->db, slot, &values, m->err);
    for (size_t i = 0; i < n && status == DGM_OK; i++) {
        if (id < c[i].hit.key.id) {
            status = dgmx_values_skip_to(values, c[i].hit.key.id, m->err);
            if (status == DGM_OK)
                status = dgmx_values_next(values, &id, &value, m->err);
        }
        if (status == DGM_OK && id == c[i].hit.key.id)
            put(m, &c[i], value);
    }
    dgmx_values_free(values);
    return status == DGM_E_NOTFOUND ? DGM_OK : status; /* the last ones have no value */
}

static void put_age(const dgmi_matcher *m, candidate *c, dgmx_bytes value)
{
    int64_t published = DGM_NO_TIME;
    if (dgmi_schema_time_read(value.p, value.n, &published))
        c->hit.factor = dgmi_recency_factor(m->recency, published);
}

static void put_story(const dgmi_matcher *m, candidate *c, dgmx_bytes value)
{
    (void)m;
    (void)dgmi_schema_u64_read(value.p, value.n, &c->story);
}

static dgm_status add_hits(pool *p, dgmx_mset *mset)
{
    const dgmi_matcher *m = p->m;
    size_t size = dgmx_mset_size(mset);
    dgm_status status = DGM_OK;
    if (!dgmi_grow(&p->list, &p->capacity, p->kept + size, sizeof *p->list))
        return dgmi_fail_memory(m->err);
    for (p->n = p->kept; p->n < p->kept + size && status == DGM_OK; p->n++) {
        dgmx_hit hit;
        status = dgmx_mset_hit(mset, p->n - p->kept, &hit, m->err);
        p->list[p->n] = (candidate){ .hit = { .key = { .id = hit.id },
                                              .relevance = hit.weight,
                                              .factor = dgmi_recency_factor(
                                                  m->recency, DGM_NO_TIME) } };
    }
    candidate *fresh = p->list + p->kept;
    if (size > 0) /* else there may be no list */
        qsort(fresh, size, sizeof *fresh, by_id);
    if (status == DGM_OK)
        status = read_slot(m, fresh, size, DGMI_SLOT_PUBLISHED, put_age);
    if (status == DGM_OK && m->grouped)
        status = read_slot(m, fresh, size, DGMI_SLOT_STORY, put_story);
    for (size_t i = 0; i < size; i++)
        fresh[i].hit.key.score =
            dgmi_recency_score(fresh[i].hit.relevance, fresh[i].hit.factor);
    return status;
}

/* ---- Keeping ---- */

/* Of equal ids, or of one story's items, the best stays. */
static void drop_repeated(pool *p)
{
    size_t n = 0;
    qsort(p->list, p->n, sizeof *p->list, p->m->grouped ? by_story : by_id);
    for (size_t i = 0; i < p->n; i++) {
        bool same =
            n > 0 && (p->m->grouped ? p->list[i].story == p->list[n - 1].story
                                    : p->list[i].hit.key.id == p->list[n - 1].hit.key.id);
        if (!same)
            p->list[n++] = p->list[i];
    }
    p->n = n;
}

/* Those that are shown, in order, `want` of them at most. */
static dgm_status keep_best(pool *p, uint32_t want)
{
    dgm_status status = DGM_OK;
    p->kept = 0;
    if (p->n == 0) /* there may be no list */
        return DGM_OK;
    drop_repeated(p);
    qsort(p->list, p->n, sizeof *p->list, by_key);
    for (size_t i = 0; i < p->n && p->kept < want && status == DGM_OK; i++) {
        bool shown = true;
        if (p->m->grouped)
            status = dgmi_match_is_shown(p->m, p->list[i].hit.key.id, &shown);
        if (status == DGM_OK && shown)
            p->list[p->kept++] = p->list[i];
    }
    return status;
}

/* ---- The threshold ---- */

/* What could still come among the kept, of items that have at most `most` before age. */
static dgmi_clause *within_reach(const dgmi_matcher *m, dgmi_clause *clause, double least,
                                 double most)
{
    char from[6];
    int64_t since = dgmi_recency_since(m->recency, least / most);
    if (since == INT64_MIN)
        return clause;
    dgmi_schema_time(since, from);
    return dgmi_clause_pair(m->arena, DGMI_CLAUSE_FILTER, clause,
                            dgmi_clause_range(m->arena, DGMI_SLOT_PUBLISHED,
                                              (dgmi_str){ from, sizeof from },
                                              (dgmi_str){ NULL, 0 }));
}

/* One match. *last receives the least score of its hits, or less than 0 if these are all.
 */
static dgm_status match_once(pool *p, const dgmi_clause *clause, const dgmi_run *run,
                             uint32_t want, double *last)
{
    dgmx_mset *mset = NULL;
    dgmx_hit hit = { .weight = -1 };
    dgmi_matcher single = *p->m;
    single.grouped = false; /* the best by score need not be the best by age */
    dgm_status status = dgmi_match_run(&single, clause, run, &mset);
    size_t size = status == DGM_OK ? dgmx_mset_size(mset) : 0;
    if (status == DGM_OK && size == run->hits)
        status = dgmx_mset_hit(mset, size - 1, &hit, p->m->err);
    if (status == DGM_OK)
        status = add_hits(p, mset);
    dgmx_mset_free(mset);
    if (status == DGM_OK)
        status = keep_best(p, want);
    *last = hit.weight;
    return status;
}

/* What age leaves at least of the newest item's score, so of no other more. */
static double newest_factor(const dgmi_matcher *m)
{
    const dgmi_lore *lore = m->lore;
    int64_t newest =
        lore->n_months > 0 ? lore->months[lore->n_months - 1].to : DGM_NO_TIME;
    return dgmi_recency_factor(m->recency, newest);
}

/* Whether no hit that is still to come, with `last` before age and `most` behind it, gets
 * among the kept. Of equal scores Xapian gives lower ids first, as we do. */
static bool is_settled(const pool *p, uint32_t want, double most, double last)
{
    if (p->kept < want)
        return false;
    const dgmi_ranked *least = &p->list[want - 1].hit;
    return most < least->key.score ||
           (most == least->key.score && least->relevance == last);
}

static dgm_status find(pool *p, dgmi_clause *clause, uint32_t want, int64_t *total)
{
    const dgmi_matcher *m = p->m;
    uint32_t documents = (uint32_t)m->index->documents + 1, most = documents;
    if (!m->recency->whole && want + DGMI_RECENCY_HITS < documents)
        most = want + DGMI_RECENCY_HITS;
    dgmi_run run = { .scored = true, .order = DGMX_BY_RELEVANCE, .hits = FIRST };
    dgmi_clause *reach = clause;
    double newest = newest_factor(m);
    for (bool first = true;; first = false) {
        double last = -1;
        run.hits = run.hits < want ? want : run.hits;
        run.hits = run.hits > most ? most : run.hits;
        run.check_at_least = run.hits;
        dgm_status status = match_once(p, reach, &run, want, &last);
        if (status != DGM_OK || (m->partial && *m->partial))
            return status;
        double least = p->kept == want ? p->list[want - 1].hit.key.score : 0;
        if (first && last < 0 && !m->moved && !m->grouped)
            *total = (int64_t)p->n;
        if (last < 0 || is_settled(p, want, last * newest, last))
            return DGM_OK;
        m->recency->cut = m->recency->cut || run.hits == most;
        if (run.hits == most)
            return DGM_OK;
        reach = within_reach(m, clause, least, last);
        if (!reach)
            return dgmi_fail_memory(m->err);
        run.cutoff = least / newest * (1 - 1e-9);
        run.hits *= GROWTH;
    }
}

/* With all times in memory there is nothing to approach. */
static dgm_status find_in_memory(const dgmi_matcher *m, const dgmi_clause *clause,
                                 uint32_t want, dgmi_ranked *out, uint32_t *n,
                                 int64_t *total, bool *done)
{
    dgmi_hits hits = { NULL, 0, -1 };
    *done = false;
    dgm_status status =
        m->elsewhere ? DGM_OK : dgmi_resident_hits(m, clause, want, &hits, done);
    for (size_t i = 0; i < hits.n; i++) {
        int64_t published = m->resident->values.published[hits.list[i].id];
        out[i] =
            (dgmi_ranked){ .key = { .score = hits.list[i].rank, .id = hits.list[i].id },
                           .relevance = hits.list[i].score,
                           .factor = dgmi_recency_factor(m->recency, published) };
    }
    if (*done)
        *n = (uint32_t)hits.n;
    if (*done && hits.total >= 0 && !m->moved && !m->grouped)
        *total = hits.total;
    free(hits.list);
    return status;
}

dgm_status dgmi_match_recent(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                             dgmi_ranked *out, uint32_t *n, int64_t *total)
{
    pool p = { .m = m };
    bool done = false;
    dgm_status status = find_in_memory(m, clause, want, out, n, total, &done);
    if (status != DGM_OK || done)
        return status;
    status = find(&p, clause, want, total);
    for (size_t i = 0; i < p.kept && status == DGM_OK; i++)
        out[i] = p.list[i].hit;
    *n = status == DGM_OK ? (uint32_t)p.kept : 0;
    free(p.list);
    return status;
}
