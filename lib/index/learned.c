/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules in memory, and an item without the lines they set aside. Depends on learned.h,
 * lib/base, lib/item. */
#include "learned.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "hash.h"
#include "item.h"

enum { ZONE = DGMI_LEARN_HEAD + DGMI_LEARN_TAIL };

dgmi_learned *dgmi_learned_new(void)
{
    dgmi_learned *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->arena = dgmi_arena_new(0);
    if (l->arena == NULL) {
        free(l);
        return NULL;
    }
    return l;
}

void dgmi_learned_free(dgmi_learned *l)
{
    if (l == NULL)
        return;
    dgmi_arena_free(l->arena);
    free(l->rules);
    free(l->dropped);
    free(l->table);
    free(l);
}

dgmi_rule *dgmi_learned_at(dgmi_learned *l, const char *scope, const char *text,
                           bool make)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t at = low + (high - low) / 2;
        int order = strcmp(scope, l->rules[at].scope);
        order = order != 0 ? order : strcmp(text, l->rules[at].text);
        if (order == 0)
            return &l->rules[at];
        if (order < 0)
            high = at;
        else
            low = at + 1;
    }
    if (!make || !dgmi_grow(&l->rules, &l->capacity, l->n + 1, sizeof *l->rules))
        return NULL;
    dgmi_rule rule = { .scope = dgmi_arena_dup(l->arena, scope),
                       .text = dgmi_arena_dup(l->arena, text),
                       .state = DGM_LINE_CANDIDATE,
                       .first = DGM_NO_TIME,
                       .last = DGM_NO_TIME };
    if (rule.scope == NULL || rule.text == NULL)
        return NULL;
    memmove(&l->rules[low + 1], &l->rules[low], (l->n - low) * sizeof *l->rules);
    l->rules[low] = rule;
    l->n++;
    return &l->rules[low];
}

static uint64_t hash_of(const char *scope, const char *text)
{
    uint64_t pair[2] = { dgmi_hash64(scope, strlen(scope)),
                         dgmi_hash64(text, strlen(text)) };
    return dgmi_hash64(pair, sizeof pair);
}

dgm_status dgmi_learned_ready(dgmi_learned *l, dgm_error *err)
{
    size_t size = 8;
    while (size < l->n * 2)
        size *= 2;
    free(l->table);
    l->size = 0;
    l->table = calloc(size, sizeof *l->table);
    if (l->table == NULL)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < l->n; i++) {
        const dgmi_rule *r = &l->rules[i];
        if (r->from >= r->until)
            continue;
        size_t at = (size_t)hash_of(r->scope, r->text) & (size - 1);
        while (l->table[at] != 0)
            at = (at + 1) & (size - 1);
        l->table[at] = (uint32_t)i + 1;
        l->size = size;
    }
    return DGM_OK;
}

static bool holds(const dgmi_learned *l, const char *scope, const char *text,
                  uint64_t place)
{
    size_t at = (size_t)hash_of(scope, text) & (l->size - 1);
    for (; l->table[at] != 0; at = (at + 1) & (l->size - 1)) {
        const dgmi_rule *r = &l->rules[l->table[at] - 1];
        if (strcmp(r->text, text) == 0 && strcmp(r->scope, scope) == 0)
            return place >= r->from && place < r->until;
    }
    return false;
}

/* ---- Items ---- */

/* A label as a column of the file: without tabs or line ends, which a label never has but
 * an address may. */
static const char *scope_of(dgmi_arena *arena, const char *kind, dgmi_str name)
{
    char *scope = dgmi_arena_printf(arena, "%s:%.*s", kind, (int)name.n, name.p);
    for (char *p = scope; p != NULL && *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    }
    return scope;
}

static dgmi_str host_of(const char *url)
{
    const char *slashes = url != NULL ? strstr(url, "://") : NULL;
    if (slashes == NULL)
        return (dgmi_str){ "", 0 };
    return (dgmi_str){ slashes + 3, strcspn(slashes + 3, "/:?#") };
}

size_t dgmi_item_scopes(dgmi_arena *arena, const dgm_item *item, const char *scopes[2])
{
    size_t n = 0;
    dgmi_str host = host_of(item->url);
    if (item->source != NULL)
        scopes[n++] = scope_of(arena, "source", dgmi_str_of(item->source));
    if (item->provider != NULL)
        scopes[n++] = scope_of(arena, "provider", dgmi_str_of(item->provider));
    else if (host.n > 0 && host.n < 256)
        scopes[n++] = scope_of(arena, "host", host);
    return n;
}

bool dgmi_in_zone(const dgm_item *item, size_t i)
{
    if (i >= DGMI_LEARN_HEAD && i + DGMI_LEARN_TAIL < item->n_paragraphs)
        return false;
    for (size_t k = 0; k < item->n_turns; k++) {
        if (item->turns[k].from == i)
            return false;
    }
    return true;
}

/* Numbers of the paragraphs to be set aside, ascending. */
typedef struct chosen {
    size_t at[ZONE];
    size_t n;
} chosen;

static dgm_status choose(const dgmi_learned *l, const dgm_item *item, uint64_t place,
                         dgmi_arena *arena, chosen *out, dgm_error *err)
{
    const char *scopes[2] = { NULL, NULL };
    size_t n = dgmi_item_scopes(arena, item, scopes);
    for (size_t k = 0; k < n; k++) {
        if (scopes[k] == NULL)
            return dgmi_fail_memory(err);
    }
    for (size_t i = 0; n > 0 && i < item->n_paragraphs; i++) {
        if (i == DGMI_LEARN_HEAD && item->n_paragraphs > ZONE)
            i = item->n_paragraphs - DGMI_LEARN_TAIL;
        bool found = dgmi_in_zone(item, i) &&
                     (holds(l, scopes[0], item->paragraphs[i], place) ||
                      (n > 1 && holds(l, scopes[1], item->paragraphs[i], place)));
        if (found && out->n < ZONE)
            out->at[out->n++] = i;
    }
    return DGM_OK;
}

/* How many chosen paragraphs stand before number i. */
static uint32_t before(const chosen *c, size_t i)
{
    uint32_t n = 0;
    while (n < c->n && c->at[n] < i)
        n++;
    return n;
}

static bool is_chosen(const chosen *c, size_t i)
{
    uint32_t n = before(c, i);
    return n < c->n && c->at[n] == i;
}

static bool copy_paragraphs(const dgm_item *item, const chosen *c, dgmi_arena *arena,
                            dgm_item *out)
{
    const char **kept = dgmi_arena_array(arena, item->n_paragraphs - c->n, sizeof *kept);
    size_t n = 0;
    for (size_t i = 0; kept != NULL && i < item->n_paragraphs; i++) {
        if (!is_chosen(c, i))
            kept[n++] = item->paragraphs[i];
    }
    out->paragraphs = kept;
    out->n_paragraphs = n;
    return kept != NULL;
}

/* A turn never loses its first paragraph, so none becomes empty. */
static bool copy_turns(const dgm_item *item, const chosen *c, dgmi_arena *arena,
                       dgm_item *out)
{
    dgm_turn *turns = dgmi_arena_array(arena, item->n_turns, sizeof *turns);
    for (size_t i = 0; turns != NULL && i < item->n_turns; i++) {
        turns[i] = item->turns[i];
        turns[i].from -= before(c, turns[i].from);
        turns[i].to -= before(c, turns[i].to);
    }
    out->turns = turns;
    return turns != NULL;
}

/* New asides come last, so that evidence goes on naming the right ones. */
static bool copy_asides(const dgm_item *item, const chosen *c, dgmi_arena *arena,
                        dgm_item *out)
{
    dgm_aside *asides = dgmi_arena_array(arena, item->n_asides + c->n, sizeof *asides);
    size_t n = item->n_asides;
    for (size_t i = 0; asides != NULL && i < n; i++) {
        asides[i] = item->asides[i];
        asides[i].before -= before(c, asides[i].before);
    }
    for (size_t i = 0; asides != NULL && i < c->n; i++)
        asides[n + i] = (dgm_aside){ "learned", item->paragraphs[c->at[i]],
                                     (uint32_t)(c->at[i] - i) };
    out->asides = asides;
    out->n_asides = n + c->n;
    return asides != NULL;
}

/* "body[7]" is another paragraph now, or an aside. */
static bool copy_evidence(const dgm_item *item, const chosen *c, dgmi_arena *arena,
                          dgm_item *out)
{
    dgm_evidence *list = dgmi_arena_array(arena, item->n_evidence, sizeof *list);
    for (size_t i = 0; list != NULL && i < item->n_evidence; i++) {
        size_t at;
        list[i] = item->evidence[i];
        if (sscanf(list[i].where, "body[%zu]", &at) != 1)
            continue;
        list[i].where = is_chosen(c, at)
                            ? dgmi_arena_printf(arena, "boilerplate[%zu]",
                                                item->n_asides + before(c, at))
                            : dgmi_arena_printf(arena, "body[%zu]", at - before(c, at));
        if (list[i].where == NULL)
            return false;
    }
    out->evidence = list;
    return list != NULL;
}

dgm_status dgmi_learned_apply(const dgmi_learned *l, const dgm_item *item, uint64_t place,
                              dgmi_arena **arena, const dgm_item **out, dgm_error *err)
{
    chosen c = { .n = 0 };
    *out = item;
    if (l == NULL || l->size == 0 || item->n_paragraphs == 0)
        return DGM_OK;
    if (*arena == NULL)
        *arena = dgmi_arena_new(0);
    if (*arena == NULL)
        return dgmi_fail_memory(err);
    dgm_status status = choose(l, item, place, *arena, &c, err);
    if (status != DGM_OK || c.n == 0 || c.n == item->n_paragraphs)
        return status;
    dgm_item *copy = dgmi_arena_copy(*arena, item, sizeof *item);
    if (copy == NULL || !copy_paragraphs(item, &c, *arena, copy) ||
        !copy_turns(item, &c, *arena, copy) || !copy_asides(item, &c, *arena, copy) ||
        !copy_evidence(item, &c, *arena, copy))
        return dgmi_fail_memory(err);
    *out = copy;
    return DGM_OK;
}
