/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/watch and the feeds below it. Depends on params.h and lib/wire. */
#include <stdlib.h>
#include <string.h>

#include "params.h"
#include "watches.h"
#include "wire.h"

enum { REPLY_BYTES = 64 << 20, LIMIT = 50, LIMIT_MOST = 100 };

static const dgm_param table[] = {
    { "since", DGM_PARAM_TEXT, false, NULL, NULL,
      "A place that an earlier answer gave: only the alerts behind it, in order." },
    { "limit", DGM_PARAM_NUMBER, false, "1-100", "50", "Alerts at most." },
};
enum { N_PARAMS = sizeof table / sizeof table[0] };

const dgm_param *dgms_watch_param(size_t i)
{
    return i < N_PARAMS ? &table[i] : NULL;
}

/* A body that is told from others by its bytes. */
static void finish(dgms_call *call, const char *type, dgmi_buf *out)
{
    dgms_reply_take(&call->reply, 200, type, out);
    if (call->reply.status != 200)
        return;
    dgms_reply_tag_bytes(&call->reply, "watch", call->reply.body, call->reply.n);
    call->reply.varies = true;
    if (dgms_etag_matches(call->if_none_match, call->reply.etag))
        dgms_reply_not_modified(&call->reply);
}

void dgms_run_watches(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_watches *watches = NULL;
    dgmi_buf out;
    if (dgm_watches_read(place->server->settings->data, NULL, &watches, &err) != DGM_OK) {
        dgms_reply_problem(&call->reply, 503, "the state of a watchlist cannot be read",
                           NULL, -1);
        return;
    }
    dgms_watches_note(place->server->watches, watches);
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_json_watches(&out, watches, true);
    finish(call, DGMS_JSON, &out);
    dgm_watches_free(watches);
}

/* ---- Feeds ---- */

typedef struct form {
    const char *ending, *type;
    void (*write)(dgmi_buf *out, const dgm_alerts *alerts, const char *base);
} form;

static const form forms[] = {
    { ".atom", DGMS_ATOM, dgmi_atom_alerts },
    { ".rss", DGMS_RSS, dgmi_rss_alerts },
    { ".json", DGMS_JSONFEED, dgmi_jsonfeed_alerts },
};

typedef struct asked {
    char name[DGM_WATCH_NAME_MAX + 1];
    const form *form;
    const char *since;
    unsigned limit;
} asked;

/* A name that is too long is nobody's. */
static void read_name(const char *value, asked *a)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (dgmi_str_ends(dgmi_str_of(value), forms[i].ending))
            a->form = &forms[i];
    size_t n = strlen(value) - strlen(a->form->ending);
    if (n < sizeof a->name)
        memcpy(a->name, value, n);
}

static bool set_limit(dgms_call *call, const char *value, asked *a)
{
    size_t n = strspn(value, "0123456789");
    unsigned long limit = n > 0 && n <= 3 && !value[n] ? strtoul(value, NULL, 10) : 0;
    if (limit < 1 || limit > LIMIT_MOST)
        return dgms_param_refuse(call, "limit", "is no number from 1 to 100");
    a->limit = (unsigned)limit;
    return true;
}

static bool read_params(dgms_call *call, asked *a)
{
    for (size_t i = 0; i < call->target.n_pairs; i++) {
        const dgms_pair *pair = &call->target.pairs[i];
        for (size_t k = 0; k < i; k++)
            if (!strcmp(call->target.pairs[k].name, pair->name))
                return dgms_param_refuse(call, pair->name, "is given more than once");
        if (!strcmp(pair->name, "since"))
            a->since = pair->value;
        else if (strcmp(pair->name, "limit") != 0)
            return dgms_param_refuse(call, pair->name, "is no parameter of a watchlist");
        else if (!set_limit(call, pair->value, a))
            return false;
    }
    return true;
}

/* What is wrong with the file is not the client's business, nor the client's fault. */
static void fail(dgms_call *call, dgm_status status, const dgm_error *err)
{
    bool since = status == DGM_E_ARG && !strncmp(err->text, "since:", 6);
    if (status == DGM_E_ARG && !since)
        dgms_reply_problem(&call->reply, 503,
                           "the watchlist is parked: \"dragoman watchlist status\" says "
                           "why",
                           NULL, -1);
    else
        dgms_reply_failure(&call->reply, err, since ? "since" : NULL);
}

static void answer(dgms_place *place, dgms_call *call, const asked *a)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_alerts *alerts = NULL;
    dgmi_buf out, base;
    dgm_status status =
        dgm_watch_alerts(place->desk, a->name, a->since, a->limit, true, &alerts, &err);
    dgms_place_judge(place, status);
    if (status != DGM_OK) {
        fail(call, status, &err);
        return;
    }
    dgmi_buf_init(&base, 0);
    dgmi_buf_init(&out, REPLY_BYTES);
    bool called = dgms_call_base(call, &base);
    a->form->write(&out, alerts, called ? base.p : "");
    dgm_alerts_free(alerts);
    dgmi_buf_clear(&base);
    finish(call, a->form->type, &out);
}

void dgms_run_watch(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    asked a = { .form = &forms[0], .limit = LIMIT };
    read_name(call->value, &a);
    if (!read_params(call, &a))
        ; /* the reply is made */
    else if (!dgms_place_desk(place, &err))
        dgms_reply_failure(&call->reply, &err, NULL);
    else
        answer(place, call, &a);
}
