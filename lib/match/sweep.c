/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Over all windows, keeping the best in a heap whose top is the least of them. Depends on
 * lib/base. */
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum { LOOK_AT_CLOCK = 16 }; /* windows from one look to the next */

static bool is_better(const dgmx_hit *a, const dgmx_hit *b)
{
    return a->weight != b->weight ? a->weight > b->weight : a->id < b->id;
}

static int by_rank(const void *a, const void *b)
{
    const dgmx_hit *x = a, *y = b;
    return is_better(x, y) ? -1 : is_better(y, x);
}

static void sift_up(dgmx_hit *heap, uint32_t at, dgmx_hit hit)
{
    for (; at > 0 && is_better(&heap[(at - 1) / 2], &hit); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = hit;
}

static void sift_down(dgmx_hit *heap, uint32_t n, dgmx_hit hit)
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

static void offer(dgmi_sweep *s, dgmx_docid id, double score)
{
    dgmx_hit hit = { .id = id, .weight = score };
    if (s->n < s->want)
        sift_up(s->hits, s->n++, hit);
    else
        sift_down(s->hits, s->n, hit);
}

/* Ids ascend, so of equal scores those that came before stay. */
static void take_window(dgmi_sweep *s, const dgmi_tree_node *root, uint32_t window)
{
    for (unsigned word = 0; word < DGMI_WINDOW_WORDS; word++) {
        uint64_t left = root->bits[word];
        s->total += (unsigned)__builtin_popcountll(left);
        for (; left && s->want > 0; left &= left - 1) {
            unsigned at = word * 64 + (unsigned)__builtin_ctzll(left);
            double score = root->scored ? root->score[at] : 0;
            if (s->n < s->want || score > s->hits[0].weight)
                offer(s, window * DGMI_WINDOW + at, score);
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
