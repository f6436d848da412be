/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An open-addressing table of an item's words, and the sorted list of its terms.
 * Depends on lib/base and the term of lib/xapian. */
#include "vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "hash.h"

enum {
    FIRST_SLOTS = 4096,
    KEPT_SLOTS = 1 << 17, /* a table grown larger is given back at the next reset */
    KEPT_BYTES = 4 << 20
};

typedef struct entry {
    uint32_t hash;
    uint32_t text, n;
    uint32_t in_title, in_body;
    uint32_t last; /* the latest position, 0: none yet */
    uint32_t first, n_positions, n_title_positions;
} entry;

typedef struct occurrence {
    uint32_t word, position;
} occurrence;

struct dgmi_vocabulary {
    uint32_t *slots; /* index of an entry + 1; 0: free */
    size_t n_slots;  /* a power of two, never more than half full */
    entry *entries;
    size_t n, capacity;
    dgmi_buf text;
    occurrence *occurrences;
    size_t n_occurrences, occurrence_capacity;
    uint32_t *positions; /* grouped by word */
    size_t position_capacity;
    bool failed;
};

dgmi_vocabulary *dgmi_vocabulary_new(void)
{
    dgmi_vocabulary *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->n_slots = FIRST_SLOTS;
    v->slots = calloc(v->n_slots, sizeof *v->slots);
    if (!v->slots) {
        free(v);
        return NULL;
    }
    return v;
}

static void give_back(dgmi_vocabulary *v)
{
    free(v->entries);
    free(v->occurrences);
    free(v->positions);
    dgmi_buf_clear(&v->text);
    v->entries = NULL;
    v->occurrences = NULL;
    v->positions = NULL;
    v->capacity = v->occurrence_capacity = v->position_capacity = 0;
}

void dgmi_vocabulary_free(dgmi_vocabulary *v)
{
    if (!v)
        return;
    give_back(v);
    free(v->slots);
    free(v);
}

static size_t slot_of(const dgmi_vocabulary *v, uint32_t hash)
{
    return hash & (v->n_slots - 1);
}

static void shrink_slots(dgmi_vocabulary *v)
{
    uint32_t *smaller = calloc(FIRST_SLOTS, sizeof *smaller);
    if (!smaller) {
        memset(v->slots, 0, v->n_slots * sizeof *v->slots);
        return;
    }
    free(v->slots);
    v->slots = smaller;
    v->n_slots = FIRST_SLOTS;
}

void dgmi_vocabulary_reset(dgmi_vocabulary *v)
{
    bool large = v->n_slots > KEPT_SLOTS ||
                 v->occurrence_capacity > KEPT_BYTES / sizeof *v->occurrences;
    if (v->n_slots > KEPT_SLOTS)
        shrink_slots(v);
    else
        memset(v->slots, 0, v->n_slots * sizeof *v->slots);
    v->n = v->n_occurrences = 0;
    v->failed = false;
    dgmi_buf_reset(&v->text);
    if (large)
        give_back(v);
}

bool dgmi_vocabulary_failed(const dgmi_vocabulary *v)
{
    return v->failed || v->text.failed;
}

static bool double_slots(dgmi_vocabulary *v)
{
    size_t n = v->n_slots * 2;
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        return false;
    free(v->slots);
    v->slots = slots;
    v->n_slots = n;
    for (size_t i = 0; i < v->n; i++) {
        size_t at = slot_of(v, v->entries[i].hash);
        while (v->slots[at])
            at = (at + 1) & (n - 1);
        v->slots[at] = (uint32_t)i + 1;
    }
    return true;
}

static entry *add_entry(dgmi_vocabulary *v, uint32_t hash, const char *text, size_t n)
{
    if (v->n >= UINT32_MAX - 1 || v->text.n + n > UINT32_MAX ||
        !dgmi_grow(&v->entries, &v->capacity, v->n + 1, sizeof *v->entries)) {
        v->failed = true;
        return NULL;
    }
    entry *e = &v->entries[v->n++];
    *e = (entry){ .hash = hash, .text = (uint32_t)v->text.n, .n = (uint32_t)n };
    dgmi_buf_put(&v->text, text, n);
    return v->text.failed ? NULL : e;
}

/* The entry of a word, made if need be; NULL without memory. */
static entry *entry_of(dgmi_vocabulary *v, const char *text, size_t n)
{
    if (dgmi_vocabulary_failed(v))
        return NULL;
    if ((v->n + 1) * 2 > v->n_slots && !double_slots(v)) {
        v->failed = true;
        return NULL;
    }
    uint32_t hash = (uint32_t)dgmi_hash64(text, n);
    size_t at = slot_of(v, hash);
    while (v->slots[at]) {
        entry *e = &v->entries[v->slots[at] - 1];
        if (e->hash == hash && e->n == n && memcmp(v->text.p + e->text, text, n) == 0)
            return e;
        at = (at + 1) & (v->n_slots - 1);
    }
    entry *made = add_entry(v, hash, text, n);
    if (made)
        v->slots[at] = (uint32_t)v->n;
    return made;
}

void dgmi_vocabulary_add(dgmi_vocabulary *v, const char *text, size_t n,
                         uint32_t position, bool title)
{
    entry *e = entry_of(v, text, n);
    if (!e)
        return;
    *(title ? &e->in_title : &e->in_body) += 1;
    if (position <= e->last) /* a compound's whole can meet its own part */
        return;
    if (!dgmi_grow(&v->occurrences, &v->occurrence_capacity, v->n_occurrences + 1,
                   sizeof *v->occurrences)) {
        v->failed = true;
        return;
    }
    e->last = position;
    e->n_positions++;
    e->n_title_positions += title;
    occurrence seen = { (uint32_t)(e - v->entries), position };
    v->occurrences[v->n_occurrences++] = seen;
}

void dgmi_vocabulary_count_in(dgmi_vocabulary *v, const char *text, size_t n,
                              uint32_t in_title, uint32_t in_body)
{
    entry *e = entry_of(v, text, n);
    if (!e)
        return;
    e->in_title += in_title;
    e->in_body += in_body;
}

/* A counting sort: where each word's run begins, then each occurrence to the end of its
 * run. */
void dgmi_vocabulary_group(dgmi_vocabulary *v)
{
    uint32_t at = 0;
    if (!dgmi_grow(&v->positions, &v->position_capacity, v->n_occurrences + 1,
                   sizeof *v->positions)) {
        v->failed = true;
        return;
    }
    for (size_t i = 0; i < v->n; i++) {
        v->entries[i].first = at;
        at += v->entries[i].n_positions;
        v->entries[i].n_positions = 0;
    }
    for (size_t i = 0; i < v->n_occurrences; i++) {
        entry *e = &v->entries[v->occurrences[i].word];
        v->positions[e->first + e->n_positions++] = v->occurrences[i].position;
    }
}

size_t dgmi_vocabulary_count(const dgmi_vocabulary *v)
{
    return v->n;
}

size_t dgmi_vocabulary_occurrences(const dgmi_vocabulary *v)
{
    return v->n_occurrences;
}

bool dgmi_vocabulary_at(const dgmi_vocabulary *v, size_t i, dgmi_word *out)
{
    if (i >= v->n || dgmi_vocabulary_failed(v))
        return false;
    const entry *e = &v->entries[i];
    *out = (dgmi_word){ .text = v->text.p + e->text,
                        .n = e->n,
                        .in_title = e->in_title,
                        .in_body = e->in_body,
                        .positions = v->positions ? v->positions + e->first : NULL,
                        .n_positions = e->n_positions,
                        .n_title_positions = e->n_title_positions };
    return true;
}

/* ---- Terms ---- */

void dgmi_terms_clear(dgmi_terms *t)
{
    dgmi_buf_clear(&t->text);
    free(t->entries);
    free(t->sorted);
    *t = (dgmi_terms){ .n = 0 };
}

void dgmi_terms_reset(dgmi_terms *t)
{
    if (t->capacity > KEPT_SLOTS) {
        dgmi_terms_clear(t);
        return;
    }
    dgmi_buf_reset(&t->text);
    t->n = 0;
    t->failed = false;
}

static uint64_t key_of(const char *p, size_t n)
{
    uint64_t key = 0;
    for (size_t i = 0; i < 8; i++)
        key = key << 8 | (i < n ? (unsigned char)p[i] : 0);
    return key;
}

void dgmi_terms_put(dgmi_terms *t, const char *prefix, const dgmi_term_spec *spec)
{
    size_t at = t->text.n, n = strlen(prefix) + spec->text.n;
    if (n == 0 || n > DGMX_TERM_MAX)
        return;
    if (at + n > UINT32_MAX ||
        !dgmi_grow(&t->entries, &t->capacity, t->n + 1, sizeof *t->entries)) {
        t->failed = true;
        return;
    }
    dgmi_buf_puts(&t->text, prefix);
    dgmi_buf_put(&t->text, spec->text.p, spec->text.n);
    if (t->text.failed)
        return;
    t->entries[t->n++] = (dgmi_term_entry){ .key = key_of(t->text.p + at, n),
                                            .text = (uint32_t)at,
                                            .n = (uint32_t)n,
                                            .wdf = spec->wdf,
                                            .n_positions = spec->n_positions,
                                            .positions = spec->positions };
}

static int compare(const void *a, const void *b, void *text)
{
    const dgmi_term_entry *x = a, *y = b;
    const char *p = text;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    int order = memcmp(p + x->text, p + y->text, x->n < y->n ? x->n : y->n);
    return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

dgm_status dgmi_terms_sort(dgmi_terms *t, const dgmx_term **out, size_t *n,
                           dgm_error *err)
{
    *n = 0;
    if (t->failed || t->text.failed ||
        !dgmi_grow(&t->sorted, &t->sorted_capacity, t->n + 1, sizeof *t->sorted))
        return dgmi_fail_memory(err);
    if (t->n > 0)
        qsort_r(t->entries, t->n, sizeof *t->entries, compare, t->text.p);
    for (size_t i = 0; i < t->n; i++) {
        const dgmi_term_entry *e = &t->entries[i];
        if (i > 0 && compare(e - 1, e, t->text.p) == 0)
            continue;
        t->sorted[(*n)++] = (dgmx_term){ t->text.p + e->text, e->n, e->wdf, e->positions,
                                         e->n_positions };
    }
    *out = t->sorted;
    return DGM_OK;
}
