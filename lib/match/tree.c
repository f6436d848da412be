/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evaluating one window. Bits say what matches; scores are read only where a bit is set,
 * so that they need no clearing. A mask holds the documents that still matter: what lies
 * outside it may be left out. Depends on lib/base. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

enum {
    NO_WINDOW = UINT32_MAX,
    PROBE_COST = 8 /* looking one document up costs so many postings read in order */
};

/* The documents whose bits are set, one after another. */
typedef struct walk {
    const uint64_t *bits;
    uint64_t left; /* of the word that it is in */
    unsigned word;
} walk;

static inline walk begin(const uint64_t *bits)
{
    return (walk){ bits, bits[0], 0 };
}

static inline bool next(walk *w, unsigned *at)
{
    while (!w->left) {
        if (++w->word == DGMI_WINDOW_WORDS)
            return false;
        w->left = w->bits[w->word];
    }
    *at = w->word * 64 + (unsigned)__builtin_ctzll(w->left);
    w->left &= w->left - 1;
    return true;
}

void dgmi_tree_room_clear(dgmi_tree_room *room)
{
    free(room->scores);
    *room = (dgmi_tree_room){ NULL, 0 };
}

/* ---- Preparing ---- */

/* A node that has the scores of its first child, unchanged. */
static bool borrows(const dgmi_tree_node *node)
{
    return node->kind == DGMI_TREE_FILTER || node->kind == DGMI_TREE_WITHOUT;
}

static void put_in_order(dgmi_tree_node *node)
{
    bool any = node->kind == DGMI_TREE_AND || node->kind == DGMI_TREE_FILTER;
    for (uint32_t i = 0; i < node->n; i++) {
        uint32_t at = i;
        for (; any && at > 0 &&
               node->children[node->order[at - 1]]->most > node->children[i]->most;
             at--)
            node->order[at] = node->order[at - 1];
        node->order[at] = i;
    }
}

bool dgmi_tree_prepare(dgmi_tree_node *const *nodes, size_t n, dgmi_tree_room *room)
{
    size_t needed = 0;
    for (size_t i = 0; i < n; i++)
        needed += nodes[i]->scored && !borrows(nodes[i]);
    if (needed > room->capacity) {
        dgmi_tree_room_clear(room);
        room->scores = malloc(needed * DGMI_WINDOW * sizeof *room->scores);
        room->capacity = room->scores ? needed : 0;
    }
    if (needed > room->capacity)
        return false;
    double *next = room->scores;
    for (size_t i = 0; i < n; i++) {
        dgmi_tree_node *node = nodes[i];
        node->window = NO_WINDOW;
        put_in_order(node);
        if (node->scored && borrows(node)) {
            node->score = node->children[0]->score;
        } else if (node->scored) {
            node->score = next;
            next += DGMI_WINDOW;
        }
    }
    return true;
}

/* ---- Bits ---- */

static bool is_empty(const uint64_t *bits)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < DGMI_WINDOW_WORDS; i++)
        all |= bits[i];
    return all == 0;
}

static unsigned count(const uint64_t *bits)
{
    unsigned n = 0;
    for (unsigned i = 0; i < DGMI_WINDOW_WORDS; i++)
        n += (unsigned)__builtin_popcountll(bits[i]);
    return n;
}

static void set(uint64_t *bits, unsigned at)
{
    bits[at / 64] |= 1ull << (at % 64);
}

static bool has(const uint64_t *bits, unsigned at)
{
    return bits[at / 64] >> (at % 64) & 1;
}

static void keep(uint64_t *bits, const uint64_t *mask)
{
    for (unsigned i = 0; mask && i < DGMI_WINDOW_WORDS; i++)
        bits[i] &= mask[i];
}

static void drop(uint64_t *bits, const uint64_t *mask)
{
    for (unsigned i = 0; i < DGMI_WINDOW_WORDS; i++)
        bits[i] &= ~mask[i];
}

/* ---- Terms ---- */

/* The postings of one window. */
typedef struct run {
    const uint16_t *offset;
    const uint8_t *impact;
    uint32_t n;
} run;

static run run_of(const dgmi_tree_node *term, uint32_t window)
{
    const dgmi_plist *list = term->list;
    uint32_t from = window < list->windows ? list->begin[window] : list->n;
    uint32_t to = window < list->windows ? list->begin[window + 1] : list->n;
    return (run){ list->offset + from, list->impact + from, to - from };
}

/* Where the first posting at or behind `at` is, from `from` on. */
static uint32_t find(const run *r, uint32_t from, unsigned at)
{
    uint32_t to = r->n;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (r->offset[middle] < at)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Postings of the documents in the mask, at the front of what may hold a window's. */
static uint32_t probe(const run *r, const uint64_t *mask, uint16_t *offset,
                      uint8_t *impact)
{
    uint32_t from = 0, n = 0;
    unsigned at;
    for (walk w = begin(mask); next(&w, &at);) {
        from = find(r, from, at);
        if (from < r->n && r->offset[from] == at) {
            offset[n] = (uint16_t)at;
            impact[n++] = r->impact[from];
        }
    }
    return n;
}

static void add_up(dgmi_tree_node *into, const run *r, double weight)
{
    for (uint32_t i = 0; i < r->n; i++) {
        unsigned at = r->offset[i];
        into->score[at] += weight * r->impact[i];
        set(into->bits, at);
    }
}

static void take_greater(dgmi_tree_node *into, const run *r, double weight)
{
    for (uint32_t i = 0; i < r->n; i++) {
        unsigned at = r->offset[i];
        double score = weight * r->impact[i];
        into->score[at] = score > into->score[at] ? score : into->score[at];
        set(into->bits, at);
    }
}

static void put(dgmi_tree_node *into, const run *r, double weight)
{
    for (uint32_t i = 0; i < r->n; i++) {
        unsigned at = r->offset[i];
        if (into->scored)
            into->score[at] = weight * r->impact[i];
        set(into->bits, at);
    }
}

/* A term into a node: its own, or the OR or MAX above it, whose scores then are 0 where
 * nothing matched so far. */
static void enter(const dgmi_tree_node *term, uint32_t window, const uint64_t *mask,
                  dgmi_tree_node *into)
{
    uint16_t offset[DGMI_WINDOW];
    uint8_t impact[DGMI_WINDOW];
    run r = run_of(term, window);
    if (mask && r.n > PROBE_COST && count(mask) < r.n / PROBE_COST)
        r = (run){ offset, impact, probe(&r, mask, offset, impact) };
    if (!into->scored || into->kind == DGMI_TREE_TERM)
        put(into, &r, term->weight);
    else if (into->kind == DGMI_TREE_MAX)
        take_greater(into, &r, term->weight);
    else
        add_up(into, &r, term->weight);
}

/* ---- Joins ---- */

static void evaluate(dgmi_tree_node *node, uint32_t window, const uint64_t *mask);

static void merge(dgmi_tree_node *into, const dgmi_tree_node *child)
{
    bool greatest = into->kind == DGMI_TREE_MAX;
    unsigned at;
    for (walk w = begin(child->bits); into->scored && next(&w, &at);) {
        double score = child->score[at], *sum = &into->score[at];
        if (!greatest)
            *sum += score;
        else if (score > *sum)
            *sum = score;
    }
    for (unsigned i = 0; i < DGMI_WINDOW_WORDS; i++)
        into->bits[i] |= child->bits[i];
}

static void unite(dgmi_tree_node *node, uint32_t window, const uint64_t *mask)
{
    memset(node->bits, 0, sizeof node->bits);
    if (node->scored)
        memset(node->score, 0, DGMI_WINDOW * sizeof *node->score);
    for (uint32_t i = 0; i < node->n; i++) {
        dgmi_tree_node *child = node->children[i];
        if (child->kind == DGMI_TREE_TERM) {
            enter(child, window, mask, node);
        } else {
            evaluate(child, window, mask);
            merge(node, child);
        }
    }
    keep(node->bits, mask);
}

static void sum_up(dgmi_tree_node *node)
{
    dgmi_tree_node *const *c = node->children;
    unsigned at;
    for (walk w = begin(node->bits); next(&w, &at);) {
        double sum = 0;
        for (uint32_t i = 0; i < node->n; i++)
            sum += c[i]->score[at];
        node->score[at] = sum;
    }
}

/* Those that match few documents go first and leave little to look at for the rest. */
static void intersect(dgmi_tree_node *node, uint32_t window, const uint64_t *mask)
{
    for (uint32_t i = 0; i < node->n; i++) {
        dgmi_tree_node *child = node->children[node->order[i]];
        evaluate(child, window, i > 0 ? node->bits : mask);
        if (i == 0)
            memcpy(node->bits, child->bits, sizeof node->bits);
        keep(node->bits, i > 0 ? child->bits : mask);
        if (is_empty(node->bits))
            return;
    }
    if (node->scored && node->kind == DGMI_TREE_AND)
        sum_up(node);
}

static void subtract(dgmi_tree_node *node, uint32_t window, const uint64_t *mask)
{
    evaluate(node->children[0], window, mask);
    memcpy(node->bits, node->children[0]->bits, sizeof node->bits);
    for (uint32_t i = 1; i < node->n && !is_empty(node->bits); i++) {
        evaluate(node->children[i], window, node->bits);
        drop(node->bits, node->children[i]->bits);
    }
}

static void add_more(dgmi_tree_node *node, uint32_t window, const uint64_t *mask)
{
    unsigned at;
    evaluate(node->children[0], window, mask);
    memcpy(node->bits, node->children[0]->bits, sizeof node->bits);
    if (!node->scored || is_empty(node->bits))
        return;
    for (walk w = begin(node->bits); next(&w, &at);)
        node->score[at] = node->children[0]->score[at];
    for (uint32_t i = 1; i < node->n; i++) {
        const dgmi_tree_node *child = node->children[i];
        evaluate(node->children[i], window, node->bits);
        for (walk w = begin(node->bits); next(&w, &at);) {
            if (has(child->bits, at))
                node->score[at] += child->score[at];
        }
    }
}

static void evaluate(dgmi_tree_node *node, uint32_t window, const uint64_t *mask)
{
    if (node->shared && node->window == window)
        return;
    mask = node->shared ? NULL : mask;
    node->window = window;
    switch (node->kind) {
    case DGMI_TREE_TERM:
        memset(node->bits, 0, sizeof node->bits);
        enter(node, window, mask, node);
        return;
    case DGMI_TREE_OR:
    case DGMI_TREE_MAX:
        unite(node, window, mask);
        return;
    case DGMI_TREE_AND:
    case DGMI_TREE_FILTER:
        intersect(node, window, mask);
        return;
    case DGMI_TREE_MAYBE:
        add_more(node, window, mask);
        return;
    case DGMI_TREE_WITHOUT:
        subtract(node, window, mask);
        return;
    }
}

void dgmi_tree_evaluate(dgmi_tree_node *root, uint32_t window)
{
    evaluate(root, window, NULL);
}
