/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of one revision, by term. Depends on lib/base, lib/xapian. */
#include "plists.h"

#include <stdlib.h>

#include "fail.h"
#include "hash.h"

enum { KEYS = 1 << 16 }; /* that are remembered, with a list or without one */

typedef struct entry {
    dgmi_plist *list; /* NULL: not read so far */
    uint64_t spent;   /* what queries cost without it */
    uint64_t used;    /* when it was last used, in queries */
} entry;

struct dgmi_plists {
    size_t budget, bytes, lists;
    uint64_t generation, commit, queries;
    uint32_t windows;
    dgmi_map *places; /* of a key: its entry, counted from 1 */
    entry *entries;
    size_t n, capacity;
};

dgmi_plists *dgmi_plists_new(size_t budget)
{
    dgmi_plists *lists = calloc(1, sizeof *lists);
    if (lists) {
        lists->budget = budget;
        lists->places = dgmi_map_new();
    }
    if (lists && !lists->places) {
        free(lists);
        lists = NULL;
    }
    return lists;
}

static void drop_list(dgmi_plists *lists, entry *e)
{
    if (!e->list)
        return;
    lists->bytes -= dgmi_plist_bytes(e->list->windows, e->list->n);
    lists->lists--;
    free(e->list);
    e->list = NULL;
}

/* False without memory for an empty map. */
static bool drop_all(dgmi_plists *lists)
{
    for (size_t i = 0; i < lists->n; i++)
        drop_list(lists, &lists->entries[i]);
    lists->n = 0;
    dgmi_map_free(lists->places);
    lists->places = dgmi_map_new();
    return lists->places != NULL;
}

void dgmi_plists_free(dgmi_plists *lists)
{
    if (!lists)
        return;
    for (size_t i = 0; i < lists->n; i++)
        drop_list(lists, &lists->entries[i]);
    dgmi_map_free(lists->places);
    free(lists->entries);
    free(lists);
}

static int by_use(const void *a, const void *b)
{
    const entry *x = *(entry *const *)a, *y = *(entry *const *)b;
    return (x->used > y->used) - (x->used < y->used);
}

/* Down to three quarters of the budget, so that it is not done for each query. */
static void drop_least_used(dgmi_plists *lists)
{
    entry **order = calloc(lists->lists + 1, sizeof *order);
    size_t n = 0;
    for (size_t i = 0; order && i < lists->n; i++) {
        if (lists->entries[i].list)
            order[n++] = &lists->entries[i];
    }
    if (n > 0)
        qsort(order, n, sizeof *order, by_use);
    for (size_t i = 0; i < n && lists->bytes > lists->budget / 4 * 3; i++)
        drop_list(lists, order[i]);
    free(order);
}

bool dgmi_plists_open(dgmi_plists *lists, uint64_t generation, uint64_t commit,
                      dgmx_docid last_id)
{
    bool moved = lists->generation != generation || lists->commit != commit;
    lists->queries++;
    lists->windows = dgmi_plist_windows(last_id);
    if ((moved || lists->n >= KEYS || !lists->places) && !drop_all(lists))
        return false;
    lists->generation = generation;
    lists->commit = commit;
    if (lists->bytes > lists->budget)
        drop_least_used(lists);
    return last_id <= DGMI_PLISTS_DOCUMENTS;
}

static entry *entry_of(dgmi_plists *lists, dgmi_str key)
{
    uint64_t *place = dgmi_map_at(lists->places, key, true);
    if (!place || (*place == 0 && !dgmi_grow(&lists->entries, &lists->capacity,
                                             lists->n + 1, sizeof *lists->entries)))
        return NULL;
    if (*place == 0) {
        lists->entries[lists->n++] = (entry){ NULL, 0, 0 };
        *place = lists->n;
    }
    return &lists->entries[*place - 1];
}

/* Counts what is missing, and whether all of it is to be read now. */
static dgm_status weigh(dgmi_plists *lists, dgmi_plist_wish *wishes, size_t n, bool *all,
                        dgm_error *err)
{
    size_t missing = 0;
    *all = true;
    for (size_t i = 0; i < n; i++) {
        entry *e = entry_of(lists, wishes[i].key);
        if (!e)
            return dgmi_fail_memory(err);
        wishes[i].list = e->list;
        e->used = lists->queries;
        if (e->list)
            continue;
        missing += dgmi_plist_bytes(lists->windows, wishes[i].most);
        *all = *all && e->spent + wishes[i].worth >= wishes[i].cost / 2;
    }
    *all = *all && missing <= lists->budget / 2;
    return DGM_OK;
}

static void note_spent(dgmi_plists *lists, const dgmi_plist_wish *wishes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        entry *e = entry_of(lists, wishes[i].key);
        if (e && !e->list)
            e->spent += wishes[i].worth;
    }
}

static void count_in(dgmi_plists *lists, const dgmi_plist *list)
{
    if (!list)
        return;
    lists->lists++;
    lists->bytes += dgmi_plist_bytes(lists->windows, list->n);
}

dgm_status dgmi_plists_get(dgmi_plists *lists, dgmi_plist_wish *wishes, size_t n,
                           dgmi_plist_read_fn read, void *user, bool *all, dgm_error *err)
{
    dgm_status status = weigh(lists, wishes, n, all, err);
    if (status == DGM_OK && !*all)
        note_spent(lists, wishes, n);
    for (size_t i = 0; status == DGM_OK && *all && i < n; i++) {
        entry *e = entry_of(lists, wishes[i].key); /* a key may be wished for twice */
        if (!e)
            return dgmi_fail_memory(err);
        if (!e->list) {
            status = read(user, &wishes[i], lists->windows, &e->list, err);
            count_in(lists, e->list);
        }
        wishes[i].list = e->list;
    }
    return status;
}

size_t dgmi_plists_bytes(const dgmi_plists *lists)
{
    return lists->bytes;
}

size_t dgmi_plists_count(const dgmi_plists *lists)
{
    return lists->lists;
}
