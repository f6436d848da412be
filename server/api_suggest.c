/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/suggest, /suggest and /opensearch.xml. Depends on routes.h and dragoman.h. */
#include <stdlib.h>
#include <string.h>

#include "routes.h"
#include "wire.h"

#define REPLY_BYTES (1u << 20)
#define STANDARD_LIMIT "8"

enum { MOST = 20 };

static const dgm_param params[] = {
    { .name = "q",
      .kind = DGM_PARAM_TEXT,
      .help = "What was typed so far; of more than 200 bytes nothing is completed." },
    { .name = "limit",
      .kind = DGM_PARAM_NUMBER,
      .values = "1-20",
      .standard = STANDARD_LIMIT,
      .help = "Suggestions, at most." },
};

const dgm_param *dgms_typed_param(size_t i)
{
    return i < sizeof params / sizeof params[0] ? &params[i] : NULL;
}

typedef struct typed {
    const char *q, *limit;
} typed;

static bool refuse(dgms_call *call, const char *name, const char *why)
{
    dgms_reply_problem(&call->reply, 400, why, name, -1);
    return false;
}

static bool read_params(dgms_call *call, typed *out)
{
    *out = (typed){ NULL, NULL };
    for (size_t i = 0; i < call->target.n_pairs; i++) {
        const dgms_pair *pair = &call->target.pairs[i];
        const char **place = !strcmp(pair->name, "q")       ? &out->q
                             : !strcmp(pair->name, "limit") ? &out->limit
                                                            : NULL;
        if (!place)
            return refuse(call, pair->name, "no such parameter");
        if (*place)
            return refuse(call, pair->name, "the parameter is given more than once");
        *place = pair->value;
    }
    if (!out->q)
        out->q = "";
    if (!out->limit)
        out->limit = STANDARD_LIMIT;
    return true;
}

/* 0: not one. */
static unsigned read_limit(const char *text)
{
    size_t n = strspn(text, "0123456789");
    long limit = n > 0 && n < 3 && !text[n] ? strtol(text, NULL, 10) : 0;
    return limit <= MOST ? (unsigned)limit : 0;
}

typedef void (*write_fn)(dgmi_buf *out, const dgm_proposals *proposals);

static void answer(dgms_place *place, dgms_call *call, const char *type, write_fn write)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_proposals *proposals = NULL;
    dgmi_buf out;
    typed given;

    if (!read_params(call, &given))
        return;
    unsigned limit = read_limit(given.limit);
    if (!limit) {
        refuse(call, "limit", "limit: not a number from 1 to 20");
        return;
    }
    if (!dgms_place_desk(place, &err)) {
        dgms_reply_failure(&call->reply, &err, NULL);
        return;
    }
    dgm_status status = dgm_suggest(place->desk, given.q, limit, &proposals, &err);
    dgms_place_judge(place, status);
    if (status != DGM_OK) {
        dgms_reply_failure(&call->reply, &err, "q");
        return;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    write(&out, proposals);
    dgms_reply_take(&call->reply, 200, type, &out);
    dgm_proposals_free(proposals);
    if (call->reply.status != 200)
        return;
    dgms_reply_tag(&call->reply, "typed", call->reply.body);
    call->reply.varies = true;
    if (dgms_etag_matches(call->if_none_match, call->reply.etag))
        dgms_reply_not_modified(&call->reply);
}

void dgms_run_suggest(dgms_place *place, dgms_call *call)
{
    answer(place, call, DGMS_JSON, dgmi_json_proposals);
}

void dgms_run_completions(dgms_place *place, dgms_call *call)
{
    answer(place, call, DGMS_SUGGESTIONS, dgmi_json_completions);
}

/* ---- The description ---- */

static void put_url(dgmi_buf *out, const char *base, const char *type, const char *rel,
                    const char *path)
{
    dgmi_buf_printf(out, "<Url type=\"%s\"%s template=\"%s%s\"/>\n", type, rel, base,
                    path);
}

void dgms_run_opensearch(dgms_place *place, dgms_call *call)
{
    dgmi_buf base, out;

    (void)place;
    dgmi_buf_init(&base, 0);
    if (!dgms_call_base(call, &base)) {
        dgms_reply_problem(&call->reply, 400, "the request does not say its host", NULL,
                           -1);
        return;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_buf_puts(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<OpenSearchDescription "
                        "xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n"
                        "<ShortName>Dragoman</ShortName>\n"
                        "<Description>Search translated official news.</Description>\n"
                        "<InputEncoding>UTF-8</InputEncoding>\n"
                        "<OutputEncoding>UTF-8</OutputEncoding>\n");
    const char *at = base.failed ? "" : base.p;
    put_url(&out, at, "text/html", "", "/?q={searchTerms}");
    put_url(&out, at, DGMS_JSON, "", "/v1/search?q={searchTerms}");
    put_url(&out, at, DGMS_SUGGESTIONS, " rel=\"suggestions\"",
            "/suggest?q={searchTerms}");
    put_url(&out, at, DGMS_OPENSEARCH, " rel=\"self\"", "/opensearch.xml");
    dgmi_buf_puts(&out, "<Query role=\"example\" searchTerms=\"cyber security\"/>\n"
                        "</OpenSearchDescription>\n");
    dgms_reply_take(&call->reply, 200, DGMS_OPENSEARCH, &out);
    dgmi_buf_clear(&base);
}
