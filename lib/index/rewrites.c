/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rewrites of a whole archive. Each item has one way back at most, so whatever circles
 * there are can be found by following each way once. Depends on lib/base and the limit of
 * lineage.h. */
#include "rewrites.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "lineage.h"
#include "str.h"

typedef struct rewrite {
    uint64_t id, from; /* hashes */
    uint32_t way;      /* the number of the way that came by here, 0: none yet */
    bool in_circle;
} rewrite;

struct dgmi_rewrites {
    rewrite *all; /* by id, once settled */
    size_t n, capacity;
    uint64_t *superseded; /* ascending */
    size_t n_superseded;
};

dgmi_rewrites *dgmi_rewrites_new(void)
{
    return calloc(1, sizeof(dgmi_rewrites));
}

void dgmi_rewrites_free(dgmi_rewrites *r)
{
    if (!r)
        return;
    free(r->all);
    free(r->superseded);
    free(r);
}

bool dgmi_rewrites_add(dgmi_rewrites *r, const char *id, const char *from)
{
    if (!dgmi_grow(&r->all, &r->capacity, r->n + 1, sizeof *r->all))
        return false;
    r->all[r->n++] = (rewrite){ .id = dgmi_hash64(id, strlen(id)),
                                .from = dgmi_hash64(from, strlen(from)) };
    return true;
}

static int compare_hashes(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int compare_rewrites(const void *a, const void *b)
{
    const rewrite *x = a, *y = b;
    return compare_hashes(&x->id, &y->id);
}

/* The rewrite whose item this one evolved from. NULL: that did not evolve itself. */
static rewrite *step(const dgmi_rewrites *r, const rewrite *from)
{
    rewrite key = { .id = from->from };
    return bsearch(&key, r->all, r->n, sizeof key, compare_rewrites);
}

/* A way that comes back to itself has gone once around: its members are marked. */
static void mark_circle(const dgmi_rewrites *r, rewrite *start)
{
    size_t length = 1;
    for (const rewrite *at = step(r, start); at && at != start; at = step(r, at))
        length++;
    if (length > DGMI_CIRCLE_MAX)
        return;
    for (rewrite *at = start; at && !at->in_circle; at = step(r, at))
        at->in_circle = true;
}

static void find_circles(dgmi_rewrites *r)
{
    for (size_t i = 0; i < r->n; i++) {
        uint32_t way = (uint32_t)i + 1;
        rewrite *at = &r->all[i];
        while (at && at->way == 0) {
            at->way = way;
            at = step(r, at);
        }
        if (at && at->way == way)
            mark_circle(r, at);
    }
}

bool dgmi_rewrites_settle(dgmi_rewrites *r)
{
    if (r->n == 0)
        return true;
    r->superseded = malloc(r->n * sizeof *r->superseded);
    if (!r->superseded)
        return false;
    qsort(r->all, r->n, sizeof *r->all, compare_rewrites);
    find_circles(r);
    for (size_t i = 0; i < r->n; i++) {
        if (!r->all[i].in_circle)
            r->superseded[r->n_superseded++] = r->all[i].from;
    }
    free(r->all);
    r->all = NULL;
    qsort(r->superseded, r->n_superseded, sizeof *r->superseded, compare_hashes);
    return true;
}

bool dgmi_rewrites_supersede(const dgmi_rewrites *r, const char *id)
{
    if (r->n_superseded == 0)
        return false;
    uint64_t hash = dgmi_hash64(id, strlen(id));
    return bsearch(&hash, r->superseded, r->n_superseded, sizeof hash, compare_hashes);
}
