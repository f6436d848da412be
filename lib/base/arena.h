/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is freed all at once: for items, query trees and pages of results. */
#ifndef DGMI_ARENA_H
#define DGMI_ARENA_H

#include <stddef.h>

#include "str.h"

typedef struct dgmi_arena dgmi_arena;

/* An arena that gives out at most max bytes in all (0: no limit). NULL without memory. */
dgmi_arena *dgmi_arena_new(size_t max);
void dgmi_arena_free(dgmi_arena *a);

/* All of these return NULL once memory or the limit ran out. Memory is zeroed and aligned
 * for any type; it lives until the arena is freed. */
void *dgmi_arena_alloc(dgmi_arena *a, size_t n);
void *dgmi_arena_array(dgmi_arena *a, size_t count, size_t size); /* checks the product */
void *dgmi_arena_copy(dgmi_arena *a, const void *bytes, size_t n);
char *dgmi_arena_str(dgmi_arena *a, dgmi_str s);    /* ends it in NUL */
char *dgmi_arena_dup(dgmi_arena *a, const char *s); /* NULL stays NULL */
char *dgmi_arena_printf(dgmi_arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
size_t dgmi_arena_used(const dgmi_arena *a);

#endif
