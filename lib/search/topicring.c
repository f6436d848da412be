/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Topics by their keys. Depends on topicring.h, lib/text. */
#include "topicring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "schema.h"

struct dgmi_topicring {
    char language[9];
    dgmi_arena *arena; /* of needs */
    dgmi_map *ids;     /* of terms and beginnings: the id + 1 */
    uint64_t *seen;    /* by id: the item that was found to have it */
    uint32_t *first;   /* by id: place + 1 in the chain of the topics whose key it is */
    size_t n_ids, ids_capacity, first_capacity;
    struct link {
        uint32_t topic, next; /* next: place + 1, 0: none */
    } * chain;
    size_t n_links, capacity;
    struct beginning {
        const char *text;
        uint32_t id;
    } * beginnings;
    size_t n_beginnings, beginnings_capacity;
    struct topic {
        dgmi_need *need;
        uint64_t seen; /* the item that it was looked at for */
    } * topics;
    uint32_t n;
    uint32_t topic; /* at hand, while the ring is made */
    dgmi_forms *forms;
    uint64_t item; /* number of the item at hand */
};

/* ---- Making one ---- */

/* Gives a term or a beginning its id. Terms begin with a capital, so they never meet. */
static bool put_id(void *user, dgmi_need *leaf)
{
    dgmi_topicring *r = user;
    uint64_t *place = dgmi_map_at(r->ids, dgmi_str_of(leaf->text), true);
    if (!place)
        return false;
    if (*place == 0) {
        if (!dgmi_grow(&r->seen, &r->ids_capacity, r->n_ids + 1, sizeof *r->seen) ||
            !dgmi_grow(&r->first, &r->first_capacity, r->n_ids + 1, sizeof *r->first))
            return false;
        r->seen[r->n_ids] = 0;
        r->first[r->n_ids] = 0;
        *place = ++r->n_ids;
        if (leaf->kind == DGMI_NEED_BEGINNING) {
            if (!dgmi_grow(&r->beginnings, &r->beginnings_capacity, r->n_beginnings + 1,
                           sizeof *r->beginnings))
                return false;
            r->beginnings[r->n_beginnings++] =
                (struct beginning){ leaf->text, (uint32_t)*place - 1 };
        }
    }
    leaf->id = (uint32_t)*place - 1;
    return true;
}

static bool put_key(void *user, dgmi_need *key)
{
    dgmi_topicring *r = user;
    if (!dgmi_grow(&r->chain, &r->capacity, r->n_links + 1, sizeof *r->chain))
        return false;
    r->chain[r->n_links] = (struct link){ r->topic, r->first[key->id] };
    r->first[key->id] = (uint32_t)++r->n_links;
    return true;
}

void dgmi_topicring_free(dgmi_topicring *r)
{
    if (!r)
        return;
    dgmi_map_free(r->ids);
    dgmi_forms_free(r->forms);
    dgmi_arena_free(r->arena);
    free(r->seen);
    free(r->first);
    free(r->chain);
    free(r->beginnings);
    free(r->topics);
    free(r);
}

static bool add_topic(dgmi_topicring *r, dgmi_keyer *k, const dgmi_query *query)
{
    dgmi_need *need = dgmi_need_of(k, query->root);
    r->topics[r->topic].need = need;
    return need && dgmi_need_leaves(need, put_id, r) && dgmi_need_keys(need, put_key, r);
}

static bool make(dgmi_topicring *r, dgmi_stems *stems)
{
    r->arena = dgmi_arena_new(0);
    r->ids = dgmi_map_new();
    r->topics = calloc(r->n + 1, sizeof *r->topics);
    r->forms = dgmi_forms_new(stems, *r->language ? r->language : NULL);
    return r->arena && r->ids && r->topics && r->forms;
}

static bool fill(dgmi_topicring *r, dgmi_stems *stems, const dgmi_index *index,
                 dgmi_query *const *queries)
{
    bool good = true;
    dgmi_keyer k = { .stems = stems,
                     .language = *r->language ? r->language : NULL,
                     .index = index,
                     .forms = r->forms,
                     .arena = r->arena };
    dgmi_buf_init(&k.term, 0);
    for (r->topic = 0; r->topic < r->n && good; r->topic++)
        good = add_topic(r, &k, queries[r->topic]);
    dgmi_buf_clear(&k.term);
    return good;
}

dgmi_topicring *dgmi_topicring_new(const char *language, dgmi_stems *stems,
                                   const dgmi_index *index, dgmi_query *const *queries,
                                   size_t n)
{
    dgmi_topicring *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    snprintf(r->language, sizeof r->language, "%s", language);
    r->n = (uint32_t)n;
    if (make(r, stems) && fill(r, stems, index, queries))
        return r;
    dgmi_topicring_free(r);
    return NULL;
}

const char *dgmi_topicring_language(const dgmi_topicring *r)
{
    return r->language;
}

/* ---- Looking at an item ---- */

typedef struct looking {
    dgmi_topicring *ring;
    dgmi_meeting item;
    dgmi_verdict_fn tell;
    void *user;
} looking;

static bool has_id(const void *user, uint32_t id)
{
    const dgmi_topicring *r = user;
    return r->seen[id] == r->item;
}

/* A topic one of whose keys the item has. */
static void consider(looking *l, uint32_t topic)
{
    struct topic *at = &l->ring->topics[topic];
    if (at->seen == l->ring->item || l->item.status != DGM_OK)
        return;
    at->seen = l->ring->item;
    dgmi_verdict verdict = dgmi_need_judge(at->need, &l->item);
    if (verdict != DGMI_MISSED)
        l->tell(l->user, topic, verdict);
}

/* Whether one of the sorted terms begins so. */
static bool has_beginning(const dgmx_term *terms, size_t n, const char *text)
{
    size_t low = 0, high = n, length = strlen(text);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const dgmx_term *term = &terms[middle];
        size_t least = term->n < length ? term->n : length;
        int order = memcmp(term->p, text, least);
        if (order == 0 && term->n >= length)
            return true;
        if (order < 0 || (order == 0 && term->n < length))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static void see_terms(dgmi_topicring *r, const dgmx_term *terms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t *place =
            terms[i].p[0] == DGMI_PREFIX_STEM[0]
                ? dgmi_map_at(r->ids, (dgmi_str){ terms[i].p, terms[i].n }, false)
                : NULL;
        if (place)
            r->seen[*place - 1] = r->item;
    }
    for (size_t i = 0; i < r->n_beginnings; i++) {
        if (has_beginning(terms, n, r->beginnings[i].text))
            r->seen[r->beginnings[i].id] = r->item;
    }
}

/* Those whose keys the item has, and those without any. */
static void see_topics(looking *l)
{
    const dgmi_topicring *r = l->ring;
    for (size_t id = 0; id < r->n_ids; id++) {
        for (uint32_t at = r->seen[id] == r->item ? r->first[id] : 0; at;
             at = r->chain[at - 1].next)
            consider(l, r->chain[at - 1].topic);
    }
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->topics[i].need->kind == DGMI_NEED_NOTHING)
            consider(l, i);
    }
}

dgm_status dgmi_topicring_look(dgmi_topicring *r, const dgmx_term *terms, size_t n,
                               dgmi_verdict_fn tell, void *user, dgm_error *err)
{
    looking l = { .ring = r,
                  .item = { .has = has_id,
                            .user = r,
                            .terms = terms,
                            .n = n,
                            .forms = r->forms,
                            .err = err },
                  .tell = tell,
                  .user = user };
    r->item++;
    see_terms(r, terms, n);
    see_topics(&l);
    return l.item.status;
}
