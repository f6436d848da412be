/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bulk path: survey, small databases by several threads, merges, check, swap.
 * Depends on lib/archive, lib/xapian and lib/index below it. */
#include "bulk.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "analyse.h"
#include "clock.h"
#include "crew.h"
#include "dgmx.h"
#include "fail.h"
#include "file.h"
#include "generation.h"
#include "learn.h"
#include "piece.h"
#include "stories.h"
#include "survey.h"

/* Measured on 86 MB of long items and 36 MB of short ones: pieces of half a megabyte cost
 * a fifth less than ones of two, because their trees stay in the caches; merging more of
 * them costs less than that gains. */
enum {
    CHUNK_RECORDS = 400,
    CHUNK_BYTES = 512 << 10,
    WORKER_MEMORY = 24 << 20, /* of one thread */
    SURVEY_SHARE = 4,         /* part of the memory for the survey, and for the stories */
    FILES_OF_ONE = 6,         /* descriptors that merging takes for each database */
    FILES_ELSEWHERE = 160,
    WIDTH_LEAST = 8,
    WIDTH_MOST = 256, /* databases merged at once */
    SAMPLES = 100
};

/* A rejection on its way from a worker to the calling thread, which alone reports. */
typedef struct told {
    struct told *next;
    uint64_t at;
    dgm_error reason;
    size_t n;
    char line[];
} told;

typedef struct build {
    dgmi_work *work;
    dgmi_survey *survey;
    dgmi_stories *stories;
    dgmi_learned *learned; /* rules of the new generation */
    double average_length;
    dgmi_position to;
    int64_t as_of; /* embargoes over at this time are lifted */
    char *workshop, *target;
    unsigned jobs;
    size_t n_parts; /* databases of the round at hand */
    unsigned round; /* 0: pieces of the archive; then merges */
    size_t groups;  /* of a merging round, and how many databases each takes */
    size_t width;
    atomic_uint_fast64_t advanced, documents, rejected;
    pthread_mutex_t lock; /* of the list below */
    told *first, **last;
} build;

/* ---- Telling ---- */

static dgm_status queue_reject(void *user, const dgmi_line *line, const char *reason,
                               dgm_error *err)
{
    build *b = user;
    told *t = malloc(sizeof *t + line->n);
    if (!t)
        return dgmi_fail_memory(err);
    *t = (told){ .at = line->at, .reason = DGM_ERROR_INIT, .n = line->n };
    snprintf(t->reason.text, sizeof t->reason.text, "%s", reason);
    memcpy(t->line, line->p, line->n);
    pthread_mutex_lock(&b->lock);
    *b->last = t;
    b->last = &t->next;
    pthread_mutex_unlock(&b->lock);
    atomic_fetch_add(&b->rejected, 1);
    return DGM_OK;
}

static told *take_queue(build *b)
{
    pthread_mutex_lock(&b->lock);
    told *t = b->first;
    b->first = NULL;
    b->last = &b->first;
    pthread_mutex_unlock(&b->lock);
    return t;
}

static dgm_status tick(void *user, dgm_error *err)
{
    build *b = user;
    dgm_status status = DGM_OK;
    for (told *t = take_queue(b), *next; t; t = next) {
        next = t->next;
        if (status == DGM_OK)
            status = dgmi_work_reject_record(b->work, t->at, t->reason.text, t->line,
                                             t->n, err);
        free(t);
    }
    b->work->counts.indexed = atomic_load(&b->advanced);
    dgmi_work_progress(b->work, b->round == 0 ? DGM_INDEXING : DGM_MERGING);
    return status;
}

static void advance(void *user)
{
    build *b = user;
    atomic_fetch_add_explicit(&b->advanced, 1, memory_order_relaxed);
}

static void say_cut(void *user, const char *id)
{
    build *b = user;
    dgmi_say(&b->work->log, "warning",
             "%s: too many words, only its beginning can be searched", id);
}

/* ---- Round 0: pieces ---- */

static char *part_path(const build *b, unsigned round, size_t i)
{
    char name[48];
    snprintf(name, sizeof name, "%u-%06zu", round, i);
    return dgmi_path_join(b->workshop, name);
}

static dgm_status begin_worker(void *user, void **tools, dgm_error *err)
{
    (void)user;
    dgmi_piece_tools *made = NULL;
    dgm_status status = dgmi_piece_tools_new(&made, err);
    *tools = made;
    return status;
}

static void end_worker(void *tools)
{
    dgmi_piece_tools_free(tools);
}

static dgm_status build_piece(void *user, void *tools, size_t task, dgm_error *err)
{
    build *b = user;
    char *path = part_path(b, 0, task);
    uint32_t documents = 0;
    dgmi_piece_options o = { .data_dir = b->work->data_dir,
                             .path = path,
                             .survey = b->survey,
                             .stories = b->stories,
                             .learned = b->learned,
                             .chunk = dgmi_survey_chunk(b->survey, task),
                             .average_length = b->average_length,
                             .user = b,
                             .reject = queue_reject,
                             .advance = advance,
                             .cut = say_cut };
    dgm_status status =
        path ? dgmi_piece_build(tools, &o, &documents, err) : dgmi_fail_memory(err);
    atomic_fetch_add(&b->documents, documents);
    free(path);
    return status;
}

static dgm_status build_pieces(build *b, dgm_error *err)
{
    while (dgmi_survey_chunk(b->survey, b->n_parts))
        b->n_parts++;
    dgmi_crew_options o = { .jobs = b->jobs,
                            .tasks = b->n_parts,
                            .user = b,
                            .begin = begin_worker,
                            .end = end_worker,
                            .run = build_piece,
                            .tick = tick };
    return dgmi_crew_run(&o, err);
}

/* ---- Merging rounds ---- */

static void free_paths(char **paths, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(paths[i]);
    free(paths);
}

static char **group_paths(const build *b, size_t from, size_t n)
{
    char **paths = calloc(n, sizeof *paths);
    if (!paths)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        paths[i] = part_path(b, b->round - 1, from + i);
        if (!paths[i]) {
            free_paths(paths, n);
            return NULL;
        }
    }
    return paths;
}

/* The databases of one group, in the archive's order: document ids follow it. */
static dgm_status merge_group(void *user, void *tools, size_t task, dgm_error *err)
{
    (void)tools;
    build *b = user;
    size_t from = task * b->width;
    size_t n = b->n_parts - from < b->width ? b->n_parts - from : b->width;
    char **paths = group_paths(b, from, n);
    char *to = b->groups == 1 ? dgmi_str_dup(dgmi_str_of(b->target))
                              : part_path(b, b->round, task);
    dgm_status status = DGM_E_NOMEM;
    if (paths && to) {
        status = dgmx_compact((const char *const *)paths, n, to, false, err);
        for (size_t i = 0; status == DGM_OK && i < n; i++)
            status = dgmi_remove_tree(paths[i], err);
    } else {
        dgmi_fail_memory(err);
    }
    if (paths)
        free_paths(paths, n);
    free(to);
    return status;
}

/* As many as the open files allow, for one merge at a time or for all threads at once. */
static void choose_width(build *b)
{
    struct rlimit files = { 0, 0 };
    size_t width = WIDTH_LEAST;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > FILES_ELSEWHERE)
        width = (size_t)(files.rlim_cur - FILES_ELSEWHERE) / FILES_OF_ONE;
    if (width > WIDTH_MOST)
        width = WIDTH_MOST;
    if (b->n_parts > width)
        width /= b->jobs;
    b->width = width > WIDTH_LEAST ? width : WIDTH_LEAST;
    b->groups = (b->n_parts + b->width - 1) / b->width;
}

static dgm_status merge_all(build *b, dgm_error *err)
{
    dgm_status status = DGM_OK;
    do {
        b->round++;
        choose_width(b);
        dgmi_crew_options o = { .jobs = b->jobs,
                                .tasks = b->groups,
                                .user = b,
                                .run = merge_group,
                                .tick = tick };
        status = dgmi_crew_run(&o, err);
        b->n_parts = b->groups;
    } while (status == DGM_OK && b->groups > 1);
    return status;
}

/* ---- Finishing ---- */

static dgm_status finish_database(build *b, dgm_error *err)
{
    dgmx_writer *writer = NULL;
    dgmi_meta meta = { .position = b->to,
                       .average_length = b->average_length,
                       .as_of = b->as_of };
    dgm_status status = dgmx_writer_open(b->target, DGMX_CREATE, &writer, err);
    if (status == DGM_OK)
        status = dgmx_writer_begin(writer, err);
    if (status == DGM_OK)
        status = dgmi_meta_write(writer, &meta, err);
    if (status == DGM_OK)
        status = dgmx_writer_commit(writer, err);
    dgmx_writer_close(writer);
    return status;
}

static dgm_status sync_file(const char *folder, const char *name, dgm_error *err)
{
    char *path = dgmi_path_join(folder, name);
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    dgm_status status = DGM_OK;
    if (!path)
        status = dgmi_fail_memory(err);
    else if (fd < 0 || fsync(fd) != 0)
        status = dgmi_fail_errno(err, path);
    if (fd >= 0)
        close(fd);
    free(path);
    return status;
}

/* All files of the generation, its folder, and the folder that names it. */
static dgm_status sync_target(const build *b, dgm_error *err)
{
    dgmi_names names;
    char *index = dgmi_path_join(b->work->data_dir, "index");
    dgm_status status = dgmi_dir_list(b->target, &names, err);
    for (size_t i = 0; status == DGM_OK && i < names.n; i++)
        status = sync_file(b->target, names.names[i], err);
    if (status == DGM_OK)
        status = dgmi_sync_dir(b->target, err);
    if (status == DGM_OK)
        status = index ? dgmi_sync_dir(index, err) : dgmi_fail_memory(err);
    dgmi_names_free(&names);
    free(index);
    return status;
}

/* Whether the record at a share of the archive can be found by its id. What was appended
 * since the build began is not looked for. */
static dgm_status check_share(const build *b, dgmx_db *db, dgmi_archive_reader *reader,
                              double share, uint64_t *missing, dgm_error *err)
{
    dgmi_line line;
    dgmi_position at = { 0, 0 }, after;
    dgmx_docid found;
    dgmi_buf id, term;
    dgmi_buf_init(&id, 0);
    dgmi_buf_init(&term, 0);
    dgm_status status = dgmi_archive_seek_share(reader, share, err);
    if (status == DGM_OK)
        status = dgmi_archive_next(reader, &line.p, &line.n, &at, &after, err);
    bool ours = status == DGM_OK && dgmi_position_compare(at, b->to) < 0;
    if (ours && dgmi_line_id(line.p, line.n, &id, NULL) == DGM_OK) {
        dgmi_id_term(&term, id.p);
        if (dgmx_db_find(db, term.p, term.n, &found, NULL) != DGM_OK)
            *missing += 1;
    }
    dgmi_buf_clear(&id);
    dgmi_buf_clear(&term);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status check_samples(build *b, dgmx_db *db, dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    dgmi_position start = { 0, 0 };
    uint64_t missing = 0;
    dgm_status status = dgmi_archive_reader_open(b->work->data_dir, start, &reader, err);
    for (int i = 0; status == DGM_OK && i < SAMPLES; i++)
        status = check_share(b, db, reader, (double)i / SAMPLES, &missing, err);
    dgmi_archive_reader_close(reader);
    if (status == DGM_OK && missing > atomic_load(&b->rejected) * SAMPLES)
        status = dgmi_fail(err, DGM_E_CORRUPT,
                           "the new generation lacks %llu of %d items looked for",
                           (unsigned long long)missing, SAMPLES);
    return status;
}

static dgm_status check_target(build *b, dgm_error *err)
{
    dgmx_db *db = NULL;
    uint32_t documents = 0;
    uint64_t expected = atomic_load(&b->documents);
    dgm_status status = dgmx_db_open(b->target, &db, err);
    if (status == DGM_OK)
        status = dgmx_db_doc_count(db, &documents, err);
    if (status == DGM_OK && documents != expected)
        status = dgmi_fail(err, DGM_E_CORRUPT,
                           "the new generation has %lu documents, not %llu",
                           (unsigned long)documents, (unsigned long long)expected);
    if (status == DGM_OK)
        status = check_samples(b, db, err);
    dgmx_db_close(db);
    return status;
}

/* ---- The whole ---- */

static dgm_status take_survey(build *b, dgm_error *err)
{
    const dgm_ingest_options *o = &b->work->options;
    dgmi_survey_options s = { .data_dir = b->work->data_dir,
                              .to = b->to,
                              .chunk_records = CHUNK_RECORDS,
                              .chunk_bytes = CHUNK_BYTES,
                              .memory = o->memory / SURVEY_SHARE,
                              .as_of = b->as_of };
    dgm_status status = dgmi_survey_new(&s, &b->survey, err);
    if (status != DGM_OK)
        return status;
    b->work->counts.indexed = 0;
    b->work->counts.to_index = dgmi_survey_records(b->survey);
    dgmi_work_progress(b->work, DGM_INDEXING);
    return dgmi_lines_average(b->work->data_dir, dgmi_survey_records(b->survey),
                              &b->average_length, err);
}

/* A new generation learns from the whole archive, and its rules hold for all of it. */
static dgm_status take_learned(build *b, dgm_error *err)
{
    dgmi_learn_options o = { .data_dir = b->work->data_dir,
                             .to = b->to,
                             .records = dgmi_survey_records(b->survey),
                             .samples = dgmi_learn_samples(b->work->options.memory) };
    dgm_status status = dgmi_learned_load(b->work->data_dir, &b->learned, err);
    if (status != DGM_OK)
        return status;
    status = dgmi_learned_renew(b->learned, err);
    return status == DGM_OK ? dgmi_learn(&o, b->learned, err) : status;
}

static dgm_status take_stories(build *b, dgm_error *err)
{
    dgmi_stories_options o = { .data_dir = b->work->data_dir,
                               .folder = b->workshop,
                               .survey = b->survey,
                               .learned = b->learned,
                               .memory = b->work->options.memory / SURVEY_SHARE,
                               .jobs = b->jobs,
                               .user = b,
                               .tick = tick };
    return dgmi_stories_new(&o, &b->stories, err);
}

static dgm_status make_workshop(build *b, uint64_t *number, dgm_error *err)
{
    dgm_status status = dgmi_generation_last(b->work->data_dir, number, err);
    if (status != DGM_OK)
        return status;
    *number += 1;
    b->target = dgmi_generation_path(b->work->data_dir, *number);
    b->workshop = dgmi_generation_workshop(b->work->data_dir);
    if (!b->target || !b->workshop)
        return dgmi_fail_memory(err);
    status = dgmi_remove_tree(b->workshop, err);
    return status == DGM_OK ? dgmi_make_dirs(b->workshop, err) : status;
}

static dgm_status make(build *b, dgm_error *err)
{
    dgm_status status = take_survey(b, err);
    if (status == DGM_OK)
        status = take_learned(b, err);
    if (status == DGM_OK)
        status = take_stories(b, err);
    if (status == DGM_OK)
        status = build_pieces(b, err);
    if (status == DGM_OK && b->n_parts > 0)
        status = merge_all(b, err);
    if (status == DGM_OK)
        status = finish_database(b, err);
    if (status == DGM_OK)
        status = check_target(b, err);
    return status == DGM_OK ? sync_target(b, err) : status;
}

static dgm_status run(build *b, dgm_error *err)
{
    uint64_t number = 0;
    dgm_status status = make_workshop(b, &number, err);
    if (status == DGM_OK)
        status = make(b, err);
    if (status != DGM_OK) {
        if (b->target)
            dgmi_remove_tree(b->target, NULL);
        return status;
    }
    /* From here on `current` may name the new generation, even if making that durable
     * fails. */
    status = dgmi_generation_swap(b->work->data_dir, number, err);
    if (status == DGM_OK)
        status = dgmi_learned_settle(b->work->data_dir, b->learned,
                                     dgmi_position_pack(b->to), err);
    if (status == DGM_OK)
        dgmi_say(&b->work->log, "info", "generation %llu is live: %llu items",
                 (unsigned long long)number,
                 (unsigned long long)atomic_load(&b->documents));
    return status;
}

static void drop_queue(build *b)
{
    for (told *t = take_queue(b), *next; t; t = next) {
        next = t->next;
        free(t);
    }
}

dgm_status dgmi_build_generation(dgmi_work *work, dgmi_position to, dgm_error *err)
{
    build b = {
        .work = work, .to = to, .as_of = dgmi_wall_time(), .jobs = work->options.jobs
    };
    size_t fit = work->options.memory / WORKER_MEMORY;
    if (b.jobs > fit)
        b.jobs = fit > 0 ? (unsigned)fit : 1;
    pthread_mutex_init(&b.lock, NULL);
    b.last = &b.first;
    dgm_status status = run(&b, err);
    if (b.workshop)
        dgmi_remove_tree(b.workshop, NULL);
    drop_queue(&b);
    dgmi_stories_free(b.stories);
    dgmi_learned_free(b.learned);
    dgmi_survey_free(b.survey);
    free(b.workshop);
    free(b.target);
    pthread_mutex_destroy(&b.lock);
    return status == DGM_OK ? dgmi_generation_clean(work->data_dir, err) : status;
}
