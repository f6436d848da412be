/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request for counting. Depends on lib/index, lib/text. */
#include "question.h"

#include "fail.h"

static dgm_status parse(dgmi_question *q, dgm_error *err)
{
    dgm_status status = dgmi_query_parse(q->asked.q, q->asked.literal, &q->query, err);
    if (status == DGM_OK)
        status = dgmi_query_parse(NULL, false, &q->nothing, err);
    for (uint32_t i = 0; status == DGM_OK && i < q->query->n_warnings; i++)
        dgmi_warn(&q->s.notes, "%s", q->query->warnings[i]);
    return status;
}

dgm_status dgmi_question_ask(dgmi_question *q, dgm *desk, const dgm_request *request,
                             dgmi_arena *arena, dgmi_arena *scratch, uint64_t deadline_us,
                             dgm_error *err)
{
    *q = (dgmi_question){ .asked = *request, .filters = *request };
    q->asked.cursor = q->filters.cursor = NULL;
    q->filters.q = q->filters.similar = NULL;
    q->has_text = (request->q && *request->q) || request->similar;
    q->s = (dgmi_search){ .desk = desk,
                          .request = &q->asked,
                          .arena = arena,
                          .scratch = scratch,
                          .notes = { .arena = arena },
                          .whole = true,
                          .err = err };
    q->bare = q->s;
    q->bare.request = &q->filters;
    dgm_status status = parse(q, err);
    q->s.query = q->query;
    q->bare.query = q->nothing;
    if (status != DGM_OK || !desk->index->db)
        return status;
    status = dgmi_search_prepare(&q->s, deadline_us);
    return status == DGM_OK ? dgmi_search_prepare(&q->bare, deadline_us) : status;
}

void dgmi_question_clear(dgmi_question *q)
{
    dgmi_query_free(q->query);
    dgmi_query_free(q->nothing);
    *q = (dgmi_question){ .query = NULL };
}

dgm_status dgmi_question_try(dgm_status (*attempt)(void *user, dgm_error *err),
                             void *user, dgm_error *err)
{
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = attempt(user, &inner);
    }
    if (status == DGM_OK)
        return status;
    return inner.offset >= 0
               ? dgmi_fail_at(err, status, (size_t)inner.offset, "%s", inner.text)
               : dgmi_fail(err, status, "%s", inner.text);
}
