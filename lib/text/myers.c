/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), section 4b: the
 * middle of a shortest path is looked for from both ends, then either half is done alike.
 * Depends on lib/base. */
#include "myers.h"

#include <stdlib.h>

/* Each halving halves the number of edits, and there are fewer than 2^32 of those. */
enum { BOXES = 80 };

/* The elements a[x0..x1) against b[y0..y1). */
typedef struct box {
    uint32_t x0, x1, y0, y1;
} box;

typedef struct search {
    dgmi_sequence *a, *b;
    uint32_t *ahead, *back; /* furthest x on each diagonal, from either end */
    uint64_t work;
    bool spent;
} search;

static void shrink(const search *s, box *b)
{
    while (b->x0 < b->x1 && b->y0 < b->y1 && s->a->marks[b->x0] == s->b->marks[b->y0]) {
        b->x0++;
        b->y0++;
    }
    while (b->x0 < b->x1 && b->y0 < b->y1 &&
           s->a->marks[b->x1 - 1] == s->b->marks[b->y1 - 1]) {
        b->x1--;
        b->y1--;
    }
}

/* One diagonal k, one edit further: from the better of its neighbours along all equal
 * elements. `reach` is the array of the direction, its middle at diagonal 0. */
static void extend(search *s, const box *b, uint32_t *reach, int64_t edits, int64_t k,
                   bool forward)
{
    uint32_t n = b->x1 - b->x0, m = b->y1 - b->y0;
    bool down = k == -edits || (k != edits && reach[k - 1] < reach[k + 1]);
    uint32_t x = down ? reach[k + 1] : reach[k - 1] + 1;
    uint32_t y = (uint32_t)((int64_t)x - k);
    uint32_t start = x;
    const uint64_t *p = s->a->marks, *q = s->b->marks;
    if (forward) {
        while (x < n && y < m && p[b->x0 + x] == q[b->y0 + y])
            x++, y++;
    } else {
        while (x < n && y < m && p[b->x1 - x - 1] == q[b->y1 - y - 1])
            x++, y++;
    }
    reach[k] = x;
    uint64_t cost = 1 + (uint64_t)(x - start);
    s->spent = s->work < cost;
    s->work -= s->spent ? s->work : cost;
}

/* All diagonals that can be reached with so many edits. True: the ways from both ends
 * met, and *x, *y is a place on a shortest path. */
static bool step(search *s, const box *b, int64_t edits, bool forward, uint32_t *x,
                 uint32_t *y)
{
    int64_t n = b->x1 - b->x0, m = b->y1 - b->y0, delta = n - m;
    size_t middle = (size_t)s->b->n + 1;
    uint32_t *reach = (forward ? s->ahead : s->back) + middle;
    uint32_t *other = (forward ? s->back : s->ahead) + middle;
    bool may_meet = (delta % 2 != 0) == forward;
    int64_t low = edits > m ? edits - 2 * m : -edits;
    int64_t high = edits > n ? 2 * n - edits : edits;
    int64_t across = forward ? edits - 1 : edits;
    for (int64_t k = low; k <= high && !s->spent; k += 2) {
        extend(s, b, reach, edits, k, forward);
        int64_t z = delta - k;
        if (!may_meet || z < -across || z > across || (int64_t)reach[k] + other[z] < n)
            continue;
        uint32_t to = reach[k], down = (uint32_t)((int64_t)to - k);
        *x = forward ? b->x0 + to : b->x1 - to;
        *y = forward ? b->y0 + down : b->y1 - down;
        return true;
    }
    return false;
}

/* False: the work is used up. */
static bool find_middle(search *s, const box *b, uint32_t *x, uint32_t *y)
{
    int64_t all = (int64_t)(b->x1 - b->x0) + (b->y1 - b->y0);
    size_t middle = (size_t)s->b->n + 1;
    s->ahead[middle + 1] = 0;
    s->back[middle + 1] = 0;
    for (int64_t edits = 0; edits <= all / 2 + 1 && !s->spent; edits++) {
        if (step(s, b, edits, true, x, y) || step(s, b, edits, false, x, y))
            return !s->spent;
    }
    return false;
}

static void mark(dgmi_sequence *s, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        s->changed[i] = true;
}

static dgmi_edit run(search *s)
{
    box stack[BOXES] = { { 0, s->a->n, 0, s->b->n } };
    size_t n = 1;
    while (n > 0) {
        box b = stack[--n];
        shrink(s, &b);
        if (b.x0 == b.x1 || b.y0 == b.y1) {
            mark(s->a, b.x0, b.x1);
            mark(s->b, b.y0, b.y1);
            continue;
        }
        uint32_t x = 0, y = 0;
        if (n + 2 > BOXES || !find_middle(s, &b, &x, &y))
            return DGMI_EDIT_TOO_FAR;
        stack[n++] = (box){ b.x0, x, b.y0, y };
        stack[n++] = (box){ x, b.x1, y, b.y1 };
    }
    return DGMI_EDIT_FOUND;
}

dgmi_edit dgmi_shortest_edit(dgmi_sequence *a, dgmi_sequence *b, uint64_t *work)
{
    search s = { .a = a, .b = b, .work = *work };
    size_t diagonals = (size_t)a->n + b->n + 3;
    s.ahead = calloc(diagonals, sizeof *s.ahead);
    s.back = calloc(diagonals, sizeof *s.back);
    dgmi_edit edit = s.ahead && s.back ? run(&s) : DGMI_EDIT_NO_MEMORY;
    *work = s.work;
    free(s.ahead);
    free(s.back);
    return edit;
}
