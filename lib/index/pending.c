/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two kinds of entries in one open-addressing table. Depends on lib/base. */
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

struct dgmi_pending {
    entry *entries;
    size_t size, count; /* a power of two, at most three quarters full */
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

dgmi_pending *dgmi_pending_new(void)
{
    dgmi_pending *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->size = FIRST_SIZE;
    p->entries = new_entries(p->size);
    if (!p->entries) {
        free(p);
        return NULL;
    }
    return p;
}

void dgmi_pending_free(dgmi_pending *p)
{
    if (!p)
        return;
    free(p->entries);
    free(p);
}

void dgmi_pending_reset(dgmi_pending *p)
{
    entry *small = p->size > FIRST_SIZE ? new_entries(FIRST_SIZE) : NULL;
    if (small) {
        free(p->entries);
        p->entries = small;
        p->size = FIRST_SIZE;
    }
    for (size_t i = 0; !small && i < p->size; i++)
        p->entries[i].at = FREE;
    p->count = 0;
}

size_t dgmi_pending_bytes(const dgmi_pending *p)
{
    return p->size * sizeof *p->entries;
}

/* The entry of this key and kind, or the free one where it belongs. */
static entry *find(entry *entries, size_t size, uint64_t key, bool seen)
{
    size_t at = (size_t)(key ^ key >> 32) & (size - 1);
    for (;; at = (at + 1) & (size - 1)) {
        entry *e = &entries[at];
        if (e->at == FREE || (e->key == key && (e->at == SEEN) == seen))
            return e;
    }
}

static bool make_room(dgmi_pending *p)
{
    if ((p->count + 1) * 4 <= p->size * 3)
        return true;
    entry *grown = new_entries(p->size * 2);
    if (!grown)
        return false;
    for (size_t i = 0; i < p->size; i++) {
        entry *e = &p->entries[i];
        if (e->at != FREE)
            *find(grown, p->size * 2, e->key, e->at == SEEN) = *e;
    }
    free(p->entries);
    p->entries = grown;
    p->size *= 2;
    return true;
}

bool dgmi_pending_winner(const dgmi_pending *p, uint64_t hash, uint64_t *at,
                         uint64_t *digest)
{
    const entry *e = find(p->entries, p->size, hash, false);
    *at = e->at;
    *digest = e->digest;
    return e->at != FREE;
}

bool dgmi_pending_set_winner(dgmi_pending *p, uint64_t hash, uint64_t at, uint64_t digest)
{
    if (!make_room(p))
        return false;
    entry *e = find(p->entries, p->size, hash, false);
    bool known = e->at != FREE;
    uint64_t former = e->digest;
    *e = (entry){ hash, at, digest };
    p->count += !known;
    return !known || dgmi_pending_add_seen(p, former);
}

bool dgmi_pending_seen(const dgmi_pending *p, uint64_t digest)
{
    return find(p->entries, p->size, digest, true)->at != FREE;
}

bool dgmi_pending_add_seen(dgmi_pending *p, uint64_t digest)
{
    if (!make_room(p))
        return false;
    entry *e = find(p->entries, p->size, digest, true);
    p->count += e->at == FREE;
    *e = (entry){ digest, SEEN, digest };
    return true;
}
