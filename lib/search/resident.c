/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From clauses to a tree over posting lists. Depends on lib/match. */
#include "resident.h"

#include <stdlib.h>

#include "buf.h"
#include "fail.h"
#include "match.h"
#include "sweep.h"

/* Costs are in postings read in order. */
enum {
    NODES = 512,   /* of a tree */
    TERMS = 16,    /* of a condition, from which on it is one list of its own */
    SHORT = 4096,  /* postings that are read without asking whether it pays */
    SKIP = 32,     /* finding the next document of a term */
    PLACES = 64,   /* comparing places in a document */
    VALUE = 8,     /* comparing a value of a document */
    CHECKS = 20000 /* documents that are compared to make a list, at most */
};

typedef struct builder {
    const dgmi_matcher *m;
    const dgmi_clause *of[NODES]; /* what the nodes were made of */
    dgmi_tree_node *nodes[NODES]; /* children before parents */
    size_t n;
    dgmi_plist_wish wishes[NODES];
    size_t wish_of[NODES]; /* the node of each */
    size_t n_wishes;
    uint32_t matches; /* of the whole, at most */
    dgmi_buf key;
    bool unfit, failed;
} builder;

void dgmi_resident_clear(dgmi_resident *r)
{
    dgmi_plists_free(r->lists);
    dgmi_tree_room_clear(&r->room);
    dgmi_docvalues_clear(&r->values);
    dgmi_groups_clear(&r->groups);
    r->lists = NULL;
}

static bool keeps(const dgmi_matcher *m)
{
    return m->resident && m->resident->budget > 0;
}

/* ---- The tree ---- */

static bool kind_of(const dgmi_clause *clause, dgmi_tree_kind *kind)
{
    switch (clause->kind) {
    case DGMI_CLAUSE_TERM:
    case DGMI_CLAUSE_RANGE:
        *kind = DGMI_TREE_TERM;
        return true;
    case DGMI_CLAUSE_PHRASE: /* key_of tells it by its terms */
        *kind = DGMI_TREE_TERM;
        return dgmi_clause_is_flat(clause);
    case DGMI_CLAUSE_AND:
        *kind = DGMI_TREE_AND;
        return true;
    case DGMI_CLAUSE_OR:
        *kind = DGMI_TREE_OR;
        return true;
    case DGMI_CLAUSE_MAX:
        *kind = DGMI_TREE_MAX;
        return true;
    case DGMI_CLAUSE_FILTER:
        *kind = DGMI_TREE_FILTER;
        return true;
    case DGMI_CLAUSE_MAYBE:
        *kind = DGMI_TREE_MAYBE;
        return true;
    case DGMI_CLAUSE_WITHOUT:
        *kind = DGMI_TREE_WITHOUT;
        return true;
    case DGMI_CLAUSE_NONE:
    case DGMI_CLAUSE_WITHIN:
        return false;
    }
    return false;
}

/* A date is a union of the terms of years, months and days, often hundreds: the same list
 * each time. */
static bool is_long_condition(const dgmi_clause *clause, bool scored)
{
    return !scored && clause->kind == DGMI_CLAUSE_OR && clause->n >= TERMS &&
           dgmi_clause_is_flat(clause);
}

static bool scores_child(dgmi_tree_kind kind, uint32_t i)
{
    return i == 0 || (kind != DGMI_TREE_FILTER && kind != DGMI_TREE_WITHOUT);
}

/* Without scores only the condition of an implied filter counts, and of MAYBE its first
 * child, as in dgmi_clause_query. */
static const dgmi_clause *plain(const dgmi_clause *clause, bool scored)
{
    for (;;) {
        if (!scored && clause->kind == DGMI_CLAUSE_FILTER && clause->implied)
            clause = clause->children[1];
        else if (!scored && clause->kind == DGMI_CLAUSE_MAYBE)
            clause = clause->children[0];
        else
            return clause;
    }
}

static dgmi_tree_node *find_made(const builder *b, const dgmi_clause *clause, bool scored)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->of[i] == clause && b->nodes[i]->scored == scored)
            return b->nodes[i];
    }
    return NULL;
}

/* ---- What lists are of ---- */

static void put_text(dgmi_buf *key, dgmi_str text)
{
    dgmi_buf_put_varint(key, text.n);
    dgmi_buf_put(key, text.p, text.n);
}

/* A letter for the kind, and all that tells one from another. */
static dgmi_str key_of(builder *b, const dgmi_clause *clause)
{
    dgmi_str none = { "", 0 };
    dgmi_buf_reset(&b->key);
    dgmi_buf_putc(&b->key, (char)('a' + (int)clause->kind));
    if (clause->kind == DGMI_CLAUSE_TERM)
        dgmi_buf_put(&b->key, clause->term.p, clause->term.n);
    for (uint32_t i = 0; i < clause->n; i++)
        put_text(&b->key, clause->children[i]->term);
    if (clause->kind == DGMI_CLAUSE_RANGE) {
        dgmi_buf_printf(&b->key, "%u%c%c", (unsigned)clause->slot,
                        clause->low.p ? '+' : '-', clause->high.p ? '+' : '-');
        put_text(&b->key, clause->low.p ? clause->low : none);
        put_text(&b->key, clause->high.p ? clause->high : none);
    }
    dgmi_str key = dgmi_buf_str(&b->key);
    key.p = b->key.failed ? NULL : dgmi_arena_copy(b->m->arena, key.p, key.n);
    b->failed = b->failed || !key.p;
    return key;
}

static uint32_t at_most(uint64_t n, uint32_t most)
{
    return n < most ? (uint32_t)n : most;
}

/* Without its list Xapian looks at each match of the whole, or at each document that the
 * list is of if those are fewer. */
static void wish_for(builder *b, const dgmi_clause *clause)
{
    uint32_t documents = b->m->index->documents;
    uint32_t most = at_most(clause->most, documents);
    uint32_t looks = at_most(b->matches, most), unit = 1;
    if (clause->kind == DGMI_CLAUSE_TERM || clause->kind == DGMI_CLAUSE_OR)
        looks = most <= SHORT ? most : at_most((uint64_t)looks * SKIP, most);
    else
        unit = clause->kind == DGMI_CLAUSE_PHRASE ? PLACES : VALUE;
    b->unfit = b->unfit || (unit == PLACES && most > CHECKS);
    b->wish_of[b->n_wishes] = b->n;
    b->wishes[b->n_wishes++] = (dgmi_plist_wish){
        .key = key_of(b, clause),
        .most = most,
        .cost = at_most((uint64_t)most * unit, UINT32_MAX),
        .worth = at_most((uint64_t)looks * unit, UINT32_MAX),
        .of = clause,
    };
}

static dgmi_tree_node *build(builder *b, const dgmi_clause *clause, bool scored);

static void add_children(builder *b, const dgmi_clause *clause, dgmi_tree_node *node)
{
    dgmi_arena *arena = b->m->arena;
    node->children = dgmi_arena_array(arena, clause->n + 1, sizeof(dgmi_tree_node *));
    node->order = dgmi_arena_array(arena, clause->n + 1, sizeof *node->order);
    b->failed = b->failed || !node->children || !node->order;
    for (uint32_t i = 0; i < clause->n && !b->failed && !b->unfit; i++)
        node->children[node->n++] =
            build(b, clause->children[i], node->scored && scores_child(node->kind, i));
}

static dgmi_tree_node *build(builder *b, const dgmi_clause *clause, bool scored)
{
    dgmi_tree_kind kind = DGMI_TREE_TERM;
    clause = plain(clause, scored);
    dgmi_tree_node *node = find_made(b, clause, scored);
    if (node) {
        node->shared = true;
        return node;
    }
    b->unfit = b->unfit || !kind_of(clause, &kind);
    kind = is_long_condition(clause, scored) ? DGMI_TREE_TERM : kind;
    node = b->unfit ? NULL : dgmi_arena_alloc(b->m->arena, sizeof *node);
    b->failed = b->failed || (!node && !b->unfit);
    if (!node)
        return NULL;
    node->kind = kind;
    node->scored = scored;
    node->most = clause->most;
    if (kind != DGMI_TREE_TERM)
        add_children(b, clause, node);
    b->unfit = b->unfit || b->n == NODES;
    if (b->unfit || b->failed)
        return NULL;
    node->weight = clause->weight;
    if (kind == DGMI_TREE_TERM)
        wish_for(b, clause);
    b->of[b->n] = clause;
    b->nodes[b->n++] = node;
    return node;
}

/* ---- Reading them ---- */

static dgm_status list_of(dgmx_mset *mset, uint32_t windows, dgmi_plist **out,
                          dgm_error *err)
{
    size_t n = dgmx_mset_size(mset);
    dgmx_docid *ids = calloc(n + 1, sizeof *ids);
    dgm_status status = DGM_OK;
    if (!ids)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < n && status == DGM_OK; i++) {
        dgmx_hit hit = { .id = 0 };
        status = dgmx_mset_hit(mset, i, &hit, err);
        ids[i] = hit.id;
    }
    if (status == DGM_OK) {
        *out = dgmi_plist_of_ids(ids, (uint32_t)n, windows);
        status = *out ? DGM_OK : dgmi_fail_memory(err);
    }
    free(ids);
    return status;
}

/* All that match a phrase, a range or a long condition, whole or not at all. */
static dgm_status read_matches(const dgmi_matcher *m, const dgmi_clause *clause,
                               uint32_t windows, dgmi_plist **out, dgm_error *err)
{
    dgmx_mset *mset = NULL;
    dgmi_matcher whole = *m;
    uint32_t all = windows * DGMI_WINDOW;
    dgmi_run run = { .order = DGMX_BY_DOCID, .hits = all, .check_at_least = all };
    whole.partial = NULL;
    whole.grouped = false;
    dgm_status status = dgmi_match_run(&whole, clause, &run, &mset);
    if (status == DGM_OK)
        status = list_of(mset, windows, out, err);
    dgmx_mset_free(mset);
    return status;
}

static dgm_status read_list(void *user, const dgmi_plist_wish *wish, uint32_t windows,
                            dgmi_plist **out, dgm_error *err)
{
    const dgmi_matcher *m = user;
    const dgmi_clause *clause = wish->of;
    if (clause->kind == DGMI_CLAUSE_TERM)
        return dgmi_plist_read(m->index->db, clause->term, clause->most, windows,
                               m->deadline_us, out, err);
    return read_matches(m, clause, windows, out, err);
}

/* ---- Running it ---- */

static dgm_status get_lists(builder *b, bool *all)
{
    const dgmi_matcher *m = b->m;
    dgm_status status = dgmi_plists_get(m->resident->lists, b->wishes, b->n_wishes,
                                        read_list, (void *)(uintptr_t)m, all, m->err);
    if (status == DGM_E_TIMEOUT && m->partial) { /* Xapian gives the best till then */
        dgmi_error_clear(m->err);
        *all = false;
        return DGM_OK;
    }
    for (size_t i = 0; status == DGM_OK && *all && i < b->n_wishes; i++)
        b->nodes[b->wish_of[i]]->list = b->wishes[i].list;
    return status;
}

static bool open_lists(const dgmi_matcher *m, dgmx_docid last_id)
{
    dgmi_resident *r = m->resident;
    if (!r->lists)
        r->lists = dgmi_plists_new(r->budget);
    return r->lists &&
           dgmi_plists_open(r->lists, m->index->generation, m->index->commit, last_id);
}

/* *root is NULL if the clause is nothing for lists in memory. */
static dgm_status make_tree(const dgmi_matcher *m, const dgmi_clause *clause, bool scored,
                            dgmi_tree_node **root, uint32_t *windows)
{
    dgmx_docid last_id = 0;
    bool all = false;
    *root = NULL;
    if (!keeps(m) || clause->kind == DGMI_CLAUSE_NONE)
        return DGM_OK;
    dgm_status status = dgmx_db_last_docid(m->index->db, &last_id, m->err);
    if (status != DGM_OK || !open_lists(m, last_id))
        return status;
    builder *b = dgmi_arena_alloc(m->arena, sizeof *b);
    if (!b)
        return dgmi_fail_memory(m->err);
    b->m = m;
    b->matches = clause->most;
    dgmi_buf_init(&b->key, 0);
    dgmi_tree_node *made = build(b, clause, scored);
    dgmi_buf_clear(&b->key);
    if (b->failed)
        return dgmi_fail_memory(m->err);
    if (b->unfit)
        return DGM_OK;
    status = get_lists(b, &all);
    if (status == DGM_OK && all && !dgmi_tree_prepare(b->nodes, b->n, &m->resident->room))
        return dgmi_fail_memory(m->err);
    *root = all ? made : NULL;
    *windows = dgmi_plist_windows(last_id);
    return status;
}

static dgm_status end_early(const dgmi_matcher *m)
{
    if (!m->partial)
        return dgmi_fail(m->err, DGM_E_TIMEOUT, "the time limit of the search passed");
    *m->partial = true;
    return DGM_OK;
}

static void remember(const dgmi_matcher *m, const dgmi_clause *clause,
                     const dgmi_sweep *sweep)
{
    if (m->matches && !m->matches->clause)
        *m->matches =
            (dgmi_matches){ clause, sweep->matches, sweep->windows, sweep->total };
}

static dgm_status sweep_all(const dgmi_matcher *m, const dgmi_clause *clause, bool scored,
                            dgmi_sweep *sweep, bool *done)
{
    dgmi_tree_node *root = NULL;
    *done = false;
    dgm_status status = make_tree(m, clause, scored, &root, &sweep->windows);
    if (status != DGM_OK || !root)
        return status;
    sweep->until_us = m->deadline_us;
    sweep->matches =
        dgmi_arena_array(m->arena, sweep->windows, sizeof(uint64_t[DGMI_WINDOW_WORDS]));
    if (!sweep->matches)
        return dgmi_fail_memory(m->err);
    dgmi_sweep_run(root, sweep);
    *done = true;
    if (sweep->cut)
        return end_early(m);
    remember(m, clause, sweep);
    return DGM_OK;
}

static double aged(const void *user, dgmx_docid id, double score)
{
    const dgmi_matcher *m = user;
    int64_t published = m->resident->values.published[id];
    return dgmi_recency_score(score, dgmi_recency_factor(m->recency, published));
}

/* What the matcher orders and groups by into the sweep; *have is false if that is not in
 * memory. */
static dgm_status set_order(const dgmi_matcher *m, const dgmi_clause *clause,
                            dgmi_sweep *sweep, bool *have)
{
    dgmi_resident *r = m->resident;
    *have = keeps(m);
    if (!*have || (!m->recency && !m->grouped))
        return DGM_OK;
    dgm_status status =
        dgmi_docvalues_get(&r->values, m->index, m->recency != NULL, m->grouped,
                           at_most(clause->most, m->index->documents), have, m->err);
    if (status != DGM_OK || !*have)
        return status;
    if (m->recency)
        sweep->rank = aged;
    if (!m->grouped)
        return DGM_OK;
    sweep->group = r->values.story;
    sweep->groups = &r->groups;
    return dgmi_groups_open(&r->groups, r->values.n_stories) ? DGM_OK
                                                             : dgmi_fail_memory(m->err);
}

dgm_status dgmi_resident_hits(const dgmi_matcher *m, const dgmi_clause *clause,
                              uint32_t want, dgmi_hits *out, bool *done)
{
    dgmi_sweep sweep = { .want = at_most(want, clause->most), .user = m };
    *out = (dgmi_hits){ NULL, 0, -1 };
    *done = false;
    dgm_status status = set_order(m, clause, &sweep, done);
    if (status != DGM_OK || !*done)
        return status;
    sweep.hits = calloc(sweep.want + 1, sizeof *sweep.hits);
    status =
        sweep.hits ? sweep_all(m, clause, true, &sweep, done) : dgmi_fail_memory(m->err);
    if (status != DGM_OK || !*done) {
        free(sweep.hits);
        return status;
    }
    *out = (dgmi_hits){ sweep.hits, sweep.n, sweep.cut ? -1 : (int64_t)sweep.total };
    return DGM_OK;
}

dgm_status dgmi_resident_matches(const dgmi_matcher *m, const dgmi_clause *clause,
                                 dgmi_matches *out, bool *done)
{
    dgmi_sweep sweep = { .want = 0 };
    *done = m->matches && m->matches->clause == clause;
    if (*done) {
        *out = *m->matches;
        return DGM_OK;
    }
    dgm_status status = sweep_all(m, clause, false, &sweep, done);
    *done = *done && !sweep.cut;
    *out = (dgmi_matches){ clause, sweep.matches, sweep.windows, sweep.total };
    return status;
}

dgm_status dgmi_resident_groups(const dgmi_matcher *m, const dgmx_docid *ids, size_t n,
                                uint32_t *groups, uint64_t *stories, bool *done)
{
    *done = false;
    if (!keeps(m))
        return DGM_OK;
    dgmi_docvalues *v = &m->resident->values;
    dgm_status status = dgmi_docvalues_get(v, m->index, false, true, n, done, m->err);
    if (status != DGM_OK || !*done)
        return status;
    uint8_t *items = calloc((size_t)v->n_stories + 1, 1); /* 2: several */
    if (!items)
        return dgmi_fail_memory(m->err);
    *stories = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t *count = &items[v->story[ids[i]]];
        *stories += *count == 0;
        *count = (uint8_t)(*count == 0 ? 1 : 2);
    }
    for (size_t i = 0; i < n; i++)
        groups[i] = items[v->story[ids[i]]] > 1 ? v->story[ids[i]] + 1 : 0;
    free(items);
    return DGM_OK;
}
