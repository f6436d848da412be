/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request between its head and its reply: finding its route, running it, recording it.
 * Depends on server.h and routes.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "routes.h"

enum { HOST_BYTES = 300 };

const char *dgms_call_header(const dgms_call *call, const char *name)
{
    return call->look_up ? call->look_up(call->connection, name) : NULL;
}

/* Nothing but the characters of a host and a port goes into a document. */
bool dgms_call_base(const dgms_call *call, dgmi_buf *out)
{
    static const char known[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-:[]_";
    const char *host = dgms_call_header(call, "Host");
    const char *forwarded = dgms_call_header(call, "X-Forwarded-Proto");
    bool secure = forwarded && !strcmp(forwarded, "https");
    size_t n = host ? strlen(host) : 0;
    if (n == 0 || n >= HOST_BYTES || strspn(host, known) != n)
        return false;
    dgmi_buf_printf(out, "http%s://%s", secure ? "s" : "", host);
    return !out->failed;
}

static void refuse_method(dgms_call *call, const dgms_match *match)
{
    char text[80];
    if (!strcmp(call->method, "OPTIONS")) {
        call->reply.status = 204;
        call->reply.body = "";
    } else {
        snprintf(text, sizeof text, "only %s is served here", match->allow);
        dgms_reply_problem(&call->reply, 405, text, NULL, -1);
    }
    memcpy(call->reply.allow, match->allow, sizeof call->reply.allow);
}

bool dgms_call_route(dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgms_match match;

    if (dgms_target_parse(dgmi_str_of(call->raw), &call->target, &err) != DGM_OK) {
        dgms_reply_failure(&call->reply, &err,
                           *call->target.bad ? call->target.bad : NULL);
        return false;
    }
    dgms_route_find(&call->target, call->method, &match);
    call->route = match.route;
    call->value = match.value;
    if (!match.known) {
        dgms_reply_problem(&call->reply, 404, "there is nothing under this path", NULL,
                           -1);
        return false;
    }
    if (!match.route) {
        refuse_method(call, &match);
        return false;
    }
    return dgms_route_check(call->route, call);
}

bool dgms_call_run(dgms_call *call, dgms_place *place)
{
    if (!call->route->start)
        call->route->run(place, call);
    else if (!call->route->start(place, call))
        return false;
    if (call->reply.status == 200 && !call->reply.packed)
        dgms_reply_pack(&call->reply, call->accept_encoding, place->gzip,
                        place->server->settings->gzip_min);
    return true;
}

void dgms_call_record(const dgms_call *call, const dgms_server *server,
                      const char *remote)
{
    double seconds = (double)(dgmi_now_us() - call->started_us) / 1e6;
    dgms_entry entry = {
        .remote = remote,
        .method = call->method,
        .target = call->raw ? call->raw : "",
        .id = call->id,
        .status = call->reply.status,
        .bytes = strcmp(call->method, "HEAD") != 0 ? call->reply.n : 0,
        .ms = seconds * 1e3,
        .by = call->by,
    };
    dgms_metrics_request(server->metrics, call->route ? call->route->path : "none",
                         entry.status, seconds);
    if (!dgms_accesslog_write(server->log, &entry))
        dgms_metrics_count(server->metrics, DGMS_LOG_LOST, 1);
}

void dgms_call_clear(dgms_call *call)
{
    dgms_reply_clear(&call->reply);
    dgms_target_clear(&call->target);
    dgms_spool_clear(&call->body);
    free(call->raw);
    memset(call, 0, sizeof *call);
}
