/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/search and /v1/items/{id}/similar. Depends on routes.h and dragoman.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "params.h"
#include "wire.h"

#define REPLY_BYTES                                                                      \
    (64u << 20) /* a page of 100 hits is below 1 MB; this only bounds a fault */

const dgm_param *dgms_param_find(const char *name)
{
    const dgm_param *p = NULL;
    for (size_t i = 0; (p = dgm_param_at(i)); i++)
        if (!strcmp(p->name, name))
            return p;
    return NULL;
}

bool dgms_param_chooses(const char *name)
{
    static const char *const names[] = { "q",      "match",   "from",     "to",
                                         "region", "country", "source",   "language",
                                         "topic",  "speaker", "provider", "agency" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(names[i], name))
            return true;
    return false;
}

static bool was_given(const dgms_target *target, size_t before, const char *name)
{
    for (size_t i = 0; i < before; i++)
        if (!strcmp(target->pairs[i].name, name))
            return true;
    return false;
}

bool dgms_param_refuse(dgms_call *call, const char *name, const char *why)
{
    char text[160];
    snprintf(text, sizeof text, "parameter \"%.100s\" %s", name, why);
    dgms_reply_problem(&call->reply, 400, text, name, -1);
    return false;
}

bool dgms_param_set(dgms_call *call, size_t i, dgm_request *request)
{
    const dgms_pair *pair = &call->target.pairs[i];
    const dgm_param *param = dgms_param_find(pair->name);
    dgm_error err = DGM_ERROR_INIT;

    if (!param)
        return dgms_param_refuse(call, pair->name, "is not known");
    if (!param->repeatable && was_given(&call->target, i, pair->name))
        return dgms_param_refuse(call, pair->name, "is given more than once");
    if (dgm_request_set(request, pair->name, pair->value, &err) == DGM_OK)
        return true;
    dgms_reply_failure(&call->reply, &err, pair->name);
    return false;
}

/* Fills the request from the target. False with the reply made. */
static bool read_params(dgms_call *call, dgm_request *request)
{
    for (size_t i = 0; i < call->target.n_pairs; i++)
        if (!dgms_param_set(call, i, request))
            return false;
    return true;
}

/* What only a search finds out begins with the name of the parameter. */
const char *dgms_param_at_fault(const dgm_error *err)
{
    size_t n = strcspn(err->text, ":");
    if (err->code == DGM_E_QUERY)
        return "q";
    for (size_t i = 0; err->code == DGM_E_ARG && dgm_param_at(i); i++) {
        const char *name = dgm_param_at(i)->name;
        if (strlen(name) == n && strncmp(name, err->text, n) == 0)
            return name;
    }
    return NULL;
}

void dgms_tag_search(dgms_place *place, dgms_call *call, const char *revision,
                     const char *text)
{
    char state[96];
    snprintf(state, sizeof state, "%s-%08" PRIx32, revision,
             (uint32_t)dgm_tables_mark(place->desk));
    dgms_reply_tag(&call->reply, state, text);
}

static void search(dgms_place *place, dgms_call *call, const dgm_request *request,
                   const char *text)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_page *page = NULL;
    dgmi_buf out;
    uint64_t began = dgmi_now_us();

    dgm_status status = dgm_search(place->desk, request, &page, &err);
    dgms_metrics_search(place->server->metrics, status,
                        (double)(dgmi_now_us() - began) / 1e6);
    dgms_place_judge(place, status);
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, dgms_param_at_fault(&err));
        return;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_json_page(&out, page);
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
    if (call->reply.status == 200 && !dgm_request_ages(request) && !page->partial)
        dgms_tag_search(place, call, page->revision, text);
    dgm_page_free(page);
}

bool dgms_is_known(dgms_place *place, dgms_call *call, const char *text)
{
    dgm_error err = DGM_ERROR_INIT;

    if (!call->if_none_match)
        return false;
    dgm_status status = dgm_refresh(place->desk, NULL, &err);
    dgms_place_judge(place, status);
    if (status != DGM_OK)
        return false;
    dgms_tag_search(place, call, dgm_revision(place->desk), text);
    if (!dgms_etag_matches(call->if_none_match, call->reply.etag))
        return false;
    call->reply.varies = true;
    dgms_reply_not_modified(&call->reply);
    return true;
}

/* The id of a path stands for the parameter, so both would be one too many. */
static bool set_similar(dgms_call *call, dgm_request *request)
{
    dgm_error err = DGM_ERROR_INIT;

    if (!call->value)
        return true;
    for (size_t i = 0; i < call->target.n_pairs; i++)
        if (!strcmp(call->target.pairs[i].name, "similar"))
            return dgms_param_refuse(call, "similar", "is given by the path already");
    if (dgm_request_set(request, "similar", call->value, &err) == DGM_OK)
        return true;
    dgms_reply_failure(&call->reply, &err, "id");
    return false;
}

void dgms_run_search(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_request *request = dgm_request_new();
    const char *text = NULL;

    if (!request) {
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
        return;
    }
    dgm_request_set_deadline(request, (unsigned)place->server->settings->deadline_ms);
    if (!read_params(call, request) || !set_similar(call, request))
        goto out;
    text = dgm_request_text(request);
    if (!text) {
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
        goto out;
    }
    if (!dgms_place_desk(place, &err)) {
        dgms_reply_failure(&call->reply, &err, NULL);
        goto out;
    }
    if (!dgm_request_ages(request) && dgms_is_known(place, call, text))
        goto out;
    if (!dgms_place_desk(place, &err))
        dgms_reply_failure(&call->reply, &err, NULL);
    else
        search(place, call, request, text);
out:
    dgm_request_free(request);
}
