/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/items/{id} and its versions. Depends on routes.h and dragoman.h. */
#include <stdio.h>

#include "routes.h"
#include "wire.h"

#define REPLY_BYTES (256u << 20) /* the archive takes no item that is larger as JSON */

static void refuse(dgms_call *call, int status, const char *why)
{
    char text[200];
    snprintf(text, sizeof text, "item \"%.120s\" %s", call->value, why);
    dgms_reply_problem(&call->reply, status, text, "id", -1);
}

/* The tag is made from the content alone, so it outlives revisions that leave the item as
 * it is. */
static void send(dgms_call *call, const char *what, dgmi_buf *json)
{
    dgms_reply_take(&call->reply, 200, DGMS_JSON, json);
    if (call->reply.status != 200)
        return;
    dgms_reply_tag(&call->reply, what, call->reply.body);
    call->reply.varies = true;
    if (dgms_etag_matches(call->if_none_match, call->reply.etag))
        dgms_reply_not_modified(&call->reply);
}

/* False with the reply made if there is nothing to show. */
static bool check(dgms_call *call, dgm_status status, const dgm_error *err,
                  dgm_item_status item)
{
    if (status == DGM_E_NOTFOUND) {
        refuse(call, 404, "is not in the archive");
        return false;
    }
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, err, NULL);
        return false;
    }
    switch (item) {
    case DGM_USABLE:
        return true;
    case DGM_WITHHELD: /* not to be published yet: not even that it exists */
        refuse(call, 404, "is not in the archive");
        return false;
    case DGM_CANCELED:
        refuse(call, 410, "was withdrawn");
        return false;
    }
    return false;
}

void dgms_run_item(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_item *item = NULL;

    if (!dgms_place_desk(place, &err)) {
        dgms_reply_failure(&call->reply, &err, NULL);
        return;
    }
    dgm_status status = dgm_get(place->desk, call->value, &item, &err);
    dgms_place_judge(place, status);
    if (check(call, status, &err, item ? item->status : DGM_USABLE)) {
        dgmi_buf out;
        dgmi_buf_init(&out, REPLY_BYTES);
        dgmi_json_item(&out, item);
        send(call, "item", &out);
    }
    dgm_item_free(item);
}

static dgm_item_status shown_status(const dgm_history *history)
{
    for (size_t i = 0; history && i < history->n_versions; i++) {
        if (history->versions[i].current)
            return history->versions[i].status;
    }
    return DGM_USABLE;
}

void dgms_run_versions(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_history *history = NULL;
    const dgms_target *target = &call->target;
    bool diff = target->n_pairs > 0 && target->pairs[0].value[0] == '1';

    if (!dgms_place_desk(place, &err)) {
        dgms_reply_failure(&call->reply, &err, NULL);
        return;
    }
    dgm_status status = dgm_versions(place->desk, call->value, diff, &history, &err);
    dgms_place_judge(place, status);
    if (check(call, status, &err, shown_status(history))) {
        dgmi_buf out;
        dgmi_buf_init(&out, REPLY_BYTES);
        dgmi_json_history(&out, history);
        send(call, "versions", &out);
    }
    dgm_history_free(history);
}
