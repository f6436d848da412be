/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An answer as handlers make it: status, headers, body. It knows no sockets. Depends on
 * lib/base, lib/wire and gzip.h. */
#ifndef DGMS_REPLY_H
#define DGMS_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "dragoman.h"
#include "gzip.h"
#include "stream.h"

#define DGMS_JSON "application/json"
#define DGMS_NDJSON "application/x-ndjson"
#define DGMS_CSV "text/csv; charset=utf-8; header=present"
#define DGMS_SUGGESTIONS "application/x-suggestions+json"
#define DGMS_OPENSEARCH "application/opensearchdescription+xml"
#define DGMS_ATOM "application/atom+xml; charset=utf-8"
#define DGMS_RSS "application/rss+xml; charset=utf-8"
#define DGMS_JSONFEED "application/feed+json"
#define DGMS_PROBLEM "application/problem+json"
#define DGMS_ETAG_SIZE 96
#define DGMS_ALLOW_SIZE 40

/* How caches may use a reply. */
typedef enum dgms_cache {
    DGMS_NO_STORE, /* true for this moment only */
    DGMS_CHECK,    /* may be kept, must be asked about again: it has an ETag */
    DGMS_MINUTE    /* the same, but not within a minute */
} dgms_cache;

typedef struct dgms_reply {
    int status;
    const char *body;
    size_t n;
    bool owned; /* body is freed with the reply */
    bool filed; /* the body is n bytes of a file instead, which the reply closes */
    int file;
    dgms_stream *stream;  /* the body instead, made while it is sent; n counts what was */
    const char *attached; /* the name of the file that it is to be kept as, or NULL */
    const char *type;     /* of the content; static */
    dgms_cache cache;
    bool packed; /* the body is gzip */
    bool varies; /* by Accept-Encoding */
    bool page;   /* the page or a file of it: gets a Content-Security-Policy */
    char allow[DGMS_ALLOW_SIZE]; /* methods, with a 405 or for OPTIONS; "": none */
    const char *challenge;       /* WWW-Authenticate, with a 401; static, or NULL */
    unsigned retry_after;        /* seconds, with a 503 or 507; 0: none */
    char etag[DGMS_ETAG_SIZE];
} dgms_reply;

/* Takes the buffer's bytes as body. A failed buffer makes the reply a 503 instead. */
void dgms_reply_take(dgms_reply *reply, int status, const char *type, dgmi_buf *body);
/* A body that outlives the reply. */
void dgms_reply_static(dgms_reply *reply, const char *type, const void *bytes, size_t n);
/* A body of n bytes that is a file, which is taken over. */
void dgms_reply_file(dgms_reply *reply, int status, const char *type, int fd, size_t n);
/* An error (RFC 9457). name: the parameter at fault, or NULL; offset: into its value, or
 * -1. */
void dgms_reply_problem(dgms_reply *reply, int status, const char *detail,
                        const char *name, int32_t offset);
/* The error that a failure of the library is. */
void dgms_reply_failure(dgms_reply *reply, const dgm_error *err, const char *name);
void dgms_reply_not_modified(dgms_reply *reply);
void dgms_reply_clear(dgms_reply *reply);

/* Packs the body if the client wants it, it is long enough and gets shorter by it. */
void dgms_reply_pack(dgms_reply *reply, const char *accept_encoding, dgms_gzip *gzip,
                     size_t least);

/* Sets the weak ETag W/"revision-hash of text". Weak, because two replies with the same
 * hits differ in their `took_ms` and in packing. */
void dgms_reply_tag(dgms_reply *reply, const char *revision, const char *text);
void dgms_reply_tag_bytes(dgms_reply *reply, const char *revision, const void *bytes,
                          size_t n);

/* Does If-None-Match (NULL: not given) name this tag? Lists and "*", compared weakly.
 * Threads: any. */
bool dgms_etag_matches(const char *if_none_match, const char *etag);

/* Hands each header to `put`, Content-Type included, lengths not. */
typedef void (*dgms_put_header)(void *user, const char *name, const char *value);
void dgms_reply_headers(const dgms_reply *reply, dgms_put_header put, void *user);

/* ---- status_http.c: statuses ---- */

/* 200, 400, 404, 409, 500, 503 or 504. A search that ran into its time limit is 504: this
 * server waited for its engine in vain; 503 is kept for "try again, I am too busy". */
int dgms_status_http(dgm_status status);
/* "Not Found"; "Error" for what the server never sends. */
const char *dgms_status_title(int http);

#endif
