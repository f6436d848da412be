/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging heads of requests, and taking bodies. Depends on server.h, routes.h, guard.h,
 * keys.h. */
#include "admit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fail.h"
#include "keys.h"
#include "routes.h"

/* Of a body that is refused: what a client has sent before it looks for an answer. */
#define DROP_MOST (16u << 20)
#define TYPES_SHOWN 80 /* a longer list of them is not put into a message */

void dgms_body_type(const dgms_call *call, char out[DGMS_TYPE_SIZE])
{
    dgmi_str rest = dgmi_str_of(dgms_call_header(call, "Content-Type")), type = { "", 0 };

    dgmi_str_split(&rest, ';', &type);
    type = dgmi_str_trim(type);
    size_t n = type.n < DGMS_TYPE_SIZE ? type.n : 0;
    for (size_t i = 0; i < n; i++)
        out[i] =
            (char)(type.p[i] >= 'A' && type.p[i] <= 'Z' ? type.p[i] | 0x20 : type.p[i]);
    out[n] = 0;
}

static bool is_listed(const char *types, const char *type)
{
    dgmi_str rest = dgmi_str_of(types), one;
    while (dgmi_str_split(&rest, ' ', &one))
        if (dgmi_str_eq(one, type))
            return true;
    return false;
}

bool dgms_is_bulk(const dgms_call *call)
{
    char type[DGMS_TYPE_SIZE];
    dgms_body_type(call, type);
    return is_listed(DGMS_NDJSON " application/ndjson application/jsonl", type);
}

dgms_coding dgms_body_coding(const dgms_call *call)
{
    dgmi_str name =
        dgmi_str_trim(dgmi_str_of(dgms_call_header(call, "Content-Encoding")));

    if (!name.n || dgmi_str_eq_nocase(name, "identity"))
        return DGMS_PLAIN;
    if (dgmi_str_eq_nocase(name, "gzip") || dgmi_str_eq_nocase(name, "x-gzip"))
        return DGMS_GZIP;
    return dgmi_str_eq_nocase(name, "zstd") ? DGMS_ZSTD : DGMS_CODING_ODD;
}

static void refuse(dgms_call *call, int status, const char *why)
{
    dgms_reply_problem(&call->reply, status, why, NULL, -1);
}

static uint64_t body_max(const dgms_call *call, const dgms_settings *settings)
{
    switch (call->route->payload) {
    case DGMS_NO_PAYLOAD:
        return 0;
    case DGMS_DOCUMENT:
        return settings->item_bytes;
    case DGMS_ITEMS:
        return dgms_is_bulk(call) ? settings->bulk_bytes : settings->item_bytes;
    case DGMS_MEDIA:
        return settings->bulk_bytes;
    }
    return 0;
}

static void refuse_length(dgms_call *call, uint64_t most)
{
    char text[80];
    snprintf(text, sizeof text, "the body is longer than %" PRIu64 " bytes", most);
    refuse(call, 413, text);
}

/* Looks at what the head says of a body. False with the reply made. */
static bool check_body(dgms_call *call, const dgms_settings *settings,
                       const dgms_verdict *verdict)
{
    char type[DGMS_TYPE_SIZE], text[400];
    uint64_t most = body_max(call, settings);

    dgms_body_type(call, type);
    if (!verdict->framed) {
        refuse(call, 411, "the request does not say how long its body is");
    } else if (verdict->body && !verdict->chunked && !verdict->length) {
        refuse(call, 501, "Transfer-Encoding is not \"chunked\"");
    } else if (!verdict->chunked && verdict->length > most) {
        refuse_length(call, most);
    } else if (call->route->body_types && !is_listed(call->route->body_types, type)) {
        const char *types = call->route->body_types;
        snprintf(text, sizeof text, "Content-Type %s%s%s; %s%s",
                 *type ? "\"" : "is not given", type, *type ? "\" is not taken here" : "",
                 strlen(types) > TYPES_SHOWN ? "/openapi.json lists those that are"
                                             : "taken is: ",
                 strlen(types) > TYPES_SHOWN ? "" : types);
        refuse(call, 415, text);
    } else if (dgms_body_coding(call) == DGMS_CODING_ODD) {
        refuse(call, 415, "Content-Encoding is neither gzip nor zstd");
    } else {
        return true;
    }
    return false;
}

/* After a refusal. Nothing of a body is read if the client waits for leave to send it, or
 * if it would be too much to read for nothing. */
static dgms_intake after_refusal(const dgms_call *call, const dgms_verdict *verdict)
{
    if (!verdict->body)
        return DGMS_BODY_NONE;
    if (verdict->chunked ? dgms_call_header(call, "Expect") != NULL
                         : !verdict->length || verdict->length > DROP_MOST ||
                               dgms_call_header(call, "Expect") != NULL)
        return DGMS_REFUSE_NOW;
    return DGMS_BODY_DROP;
}

static dgms_intake admit_to_route(dgms_call *call, const dgms_server *server,
                                  const dgms_verdict *verdict)
{
    if (call->route->payload == DGMS_NO_PAYLOAD && verdict->body) {
        refuse(call, 413, "requests have no body here");
        return DGMS_REFUSE_NOW;
    }
    if (!dgms_keys_admit(server->keys, call))
        return after_refusal(call, verdict);
    if (call->route->payload == DGMS_NO_PAYLOAD)
        return DGMS_BODY_NONE;
    if (!check_body(call, server->settings, verdict))
        return after_refusal(call, verdict);
    dgms_spool_init(&call->body, server->spools, body_max(call, server->settings));
    return verdict->body ? DGMS_BODY_KEEP : DGMS_BODY_NONE;
}

dgms_intake dgms_admit(dgms_call *call, const dgms_server *server,
                       const dgms_verdict *verdict, size_t raw_length)
{
    if (verdict->status) {
        dgms_metrics_count(server->metrics, DGMS_BAD_HEADS, 1);
        refuse(call, verdict->status, verdict->reason);
        return DGMS_REFUSE_NOW;
    }
    if (!call->raw) {
        refuse(call, 503, "memory ran out");
        return DGMS_REFUSE_NOW;
    }
    if (raw_length > server->settings->url_bytes) {
        refuse(call, 414, "the request target is too long");
        return DGMS_REFUSE_NOW;
    }
    if (!dgms_call_route(call))
        return after_refusal(call, verdict);
    return admit_to_route(call, server, verdict);
}

/* A body that cannot be kept is refused, once all of it was sent. */
static void refuse_rest(dgms_call *call, const dgm_error *err)
{
    if (err->code == DGM_E_ARG)
        refuse_length(call, call->body.max);
    else
        refuse(call, err->code == DGM_E_IO ? 507 : 503, err->text);
    dgms_spool_clear(&call->body);
}

bool dgms_take_body(dgms_call *call, dgms_intake *intake, uint64_t *dropped,
                    const void *bytes, size_t n)
{
    dgm_error err = DGM_ERROR_INIT;

    switch (*intake) {
    case DGMS_REFUSE_NOW:
    case DGMS_BODY_NONE:
        return false;
    case DGMS_BODY_KEEP:
        if (dgms_spool_put(&call->body, bytes, n, &err) == DGM_OK)
            return true;
        refuse_rest(call, &err);
        *intake = DGMS_BODY_DROP;
        break;
    case DGMS_BODY_DROP:
        break;
    }
    *dropped += n;
    return *dropped <= DROP_MOST;
}
