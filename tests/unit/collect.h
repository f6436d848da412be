/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sink for tests of readers: keeps all items and rejections. Depends on lib/read and
 * cmocka. */
#ifndef TEST_COLLECT_H
#define TEST_COLLECT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"

enum { ITEMS_MAX = 64, REJECTS_MAX = 16 };

typedef struct rejection {
    char where[200], reason[200];
    char *bytes; /* a copy, or NULL */
    size_t n;
} rejection;

typedef struct collected {
    dgm_item *items[ITEMS_MAX];
    size_t n, total; /* kept, and all */
    char wheres[ITEMS_MAX][200];
    rejection rejects[REJECTS_MAX];
    size_t n_rejects;
    uint64_t progress;
} collected;

static inline dgm_status collect_item(void *user, dgm_item *item, const char *where,
                                      dgm_error *err)
{
    collected *c = user;
    (void)err;
    c->total++;
    if (c->n == ITEMS_MAX) {
        dgm_item_free(item);
        return DGM_OK;
    }
    snprintf(c->wheres[c->n], sizeof c->wheres[0], "%s", where);
    c->items[c->n++] = item;
    return DGM_OK;
}

static inline dgm_status collect_reject(void *user, const char *where, const char *reason,
                                        const void *bytes, size_t n, dgm_error *err)
{
    collected *c = user;
    (void)err;
    if (c->n_rejects == REJECTS_MAX)
        return DGM_OK;
    rejection *r = &c->rejects[c->n_rejects++];
    snprintf(r->where, sizeof r->where, "%s", where);
    snprintf(r->reason, sizeof r->reason, "%s", reason);
    r->bytes = bytes != NULL ? malloc(n + 1) : NULL;
    r->n = n;
    if (r->bytes != NULL)
        memcpy(r->bytes, bytes, n);
    return DGM_OK;
}

static inline void collect_progress(void *user, uint64_t bytes)
{
    ((collected *)user)->progress = bytes;
}

static inline void collect_clear(collected *c)
{
    for (size_t i = 0; i < c->n; i++)
        dgm_item_free(c->items[i]);
    for (size_t i = 0; i < c->n_rejects; i++)
        free(c->rejects[i].bytes);
    memset(c, 0, sizeof *c);
}

/* Reads bytes as a source of that name; format NULL tells it from the content. */
static inline void collect_bytes(collected *c, const char *name, const char *format,
                                 const void *p, size_t n)
{
    dgmi_sink sink = { c, collect_item, collect_reject, collect_progress };
    dgmi_source source = { .name = name, .format = format };
    dgm_error err = DGM_ERROR_INIT;
    memset(c, 0, sizeof *c);
    dgm_status status = dgmi_read_bytes(p, n, &source, &sink, &err);
    if (status != DGM_OK)
        fail_msg("%s", err.text);
}

static inline void collect_text(collected *c, const char *name, const char *format,
                                const char *text)
{
    collect_bytes(c, name, format, text, strlen(text));
}

/* `text` n times over; the caller frees. */
static inline char *repeat(const char *text, size_t times, size_t *n)
{
    size_t length = strlen(text);
    char *all = malloc(length * times + 1);
    assert_non_null(all);
    for (size_t i = 0; i < times; i++)
        memcpy(all + i * length, text, length);
    all[length * times] = '\0';
    *n = length * times;
    return all;
}

static inline void assert_text(const char *is, const char *wanted)
{
    if (wanted == NULL)
        assert_null(is);
    else if (is == NULL)
        fail_msg("nothing instead of \"%s\"", wanted);
    else
        assert_string_equal(is, wanted);
}

#endif
