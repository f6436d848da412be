/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is freed all at once. Depends on str. */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 2048, LARGEST_BLOCK = 256 * 1024 };

typedef struct block {
    struct block *next;
    size_t used, size;
    max_align_t bytes[]; /* calloc hands them out zeroed */
} block;

struct dgmi_arena {
    block *head; /* small requests are served from this one */
    size_t max, used, next_size;
};

dgmi_arena *dgmi_arena_new(size_t max)
{
    dgmi_arena *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->max = max;
    a->next_size = FIRST_BLOCK;
    return a;
}

void dgmi_arena_free(dgmi_arena *a)
{
    if (!a)
        return;
    for (block *b = a->head, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

static block *new_block(size_t size)
{
    block *b = size < SIZE_MAX - sizeof *b ? calloc(1, sizeof *b + size) : NULL;
    if (b)
        b->size = size;
    return b;
}

/* A request that is large for a block gets one of its own, behind the head, so that what
 * is left in the head stays of use. */
static block *block_for(dgmi_arena *a, size_t n)
{
    if (a->head && a->head->size - a->head->used >= n)
        return a->head;
    bool own = n > a->next_size / 4;
    block *b = new_block(own ? n : a->next_size);
    if (!b)
        return NULL;
    if (own && a->head) {
        b->next = a->head->next;
        a->head->next = b;
        return b;
    }
    b->next = a->head;
    a->head = b;
    if (!own && a->next_size < LARGEST_BLOCK)
        a->next_size *= 2;
    return b;
}

void *dgmi_arena_alloc(dgmi_arena *a, size_t n)
{
    const size_t align = _Alignof(max_align_t);
    if (n > SIZE_MAX - align)
        return NULL;
    n = n == 0 ? align : (n + align - 1) / align * align;
    if (a->max && (a->used > a->max || n > a->max - a->used))
        return NULL;
    block *b = block_for(a, n);
    if (!b)
        return NULL;
    void *p = (char *)b->bytes + b->used;
    b->used += n;
    a->used += n;
    return p;
}

void *dgmi_arena_array(dgmi_arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return dgmi_arena_alloc(a, count * size);
}

void *dgmi_arena_copy(dgmi_arena *a, const void *bytes, size_t n)
{
    void *p = dgmi_arena_alloc(a, n);
    if (p && n > 0)
        memcpy(p, bytes, n);
    return p;
}

char *dgmi_arena_str(dgmi_arena *a, dgmi_str s)
{
    char *p = s.n < SIZE_MAX ? dgmi_arena_alloc(a, s.n + 1) : NULL;
    if (p && s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

char *dgmi_arena_dup(dgmi_arena *a, const char *s)
{
    return s ? dgmi_arena_str(a, dgmi_str_of(s)) : NULL;
}

char *dgmi_arena_printf(dgmi_arena *a, const char *format, ...)
{
    va_list args, again;
    char *p = NULL;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n >= 0)
        p = dgmi_arena_alloc(a, (size_t)n + 1);
    if (p)
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p;
}

size_t dgmi_arena_used(const dgmi_arena *a)
{
    return a->used;
}
