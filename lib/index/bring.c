/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bringing the index up, or waiting for who does. Depends on lib/archive and lib/index
 * below it. */
#include "bring.h"

#include <time.h>

#include "catchup.h"
#include "fail.h"
#include "generation.h"
#include "lines.h"

static const struct timespec nap = { 0, 20000000 };

dgm_status dgmi_bring_look(dgmi_work *work, dgmi_index **index, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status;
    if (*index) {
        status = dgmi_index_refresh(*index, NULL, &fault);
        if (status != DGM_E_CORRUPT) /* else the revision at hand is still one */
            return status == DGM_E_NOMEM ? dgmi_fail_memory(err) : DGM_OK;
        dgmi_index_close(*index);
        *index = NULL;
        dgmi_error_clear(&fault);
    }
    status = dgmi_index_open(work->data_dir, index, &fault);
    bool fine = status == DGM_OK || status == DGM_E_CORRUPT || status == DGM_E_STALE;
    return fine ? DGM_OK : dgmi_fail(err, status, "%s", fault.text);
}

dgm_status dgmi_bring_end(dgmi_archive *archive, dgm_error *err)
{
    dgm_status status = dgmi_archive_lock(archive, err);
    dgmi_archive_unlock(archive);
    return status == DGM_OK ? dgmi_archive_sync(archive, err) : status;
}

dgm_status dgmi_bring_up(dgmi_work *work, dgmi_archive *archive, dgmi_index **index,
                         dgm_error *err)
{
    dgm_status status = dgmi_bring_end(archive, err);
    if (status == DGM_OK && !work->cleaned)
        status = dgmi_generation_clean(work->data_dir, err);
    work->cleaned = status == DGM_OK;
    if (status == DGM_OK)
        status = dgmi_bring_look(work, index, err);
    if (status == DGM_OK && !*index)
        status = dgmi_catchup_open(work, index, err); /* says why it is of no use */
    return status == DGM_OK ? dgmi_catch_up(work, index, dgmi_archive_end(archive), err)
                            : status;
}

/* ---- Waiting for another ---- */

typedef struct tally {
    uint64_t records;
} tally;

static dgm_status count_line(void *user, const dgmi_line *line, dgm_error *err)
{
    (void)line;
    (void)err;
    ((tally *)user)->records++;
    return DGM_OK;
}

static dgmi_position place_of(const dgmi_index *index)
{
    return index ? index->position : (dgmi_position){ 0, 0 };
}

/* Another counts by itself: what it has done is estimated by the share of the bytes. */
static void tell(dgmi_work *work, const dgmi_index *index, uint64_t bytes)
{
    uint64_t left = dgmi_archive_size(work->data_dir, place_of(index));
    uint64_t done = left < bytes ? bytes - left : 0;
    work->counts.indexed = (uint64_t)((double)work->counts.to_index * (double)done /
                                      (double)(bytes > 0 ? bytes : 1));
    dgmi_work_progress(work, DGM_INDEXING);
}

static dgm_status begin_waiting(dgmi_work *work, const dgmi_index *index,
                                dgmi_position end, uint64_t *bytes, dgm_error *err)
{
    tally t = { 0 };
    *bytes = dgmi_archive_size(work->data_dir, place_of(index));
    dgm_status status =
        dgmi_lines_walk(work->data_dir, place_of(index), end, count_line, &t, err);
    work->counts.to_index = t.records;
    work->counts.indexed = 0;
    return status;
}

static dgm_status wait_for_another(dgmi_work *work, dgmi_archive *archive,
                                   dgmi_turn *turn, dgmi_index **index, dgm_error *err)
{
    dgmi_position end = dgmi_archive_end(archive);
    uint64_t bytes = 0;
    dgm_status status = dgmi_bring_look(work, index, err);
    if (status == DGM_OK)
        status = begin_waiting(work, *index, end, &bytes, err);
    while (status == DGM_OK && !dgmi_index_has(*index, end)) {
        tell(work, *index, bytes);
        nanosleep(&nap, NULL);
        if (dgmi_turn_try(turn, NULL) == DGM_OK)
            return dgmi_bring_up(work, archive, index, err);
        status = dgmi_bring_look(work, index, err);
    }
    if (status == DGM_OK)
        work->counts.indexed = work->counts.to_index;
    return status;
}

dgm_status dgmi_bring_or_wait(dgmi_work *work, dgmi_archive *archive, dgmi_turn *turn,
                              dgmi_index **index, dgm_error *err)
{
    dgm_status status = dgmi_turn_try(turn, NULL);
    if (status == DGM_OK)
        status = dgmi_bring_up(work, archive, index, err);
    else
        status = wait_for_another(work, archive, turn, index, err);
    dgmi_turn_end(turn);
    return status;
}

dgm_status dgmi_bring_turn(dgmi_work *work, dgmi_turn *turn, dgm_error *err)
{
    dgm_error locked = DGM_ERROR_INIT;
    dgm_status status = dgmi_turn_try(turn, &locked);
    if (status == DGM_E_LOCKED)
        dgmi_say(&work->log, "info", "waiting until the index is free: %s", locked.text);
    while (status == DGM_E_LOCKED) {
        dgmi_turn_ask(turn);
        dgmi_work_progress(work, DGM_INDEXING);
        nanosleep(&nap, NULL);
        dgmi_error_clear(&locked);
        status = dgmi_turn_try(turn, &locked);
    }
    dgmi_turn_stop_asking(turn);
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", locked.text);
}
