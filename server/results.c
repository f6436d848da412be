/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collecting results. Depends on results.h and lib/wire. */
#include "results.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "wire.h"

#define OUT_BYTES (1ull << 40)
#define OPEN_BYTES (256u << 20) /* of ids and reasons of one step */
#define MISSING SIZE_MAX

typedef struct dgms_entry_ {
    uint64_t line;
    dgms_pushed what;
    int status;
    size_t id, reason; /* places in texts, or MISSING */
} entry;

void dgms_results_init(dgms_results *r, dgms_spools *spools, bool lines)
{
    memset(r, 0, sizeof *r);
    r->lines = lines;
    dgms_spool_init(&r->out, spools, OUT_BYTES);
    dgmi_buf_init(&r->texts, OPEN_BYTES);
    dgmi_buf_init(&r->last, OPEN_BYTES);
}

void dgms_results_clear(dgms_results *r)
{
    free(r->open);
    dgmi_buf_clear(&r->texts);
    dgmi_buf_clear(&r->last);
    dgms_spool_clear(&r->out);
    memset(r, 0, sizeof *r);
}

static size_t keep_text(dgms_results *r, const char *text)
{
    size_t place = r->texts.n;
    if (!text)
        return MISSING;
    dgmi_buf_put(&r->texts, text, strlen(text) + 1);
    return place;
}

void dgms_results_add(dgms_results *r, const dgms_result *result)
{
    if (!dgmi_grow(&r->open, &r->capacity, r->n_open + 1, sizeof *r->open)) {
        r->failed = true;
        return;
    }
    entry *e = &r->open[r->n_open];
    *e = (entry){ result->line, result->what, result->status, keep_text(r, result->id),
                  keep_text(r, result->reason) };
    if (r->texts.failed)
        r->failed = true;
    else
        r->n_open++;
}

static void put_result(dgmi_buf *out, const dgms_result *result)
{
    dgmi_buf_putc(out, '{');
    if (result->line)
        dgmi_buf_printf(out, "\"line\":%" PRIu64 ",", result->line);
    dgmi_buf_puts(out, "\"id\":");
    dgmi_json_string(out, result->id);
    dgmi_buf_printf(out, ",\"status\":%d,\"outcome\":\"%s\"", result->status,
                    dgms_pushed_name(result->what));
    if (result->reason) {
        dgmi_buf_puts(out, ",\"reason\":");
        dgmi_json_string(out, result->reason);
    }
}

static void settle_one(dgms_results *r, const dgms_result *result)
{
    dgm_error err = DGM_ERROR_INIT;

    dgmi_buf_reset(&r->last);
    dgmi_buf_puts(&r->last, r->n ? r->lines ? "}\n" : "},\n" : r->lines ? "" : "[");
    size_t before = r->last.n;
    put_result(&r->last, result);
    if (r->last.failed || dgms_spool_put(&r->out, r->last.p, r->last.n, &err) != DGM_OK) {
        r->failed = true;
        return;
    }
    memmove(r->last.p, r->last.p + before, r->last.n - before + 1);
    r->last.n -= before;
    r->n++;
    r->last_status = result->status;
    r->last_what = result->what;
    snprintf(r->last_reason, sizeof r->last_reason, "%s",
             result->reason ? result->reason : "");
}

void dgms_results_settle(dgms_results *r, int status, const char *reason,
                         dgms_metrics *metrics)
{
    for (size_t i = 0; i < r->n_open; i++) {
        const entry *e = &r->open[i];
        dgms_result result = { e->line, e->what, e->status,
                               e->id == MISSING ? NULL : r->texts.p + e->id,
                               e->reason == MISSING ? NULL : r->texts.p + e->reason };
        if (status && e->what != DGMS_REJECTED) {
            result.what = DGMS_FAILED;
            result.status = status;
            result.reason = reason;
        }
        dgms_metrics_pushed(metrics, result.what);
        if (!r->failed)
            settle_one(r, &result);
    }
    r->n_open = 0;
    dgmi_buf_reset(&r->texts);
}

static bool finish(dgms_results *r)
{
    const char *end = r->n ? r->lines ? "}\n" : "}]\n" : r->lines ? "" : "[]\n";
    return !r->failed && dgms_spool_put(&r->out, end, strlen(end), NULL) == DGM_OK;
}

void dgms_results_reply(dgms_results *r, int status, dgms_reply *reply)
{
    const char *type = r->lines ? DGMS_NDJSON : DGMS_JSON;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf out;

    if (!finish(r)) {
        dgms_reply_problem(reply, 503,
                           "the items were taken, but there is no room for their list",
                           NULL, -1);
        return;
    }
    if (r->out.fd >= 0) {
        size_t n = (size_t)r->out.n;
        int fd = dgms_spool_take_file(&r->out, &err);
        dgms_reply_file(reply, status, type, fd, n);
        return;
    }
    dgmi_buf_init(&out, DGMS_SPOOL_MEMORY);
    if (dgms_spool_get(&r->out, &out, &err) != DGM_OK)
        out.failed = true;
    dgms_reply_take(reply, status, type, &out);
    dgmi_buf_clear(&out);
}

void dgms_results_reply_one(dgms_results *r, int searchable, dgms_reply *reply)
{
    if (r->last_status >= 400) {
        dgms_reply_problem(reply, r->last_status, r->last_reason, NULL, -1);
        return;
    }
    if (searchable >= 0)
        dgmi_buf_printf(&r->last, ",\"searchable\":%s", searchable ? "true" : "false");
    dgmi_buf_puts(&r->last, "}\n");
    dgms_reply_take(reply, searchable == 0 ? 202 : r->last_status, DGMS_JSON, &r->last);
}
