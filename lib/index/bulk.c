/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bulk path: survey, stories, small databases by several threads, merge, swap. What
 * each thread makes is piece.c's, how a killed build is taken up again workshop.c's.
 * Depends on lib/archive, lib/xapian and lib/index below it. */
#include "bulk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "crew.h"
#include "fail.h"
#include "file.h"
#include "generation.h"
#include "hash.h"
#include "learn.h"
#include "merge.h"
#include "piece.h"
#include "room.h"
#include "seal.h"
#include "stories.h"
#include "survey.h"
#include "told.h"
#include "writer.h"

/* Measured on 86 MB of long items and 36 MB of short ones: pieces of half a megabyte cost
 * a fifth less than ones of two, because their trees stay in the caches; merging more of
 * them costs less than that gains. */
enum {
    CHUNK_RECORDS = 400,
    CHUNK_BYTES = 512 << 10,
    WORKER_MEMORY = 24 << 20, /* of one thread */
    SURVEY_SHARE = 4,         /* part of the memory for the survey, and for the stories */
    ROOM_US = 1000000         /* between looks at the room on the disk */
};

/* What the phases take of the whole, thousandths: 36,000 items of 190 MB took 4 s, 16 s,
 * 146 s and 21 s on a busy machine of two processors. Learning counts as survey. */
enum { WHOLE = 1000, SURVEY_PART = 25, STORIES_PART = 85, MERGE_PART = 110 };

typedef enum stage { SURVEY, STORIES, PIECES, MERGE, STAGES } stage;

typedef struct build {
    dgmi_work *work;
    dgmi_plan plan;
    dgmi_workshop *workshop;
    dgmi_survey *survey;
    dgmi_stories *stories;
    dgmi_learned *learned; /* rules of the new generation */
    dgmi_part *parts;      /* one a chunk */
    size_t n_parts, n_found;
    char *target;
    unsigned jobs;
    stage stage;
    uint64_t stage_us[STAGES], began_us, room_us;
    uint64_t archive_bytes, surveyed, parts_bytes, documents;
    atomic_uint_fast64_t advanced, made_bytes, made_records;
    dgmi_tellings told;
    pthread_mutex_t heavy; /* held while a large item is worked on */
} build;

/* ---- Telling how far it is ---- */

static double portion(uint64_t part, uint64_t whole)
{
    return whole == 0 || part >= whole ? 1 : (double)part / (double)whole;
}

/* A merge writes about as much as it reads. */
static uint64_t thousandths(const build *b)
{
    const uint64_t pieces_at = SURVEY_PART + STORIES_PART;
    const uint64_t merge_at = WHOLE - MERGE_PART;
    switch (b->stage) {
    case SURVEY:
        return (uint64_t)(SURVEY_PART * portion(b->surveyed, 2 * b->archive_bytes));
    case STORIES:
        return SURVEY_PART;
    case PIECES:
        return pieces_at +
               (uint64_t)((double)(merge_at - pieces_at) *
                          portion(b->work->counts.indexed, b->work->counts.to_index));
    case MERGE:
        return merge_at + (uint64_t)(MERGE_PART *
                                     portion(dgmi_tree_size(b->target), b->parts_bytes));
    case STAGES:
        break;
    }
    return WHOLE;
}

static void show(build *b)
{
    static const dgm_phase phases[STAGES + 1] = { DGM_SURVEYING, DGM_SURVEYING,
                                                  DGM_INDEXING, DGM_MERGING,
                                                  DGM_MERGING };
    stage now = b->stage;
    b->work->counts.indexed = atomic_load(&b->advanced);
    b->work->counts.done = thousandths(b);
    b->work->counts.of = WHOLE;
    dgmi_work_progress(b->work, phases[now]);
}

static void enter(build *b, stage next)
{
    uint64_t now = dgmi_now_us();
    b->stage_us[b->stage] += now - b->began_us;
    b->began_us = now;
    b->stage = next;
    show(b);
}

static void on_surveyed(void *user, uint64_t bytes)
{
    build *b = user;
    uint64_t before = b->surveyed >> 20;
    b->surveyed += bytes;
    if (b->surveyed >> 20 != before)
        show(b);
}

/* ---- Room ---- */

/* What is left to write: by the estimate at first, by what the parts took later on. */
static uint64_t bytes_to_come(const build *b)
{
    uint64_t made = atomic_load(&b->made_bytes), records = atomic_load(&b->made_records);
    uint64_t all = b->work->counts.to_index;
    if (records == 0 || records * 20 < all)
        return dgmi_room_estimate(b->archive_bytes) / 2;
    uint64_t parts = (uint64_t)((double)made / (double)records * (double)all);
    return parts - (made < parts ? made : parts) + parts / 2; /* and the merged one */
}

static dgm_status check_room(build *b, dgm_error *err)
{
    uint64_t now = dgmi_now_us();
    if (b->stage != PIECES || now - b->room_us < ROOM_US)
        return DGM_OK;
    b->room_us = now;
    return dgmi_room_check(dgmi_workshop_folder(b->workshop), bytes_to_come(b), err);
}

static dgm_status tick(void *user, dgm_error *err)
{
    build *b = user;
    dgm_status status = dgmi_tellings_report(&b->told, b->work, err);
    show(b);
    return status == DGM_OK ? check_room(b, err) : status;
}

/* ---- Pieces ---- */

static dgm_status begin_worker(void *user, void **tools, dgm_error *err)
{
    const build *b = user;
    dgmi_piece_tools *made = NULL;
    dgm_status status = dgmi_piece_tools_new(b->work->data_dir, &made, err);
    *tools = made;
    return status;
}

static void end_worker(void *tools)
{
    dgmi_piece_tools_free(tools);
}

/* What a piece tells of, and whose it is. */
typedef struct errand {
    build *build;
    dgmi_part *part;
} errand;

static dgm_status on_reject(void *user, const dgmi_line *line, const char *reason,
                            dgm_error *err)
{
    errand *e = user;
    e->part->spoilt = true;
    return dgmi_tellings_put(&e->build->told, line, reason, err);
}

static void on_advance(void *user)
{
    errand *e = user;
    atomic_fetch_add_explicit(&e->build->advanced, 1, memory_order_relaxed);
}

static void on_cut(void *user, const char *id)
{
    errand *e = user;
    dgmi_say(&e->build->work->log, "warning",
             "%s: too many words, only its beginning can be searched", id);
}

static dgm_status build_piece(void *user, void *tools, size_t task, dgm_error *err)
{
    build *b = user;
    dgmi_part *part = &b->parts[task];
    errand e = { b, part };
    if (part->ready)
        return DGM_OK;
    char *path = dgmi_workshop_bench(b->workshop, part);
    dgmi_piece_options o = { .data_dir = b->work->data_dir,
                             .path = path,
                             .survey = b->survey,
                             .stories = b->stories,
                             .learned = b->learned,
                             .chunk = dgmi_survey_chunk(b->survey, task),
                             .average_length = b->plan.average_length,
                             .heavy = &b->heavy,
                             .user = &e,
                             .reject = on_reject,
                             .advance = on_advance,
                             .cut = on_cut };
    dgm_status status =
        path ? dgmi_piece_build(tools, &o, &part->documents, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_workshop_finish(b->workshop, path, part, err);
    if (status == DGM_OK) {
        atomic_fetch_add(&b->made_bytes, dgmi_tree_size(part->path));
        atomic_fetch_add(&b->made_records, part->records);
    }
    free(path);
    return status;
}

/* Takes up what an earlier build finished: groups of a first merge, then pieces. */
static void find_parts(build *b)
{
    size_t width = dgmi_merge_width(b->n_parts, b->jobs);
    dgmi_part group;
    for (size_t i = 0;
         b->n_parts > width && dgmi_merge_group(b->parts, b->n_parts, width, i, &group);
         i++) {
        bool found = dgmi_workshop_find(b->workshop, &group);
        for (size_t k = i * width; found && k < (i + 1) * width && k < b->n_parts; k++)
            b->parts[k].ready = true;
        dgmi_part_clear(&group);
    }
    for (size_t i = 0; i < b->n_parts; i++) {
        dgmi_part *part = &b->parts[i];
        if (!part->ready)
            part->ready = dgmi_workshop_find(b->workshop, part);
        if (!part->ready)
            continue;
        b->n_found++;
        atomic_fetch_add(&b->advanced, part->records);
    }
}

/* Of the rules that hold: a person may have changed one since parts were made. */
static uint64_t digest_rules(const dgmi_learned *learned)
{
    uint64_t digest = 0;
    for (size_t i = 0; i < learned->n; i++) {
        const dgmi_rule *r = &learned->rules[i];
        if (!dgmi_line_holds(r->state))
            continue;
        uint64_t all[] = { digest, dgmi_hash64(r->scope, strlen(r->scope)),
                           dgmi_hash64(r->text, strlen(r->text)), r->from, r->until };
        digest = dgmi_hash64(all, sizeof all);
    }
    return digest;
}

/* Topics may have changed, too. */
static dgm_status plan_parts(build *b, dgm_error *err)
{
    const dgmi_chunk *chunk;
    dgm_status status =
        dgmi_tagger_refresh(&b->work->tagger, b->work->data_dir, &b->work->log, err);
    if (status != DGM_OK)
        return status;
    uint64_t mixed[3] = { digest_rules(b->learned), 0,
                          dgmi_tagger_digest(b->work->tagger) };
    while (dgmi_survey_chunk(b->survey, b->n_parts))
        b->n_parts++;
    b->parts = calloc(b->n_parts + 1, sizeof *b->parts);
    if (!b->parts)
        return dgmi_fail_memory(err);
    for (size_t i = 0; (chunk = dgmi_survey_chunk(b->survey, i)); i++) {
        mixed[1] = chunk->digest;
        b->parts[i] = (dgmi_part){ .first = i,
                                   .n = 1,
                                   .digest = dgmi_hash64(mixed, sizeof mixed),
                                   .records = chunk->records };
    }
    find_parts(b);
    if (b->n_found > 0)
        dgmi_say(&b->work->log, "info", "%zu of %zu pieces are there from a build before",
                 b->n_found, b->n_parts);
    return dgmi_workshop_sweep(b->workshop, err);
}

static dgm_status build_pieces(build *b, dgm_error *err)
{
    dgmi_crew_options o = { .jobs = b->jobs,
                            .tasks = b->n_parts,
                            .user = b,
                            .begin = begin_worker,
                            .end = end_worker,
                            .run = build_piece,
                            .tick = tick };
    enter(b, PIECES);
    return dgmi_crew_run(&o, err);
}

static dgm_status merge(build *b, dgm_error *err)
{
    dgmi_merge_options o = { .workshop = b->workshop,
                             .target = b->target,
                             .documents = &b->documents,
                             .jobs = b->jobs,
                             .user = b,
                             .tick = tick };
    b->parts_bytes = dgmi_parts_size(b->parts, b->n_parts);
    enter(b, MERGE);
    return b->n_parts > 0 ? dgmi_merge(&o, b->parts, b->n_parts, err) : DGM_OK;
}

/* ---- The whole ---- */

static dgm_status take_survey(build *b, dgm_error *err)
{
    const dgm_ingest_options *o = &b->work->options;
    dgmi_survey_options s = { .data_dir = b->work->data_dir,
                              .to = b->plan.to,
                              .chunk_records = CHUNK_RECORDS,
                              .chunk_bytes = CHUNK_BYTES,
                              .memory = o->memory / SURVEY_SHARE,
                              .as_of = b->plan.as_of,
                              .user = b,
                              .advance = on_surveyed };
    dgm_status status = dgmi_survey_new(&s, &b->survey, err);
    if (status != DGM_OK)
        return status;
    b->work->counts.to_index = dgmi_survey_records(b->survey);
    if (b->plan.average_length > 0) /* that of the build that is taken up */
        return DGM_OK;
    return dgmi_lines_average(b->work->data_dir, dgmi_survey_records(b->survey),
                              &b->plan.average_length, err);
}

/* A new generation learns from the whole archive, and its rules hold for all of it. */
static dgm_status take_learned(build *b, dgm_error *err)
{
    dgmi_learn_options o = { .data_dir = b->work->data_dir,
                             .to = b->plan.to,
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
                               .folder = dgmi_workshop_folder(b->workshop),
                               .survey = b->survey,
                               .learned = b->learned,
                               .memory = b->work->options.memory / SURVEY_SHARE,
                               .jobs = b->jobs,
                               .user = b,
                               .tick = tick };
    enter(b, STORIES);
    return dgmi_stories_new(&o, &b->stories, err);
}

/* Where the live generation ends: none may take its place that ends before. */
static dgmi_position live_end(const char *data_dir)
{
    dgmi_position end = { 0, 0 };
    dgmi_index *index = NULL;
    if (dgmi_index_open(data_dir, &index, NULL) == DGM_OK)
        end = index->position;
    dgmi_index_close(index);
    return end;
}

static dgm_status open_workshop(build *b, uint64_t *number, dgm_error *err)
{
    const char *data_dir = b->work->data_dir;
    dgmi_position start = { 0, 0 };
    bool resumed = false;
    dgm_status status = dgmi_generation_last(data_dir, number, err);
    if (status != DGM_OK)
        return status;
    *number += 1;
    b->archive_bytes = dgmi_archive_size(data_dir, start);
    b->target = dgmi_generation_path(data_dir, *number);
    if (!b->target)
        return dgmi_fail_memory(err);
    status = dgmi_workshop_open(data_dir, live_end(data_dir), &b->plan, &resumed,
                                &b->workshop, err);
    if (status == DGM_OK && !resumed)
        status = dgmi_room_check(dgmi_workshop_folder(b->workshop),
                                 dgmi_room_estimate(b->archive_bytes), err);
    return status;
}

static dgm_status seal(build *b, dgm_error *err)
{
    dgmi_seal s = { .data_dir = b->work->data_dir,
                    .target = b->target,
                    .to = b->plan.to,
                    .average_length = b->plan.average_length,
                    .as_of = b->plan.as_of,
                    .documents = b->documents,
                    .rejected = b->told.count };
    return dgmi_seal_generation(&s, err);
}

static dgm_status make(build *b, dgm_error *err)
{
    dgm_status status = take_survey(b, err);
    if (status == DGM_OK)
        status = dgmi_workshop_begin(b->workshop, &b->plan, err);
    if (status == DGM_OK)
        status = take_learned(b, err);
    if (status == DGM_OK)
        status = plan_parts(b, err);
    if (status == DGM_OK)
        status = take_stories(b, err);
    if (status == DGM_OK)
        status = build_pieces(b, err);
    if (status == DGM_OK)
        status = merge(b, err);
    return status == DGM_OK ? seal(b, err) : status;
}

static void say_times(build *b, uint64_t number)
{
    enter(b, STAGES);
    dgmi_say(&b->work->log, "info",
             "generation %llu is live: %llu records; survey %.1f s, stories %.1f s, "
             "pieces %.1f s, merge and check %.1f s",
             (unsigned long long)number, (unsigned long long)b->work->counts.to_index,
             (double)b->stage_us[SURVEY] / 1e6, (double)b->stage_us[STORIES] / 1e6,
             (double)b->stage_us[PIECES] / 1e6, (double)b->stage_us[MERGE] / 1e6);
}

static dgm_status run(build *b, dgm_error *err)
{
    uint64_t number = 0;
    b->began_us = dgmi_now_us();
    dgm_status status = open_workshop(b, &number, err);
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
                                     dgmi_position_pack(b->plan.to), err);
    if (status == DGM_OK)
        say_times(b, number);
    return status;
}

/* A build that was taken up ends where the one before would have: what came in since is
 * little, and is brought in as the live path does it. */
static dgm_status bring_rest(build *b, dgmi_position to, dgm_error *err)
{
    dgmi_live_options o = { .to = to };
    if (dgmi_position_compare(b->plan.to, to) >= 0)
        return DGM_OK;
    dgm_status status = dgmi_generation_current(b->work->data_dir, &o.generation, err);
    return status == DGM_OK ? dgmi_live_apply(b->work, &o, err) : status;
}

static void clear(build *b)
{
    for (size_t i = 0; i < b->n_parts; i++)
        dgmi_part_clear(&b->parts[i]);
    free(b->parts);
    dgmi_workshop_close(b->workshop);
    dgmi_stories_free(b->stories);
    dgmi_learned_free(b->learned);
    dgmi_survey_free(b->survey);
    free(b->target);
    dgmi_tellings_clear(&b->told);
    pthread_mutex_destroy(&b->heavy);
}

dgm_status dgmi_build_generation(dgmi_work *work, dgmi_position to, dgm_error *err)
{
    build b = { .work = work, .jobs = work->options.jobs };
    b.plan = (dgmi_plan){ .to = to,
                          .as_of = dgmi_wall_time(),
                          .chunk_records = CHUNK_RECORDS,
                          .chunk_bytes = CHUNK_BYTES };
    size_t fit = work->options.memory / WORKER_MEMORY;
    if (b.jobs > fit)
        b.jobs = fit > 0 ? (unsigned)fit : 1;
    dgmi_tellings_init(&b.told);
    pthread_mutex_init(&b.heavy, NULL);
    dgm_status status = run(&b, err);
    dgmi_generation_drop_workshop(work->data_dir);
    if (status == DGM_OK)
        status = bring_rest(&b, to, err);
    clear(&b);
    work->counts.done = work->counts.of = 0;
    return status == DGM_OK ? dgmi_generation_clean(work->data_dir, err) : status;
}
