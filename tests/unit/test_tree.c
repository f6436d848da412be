/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/match: posting lists, trees over them against a plain reading document by
 * document, and the best of all matches. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clock.h"
#include "sweep.h"

enum { LAST = 3 * DGMI_WINDOW + 700, LISTS = 7, NODES = 24, ROUNDS = 400, WANT = 40 };

static uint64_t state = 88172645463325252u;

static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

/* ---- Lists ---- */

static void a_list_finds_each_id_in_its_window(void **unused)
{
    (void)unused;
    const dgmx_docid ids[] = { 1, 2047, 2048, 6143, 6144, 6800 };
    dgmi_plist *list = dgmi_plist_of_ids(ids, 6, dgmi_plist_windows(6800));
    const uint32_t begin[] = { 0, 2, 3, 4, 6 };
    assert_int_equal(list->windows, 4);
    assert_int_equal(list->n, 6);
    for (unsigned w = 0; w <= 4; w++)
        assert_int_equal(list->begin[w], begin[w]);
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(list->offset[i], ids[i] % DGMI_WINDOW);
    free(list);
}

static dgmi_plist *random_list(unsigned share)
{
    static dgmx_docid ids[LAST + 1];
    uint32_t n = 0;
    for (dgmx_docid id = 1; id <= LAST; id++) {
        if (below(share) == 0)
            ids[n++] = id;
    }
    dgmi_plist *list = dgmi_plist_of_ids(ids, n, dgmi_plist_windows(LAST));
    uint8_t *impact = (uint8_t *)(uintptr_t)list->impact;
    for (uint32_t i = 0; i < n; i++)
        impact[i] = (uint8_t)below(256);
    return list;
}

/* ---- A tree read document by document ---- */

static bool look_up(const dgmi_plist *list, dgmx_docid id, unsigned *impact)
{
    uint32_t w = id / DGMI_WINDOW;
    for (uint32_t i = list->begin[w]; i < list->begin[w + 1]; i++) {
        *impact = list->impact[i];
        if (list->offset[i] == id % DGMI_WINDOW)
            return true;
    }
    return false;
}

static bool matches(const dgmi_tree_node *node, dgmx_docid id, double *score)
{
    unsigned impact = 0;
    double of = 0, sum = 0, best = 0, first = 0;
    uint32_t n = 0;
    *score = 0;
    if (node->kind == DGMI_TREE_TERM) {
        bool has = look_up(node->list, id, &impact);
        *score = has ? node->weight * impact : 0;
        return has;
    }
    bool leading = false;
    for (uint32_t i = 0; i < node->n; i++) {
        bool has = matches(node->children[i], id, &of);
        n += has;
        sum += has ? of : 0;
        best = has && of > best ? of : best;
        first = i == 0 ? of : first;
        leading = leading || (i == 0 && has);
    }
    switch (node->kind) {
    case DGMI_TREE_AND:
        *score = sum;
        return n == node->n;
    case DGMI_TREE_OR:
        *score = sum;
        return n > 0;
    case DGMI_TREE_MAX:
        *score = best;
        return n > 0;
    case DGMI_TREE_FILTER:
        *score = first;
        return n == node->n;
    case DGMI_TREE_MAYBE:
        *score = sum;
        return leading;
    case DGMI_TREE_WITHOUT:
        *score = first;
        return leading && n == 1;
    case DGMI_TREE_TERM:
        break;
    }
    return false;
}

/* ---- Random trees ---- */

typedef struct forest {
    dgmi_plist *lists[LISTS];
    dgmi_tree_node nodes[NODES], *order[NODES], *children[NODES][4];
    uint32_t places[NODES][4];
    size_t n;
} forest;

static void make_node(forest *f, dgmi_tree_node *node)
{
    bool leaf = f->n < 4 || below(3) == 0;
    *node = (dgmi_tree_node){ .kind = DGMI_TREE_TERM, .scored = true };
    if (leaf) {
        node->list = f->lists[below(LISTS)];
        node->weight = below(4) / 8.0;
        node->most = node->list->n;
        return;
    }
    node->kind = (dgmi_tree_kind)(DGMI_TREE_AND + (int)below(6));
    node->n = 1 + below(4);
    node->children = f->children[f->n];
    node->order = f->places[f->n];
    node->most = below(LAST);
    for (uint32_t i = 0; i < node->n; i++)
        node->children[i] = &f->nodes[f->n - 1 - below(f->n < 8 ? (unsigned)f->n : 8)];
}

static void share(forest *f)
{
    unsigned parents[NODES] = { 0 };
    for (size_t i = 0; i < f->n; i++) {
        for (uint32_t k = 0; k < f->nodes[i].n; k++)
            f->nodes[i].children[k]->shared =
                parents[f->nodes[i].children[k] - f->nodes]++ > 0;
    }
}

static dgmi_tree_node *plant(forest *f)
{
    size_t n = 1 + below(NODES);
    for (f->n = 0; f->n < n; f->n++) {
        make_node(f, &f->nodes[f->n]);
        f->order[f->n] = &f->nodes[f->n];
    }
    share(f);
    return &f->nodes[n - 1];
}

/* What a document is ordered by in some sweeps: at most its score. */
static double halved(const void *user, dgmx_docid id, double score)
{
    return score / (1 + (id * *(const unsigned *)user) % 3);
}

typedef struct expected {
    dgmi_best best[LAST + 1]; /* in no order */
    uint32_t n;
    uint64_t total;
} expected;

static bool is_before(const dgmi_best *a, const dgmi_best *b)
{
    return a->rank > b->rank || (a->rank == b->rank && a->id < b->id);
}

static int by_rank(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : 1;
}

static void expect(const dgmi_tree_node *root, const dgmi_sweep *s, expected *out)
{
    static uint32_t place[LAST + 1];
    memset(place, 0, sizeof place);
    out->n = 0;
    out->total = 0;
    for (dgmx_docid id = 1; id <= LAST; id++) {
        dgmi_best one = { .id = id };
        bool has = matches(root, id, &one.score);
        assert_int_equal(s->matches[id / 64] >> (id % 64) & 1, has);
        if (!has)
            continue;
        out->total++;
        one.rank = s->rank ? s->rank(s->user, id, one.score) : one.score;
        uint32_t *at = &place[s->group ? s->group[id] : id];
        if (*at == 0)
            *at = ++out->n;
        else if (!is_before(&one, &out->best[*at - 1]))
            continue;
        out->best[*at - 1] = one;
    }
    qsort(out->best, out->n, sizeof *out->best, by_rank);
}

static void check_sweep(const dgmi_tree_node *root, const dgmi_sweep *s)
{
    static expected e;
    expect(root, s, &e);
    assert_int_equal(s->total, e.total);
    assert_int_equal(s->n, e.n < WANT ? e.n : WANT);
    for (uint32_t i = 0; i < s->n; i++) {
        assert_int_equal(s->hits[i].id, e.best[i].id);
        assert_true(s->hits[i].score == e.best[i].score);
        assert_true(s->hits[i].rank == e.best[i].rank);
    }
}

static void random_trees_match_what_each_document_says(void **unused)
{
    (void)unused;
    static forest f;
    static const unsigned shares[LISTS] = { 1, 2, 3, 10, 50, 500, 3000 };
    static uint64_t bits[(LAST / DGMI_WINDOW + 1) * DGMI_WINDOW_WORDS];
    static uint32_t group[LAST + 1];
    dgmi_tree_room room = { NULL, 0 };
    dgmi_groups groups = { NULL, NULL, 0 };
    dgmi_best hits[WANT];
    for (unsigned i = 0; i < LISTS; i++)
        f.lists[i] = random_list(shares[i]);
    for (dgmx_docid id = 0; id <= LAST; id++)
        group[id] = below(LAST / 2);
    for (unsigned round = 0; round < ROUNDS; round++) {
        dgmi_tree_node *root = plant(&f);
        dgmi_sweep s = { .windows = dgmi_plist_windows(LAST),
                         .want = WANT,
                         .until_us = UINT64_MAX,
                         .rank = round % 3 == 1 ? halved : NULL,
                         .user = &round,
                         .group = round % 4 == 1 ? group : NULL,
                         .groups = &groups,
                         .hits = hits,
                         .matches = bits };
        assert_true(dgmi_groups_open(&groups, LAST / 2));
        assert_true(dgmi_tree_prepare(f.order, f.n, &room));
        dgmi_sweep_run(root, &s);
        assert_false(s.cut);
        check_sweep(root, &s);
    }
    for (unsigned i = 0; i < LISTS; i++)
        free(f.lists[i]);
    dgmi_tree_room_clear(&room);
    dgmi_groups_clear(&groups);
}

static void a_sweep_ends_when_its_time_is_over(void **unused)
{
    (void)unused;
    static dgmi_tree_node term;
    dgmi_tree_node *order[] = { &term };
    dgmi_tree_room room = { NULL, 0 };
    dgmi_plist *list = random_list(2);
    term = (dgmi_tree_node){ .kind = DGMI_TREE_TERM, .list = list };
    assert_true(dgmi_tree_prepare(order, 1, &room));
    dgmi_sweep s = { .windows = dgmi_plist_windows(LAST), .until_us = dgmi_now_us() - 1 };
    dgmi_sweep_run(&term, &s);
    assert_true(s.cut);
    assert_int_equal(s.total, 0);
    free(list);
    dgmi_tree_room_clear(&room);
}

static void ids_of_a_window_ascend(void **unused)
{
    (void)unused;
    uint64_t bits[2 * DGMI_WINDOW_WORDS] = { 0 };
    dgmx_docid ids[DGMI_WINDOW];
    bits[DGMI_WINDOW_WORDS] = 1u | 1ull << 63;
    bits[2 * DGMI_WINDOW_WORDS - 1] = 1ull << 63;
    assert_int_equal(dgmi_window_ids(bits, 0, ids), 0);
    assert_int_equal(dgmi_window_ids(bits, 1, ids), 3);
    assert_int_equal(ids[0], DGMI_WINDOW);
    assert_int_equal(ids[1], DGMI_WINDOW + 63);
    assert_int_equal(ids[2], 2 * DGMI_WINDOW - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_finds_each_id_in_its_window),
        cmocka_unit_test(random_trees_match_what_each_document_says),
        cmocka_unit_test(a_sweep_ends_when_its_time_is_over),
        cmocka_unit_test(ids_of_a_window_ascend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
