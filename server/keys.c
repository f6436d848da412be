/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checking signatures. Nothing of a secret goes into a reply or a log. Depends on
 * server.h, routes.h and lib/base. */
#include "keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "hmac.h"
#include "routes.h"

#define BLOCK (64u << 10)

struct dgms_keys {
    const dgms_settings *settings;
};

dgm_status dgms_keys_new(const dgms_settings *settings, dgms_keys **out, dgm_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return dgmi_fail_memory(err);
    (*out)->settings = settings;
    return DGM_OK;
}

void dgms_keys_free(dgms_keys *keys)
{
    free(keys);
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
    dgms_reply_problem(&call->reply, 403,
                       signature_of(call)
                           ? "the signature is not that of this body and the push token"
                           : "there is no signature (x-superdesk-signature)",
                       NULL, -1);
    return false;
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

bool dgms_keys_admit(dgms_keys *keys, dgms_call *call)
{
    switch (call->route->door) {
    case DGMS_OPEN:
        return true;
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
