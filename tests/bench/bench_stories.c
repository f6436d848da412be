/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges the search for near copies against an exhaustive one: bench_stories DATA prints
 * a line for each pair of items of the archive that shares a rare run of words (one of at
 * most RARE items) and at least SHARE of the shorter text's runs, counted exactly, or
 * that the sketches call copies. Columns: the two ids, exact containment, exact
 * resemblance, shared numbers, the match of the sketches (0: no copies), the bands that
 * they share, their containment by the sketches. Headline-only items are left to the eye:
 * their rule is exact. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "dragoman.h"
#include "hash.h"
#include "lines.h"
#include "sketch.h"
#include "tokens.h"

#define RARE 40
#define SHARE 0.25

typedef struct doc {
    char *id;
    uint64_t *runs; /* sorted, each once */
    uint32_t n;
    dgmi_sketch sketch;
} doc;

typedef struct entry {
    uint64_t hash;
    uint32_t doc;
} entry;

typedef struct pair {
    uint32_t a, b;
} pair;

static doc *docs;
static size_t n_docs, cap_docs;
static entry *entries;
static size_t n_entries, cap_entries;
static pair *pairs;
static size_t n_pairs, cap_pairs;
static uint64_t sketch_us;

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int by_hash(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

static int by_docs(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static void grow(void *items, size_t *capacity, size_t need, size_t size)
{
    if (!dgmi_grow(items, capacity, need, size))
        exit(1);
}

/* All runs of the body, without sampling. */
static void take_runs(doc *d, const dgm_item *item)
{
    uint64_t last[DGMI_RUN] = { 0 };
    size_t words = 0, capacity = 0, n = 0;
    for (size_t i = 0; i < item->n_paragraphs; i++) {
        dgmi_tokens tokens;
        dgmi_token token;
        dgmi_tokens_init(&tokens, item->paragraphs[i], strlen(item->paragraphs[i]), 1);
        while (dgmi_tokens_next(&tokens, &token)) {
            if (token.kind == DGMI_WHOLE)
                continue;
            memmove(last, last + 1, sizeof last - sizeof *last);
            last[DGMI_RUN - 1] = dgmi_hash64(token.text, token.n);
            if (++words < DGMI_RUN)
                continue;
            grow(&d->runs, &capacity, n + 1, sizeof *d->runs);
            d->runs[n++] = dgmi_hash64(last, sizeof last);
        }
    }
    if (n > 0)
        qsort(d->runs, n, sizeof *d->runs, by_number);
    for (size_t i = 0; i < n; i++) {
        if (d->n == 0 || d->runs[d->n - 1] != d->runs[i])
            d->runs[d->n++] = d->runs[i];
    }
}

static dgm_status take_line(void *user, const dgmi_line *line, dgm_error *err)
{
    dgm_item *item;
    (void)user;
    if (dgmi_line_item(line->p, line->n, &item, err) != DGM_OK)
        return DGM_OK;
    grow(&docs, &cap_docs, n_docs + 1, sizeof *docs);
    doc *d = &docs[n_docs];
    memset(d, 0, sizeof *d);
    d->id = strdup(item->id);
    uint64_t begin = dgmi_now_us();
    dgmi_sketch_make(item, &d->sketch);
    sketch_us += dgmi_now_us() - begin;
    if (!d->sketch.is_short)
        take_runs(d, item);
    n_docs++;
    dgm_item_free(item);
    return DGM_OK;
}

static void add_pairs(bool bands)
{
    n_entries = 0;
    for (uint32_t i = 0; i < n_docs; i++) {
        const doc *d = &docs[i];
        uint32_t n = bands ? d->sketch.n_bands : d->n;
        grow(&entries, &cap_entries, n_entries + n, sizeof *entries);
        for (uint32_t k = 0; k < n; k++)
            entries[n_entries++] = (entry){ bands ? d->sketch.bands[k] : d->runs[k], i };
    }
    qsort(entries, n_entries, sizeof *entries, by_hash);
    for (size_t i = 0, n; i < n_entries; i += n) {
        for (n = 1; i + n < n_entries && entries[i + n].hash == entries[i].hash; n++)
            ;
        for (size_t k = 1; k < n && n <= RARE; k++) {
            grow(&pairs, &cap_pairs, n_pairs + k, sizeof *pairs);
            for (size_t j = 0; j < k; j++)
                pairs[n_pairs++] = (pair){ entries[i + j].doc, entries[i + k].doc };
        }
    }
}

static uint32_t count_shared(const uint64_t *a, uint32_t n_a, const uint64_t *b,
                             uint32_t n_b)
{
    uint32_t n = 0;
    for (uint32_t i = 0, k = 0; i < n_a && k < n_b;) {
        n += a[i] == b[k];
        bool first = a[i] <= b[k];
        k += b[k] <= a[i];
        i += first;
    }
    return n;
}

static void judge(const pair *p)
{
    const doc *a = &docs[p->a], *b = &docs[p->b];
    double shared = count_shared(a->runs, a->n, b->runs, b->n);
    double least = a->n < b->n ? a->n : b->n, all = a->n + b->n - shared;
    double match = dgmi_sketch_match(&a->sketch, &b->sketch);
    if (least <= 0 ? match <= 0 : shared / least < SHARE && match <= 0)
        return;
    dgmi_overlap o;
    dgmi_sketch_compare(&a->sketch, &b->sketch, &o);
    uint32_t bands = count_shared(a->sketch.bands, a->sketch.n_bands, b->sketch.bands,
                                  b->sketch.n_bands);
    printf("%s\t%s\t%.3f\t%.3f\t%.2f\t%.3f\t%" PRIu32 "\t%.3f\t%.2f\n", a->id, b->id,
           least > 0 ? shared / least : 0, all > 0 ? shared / all : 0, o.numbers, match,
           bands, o.containment, o.names);
}

int main(int argc, char **argv)
{
    dgmi_position start = { 0, 0 }, end = { UINT32_MAX, 0 };
    dgm_error err = DGM_ERROR_INIT;
    if (argc != 2)
        return 2;
    if (dgmi_lines_walk(argv[1], start, end, take_line, NULL, &err) != DGM_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    fprintf(stderr, "%zu items, %.1f us each to sketch\n", n_docs,
            n_docs > 0 ? (double)sketch_us / (double)n_docs : 0);
    add_pairs(false);
    add_pairs(true);
    if (n_pairs > 0)
        qsort(pairs, n_pairs, sizeof *pairs, by_docs);
    for (size_t i = 0; i < n_pairs; i++) {
        if (i == 0 || by_docs(&pairs[i - 1], &pairs[i]) != 0)
            judge(&pairs[i]);
    }
    return 0;
}
