/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search from request to page. Depends on lib/index, lib/text, lib/xapian. */
#include "search.h"

#include <string.h>

#include "blur.h"
#include "cite.h"
#include "clock.h"
#include "correct.h"
#include "fail.h"
#include "frontpage.h"
#include "related.h"
#include "utf8.h"

enum { PAGE_MAX = 256 << 20 };

/* The time that a search may take. */
typedef struct timespan {
    uint64_t begin_us, us;
} timespan;

/* What the caller holds is the first member, so the page frees itself. */
typedef struct page {
    dgm_page page;
    dgmi_arena *arena;
    dgmi_found found;
    bool cut;
} page;

void dgmi_page_cut(dgm_page *p)
{
    ((page *)(void *)p)->cut = true;
}

bool dgm_page_is_cut(const dgm_page *p)
{
    return p && ((const page *)(const void *)p)->cut;
}

const dgmi_found *dgmi_page_found(const dgm_page *p)
{
    return &((const page *)(const void *)p)->found;
}

void dgm_page_free(dgm_page *p)
{
    if (p)
        dgmi_arena_free(((page *)(void *)p)->arena);
}

/* ---- The page ---- */

/* Matches of one phase, behind those found so far. Stops one hit past the page. */
static dgm_status find(dgmi_search *s, dgmi_clause *clause, bool relaxed, int64_t *total)
{
    uint32_t n = 0, before = s->n_found;
    uint32_t want = s->size + 1 - before;
    bool goes_on = s->resumed && s->cursor.relaxed == relaxed;
    dgm_status status;
    s->matcher.elsewhere = s->request->group && relaxed ? s->plan.strict : NULL;
    bool from_front = goes_on || s->refinement.n > 0 || s->matcher.recency;
    if (clause->scored && from_front && s->request->sort == DGMI_BY_RELEVANCE) {
        status = dgmi_find_from_front(s, clause, relaxed, want, &n, total);
    } else {
        s->matcher.after = goes_on ? &s->cursor.last : NULL;
        s->matcher.shown = goes_on ? s->cursor.shown : 0;
        status = dgmi_match_page(&s->matcher, clause, want, s->found + before, &n, total);
    }
    for (uint32_t i = 0; i < n; i++)
        s->found[before + i].relaxed = relaxed;
    s->n_found += n;
    return status;
}

/* Only a page is filled so; a watchlist is told what matches. */
static bool may_blur(const dgmi_search *s)
{
    return s->n_found == 0 && !s->partial && !s->unready && !s->request->scan &&
           !s->request->among;
}

/* Where `all` finds less than a page in total, the page is filled, and later pages go on,
 * with what `most` finds beyond; where nothing is found, with words that are near. */
static dgm_status find_all(dgmi_search *s, int64_t *total)
{
    int64_t unused;
    bool short_page, blurred = false;
    dgm_status status = s->cursor.relaxed ? dgmi_blur(s, &blurred) : DGM_OK;
    s->matcher.partial = dgmi_search_is_whole(s) ? NULL : &s->partial;
    s->found = dgmi_arena_array(s->scratch, s->size + 1, sizeof *s->found);
    if (!s->found)
        return dgmi_fail_memory(s->err);
    if (status == DGM_OK && !s->cursor.relaxed)
        status = find(s, s->plan.strict, false, total);
    short_page = !s->resumed && s->n_found < s->size && !s->partial && !s->unready;
    if (status == DGM_OK && s->plan.relaxed && !s->request->scan &&
        (short_page || s->cursor.relaxed))
        status = find(s, s->plan.relaxed, true, &unused);
    if (status == DGM_OK && short_page && may_blur(s))
        status = dgmi_blur(s, &blurred);
    if (status == DGM_OK && blurred && !s->cursor.relaxed)
        status = find(s, s->plan.relaxed, true, &unused);
    s->matcher.partial = NULL; /* counts are exact or left out */
    s->partial = s->partial || s->unready;
    if (s->partial)
        dgmi_warn(&s->notes,
                  "the time limit passed: these are the best of the items that "
                  "were looked at until then, and there is no next page");
    if (blurred && s->n_found > 0)
        dgmi_warn(&s->notes, "nothing matches as it is written; the hits have words that "
                             "are near");
    return status;
}

/* Hits without counts are better than neither: what is known goes out as a lower bound.
 */
static void do_without_counts(dgmi_search *s, int64_t known, dgmi_counts *counts)
{
    uint64_t seen = s->cursor.relaxed ? 0 : s->matcher.shown;
    for (uint32_t i = 0; i < s->n_found; i++)
        seen += !s->found[i].relaxed;
    dgmi_error_clear(s->err);
    dgmi_warn(
        &s->notes, "counting all matches took too long; the total is a lower bound%s",
        s->request->facets || s->request->histogram >= 0 ? ", facets are left out" : "");
    *counts = (dgmi_counts){ .total = known >= 0 ? (uint64_t)known : seen,
                             .items = known >= 0 ? s->cursor.items : seen };
    s->cursor.inexact = s->cursor.inexact || known < 0 || s->unready;
}

/* The total of a later page is that of the first, unless everything is counted anew for
 * facets. */
static dgm_status count(dgmi_search *s, int64_t total, dgm_page *out)
{
    dgmi_counts counts;
    const dgmi_clause *strict = s->plan.strict;
    if (strict->kind == DGMI_CLAUSE_TERM && !s->matcher.moved && !s->request->group)
        total = strict->most; /* a term's frequency is the number of its items */
    int64_t known = s->resumed ? (int64_t)s->cursor.total : total;
    counts.items = s->cursor.items;
    dgm_status status = s->partial ? DGM_E_TIMEOUT
                                   : dgmi_count(&s->matcher, s->plan.strict, s->request,
                                                known, s->arena, &counts);
    if (status == DGM_E_TIMEOUT) {
        do_without_counts(s, known, &counts);
        dgmi_page_cut(out);
    } else if (status != DGM_OK) {
        return status;
    }
    out->total = counts.total;
    out->total_exact = !s->cursor.inexact;
    out->grouped = s->request->group;
    out->items = s->request->group ? counts.items : counts.total;
    out->stories = s->request->group ? counts.total : 0;
    out->facets = counts.facets;
    out->n_facets = counts.n_facets;
    out->histogram = counts.buckets;
    out->n_buckets = counts.n_buckets;
    out->has_histogram = s->request->histogram >= 0 && status == DGM_OK;
    return DGM_OK;
}

/* How many of the page's hits are of the phase that its last one is of. */
static uint32_t count_phase(const dgmi_search *s)
{
    uint32_t n = 0;
    bool relaxed = s->found[s->size - 1].relaxed;
    for (uint32_t i = 0; i < s->size; i++)
        n += s->found[i].relaxed == relaxed;
    return n;
}

/* An item that changes between two pages of a moment becomes the other of two documents:
 * what is behind the second of them is behind both. */
static dgmi_key behind_item(const dgmi_cursor *c, dgmi_key key)
{
    if (c->place > 0)
        key.id += key.id % 2;
    return key;
}

dgmi_cursor dgmi_cursor_behind(const dgmi_cursor *of, const dgmi_ranked *last,
                               uint32_t shown)
{
    dgmi_cursor next = *of;
    next.relaxed = last->relaxed;
    next.shown = shown;
    next.last = behind_item(of, last->key);
    next.head = behind_item(of, of->head);
    next.in_head = last->head;
    return next;
}

static dgm_status write_next(dgmi_search *s, dgm_page *out)
{
    dgmi_buf text;
    if (s->n_found <= s->size || s->partial)
        return DGM_OK;
    const dgmi_ranked *last = &s->found[s->size - 1];
    bool same_phase = s->resumed && s->cursor.relaxed == last->relaxed;
    uint32_t before = same_phase ? s->cursor.shown : 0;
    dgmi_cursor next = dgmi_cursor_behind(&s->cursor, last, before + count_phase(s));
    dgm_status status = DGM_OK;
    if (s->request->sort != DGMI_BY_RELEVANCE || last->key.score == 0)
        status = dgmi_match_order(&s->matcher, last->key.id, next.last.order);
    if (status != DGM_OK)
        return status;
    next.total = out->total;
    next.items = out->items;
    dgmi_buf_init(&text, 0);
    dgmi_cursor_write(&text, &next);
    out->next = text.failed ? NULL : dgmi_arena_str(s->arena, dgmi_buf_str(&text));
    dgmi_buf_clear(&text);
    return out->next ? DGM_OK : dgmi_fail_memory(s->err);
}

/* For scan.c: what was found, without looking into it. */
static dgm_status keep_found(dgmi_search *s, dgm_page *out)
{
    dgmi_found *found = &((page *)(void *)out)->found;
    const dgmi_pins *pins = &s->cursor.pins;
    found->n = s->n_found < s->size ? s->n_found : s->size;
    found->list = dgmi_arena_copy(s->arena, s->found, found->n * sizeof *s->found);
    found->generation = s->desk->index->generation;
    found->cursor = s->cursor;
    found->cursor.total = out->total;
    found->cursor.pins.list =
        dgmi_arena_copy(s->arena, pins->list, pins->n * sizeof *pins->list);
    bool whole = (found->list || !found->n) && (found->cursor.pins.list || !pins->n);
    return whole ? DGM_OK : dgmi_fail_memory(s->err);
}

/* What has to be done by when, in hundredths of the time limit: hits without counts are
 * better than neither, and hits among the items that were read back better than all items
 * and no hits. A scan is to be whole. */
enum { READY_BY = 40, FIND_BY = 70, COUNT_BY = 90, FILL_BY = 92, DONE_BY = 100 };

static uint64_t share(const dgmi_search *s, const timespan *limit, unsigned part)
{
    part = dgmi_search_is_whole(s) ? DONE_BY : part;
    return limit->begin_us + limit->us / 100 * part;
}

static void allow(dgmi_search *s, const timespan *limit, unsigned part)
{
    s->matcher.deadline_us = share(s, limit, part);
}

static dgm_status search_index(dgmi_search *s, const timespan *limit, dgm_page *out)
{
    int64_t total = -1;
    s->ready_by_us = share(s, limit, READY_BY);
    dgm_status status = dgmi_search_prepare(s, share(s, limit, DONE_BY));
    allow(s, limit, FIND_BY);
    if (status == DGM_OK)
        status = find_all(s, &total);
    allow(s, limit, COUNT_BY);
    if (s->recency.cut)
        dgmi_warn(&s->notes,
                  "too many items match to weigh the age of all; some that would "
                  "come here may be missing");
    if (status == DGM_OK)
        status = count(s, total, out);
    allow(s, limit, FILL_BY); /* what is under way then takes the rest */
    if (status == DGM_OK)
        status = s->request->scan ? keep_found(s, out) : dgmi_hits_fill(s, out);
    if (status == DGM_OK && s->request->cite)
        status = dgmi_cite_page(s, out);
    if (status == DGM_OK && s->request->related)
        status = dgmi_related(s, out);
    if (status == DGM_OK && !s->request->scan && !s->request->among)
        dgmi_correct(s, out);
    if (status == DGM_OK)
        dgmi_silence_note(s, out);
    return status == DGM_OK ? write_next(s, out) : status;
}

/* An archive without an index has no items, and no cursor was ever given out for it. */
static dgm_status search_nothing(dgmi_search *s, dgm_page *out)
{
    if (s->request->cursor)
        return dgmi_fail(s->err, DGM_E_ARG, "cursor: not one that was given out here");
    if (s->request->similar)
        return dgmi_fail(s->err, DGM_E_NOTFOUND, "there is no item \"%.120s\"",
                         s->request->similar);
    dgmi_counts none = { .total = 0 };
    dgm_facet *facets = dgmi_arena_array(s->arena, DGMI_FACETS, sizeof *facets);
    for (int i = 0; facets && i < DGMI_FACETS; i++) {
        if (s->request->facets & 1u << i)
            facets[none.n_facets++] = (dgm_facet){ .field = dgmi_facet_names[i] };
    }
    out->facets = facets;
    out->n_facets = none.n_facets;
    out->total_exact = true;
    out->grouped = s->request->group;
    out->has_histogram = s->request->histogram >= 0;
    s->cursor.now = DGM_NO_TIME;
    if (!facets)
        return dgmi_fail_memory(s->err);
    return s->request->cite ? dgmi_cite_page(s, out) : DGM_OK;
}

/* ---- Attempts ---- */

/* *unready: what the moment of as_of lacks is at fault if it ends in TIMEOUT. */
static dgm_status attempt(dgm *desk, const dgm_request *request, const dgmi_query *query,
                          const timespan *limit, dgm_page **out, bool *unready,
                          dgm_error *err)
{
    dgmi_search s = { .desk = desk, .request = request, .query = query, .err = err };
    dgm_status status = dgmi_index_refresh(desk->index, NULL, err);
    if (status != DGM_OK)
        return status;
    s.size = request->window > 0 ? request->window : request->limit;
    s.arena = dgmi_arena_new(PAGE_MAX);
    s.scratch = dgmi_arena_new(DGMI_SCRATCH_BYTES);
    page *made = s.arena ? dgmi_arena_alloc(s.arena, sizeof *made) : NULL;
    if (!made || !s.scratch) {
        status = dgmi_fail_memory(err);
        goto out;
    }
    made->arena = s.arena;
    s.notes.arena = s.arena;
    for (uint32_t i = 0; i < query->n_warnings; i++)
        dgmi_warn(&s.notes, "%s", query->warnings[i]);
    status = desk->index->db ? search_index(&s, limit, &made->page)
                             : search_nothing(&s, &made->page);
    if (status == DGM_OK)
        status = dgmi_search_describe(&s, &made->page);
    if (status == DGM_OK)
        status = dgmi_tell_synonyms(&s, &made->page);
    if (status == DGM_OK) {
        *out = &made->page;
        s.arena = NULL;
    }
    *unready = s.unready;
out:
    dgmi_arena_free(s.arena);
    dgmi_arena_free(s.scratch);
    return status;
}

static dgm_status attempts(dgm *desk, const dgm_request *request, const dgmi_query *query,
                           const timespan *limit, dgm_page **out, dgm_error *err)
{
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    bool unready = false;
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = attempt(desk, request, query, limit, out, &unready, &inner);
    }
    if (status == DGM_E_TIMEOUT && !unready)
        return dgmi_fail(err, status, "the time limit of the search passed");
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}

dgm_status dgm_search(dgm *desk, const dgm_request *request, dgm_page **out,
                      dgm_error *err)
{
    uint64_t begin = dgmi_now_us();
    dgmi_query *query = NULL;
    if (!desk || !request || !out)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, a request and a place for the page are needed");
    *out = NULL;
    unsigned ms = request->deadline_ms > 0 ? request->deadline_ms : DGMI_DEADLINE_MS;
    const timespan limit = { begin, ms * 1000ull };
    dgm_status status = dgmi_query_parse(request->q, request->literal, &query, err);
    if (status == DGM_OK)
        status = attempts(desk, request, query, &limit, out, err);
    if (*out)
        (*out)->took_ms = (double)(dgmi_now_us() - begin) / 1000.0;
    dgmi_query_free(query);
    return status;
}
