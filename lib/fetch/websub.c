/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSub, our side. Depends on websub.h, lib/base, nettle. */
#include "websub.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/random.h>

#include <nettle/hmac.h>
#include <nettle/memops.h>

#include "fail.h"
#include "file.h"
#include "str.h"

enum { FILE_MAX = 64 << 10, RANDOM_BYTES = 16, DIGEST_MAX = 64 };
#define LEASE_STANDARD ((int64_t)10 * 86400)
#define LEASE_MOST ((int64_t)366 * 86400)

static const char *const names[DGMI_SUB_TEXTS] = {
    [DGMI_SUB_URL] = "url",         [DGMI_SUB_HUB] = "hub",
    [DGMI_SUB_TOPIC] = "topic",     [DGMI_SUB_SECRET] = "secret",
    [DGMI_SUB_NAME] = "name",       [DGMI_SUB_FORMAT] = "format",
    [DGMI_SUB_SOURCE] = "source",   [DGMI_SUB_REGION] = "region",
    [DGMI_SUB_COUNTRY] = "country", [DGMI_SUB_LANGUAGE] = "language",
};

void dgmi_subscription_clear(dgmi_subscription *s)
{
    for (int i = 0; i < DGMI_SUB_TEXTS; i++)
        free(s->text[i]);
    *s = (dgmi_subscription){ .until = 0 };
}

static dgm_status random_hex(char out[2 * RANDOM_BYTES + 1], dgm_error *err)
{
    unsigned char bytes[RANDOM_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return dgmi_fail_errno(err, "getrandom");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return DGM_OK;
}

dgm_status dgmi_websub_secrets(dgmi_subscription *s, dgm_error *err)
{
    char secret[2 * RANDOM_BYTES + 1];
    dgm_status status = random_hex(s->token, err);
    if (status == DGM_OK)
        status = random_hex(secret, err);
    if (status != DGM_OK)
        return status;
    free(s->text[DGMI_SUB_SECRET]);
    s->text[DGMI_SUB_SECRET] = strdup(secret);
    return s->text[DGMI_SUB_SECRET] ? DGM_OK : dgmi_fail_memory(err);
}

/* ---- Files ---- */

/* A token is part of a path, and anybody may send one. */
static bool is_token(const char *token)
{
    return strlen(token) == DGMI_TOKEN_SIZE - 1 &&
           strspn(token, "0123456789abcdef") == DGMI_TOKEN_SIZE - 1;
}

static char *path_of(const char *data_dir, const char *token, const char *ending)
{
    char *path = NULL;
    if (asprintf(&path, "%s/feeds/websub/%s%s", data_dir, token, ending) < 0)
        return NULL;
    return path;
}

static dgm_status write_text(const char *data_dir, const char *token, const char *ending,
                             const dgmi_buf *text, dgm_error *err)
{
    char *folder = dgmi_path_join(data_dir, "feeds/websub");
    char *path = path_of(data_dir, token, ending);
    dgm_status status = !folder || !path || text->failed ? dgmi_fail_memory(err)
                                                         : dgmi_make_dirs(folder, err);
    if (status == DGM_OK && folder && chmod(folder, 0700) != 0) /* it holds secrets */
        status = dgmi_fail_errno(err, folder);
    if (status == DGM_OK)
        status = dgmi_file_replace(path, text->p, text->n, err);
    free(folder);
    free(path);
    return status;
}

dgm_status dgmi_websub_write(const char *data_dir, const dgmi_subscription *s,
                             dgm_error *err)
{
    dgmi_buf text;
    dgmi_buf_init(&text, FILE_MAX);
    for (int i = 0; i < DGMI_SUB_TEXTS; i++) {
        if (s->text[i])
            dgmi_buf_printf(&text, "%s %s\n", names[i], s->text[i]);
    }
    dgm_status status = write_text(data_dir, s->token, "", &text, err);
    dgmi_buf_clear(&text);
    return status;
}

static void take_text(dgmi_subscription *s, dgmi_str name, dgmi_str value)
{
    for (int i = 0; i < DGMI_SUB_TEXTS; i++) {
        if (dgmi_str_eq(name, names[i]) && !s->text[i])
            s->text[i] = dgmi_str_dup(value);
    }
}

static void take_time(dgmi_subscription *s, dgmi_str name, dgmi_str value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%.*s", (int)(value.n < 20 ? value.n : 20), value.p);
    int64_t time = strtoll(digits, NULL, 10);
    if (dgmi_str_eq(name, "until"))
        s->until = time;
    else if (dgmi_str_eq(name, "leased"))
        s->leased = time;
    else if (dgmi_str_eq(name, "denied"))
        s->denied = time;
}

static dgm_status read_facts(const char *data_dir, const char *ending,
                             dgmi_subscription *s,
                             void (*take)(dgmi_subscription *, dgmi_str, dgmi_str),
                             dgm_error *err)
{
    dgmi_buf text;
    dgmi_str rest, line, name;
    char *path = path_of(data_dir, s->token, ending);
    if (!path)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&text, FILE_MAX);
    dgm_status status = dgmi_file_read(path, &text, err);
    rest = dgmi_buf_str(&text);
    while (status == DGM_OK && dgmi_str_split(&rest, '\n', &line)) {
        if (dgmi_str_split(&line, ' ', &name))
            take(s, name, line);
    }
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

dgm_status dgmi_websub_read(const char *data_dir, const char *token,
                            dgmi_subscription *out, dgm_error *err)
{
    *out = (dgmi_subscription){ .until = 0 };
    if (!is_token(token))
        return dgmi_fail(err, DGM_E_NOTFOUND, "no such subscription");
    snprintf(out->token, sizeof out->token, "%s", token);
    dgm_status status = read_facts(data_dir, "", out, take_text, err);
    if (status == DGM_OK && (!out->text[DGMI_SUB_TOPIC] || !out->text[DGMI_SUB_SECRET]))
        status = dgmi_fail(err, DGM_E_NOTFOUND, "the subscription is damaged");
    if (status == DGM_OK &&
        read_facts(data_dir, ".lease", out, take_time, NULL) != DGM_OK)
        out->until = 0; /* the hub has not asked yet */
    if (status != DGM_OK)
        dgmi_subscription_clear(out);
    return status;
}

dgm_status dgmi_websub_remove(const char *data_dir, const char *token, dgm_error *err)
{
    static const char *const endings[] = { "", ".lease" };
    dgm_status status = DGM_OK;
    for (size_t i = 0; i < 2 && status == DGM_OK && is_token(token); i++) {
        char *path = path_of(data_dir, token, endings[i]);
        status = path ? dgmi_remove_tree(path, err) : dgmi_fail_memory(err);
        free(path);
    }
    return status;
}

/* ---- The hub's questions ---- */

static int64_t lease_of(const char *text)
{
    char *end = NULL;
    if (!text || *text < '0' || *text > '9')
        return LEASE_STANDARD;
    errno = 0;
    long long seconds = strtoll(text, &end, 10);
    if (errno || *end || seconds < 1)
        return LEASE_STANDARD;
    return seconds < LEASE_MOST ? seconds : LEASE_MOST;
}

static dgm_status note_lease(const char *data_dir, const dgmi_subscription *s,
                             dgm_error *err)
{
    dgmi_buf text;
    dgmi_buf_init(&text, FILE_MAX);
    dgmi_buf_printf(&text, "until %" PRId64 "\nleased %" PRId64 "\ndenied %" PRId64 "\n",
                    s->until, s->leased, s->denied);
    dgm_status status = write_text(data_dir, s->token, ".lease", &text, err);
    dgmi_buf_clear(&text);
    return status;
}

dgm_status dgmi_websub_verify(const char *data_dir, const char *token, const char *mode,
                              const char *topic, const char *lease, int64_t now,
                              dgm_error *err)
{
    dgmi_subscription s;
    dgm_status status = dgmi_websub_read(data_dir, token, &s, err);
    if (status != DGM_OK)
        return status;
    const char *own = s.text[DGMI_SUB_TOPIC];
    bool ours = topic && own && !strcmp(topic, own);
    if (ours && mode && !strcmp(mode, "subscribe")) {
        s.leased = now;
        s.until = now + lease_of(lease);
        s.denied = 0;
        status = note_lease(data_dir, &s, err);
    } else if (ours && mode && !strcmp(mode, "denied")) {
        s.until = 0;
        s.denied = now;
        status = note_lease(data_dir, &s, err);
    } else { /* we never ask to end one: it runs out */
        status = dgmi_fail(err, DGM_E_NOTFOUND, "this was not asked for");
    }
    dgmi_subscription_clear(&s);
    return status;
}

/* ---- Deliveries ---- */

/* What nettle calls for each digest. */
#define HMAC(name)                                                                       \
    static void name##_of(const char *key, const void *p, size_t n, uint8_t *out)        \
    {                                                                                    \
        struct hmac_##name##_ctx c;                                                      \
        hmac_##name##_set_key(&c, strlen(key), (const uint8_t *)key);                    \
        hmac_##name##_update(&c, n, p);                                                  \
        hmac_##name##_digest(&c, sizeof(digest_##name), out);                            \
    }
typedef uint8_t digest_sha1[SHA1_DIGEST_SIZE], digest_sha256[SHA256_DIGEST_SIZE],
    digest_sha384[SHA384_DIGEST_SIZE], digest_sha512[SHA512_DIGEST_SIZE];
HMAC(sha1)
HMAC(sha256)
HMAC(sha384)
HMAC(sha512)

static const struct {
    const char *prefix;
    size_t size;
    void (*digest)(const char *key, const void *p, size_t n, uint8_t *out);
} methods[] = {
    { "sha256=", SHA256_DIGEST_SIZE, sha256_of },
    { "sha1=", SHA1_DIGEST_SIZE, sha1_of },
    { "sha384=", SHA384_DIGEST_SIZE, sha384_of },
    { "sha512=", SHA512_DIGEST_SIZE, sha512_of },
};

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool read_hex(const char *hex, uint8_t *out, size_t n)
{
    if (strlen(hex) != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool dgmi_websub_signed(const dgmi_subscription *s, const char *signature,
                        const void *body, size_t n)
{
    uint8_t given[DIGEST_MAX], wanted[DIGEST_MAX];
    const char *secret = s->text[DGMI_SUB_SECRET];
    for (size_t i = 0; secret && signature && i < sizeof methods / sizeof *methods; i++) {
        size_t length = strlen(methods[i].prefix);
        if (strncmp(signature, methods[i].prefix, length) != 0)
            continue;
        if (!read_hex(signature + length, given, methods[i].size))
            return false;
        methods[i].digest(secret, body, n, wanted);
        return nettle_memeql_sec(given, wanted, methods[i].size) != 0;
    }
    return false;
}

dgm_origin dgmi_websub_origin(const dgmi_subscription *s)
{
    return (dgm_origin){ .name = s->text[DGMI_SUB_NAME],
                         .format = s->text[DGMI_SUB_FORMAT],
                         .url = s->text[DGMI_SUB_URL],
                         .source = s->text[DGMI_SUB_SOURCE],
                         .region = s->text[DGMI_SUB_REGION],
                         .country = s->text[DGMI_SUB_COUNTRY],
                         .language = s->text[DGMI_SUB_LANGUAGE] };
}
