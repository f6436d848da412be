/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/stories/{id}. Depends on routes.h and dragoman.h. */
#include <stdio.h>

#include "routes.h"
#include "wire.h"

#define REPLY_BYTES (64u << 20)

static void send_story(dgms_call *call, const dgm_story *story)
{
    dgmi_buf out;

    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_json_story(&out, story);
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
    if (call->reply.status != 200)
        return;
    dgms_reply_tag(&call->reply, "story", call->reply.body);
    call->reply.varies = true;
    if (dgms_etag_matches(call->if_none_match, call->reply.etag))
        dgms_reply_not_modified(&call->reply);
}

void dgms_run_story(dgms_place *place, dgms_call *call)
{
    char text[200];
    dgm_error err = DGM_ERROR_INIT;
    dgm_story *story = NULL;

    if (!dgms_place_desk(place, &err)) {
        dgms_reply_failure(&call->reply, &err, NULL);
        return;
    }
    dgm_status status = dgm_story_get(place->desk, call->value, &story, &err);
    dgms_place_judge(place, status);
    if (status == DGM_OK) {
        send_story(call, story);
    } else if (status == DGM_E_NOTFOUND) {
        snprintf(text, sizeof text, "story \"%.120s\" is not in the archive",
                 call->value);
        dgms_reply_problem(&call->reply, 404, text, "id", -1);
    } else {
        dgms_reply_failure(&call->reply, &err, "id");
    }
    dgm_story_free(story);
}
