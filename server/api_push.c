/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Superdesk and its relatives push. Depends on routes.h, keys.h, deposit.h and
 * lib/wire. */
#include <string.h>

#include "deposit.h"
#include "keys.h"
#include "routes.h"
#include "wire.h"

/* Superdesk takes any 2xx; its Publisher answered in these words. */
static void answer_well(dgms_call *call)
{
    const char *text = call->route->good == 201 ? "{\"status\":\"OK\"}" : "{}";
    dgms_reply_static(&call->reply, DGMS_JSON, text, strlen(text));
    call->reply.status = call->route->good ? call->route->good : 200;
}

/* Superdesk sends binaries before their item, and only those that are not here yet; a
 * refusal would fail the item. Text alone is kept, so all are said to be here. */
void dgms_run_media_known(dgms_place *place, dgms_call *call)
{
    (void)place;
    answer_well(call);
}

void dgms_run_media(dgms_place *place, dgms_call *call)
{
    if (dgms_keys_signed(place->server->keys, call))
        answer_well(call);
}

/* A document whose every item was rejected is bad; what Superdesk sees as a client's
 * error (4xx) it never sends again, so everything else is a 5xx. */
static void answer_push(dgms_deposit *deposit, int searchable)
{
    dgms_results *r = &deposit->work.results;
    dgms_reply *reply = &deposit->call->reply;
    (void)searchable;

    if (deposit->status)
        dgms_reply_problem(reply, deposit->status, deposit->reason, NULL, -1);
    else if (r->n && r->last_status >= 400)
        dgms_reply_problem(reply, r->last_status, r->last_reason, NULL, -1);
    else
        answer_well(deposit->call);
}

bool dgms_start_push(dgms_place *place, dgms_call *call)
{
    const dgms_server *server = place->server;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_peeked peeked;

    if (!dgms_keys_signed(server->keys, call))
        return true;
    dgms_deposit *deposit = dgms_deposit_new(server, call);
    if (!deposit)
        return true;
    deposit->answer = answer_push;
    deposit->format = "ninjs";
    if (dgmi_ninjs_peek(dgmi_buf_str(&deposit->text), &peeked, &err) != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, NULL);
    } else if (!peeked.has_id || !peeked.has_type) {
        dgms_reply_problem(
            &call->reply, 400,
            peeked.has_id ? "the item has no type" : "the item has no guid", NULL, -1);
    } else if (!peeked.is_text || !peeked.has_words) {
        dgms_metrics_pushed(server->metrics, DGMS_SKIPPED);
        answer_well(call);
    } else {
        return dgms_deposit_submit(deposit);
    }
    dgms_deposit_free(deposit);
    return true;
}
