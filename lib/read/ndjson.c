/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON objects to items, as the bytes come: one a line, or in an array. Depends on
 * reader.h, lib/wire. */
#include "reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "utf8.h"
#include "wire.h"

typedef enum layout { UNKNOWN, LINES, OBJECTS } layout;

struct dgmi_lines {
    const dgmi_source *source;
    const dgmi_sink *sink;
    dgmi_buf held; /* the line, or the object, that is not complete yet */
    size_t number; /* of it, from 1 */
    layout layout;
    dgmi_take take; /* of another kind of object, or NULL */
    void *user;     /* of take */
    bool skipping;  /* it is longer than a line may be: its rest is passed over */
    /* OBJECTS alone: */
    int depth;
    bool quoted, escaped;
};

dgmi_lines *dgmi_lines_new(const dgmi_source *source, const dgmi_sink *sink)
{
    dgmi_lines *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->source = source;
    l->sink = sink;
    l->number = 1;
    dgmi_buf_init(&l->held, DGMI_LINE_MAX);
    return l;
}

dgmi_lines *dgmi_objects_new(const dgmi_source *source, const dgmi_sink *sink,
                             dgmi_take take, void *user)
{
    dgmi_lines *l = dgmi_lines_new(source, sink);
    if (l == NULL)
        return NULL;
    l->layout = OBJECTS;
    l->take = take;
    l->user = user;
    return l;
}

void dgmi_lines_free(dgmi_lines *l)
{
    if (l == NULL)
        return;
    dgmi_buf_clear(&l->held);
    free(l);
}

static void say_where(const dgmi_lines *l, char where[DGMI_WHERE_SIZE])
{
    const char *unit = l->layout == OBJECTS ? "item " : "";
    snprintf(where, DGMI_WHERE_SIZE, "%.1100s:%s%zu", l->source->name, unit, l->number);
}

static dgmi_str trim_line(dgmi_str s)
{
    if (dgmi_str_starts(s, "\xEF\xBB\xBF"))
        s = dgmi_str_skip(s, 3);
    while (s.n > 0 && isspace((unsigned char)s.p[0]))
        s = dgmi_str_skip(s, 1);
    while (s.n > 0 && isspace((unsigned char)s.p[s.n - 1]))
        s.n--;
    return s;
}

static dgm_status take_text(const dgmi_lines *l, const char *where, dgmi_str line,
                            dgmi_str raw, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    dgmi_item *item = NULL;
    bool prepared = false;
    if (l->take != NULL)
        return l->take(l->user, line, err);
    dgm_status status = dgmi_json_read_item(line.p, line.n, &item, &prepared, &why);
    if (status == DGM_E_ARG)
        return dgmi_reject(l->source, l->sink, where, why.text, raw, err);
    if (status != DGM_OK)
        return dgmi_fail(err, status, "%s: %s", where, why.text);
    dgmi_delivery d = { l->source, l->sink, where, raw, raw, NULL, prepared };
    return dgmi_deliver(&d, item, err);
}

/* Reads what is held as one object. */
static dgm_status take_held(dgmi_lines *l, dgm_error *err)
{
    char where[DGMI_WHERE_SIZE];
    dgmi_str raw = trim_line(dgmi_buf_str(&l->held));
    if (raw.n == 0)
        return DGM_OK;
    say_where(l, where);
    if (dgmi_utf8_valid(raw.p, raw.n))
        return take_text(l, where, raw, raw, err);
    dgmi_buf utf8;
    dgmi_buf_init(&utf8, (size_t)3 * DGMI_LINE_MAX);
    dgm_status status = dgmi_to_utf8(&utf8, raw.p, raw.n, NULL, NULL, NULL);
    if (status == DGM_OK)
        status = take_text(l, where, dgmi_buf_str(&utf8), raw, err);
    else
        status = dgmi_reject(l->source, l->sink, where, "too large", raw, err);
    dgmi_buf_clear(&utf8);
    return status;
}

/* Holds more of a line, or notes that there is too much of it and lets it go. */
static void hold(dgmi_lines *l, const char *p, size_t n)
{
    if (l->skipping)
        return;
    if (l->held.n + n > DGMI_LINE_MAX) {
        l->skipping = true;
        dgmi_buf_clear(&l->held);
        dgmi_buf_init(&l->held, DGMI_LINE_MAX);
        return;
    }
    dgmi_buf_put(&l->held, p, n);
}

/* The line or the object is complete. */
static dgm_status complete(dgmi_lines *l, dgm_error *err)
{
    dgm_status status;
    if (l->held.failed) {
        status = dgmi_fail_memory(err);
    } else if (l->skipping) {
        char where[DGMI_WHERE_SIZE];
        say_where(l, where);
        status = dgmi_reject(l->source, l->sink, where, "longer than 32 MB",
                             (dgmi_str){ NULL, 0 }, err);
    } else {
        status = take_held(l, err);
    }
    l->skipping = false;
    l->number++;
    dgmi_buf_reset(&l->held);
    return status;
}

static dgm_status feed_lines(dgmi_lines *l, const char *p, size_t n, dgm_error *err)
{
    dgm_status status = DGM_OK;
    while (n > 0 && status == DGM_OK) {
        const char *end = memchr(p, '\n', n);
        size_t part = end != NULL ? (size_t)(end - p) : n;
        hold(l, p, part);
        if (end == NULL)
            break;
        status = complete(l, err);
        p += part + 1;
        n -= part + 1;
    }
    return status;
}

/* One byte inside an object; true if it closes the object. */
static bool step(dgmi_lines *l, char c)
{
    if (l->quoted) {
        bool plain = l->escaped;
        l->escaped = !plain && c == '\\';
        l->quoted = plain || c != '"';
        return false;
    }
    l->quoted = c == '"';
    l->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
    return l->depth == 0;
}

/* Between objects stand brackets, commas and space; anything else is held until one of
 * these. */
static dgm_status feed_objects(dgmi_lines *l, const char *p, size_t n, dgm_error *err)
{
    dgm_status status = DGM_OK;
    size_t from = 0; /* of what is not held yet */
    for (size_t i = 0; i < n && status == DGM_OK; i++) {
        char c = p[i];
        bool between = l->depth == 0;
        bool separates =
            between && (strchr("[],{", c) != NULL || isspace((unsigned char)c));
        bool pending = l->held.n > 0 || i > from || l->skipping;
        if (separates && pending) {
            hold(l, p + from, i - from);
            status = complete(l, err);
        }
        if (separates)
            from = c == '{' ? i : i + 1;
        if (!between || c == '{') {
            bool closes = step(l, c);
            if (closes && status == DGM_OK) {
                hold(l, p + from, i + 1 - from);
                status = complete(l, err);
                from = i + 1;
            }
        }
    }
    if (from < n)
        hold(l, p + from, n - from);
    return status;
}

/* One object a line, unless the first byte opens an array or the first line is a lone
 * brace, as in JSON that was indented for people. */
static layout tell_layout(dgmi_str head)
{
    head = trim_line(head);
    if (head.n == 0)
        return UNKNOWN;
    if (head.p[0] == '[')
        return OBJECTS;
    size_t i = 1;
    while (i < head.n && (head.p[i] == ' ' || head.p[i] == '\r'))
        i++;
    return head.p[0] == '{' && i < head.n && head.p[i] == '\n' ? OBJECTS : LINES;
}

dgm_status dgmi_lines_feed(dgmi_lines *l, const char *p, size_t n, dgm_error *err)
{
    if (l->layout == UNKNOWN) {
        l->layout = tell_layout((dgmi_str){ p, n });
        if (l->layout == OBJECTS && n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
            p += 3;
            n -= 3;
        }
    }
    return l->layout == OBJECTS ? feed_objects(l, p, n, err) : feed_lines(l, p, n, err);
}

dgm_status dgmi_lines_end(dgmi_lines *l, dgm_error *err)
{
    return l->held.n > 0 || l->skipping ? complete(l, err) : DGM_OK;
}

dgm_status dgmi_read_ndjson(const dgmi_source *source, const char *p, size_t n,
                            const dgmi_sink *sink, dgm_error *err)
{
    dgmi_lines *l = dgmi_lines_new(source, sink);
    if (l == NULL)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_lines_feed(l, p, n, err);
    if (status == DGM_OK)
        status = dgmi_lines_end(l, err);
    dgmi_lines_free(l);
    return status;
}
