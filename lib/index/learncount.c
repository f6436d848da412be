/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting lines. Depends on learncount.h, lib/base. */
#include "learncount.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"

enum { DAY = 86400 };

dgm_status dgmi_line_counts_new(dgmi_line_counts *c, dgm_error *err)
{
    *c = (dgmi_line_counts){ .size = 1024, .seen_size = 1024 };
    c->arena = dgmi_arena_new(0);
    c->scope_numbers = dgmi_map_new();
    c->table = calloc(c->size, sizeof *c->table);
    c->seen = calloc(c->seen_size, sizeof *c->seen);
    bool ok = c->arena && c->scope_numbers && c->table && c->seen;
    return ok ? DGM_OK : dgmi_fail_memory(err);
}

void dgmi_line_counts_clear(dgmi_line_counts *c)
{
    dgmi_arena_free(c->arena);
    dgmi_map_free(c->scope_numbers);
    for (size_t i = 0; i < c->n_scopes; i++)
        free(c->scopes[i].days);
    free(c->scopes);
    free(c->lines);
    free(c->table);
    free(c->seen);
    *c = (dgmi_line_counts){ .arena = NULL };
}

/* ---- Tables ---- */

static bool grow_seen(dgmi_line_counts *c)
{
    uint64_t *table = calloc(c->seen_size * 2, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < c->seen_size; i++) {
        size_t at = (size_t)c->seen[i] & (c->seen_size * 2 - 1);
        while (c->seen[i] != 0 && table[at] != 0)
            at = (at + 1) & (c->seen_size * 2 - 1);
        if (c->seen[i] != 0)
            table[at] = c->seen[i];
    }
    free(c->seen);
    c->seen = table;
    c->seen_size *= 2;
    return true;
}

/* Whether a hash was met before; *ok is false without memory. */
static bool meet(dgmi_line_counts *c, uint64_t hash, bool *ok)
{
    hash += hash == 0;
    *ok = c->n_seen * 2 < c->seen_size || grow_seen(c);
    if (!*ok)
        return false;
    size_t at = (size_t)hash & (c->seen_size - 1);
    while (c->seen[at] != 0 && c->seen[at] != hash)
        at = (at + 1) & (c->seen_size - 1);
    bool known = c->seen[at] == hash;
    c->seen[at] = hash;
    c->n_seen += !known;
    return known;
}

static uint32_t *slot_of(uint32_t *table, size_t size, const dgmi_line_count *lines,
                         uint64_t key)
{
    size_t at = (size_t)key & (size - 1);
    while (table[at] != 0 && lines[table[at] - 1].key != key)
        at = (at + 1) & (size - 1);
    return &table[at];
}

static bool grow_table(dgmi_line_counts *c)
{
    uint32_t *table = calloc(c->size * 2, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < c->n_lines; i++)
        *slot_of(table, c->size * 2, c->lines, c->lines[i].key) = (uint32_t)i + 1;
    free(c->table);
    c->table = table;
    c->size *= 2;
    return true;
}

/* The count of a key; NULL if there is none and it is not to be made, or without memory.
 */
static dgmi_line_count *count_of(dgmi_line_counts *c, uint64_t key, bool make)
{
    uint32_t *slot = slot_of(c->table, c->size, c->lines, key);
    if (*slot != 0)
        return &c->lines[*slot - 1];
    if (!make || ((c->n_lines + 1) * 2 > c->size && !grow_table(c)) ||
        !dgmi_grow(&c->lines, &c->line_capacity, c->n_lines + 1, sizeof *c->lines))
        return NULL;
    *slot_of(c->table, c->size, c->lines, key) = (uint32_t)c->n_lines + 1;
    c->lines[c->n_lines] = (dgmi_line_count){ .key = key };
    return &c->lines[c->n_lines++];
}

static bool scope_number(dgmi_line_counts *c, const char *name, bool wide, uint32_t *out)
{
    uint64_t *number =
        name ? dgmi_map_at(c->scope_numbers, dgmi_str_of(name), true) : NULL;
    if (number == NULL)
        return false;
    if (*number == 0) {
        if (!dgmi_grow(&c->scopes, &c->scope_capacity, c->n_scopes + 1,
                       sizeof *c->scopes))
            return false;
        c->scopes[c->n_scopes++] =
            (dgmi_scope_count){ .name = dgmi_arena_dup(c->arena, name), .wide = wide };
        *number = c->n_scopes;
    }
    *out = (uint32_t)*number - 1;
    return c->scopes[*out].name != NULL;
}

/* ---- Items ---- */

/* What an item says beside its edges: two with the same are one, whatever their ids. */
static uint64_t hash_text(const dgm_item *item)
{
    size_t n = item->n_paragraphs, from = 0, to = n;
    if (n > DGMI_LEARN_HEAD + DGMI_LEARN_TAIL) {
        from = DGMI_LEARN_HEAD;
        to = n - DGMI_LEARN_TAIL;
    }
    uint64_t pair[2] = { 1, 0 };
    for (size_t i = from; i < to; i++) {
        pair[1] = dgmi_hash64(item->paragraphs[i], strlen(item->paragraphs[i]));
        pair[0] = dgmi_hash64(pair, sizeof pair);
    }
    return pair[0];
}

/* A quotation or a question is what somebody said, however often it is repeated. */
static bool is_usable(const char *text)
{
    static const char *const marks[] = { "\"",       "\xE2\x80\x9C", "\xE2\x80\x9E",
                                         "\xC2\xAB", "\xE2\x80\x98", "'" };
    size_t n = strlen(text);
    if (n == 0 || n > DGMI_LEARN_LINE || text[n - 1] == '?')
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return false;
    }
    return true;
}

typedef struct occurrence {
    const dgm_item *item;
    uint64_t place;
    int64_t time;
    uint32_t scope, source;
    size_t paragraph;
    bool zone;
} occurrence;

static uint64_t key_of(uint32_t scope, const char *text)
{
    uint64_t pair[2] = { scope, dgmi_hash64(text, strlen(text)) };
    return dgmi_hash64(pair, sizeof pair);
}

static void begin_line(dgmi_line_count *l, const occurrence *o)
{
    l->place = o->place;
    l->scope = o->scope;
    l->source = o->source;
    l->paragraph = (uint32_t)o->paragraph;
    l->first = l->last = o->time;
    l->usable = is_usable(o->item->paragraphs[o->paragraph]);
}

static bool add_line(dgmi_line_counts *c, const occurrence *o)
{
    const char *text = o->item->paragraphs[o->paragraph];
    dgmi_line_count *l = count_of(c, key_of(o->scope, text), o->zone);
    if (l == NULL)
        return !o->zone; /* what never stood near an edge is not counted */
    if (l->items == 0)
        begin_line(l, o);
    if (l->last_item == c->items) /* twice in one item is once */
        return true;
    l->last_item = c->items;
    l->items++;
    if (!o->zone)
        l->inside++;
    else if (o->paragraph < DGMI_LEARN_HEAD &&
             o->paragraph * 2 <
                 o->item->n_paragraphs) /* of a short item: the nearer edge */
        l->head++;
    else
        l->tail++;
    l->several = l->several || l->source != o->source;
    if (o->time == DGM_NO_TIME)
        return true;
    l->days |= (uint64_t)1 << ((uint64_t)(o->time / DAY) & 63);
    l->first = l->first == DGM_NO_TIME || o->time < l->first ? o->time : l->first;
    l->last = l->last == DGM_NO_TIME || o->time > l->last ? o->time : l->last;
    return true;
}

static bool add_lines(dgmi_line_counts *c, occurrence o)
{
    for (o.paragraph = 0; o.paragraph < o.item->n_paragraphs; o.paragraph++) {
        o.zone = dgmi_in_zone(o.item, o.paragraph);
        if (!add_line(c, &o))
            return false;
    }
    return true;
}

static int64_t time_of(const dgm_item *item)
{
    return item->published != DGM_NO_TIME ? item->published : item->fetched;
}

static bool add_day(dgmi_scope_count *scope, int64_t time)
{
    scope->items++;
    if (time == DGM_NO_TIME)
        return true;
    if (!dgmi_grow(&scope->days, &scope->day_capacity, scope->n_days + 1,
                   sizeof *scope->days))
        return false;
    scope->days[scope->n_days++] = (int32_t)(time / DAY);
    return true;
}

static int compare_days(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void dgmi_line_counts_sort(dgmi_line_counts *c)
{
    for (size_t i = 0; i < c->n_scopes; i++) {
        if (c->scopes[i].n_days > 1)
            qsort(c->scopes[i].days, c->scopes[i].n_days, sizeof *c->scopes[i].days,
                  compare_days);
    }
}

/* Days before a day. */
static size_t days_before(const dgmi_scope_count *scope, int64_t day)
{
    size_t low = 0, high = scope->n_days;
    while (low < high) {
        size_t at = low + (high - low) / 2;
        if (scope->days[at] < day)
            low = at + 1;
        else
            high = at;
    }
    return low;
}

uint32_t dgmi_scope_items(const dgmi_scope_count *scope, int64_t from, int64_t to)
{
    if (from == DGM_NO_TIME || from > to)
        return 0;
    size_t upto = to == INT64_MAX ? scope->n_days : days_before(scope, to / DAY + 1);
    return (uint32_t)(upto - days_before(scope, from / DAY));
}

dgm_status dgmi_line_counts_add(dgmi_line_counts *c, const dgm_item *item, uint64_t place,
                                dgm_error *err)
{
    const char *names[2] = { NULL, NULL };
    uint32_t numbers[2];
    bool ok, ok2 = true;
    if (item->status != DGM_USABLE || item->n_paragraphs == 0)
        return DGM_OK;
    bool known = meet(c, dgmi_hash64(item->id, strlen(item->id)), &ok) ||
                 (ok && meet(c, hash_text(item), &ok2));
    if (!ok || !ok2)
        return dgmi_fail_memory(err);
    if (known)
        return DGM_OK;
    dgmi_arena *arena = dgmi_arena_new(0);
    size_t n = arena != NULL ? dgmi_item_scopes(arena, item, names) : 0;
    ok = arena != NULL;
    c->items++;
    for (size_t i = 0; ok && i < n; i++) {
        bool wide = item->source != NULL && i == 1;
        ok = scope_number(c, names[i], wide, &numbers[i]);
        if (ok)
            ok = add_day(&c->scopes[numbers[i]], time_of(item));
    }
    for (size_t i = 0; ok && i < n; i++) {
        occurrence o = { .item = item,
                         .place = place,
                         .time = time_of(item),
                         .scope = numbers[i],
                         .source = numbers[0] };
        ok = add_lines(c, o);
    }
    dgmi_arena_free(arena);
    return ok ? DGM_OK : dgmi_fail_memory(err);
}
