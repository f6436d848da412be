/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where hubs of WebSub ask and deliver; what was subscribed to, `dragoman watch` says.
 * Depends on routes.h, acceptor.h, lib/fetch (websub.h, head.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acceptor.h"
#include "clock.h"
#include "head.h"
#include "routes.h"
#include "websub.h"

/* A delivery on its way into the archive. */
typedef struct delivery {
    dgms_work work; /* the first member */
    dgms_call *call;
    dgmi_subscription subscription;
    dgmi_head head; /* Content-Type alone */
    dgmi_buf body;
} delivery;

static const char *parameter(const dgms_call *call, const char *name)
{
    for (size_t i = 0; i < call->target.n_pairs; i++)
        if (!strcmp(call->target.pairs[i].name, name))
            return call->target.pairs[i].value;
    return NULL;
}

/* A hub asks whether it was we who asked. */
void dgms_run_websub(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf body;
    const char *challenge = parameter(call, "hub.challenge");
    const char *mode = parameter(call, "hub.mode");
    dgm_status status = dgmi_websub_verify(
        place->server->settings->data, call->value, mode, parameter(call, "hub.topic"),
        parameter(call, "hub.lease_seconds"), dgmi_wall_time(), &err);
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, NULL);
        return;
    }
    dgmi_buf_init(&body, 1 << 16);
    dgmi_buf_puts(&body, challenge ? challenge : "");
    dgms_reply_take(&call->reply, 200, "text/plain; charset=utf-8", &body);
}

/* ---- Deliveries ---- */

static void delivery_free(delivery *d)
{
    if (!d)
        return;
    dgmi_subscription_clear(&d->subscription);
    dgmi_buf_clear(&d->body);
    dgms_results_clear(&d->work.results);
    free(d);
}

static dgm_status step(dgms_work *work, dgm_ingest *ingest, dgm_error *err)
{
    delivery *d = (delivery *)work;
    dgm_origin origin = dgmi_websub_origin(&d->subscription);
    origin.charset = d->head.charset[0] ? d->head.charset : NULL;
    return dgm_ingest_from(ingest, &origin, d->body.p ? d->body.p : "", d->body.n, err);
}

static void acknowledge(dgms_call *call)
{
    static const char text[] = "{}";
    dgms_reply_static(&call->reply, DGMS_JSON, text, sizeof text - 1);
    call->reply.status = 202;
}

/* What could not be read is kept under rejects and would be no better the next time: the
 * hub is only to come again when the archive failed. */
static void end(dgms_work *work, const dgms_ending *ending)
{
    delivery *d = (delivery *)work;
    dgms_call *call = d->call;
    if (ending->status)
        dgms_reply_problem(&call->reply, ending->status,
                           ending->reason ? ending->reason : "the archive takes nothing",
                           NULL, -1);
    else
        acknowledge(call);
    delivery_free(d);
    call->done(call);
}

static dgm_status read_delivery(const dgms_server *server, dgms_call *call, delivery *d,
                                dgm_error *err)
{
    char line[256];
    const char *type = dgms_call_header(call, "Content-Type");
    dgm_status status =
        dgmi_websub_read(server->settings->data, call->value, &d->subscription, err);
    if (status == DGM_OK)
        status = dgms_spool_get(&call->body, &d->body, err);
    dgmi_head_clear(&d->head);
    snprintf(line, sizeof line, "Content-Type: %.200s", type ? type : "");
    dgmi_head_take(&d->head, dgmi_str_of(line), 0);
    return status;
}

/* To an unknown token 410, on which a hub ends the subscription; to a signature that does
 * not fit the same as to one that does, so that nobody can try them out. */
bool dgms_start_websub(dgms_place *place, dgms_call *call)
{
    const dgms_server *server = place->server;
    dgm_error err = DGM_ERROR_INIT;
    delivery *d = calloc(1, sizeof *d);
    if (!d) {
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
        return true;
    }
    d->call = call;
    d->work.step = step;
    d->work.end = end;
    dgmi_buf_init(&d->body, server->settings->item_bytes);
    dgms_results_init(&d->work.results, server->spools, false);
    dgm_status status = read_delivery(server, call, d, &err);
    if (status == DGM_E_NOTFOUND)
        dgms_reply_problem(&call->reply, 410, "there is no such subscription", NULL, -1);
    else if (status != DGM_OK)
        dgms_reply_failure(&call->reply, &err, NULL);
    else if (!dgmi_websub_signed(&d->subscription,
                                 dgms_call_header(call, "X-Hub-Signature"), d->body.p,
                                 d->body.n))
        acknowledge(call);
    else if (dgms_acceptor_submit(server->acceptor, &d->work))
        return false;
    else
        dgms_reply_problem(&call->reply, 503, "too many wait for the archive", NULL, -1);
    delivery_free(d);
    return true;
}
