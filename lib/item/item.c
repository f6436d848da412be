/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The builder of items: setters that clean, a latched failure, one finish. Depends on
 * lib/base. */
#include "build.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "hash.h"
#include "topics.h"
#include "utf8.h"

/* The public item and the arena that holds it and all of its strings. */
typedef struct owned_item {
    dgm_item item;
    dgmi_arena *arena;
} owned_item;

dgmi_item *dgmi_item_new(void)
{
    dgmi_item *item = calloc(1, sizeof *item);
    if (item == NULL)
        return NULL;
    item->arena = dgmi_arena_new(DGMI_ITEM_MAX);
    if (item->arena == NULL) {
        free(item);
        return NULL;
    }
    dgmi_buf_init(&item->scratch, DGMI_ITEM_MAX);
    item->published = item->updated = item->fetched = item->embargo = DGM_NO_TIME;
    return item;
}

void dgmi_item_free(dgmi_item *item)
{
    if (item == NULL)
        return;
    dgmi_buf_clear(&item->scratch);
    free(item->paras);
    free(item->turns);
    free(item->asides);
    free(item->topics.values);
    free(item->names.values);
    free(item->proofs);
    free(item->evidence);
    free(item->warnings);
    dgmi_arena_free(item->arena);
    free(item);
}

bool dgmi_item_failed(const dgmi_item *item)
{
    return item->no_memory || item->refused != NULL;
}

/* Latches the reason why memory was not given: the item's own limit, or the machine's. */
static void fail_memory(dgmi_item *item, size_t wanted)
{
    size_t used = dgmi_arena_used(item->arena) + 4096;
    if (wanted > DGMI_ITEM_MAX || used > DGMI_ITEM_MAX - wanted)
        item->refused = "larger than an item may be (48 MB)";
    else
        item->no_memory = true;
}

size_t dgmi_space_at(const char *p, const char *end)
{
    unsigned char a = (unsigned char)p[0];
    if (a == ' ' || (a >= '\t' && a <= '\r'))
        return 1;
    if (a == 0xC2 && end - p >= 2 &&
        ((unsigned char)p[1] == 0xA0 || (unsigned char)p[1] == 0x85))
        return 2;
    if ((a != 0xE2 && a != 0xE3) || end - p < 3)
        return 0;
    unsigned char b = (unsigned char)p[1], c = (unsigned char)p[2];
    if (a == 0xE3)
        return b == 0x80 && c == 0x80 ? 3 : 0;
    if (b == 0x80 && (c <= 0x8A || c == 0xA8 || c == 0xA9 || c == 0xAF))
        return 3;
    return b == 0x81 && c == 0x9F ? 3 : 0;
}

/* Runs of white space to one space, none at either end, in place. Returns the new length.
 */
static size_t collapse(char *p, size_t n)
{
    const char *end = p + n;
    size_t out = 0;
    bool gap = false;
    for (const char *at = p; at < end;) {
        size_t space = dgmi_space_at(at, end);
        if (space > 0) {
            gap = out > 0;
            at += space;
            continue;
        }
        if (gap)
            p[out++] = ' ';
        gap = false;
        p[out++] = *at++;
    }
    return out;
}

char *dgmi_item_clean(dgmi_item *item, dgmi_str s, size_t *n)
{
    *n = 0;
    if (dgmi_item_failed(item))
        return NULL;
    dgmi_buf_reset(&item->scratch);
    dgmi_utf8_clean(&item->scratch, s.p, s.n);
    if (item->scratch.failed) {
        fail_memory(item,
                    s.n > DGMI_ITEM_MAX ? s.n : s.n * 3); /* a bad byte becomes three */
        return NULL;
    }
    size_t length = item->scratch.n == 0 ? 0 : collapse(item->scratch.p, item->scratch.n);
    char *copy = dgmi_arena_str(item->arena, (dgmi_str){ item->scratch.p, length });
    if (copy == NULL)
        fail_memory(item, length);
    else
        *n = length;
    return copy;
}

/* As dgmi_item_clean, but white space stays: for JSON and markup. */
static const char *clean_verbatim(dgmi_item *item, dgmi_str s)
{
    if (dgmi_item_failed(item))
        return NULL;
    dgmi_buf_reset(&item->scratch);
    dgmi_utf8_clean(&item->scratch, s.p, s.n);
    const char *copy = NULL;
    if (!item->scratch.failed)
        copy = dgmi_arena_str(item->arena, dgmi_buf_str(&item->scratch));
    if (copy == NULL)
        fail_memory(item, s.n > DGMI_ITEM_MAX ? s.n : s.n * 3);
    return copy != NULL && copy[0] != '\0' ? copy : NULL;
}

void dgmi_item_set(dgmi_item *item, dgmi_field field, dgmi_str value)
{
    if (field == DGMI_EXTRA) {
        item->fields[field] = clean_verbatim(item, value);
        return;
    }
    size_t n;
    const char *text = dgmi_item_clean(item, value, &n);
    item->fields[field] = n > 0 ? text : NULL;
}

const char *dgmi_item_get(const dgmi_item *item, dgmi_field field)
{
    return item->fields[field];
}

void dgmi_item_set_published(dgmi_item *item, int64_t time)
{
    item->published = time;
}

void dgmi_item_set_updated(dgmi_item *item, int64_t time)
{
    item->updated = time;
}

void dgmi_item_set_fetched(dgmi_item *item, int64_t time)
{
    item->fetched = time;
}

void dgmi_item_set_embargo(dgmi_item *item, int64_t time)
{
    item->embargo = time;
}

void dgmi_item_set_status(dgmi_item *item, dgm_item_status status)
{
    item->status = status;
}

void dgmi_item_set_translated(dgmi_item *item, bool translated)
{
    item->translated = translated;
}

void dgmi_item_set_title_derived(dgmi_item *item, bool derived)
{
    item->title_derived = derived;
}

void dgmi_item_set_markup(dgmi_item *item, dgmi_str html)
{
    item->markup = clean_verbatim(item, html);
}

const char *dgmi_item_markup(const dgmi_item *item)
{
    return item->markup;
}

size_t dgmi_item_count_paragraphs(const dgmi_item *item)
{
    return item->n_paras;
}

int64_t dgmi_item_published(const dgmi_item *item)
{
    return item->published;
}

bool dgmi_item_date(dgmi_str text, int64_t now, int64_t *time)
{
    return dgmi_date_parse(dgmi_str_trim(text), time) && *time <= now + 48 * 3600;
}

bool dgmi_item_embargo(dgmi_item *item, dgmi_str text)
{
    return dgmi_date_parse(dgmi_str_trim(text), &item->embargo);
}

static void add_label(dgmi_item *item, dgmi_labels *labels, dgmi_str value)
{
    size_t n;
    const char *text = dgmi_item_clean(item, value, &n);
    if (text == NULL || n == 0)
        return;
    for (size_t i = 0; i < labels->n; i++) {
        if (strcmp(labels->values[i], text) == 0)
            return;
    }
    if (labels->n == DGMI_LABELS_MAX) {
        item->refused = "more than 1000 topics or names";
        return;
    }
    if (!dgmi_grow(&labels->values, &labels->capacity, labels->n + 1,
                   sizeof *labels->values)) {
        item->no_memory = true;
        return;
    }
    labels->values[labels->n++] = text;
}

void dgmi_item_add_topic(dgmi_item *item, dgmi_str topic)
{
    dgmi_topic known;
    bool coded = dgmi_topic_find(dgmi_str_trim(topic), &known);
    add_label(item, &item->topics, coded ? known.name : topic);
}

void dgmi_item_add_name(dgmi_item *item, dgmi_str name)
{
    add_label(item, &item->names, name);
}

void dgmi_item_push(dgmi_item *item, const char *text, size_t n, bool block)
{
    if (dgmi_item_failed(item) || n == 0)
        return;
    if (item->n_paras == DGMI_PARAGRAPHS_MAX) {
        item->refused = "more than 200000 paragraphs";
        return;
    }
    if (!dgmi_grow(&item->paras, &item->cap_paras, item->n_paras + 1,
                   sizeof *item->paras)) {
        item->no_memory = true;
        return;
    }
    item->paras[item->n_paras++] = (dgmi_para){ text, n, block };
}

void dgmi_item_add_paragraph(dgmi_item *item, dgmi_str text)
{
    size_t n;
    const char *clean = dgmi_item_clean(item, text, &n);
    if (clean == NULL || n == 0)
        return;
    dgmi_item_push(item, clean, n, item->next_block);
    item->next_block = false;
}

void dgmi_item_add_turn(dgmi_item *item, dgm_role role, dgmi_str speaker, uint32_t from,
                        uint32_t to)
{
    size_t n;
    const char *name = dgmi_item_clean(item, speaker, &n);
    if (dgmi_item_failed(item))
        return;
    if (!dgmi_grow(&item->turns, &item->cap_turns, item->n_turns + 1,
                   sizeof *item->turns)) {
        item->no_memory = true;
        return;
    }
    item->turns[item->n_turns++] = (dgm_turn){ role, n > 0 ? name : NULL, from, to };
}

void dgmi_item_add_aside(dgmi_item *item, const char *kind, dgmi_str text,
                         uint32_t before)
{
    size_t n;
    const char *clean = dgmi_item_clean(item, text, &n);
    if (clean == NULL || n == 0)
        return;
    if (item->n_asides == DGMI_PARAGRAPHS_MAX) {
        item->refused = "more than 200000 set-aside lines";
        return;
    }
    const char *label = dgmi_arena_dup(item->arena, kind);
    if (label == NULL || !dgmi_grow(&item->asides, &item->cap_asides, item->n_asides + 1,
                                    sizeof *item->asides)) {
        item->no_memory = true;
        return;
    }
    item->asides[item->n_asides++] = (dgm_aside){ label, clean, before };
}

dgm_item *dgmi_item_in_arena(dgmi_arena *arena)
{
    owned_item *owned = dgmi_arena_alloc(arena, sizeof *owned);
    if (owned == NULL)
        return NULL;
    owned->arena = arena;
    owned->item.published = owned->item.updated = owned->item.fetched = DGM_NO_TIME;
    owned->item.embargo = DGM_NO_TIME;
    return &owned->item;
}

dgmi_arena *dgmi_item_arena(dgm_item *item)
{
    return ((owned_item *)item)->arena;
}

void dgm_item_free(dgm_item *item)
{
    if (item != NULL)
        dgmi_arena_free(((owned_item *)item)->arena);
}

/* Copies an array into the arena; an empty one gives NULL and is no failure. */
static void *keep_array(dgmi_item *item, const void *values, size_t count, size_t size)
{
    if (count == 0)
        return NULL;
    void *copy = dgmi_arena_copy(item->arena, values, count * size);
    if (copy == NULL)
        fail_memory(item, count * size);
    return copy;
}

static void keep_arrays(dgmi_item *b, dgm_item *item)
{
    const char **paragraphs = NULL;
    if (b->n_paras > 0) {
        paragraphs = dgmi_arena_array(b->arena, b->n_paras, sizeof *paragraphs);
        if (paragraphs == NULL)
            fail_memory(b, b->n_paras * sizeof *paragraphs);
    }
    for (size_t i = 0; paragraphs != NULL && i < b->n_paras; i++)
        paragraphs[i] = b->paras[i].text;
    item->paragraphs = paragraphs;
    item->n_paragraphs = b->n_paras;
    item->turns = keep_array(b, b->turns, b->n_turns, sizeof *b->turns);
    item->n_turns = b->n_turns;
    item->asides = keep_array(b, b->asides, b->n_asides, sizeof *b->asides);
    item->n_asides = b->n_asides;
    item->topics = keep_array(b, b->topics.values, b->topics.n, sizeof *b->topics.values);
    item->n_topics = b->topics.n;
    item->names = keep_array(b, b->names.values, b->names.n, sizeof *b->names.values);
    item->n_names = b->names.n;
    item->evidence = keep_array(b, b->evidence, b->n_evidence, sizeof *b->evidence);
    item->n_evidence = b->n_evidence;
    item->warnings = keep_array(b, b->warnings, b->n_warnings, sizeof *b->warnings);
    item->n_warnings = b->n_warnings;
}

static void keep_fields(const dgmi_item *b, dgm_item *item)
{
    item->id = b->fields[DGMI_ID];
    item->version = b->fields[DGMI_VERSION];
    item->title = b->fields[DGMI_TITLE];
    item->region = b->fields[DGMI_REGION];
    item->country = b->fields[DGMI_COUNTRY];
    item->source = b->fields[DGMI_SOURCE];
    item->provider = b->fields[DGMI_PROVIDER];
    item->agency = b->fields[DGMI_AGENCY];
    item->author = b->fields[DGMI_AUTHOR];
    item->language = b->fields[DGMI_LANGUAGE];
    item->original_language = b->fields[DGMI_ORIGINAL_LANGUAGE];
    item->url = b->fields[DGMI_URL];
    item->evolved_from = b->fields[DGMI_EVOLVED_FROM];
    item->translation_of = b->fields[DGMI_TRANSLATION_OF];
    item->extra = b->fields[DGMI_EXTRA];
    item->sha256 = b->fields[DGMI_SHA256];
    item->published = b->published;
    item->updated = b->updated;
    item->fetched = b->fetched;
    item->embargo = b->embargo;
    item->status = b->status;
    item->translated = b->translated;
    item->title_derived = b->title_derived;
}

dgm_status dgmi_item_finish(dgmi_item *b, dgm_item **out, dgm_error *err)
{
    *out = NULL;
    dgm_item *item = dgmi_item_failed(b) ? NULL : dgmi_item_in_arena(b->arena);
    if (item != NULL) {
        keep_fields(b, item);
        keep_arrays(b, item);
    } else if (b->refused == NULL) {
        b->no_memory = true;
    }
    dgm_status status = DGM_OK;
    if (b->refused != NULL) {
        status = dgmi_fail(err, DGM_E_ARG, "%s", b->refused);
    } else if (b->no_memory) {
        status = dgmi_fail_memory(err);
    } else {
        *out = item;
        b->arena = NULL;
    }
    dgmi_item_free(b);
    return status;
}
