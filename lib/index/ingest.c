/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public writer: items from a reader are decided about, appended to the archive
 * (accept.c), and indexed in batches. Depends on lib/read, lib/archive and lib/index.
 * Walking folders: walk.c. */
#include "ingest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bring.h"
#include "bulk.h"
#include "clock.h"
#include "fail.h"
#include "file.h"
#include "generation.h"
#include "lines.h"
#include "read.h"

enum { PENDING_SHARE = 4 }; /* of the memory */

/* ---- Opening and closing ---- */

static dgm_status check_options(const char *data_dir, const dgm_ingest_options *options,
                                dgm_error *err)
{
    if (!data_dir || !data_dir[0])
        return dgmi_fail(err, DGM_E_ARG, "no data directory is named");
    const char *format = options ? options->format : NULL;
    if (format && strcmp(format, "auto") != 0 && !dgmi_format_find(format))
        return dgmi_fail(err, DGM_E_ARG, "no such format: %s", format);
    return DGM_OK;
}

dgm_status dgmi_ingest_begin(dgm_ingest *in, const char *data_dir,
                             const dgm_ingest_options *options, dgm_error *err)
{
    *in = (dgm_ingest){ .turn = DGMI_TURN_CLOSED, .fd = -1 };
    dgm_status status = check_options(data_dir, options, err);
    if (status == DGM_OK)
        status = dgmi_work_init(&in->work, data_dir, options, err);
    if (status == DGM_OK)
        status = dgmi_make_dirs(data_dir, err);
    if (status == DGM_OK)
        status = dgmi_archive_open(data_dir, &in->work.log, &in->archive, err);
    return status;
}

void dgmi_ingest_end(dgm_ingest *in)
{
    dgmi_index_close(in->index);
    dgmi_turn_close(&in->turn);
    dgmi_decider_free(in->decider);
    dgmi_archive_close(in->archive);
    dgmi_work_clear(&in->work);
    dgmi_buf_clear(&in->line);
}

/* Somebody else's turn is no hindrance: the index is then brought up by him. */
static dgm_status open_index(dgm_ingest *in, dgm_error *err)
{
    if (in->work.options.accept_only)
        return dgmi_bring_look(&in->work, &in->index, err);
    dgm_status status = dgmi_turn_open(in->work.data_dir, &in->turn, err);
    if (status != DGM_OK)
        return status;
    if (dgmi_turn_try(&in->turn, NULL) == DGM_OK)
        status = dgmi_bring_up(&in->work, in->archive, &in->index, err);
    else
        status = dgmi_bring_look(&in->work, &in->index, err);
    dgmi_turn_end(&in->turn);
    return status;
}

static dgm_status open_all(dgm_ingest *in, const char *data_dir,
                           const dgm_ingest_options *options, dgm_error *err)
{
    dgm_status status = dgmi_ingest_begin(in, data_dir, options, err);
    if (status == DGM_OK)
        status = dgmi_decider_new(data_dir, &in->decider, err);
    if (status == DGM_OK)
        status = dgmi_archive_sync(in->archive, err);
    if (status == DGM_OK)
        status = open_index(in, err);
    /* What is not indexed yet may be much: it is read now, while nobody waits for the
     * lock. Whatever is wrong with it will be met again. */
    if (status == DGM_OK)
        dgmi_decider_follow(in->decider, in->index, dgmi_archive_end(in->archive), NULL);
    return status;
}

dgm_status dgm_ingest_open(const char *data_dir, const dgm_ingest_options *options,
                           dgm_ingest **out, dgm_error *err)
{
    *out = NULL;
    dgm_ingest *in = calloc(1, sizeof *in);
    if (!in)
        return dgmi_fail_memory(err);
    dgm_status status = open_all(in, data_dir, options, err);
    if (status == DGM_OK)
        *out = in;
    else
        dgm_ingest_close(in);
    return status;
}

void dgm_ingest_close(dgm_ingest *in)
{
    if (!in)
        return;
    /* What was taken is to be durable; the next open indexes it. */
    if (in->archive)
        dgmi_archive_sync(in->archive, NULL);
    dgmi_ingest_end(in);
    free(in);
}

dgm_status dgm_ingest_sync(dgm_ingest *in, uint64_t *end, dgm_error *err)
{
    dgm_status status = dgmi_archive_sync(in->archive, err);
    if (status == DGM_OK)
        status = dgmi_rejects_sync(in->work.rejects, err);
    if (end)
        *end = dgmi_position_pack(dgmi_archive_end(in->archive));
    return status;
}

dgm_status dgm_ingest_commit(dgm_ingest *in, dgm_counts *counts, dgm_error *err)
{
    dgm_status status = dgm_ingest_sync(in, NULL, err);
    if (status == DGM_OK && !in->work.options.accept_only)
        status = dgmi_bring_or_wait(&in->work, in->archive, &in->turn, &in->index, err);
    if (status == DGM_OK)
        dgmi_work_progress(&in->work, DGM_DONE);
    if (counts)
        *counts = in->work.counts;
    return status;
}

/* ---- Taking items ---- */

static dgm_status reject(void *user, const char *where, const char *reason,
                         const void *bytes, size_t n, dgm_error *err)
{
    dgm_ingest *in = user;
    dgmi_reject r = { where, reason, bytes, n, in->fd };
    return dgmi_work_reject(&in->work, &r, err);
}

/* An item whose record is too large is its source's fault and stops nothing. */
static dgm_status take_item(void *user, dgm_item *item, const char *where, dgm_error *err)
{
    dgm_ingest *in = user;
    dgm_error fault = DGM_ERROR_INIT;
    if (item->fetched == DGM_NO_TIME)
        item->fetched = dgmi_wall_time();
    dgm_status status = dgmi_ingest_accept(in, item, where, &fault);
    /* Memory, not the size of the input, says when to index in between. */
    if (status == DGM_OK && !in->work.options.accept_only &&
        dgmi_decider_bytes(in->decider) > in->work.options.memory / PENDING_SHARE)
        status = dgm_ingest_commit(in, NULL, &fault);
    dgm_item_free(item);
    if (status == DGM_E_ARG)
        return reject(in, where, fault.text, NULL, 0, err);
    return status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", fault.text);
}

static void progress(void *user, uint64_t bytes)
{
    dgm_ingest *in = user;
    in->work.counts.bytes = in->bytes_before + bytes;
    dgmi_work_progress(&in->work, DGM_READING);
}

/* ---- Sources ---- */

static dgmi_sink begin_source(dgm_ingest *in, int fd)
{
    in->fd = fd;
    in->bytes_before = in->work.counts.bytes;
    in->work.counts.files++;
    return (dgmi_sink){ in, take_item, reject, progress };
}

dgm_status dgm_ingest_set_format(dgm_ingest *in, const char *format, dgm_error *err)
{
    bool told = !format || !strcmp(format, "auto");
    const dgmi_format *row = told ? NULL : dgmi_format_find(format);
    if (!told && !row)
        return dgmi_fail(err, DGM_E_ARG, "no such format: %s", format);
    in->work.options.format = row ? row->name : NULL;
    return DGM_OK;
}

dgm_status dgm_ingest_fd(dgm_ingest *in, int fd, const char *name, dgm_error *err)
{
    dgmi_source source = { .name = name, .format = in->work.options.format };
    dgmi_sink sink = begin_source(in, fd);
    dgm_status status = dgmi_read_fd(fd, &source, &sink, err);
    in->fd = -1;
    return status;
}

dgm_status dgm_ingest_bytes(dgm_ingest *in, const char *name, const void *bytes, size_t n,
                            dgm_error *err)
{
    dgmi_source source = { .name = name, .format = in->work.options.format };
    dgmi_sink sink = begin_source(in, -1);
    return dgmi_read_bytes(bytes, n, &source, &sink, err);
}

dgm_status dgm_ingest_from(dgm_ingest *in, const dgm_origin *origin, const void *bytes,
                           size_t n, dgm_error *err)
{
    const char *format = origin->format ? origin->format : in->work.options.format;
    dgmi_source source = { .name = origin->name, .format = format, .origin = origin };
    dgmi_sink sink = begin_source(in, -1);
    return dgmi_read_bytes(bytes, n, &source, &sink, err);
}

dgm_status dgmi_ingest_refuse(dgm_ingest *in, const char *path, const char *reason,
                              dgm_error *err)
{
    dgmi_reject r = { path, reason, NULL, 0, -1 };
    in->work.counts.files++;
    return dgmi_work_reject(&in->work, &r, err);
}

/* ---- Building anew ---- */

dgm_status dgm_reindex(const char *data_dir, const dgm_ingest_options *options,
                       dgm_counts *counts, dgm_error *err)
{
    dgm_ingest in = { .turn = DGMI_TURN_CLOSED, .fd = -1 };
    dgm_status status = check_options(data_dir, NULL, err);
    if (status == DGM_OK && !dgmi_is_dir(data_dir))
        status = dgmi_fail(err, DGM_E_NOTFOUND, "%s: no such data directory", data_dir);
    if (status != DGM_OK)
        return status;
    status = dgmi_ingest_begin(&in, data_dir, options, err);
    if (status == DGM_OK)
        status = dgmi_turn_open(data_dir, &in.turn, err);
    if (status == DGM_OK)
        status = dgmi_bring_turn(&in.work, &in.turn, err);
    if (status == DGM_OK)
        status = dgmi_bring_end(in.archive, err);
    if (status == DGM_OK)
        status = dgmi_generation_clean(data_dir, err);
    if (status == DGM_OK)
        status = dgmi_build_generation(&in.work, dgmi_archive_end(in.archive), err);
    if (status == DGM_OK)
        dgmi_work_progress(&in.work, DGM_DONE);
    if (counts)
        *counts = in.work.counts;
    dgmi_ingest_end(&in);
    return status;
}
