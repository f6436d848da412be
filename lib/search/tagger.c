/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Naming the topics of an item when it comes in. Depends on lib/index, topickeys.h.
 *
 * The item's document is put into a database of its own in memory, and the topics are
 * searched in it as in any other. Most are not: each has keys, the rarest terms without
 * one of which it cannot match, and an item without them is not asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "file.h"
#include "hash.h"
#include "search.h"
#include "tagger.h"
#include "topicfile.h"
#include "topickeys.h"

enum { LANGUAGES = 16, LOOK_US = 1000000, DEADLINE_US = 2000000 };
#define WORDS_AN_ITEM 300 /* what impacts are reckoned with; no score is looked at */

/* Topics by their keys, for items of one language. */
typedef struct keyring {
    char language[9];
    dgmi_map *ids;   /* of terms and beginnings: the id + 1 */
    uint64_t *seen;  /* by id: the item that was found to have it */
    uint32_t *first; /* by id: place + 1 in the chain of the topics whose key it is */
    size_t n_ids, ids_capacity, first_capacity;
    struct link {
        uint32_t topic, next; /* next: place + 1, 0: none */
    } * chain;
    size_t n, capacity;
    struct beginning {
        const char *text;
        uint32_t id;
    } * beginnings;
    size_t n_beginnings, beginnings_capacity;
    dgmi_need **needs; /* by topic */
    uint32_t topic;    /* at hand, while the ring is made */
} keyring;

typedef struct asked {
    dgmi_topic_tag tag;
    dgmi_query *query;
    dgm_request *request;
    uint64_t seen; /* the item that it was found for */
} asked;

struct dgmi_tagger {
    dgm desk; /* over one document */
    dgmi_index one;
    dgmi_index *live; /* for frequencies, or NULL */
    dgmx_writer *memory;
    dgm_topics *topics;
    dgmi_arena *arena; /* of keys */
    asked *list;
    size_t n;
    keyring *rings[LANGUAGES];
    size_t n_rings;
    uint32_t *found;
    size_t n_found;
    const dgmi_topic_tag **tags;
    uint64_t item; /* number of the item at hand */
    uint64_t digest, looked_us, mark;
    const dgmi_log *log;
};

/* ---- Topics ---- */

static void tell_fault(void *user, const char *what)
{
    dgmi_say(user, "warning", "topic left out: %s", what);
}

static dgm_status take_topic(dgmi_tagger *t, const dgm_topic *topic, dgm_error *err)
{
    asked *a = &t->list[t->n];
    *a = (asked){ .tag = { topic->label, topic->query, topic->name },
                  .request = dgm_request_new() };
    if (!a->request)
        return dgmi_fail_memory(err);
    t->n++;
    uint64_t parts[] = { t->digest, dgmi_hash64(topic->label, strlen(topic->label)),
                         dgmi_hash64(topic->query, strlen(topic->query)) };
    t->digest = dgmi_hash64(parts, sizeof parts);
    dgm_status status = dgm_topic_ask(topic, a->request, err);
    return status == DGM_OK ? dgmi_query_parse(topic->query, false, &a->query, err)
                            : status;
}

static dgm_status take_topics(dgmi_tagger *t, dgm_error *err)
{
    dgm_status status = DGM_OK;
    size_t n = t->topics->n + 1;
    t->list = calloc(n, sizeof *t->list);
    t->found = calloc(n, sizeof *t->found);
    t->tags = calloc(n, sizeof *t->tags);
    if (!t->list || !t->found || !t->tags)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < t->topics->n && status == DGM_OK; i++)
        status = take_topic(t, &t->topics->list[i], err);
    return status;
}

static dgm_status open_memory(dgmi_tagger *t, const char *data_dir, dgm_error *err)
{
    dgm_status status = dgmx_writer_memory(&t->memory, err);
    if (status == DGM_OK)
        status = dgmx_writer_db(t->memory, &t->one.db, err);
    t->one.data_dir = dgmi_str_dup(dgmi_str_of(data_dir));
    t->one.generation = 1;
    t->one.documents = 1;
    t->one.average_length = WORDS_AN_ITEM;
    t->one.next_due = DGM_NO_TIME;
    t->desk.index = &t->one;
    t->desk.codec = dgmi_codec_new();
    t->arena = dgmi_arena_new(0);
    if (status == DGM_OK)
        status = dgmi_stems_new(&t->desk.stems, err);
    if (status == DGM_OK && (!t->one.data_dir || !t->desk.codec || !t->arena))
        status = dgmi_fail_memory(err);
    return status;
}

dgm_status dgmi_tagger_of(dgm_topics *topics, const char *data_dir, dgmi_tagger **out,
                          dgm_error *err)
{
    dgmi_tagger *t = calloc(1, sizeof *t);
    *out = NULL;
    if (!t) {
        dgm_topics_free(topics);
        return dgmi_fail_memory(err);
    }
    t->topics = topics;
    dgm_status status = open_memory(t, data_dir, err);
    if (status == DGM_OK)
        status = take_topics(t, err);
    if (status != DGM_OK) {
        dgmi_tagger_free(t);
        return status;
    }
    /* Without an index yet, rarity is guessed. */
    if (dgmi_is_dir(data_dir) && dgmi_index_open(data_dir, &t->live, NULL) != DGM_OK)
        t->live = NULL;
    *out = t;
    return DGM_OK;
}

dgm_status dgmi_tagger_new(const char *data_dir, const dgmi_log *log, dgmi_tagger **out,
                           dgm_error *err)
{
    dgm_topics *topics = NULL;
    char *folder = dgmi_path_join(data_dir, DGMI_TOPICS_FOLDER);
    dgm_status status = folder ? DGM_OK : dgmi_fail_memory(err);
    *out = NULL;
    uint64_t mark = folder ? dgmi_dir_mark(folder, NULL) : 0;
    if (status == DGM_OK && mark)
        status = dgm_topics_read(folder, tell_fault, (void *)log, &topics, err);
    free(folder);
    if (status != DGM_OK || !topics || topics->n == 0) {
        dgm_topics_free(topics);
        return status;
    }
    status = dgmi_tagger_of(topics, data_dir, out, err);
    if (*out) {
        (*out)->mark = mark;
        (*out)->looked_us = dgmi_now_us();
    }
    return status;
}

static void free_ring(keyring *r)
{
    if (!r)
        return;
    dgmi_map_free(r->ids);
    free(r->seen);
    free(r->first);
    free(r->chain);
    free(r->beginnings);
    free(r->needs);
    free(r);
}

void dgmi_tagger_free(dgmi_tagger *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++) {
        dgmi_query_free(t->list[i].query);
        dgm_request_free(t->list[i].request);
    }
    for (size_t i = 0; i < t->n_rings; i++)
        free_ring(t->rings[i]);
    dgmi_lore_clear(&t->desk.lore);
    dgmi_namebook_clear(&t->desk.names);
    dgmi_synonymbook_clear(&t->desk.synonyms);
    dgmi_stems_free(t->desk.stems);
    dgmi_codec_free(t->desk.codec);
    dgmx_db_close(t->one.db);
    dgmx_writer_close(t->memory);
    dgmi_index_close(t->live);
    free(t->one.data_dir);
    dgmi_arena_free(t->arena);
    dgm_topics_free(t->topics);
    free(t->list);
    free(t->found);
    free(t->tags);
    free(t);
}

dgm_status dgmi_tagger_refresh(dgmi_tagger **t, const char *data_dir, const dgmi_log *log,
                               dgm_error *err)
{
    uint64_t now = dgmi_now_us();
    if (*t && now - (*t)->looked_us < LOOK_US)
        return DGM_OK;
    char *folder = dgmi_path_join(data_dir, DGMI_TOPICS_FOLDER);
    if (!folder)
        return dgmi_fail_memory(err);
    uint64_t mark = dgmi_dir_mark(folder, NULL);
    free(folder);
    if (*t)
        (*t)->looked_us = now;
    if (*t ? (*t)->mark == mark : mark == 0)
        return DGM_OK;
    dgmi_tagger *fresh = NULL;
    dgm_status status = dgmi_tagger_new(data_dir, log, &fresh, err);
    if (status != DGM_OK)
        return status;
    dgmi_tagger_free(*t);
    *t = fresh;
    return DGM_OK;
}

uint64_t dgmi_tagger_digest(const dgmi_tagger *t)
{
    return t ? t->digest : 0;
}

/* ---- Keys ---- */

/* Gives a term or a beginning its id. Terms begin with a capital, so they never meet. */
static bool put_id(void *user, dgmi_need *leaf)
{
    keyring *r = user;
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
    keyring *r = user;
    if (!dgmi_grow(&r->chain, &r->capacity, r->n + 1, sizeof *r->chain))
        return false;
    r->chain[r->n] = (struct link){ r->topic, r->first[key->id] };
    r->first[key->id] = (uint32_t)++r->n;
    return true;
}

static keyring *new_ring(const dgmi_tagger *t, const char *language)
{
    keyring *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    snprintf(r->language, sizeof r->language, "%s", language);
    r->ids = dgmi_map_new();
    r->needs = calloc(t->n + 1, sizeof(dgmi_need *));
    if (r->ids && r->needs)
        return r;
    free_ring(r);
    return NULL;
}

/* False without memory. */
static bool fill_ring(dgmi_tagger *t, keyring *r)
{
    dgmi_keyer k = { .stems = t->desk.stems,
                     .language = *r->language ? r->language : NULL,
                     .index = t->live,
                     .arena = t->arena };
    for (r->topic = 0; r->topic < t->n; r->topic++) {
        dgmi_need *need = dgmi_need_of(&k, t->list[r->topic].query->root);
        r->needs[r->topic] = need;
        if (!need || !dgmi_need_leaves(need, put_id, r) ||
            !dgmi_need_keys(need, put_key, r))
            return false;
    }
    return true;
}

/* The ring of a language, made when it is first met. */
static dgm_status ring_of(dgmi_tagger *t, const char *language, keyring **out,
                          dgm_error *err)
{
    char tag[9] = "";
    if (language)
        dgmi_language_tag(language, tag);
    for (size_t i = 0; i < t->n_rings; i++) {
        if (strcmp(t->rings[i]->language, tag) == 0) {
            *out = t->rings[i];
            return DGM_OK;
        }
    }
    keyring *r = new_ring(t, tag);
    if (!r || !fill_ring(t, r)) {
        free_ring(r);
        return dgmi_fail_memory(err);
    }
    if (t->n_rings == LANGUAGES) /* the last gives way: no archive has as many at once */
        free_ring(t->rings[--t->n_rings]);
    t->rings[t->n_rings++] = *out = r;
    return DGM_OK;
}

typedef struct item_terms {
    const keyring *ring;
    uint64_t item;
} item_terms;

static bool has_id(const void *user, uint32_t id)
{
    const item_terms *terms = user;
    return terms->ring->seen[id] == terms->item;
}

/* A topic one of whose keys the item has: found, if all else that it needs is there. */
static void consider(dgmi_tagger *t, const keyring *r, uint32_t topic)
{
    item_terms terms = { r, t->item };
    if (t->list[topic].seen == t->item)
        return;
    t->list[topic].seen = t->item;
    if (dgmi_need_met(r->needs[topic], has_id, &terms))
        t->found[t->n_found++] = topic;
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

static void see_terms(dgmi_tagger *t, keyring *r, const dgmx_term *terms, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t *place =
            terms[i].p[0] == DGMI_PREFIX_STEM[0]
                ? dgmi_map_at(r->ids, (dgmi_str){ terms[i].p, terms[i].n }, false)
                : NULL;
        if (place)
            r->seen[*place - 1] = t->item;
    }
    for (size_t i = 0; i < r->n_beginnings; i++) {
        if (has_beginning(terms, n, r->beginnings[i].text))
            r->seen[r->beginnings[i].id] = t->item;
    }
}

dgm_status dgmi_tagger_look(dgmi_tagger *t, const dgmx_term *terms, size_t n,
                            const char *language, bool *found, dgm_error *err)
{
    keyring *r = NULL;
    dgm_status status = ring_of(t, language, &r, err);
    t->item++;
    t->n_found = 0;
    *found = false;
    if (status != DGM_OK || !r)
        return status;
    see_terms(t, r, terms, n);
    for (size_t id = 0; id < r->n_ids; id++) {
        for (uint32_t at = r->seen[id] == t->item ? r->first[id] : 0; at;
             at = r->chain[at - 1].next)
            consider(t, r, r->chain[at - 1].topic);
    }
    for (uint32_t i = 0; i < t->n; i++) {
        if (r->needs[i] && r->needs[i]->kind == DGMI_NEED_NOTHING)
            consider(t, r, i);
    }
    *found = t->n_found > 0;
    return DGM_OK;
}

/* ---- Matching ---- */

static dgm_status matches(dgmi_tagger *t, const asked *a, bool *found, dgm_error *err)
{
    dgmx_mset *mset = NULL;
    dgmi_arena *arena = dgmi_arena_new(0);
    dgmi_search s = { .desk = &t->desk,
                      .request = a->request,
                      .query = a->query,
                      .arena = arena,
                      .scratch = arena,
                      .size = 1,
                      .err = err };
    s.notes.arena = arena;
    *found = false;
    dgm_status status = arena ? dgmi_search_prepare(&s, dgmi_now_us() + DEADLINE_US)
                              : dgmi_fail_memory(err);
    if (status == DGM_OK && s.plan.strict && s.plan.strict->kind != DGMI_CLAUSE_NONE) {
        dgmi_run run = { .order = DGMX_BY_RELEVANCE, .hits = 1, .check_at_least = 1 };
        status = dgmi_match_run(&s.matcher, s.plan.strict, &run, &mset);
        *found = status == DGM_OK && dgmx_mset_size(mset) > 0;
    }
    dgmx_mset_free(mset);
    dgmi_arena_free(arena);
    return status;
}

static int by_topic(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

dgm_status dgmi_tagger_match(dgmi_tagger *t, dgmx_doc *doc,
                             const dgmi_topic_tag *const **out, size_t *n, dgm_error *err)
{
    dgm_status status = dgmx_writer_replace(t->memory, 1, doc, err);
    t->one.commit++; /* what the desk keeps in mind of the last one is gone */
    *n = 0;
    *out = t->tags;
    if (t->n_found > 1)
        qsort(t->found, t->n_found, sizeof *t->found, by_topic);
    for (size_t i = 0; i < t->n_found && status == DGM_OK; i++) {
        const asked *a = &t->list[t->found[i]];
        bool found = false;
        status = matches(t, a, &found, err);
        if (found)
            t->tags[(*n)++] = &a->tag;
    }
    return status;
}
