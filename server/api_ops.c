/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What those who run the server ask: health, readiness, metrics, the API's description.
 * Depends on routes.h. All of it is answered on the thread of the sockets, so it must
 * stay cheap. */
#include <string.h>

#include "acceptor.h"
#include "conns.h"
#include "fail.h"
#include "http.h"
#include "kept.h"
#include "routes.h"
#include "watches.h"
#include "wire.h"
#include "workers.h"
#include "writer.h"

#define REPLY_BYTES (4u << 20)

/* ,"writer":"running", and the reason why it is not. */
static void put_writer(dgmi_buf *out, const dgms_server *server)
{
    dgms_writer_report report;
    dgms_writer_ask(server->writer, &report);
    dgmi_buf_printf(out, ",\"writer\":\"%s\"", dgms_writer_state_name(report.state));
    if (report.state != DGMS_WRITER_RESTARTING || !*report.reason)
        return;
    dgmi_buf_puts(out, ",\"writer_reason\":");
    dgmi_json_string(out, report.reason);
}

void dgms_run_health(dgms_place *place, dgms_call *call)
{
    dgmi_buf out;
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_buf_puts(&out, "{\"status\":\"alive\"");
    put_writer(&out, place->server);
    dgmi_buf_putc(&out, '}');
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
}

/* The revision that can be searched now, or NULL with err set. Before the first commit
 * there is no generation, and the revision starts with 0. */
static const char *revision_now(dgms_place *place, dgm_error *err)
{
    if (!dgms_place_desk(place, err))
        return NULL;
    dgm_status status = dgm_refresh(place->desk, NULL, err);
    dgms_place_judge(place, status);
    if (status != DGM_OK)
        return NULL;
    const char *revision = dgm_revision(place->desk);
    if (strncmp(revision, "0-", 2) != 0 && strcmp(revision, "0") != 0)
        return revision;
    dgmi_fail(err, DGM_E_NOTFOUND, "the archive has no index yet");
    return NULL;
}

void dgms_run_ready(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf out;
    const char *revision = revision_now(place, &err);

    if (!revision) {
        dgms_reply_problem(&call->reply, 503, err.text, NULL, -1);
        return;
    }
    dgmi_buf_init(&out, REPLY_BYTES);
    dgmi_buf_puts(&out, "{\"status\":\"ready\",\"revision\":");
    dgmi_json_string(&out, revision);
    put_writer(&out, place->server);
    dgmi_buf_putc(&out, '}');
    dgms_reply_take(&call->reply, 200, DGMS_JSON, &out);
}

/* As of now, whoever searched before. */
static const char *synonyms_fault(dgms_place *place)
{
    if (place->desk)
        (void)dgm_tables_mark(place->desk);
    return dgm_synonyms_fault(place->desk);
}

void dgms_run_metrics(dgms_place *place, dgms_call *call)
{
    const dgms_server *server = place->server;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf out;
    dgms_writer_report writer;
    dgms_writer_ask(server->writer, &writer);
    dgms_gauges gauges = {
        .watches = dgms_watches_sum(server->watches),
        .connections = dgms_conns_count(server->conns),
        .queued = dgms_workers_waiting(server->workers),
        .threads = dgms_workers_count(server->workers),
        .behind = dgms_workers_behind(server->workers),
        .kept = dgms_kept_bytes(server->kept),
        .accepting = dgms_acceptor_waiting(server->acceptor),
        .writable = dgms_acceptor_writable(server->acceptor),
        .revision = revision_now(place, &err),
        .synonyms_fault = synonyms_fault(place),
        .http_library = dgms_http_version(),
        .writer_up = writer.state == DGMS_WRITER_RUNS,
        .writer_restarts = writer.restarts,
    };

    dgmi_buf_init(&out, REPLY_BYTES);
    dgms_metrics_print(server->metrics, &gauges, &out);
    dgms_reply_take(&call->reply, 200, call->route->type, &out);
}

void dgms_run_openapi(dgms_place *place, dgms_call *call)
{
    const char *text = place->server->openapi;
    dgms_reply_static(&call->reply, DGMS_JSON, text, strlen(text));
    dgms_reply_tag(&call->reply, DGM_VERSION, text);
    call->reply.varies = true;
    if (dgms_etag_matches(call->if_none_match, call->reply.etag))
        dgms_reply_not_modified(&call->reply);
}
