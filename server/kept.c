/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kept replies: a table of chains, and a list from the last used to the one used longest
 * ago. The lock is held for neither copying nor searching. Depends on kept.h, lib/base
 * and POSIX threads. */
#include "kept.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum { CHAIN_BYTES = 4096 }; /* of the budget for each chain */
enum { CHAINS_LEAST = 64, CHAINS_MOST = 1 << 18 };

typedef enum phase { MAKING, KEPT, DROPPED } phase;

/* One is in the table (MAKING, KEPT) or out of it (DROPPED), and freed when it is out and
 * nobody uses it. */
struct dgms_claim {
    dgms_claim *chain;         /* the next of the same chain */
    dgms_claim *newer, *older; /* KEPT: in the order of use */
    phase phase;
    size_t users; /* threads that make it, wait for it or copy it */
    size_t bytes; /* that it counts for */
    uint64_t hash;
    char *key;
    size_t key_n;
    dgms_reply reply; /* KEPT; its body is owned */
};

struct dgms_kept {
    size_t budget;
    dgms_metrics *metrics;
    pthread_mutex_t lock; /* guards what follows, and all but the replies in use */
    pthread_cond_t settled;
    dgms_claim **chains;
    size_t n_chains; /* a power of two */
    dgms_claim *newest, *oldest;
    size_t bytes;
};

dgms_kept *dgms_kept_new(size_t budget, dgms_metrics *metrics)
{
    dgms_kept *kept = calloc(1, sizeof *kept);
    if (!kept)
        return NULL;
    kept->budget = budget;
    kept->metrics = metrics;
    kept->n_chains = CHAINS_LEAST;
    while (kept->n_chains < CHAINS_MOST && kept->n_chains < budget / CHAIN_BYTES)
        kept->n_chains *= 2;
    kept->chains = budget ? calloc(kept->n_chains, sizeof(dgms_claim *)) : NULL;
    if (budget && !kept->chains) {
        free(kept);
        return NULL;
    }
    pthread_mutex_init(&kept->lock, NULL);
    pthread_cond_init(&kept->settled, NULL);
    return kept;
}

static void free_claim(dgms_claim *claim)
{
    dgms_reply_clear(&claim->reply);
    free(claim->key);
    free(claim);
}

void dgms_kept_free(dgms_kept *kept)
{
    if (!kept)
        return;
    for (dgms_claim *c = kept->newest, *older; c; c = older) {
        older = c->older;
        free_claim(c);
    }
    pthread_cond_destroy(&kept->settled);
    pthread_mutex_destroy(&kept->lock);
    free(kept->chains);
    free(kept);
}

/* ---- Keys ---- */

static int by_name(const void *a, const void *b)
{
    const dgms_pair *x = *(const dgms_pair *const *)a, *y = *(const dgms_pair *const *)b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x > y) - (x < y);
}

void dgms_kept_key(dgmi_buf *out, const char *state, bool packed,
                   const dgms_target *target, const char *part)
{
    const dgms_pair *sorted[DGMS_PARAMS_MAX];
    size_t n = target->n_pairs < DGMS_PARAMS_MAX ? target->n_pairs : DGMS_PARAMS_MAX;

    for (size_t i = 0; i < n; i++)
        sorted[i] = &target->pairs[i];
    qsort(sorted, n, sizeof sorted[0], by_name);
    /* No text of a request has a NUL, so NULs part them. */
    dgmi_buf_put(out, state, strlen(state) + 1);
    dgmi_buf_putc(out, packed ? 'z' : '-');
    dgmi_buf_putc(out, part ? '/' : '-');
    if (part)
        dgmi_buf_put(out, part, strlen(part) + 1);
    for (size_t i = 0; i < n; i++) {
        dgmi_buf_put(out, sorted[i]->name, strlen(sorted[i]->name) + 1);
        dgmi_buf_put(out, sorted[i]->value, strlen(sorted[i]->value) + 1);
    }
}

/* ---- Table and list; the lock is held ---- */

static dgms_claim **chain_of(dgms_kept *kept, uint64_t hash)
{
    return &kept->chains[hash & (kept->n_chains - 1)];
}

static dgms_claim *look_up(dgms_kept *kept, dgmi_str key, uint64_t hash)
{
    dgms_claim *c = *chain_of(kept, hash);
    while (c &&
           (c->hash != hash || c->key_n != key.n || memcmp(c->key, key.p, key.n) != 0))
        c = c->chain;
    return c;
}

static void unlist(dgms_kept *kept, dgms_claim *c)
{
    *(c->newer ? &c->newer->older : &kept->newest) = c->older;
    *(c->older ? &c->older->newer : &kept->oldest) = c->newer;
    c->newer = c->older = NULL;
}

static void list_newest(dgms_kept *kept, dgms_claim *c)
{
    c->older = kept->newest;
    *(kept->newest ? &kept->newest->newer : &kept->oldest) = c;
    kept->newest = c;
}

/* Out of the table: nobody finds it any more. */
static void drop(dgms_kept *kept, dgms_claim *c)
{
    dgms_claim **at = chain_of(kept, c->hash);
    while (*at != c)
        at = &(*at)->chain;
    *at = c->chain;
    if (c->phase == KEPT) {
        unlist(kept, c);
        kept->bytes -= c->bytes;
    }
    c->phase = DROPPED;
}

static void let_go(dgms_claim *c)
{
    if (--c->users == 0 && c->phase == DROPPED)
        free_claim(c);
}

static dgms_claim *put_claim(dgms_kept *kept, dgmi_str key, uint64_t hash)
{
    dgms_claim *c = calloc(1, sizeof *c);
    if (!c || !(c->key = malloc(key.n + 1))) {
        free(c);
        return NULL;
    }
    memcpy(c->key, key.p, key.n);
    c->key_n = key.n;
    c->hash = hash;
    c->users = 1;
    c->chain = *chain_of(kept, hash);
    *chain_of(kept, hash) = c;
    return c;
}

/* ---- Finding and keeping ---- */

static bool copy_reply(dgms_reply *out, const dgms_reply *from)
{
    char *body = malloc(from->n + 1);
    if (!body)
        return false;
    memcpy(body, from->body, from->n);
    body[from->n] = '\0';
    *out = *from;
    out->body = body;
    out->owned = true;
    return true;
}

/* The one under this key, in use by the caller: kept, or claimed by it; NULL if it is to
 * be made without. Who waited in vain makes it without, so that what fails for each does
 * not fail for one after the other. */
static dgms_claim *use(dgms_kept *kept, dgmi_str key, uint64_t hash)
{
    dgms_claim *c = look_up(kept, key, hash);
    if (!c)
        return put_claim(kept, key, hash);
    c->users++;
    while (c->phase == MAKING)
        pthread_cond_wait(&kept->settled, &kept->lock);
    if (c->phase == KEPT) {
        unlist(kept, c);
        list_newest(kept, c);
        return c;
    }
    if (c->reply.body)
        return c; /* dropped meanwhile, but good */
    let_go(c);
    return NULL;
}

bool dgms_kept_find(dgms_kept *kept, dgmi_str key, dgms_reply *reply, dgms_claim **claim)
{
    *claim = NULL;
    if (!kept->budget)
        return false;
    uint64_t hash = dgmi_hash64(key.p, key.n);
    pthread_mutex_lock(&kept->lock);
    dgms_claim *c = use(kept, key, hash);
    bool found = c && c->phase != MAKING;
    pthread_mutex_unlock(&kept->lock);
    if (c && !found)
        *claim = c;
    if (found) {
        bool copied = copy_reply(reply, &c->reply);
        pthread_mutex_lock(&kept->lock);
        let_go(c);
        pthread_mutex_unlock(&kept->lock);
        found = copied;
    }
    dgms_metrics_count(kept->metrics, found ? DGMS_KEPT_HITS : DGMS_KEPT_MISSES, 1);
    return found;
}

void dgms_kept_settle(dgms_kept *kept, dgms_claim *claim, const dgms_reply *reply)
{
    size_t evicted = 0;
    if (!claim)
        return;
    claim->bytes = sizeof *claim + claim->key_n + (reply ? reply->n : 0);
    bool keep = reply && claim->bytes <= kept->budget / DGMS_KEPT_SHARE &&
                copy_reply(&claim->reply, reply);
    pthread_mutex_lock(&kept->lock);
    if (keep) {
        claim->phase = KEPT;
        list_newest(kept, claim);
        kept->bytes += claim->bytes;
    } else {
        drop(kept, claim);
    }
    let_go(claim); /* from here on it may be any other's, or gone */
    for (; kept->bytes > kept->budget; evicted++) {
        dgms_claim *last = kept->oldest;
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): those let go are off the list */
        last->users++;
        drop(kept, last);
        let_go(last);
    }
    pthread_cond_broadcast(&kept->settled);
    pthread_mutex_unlock(&kept->lock);
    dgms_metrics_count(kept->metrics, DGMS_KEPT_EVICTED, evicted);
}

size_t dgms_kept_bytes(dgms_kept *kept)
{
    pthread_mutex_lock(&kept->lock);
    size_t bytes = kept->bytes;
    pthread_mutex_unlock(&kept->lock);
    return bytes;
}
