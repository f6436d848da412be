/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/search and /v1/items/{id}/similar. Depends on routes.h and dragoman.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "kept.h"
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

enum { STATE_SIZE = 96 };

/* A reply depends on the index's revision, on the tables beside it, and, as silence of
 * sources does, on the hour. False if the tables cannot be read. */
static bool tell_state(dgms_place *place, const char *revision, char out[STATE_SIZE])
{
    uint64_t mark = dgm_tables_mark(place->desk);
    snprintf(out, STATE_SIZE, "%s-%016" PRIx64 "-%" PRIx64, revision, mark,
             (uint64_t)dgmi_wall_time() / 3600);
    return mark != 0;
}

void dgms_tag_search(dgms_place *place, dgms_call *call, const char *revision,
                     const char *text)
{
    char state[STATE_SIZE];
    tell_state(place, revision, state);
    dgms_reply_tag(&call->reply, state, text);
}

/* A search made anew. Whether its reply may stand for later ones of the same key: then
 * nothing that the state tells of changed from before it to behind it. */
static bool search(dgms_place *place, dgms_call *call, const dgm_request *request,
                   const char *text, const char *before)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_page *page = NULL;
    dgmi_buf out;
    char after[STATE_SIZE];
    uint64_t began = dgmi_now_us();

    dgm_status status = dgm_search(place->desk, request, &page, &err);
    dgms_metrics_search(place->server->metrics, status,
                        (double)(dgmi_now_us() - began) / 1e6);
    dgms_place_judge(place, status);
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, dgms_param_at_fault(&err));
        return false;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_json_page(&out, page);
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
    tell_state(place, page->revision, after);
    bool whole =
        call->reply.status == 200 && !dgm_request_ages(request) && !page->partial;
    if (whole)
        dgms_reply_tag(&call->reply, after, text);
    bool good = whole && !dgm_page_is_cut(page) && strcmp(before, after) == 0;
    dgm_page_free(page);
    return good;
}

/* The answer out of those that are kept, or made and then kept. */
static void answer(dgms_place *place, dgms_call *call, const dgm_request *request,
                   const char *text)
{
    dgms_kept *kept = place->server->kept;
    bool packed = dgms_gzip_wanted(call->accept_encoding);
    dgm_error err = DGM_ERROR_INIT;
    dgms_claim *claim = NULL;
    char state[STATE_SIZE] = "";
    dgmi_buf key;

    dgmi_buf_init(&key, 0);
    if (!dgm_request_ages(request) && dgm_refresh(place->desk, NULL, &err) == DGM_OK &&
        tell_state(place, dgm_revision(place->desk), state))
        dgms_kept_key(&key, state, packed, &call->target, call->value);
    if (key.n && !key.failed &&
        dgms_kept_find(kept, dgmi_buf_str(&key), &call->reply, &claim))
        goto out;
    bool good = search(place, call, request, text, state);
    if (good)
        dgms_reply_pack(&call->reply, call->accept_encoding, place->gzip,
                        place->server->settings->gzip_min);
    dgms_kept_settle(kept, claim, good ? &call->reply : NULL);
out:
    dgmi_buf_clear(&key);
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
        answer(place, call, request, text);
out:
    dgm_request_free(request);
}
