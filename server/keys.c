/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checking keys and signatures. Nothing of a secret goes into a reply or a log. Depends
 * on server.h, routes.h and lib/base. */
#include "keys.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "fail.h"
#include "file.h"
#include "hmac.h"
#include "routes.h"

#define BLOCK (64u << 10)
#define FILE_BYTES (1u << 20)

typedef struct key {
    char name[DGMS_NAME_SIZE];
    char *secret;
} key;

typedef struct key_list {
    key *keys;
    size_t n, capacity;
} key_list;

struct dgms_keys {
    const dgms_settings *settings;
    char own[32];         /* random */
    pthread_mutex_t lock; /* guards list */
    key_list list;
};

/* ---- Reading keys ---- */

static void wipe(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static void clear_list(key_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        wipe(list->keys[i].secret);
    free(list->keys);
    memset(list, 0, sizeof *list);
}

/* Letters that can stand in a header and in a log. */
static bool is_word(dgmi_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7F || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return s.n > 0;
}

static dgm_status add_key(key_list *list, dgmi_str name, dgmi_str secret, dgm_error *err)
{
    if (!dgmi_grow(&list->keys, &list->capacity, list->n + 1, sizeof *list->keys))
        return dgmi_fail_memory(err);
    key *k = &list->keys[list->n];
    snprintf(k->name, sizeof k->name, "%.*s", (int)name.n, name.p);
    k->secret = dgmi_str_dup(secret);
    if (!k->secret)
        return dgmi_fail_memory(err);
    list->n++;
    return DGM_OK;
}

/* "NAME KEY", a comment, or nothing. What is wrong is told without telling the key. */
static dgm_status read_line(key_list *list, dgmi_str line, dgm_error *err)
{
    line = dgmi_str_trim(line);
    if (!line.n || line.p[0] == '#')
        return DGM_OK;
    size_t n = 0;
    while (n < line.n && line.p[n] != ' ' && line.p[n] != '\t')
        n++;
    dgmi_str name = { line.p, n }, secret = dgmi_str_trim(dgmi_str_skip(line, n));
    if (!secret.n || !is_word(name) || !is_word(secret))
        return dgmi_fail(err, DGM_E_ARG, "not of the form \"NAME KEY\"");
    if (name.n >= DGMS_NAME_SIZE)
        return dgmi_fail(err, DGM_E_ARG, "a name of over %d characters",
                         DGMS_NAME_SIZE - 1);
    if (secret.n < DGMS_KEY_LEAST)
        return dgmi_fail(err, DGM_E_ARG, "a key of less than %d characters",
                         DGMS_KEY_LEAST);
    return add_key(list, name, secret, err);
}

static dgm_status read_lines(key_list *list, dgmi_str text, const char *where,
                             dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgmi_str line;

    for (int number = 1; dgmi_str_split(&text, '\n', &line); number++) {
        dgm_status status = read_line(list, line, &fault);
        if (status != DGM_OK)
            return dgmi_fail(err, status, "%s, line %d: %s", where, number, fault.text);
    }
    return DGM_OK;
}

static dgm_status read_file(key_list *list, const char *path, dgm_error *err)
{
    struct stat info;
    dgmi_buf text;

    if (stat(path, &info))
        return dgmi_fail_errno(err, path);
    if (!dgms_is_private(&info))
        return dgmi_fail(err, DGM_E_ARG,
                         "%s: can be read or written by others; chmod 600 it", path);
    dgmi_buf_init(&text, FILE_BYTES);
    dgm_status status = dgmi_file_read(path, &text, err);
    if (status == DGM_OK)
        status = read_lines(list, dgmi_buf_str(&text), path, err);
    if (text.p)
        explicit_bzero(text.p, text.capacity);
    dgmi_buf_clear(&text);
    return status;
}

static dgm_status read_all(const dgms_settings *settings, key_list *out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    if (settings->write_key)
        status = read_lines(out, dgmi_str_of(settings->write_key), "write-key", err);
    if (status == DGM_OK && settings->write_keys)
        status = read_file(out, settings->write_keys, err);
    return status;
}

dgm_status dgms_keys_reload(dgms_keys *keys, dgm_error *err)
{
    key_list fresh = { 0 };
    dgm_status status = read_all(keys->settings, &fresh, err);

    if (status == DGM_OK) {
        pthread_mutex_lock(&keys->lock);
        key_list old = keys->list;
        keys->list = fresh;
        fresh = old;
        pthread_mutex_unlock(&keys->lock);
    }
    clear_list(&fresh);
    return status;
}

dgm_status dgms_keys_new(const dgms_settings *settings, dgms_keys **out, dgm_error *err)
{
    dgms_keys *keys = calloc(1, sizeof *keys);

    *out = NULL;
    if (!keys)
        return dgmi_fail_memory(err);
    keys->settings = settings;
    pthread_mutex_init(&keys->lock, NULL);
    dgm_status status = DGM_OK;
    if (getrandom(keys->own, sizeof keys->own, 0) != (ssize_t)sizeof keys->own)
        status = dgmi_fail_errno(err, "random bytes");
    if (status == DGM_OK)
        status = dgms_keys_reload(keys, err);
    if (status == DGM_OK)
        *out = keys;
    else
        dgms_keys_free(keys);
    return status;
}

void dgms_keys_free(dgms_keys *keys)
{
    if (!keys)
        return;
    clear_list(&keys->list);
    pthread_mutex_destroy(&keys->lock);
    free(keys);
}

dgmi_hmac *dgms_keys_hmac(dgms_keys *keys)
{
    return dgmi_hmac_new(DGMI_HMAC_SHA256, (dgmi_str){ keys->own, sizeof keys->own });
}

/* ---- Keys of calls ---- */

/* What the client gave: X-API-Key, or Authorization with "Bearer", "Token" or nothing
 * before it. */
static dgmi_str key_of(const dgms_call *call)
{
    dgmi_str given = dgmi_str_trim(dgmi_str_of(dgms_call_header(call, "X-API-Key")));
    if (given.n)
        return given;
    given = dgmi_str_trim(dgmi_str_of(dgms_call_header(call, "Authorization")));
    if (dgmi_str_starts_nocase(given, "Bearer "))
        return dgmi_str_trim(dgmi_str_skip(given, 7));
    if (dgmi_str_starts_nocase(given, "Token "))
        return dgmi_str_trim(dgmi_str_skip(given, 6));
    return given;
}

/* All keys are compared, whether or not one of them was the right one. */
static bool knows(dgms_keys *keys, dgms_call *call, bool *any)
{
    dgmi_str given = key_of(call);
    bool found = false;

    pthread_mutex_lock(&keys->lock);
    *any = keys->list.n > 0;
    for (size_t i = 0; i < keys->list.n; i++) {
        const key *k = &keys->list.keys[i];
        if (!dgmi_secret_equal(given, dgmi_str_of(k->secret)))
            continue;
        found = true;
        snprintf(call->by, sizeof call->by, "%s", k->name);
    }
    pthread_mutex_unlock(&keys->lock);
    return found;
}

static bool refuse_off(dgms_call *call, const char *setting)
{
    char text[160];
    snprintf(text, sizeof text,
             "this is off, for no %s is set; dragomand(8) tells how to turn it on",
             setting);
    dgms_reply_problem(&call->reply, 403, text, NULL, -1);
    return false;
}

static bool check_key(dgms_keys *keys, dgms_call *call)
{
    bool any = false;
    if (knows(keys, call, &any))
        return true;
    if (!any)
        return refuse_off(call, "write-key");
    dgms_reply_problem(&call->reply, 401,
                       key_of(call).n ? "the key is not known"
                                      : "writing takes a key: Authorization: Bearer KEY",
                       NULL, -1);
    call->reply.challenge = "Bearer realm=\"dragoman\"";
    return false;
}

/* ---- Signatures ---- */

/* As Superdesk names it, and as its Publisher does. */
static const char *signature_of(const dgms_call *call)
{
    const char *signature = dgms_call_header(call, "x-superdesk-signature");
    return signature ? signature : dgms_call_header(call, "x-publisher-signature");
}

static bool refuse_unsigned(dgms_call *call)
{
    dgms_reply_problem(&call->reply, call->route->unsigned_status,
                       signature_of(call)
                           ? "the signature is not that of this body and the push token"
                           : "there is no signature (x-superdesk-signature)",
                       NULL, -1);
    if (call->reply.status == 401)
        call->reply.challenge = "Signature realm=\"dragoman\"";
    return false;
}

bool dgms_keys_admit(dgms_keys *keys, dgms_call *call)
{
    switch (call->route->door) {
    case DGMS_OPEN:
        return true;
    case DGMS_KEY:
        return check_key(keys, call);
    case DGMS_PUSH:
        return keys->settings->push_token ? true : refuse_off(call, "push-token");
    case DGMS_SIGNED:
        if (!keys->settings->push_token)
            return refuse_off(call, "push-token");
        return signature_of(call) ? true : refuse_unsigned(call);
    }
    return false;
}

/* The HMAC of the whole body. False if it cannot be read. */
static bool digest_body(const dgms_spool *body, const char *token,
                        char out[DGMI_HMAC_HEX])
{
    dgmi_hmac *hmac = dgmi_hmac_new(DGMI_HMAC_SHA1, dgmi_str_of(token));
    char *block = malloc(BLOCK);
    bool whole = hmac && block;
    size_t got = 1;

    for (uint64_t at = 0; whole && got; at += got) {
        whole = dgms_spool_read(body, at, block, BLOCK, &got, NULL) == DGM_OK;
        if (whole)
            dgmi_hmac_add(hmac, block, got);
    }
    if (whole)
        dgmi_hmac_hex(hmac, out);
    free(block);
    dgmi_hmac_free(hmac);
    return whole;
}

bool dgms_keys_signed(dgms_keys *keys, dgms_call *call)
{
    char hex[DGMI_HMAC_HEX];
    dgmi_str given = dgmi_str_of(signature_of(call));

    if (!digest_body(&call->body, keys->settings->push_token, hex)) {
        dgms_reply_problem(&call->reply, 503, "the body cannot be read", NULL, -1);
        return false;
    }
    bool named = dgmi_str_starts(given, "sha1=");
    bool same = dgmi_secret_equal(dgmi_str_skip(given, 5), dgmi_str_of(hex));
    return named && same ? true : refuse_unsigned(call);
}
