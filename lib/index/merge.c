/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rounds of merges, each by several threads. Depends on lib/base, lib/xapian, crew.h and
 * workshop.h. */
#include "merge.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "crew.h"
#include "dgmx.h"
#include "fail.h"
#include "file.h"
#include "hash.h"

enum {
    FILES_OF_ONE = 6, /* descriptors that merging takes for each database */
    FILES_ELSEWHERE = 160,
    WIDTH_LEAST = 8,
    WIDTH_MOST = 256 /* databases merged at once */
};

typedef struct round {
    const dgmi_merge_options *options;
    dgmi_part *parts; /* of the round before */
    size_t n, width;
    dgmi_part *made;
    size_t groups;
} round;

size_t dgmi_merge_width(size_t n, unsigned jobs)
{
    struct rlimit files = { 0, 0 };
    size_t width = WIDTH_LEAST;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > FILES_ELSEWHERE)
        width = (size_t)(files.rlim_cur - FILES_ELSEWHERE) / FILES_OF_ONE;
    if (width > WIDTH_MOST)
        width = WIDTH_MOST;
    if (n > width)
        width /= jobs;
    return width > WIDTH_LEAST ? width : WIDTH_LEAST;
}

bool dgmi_merge_group(const dgmi_part *parts, size_t n, size_t width, size_t i,
                      dgmi_part *out)
{
    size_t from = i * width;
    size_t to = n - from < width ? n : from + width;
    if (from >= n)
        return false;
    *out = (dgmi_part){ .first = parts[from].first };
    for (size_t k = from; k < to; k++) {
        uint64_t both[2] = { out->digest, parts[k].digest };
        out->digest = dgmi_hash64(both, sizeof both);
        out->n += parts[k].n;
        out->records += parts[k].records;
        out->documents += parts[k].documents;
        out->spoilt |= parts[k].spoilt;
    }
    return true;
}

void dgmi_part_clear(dgmi_part *part)
{
    free(part->path);
    part->path = NULL;
}

uint64_t dgmi_parts_size(const dgmi_part *parts, size_t n)
{
    uint64_t size = 0;
    for (size_t i = 0; i < n; i++)
        size += parts[i].path ? dgmi_tree_size(parts[i].path) : 0;
    return size;
}

static dgm_status compact(const dgmi_part *parts, size_t n, const char *to,
                          dgm_error *err)
{
    const char **paths = calloc(n, sizeof *paths);
    if (!paths)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        paths[i] = parts[i].path;
    dgm_status status = dgmx_compact(paths, n, to, false, err);
    free(paths);
    return status;
}

static dgm_status drop(dgmi_part *parts, size_t n, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; status == DGM_OK && i < n; i++) {
        status = dgmi_remove_tree(parts[i].path, err);
        dgmi_part_clear(&parts[i]);
    }
    return status;
}

/* The databases of one group, in the archive's order: document ids follow it. A group
 * that an earlier build finished has no parts any more. */
static dgm_status merge_group(void *user, void *tools, size_t task, dgm_error *err)
{
    (void)tools;
    round *r = user;
    dgmi_part *from = &r->parts[task * r->width], *to = &r->made[task];
    size_t left = r->n - task * r->width, n = left < r->width ? left : r->width;
    if (to->path)
        return DGM_OK;
    char *bench = dgmi_workshop_bench(r->options->workshop, to);
    dgm_status status = bench ? dgmi_remove_tree(bench, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = compact(from, n, bench, err);
    if (status == DGM_OK)
        status = dgmi_workshop_finish(r->options->workshop, bench, to, err);
    if (status == DGM_OK)
        status = drop(from, n, err);
    free(bench);
    return status;
}

static void free_parts(dgmi_part *parts, size_t n)
{
    for (size_t i = 0; parts && i < n; i++)
        dgmi_part_clear(&parts[i]);
    free(parts);
}

static dgm_status tick(void *user, dgm_error *err)
{
    const round *r = user;
    return r->options->tick(r->options->user, err);
}

static dgm_status run_tasks(round *r, size_t tasks,
                            dgm_status (*run)(void *, void *, size_t, dgm_error *),
                            dgm_error *err)
{
    dgmi_crew_options o = {
        .jobs = r->options->jobs, .tasks = tasks, .user = r, .run = run, .tick = tick
    };
    return dgmi_crew_run(&o, err);
}

static dgm_status run_round(round *r, dgm_error *err)
{
    for (size_t i = 0; i < r->groups; i++) {
        dgmi_merge_group(r->parts, r->n, r->width, i, &r->made[i]);
        if (!r->parts[i * r->width].path) /* used up before: its group is there */
            dgmi_workshop_find(r->options->workshop, &r->made[i]);
    }
    return run_tasks(r, r->groups, merge_group, err);
}

static dgm_status merge_last(void *user, void *tools, size_t task, dgm_error *err)
{
    const round *r = user;
    (void)tools, (void)task;
    return compact(r->parts, r->n, r->options->target, err);
}

/* One round of several merges; what it made takes the place of its parts. */
static dgm_status go_round(round *r, const dgmi_part *first, dgm_error *err)
{
    r->made = calloc(r->groups, sizeof *r->made);
    if (!r->made)
        return dgmi_fail_memory(err);
    dgm_status status = run_round(r, err);
    if (r->parts != first)
        free_parts(r->parts, r->n);
    r->parts = r->made;
    r->n = r->groups;
    return status;
}

dgm_status dgmi_merge(const dgmi_merge_options *options, dgmi_part *parts, size_t n,
                      dgm_error *err)
{
    round r = { .options = options, .parts = parts, .n = n };
    dgm_status status = DGM_OK;
    for (;;) {
        r.width = dgmi_merge_width(r.n, options->jobs);
        r.groups = (r.n + r.width - 1) / r.width;
        if (status != DGM_OK || r.groups <= 1)
            break;
        status = go_round(&r, parts, err);
    }
    for (size_t i = 0; i < r.n; i++)
        *options->documents += r.parts[i].documents;
    if (status == DGM_OK)
        status = run_tasks(&r, 1, merge_last, err);
    if (r.parts != parts)
        free_parts(r.parts, r.n);
    return status;
}
