/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Superdesk and its relatives push. Depends on routes.h and keys.h. */
#include "keys.h"
#include "routes.h"

/* Superdesk sends binaries before their item, and only those that are not here yet; a
 * refusal would fail the item. Text alone is kept, so all are said to be here. */
void dgms_run_media_known(dgms_place *place, dgms_call *call)
{
    static const char text[] = "{}";
    (void)place;
    dgms_reply_static(&call->reply, DGMS_JSON, text, sizeof text - 1);
}

void dgms_run_media(dgms_place *place, dgms_call *call)
{
    static const char text[] = "{\"status\":\"OK\"}";
    if (!dgms_keys_signed(place->server->keys, call))
        return;
    dgms_reply_static(&call->reply, DGMS_JSON, text, sizeof text - 1);
    call->reply.status = 201;
}
