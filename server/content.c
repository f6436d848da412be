/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading bodies. Depends on server.h, admit.h and lib/base. */
#include "content.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "unpack.h"

#define BLOCK (64u << 10)

struct dgms_content {
    const dgms_spool *body;
    uint64_t at; /* of the packed body */
    dgmi_unpack *unpack;
    uint64_t given, most;
    size_t line_most;
    char *block; /* unpacked bytes from `used` to `n` are still to be given */
    size_t used, n;
};

static void set_fault(dgms_fault *fault, int status, const char *reason)
{
    fault->status = status;
    snprintf(fault->reason, sizeof fault->reason, "%s", reason);
}

static ssize_t pull(void *user, char *out, size_t room, const char **broken)
{
    dgms_content *c = user;
    size_t got = 0;

    if (dgms_spool_read(c->body, c->at, out, room, &got, NULL) != DGM_OK) {
        *broken = "the body cannot be read";
        return -1;
    }
    c->at += got;
    return (ssize_t)got;
}

/* Content-Encoding is believed only if the bytes look like it. */
static bool is_packed_so(const dgms_spool *body, dgms_coding coding)
{
    unsigned char magic[4] = { 0 };
    size_t got = 0;

    dgms_spool_read(body, 0, magic, sizeof magic, &got, NULL);
    switch (coding) {
    case DGMS_GZIP:
        return magic[0] == 0x1F && magic[1] == 0x8B;
    case DGMS_ZSTD:
        return !memcmp(magic, "\x28\xB5\x2F\xFD", sizeof magic);
    case DGMS_PLAIN:
    case DGMS_CODING_ODD:
        break;
    }
    return true;
}

dgms_content *dgms_content_new(const dgms_call *call, uint64_t most, size_t line_most,
                               dgms_fault *fault)
{
    if (!is_packed_so(&call->body, dgms_body_coding(call))) {
        set_fault(fault, 400, "the body is not packed as Content-Encoding says");
        return NULL;
    }
    dgms_content *c = calloc(1, sizeof *c);
    dgmi_input input = { .fd = -1, .pull = pull, .user = c, .name = "the body" };
    if (c) {
        c->body = &call->body;
        c->most = most;
        c->line_most = line_most;
        c->block = malloc(BLOCK);
    }
    if (c && c->block && dgmi_unpack_open(&input, &c->unpack, NULL) == DGM_OK)
        return c;
    dgms_content_free(c);
    set_fault(fault, 503, "memory ran out");
    return NULL;
}

void dgms_content_free(dgms_content *content)
{
    if (!content)
        return;
    dgmi_unpack_close(content->unpack);
    free(content->block);
    free(content);
}

/* Fills the block anew. False with the fault set; c->n is 0 at the end. */
static bool refill(dgms_content *c, dgms_fault *fault)
{
    const char *broken = NULL;
    dgm_error err = DGM_ERROR_INIT;

    c->used = 0;
    dgm_status status =
        dgmi_unpack_read(c->unpack, c->block, BLOCK, &c->n, &broken, &err);
    c->given += c->n;
    if (status != DGM_OK) {
        set_fault(fault, 503, err.text);
    } else if (c->given > c->most) {
        set_fault(fault, 413, "");
        snprintf(fault->reason, sizeof fault->reason,
                 "unpacked, the body is longer than %" PRIu64 " bytes", c->most);
    } else if (broken) {
        set_fault(fault, 400, broken);
    }
    return !fault->status;
}

bool dgms_content_all(dgms_content *content, dgmi_buf *out, dgms_fault *fault)
{
    do {
        if (!refill(content, fault))
            return false;
        dgmi_buf_put(out, content->block, content->n);
    } while (content->n);
    if (out->failed)
        set_fault(fault, 503, "memory ran out");
    return !out->failed;
}

dgms_line dgms_content_line(dgms_content *content, dgmi_buf *out, dgms_fault *fault)
{
    dgms_content *c = content;
    bool any = false, over = false;

    dgmi_buf_reset(out);
    for (;;) {
        if (c->used == c->n && !refill(c, fault))
            return DGMS_LINE_FAULT;
        if (!c->n)
            return !any ? DGMS_LINE_NONE : over ? DGMS_LINE_LONG : DGMS_LINE;
        const char *from = c->block + c->used;
        const char *end = memchr(from, '\n', c->n - c->used);
        size_t part = end ? (size_t)(end - from) : c->n - c->used;
        any = true;
        over = over || out->n + part > c->line_most;
        if (!over)
            dgmi_buf_put(out, from, part);
        c->used += part + (end != NULL);
        if (out->failed) {
            set_fault(fault, 503, "memory ran out");
            return DGMS_LINE_FAULT;
        }
        if (end)
            return over ? DGMS_LINE_LONG : DGMS_LINE;
    }
}
