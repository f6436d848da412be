/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of traces, filled by several threads. Depends on lib/base, lib/archive,
 * kin.h, survey.h, crew.h and lines.h. */
#include "storyrows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crew.h"
#include "fail.h"
#include "file.h"
#include "lines.h"
#include "work.h"

enum { BLOCK = 256 }; /* rows read at once */

typedef struct filling {
    const dgmi_stories_options *options;
    dgmi_story_rows *rows;
    uint32_t *bases; /* the first row of each chunk */
} filling;

/* ---- Reading and writing rows ---- */

static dgm_status fail_io(dgm_error *err)
{
    return dgmi_fail_errno(err, "a temporary file");
}

static dgm_status transfer(int fd, void *bytes, size_t n, uint64_t at, bool writing,
                           dgm_error *err)
{
    char *p = bytes;
    while (n > 0) {
        ssize_t done = writing ? pwrite(fd, p, n, (off_t)at) : pread(fd, p, n, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fail_io(err);
        if (done == 0)
            return dgmi_fail(err, DGM_E_CORRUPT, "a temporary file was cut");
        p += done;
        n -= (size_t)done;
        at += (uint64_t)done;
    }
    return DGM_OK;
}

dgm_status dgmi_story_row_read(const dgmi_story_rows *rows, uint32_t row, dgmi_trace *out,
                               dgm_error *err)
{
    return transfer(rows->fd, out, sizeof *out, (uint64_t)row * sizeof *out, false, err);
}

dgm_status dgmi_story_rows_walk(const dgmi_story_rows *rows, dgmi_story_row_fn see,
                                void *user, dgm_error *err)
{
    dgmi_trace *block = malloc(BLOCK * sizeof *block);
    dgm_status status = block ? DGM_OK : dgmi_fail_memory(err);
    for (uint32_t row = 0; status == DGM_OK && row < rows->n; row += BLOCK) {
        uint32_t n = rows->n - row < BLOCK ? rows->n - row : BLOCK;
        status = transfer(rows->fd, block, n * sizeof *block,
                          (uint64_t)row * sizeof *block, false, err);
        for (uint32_t i = 0; status == DGM_OK && i < n; i++)
            status = see(user, row + i, &block[i], err);
    }
    free(block);
    return status;
}

/* ---- Filling ---- */

typedef struct chunk_walk {
    filling *f;
    uint32_t row;
} chunk_walk;

/* Whether the record at this place is the first of its id. */
static bool is_first(const dgmi_survey *survey, uint64_t at)
{
    const dgmi_verdict *verdict = dgmi_survey_verdict(survey, at);
    return !verdict || verdict->stored.first_seen == at;
}

/* A line that is no item keeps an empty row: whoever indexes it will report it. */
static dgm_status take_line(void *user, const dgmi_line *line, dgm_error *err)
{
    chunk_walk *w = user;
    dgm_item *item = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    dgmi_trace trace;
    memset(&trace, 0, sizeof trace);
    trace.place = line->at;
    if (is_first(w->f->options->survey, line->at)) {
        dgm_status status = dgmi_line_item(line->p, line->n, &item, &fault);
        if (status == DGM_OK)
            status =
                dgmi_trace_item(w->f->options->learned, item, line->at, &trace, &fault);
        if (status != DGM_OK && !dgmi_is_items_fault(status))
            return dgmi_fail(err, status, "%s", fault.text);
        dgm_item_free(item);
    }
    return transfer(w->f->rows->fd, &trace, sizeof trace,
                    (uint64_t)w->row++ * sizeof trace, true, err);
}

static dgm_status fill_chunk(void *user, void *tools, size_t task, dgm_error *err)
{
    (void)tools;
    filling *f = user;
    const dgmi_chunk *chunk = dgmi_survey_chunk(f->options->survey, task);
    chunk_walk w = { f, f->bases[task] };
    return dgmi_lines_walk(f->options->data_dir, chunk->from, chunk->to, take_line, &w,
                           err);
}

static dgm_status tick(void *user, dgm_error *err)
{
    const dgmi_stories_options *o = ((filling *)user)->options;
    return o->tick ? o->tick(o->user, err) : DGM_OK;
}

/* A file that nobody else sees and that is gone when it is closed. */
static dgm_status open_file(const char *folder, int *fd, dgm_error *err)
{
    const char *system = getenv("TMPDIR");
    if (!folder)
        folder = system && *system ? system : P_tmpdir;
    char *path = dgmi_path_join(folder, "dragoman-XXXXXX");
    if (!path)
        return dgmi_fail_memory(err);
    *fd = mkostemp(path, O_CLOEXEC);
    dgm_status status = *fd >= 0 ? DGM_OK : dgmi_fail_errno(err, path);
    if (*fd >= 0 && unlink(path) != 0)
        status = dgmi_fail_errno(err, path);
    free(path);
    return status;
}

/* The first row of each chunk; *n receives their number. */
static dgm_status number_chunks(filling *f, size_t *n, dgm_error *err)
{
    size_t capacity = 0;
    uint64_t row = 0;
    *n = 0;
    for (const dgmi_chunk *c;
         (c = dgmi_survey_chunk(f->options->survey, *n)) && row < UINT32_MAX / 2;
         row += c->records) {
        if (!dgmi_grow(&f->bases, &capacity, *n + 1, sizeof *f->bases))
            return dgmi_fail_memory(err);
        f->bases[(*n)++] = (uint32_t)row;
    }
    if (row >= UINT32_MAX / 2)
        return dgmi_fail(err, DGM_E_ARG, "the archive has too many records");
    f->rows->n = (uint32_t)row;
    return DGM_OK;
}

dgm_status dgmi_story_rows_make(const dgmi_stories_options *options, dgmi_story_rows *out,
                                dgm_error *err)
{
    filling f = { .options = options, .rows = out };
    size_t chunks = 0;
    *out = (dgmi_story_rows){ .fd = -1 };
    dgm_status status = open_file(options->folder, &out->fd, err);
    if (status == DGM_OK)
        status = number_chunks(&f, &chunks, err);
    dgmi_crew_options crew = { .jobs = options->jobs,
                               .tasks = chunks,
                               .user = &f,
                               .run = fill_chunk,
                               .tick = tick };
    if (status == DGM_OK && chunks > 0)
        status = dgmi_crew_run(&crew, err);
    free(f.bases);
    if (status != DGM_OK)
        dgmi_story_rows_clear(out);
    return status;
}

void dgmi_story_rows_clear(dgmi_story_rows *rows)
{
    if (rows->fd >= 0)
        close(rows->fd);
    rows->fd = -1;
}
