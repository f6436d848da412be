/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GET /v1/export. Depends on routes.h, stream.h, lib/wire and dragoman.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "export.h"
#include "params.h"
#include "stream.h"

enum {
    DEADLINE_MS = 2000, /* of finding a window of hits: there is no page to wait for */
    PIECE_US = 50000,   /* a worker makes one piece no longer than about that */
    CURSOR_EVERY = 100
};

typedef struct exporter {
    dgms_stream stream;
    dgmi_export form;
    dgm_scan *scan;
    uint64_t items;
} exporter;

static void free_exporter(dgms_stream *stream)
{
    exporter *e = (exporter *)(void *)stream;
    dgm_scan_close(e->scan);
    dgmi_buf_clear(&e->stream.piece);
    free(e);
}

static dgm_status put_next(exporter *e, dgm *desk, dgm_error *err)
{
    dgm_item *item = NULL;
    const char *cursor = NULL;
    dgm_status status = dgm_scan_next(e->scan, desk, &item, err);
    if (status != DGM_OK)
        return status;
    if (dgmi_export_has_cursor(&e->form) &&
        (++e->items % CURSOR_EVERY == 0 || dgm_scan_is_last(e->scan)))
        cursor = dgm_scan_cursor(e->scan);
    dgmi_export_put(&e->form, item, cursor, &e->stream.piece);
    dgm_item_free(item);
    return e->stream.piece.failed ? DGM_E_NOMEM : DGM_OK;
}

/* Fills a piece. NOTFOUND: it is the last one. */
static dgm_status fill(exporter *e, dgm *desk, dgm_error *err)
{
    uint64_t until = dgmi_now_us() + PIECE_US;
    dgm_status status = DGM_OK;
    while (status == DGM_OK && e->stream.piece.n < DGMS_PIECE)
        if ((status = put_next(e, desk, err)) == DGM_OK && dgmi_now_us() > until)
            break;
    e->stream.ended = status == DGM_E_NOTFOUND;
    return status;
}

static void make_piece(dgms_stream *stream, dgms_place *place)
{
    exporter *e = (exporter *)(void *)stream;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf_reset(&stream->piece);
    stream->sent = 0;
    dgm *desk = dgms_place_desk(place, &err);
    dgm_status status = desk ? fill(e, desk, &err) : err.code;
    dgms_place_judge(place, status);
    if (status == DGM_OK || status == DGM_E_NOTFOUND)
        return;
    fprintf(stderr, "dragomand: an export was cut off: %s\n",
            *err.text ? err.text : dgm_status_text(status));
    stream->failed = true;
}

static const dgm_param *find_param(const char *name)
{
    const dgm_param *p = NULL;
    for (size_t i = 0; (p = dgmi_export_param_at(i)); i++)
        if (!strcmp(p->name, name))
            return p;
    return NULL;
}

static bool set_param(dgms_call *call, size_t i, dgmi_export *form, dgm_request *request)
{
    const dgms_pair *pair = &call->target.pairs[i];
    dgm_error err = DGM_ERROR_INIT;
    if (!dgmi_export_takes(pair->name))
        return dgms_param_refuse(call, pair->name, "has no meaning for an export");
    if (!find_param(pair->name))
        return dgms_param_set(call, i, request);
    for (size_t k = 0; k < i; k++)
        if (!strcmp(call->target.pairs[k].name, pair->name))
            return dgms_param_refuse(call, pair->name, "is given more than once");
    if (dgmi_export_set(form, pair->name, pair->value, &err) == DGM_OK)
        return true;
    dgms_reply_failure(&call->reply, &err, pair->name);
    return false;
}

/* NULL with the reply made. */
static exporter *open_exporter(dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    dgm_request *request = dgm_request_new();
    exporter *e = calloc(1, sizeof *e);
    bool resumed = false;
    if (e)
        e->stream = (dgms_stream){ .more = make_piece, .free = free_exporter };
    if (!e || !request) {
        dgms_reply_problem(&call->reply, 503, "memory ran out", NULL, -1);
        goto failed;
    }
    dgmi_buf_init(&e->stream.piece, 0);
    for (size_t i = 0; i < call->target.n_pairs; i++) {
        resumed = resumed || !strcmp(call->target.pairs[i].name, "cursor");
        if (!set_param(call, i, &e->form, request))
            goto failed;
    }
    dgm_request_set_deadline(request, DEADLINE_MS);
    if (!resumed)
        dgmi_export_begin(&e->form, &e->stream.piece);
    if (dgm_scan_open(request, 0, &e->scan, &err) == DGM_OK)
        return e;
    request = NULL;
    dgms_reply_failure(&call->reply, &err, NULL);
failed:
    dgm_request_free(request);
    if (e)
        free_exporter(&e->stream);
    return NULL;
}

/* The first piece is made at once, so that what is wrong with the request is told as for
 * a search. */
void dgms_run_export(dgms_place *place, dgms_call *call)
{
    dgm_error err = DGM_ERROR_INIT;
    exporter *e = open_exporter(call);
    if (!e)
        return;
    dgm *desk = dgms_place_desk(place, &err);
    dgm_status status = desk ? fill(e, desk, &err) : err.code;
    dgms_place_judge(place, status);
    if (status != DGM_OK && status != DGM_E_NOTFOUND) {
        dgms_reply_failure(&call->reply, &err, dgms_param_at_fault(&err));
        free_exporter(&e->stream);
        return;
    }
    call->reply.status = 200;
    call->reply.type = dgmi_export_type(&e->form);
    call->reply.attached = e->form.form == DGMI_EXPORT_CSV ? "export.csv" : NULL;
    call->reply.stream = &e->stream;
}
