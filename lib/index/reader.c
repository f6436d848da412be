/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live generation as a reader sees it, and how it follows the writer.
 * Depends on lib/base, lib/xapian and lib/archive. */
#include "reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fail.h"
#include "file.h"
#include "generation.h"
#include "schema.h"

/* A writer that commits, or swaps a generation in, while one is being opened moves the
 * ground; more often than this in a row is not bad luck. */
enum { TRIES = 5 };

typedef struct reader {
    dgmi_index index; /* first: what callers hold */
    char *current;    /* path of DATA/index/current */
    struct stat
        seen; /* of that file when it was last read; zeroed when it was not there */
} reader;

/* Reads what the database itself says. STALE and NOTFOUND are for the caller to retry. */
static dgm_status load(dgmi_index *x, dgmx_db *db, dgm_error *err)
{
    dgmi_meta meta;
    uint64_t commit;
    uint32_t usable, all;
    dgm_status status = dgmi_meta_read(db, &meta, err);
    if (status == DGM_OK)
        status = dgmx_db_revision(db, &commit, err);
    if (status == DGM_OK)
        status = dgmx_db_doc_count(db, &all, err);
    if (status == DGM_OK)
        status = dgmx_db_term_freq(db, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                   &usable, err);
    if (status != DGM_OK)
        return status;
    x->commit = commit;
    x->documents = usable;
    x->canceled = all - usable;
    x->average_length = meta.average_length;
    x->position = meta.position;
    x->as_of = meta.as_of;
    x->settled = meta.settled;
    x->next_due = DGM_NO_TIME;
    return DGM_OK;
}

static void name_revision(dgmi_index *x)
{
    snprintf(x->revision, sizeof x->revision, "%" PRIu64 "-%" PRIu64, x->generation,
             x->commit);
}

static void become_empty(dgmi_index *x)
{
    dgmx_db_close(x->db);
    x->db = NULL;
    x->generation = x->commit = 0;
    x->documents = x->canceled = 0;
    x->average_length = 0;
    x->position = (dgmi_position){ 0, 0 };
    name_revision(x);
}

/* Opens generation `number` beside what is open, and only then lets that go. */
static dgm_status open_generation(dgmi_index *x, uint64_t number, dgm_error *err)
{
    dgmx_db *db = NULL;
    char *path = dgmi_generation_path(x->data_dir, number);
    dgm_status status = path ? dgmx_db_open(path, &db, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = load(x, db, err);
    if (status == DGM_OK) {
        dgmx_db_close(x->db);
        x->db = db;
        db = NULL;
        x->generation = number;
        name_revision(x);
    }
    dgmx_db_close(db);
    free(path);
    return status;
}

/* A reader that looks again at DATA/index/current: false if it is what was seen before.
 */
static bool current_moved(reader *r, struct stat *now)
{
    if (!r->current || stat(r->current, now) != 0)
        memset(now, 0, sizeof *now);
    return now->st_ino != r->seen.st_ino ||
           now->st_mtim.tv_sec != r->seen.st_mtim.tv_sec ||
           now->st_mtim.tv_nsec != r->seen.st_mtim.tv_nsec;
}

static dgm_status follow_current(reader *r, const struct stat *now, bool *moved,
                                 dgm_error *err)
{
    uint64_t number = 0;
    dgm_status status = dgmi_generation_current(r->index.data_dir, &number, err);
    if (status != DGM_OK)
        return status;
    if (number == 0 && r->index.db) {
        become_empty(&r->index);
        *moved = true;
    } else if (number != r->index.generation) {
        status = open_generation(&r->index, number, err);
        *moved = status == DGM_OK;
    }
    if (status == DGM_OK)
        r->seen = *now;
    return status;
}

static dgm_status follow_commits(dgmi_index *x, bool *moved, dgm_error *err)
{
    bool newer = false;
    dgm_status status = x->db ? dgmx_db_reopen(x->db, &newer, err) : DGM_OK;
    if (status == DGM_OK && newer) {
        status = load(x, x->db, err);
        name_revision(x);
        *moved = true;
    }
    return status;
}

static dgm_status refresh_once(reader *r, bool *moved, dgm_error *err)
{
    struct stat now;
    if (current_moved(r, &now)) {
        dgm_status status = follow_current(r, &now, moved, err);
        if (status != DGM_OK || *moved)
            return status;
    }
    return follow_commits(&r->index, moved, err);
}

/* NOTFOUND: the generation was swapped out and removed between looking and opening. IO
 * can be the same moment, seen by another file of it. */
static bool is_worth_retrying(dgm_status status)
{
    return status == DGM_E_STALE || status == DGM_E_NOTFOUND || status == DGM_E_IO;
}

static dgm_status refresh(reader *r, bool *moved, dgm_error *err)
{
    for (int i = 1;; i++) {
        dgm_error inner = DGM_ERROR_INIT;
        dgm_status status = refresh_once(r, moved, &inner);
        if (status == DGM_OK)
            return DGM_OK;
        if (i == TRIES || !is_worth_retrying(status)) {
            status = status == DGM_E_NOTFOUND ? DGM_E_CORRUPT : status;
            return dgmi_fail(err, status, "%s", inner.text);
        }
        memset(&r->seen, 0xff, sizeof r->seen); /* look at `current` again */
    }
}

dgm_status dgmi_index_open(const char *data_dir, dgmi_index **out, dgm_error *err)
{
    *out = NULL;
    bool moved = false;
    if (!dgmi_is_dir(data_dir))
        return dgmi_fail(err, DGM_E_NOTFOUND, "%s: no such data directory", data_dir);
    reader *r = calloc(1, sizeof *r);
    if (!r)
        return dgmi_fail_memory(err);
    dgm_status status = DGM_OK;
    r->index.data_dir = dgmi_str_dup(dgmi_str_of(data_dir));
    r->current = dgmi_path_join(data_dir, "index/current");
    name_revision(&r->index);
    if (!r->index.data_dir || !r->current)
        status = dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = refresh(r, &moved, err);
    if (status == DGM_OK) {
        *out = &r->index;
        r = NULL;
    }
    dgmi_index_close(r ? &r->index : NULL);
    return status;
}

void dgmi_index_close(dgmi_index *index)
{
    if (!index)
        return;
    reader *r = (reader *)(void *)index;
    dgmx_db_close(index->db);
    free(index->data_dir);
    free(r->current);
    free(r);
}

dgm_status dgmi_index_refresh(dgmi_index *index, bool *moved, dgm_error *err)
{
    bool unused;
    bool *tell = moved ? moved : &unused;
    *tell = false;
    return refresh((reader *)(void *)index, tell, err);
}

/* A segment that was only just begun adds nothing to the end of the one before it. */
bool dgmi_index_has(const dgmi_index *index, dgmi_position end)
{
    if (!index)
        return false;
    return dgmi_position_compare(index->position, end) >= 0 ||
           (end.offset == 0 && end.segment == index->position.segment + 1 &&
            dgmi_archive_size(index->data_dir, index->position) == 0);
}
