/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work for the acceptor. Depends on deposit.h, waiting.h and admit.h. */
#include "deposit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "clock.h"
#include "fail.h"
#include "waiting.h"

#define SLICE_US 20000 /* of one step: others wait meanwhile */
#define IDS_BYTES (256u << 20)

static void refuse(dgms_call *call, int status, const char *why)
{
    dgms_reply_problem(&call->reply, status, why, NULL, -1);
}

/* ---- Making ---- */

static bool asks_to_wait(const dgms_call *call)
{
    for (size_t i = 0; i < call->target.n_pairs; i++)
        if (!strcmp(call->target.pairs[i].name, "wait"))
            return true;
    return false;
}

static bool wants_lines(const dgms_call *call)
{
    const char *accept = dgms_call_header(call, "Accept");
    return accept && strstr(accept, DGMS_NDJSON);
}

static dgms_deposit *new_deposit(const dgms_server *server, dgms_call *call)
{
    dgms_deposit *d = calloc(1, sizeof *d);

    if (!d) {
        refuse(call, 503, "memory ran out");
        return NULL;
    }
    d->call = call;
    d->server = server;
    d->answer = dgms_deposit_answer;
    d->wait = asks_to_wait(call);
    dgms_results_init(&d->work.results, server->spools, wants_lines(call));
    return d;
}

void dgms_deposit_free(dgms_deposit *deposit)
{
    if (!deposit)
        return;
    dgms_content_free(deposit->content);
    dgmi_buf_clear(&deposit->text);
    dgms_results_clear(&deposit->work.results);
    free(deposit);
}

/* The first byte from `at` on that is not white space; 0 at the end. */
static char next_byte(const dgmi_buf *text, size_t *at)
{
    while (*at < text->n && text->p[*at] && strchr(" \t\r\n", text->p[*at]))
        (*at)++;
    return *at < text->n ? text->p[(*at)++] : 0;
}

/* What begins as JSON may be of several kinds. What was said to be JSON and does not is
 * none of the others either: the reader of NDJSON says best what is wrong with it. */
static const char *json_format(const dgmi_buf *text)
{
    size_t at = text->n >= 3 && !memcmp(text->p, "\xEF\xBB\xBF", 3) ? 3 : 0;
    char first = next_byte(text, &at), second = next_byte(text, &at);
    bool object = first == '{' && (second == '"' || second == '}');
    bool array = first == '[' && (second == '{' || second == ']');
    return object || array ? NULL : "ndjson";
}

/* The format that a media type stands for, where the content should not tell. */
static const char *format_of(const dgms_call *call, const dgmi_buf *text)
{
    static const char *const types[][2] = {
        { "text/plain", "milosi" },
        { "text/html", "html" },
        { "application/xhtml+xml", "html" },
    };
    char type[DGMS_TYPE_SIZE];

    dgms_body_type(call, type);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (!strcmp(type, types[i][0]))
            return types[i][1];
    return strstr(type, "json") ? json_format(text) : NULL;
}

static dgm_status step_document(dgms_work *work, dgm_ingest *ingest, dgm_error *err);
static dgm_status step_bulk(dgms_work *work, dgm_ingest *ingest, dgm_error *err);
static dgm_status step_ids(dgms_work *work, dgm_ingest *ingest, dgm_error *err);
static void end_deposit(dgms_work *work, const dgms_ending *ending);

static bool read_body(dgms_deposit *d)
{
    const dgms_settings *settings = d->server->settings;
    uint64_t most = d->bulk ? settings->bulk_bytes : settings->item_bytes;

    dgmi_buf_init(&d->text, settings->item_bytes);
    d->content = dgms_content_new(d->call, most, settings->item_bytes, &d->fault);
    if (d->content && !d->bulk)
        dgms_content_all(d->content, &d->text, &d->fault);
    if (!d->fault.status && !d->call->body.n)
        d->fault = (dgms_fault){ 400, "the body is empty" };
    if (!d->fault.status)
        return true;
    refuse(d->call, d->fault.status, d->fault.reason);
    return false;
}

dgms_deposit *dgms_deposit_new(const dgms_server *server, dgms_call *call)
{
    char type[DGMS_TYPE_SIZE];
    dgms_deposit *d = new_deposit(server, call);

    if (!d)
        return NULL;
    d->bulk = dgms_is_bulk(call);
    if (!read_body(d)) {
        dgms_deposit_free(d);
        return NULL;
    }
    dgms_body_type(call, type);
    snprintf(d->name, sizeof d->name, "http-%s%s", call->id,
             strstr(type, "json") ? ".json" : "");
    d->work.step = d->bulk ? step_bulk : step_document;
    d->work.end = end_deposit;
    if (!d->bulk)
        d->format = format_of(call, &d->text);
    return d;
}

dgms_deposit *dgms_withdrawal_new(const dgms_server *server, dgms_call *call)
{
    dgms_deposit *d = new_deposit(server, call);

    if (!d)
        return NULL;
    dgmi_buf_init(&d->text, IDS_BYTES);
    d->work.step = step_ids;
    d->work.end = end_deposit;
    return d;
}

void dgms_withdrawal_add(dgms_deposit *deposit, const char *id)
{
    dgmi_buf_put(&deposit->text, id, strlen(id) + 1);
}

bool dgms_deposit_submit(dgms_deposit *deposit)
{
    dgms_call *call = deposit->call;

    if (!deposit->bulk && deposit->text.failed)
        refuse(call, 503, "memory ran out");
    else if (dgms_acceptor_submit(deposit->server->acceptor, &deposit->work))
        return false;
    else
        refuse(call, 503, "too many wait for the archive");
    dgms_deposit_free(deposit);
    return true;
}

/* ---- Steps, on the acceptor's thread ---- */

static dgm_status take(dgms_deposit *d, dgm_ingest *ingest, const char *format,
                       const char *name, dgm_error *err)
{
    dgm_status status = dgm_ingest_set_format(ingest, format, err);
    if (status == DGM_OK)
        status =
            dgm_ingest_bytes(ingest, name, d->text.p ? d->text.p : "", d->text.n, err);
    return status;
}

static dgm_status step_document(dgms_work *work, dgm_ingest *ingest, dgm_error *err)
{
    dgms_deposit *d = (dgms_deposit *)work;
    return take(d, ingest, d->format, d->name, err);
}

static bool is_blank(const dgmi_buf *text)
{
    return dgmi_str_trim(dgmi_buf_str(text)).n == 0;
}

static void reject_line(dgms_deposit *d, int status, const char *reason)
{
    dgms_results_add(&d->work.results, &(dgms_result){ .line = d->work.line,
                                                       .what = DGMS_REJECTED,
                                                       .status = status,
                                                       .reason = reason });
}

/* A line is one object; of an array in a line each element is taken. */
static dgm_status take_line(dgms_deposit *d, dgm_ingest *ingest, dgm_error *err)
{
    char name[sizeof d->name + 24];
    size_t before = d->work.results.n_open;
    if (is_blank(&d->text))
        return DGM_OK;
    snprintf(name, sizeof name, "%s:%" PRIu64, d->name, d->work.line);
    dgm_status status = take(d, ingest, json_format(&d->text), name, err);
    if (status == DGM_OK && d->work.results.n_open == before)
        reject_line(d, 400, "there is no item in the line");
    return status;
}

static dgm_status step_bulk(dgms_work *work, dgm_ingest *ingest, dgm_error *err)
{
    dgms_deposit *d = (dgms_deposit *)work;
    uint64_t until = dgmi_now_us() + SLICE_US;
    dgm_status status = DGM_OK;

    while (status == DGM_OK && dgmi_now_us() < until) {
        work->line++;
        switch (dgms_content_line(d->content, &d->text, &d->fault)) {
        case DGMS_LINE:
            status = take_line(d, ingest, err);
            break;
        case DGMS_LINE_LONG:
            reject_line(d, 413, "the line is longer than item-bytes");
            break;
        case DGMS_LINE_FAULT:
            reject_line(d, d->fault.status, d->fault.reason);
            return DGM_OK;
        case DGMS_LINE_NONE:
            return DGM_OK;
        }
    }
    work->more = true;
    return status;
}

static dgm_status cancel(dgms_deposit *d, dgm_ingest *ingest, const char *id,
                         dgm_error *err)
{
    dgm_error missing = DGM_ERROR_INIT;
    dgm_outcome outcome = DGM_ADDED;
    dgm_status status = dgm_ingest_cancel(ingest, id, &outcome, &missing);
    dgms_result result = { .what = DGMS_CANCELED, .status = 200, .id = id };

    if (status == DGM_E_NOTFOUND) {
        result.what = DGMS_MISSED;
        result.status = 404;
        result.reason = "there is no such item in the archive";
    } else if (status != DGM_OK) {
        return dgmi_fail(err, status, "%s", missing.text);
    } else if (outcome == DGM_UNCHANGED) {
        result.what = DGMS_UNCHANGED;
    }
    dgms_results_add(&d->work.results, &result);
    return DGM_OK;
}

static dgm_status step_ids(dgms_work *work, dgm_ingest *ingest, dgm_error *err)
{
    dgms_deposit *d = (dgms_deposit *)work;
    uint64_t until = dgmi_now_us() + SLICE_US;
    dgm_status status = DGM_OK;

    while (status == DGM_OK && d->at < d->text.n && dgmi_now_us() < until) {
        const char *id = d->text.p + d->at;
        status = cancel(d, ingest, id, err);
        d->at += strlen(id) + 1;
    }
    work->more = d->at < d->text.n;
    return status;
}

/* ---- Ending ---- */

/* The call may be gone once it is done. */
static void finish(dgms_deposit *d, int searchable)
{
    dgms_call *call = d->call;
    d->answer(d, searchable);
    dgms_deposit_free(d);
    call->done(call);
}

static void seen(void *user, bool is_seen)
{
    finish(user, is_seen);
}

/* What was not come to is told in one line. */
static void note_rest(dgms_deposit *d)
{
    char reason[300];
    if (d->bulk && d->work.failed == DGM_OK)
        d->work.line++;
    snprintf(reason, sizeof reason, "nothing was taken from here on: %s", d->reason);
    dgms_results_add(&d->work.results, &(dgms_result){ .line = d->work.line,
                                                       .what = DGMS_FAILED,
                                                       .status = d->status,
                                                       .reason = reason });
    dgms_results_settle(&d->work.results, 0, NULL, d->server->metrics);
}

static void end_deposit(dgms_work *work, const dgms_ending *ending)
{
    dgms_deposit *d = (dgms_deposit *)work;

    d->status = ending->status;
    snprintf(d->reason, sizeof d->reason, "%s", ending->reason ? ending->reason : "");
    if (d->status && (d->bulk || work->results.n) &&
        (work->more || work->failed != DGM_OK))
        note_rest(d);
    if (d->wait && !d->status && ending->place)
        dgms_waiting_add(d->server->waiting, ending->place, seen, d);
    else
        finish(d, -1);
}

void dgms_deposit_answer(dgms_deposit *deposit, int searchable)
{
    dgms_results *r = &deposit->work.results;
    dgms_reply *reply = &deposit->call->reply;

    if (!deposit->bulk && deposit->status && !r->n)
        dgms_reply_problem(reply, deposit->status, deposit->reason, NULL, -1);
    else if (!deposit->bulk && !r->n && strstr(deposit->name, ".json"))
        dgms_reply_problem(reply, 400, "there is no item in the body", NULL, -1);
    else if (!deposit->bulk && r->n == 1 && !r->failed &&
             (!deposit->status || r->last_status >= 400))
        dgms_results_reply_one(r, searchable, reply);
    else
        dgms_results_reply(r, searchable == 0 ? 202 : 207, reply);
}
