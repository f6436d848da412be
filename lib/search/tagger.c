/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Naming the topics of an item when it comes in. Depends on lib/index, topickeys.h.
 *
 * Each topic has keys, the rarest terms without one of which it cannot match, and an item
 * without them is not asked. What a topic needs besides is looked for in the item's terms
 * (topicmeet.h). For the few topics that this does not decide, the item's document is put
 * into a database of its own in memory, and they are searched in it as in any other. */
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
#include "topicring.h"

enum { LANGUAGES = 16, LOOK_US = 1000000, DEADLINE_US = 2000000 };
#define WORDS_AN_ITEM 300 /* what impacts are reckoned with; no score is looked at */

typedef struct asked {
    dgmi_topic_tag tag;
    dgm_request *request;
} asked;

struct dgmi_tagger {
    dgm desk; /* over one document */
    dgmi_index one;
    dgmi_index *live; /* for frequencies, or NULL */
    dgmx_writer *memory;
    dgm_topics *topics;
    asked *list;
    dgmi_query **queries; /* of the list */
    size_t n;
    dgmi_topicring *rings[LANGUAGES];
    size_t n_rings;
    const dgmi_topic_tag **tags; /* that the item at hand has */
    uint32_t *doubts;            /* topics of which a search has to tell */
    size_t n_tags, n_doubts;
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
    if (status == DGM_OK) /* an item keeps its topics when another replaces it */
        status = dgm_request_set(a->request, "versions", "all", err);
    return status == DGM_OK
               ? dgmi_query_parse(topic->query, false, &t->queries[t->n - 1], err)
               : status;
}

static dgm_status take_topics(dgmi_tagger *t, dgm_error *err)
{
    dgm_status status = DGM_OK;
    size_t n = t->topics->n + 1;
    t->list = calloc(n, sizeof *t->list);
    t->queries = calloc(n, sizeof(dgmi_query *));
    t->doubts = calloc(n, sizeof *t->doubts);
    t->tags = calloc(n, sizeof *t->tags);
    if (!t->list || !t->queries || !t->doubts || !t->tags)
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
    if (status == DGM_OK)
        status = dgmi_stems_new(&t->desk.stems, err);
    if (status == DGM_OK && (!t->one.data_dir || !t->desk.codec))
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

void dgmi_tagger_free(dgmi_tagger *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++) {
        dgmi_query_free(t->queries[i]);
        dgm_request_free(t->list[i].request);
    }
    for (size_t i = 0; i < t->n_rings; i++)
        dgmi_topicring_free(t->rings[i]);
    dgmi_lore_clear(&t->desk.lore);
    dgmi_namebook_clear(&t->desk.names);
    dgmi_synonymbook_clear(&t->desk.synonyms);
    dgmi_stems_free(t->desk.stems);
    dgmi_codec_free(t->desk.codec);
    dgmx_db_close(t->one.db);
    dgmx_writer_close(t->memory);
    dgmi_index_close(t->live);
    free(t->one.data_dir);
    dgm_topics_free(t->topics);
    free(t->list);
    free(t->queries);
    free(t->doubts);
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

/* ---- Looking ---- */

/* The ring of a language, made when it is first met. NULL without memory. */
static dgmi_topicring *ring_of(dgmi_tagger *t, const char *language)
{
    char tag[9] = "";
    if (language)
        dgmi_language_tag(language, tag);
    for (size_t i = 0; i < t->n_rings; i++) {
        if (strcmp(dgmi_topicring_language(t->rings[i]), tag) == 0)
            return t->rings[i];
    }
    dgmi_topicring *made =
        dgmi_topicring_new(tag, t->desk.stems, t->live, t->queries, t->n);
    if (!made)
        return NULL;
    if (t->n_rings == LANGUAGES) /* the last gives way: no archive has as many at once */
        dgmi_topicring_free(t->rings[--t->n_rings]);
    t->rings[t->n_rings++] = made;
    return made;
}

static void take_verdict(void *user, uint32_t topic, dgmi_verdict verdict)
{
    dgmi_tagger *t = user;
    if (verdict == DGMI_MET)
        t->tags[t->n_tags++] = &t->list[topic].tag;
    if (verdict == DGMI_UNSURE)
        t->doubts[t->n_doubts++] = topic;
}

dgm_status dgmi_tagger_look(dgmi_tagger *t, const dgmx_term *terms, size_t n,
                            const char *language, size_t *in_doubt, dgm_error *err)
{
    dgmi_topicring *ring = ring_of(t, language);
    t->n_tags = t->n_doubts = *in_doubt = 0;
    if (!ring)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_topicring_look(ring, terms, n, take_verdict, t, err);
    *in_doubt = t->n_doubts;
    return status;
}

/* ---- Searching ---- */

static dgm_status matches(dgmi_tagger *t, uint32_t topic, bool *found, dgm_error *err)
{
    dgmx_mset *mset = NULL;
    dgmi_arena *arena = dgmi_arena_new(0);
    dgmi_search s = { .desk = &t->desk,
                      .request = t->list[topic].request,
                      .query = t->queries[topic],
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

dgm_status dgmi_tagger_search(dgmi_tagger *t, dgmx_doc *doc, dgm_error *err)
{
    dgm_status status = dgmx_writer_replace(t->memory, 1, doc, err);
    t->one.commit++; /* what the desk keeps in mind of the last one is gone */
    for (size_t i = 0; i < t->n_doubts && status == DGM_OK; i++) {
        bool found = false;
        status = matches(t, t->doubts[i], &found, err);
        if (found)
            take_verdict(t, t->doubts[i], DGMI_MET);
    }
    return status;
}

/* Tags lie in the list of topics, in its order. */
static int by_topic(const void *a, const void *b)
{
    const dgmi_topic_tag *x = *(const dgmi_topic_tag *const *)a;
    const dgmi_topic_tag *y = *(const dgmi_topic_tag *const *)b;
    return (x > y) - (x < y);
}

const dgmi_topic_tag *const *dgmi_tagger_tags(dgmi_tagger *t, size_t *n)
{
    if (t->n_tags > 1)
        qsort(t->tags, t->n_tags, sizeof *t->tags, by_topic);
    *n = t->n_tags;
    return t->tags;
}
