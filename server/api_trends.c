/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/trends. Depends on params.h and lib/wire. */
#include <stdio.h>
#include <string.h>

#include "params.h"
#include "wire.h"

#define REPLY_BYTES (64u << 20)
#define DEADLINE_TIMES 4 /* of a search's: two counts of all, by time and by value */

static const dgm_param format_param = {
    .name = "format",
    .kind = DGM_PARAM_CHOICE,
    .values = "json|csv",
    .standard = "json",
    .help = "Form of the answer; csv has a row for each interval of each series.",
};

const dgm_param *dgms_trends_param(size_t i)
{
    size_t n = 0;
    while (dgm_trends_param_at(n))
        n++;
    return i < n ? dgm_trends_param_at(i) : i == n ? &format_param : NULL;
}

typedef struct asked {
    dgm_request *request;
    dgm_trends_form form;
    bool csv;
} asked;

static bool is_own(const char *name)
{
    const dgm_param *p = NULL;
    for (size_t i = 0; (p = dgms_trends_param(i)); i++)
        if (!strcmp(p->name, name))
            return true;
    return false;
}

static bool set_own(dgms_call *call, size_t i, asked *a)
{
    const dgms_pair *pair = &call->target.pairs[i];
    dgm_error err = DGM_ERROR_INIT;

    for (size_t k = 0; k < i; k++)
        if (!strcmp(call->target.pairs[k].name, pair->name))
            return dgms_param_refuse(call, pair->name, "is given more than once");
    if (!strcmp(pair->name, format_param.name)) {
        a->csv = !strcmp(pair->value, "csv");
        return a->csv || !strcmp(pair->value, "json") ||
               dgms_param_refuse(call, pair->name, "is neither json nor csv");
    }
    if (dgm_trends_set(&a->form, pair->name, pair->value, &err) == DGM_OK)
        return true;
    dgms_reply_failure(&call->reply, &err, pair->name);
    return false;
}

static bool read_params(dgms_call *call, asked *a)
{
    for (size_t i = 0; i < call->target.n_pairs; i++) {
        const char *name = call->target.pairs[i].name;
        if (dgms_param_find(name) && !dgm_param_chooses(name))
            return dgms_param_refuse(call, name,
                                     "has no meaning where items are counted");
        if (!(is_own(name) ? set_own(call, i, a) : dgms_param_set(call, i, a->request)))
            return false;
    }
    return true;
}

/* What only counting finds out begins with the name of the parameter. */
static const char *at_fault(const dgm_error *err)
{
    const dgm_param *p = NULL;
    for (size_t i = 0; err->code == DGM_E_ARG && (p = dgms_trends_param(i)); i++) {
        size_t n = strlen(p->name);
        if (!strncmp(p->name, err->text, n) && err->text[n] == ':')
            return p->name;
    }
    return dgms_param_at_fault(err);
}

static void count(dgms_place *place, dgms_call *call, const asked *a, const char *text)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_trends *trends = NULL;
    dgmi_buf out;

    dgm_status status =
        dgm_trends_count(place->desk, a->request, &a->form, &trends, &err);
    dgms_place_judge(place, status);
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, at_fault(&err));
        return;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    if (a->csv)
        dgmi_csv_trends(&out, trends);
    else
        dgmi_json_trends(&out, trends);
    dgms_reply_take(&call->reply, 200, a->csv ? DGMS_CSV : DGMS_JSON, &out);
    call->reply.attached = a->csv ? "trends.csv" : NULL;
    if (call->reply.status == 200)
        dgms_tag_search(place, call, trends->revision, text);
    dgm_trends_free(trends);
}

/* All that the answer depends on, for its ETag. */
static bool put_text(dgmi_buf *out, const asked *a)
{
    const char *text = dgm_request_text(a->request);
    dgmi_buf_printf(out, "trends %d %d %u %d %d %s", a->form.interval, a->form.by,
                    a->form.series, a->form.shift, a->csv, text ? text : "");
    return text && !out->failed;
}

void dgms_run_trends(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    asked a = { .request = dgm_request_new() };
    dgmi_buf text;

    dgmi_buf_init(&text, 0);
    if (a.request)
        dgm_request_set_deadline(
            a.request, DEADLINE_TIMES * (unsigned)place->server->settings->deadline_ms);
    if (!a.request)
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
    else if (!read_params(call, &a))
        ; /* the reply is made */
    else if (!put_text(&text, &a))
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
    else if (!dgms_place_desk(place, &err))
        dgms_reply_failure(&call->reply, &err, NULL);
    else if (dgms_is_known(place, call, text.p))
        ;
    else if (!dgms_place_desk(place, &err))
        dgms_reply_failure(&call->reply, &err, NULL);
    else
        count(place, call, &a, text.p);
    dgmi_buf_clear(&text);
    dgm_request_free(a.request);
}
