/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/sources. Depends on routes.h and lib/wire. */
#include "routes.h"
#include "wire.h"

#define REPLY_BYTES (64u << 20)

void dgms_run_sources(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_sources *sources = NULL;
    dgmi_buf out;

    if (!dgms_place_desk(place, &err)) {
        dgms_reply_failure(&call->reply, &err, NULL);
        return;
    }
    dgm_status status = dgm_sources_read(place->desk, DGM_NO_TIME, &sources, &err);
    dgms_place_judge(place, status);
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, NULL);
        return;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_json_sources(&out, sources);
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
    dgm_sources_free(sources);
}
