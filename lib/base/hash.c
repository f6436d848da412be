/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Digests and a string map. Depends on arena, nettle and xxhash. */
#include "hash.h"

#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "arena.h"

void dgmi_sha256_hex(const void *bytes, size_t n, char out[DGMI_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    struct sha256_ctx state;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&state);
    if (n > 0)
        sha256_update(&state, n, bytes);
    sha256_digest(&state, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * sizeof digest] = '\0';
}

uint64_t dgmi_hash64(const void *bytes, size_t n)
{
    return XXH3_64bits(n > 0 ? bytes : "", n);
}

typedef struct entry {
    const char *key; /* NULL: free */
    size_t n;
    uint64_t hash, value;
} entry;

/* Open addressing with linear probing; `size` is a power of two and never full. */
struct dgmi_map {
    entry *entries;
    size_t size, count;
    dgmi_arena *keys;
};

dgmi_map *dgmi_map_new(void)
{
    dgmi_map *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->size = 16;
    m->entries = calloc(m->size, sizeof *m->entries);
    m->keys = dgmi_arena_new(0);
    if (!m->entries || !m->keys) {
        dgmi_map_free(m);
        return NULL;
    }
    return m;
}

void dgmi_map_free(dgmi_map *m)
{
    if (!m)
        return;
    dgmi_arena_free(m->keys);
    free(m->entries);
    free(m);
}

/* The entry that holds the key, or the free one where it belongs. */
static entry *find(const dgmi_map *m, uint64_t hash, dgmi_str key)
{
    size_t at = (size_t)hash & (m->size - 1);
    for (;;) {
        entry *e = &m->entries[at];
        if (!e->key)
            return e;
        if (e->hash == hash && e->n == key.n &&
            (key.n == 0 || !memcmp(e->key, key.p, key.n)))
            return e;
        at = (at + 1) & (m->size - 1);
    }
}

static bool double_size(dgmi_map *m)
{
    if (m->size > SIZE_MAX / 2)
        return false;
    entry *old = m->entries;
    size_t old_size = m->size;
    entry *grown = calloc(old_size * 2, sizeof *grown);
    if (!grown)
        return false;
    m->entries = grown;
    m->size = old_size * 2;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].key)
            *find(m, old[i].hash, (dgmi_str){ old[i].key, old[i].n }) = old[i];
    }
    free(old);
    return true;
}

uint64_t *dgmi_map_at(dgmi_map *m, dgmi_str key, bool make)
{
    uint64_t hash = dgmi_hash64(key.p, key.n);
    entry *e = find(m, hash, key);
    if (e->key)
        return &e->value;
    if (!make)
        return NULL;
    if (m->count + 1 > m->size / 4 * 3) {
        if (!double_size(m))
            return NULL;
        e = find(m, hash, key);
    }
    const char *copy = dgmi_arena_str(m->keys, key);
    if (!copy)
        return NULL;
    *e = (entry){ copy, key.n, hash, 0 };
    m->count++;
    return &e->value;
}

size_t dgmi_map_count(const dgmi_map *m)
{
    return m->count;
}

bool dgmi_map_next(const dgmi_map *m, size_t *cursor, dgmi_str *key, uint64_t *value)
{
    while (*cursor < m->size) {
        const entry *e = &m->entries[(*cursor)++];
        if (e->key) {
            *key = (dgmi_str){ e->key, e->n };
            *value = e->value;
            return true;
        }
    }
    return false;
}
