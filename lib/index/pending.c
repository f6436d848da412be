/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two kinds of entries in open-addressing tables: a young one that takes what comes, and
 * the one before it, which goes as a whole. Depends on lib/base. */
#include "pending.h"

#include <stdlib.h>

enum { FIRST_SIZE = 1024 };

/* `at` of entries that are no winners. */
#define FREE UINT64_MAX
#define SEEN (UINT64_MAX - 1)

typedef struct entry {
    uint64_t key; /* hash of an id, or a digest */
    uint64_t at;
    uint64_t digest;
} entry;

typedef struct table {
    entry *entries;
    size_t size, count; /* a power of two, at most three quarters full */
} table;

struct dgmi_pending {
    table young, old;
};

static entry *new_entries(size_t size)
{
    entry *entries =
        size <= SIZE_MAX / sizeof *entries ? malloc(size * sizeof *entries) : NULL;
    if (!entries)
        return NULL;
    for (size_t i = 0; i < size; i++)
        entries[i].at = FREE;
    return entries;
}

static bool make_table(table *t)
{
    *t = (table){ new_entries(FIRST_SIZE), FIRST_SIZE, 0 };
    return t->entries != NULL;
}

dgmi_pending *dgmi_pending_new(void)
{
    dgmi_pending *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    if (make_table(&p->young) && make_table(&p->old))
        return p;
    dgmi_pending_free(p);
    return NULL;
}

void dgmi_pending_free(dgmi_pending *p)
{
    if (!p)
        return;
    free(p->young.entries);
    free(p->old.entries);
    free(p);
}

static void empty_table(table *t)
{
    entry *small = t->size > FIRST_SIZE ? new_entries(FIRST_SIZE) : NULL;
    if (small) {
        free(t->entries);
        t->entries = small;
        t->size = FIRST_SIZE;
    }
    for (size_t i = 0; !small && i < t->size; i++)
        t->entries[i].at = FREE;
    t->count = 0;
}

void dgmi_pending_reset(dgmi_pending *p)
{
    empty_table(&p->young);
    empty_table(&p->old);
}

void dgmi_pending_age(dgmi_pending *p)
{
    table gone = p->old;
    p->old = p->young;
    p->young = gone;
    empty_table(&p->young);
}

size_t dgmi_pending_bytes(const dgmi_pending *p)
{
    return (p->young.size + p->old.size) * sizeof *p->young.entries;
}

/* The entry of this key and kind, or the free one where it belongs. */
static entry *find(const table *t, uint64_t key, bool seen)
{
    size_t at = (size_t)(key ^ key >> 32) & (t->size - 1);
    for (;; at = (at + 1) & (t->size - 1)) {
        entry *e = &t->entries[at];
        if (e->at == FREE || (e->key == key && (e->at == SEEN) == seen))
            return e;
    }
}

static bool make_room(table *t)
{
    if ((t->count + 1) * 4 <= t->size * 3)
        return true;
    table grown = { new_entries(t->size * 2), t->size * 2, t->count };
    if (!grown.entries)
        return false;
    for (size_t i = 0; i < t->size; i++) {
        entry *e = &t->entries[i];
        if (e->at != FREE)
            *find(&grown, e->key, e->at == SEEN) = *e;
    }
    free(t->entries);
    *t = grown;
    return true;
}

bool dgmi_pending_winner(const dgmi_pending *p, uint64_t hash, uint64_t *at,
                         uint64_t *digest)
{
    const entry *e = find(&p->young, hash, false);
    if (e->at == FREE)
        e = find(&p->old, hash, false);
    *at = e->at;
    *digest = e->digest;
    return e->at != FREE;
}

bool dgmi_pending_set_winner(dgmi_pending *p, uint64_t hash, uint64_t at, uint64_t digest)
{
    uint64_t former_at, former;
    bool known = dgmi_pending_winner(p, hash, &former_at, &former);
    if (!make_room(&p->young))
        return false;
    entry *e = find(&p->young, hash, false);
    p->young.count += e->at == FREE;
    *e = (entry){ hash, at, digest };
    return !known || former == DGMI_UNREAD || former_at == at ||
           dgmi_pending_add_seen(p, former);
}

bool dgmi_pending_seen(const dgmi_pending *p, uint64_t digest)
{
    return find(&p->young, digest, true)->at != FREE ||
           find(&p->old, digest, true)->at != FREE;
}

bool dgmi_pending_add_seen(dgmi_pending *p, uint64_t digest)
{
    if (!make_room(&p->young))
        return false;
    entry *e = find(&p->young, digest, true);
    p->young.count += e->at == FREE;
    *e = (entry){ digest, SEEN, digest };
    return true;
}
