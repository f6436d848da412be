/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A source from its first byte to its last: what format it is, and who reads it.
 * Depends on bundle.h, reader.h. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "fail.h"

enum { CHUNK = 256 * 1024 };

typedef struct consumer {
    const dgmi_source *source;
    const dgmi_sink *sink;
    const dgmi_format *format;
    dgmi_lines *lines; /* of a format that streams; then nothing else is held */
    dgmi_buf held;     /* the document so far */
    bool decided, too_large;
    bool bundle; /* what is held begins an archive, or is packed once more */
    dgmi_nest *nest;
} consumer;

/* Finds the format once enough is there, and hands what is held to the line machine if it
 * streams. */
static dgm_status decide(consumer *c, dgm_error *err)
{
    c->decided = true;
    c->bundle = dgmi_is_bundle(c->held.p, c->held.n);
    if (c->bundle)
        return DGM_OK;
    c->format = dgmi_is_auto(c->source) ? dgmi_sniff(c->held.p, c->held.n)
                                        : dgmi_format_find(c->source->format);
    if (c->format == NULL || !c->format->streams || dgmi_is_wide(c->held.p, c->held.n))
        return DGM_OK;
    c->lines = dgmi_lines_new(c->source, c->sink);
    if (c->lines == NULL)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_lines_feed(c->lines, c->held.p, c->held.n, err);
    dgmi_buf_clear(&c->held);
    return status;
}

static dgm_status take(consumer *c, const char *p, size_t n, dgm_error *err)
{
    if (c->lines != NULL)
        return dgmi_lines_feed(c->lines, p, n, err);
    if (c->held.n + n > DGMI_DOCUMENT_MAX) {
        c->too_large = true;
        return DGM_OK;
    }
    dgmi_buf_put(&c->held, p, n);
    if (c->held.failed)
        return dgmi_fail_memory(err);
    if (!c->decided && c->held.n >= DGMI_HEAD_MAX)
        return decide(c, err);
    return DGM_OK;
}

static const char *declared_charset(const consumer *c)
{
    return c->source->origin != NULL ? c->source->origin->charset : NULL;
}

/* Wide text is made narrow here, because lines are found by their byte; and text whose
 * charset was declared outside of it, because readers look only inside. */
static dgm_status read_decoded(const consumer *c, dgm_error *err)
{
    dgmi_buf utf8;
    dgm_error why = DGM_ERROR_INIT;
    dgmi_buf_init(&utf8, (size_t)2 * DGMI_DOCUMENT_MAX);
    dgm_status status =
        dgmi_to_utf8(&utf8, c->held.p, c->held.n, declared_charset(c), NULL, &why);
    if (status == DGM_OK)
        status = c->format->read(c->source, utf8.p, utf8.n, c->sink, err);
    else
        status =
            dgmi_reject(c->source, c->sink, NULL, why.text, dgmi_buf_str(&c->held), err);
    dgmi_buf_clear(&utf8);
    return status;
}

/* The source came to its end, or could not be read further because it is broken. */
static dgm_status finish(consumer *c, dgmi_unpack *in, const char *broken, dgm_error *err)
{
    dgmi_str nothing = { NULL, 0 }, all = dgmi_buf_str(&c->held);
    if (all.p == NULL)
        all.p = "";
    if (c->too_large)
        broken = "larger than 64 MB, the most that a document may be";
    if (broken != NULL) /* of a member its beginning is kept, else the whole source */
        return dgmi_reject(
            c->source, c->sink, NULL, broken,
            c->nest->depth > 0 && c->held.n > 0 && !c->too_large ? all : nothing, err);
    if (!c->decided) {
        dgm_status status = decide(c, err);
        if (status != DGM_OK)
            return status;
    }
    if (c->bundle) {
        c->nest->seen -= c->held.n; /* only documents count */
        return dgmi_read_bundle(c->source, c->sink, c->nest, &c->held, in, err);
    }
    if (c->lines != NULL)
        return dgmi_lines_end(c->lines, err);
    if (c->format == NULL)
        return dgmi_reject(c->source, c->sink, NULL,
                           all.n > 0 ? "no format knows it" : "it is empty", all, err);
    if (c->format->streams || declared_charset(c) != NULL)
        return read_decoded(c, err);
    return c->format->read(c->source, all.p, all.n, c->sink, err);
}

static dgm_status pump(consumer *c, dgmi_unpack *in, char *chunk, dgm_error *err)
{
    for (;;) {
        size_t got;
        const char *broken;
        dgm_status status = dgmi_unpack_read(in, chunk, CHUNK, &got, &broken, err);
        if (status == DGM_OK && got > 0)
            status = take(c, chunk, got, err);
        if (status != DGM_OK)
            return status;
        if (c->bundle && broken == NULL)
            return dgmi_read_bundle(c->source, c->sink, c->nest, &c->held, in, err);
        c->nest->seen += got;
        if (c->sink->progress != NULL)
            c->sink->progress(c->sink->user, c->nest->seen);
        if (c->nest->spent) /* the archive around it is rejected, and says why */
            return DGM_OK;
        if (got == 0 || broken != NULL || c->too_large)
            return finish(c, in, broken, err);
    }
}

dgm_status dgmi_read_input(const dgmi_input *input, const dgmi_source *source,
                           const dgmi_sink *sink, dgmi_nest *nest, dgm_error *err)
{
    consumer c = { .source = source, .sink = sink, .nest = nest };
    dgmi_unpack *in = NULL;
    char *chunk = NULL;
    dgmi_buf_init(&c.held, DGMI_DOCUMENT_MAX);
    dgm_status status = dgmi_unpack_open(input, &in, err);
    if (status == DGM_OK) {
        if (nest->outermost == NULL)
            nest->outermost = in;
        chunk = malloc(CHUNK);
        status = chunk != NULL ? pump(&c, in, chunk, err) : dgmi_fail_memory(err);
    }
    free(chunk);
    dgmi_unpack_close(in);
    dgmi_lines_free(c.lines);
    dgmi_buf_clear(&c.held);
    return status;
}

static dgm_status read_source(const dgmi_input *input, const dgmi_source *source,
                              const dgmi_sink *sink, dgm_error *err)
{
    dgmi_nest nest = { .depth = 0 };
    dgmi_source own = *source;
    own.nest = &nest;
    if (!dgmi_is_auto(source) && dgmi_format_find(source->format) == NULL)
        return dgmi_fail(err, DGM_E_ARG, "no such format: %.60s", source->format);
    return dgmi_read_input(input, &own, sink, &nest, err);
}

dgm_status dgmi_read_fd(int fd, const dgmi_source *source, const dgmi_sink *sink,
                        dgm_error *err)
{
    dgmi_input input = { .fd = fd, .name = source->name };
    return read_source(&input, source, sink, err);
}

dgm_status dgmi_read_bytes(const void *p, size_t n, const dgmi_source *source,
                           const dgmi_sink *sink, dgm_error *err)
{
    dgmi_input input = { .fd = -1, .bytes = p, .n = n, .name = source->name };
    return read_source(&input, source, sink, err);
}
