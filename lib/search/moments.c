/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moments made ready ahead of searches. Depends on moment.h, request.h. */
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "moment.h"
#include "request.h"

/* One step at least, and more until the time has come. */
static dgm_status go_on(dgm *desk, uint64_t place, uint64_t until_us, bool *ready,
                        dgm_error *err)
{
    dgm *then = NULL;
    dgm_status status = DGM_OK;
    *ready = false;
    do {
        status = dgmi_moment_enter(desk, place, until_us, &then, err);
        *ready = status == DGM_OK && dgmi_moment_is_ready(then->moment);
    } while (status == DGM_OK && !*ready && dgmi_now_us() < until_us);
    return status;
}

static dgm_status go_on_unless_stale(dgm *desk, uint64_t place, uint64_t until_us,
                                     bool *ready, dgm_error *err)
{
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    *ready = true;
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = dgmi_index_refresh(desk->index, NULL, &inner);
        if (status == DGM_OK && desk->index->db)
            status = go_on(desk, place, until_us, ready, &inner);
    }
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}

dgm_status dgm_prepare(dgm *desk, const dgm_request *request, dgm_error *err)
{
    uint64_t place = 0;
    int64_t now = 0;
    bool ready;
    if (!desk || !request)
        return dgmi_fail(err, DGM_E_ARG, "a reader and a request are needed");
    if (request->as_of.kind == DGMI_ASOF_NONE)
        return DGM_OK;
    dgm_status status = dgmi_index_refresh(desk->index, NULL, err);
    if (status != DGM_OK || !desk->index->db)
        return status;
    status = dgmi_asof_resolve(desk->index, &request->as_of, &place, &now, err);
    if (status != DGM_OK || place == 0)
        return status;
    return go_on_unless_stale(desk, place, UINT64_MAX, &ready, err);
}

bool dgm_moment_is_behind(const dgm *desk, uint64_t *place)
{
    const dgmi_moment *last = NULL;
    for (size_t i = 0; desk && i < DGM_MOMENTS; i++) {
        const dgmi_moment *m = desk->moments[i];
        if (m && (!last || m->using > last->using))
            last = m;
    }
    if (!last || dgmi_moment_is_ready(last))
        return false;
    *place = last->view.place;
    return true;
}

dgm_status dgm_moment_prepare(dgm *desk, uint64_t place, unsigned ms, bool *ready,
                              dgm_error *err)
{
    if (!desk || !ready || place == 0)
        return dgmi_fail(err, DGM_E_ARG, "a reader, a place and an answer are needed");
    return go_on_unless_stale(desk, place, dgmi_now_us() + ms * 1000ull, ready, err);
}
