/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making answers. Depends on lib/base, lib/wire and gzip.h. */
#include "reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "str.h"
#include "utf8.h"
#include "wire.h"

#define PROBLEM_BYTES (64u << 10)
#define RETRY_SECONDS 1
#define CUT_BYTES 256 /* of a text in an error */

void dgms_reply_clear(dgms_reply *reply)
{
    if (reply->owned)
        free((char *)reply->body);
    if (reply->filed)
        close(reply->file);
    if (reply->stream)
        reply->stream->free(reply->stream);
    memset(reply, 0, sizeof *reply);
}

void dgms_reply_file(dgms_reply *reply, int status, const char *type, int fd, size_t n)
{
    dgms_reply_clear(reply);
    reply->status = status;
    reply->type = type;
    reply->filed = true;
    reply->file = fd;
    reply->n = n;
}

void dgms_reply_static(dgms_reply *reply, const char *type, const void *bytes, size_t n)
{
    reply->status = 200;
    reply->type = type;
    reply->body = bytes;
    reply->n = n;
    reply->owned = false;
}

/* What is left to say when there is no memory for saying it. */
static void set_memory_problem(dgms_reply *reply)
{
    static const char text[] =
        "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\","
        "\"status\":503,\"detail\":\"memory ran out\"}";
    dgms_reply_clear(reply);
    dgms_reply_static(reply, DGMS_PROBLEM, text, sizeof text - 1);
    reply->status = 503;
    reply->retry_after = RETRY_SECONDS;
}

void dgms_reply_take(dgms_reply *reply, int status, const char *type, dgmi_buf *body)
{
    size_t n = body->n;
    char *bytes = dgmi_buf_take(body);
    if (!bytes) {
        set_memory_problem(reply);
        return;
    }
    reply->status = status;
    reply->type = type;
    reply->body = bytes;
    reply->n = n;
    reply->owned = true;
}

/* Text of the client's or cut to a fixed size may end within a character: makes it whole.
 */
static void put_clean(dgmi_buf *out, const char *text)
{
    size_t n = strlen(text);
    dgmi_utf8_clean(out, text, n > CUT_BYTES ? dgmi_utf8_cut(text, n, CUT_BYTES) : n);
}

void dgms_reply_problem(dgms_reply *reply, int status, const char *detail,
                        const char *name, int32_t offset)
{
    dgmi_buf out, clean_detail, clean_name;

    dgmi_buf_init(&out, PROBLEM_BYTES);
    dgmi_buf_init(&clean_detail, PROBLEM_BYTES);
    dgmi_buf_init(&clean_name, PROBLEM_BYTES);
    put_clean(&clean_detail, detail);
    if (name)
        put_clean(&clean_name, name);
    dgms_reply_clear(reply);
    dgmi_json_problem(&out, status, dgms_status_title(status),
                      clean_detail.p ? clean_detail.p : "",
                      name ? clean_name.p ? clean_name.p : "" : NULL, offset);
    dgms_reply_take(reply, status, DGMS_PROBLEM, &out);
    if (status == 503 || status == 507)
        reply->retry_after = RETRY_SECONDS;
    dgmi_buf_clear(&clean_detail);
    dgmi_buf_clear(&clean_name);
}

void dgms_reply_failure(dgms_reply *reply, const dgm_error *err, const char *name)
{
    dgms_reply_problem(reply, dgms_status_http(err->code),
                       *err->text ? err->text : dgm_status_text(err->code), name,
                       err->offset);
}

void dgms_reply_not_modified(dgms_reply *reply)
{
    char etag[DGMS_ETAG_SIZE];
    bool varies = reply->varies, page = reply->page;
    dgms_cache cache = reply->cache;
    memcpy(etag, reply->etag, sizeof etag);
    dgms_reply_clear(reply);
    memcpy(reply->etag, etag, sizeof etag);
    reply->status = 304;
    reply->cache = cache;
    reply->varies = varies;
    reply->page = page;
    reply->body = "";
}

void dgms_reply_pack(dgms_reply *reply, const char *accept_encoding, dgms_gzip *gzip,
                     size_t least)
{
    dgmi_buf out;

    reply->varies = true;
    if (!gzip || !reply->n || reply->n < least || !dgms_gzip_wanted(accept_encoding))
        return;
    dgmi_buf_init(&out, 0);
    if (dgms_gzip_pack(gzip, reply->body, reply->n, &out) && out.n < reply->n) {
        if (reply->owned)
            free((char *)reply->body);
        reply->n = out.n;
        reply->body = dgmi_buf_take(&out);
        reply->owned = true;
        reply->packed = true;
    }
    dgmi_buf_clear(&out);
}

void dgms_reply_tag_bytes(dgms_reply *reply, const char *revision, const void *bytes,
                          size_t n)
{
    snprintf(reply->etag, sizeof reply->etag, "W/\"%s-%016" PRIx64 "\"", revision,
             dgmi_hash64(bytes, n));
    reply->cache = DGMS_CHECK;
}

void dgms_reply_tag(dgms_reply *reply, const char *revision, const char *text)
{
    dgms_reply_tag_bytes(reply, revision, text, strlen(text));
}

/* ---- If-None-Match (RFC 9110, 13.1.2)
 * ----------------------------------------------------- */

static dgmi_str skip_weak(dgmi_str tag)
{
    return dgmi_str_starts(tag, "W/") ? dgmi_str_skip(tag, 2) : tag;
}

/* Takes one tag off a list; a comma inside quotes is part of the tag. */
static bool next_tag(dgmi_str *rest, dgmi_str *tag)
{
    while (rest->n && strchr(" \t,", rest->p[0]))
        *rest = dgmi_str_skip(*rest, 1);
    if (!rest->n)
        return false;
    bool quoted = false;
    size_t n = 0;
    for (; n < rest->n && (quoted || rest->p[n] != ','); n++)
        if (rest->p[n] == '"')
            quoted = !quoted;
    *tag = dgmi_str_trim((dgmi_str){ rest->p, n });
    *rest = dgmi_str_skip(*rest, n);
    return true;
}

bool dgms_etag_matches(const char *if_none_match, const char *etag)
{
    dgmi_str rest = dgmi_str_of(if_none_match), tag;
    dgmi_str own = skip_weak(dgmi_str_of(etag));

    if (!own.n)
        return false;
    while (next_tag(&rest, &tag)) {
        tag = skip_weak(tag);
        if (dgmi_str_eq(tag, "*") || (tag.n == own.n && !memcmp(tag.p, own.p, own.n)))
            return true;
    }
    return false;
}

/* ---- Headers
 * ------------------------------------------------------------------------------ */

#define PAGE_POLICY                                                                      \
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "  \
    "object-src 'none'"

static const char *cache_words(dgms_cache cache)
{
    switch (cache) {
    case DGMS_NO_STORE:
        return "no-store";
    case DGMS_CHECK:
        return "no-cache";
    case DGMS_MINUTE:
        return "max-age=60";
    }
    return "no-store";
}

void dgms_reply_headers(const dgms_reply *reply, dgms_put_header put, void *user)
{
    char number[16];

    if (reply->type)
        put(user, "Content-Type", reply->type);
    if (reply->attached) {
        char text[80];
        snprintf(text, sizeof text, "attachment; filename=\"%.40s\"", reply->attached);
        put(user, "Content-Disposition", text);
    }
    put(user, "Cache-Control", cache_words(reply->cache));
    put(user, "X-Content-Type-Options", "nosniff");
    put(user, "Referrer-Policy", "no-referrer");
    if (reply->page)
        put(user, "Content-Security-Policy", PAGE_POLICY);
    if (reply->varies)
        put(user, "Vary", "Accept-Encoding");
    if (reply->packed)
        put(user, "Content-Encoding", "gzip");
    if (*reply->etag)
        put(user, "ETag", reply->etag);
    if (*reply->allow)
        put(user, "Allow", reply->allow);
    if (reply->challenge)
        put(user, "WWW-Authenticate", reply->challenge);
    if (reply->retry_after) {
        snprintf(number, sizeof number, "%u", reply->retry_after);
        put(user, "Retry-After", number);
    }
}
