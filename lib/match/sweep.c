/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Over all windows, keeping the best in a heap whose top is the least of them. Depends on
 * lib/base. */
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum { LOOK_AT_CLOCK = 16 }; /* windows from one look to the next */

static bool is_better(const dgmi_best *a, const dgmi_best *b)
{
    return a->rank != b->rank ? a->rank > b->rank : a->id < b->id;
}

static int by_rank(const void *a, const void *b)
{
    const dgmi_best *x = a, *y = b;
    return is_better(x, y) ? -1 : is_better(y, x);
}

static void sift_up(dgmi_best *heap, uint32_t at, dgmi_best hit)
{
    for (; at > 0 && is_better(&heap[(at - 1) / 2], &hit); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = hit;
}

static void sift_down(dgmi_best *heap, uint32_t n, dgmi_best hit)
{
    uint32_t at = 0, child;
    while ((child = 2 * at + 1) < n) {
        if (child + 1 < n && is_better(&heap[child], &heap[child + 1]))
            child++;
        if (!is_better(&hit, &heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = hit;
}

static void offer(dgmi_sweep *s, dgmi_best hit)
{
    if (s->n < s->want)
        sift_up(s->hits, s->n++, hit);
    else if (is_better(&hit, &s->hits[0]))
        sift_down(s->hits, s->n, hit);
}

/* ---- Groups ---- */

void dgmi_groups_clear(dgmi_groups *groups)
{
    free(groups->seen);
    free(groups->best);
    *groups = (dgmi_groups){ NULL, NULL, 0 };
}

bool dgmi_groups_open(dgmi_groups *groups, uint32_t n)
{
    if (n > groups->n) {
        dgmi_groups_clear(groups);
        groups->seen = malloc(((size_t)n / 64 + 1) * sizeof *groups->seen);
        groups->best = malloc((size_t)n * sizeof *groups->best);
        groups->n = groups->seen && groups->best ? n : 0;
    }
    if (n > groups->n)
        return false;
    memset(groups->seen, 0, ((size_t)n / 64 + 1) * sizeof *groups->seen);
    return true;
}

static void enter_group(dgmi_groups *groups, uint32_t group, const dgmi_best *hit)
{
    uint64_t bit = 1ull << (group % 64);
    bool seen = groups->seen[group / 64] & bit;
    if (!seen || is_better(hit, &groups->best[group]))
        groups->best[group] = *hit;
    groups->seen[group / 64] |= bit;
}

static void offer_groups(dgmi_sweep *s)
{
    for (size_t word = 0; word <= s->groups->n / 64; word++) {
        for (uint64_t left = s->groups->seen[word]; left; left &= left - 1)
            offer(s, s->groups->best[word * 64 + (unsigned)__builtin_ctzll(left)]);
    }
}

/* ---- Windows ---- */

static void take(dgmi_sweep *s, dgmx_docid id, double score)
{
    if (!s->group && s->n == s->want && score <= s->hits[0].rank)
        return; /* ids ascend, so of equal scores those that came before stay */
    dgmi_best hit = { id, score, s->rank ? s->rank(s->user, id, score) : score };
    if (s->group)
        enter_group(s->groups, s->group[id], &hit);
    else
        offer(s, hit);
}

static void take_window(dgmi_sweep *s, const dgmi_tree_node *root, uint32_t window)
{
    for (unsigned word = 0; word < DGMI_WINDOW_WORDS; word++) {
        uint64_t left = root->bits[word];
        s->total += (unsigned)__builtin_popcountll(left);
        for (; left && s->want > 0; left &= left - 1) {
            unsigned at = word * 64 + (unsigned)__builtin_ctzll(left);
            take(s, window * DGMI_WINDOW + at, root->scored ? root->score[at] : 0);
        }
    }
    if (s->matches)
        memcpy(s->matches + (size_t)window * DGMI_WINDOW_WORDS, root->bits,
               sizeof root->bits);
}

void dgmi_sweep_run(dgmi_tree_node *root, dgmi_sweep *s)
{
    s->n = 0;
    s->total = 0;
    s->cut = false;
    for (uint32_t window = 0; window < s->windows; window++) {
        if (window % LOOK_AT_CLOCK == 0 && dgmi_now_us() > s->until_us) {
            s->cut = true;
            break;
        }
        dgmi_tree_evaluate(root, window);
        take_window(s, root, window);
    }
    if (s->group && s->want > 0)
        offer_groups(s);
    if (s->n > 0)
        qsort(s->hits, s->n, sizeof *s->hits, by_rank);
}

size_t dgmi_window_ids(const uint64_t *matches, uint32_t window, dgmx_docid *out)
{
    const uint64_t *bits = matches + (size_t)window * DGMI_WINDOW_WORDS;
    size_t n = 0;
    for (unsigned word = 0; word < DGMI_WINDOW_WORDS; word++) {
        for (uint64_t left = bits[word]; left; left &= left - 1)
            out[n++] = window * DGMI_WINDOW + word * 64 + (unsigned)__builtin_ctzll(left);
    }
    return n;
}
