/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HMAC as nettle has it, behind one type. Depends on nettle and str. */
#include "hmac.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct dgmi_hmac {
    dgmi_hmac_kind kind;
    union {
        struct hmac_sha1_ctx sha1;
        struct hmac_sha256_ctx sha256;
    } state;
};

dgmi_hmac *dgmi_hmac_new(dgmi_hmac_kind kind, dgmi_str key)
{
    dgmi_hmac *h = calloc(1, sizeof *h);
    if (!h)
        return NULL;
    h->kind = kind;
    switch (kind) {
    case DGMI_HMAC_SHA1:
        hmac_sha1_set_key(&h->state.sha1, key.n, (const uint8_t *)key.p);
        break;
    case DGMI_HMAC_SHA256:
        hmac_sha256_set_key(&h->state.sha256, key.n, (const uint8_t *)key.p);
        break;
    }
    return h;
}

void dgmi_hmac_add(dgmi_hmac *h, const void *bytes, size_t n)
{
    switch (h->kind) {
    case DGMI_HMAC_SHA1:
        hmac_sha1_update(&h->state.sha1, n, bytes);
        break;
    case DGMI_HMAC_SHA256:
        hmac_sha256_update(&h->state.sha256, n, bytes);
        break;
    }
}

void dgmi_hmac_hex(dgmi_hmac *h, char out[DGMI_HMAC_HEX])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_SIZE];
    size_t n = 0;

    switch (h->kind) {
    case DGMI_HMAC_SHA1:
        n = SHA1_DIGEST_SIZE;
        hmac_sha1_digest(&h->state.sha1, n, digest);
        break;
    case DGMI_HMAC_SHA256:
        n = SHA256_DIGEST_SIZE;
        hmac_sha256_digest(&h->state.sha256, n, digest);
        break;
    }
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * n] = '\0';
}

void dgmi_hmac_free(dgmi_hmac *h)
{
    if (!h)
        return;
    explicit_bzero(h, sizeof *h);
    free(h);
}

bool dgmi_secret_equal(dgmi_str a, dgmi_str b)
{
    /* A shorter or longer one is compared too, with b itself, so that its length takes no
     * shorter way. */
    const char *p = a.n == b.n ? a.p : b.p;
    int same = b.n == 0 || memeql_sec(p, b.p, b.n);
    return a.n == b.n && same;
}
