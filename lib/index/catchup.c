/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bringing the index up to the archive. Depends on lib/archive, lib/xapian and lib/index
 * below it. */
#include "catchup.h"

#include <string.h>

#include "bulk.h"
#include "clock.h"
#include "fail.h"
#include "generation.h"
#include "held.h"
#include "learn.h"
#include "lines.h"
#include "stem.h"
#include "writer.h"

enum {
    LIVE_LEAST = 500, /* so many records are always few */
    LIVE_SHARE = 20   /* and so is this part of the live documents */
};

/* NULL in *out and OK: what is there is of no use. */
static dgm_status open_index(dgmi_work *work, dgmi_index **out, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = dgmi_index_open(work->data_dir, out, &fault);
    if (status == DGM_E_CORRUPT) {
        dgmi_say(&work->log, "warning", "the index will be built anew: %s", fault.text);
        return DGM_OK;
    }
    return status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", fault.text);
}

dgm_status dgmi_catchup_open(dgmi_work *work, dgmi_index **out, dgm_error *err)
{
    return open_index(work, out, err);
}

/* Whether the live generation can be written on to. */
static dgm_status is_usable(dgmi_work *work, const dgmi_index *index, dgmi_position end,
                            bool *usable, dgm_error *err)
{
    dgmi_meta meta;
    *usable = false;
    if (!index)
        return DGM_OK;
    if (!index->db) {
        *usable = true; /* none yet */
        return DGM_OK;
    }
    dgm_status status = dgmi_meta_read(index->db, &meta, err);
    if (status != DGM_OK)
        return status;
    const char *why = NULL;
    if (strcmp(meta.stemmer, dgmi_stem_version()) != 0)
        why = "its stems are those of another version of Xapian";
    else if (dgmi_position_compare(meta.position, end) > 0)
        why = "it is ahead of the archive";
    if (why)
        dgmi_say(&work->log, "warning", "the index will be built anew: %s", why);
    *usable = !why;
    return DGM_OK;
}

typedef struct tally {
    uint64_t records, most;
} tally;

static dgm_status count_line(void *user, const dgmi_line *line, dgm_error *err)
{
    (void)line;
    (void)err;
    tally *t = user;
    return t->records++ < t->most ? DGM_OK : DGM_E_NOTFOUND; /* enough is known */
}

static dgm_status apply_live(dgmi_work *work, const dgmi_index *index, dgmi_position end,
                             uint64_t records, dgm_error *err)
{
    dgmi_live_options o = { .generation = index->generation, .to = end };
    dgm_status status = DGM_OK;
    work->counts.indexed = 0;
    work->counts.to_index = records;
    if (!index->db) {
        o.fresh = true;
        status = dgmi_generation_last(work->data_dir, &o.generation, err);
        o.generation++;
        if (status == DGM_OK)
            status = dgmi_lines_average(work->data_dir, records, &o.average_length, err);
    }
    if (status == DGM_OK)
        status = dgmi_live_apply(work, &o, err);
    return status == DGM_OK ? dgmi_learn_in_passing(work->data_dir, end, err) : status;
}

static dgm_status count_and_apply(dgmi_work *work, const dgmi_index *index,
                                  dgmi_position end, bool *done, dgm_error *err)
{
    tally t = { 0, index->documents / LIVE_SHARE };
    t.most = t.most > LIVE_LEAST ? t.most : LIVE_LEAST;
    dgm_status status =
        dgmi_lines_walk(work->data_dir, index->position, end, count_line, &t, err);
    if (status != DGM_OK || t.records > t.most)
        return status;
    status = apply_live(work, index, end, t.records, err);
    *done = status == DGM_OK;
    return status;
}

/* *done stays false when there are too many records, or when the generation turns out to
 * be damaged or to stand at a place that the archive does not have: a build mends that.
 */
static dgm_status try_live(dgmi_work *work, const dgmi_index *index, dgmi_position end,
                           bool *done, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = count_and_apply(work, index, end, done, &fault);
    if (status == DGM_E_CORRUPT) {
        dgmi_say(&work->log, "warning", "the index will be built anew: %s", fault.text);
        return DGM_OK;
    }
    return status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", fault.text);
}

static dgm_status renew(dgmi_work *work, dgmi_index **index, dgm_error *err)
{
    bool moved;
    if (*index)
        return dgmi_index_refresh(*index, &moved, err);
    return dgmi_index_open(work->data_dir, index, err);
}

dgm_status dgmi_catch_up(dgmi_work *work, dgmi_index **index, dgmi_position end,
                         dgm_error *err)
{
    bool usable = false, done = false;
    dgm_status status = is_usable(work, *index, end, &usable, err);
    if (status != DGM_OK)
        return status;
    if (usable) {
        bool due = false;
        status = dgmi_held_are_due(*index, dgmi_wall_time(), &due, err);
        if (status != DGM_OK ||
            (!due && dgmi_archive_size(work->data_dir, (*index)->position) == 0))
            return status;
        status = try_live(work, *index, end, &done, err);
    }
    if (done)
        dgmi_generation_drop_workshop(work->data_dir); /* of a build no longer needed */
    if (status == DGM_OK && !done)
        status = dgmi_build_generation(work, end, err);
    return status == DGM_OK ? renew(work, index, err) : status;
}
