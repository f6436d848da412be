/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/compare. Depends on params.h and lib/wire. */
#include <string.h>

#include "params.h"
#include "wire.h"

#define REPLY_BYTES (64u << 20)
#define DEADLINE_TIMES 8 /* of a search's: four counts of all, and words on top */
#define DEADLINE_MOST_MS 2000u

/* Of both sides, and of what they have in common. */
typedef struct asked {
    dgm_request *a, *b, *common;
    dgm_compare_form form;
} asked;

static bool is_form(const char *name)
{
    const dgm_param *p = NULL;
    for (size_t i = 0; (p = dgm_compare_param_at(i)); i++)
        if (!strcmp(p->name, name))
            return true;
    return false;
}

static bool was_given(const dgms_target *target, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (!strcmp(target->pairs[i].name, target->pairs[before].name))
            return true;
    return false;
}

static bool refuse_failure(dgms_call *call, const char *name, const dgm_error *err)
{
    dgms_reply_failure(&call->reply, err, name);
    return false;
}

static bool set_param(dgms_call *call, size_t i, const asked *a)
{
    const dgms_pair *pair = &call->target.pairs[i];
    bool sided = (pair->name[0] == 'a' || pair->name[0] == 'b') && pair->name[1] == '.';
    const char *name = sided ? pair->name + 2 : pair->name;
    const dgm_param *param = dgms_param_find(name);
    dgm_request *request = !sided ? a->common : pair->name[0] == 'a' ? a->a : a->b;
    dgm_error err = DGM_ERROR_INIT;
    if (!param)
        return dgms_param_refuse(call, pair->name, "is not known");
    if (!dgm_param_chooses(name))
        return dgms_param_refuse(call, pair->name,
                                 "has no meaning where items are counted");
    if (!param->repeatable && was_given(&call->target, i))
        return dgms_param_refuse(call, pair->name, "is given more than once");
    return dgm_request_set(request, name, pair->value, &err) == DGM_OK ||
           refuse_failure(call, pair->name, &err);
}

static bool set_form(dgms_call *call, size_t i, asked *a)
{
    const dgms_pair *pair = &call->target.pairs[i];
    dgm_error err = DGM_ERROR_INIT;
    if (was_given(&call->target, i))
        return dgms_param_refuse(call, pair->name, "is given more than once");
    return dgm_compare_set(&a->form, pair->name, pair->value, &err) == DGM_OK ||
           refuse_failure(call, pair->name, &err);
}

static bool read_params(dgms_call *call, asked *a)
{
    for (size_t i = 0; i < call->target.n_pairs; i++)
        if (!(is_form(call->target.pairs[i].name) ? set_form(call, i, a)
                                                  : set_param(call, i, a)))
            return false;
    return true;
}

/* Whose query cannot be read stands before the text of the error. */
static const char *at_fault(const dgm_error *err)
{
    if (err->code == DGM_E_QUERY)
        return !strncmp(err->text, "a.q", 3)   ? "a.q"
               : !strncmp(err->text, "b.q", 3) ? "b.q"
                                               : "q";
    return !strncmp(err->text, "interval:", 9) ? "interval" : dgms_param_at_fault(err);
}

static void compare(dgms_place *place, dgms_call *call, const asked *a, const char *text)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_comparison *found = NULL;
    dgmi_buf out;

    dgm_status status =
        dgm_compare(place->desk, a->common, a->a, a->b, &a->form, &found, &err);
    dgms_place_judge(place, status);
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, at_fault(&err));
        return;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_json_comparison(&out, found);
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
    if (call->reply.status == 200)
        dgms_tag_search(place, call, found->revision, text);
    dgm_comparison_free(found);
}

/* All that the answer depends on, for its ETag. */
static bool put_text(dgmi_buf *out, const asked *a)
{
    const char *common = dgm_request_text(a->common), *of_a = dgm_request_text(a->a),
               *of_b = dgm_request_text(a->b);
    const dgm_trends_form *form = &a->form.trends;
    if (!common || !of_a || !of_b)
        return false;
    dgmi_buf_printf(out, "compare %d %d %u %d %u\n%s\n%s\n%s", form->interval, form->by,
                    form->series, form->shift, a->form.words, common, of_a, of_b);
    return !out->failed;
}

static void run(dgms_place *place, dgms_call *call, asked *a)
{
    dgm_error err = DGM_ERROR_INIT;
    unsigned ms = DEADLINE_TIMES * (unsigned)place->server->settings->deadline_ms;
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgm_request_set_deadline(a->common, ms < DEADLINE_MOST_MS ? ms : DEADLINE_MOST_MS);
    if (!put_text(&text, a))
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
    else if (!dgms_place_desk(place, &err))
        dgms_reply_failure(&call->reply, &err, NULL);
    else if (!dgms_is_known(place, call, text.p)) {
        if (!dgms_place_desk(place, &err))
            dgms_reply_failure(&call->reply, &err, NULL);
        else
            compare(place, call, a, text.p);
    }
    dgmi_buf_clear(&text);
}

void dgms_run_compare(dgms_place *place, dgms_call *call)
{
    asked a = { .a = dgm_request_new(),
                .b = dgm_request_new(),
                .common = dgm_request_new() };
    if (!a.a || !a.b || !a.common)
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
    else if (read_params(call, &a))
        run(place, call, &a);
    dgm_request_free(a.a);
    dgm_request_free(a.b);
    dgm_request_free(a.common);
}
