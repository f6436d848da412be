/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/items/{id}. Depends on routes.h and dragoman.h. */
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
static void send_item(dgms_call *call, const dgm_item *item)
{
    dgmi_buf out;

    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_json_item(&out, item);
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
    if (call->reply.status != 200)
        return;
    dgms_reply_tag(&call->reply, "item", call->reply.body);
    call->reply.varies = true;
    if (dgms_etag_matches(call->if_none_match, call->reply.etag))
        dgms_reply_not_modified(&call->reply);
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
    if (status == DGM_E_NOTFOUND) {
        refuse(call, 404, "is not in the archive");
    } else if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, NULL);
    } else {
        switch (item->status) {
        case DGM_USABLE:
            send_item(call, item);
            break;
        case DGM_WITHHELD: /* not to be published yet: not even that it exists */
            refuse(call, 404, "is not in the archive");
            break;
        case DGM_CANCELED:
            refuse(call, 410, "was withdrawn");
            break;
        }
    }
    dgm_item_free(item);
}
