/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening an archive for reading, and counts. Depends on lib/index,
 * lib/archive. */
#include "desk.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "archive.h"
#include "clock.h"
#include "fail.h"
#include "file.h"
#include "lines.h"
#include "moment.h"
#include "schema.h"

dgm_status dgm_open(const char *data_dir, const dgm_options *options, dgm **out,
                    dgm_error *err)
{
    if (!out)
        return dgmi_fail(err, DGM_E_ARG, "there is no place for the reader");
    *out = NULL;
    if (!data_dir || !*data_dir)
        return dgmi_fail(err, DGM_E_ARG, "no data directory is named");
    dgm *desk = calloc(1, sizeof *desk);
    if (!desk)
        return dgmi_fail_memory(err);
    desk->resident.budget = DGMI_PLISTS_BYTES;
    if (options)
        desk->log = (dgmi_log){ options->log, options->log_user };
    dgm_status status = dgmi_index_open(data_dir, &desk->index, err);
    if (status == DGM_OK)
        status = dgmi_stems_new(&desk->stems, err);
    if (status == DGM_OK) {
        desk->codec = dgmi_codec_new();
        desk->dictionary = dgmi_dictionary_new();
        status = desk->codec && desk->dictionary ? DGM_OK : dgmi_fail_memory(err);
    }
    if (status == DGM_OK)
        *out = desk;
    else
        dgm_close(desk);
    return status;
}

void dgm_close(dgm *desk)
{
    if (!desk)
        return;
    dgmi_moments_clear(desk);
    dgmi_recaller_free(desk->recaller);
    dgmi_index_close(desk->index);
    dgmi_stems_free(desk->stems);
    dgmi_codec_free(desk->codec);
    dgmi_lore_clear(&desk->lore);
    dgmi_namebook_clear(&desk->names);
    dgmi_silence_clear(&desk->silence);
    dgmi_synonymbook_clear(&desk->synonyms);
    dgmi_dictionary_free(desk->dictionary);
    free(desk->kept.hits);
    dgmi_resident_clear(&desk->resident);
    if (desk->end_watching)
        desk->end_watching(desk->watching);
    free(desk);
}

dgm_status dgm_refresh(dgm *desk, bool *moved, dgm_error *err)
{
    if (!desk)
        return dgmi_fail(err, DGM_E_ARG, "the reader is closed");
    return dgmi_index_refresh(desk->index, moved, err);
}

void dgm_set_posting_bytes(dgm *desk, size_t bytes)
{
    if (!desk)
        return;
    dgmi_resident_clear(&desk->resident);
    desk->resident.budget = bytes;
}

size_t dgm_posting_bytes(const dgm *desk)
{
    bool any = desk && desk->resident.lists;
    return any ? dgmi_plists_bytes(desk->resident.lists) : 0;
}

const char *dgm_revision(const dgm *desk)
{
    return desk ? desk->index->revision : "";
}

/* ---- Counts ---- */

/* Xapian does not know how many terms it has: they are counted once a revision. */
static dgm_status count_terms(dgm *desk, uint64_t *out, dgm_error *err)
{
    const dgmi_index *index = desk->index;
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    bool known = desk->terms > 0 && desk->terms_generation == index->generation &&
                 desk->terms_commit == index->commit;
    dgm_status status = DGM_OK;
    uint64_t n = 0;
    if (!known) {
        status = dgmx_terms_all(index->db, "", 0, &terms, err);
        for (; status == DGM_OK; n++)
            status = dgmx_terms_next(terms, &term, NULL, NULL, err);
        n -= n > 0; /* the step that found the end */
        dgmx_terms_free(terms);
        if (status != DGM_E_NOTFOUND)
            return status;
        desk->terms = n;
        desk->terms_generation = index->generation;
        desk->terms_commit = index->commit;
    }
    *out = desk->terms;
    return DGM_OK;
}

static dgm_status count_pending(dgm *desk, uint64_t *out, dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    const char *line;
    size_t n;
    dgmi_position at, after;
    *out = 0;
    dgm_status status = dgmi_archive_reader_open(desk->index->data_dir,
                                                 desk->index->position, &reader, err);
    for (; status == DGM_OK; *out += status == DGM_OK)
        status = dgmi_archive_next(reader, &line, &n, &at, &after, err);
    dgmi_archive_reader_close(reader);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* The first hit by time is the newest (or oldest) item. */
static dgm_status find_extreme(dgm *desk, const char *sort, dgm_page **out,
                               dgm_error *err)
{
    dgm_request *request = dgm_request_new();
    if (!request)
        return dgmi_fail_memory(err);
    dgm_request_set_deadline(request, 2000);
    dgm_request_set_whole(request, true);
    dgm_status status = dgm_request_set(request, "sort", sort, err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "limit", "1", err);
    if (status == DGM_OK)
        status = dgm_request_set(request, "highlight", "none", err);
    if (status == DGM_OK)
        status = dgm_search(desk, request, out, err);
    dgm_request_free(request);
    return status;
}

static dgm_status find_newest(dgm *desk, dgm_stats *out, dgm_error *err)
{
    dgm_page *newest = NULL, *oldest = NULL;
    dgm_status status = find_extreme(desk, "newest", &newest, err);
    if (status == DGM_OK)
        status = find_extreme(desk, "oldest", &oldest, err);
    bool found = newest && oldest && newest->n_hits > 0 && oldest->n_hits > 0;
    if (status == DGM_OK && found) {
        out->newest = newest->hits[0].published;
        out->oldest = oldest->hits[0].published;
        strncpy(out->newest_id, newest->hits[0].id, sizeof out->newest_id - 1);
    }
    dgm_page_free(newest);
    dgm_page_free(oldest);
    return status;
}

static dgm_status stat_index(dgm *desk, dgm_stats *out, dgm_error *err)
{
    const dgmi_index *index = desk->index;
    out->generation = index->generation;
    out->items = index->documents;
    out->canceled = index->canceled;
    out->average_length = index->average_length;
    memcpy(out->revision, index->revision, sizeof out->revision);
    if (!index->db)
        return DGM_OK;
    char *path = dgmi_generation_path(index->data_dir, index->generation);
    if (!path)
        return dgmi_fail_memory(err);
    out->index_bytes = dgmi_tree_size(path);
    free(path);
    dgm_status status = find_newest(desk, out, err);
    return status == DGM_OK ? count_terms(desk, &out->terms, err) : status;
}

dgm_status dgm_stat(dgm *desk, dgm_stats *out, dgm_error *err)
{
    if (!desk || !out)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader and a place for the counts are needed");
    memset(out, 0, sizeof *out);
    out->newest = out->oldest = DGM_NO_TIME;
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = dgmi_index_refresh(desk->index, NULL, &inner);
        if (status == DGM_OK)
            status = stat_index(desk, out, &inner);
    }
    if (status != DGM_OK)
        return dgmi_fail(err, status, "%s", inner.text);
    out->archive_bytes =
        dgmi_archive_size(desk->index->data_dir, (dgmi_position){ 0, 0 });
    return count_pending(desk, &out->pending, err);
}

/* ---- Waiting ---- */

dgm_status dgm_wait(dgm *desk, uint64_t place, unsigned ms, dgm_error *err)
{
    const struct timespec nap = { 0, 5000000 };
    uint64_t until = dgmi_now_us() + (uint64_t)ms * 1000;
    if (!desk)
        return dgmi_fail(err, DGM_E_ARG, "the reader is closed");
    for (;;) {
        dgm_error inner = DGM_ERROR_INIT;
        dgm_status status = dgmi_index_refresh(desk->index, NULL, &inner);
        if (status == DGM_OK && dgmi_index_has(desk->index, dgmi_position_unpack(place)))
            return DGM_OK;
        if (status != DGM_OK && status != DGM_E_STALE)
            return dgmi_fail(err, status, "%s", inner.text);
        if (dgmi_now_us() >= until)
            return dgmi_fail(err, DGM_E_TIMEOUT,
                             "not searchable within %u ms; it is stored and will be", ms);
        nanosleep(&nap, NULL);
    }
}
