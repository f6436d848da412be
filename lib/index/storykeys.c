/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys of all rows, sorted share by share; those of one row alone are let go at once.
 * Depends on lib/base and storyrows.h. */
#include "storykeys.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"

enum { OWN_ID = DGMI_KIN_KEYS, ALL = DGMI_KIN_KEYS + 1, SHARE_LEAST = 4096 };

typedef struct pass {
    uint64_t share, shares;
    dgmi_story_key *entries;
    size_t n, capacity;
} pass;

/* Kinds of keys are kept apart by what is mixed in; an id is found by those that evolved
 * from it, so these two are of one kind. Shares go by the low bits, since bands are the
 * smallest hashes of many. */
static uint64_t mixed(uint64_t key, int which)
{
    if (which == DGMI_KIN_EXACT)
        return key ^ 0x5851f42d4c957f2du;
    return which == DGMI_KIN_ANCESTOR || which == OWN_ID ? key ^ 0x14057b7ef767814fu
                                                         : key;
}

/* The keys of a row; *has receives a bit for each that there is. */
static void keys_of(const dgmi_trace *trace, uint64_t keys[ALL], unsigned *has)
{
    dgmi_kin kin;
    dgmi_kin_keys(trace, &kin);
    for (int i = 0; i < DGMI_KIN_KEYS; i++)
        keys[i] = mixed(kin.keys[i], i);
    keys[OWN_ID] = mixed(trace->id, OWN_ID);
    *has = trace->id ? kin.owned | 1u << OWN_ID : 0;
}

static dgm_status collect(void *user, uint32_t row, const dgmi_trace *trace,
                          dgm_error *err)
{
    pass *p = user;
    uint64_t keys[ALL];
    unsigned has;
    keys_of(trace, keys, &has);
    for (uint32_t i = 0; i < ALL; i++) {
        if (!(has & 1u << i) || keys[i] % p->shares != p->share)
            continue;
        if (!dgmi_grow(&p->entries, &p->capacity, p->n + 1, sizeof *p->entries))
            return dgmi_fail_memory(err);
        p->entries[p->n++] = (dgmi_story_key){ keys[i], row, i };
    }
    return DGM_OK;
}

static int compare_keys(const void *a, const void *b)
{
    const dgmi_story_key *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* n rows with one key, in order: the first ones own it. */
static bool keep_group(dgmi_story_keys *keys, const dgmi_story_key *group, size_t n)
{
    unsigned owners = 0;
    for (size_t i = 0; i < n; i++) {
        const dgmi_story_key *e = &group[i];
        bool own = e->which == OWN_ID;
        if (n > 1)
            keys->shared[e->row] |= (uint16_t)(1u << e->which);
        if (!own && owners == DGMI_KIN_OWNERS)
            continue;
        if (!own) {
            owners++;
            keys->owned[e->row] |= (uint16_t)(1u << e->which);
        }
        if (n == 1)
            continue;
        if (!dgmi_grow(&keys->kept, &keys->capacity, keys->n + 1, sizeof *keys->kept))
            return false;
        keys->kept[keys->n++] = *e;
    }
    return true;
}

static dgm_status run_pass(const dgmi_story_rows *rows, pass *p, dgmi_story_keys *out,
                           dgm_error *err)
{
    p->n = 0;
    dgm_status status = dgmi_story_rows_walk(rows, collect, p, err);
    if (status != DGM_OK)
        return status;
    if (p->n > 0)
        qsort(p->entries, p->n, sizeof *p->entries, compare_keys);
    for (size_t i = 0, n; i < p->n; i += n) {
        for (n = 1; i + n < p->n && p->entries[i + n].key == p->entries[i].key; n++)
            ;
        if (!keep_group(out, &p->entries[i], n))
            return dgmi_fail_memory(err);
    }
    return DGM_OK;
}

dgm_status dgmi_story_keys_make(const dgmi_story_rows *rows, size_t memory,
                                dgmi_story_keys *out, dgm_error *err)
{
    uint64_t room = memory / sizeof(dgmi_story_key) + SHARE_LEAST;
    pass p = { .shares = (uint64_t)rows->n * ALL / room + 1 };
    memset(out, 0, sizeof *out);
    out->owned = calloc(rows->n + 1u, sizeof *out->owned);
    out->shared = calloc(rows->n + 1u, sizeof *out->shared);
    if (!out->owned || !out->shared) {
        dgmi_story_keys_clear(out);
        return dgmi_fail_memory(err);
    }
    dgm_status status = DGM_OK;
    for (; status == DGM_OK && p.share < p.shares; p.share++)
        status = run_pass(rows, &p, out, err);
    free(p.entries);
    if (out->n > 0)
        qsort(out->kept, out->n, sizeof *out->kept, compare_keys);
    if (status != DGM_OK)
        dgmi_story_keys_clear(out);
    return status;
}

void dgmi_story_keys_clear(dgmi_story_keys *keys)
{
    free(keys->kept);
    free(keys->owned);
    free(keys->shared);
    memset(keys, 0, sizeof *keys);
}

static size_t find_first(const dgmi_story_keys *keys, uint64_t key)
{
    size_t low = 0, high = keys->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (keys->kept[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void dgmi_story_keys_rivals(const dgmi_story_keys *keys, const uint64_t *places,
                            uint32_t row, const dgmi_trace *trace, dgmi_rivals *out)
{
    uint64_t list[ALL];
    unsigned has;
    keys_of(trace, list, &has);
    out->n = 0;
    for (uint32_t i = 0; i < ALL; i++) {
        if (!(keys->shared[row] & has & 1u << i))
            continue;
        for (size_t k = find_first(keys, list[i]);
             k < keys->n && keys->kept[k].key == list[i] && keys->kept[k].row < row; k++)
            dgmi_rivals_add(out, keys->kept[k].row, places[keys->kept[k].row],
                            i == DGMI_KIN_ANCESTOR || i == OWN_ID);
    }
}
