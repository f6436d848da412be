/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running clauses: the hits of a page by relevance. Depends on lib/index, lib/xapian.
 *
 * A later page asks for all hits up to its end and takes those whose key is behind the
 * last one shown. Weights are those of the first page and their sums are exact
 * (planword.c), keys are a total order (cursor.h), and items that came later are left out
 * by their id: so no page repeats or skips an item that stayed as it was, whatever was
 * added in between. Only a new generation, in which every score may differ, breaks that;
 * then the page begins where as many hits lie before it as were shown. */
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "impact.h"

enum {
    SPARE = 16
}; /* hits asked for beyond the page where newer items may lie between */

static dgm_status set_up(dgmx_enquire *e, dgmx_query *query, const dgmi_run *run,
                         bool grouped, bool may_prune, dgm_error *err)
{
    dgmx_weight weight = { .kind = run->scored ? DGMX_WEIGHT_IMPACT : DGMX_WEIGHT_BOOL,
                           .max_wdf = DGMI_IMPACT_MAX };
    dgm_status status = dgmx_enquire_set_query(e, query, err);
    if (status == DGM_OK)
        status = dgmx_enquire_set_weight(e, &weight, err);
    if (status == DGM_OK)
        status =
            dgmx_enquire_set_order(e, run->order, DGMI_SLOT_ORDER, run->descending, err);
    if (status == DGM_OK && run->cutoff > 0 && may_prune)
        status = dgmx_enquire_set_cutoff(e, run->cutoff, err);
    if (status == DGM_OK && grouped && run->hits > 0)
        status = dgmx_enquire_set_collapse(e, DGMI_SLOT_STORY, 1, err);
    for (size_t i = 0; i < run->n_spies && status == DGM_OK; i++)
        status = run->spies[i] ? dgmx_enquire_add_spy(e, run->spies[i], err) : DGM_OK;
    return status;
}

/* The clause's query, guarded if it is dear enough. */
static dgm_status make_query(const dgmi_matcher *m, const dgmi_clause *clause,
                             bool scored, dgmx_query **out)
{
    if (dgmi_clause_cost(clause) < DGMI_GUARD_COST)
        return dgmi_clause_query(clause, scored, out, m->err);
    dgmx_query *plain = NULL;
    dgm_status status = dgmi_clause_query(clause, scored, &plain, m->err);
    if (status == DGM_OK)
        status = m->partial
                     ? dgmx_query_until(plain, m->deadline_us, m->partial, out, m->err)
                     : dgmx_query_deadline(plain, m->deadline_us, out, m->err);
    dgmx_query_free(plain);
    return status;
}

/* Once Xapian has as many hits as are wanted, it passes over what cannot get among them,
 * and 1.4.22 then gives some hits of a union less than their weight. So it prunes only
 * where there is none. What it looks at whole, it counts by the way. */
static bool looks_at_all(const dgmi_clause *clause, bool scored)
{
    bool one = clause->kind == DGMI_CLAUSE_TERM;
    bool several = clause->kind == DGMI_CLAUSE_AND || clause->kind == DGMI_CLAUSE_MAX;
    return scored && !one && !(several && dgmi_clause_is_flat(clause));
}

dgm_status dgmi_match_run(const dgmi_matcher *m, const dgmi_clause *clause,
                          const dgmi_run *run, dgmx_mset **out)
{
    dgmx_query *query = NULL;
    dgmx_enquire *enquire = NULL;
    bool all = looks_at_all(clause, run->scored);
    uint32_t look_at_least = all ? UINT32_MAX / 2 : run->check_at_least;
    *out = NULL;
    if (!m->partial && dgmi_now_us() > m->deadline_us)
        return dgmi_fail(m->err, DGM_E_TIMEOUT, "the time limit of the search passed");
    dgm_status status = make_query(m, clause, run->scored, &query);
    if (status == DGM_OK)
        status = dgmx_enquire_new(m->index->db, &enquire, m->err);
    if (status == DGM_OK)
        status = set_up(enquire, query, run, m->grouped, !all, m->err);
    if (status == DGM_OK)
        status = dgmx_enquire_match(enquire, 0, run->hits, look_at_least, out, m->err);
    dgmx_enquire_free(enquire);
    dgmx_query_free(query);
    return status;
}

/* ---- Keys ---- */

dgm_status dgmi_match_order(const dgmi_matcher *m, dgmx_docid id,
                            char out[DGMI_ORDER_SIZE])
{
    dgmx_doc *doc = NULL;
    dgmx_bytes value;
    dgm_status status = dgmx_doc_get(m->index->db, id, &doc, m->err);
    if (status == DGM_OK)
        status = dgmx_doc_value(doc, DGMI_SLOT_ORDER, &value, m->err);
    if (status == DGM_OK && value.n != DGMI_ORDER_SIZE)
        status = dgmi_fail(m->err, DGM_E_CORRUPT,
                           "an item has no place in the order; "
                           "run: dragoman reindex");
    if (status == DGM_OK)
        memcpy(out, value.p, DGMI_ORDER_SIZE);
    dgmx_doc_free(doc);
    return status;
}

/* Whether a hit with this key comes behind m->after. */
static bool is_behind(const dgmi_matcher *m, const dgmi_run *run, const dgmi_key *key)
{
    if (run->scored && key->score != m->after->score)
        return key->score < m->after->score;
    if (run->scored)
        return key->id > m->after->id;
    int order = memcmp(key->order, m->after->order, DGMI_ORDER_SIZE);
    return run->descending ? order < 0 : order > 0;
}

static bool is_newer(const dgmi_matcher *m, const dgmi_key *key)
{
    return m->moved && !m->rebuilt && key->id > m->last_id;
}

static dgm_status read_hit(const dgmi_matcher *m, const dgmi_run *run, dgmi_best hit,
                           dgmi_ranked *out)
{
    *out = (dgmi_ranked){ .key = { .score = hit.rank, .id = hit.id },
                          .relevance = hit.score,
                          .factor = 1 };
    return m->after && !run->scored ? dgmi_match_order(m, hit.id, out->key.order)
                                    : DGM_OK;
}

/* The first hit behind m->after, by halves: hits are in the order of keys. */
static dgm_status find_begin(const dgmi_matcher *m, const dgmi_run *run,
                             const dgmi_hits *hits, size_t *begin)
{
    size_t low = 0, high = hits->n;
    while (low < high) {
        dgmi_ranked hit;
        size_t middle = low + (high - low) / 2;
        dgm_status status = read_hit(m, run, hits->list[middle], &hit);
        if (status != DGM_OK)
            return status;
        if (is_behind(m, run, &hit.key))
            high = middle;
        else
            low = middle + 1;
    }
    *begin = low;
    return DGM_OK;
}

/* Which member stands for a story depends on all matches, so a grouped page is always
 * walked to from the front, past hits that were shown. */
static dgm_status take_stories(const dgmi_matcher *m, const dgmi_run *run,
                               const dgmi_hits *hits, uint32_t want, dgmi_ranked *out,
                               uint32_t *n)
{
    bool by_number = m->after && m->rebuilt && run->scored;
    dgm_status status = DGM_OK;
    uint32_t before = 0;
    *n = 0;
    for (size_t i = 0; status == DGM_OK && i < hits->n && *n < want; i++) {
        bool shown = true;
        status = read_hit(m, run, hits->list[i], &out[*n]);
        if (status == DGM_OK)
            status = dgmi_match_is_shown(m, out[*n].key.id, &shown);
        if (status != DGM_OK || !shown)
            continue;
        if (by_number ? before++ >= m->shown
                      : !m->after || is_behind(m, run, &out[*n].key))
            ++*n;
    }
    return status;
}

static dgm_status take(const dgmi_matcher *m, const dgmi_run *run, const dgmi_hits *hits,
                       uint32_t want, dgmi_ranked *out, uint32_t *n)
{
    if (m->grouped)
        return take_stories(m, run, hits, want, out, n);
    size_t i = 0;
    dgm_status status = DGM_OK;
    if (m->after && m->rebuilt && run->scored)
        i = m->shown;
    else if (m->after)
        status = find_begin(m, run, hits, &i);
    *n = 0;
    for (; status == DGM_OK && i < hits->n && *n < want; i++) {
        status = read_hit(m, run, hits->list[i], &out[*n]);
        if (status == DGM_OK && !is_newer(m, &out[*n].key))
            ++*n;
    }
    return status;
}

/* ---- Hits ---- */

static dgm_status copy_hits(const dgmi_matcher *m, dgmx_mset *mset, dgmi_hits *out)
{
    size_t size = dgmx_mset_size(mset);
    dgm_status status = DGM_OK;
    out->list = calloc(size + 1, sizeof *out->list);
    if (!out->list)
        return dgmi_fail_memory(m->err);
    for (; out->n < size && status == DGM_OK; out->n++) {
        dgmx_hit hit = { .id = 0 };
        status = dgmx_mset_hit(mset, out->n, &hit, m->err);
        out->list[out->n] = (dgmi_best){ hit.id, hit.weight, hit.weight };
    }
    return status;
}

static dgm_status find_with_xapian(const dgmi_matcher *m, const dgmi_clause *clause,
                                   dgmi_run run, dgmi_hits *out)
{
    dgmx_mset *mset = NULL;
    uint32_t low, estimate, high;
    bool all = !m->grouped && looks_at_all(clause, run.scored);
    *out = (dgmi_hits){ NULL, 0, -1 };
    run.check_at_least = run.hits;
    dgm_status status = dgmi_match_run(m, clause, &run, &mset);
    if (status == DGM_OK)
        status = copy_hits(m, mset, out);
    if (status == DGM_OK && all)
        status = dgmx_mset_matches(mset, &low, &estimate, &high, m->err);
    if (status == DGM_OK && all && low == high)
        out->total = low;
    dgmx_mset_free(mset);
    return status;
}

static dgm_status find_hits(const dgmi_matcher *m, const dgmi_clause *clause,
                            const dgmi_run *run, dgmi_hits *out)
{
    bool done = false;
    dgm_status status = DGM_OK;
    if (run->scored && run->order == DGMX_BY_RELEVANCE)
        status = dgmi_resident_hits(m, clause, run->hits, out, &done);
    return status == DGM_OK && !done ? find_with_xapian(m, clause, *run, out) : status;
}

dgm_status dgmi_match_collect(const dgmi_matcher *m, const dgmi_clause *clause,
                              dgmi_run run, uint32_t want, dgmi_ranked *out, uint32_t *n,
                              int64_t *total)
{
    run.hits += want + (m->moved ? SPARE : 0);
    for (;;) {
        dgmi_hits hits = { NULL, 0, -1 };
        dgm_status status = find_hits(m, clause, &run, &hits);
        if (status == DGM_OK)
            status = take(m, &run, &hits, want, out, n);
        free(hits.list);
        if (status != DGM_OK)
            return status;
        if (m->partial && *m->partial)
            return DGM_OK; /* more may match than was looked at */
        bool all = hits.n < run.hits;
        if (all || hits.total >= 0) {
            if (!m->moved && !m->grouped)
                *total = all ? (int64_t)hits.n : hits.total;
        }
        if (all || *n == want)
            return DGM_OK;
        run.hits *= 2; /* newer items, or changed ones, took places before the page */
    }
}

dgmi_clause *dgmi_match_settled(const dgmi_matcher *m, dgmi_clause *clause)
{
    char last[8];
    if (!m->moved || m->watermark == 0)
        return clause;
    dgmi_schema_u64(m->watermark - 1, last);
    return dgmi_clause_pair(m->arena, DGMI_CLAUSE_FILTER, clause,
                            dgmi_clause_range(m->arena, DGMI_SLOT_FIRST_SEEN,
                                              (dgmi_str){ NULL, 0 },
                                              (dgmi_str){ last, 8 }));
}

dgm_status dgmi_match_page(const dgmi_matcher *m, dgmi_clause *clause, uint32_t want,
                           dgmi_ranked *out, uint32_t *n, int64_t *total)
{
    *n = 0;
    bool recent = m->recency && m->sort == DGMI_BY_RELEVANCE && clause->scored;
    if (m->rebuilt || m->grouped ||
        recent) /* newer members must not stand for their story */
        clause = dgmi_match_settled(m, clause);
    if (!clause)
        return dgmi_fail_memory(m->err);
    if (clause->kind == DGMI_CLAUSE_NONE) {
        *total = 0;
        return DGM_OK;
    }
    if (m->sort != DGMI_BY_RELEVANCE || !clause->scored)
        return dgmi_match_by_time(m, clause, want, out, n, total);
    if (recent)
        return dgmi_match_recent(m, clause, want, out, n, total);
    dgmi_run run = { .scored = true, .order = DGMX_BY_RELEVANCE, .hits = m->shown };
    return dgmi_match_collect(m, clause, run, want, out, n, total);
}
