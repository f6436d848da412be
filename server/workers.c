/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The queue and its threads. Depends on server.h and POSIX threads. */
#include "workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "errands.h"
#include "fail.h"

enum { STEP_MS = 20 }; /* of an errand, between two looks for a request */

typedef struct job {
    void *work;
    uint64_t since_us;
} job;

struct dgms_workers {
    const dgms_server *server;
    dgms_work_fn fn;
    dgms_errands *errands;
    pthread_mutex_t lock; /* guards what follows, down to finishing */
    pthread_cond_t more;
    job *ring;
    size_t capacity, first, n;
    bool finishing;
    uint64_t wait_us; /* longest wait */
    pthread_t *threads;
    size_t n_threads, n_joined;
};

/* ---- While nobody asks ---- */

/* One step of an errand. */
static void go_on(dgms_place *place, uint64_t moment)
{
    bool ready = false;
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = DGM_E_IO;
    dgm *desk = dgms_place_desk(place, &err);
    if (desk) {
        status = dgm_moment_prepare(desk, moment, STEP_MS, &ready, &err);
        dgms_place_judge(place, status);
    }
    if (ready || status != DGM_OK)
        dgms_errands_done(place->errands, &place->diary, moment);
}

/* Waits for a job, under the lock. */
static void wait_for_job(dgms_workers *w, dgms_place *place)
{
    uint64_t moment;
    while (!w->n && !w->finishing) {
        if (!dgms_errands_next(w->errands, &place->diary, &moment)) {
            pthread_cond_wait(&w->more, &w->lock);
            continue;
        }
        pthread_mutex_unlock(&w->lock);
        go_on(place, moment);
        pthread_mutex_lock(&w->lock);
    }
}

/* ---- Jobs ---- */

/* Waits for the next job. False when there are no more. */
static bool next_job(dgms_workers *w, dgms_place *place, job *out, bool *refused)
{
    pthread_mutex_lock(&w->lock);
    if (place->wakes)
        pthread_cond_broadcast(&w->more);
    place->wakes = false;
    wait_for_job(w, place);
    bool got = w->n > 0;
    if (got) {
        *out = w->ring[w->first];
        w->first = (w->first + 1) % w->capacity;
        w->n--;
    }
    *refused = w->finishing;
    pthread_mutex_unlock(&w->lock);
    return got;
}

static void *run_thread(void *user)
{
    dgms_workers *w = user;
    dgms_place place;
    dgm_error err = DGM_ERROR_INIT;
    job next;
    bool refused;

    /* A reader that cannot be opened now is tried again by each request. */
    dgms_place_init(&place, w->server, &err);
    place.errands = w->errands;
    while (next_job(w, &place, &next, &refused)) {
        if (!refused && dgmi_now_us() - next.since_us > w->wait_us) {
            refused = true;
            dgms_metrics_count(w->server->metrics, DGMS_QUEUE_LATE, 1);
        }
        w->fn(next.work, &place, refused);
    }
    dgms_place_clear(&place);
    return NULL;
}

static dgm_status start_threads(dgms_workers *w, size_t count, dgm_error *err)
{
    pthread_attr_t attributes;
    int failure = pthread_attr_init(&attributes);

    if (failure)
        return dgmi_fail_memory(err);
    pthread_attr_setstacksize(&attributes, DGMS_STACK);
    while (!failure && w->n_threads < count) {
        failure = pthread_create(&w->threads[w->n_threads], &attributes, run_thread, w);
        if (!failure)
            w->n_threads++;
    }
    pthread_attr_destroy(&attributes);
    return failure ? dgmi_fail(err, DGM_E_IO, "cannot start thread %zu of %zu",
                               w->n_threads + 1, count)
                   : DGM_OK;
}

static size_t thread_count(const dgms_settings *settings)
{
    long processors =
        settings->threads ? (long)settings->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > 64 ? 64 : (size_t)processors;
}

dgm_status dgms_workers_start(const dgms_server *server, dgms_work_fn fn,
                              dgms_workers **out, dgm_error *err)
{
    size_t count = thread_count(server->settings);
    dgm_status status;

    *out = NULL;
    dgms_workers *w = calloc(1, sizeof *w);
    if (!w)
        return dgmi_fail_memory(err);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    w->server = server;
    w->fn = fn;
    w->wait_us = server->settings->queue_ms * 1000;
    w->capacity = server->settings->queue;
    w->errands = dgms_errands_new(count);
    w->ring = calloc(w->capacity, sizeof *w->ring);
    w->threads = calloc(count, sizeof *w->threads);
    status = w->errands && w->ring && w->threads ? start_threads(w, count, err)
                                                 : dgmi_fail_memory(err);
    if (status == DGM_OK) {
        *out = w;
        return DGM_OK;
    }
    dgms_workers_free(w);
    return status;
}

bool dgms_workers_submit(dgms_workers *workers, void *work)
{
    pthread_mutex_lock(&workers->lock);
    bool room = workers->n < workers->capacity && !workers->finishing;
    if (room) {
        size_t last = (workers->first + workers->n) % workers->capacity;
        workers->ring[last] = (job){ work, dgmi_now_us() };
        workers->n++;
        pthread_cond_signal(&workers->more);
    }
    pthread_mutex_unlock(&workers->lock);
    return room;
}

size_t dgms_workers_waiting(dgms_workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    size_t n = workers->n;
    pthread_mutex_unlock(&workers->lock);
    return n;
}

size_t dgms_workers_count(const dgms_workers *workers)
{
    return workers->n_threads;
}

size_t dgms_workers_behind(const dgms_workers *workers)
{
    return dgms_errands_left(workers->errands);
}

void dgms_workers_finish(dgms_workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    workers->finishing = true;
    pthread_cond_broadcast(&workers->more);
    pthread_mutex_unlock(&workers->lock);
    for (; workers->n_joined < workers->n_threads; workers->n_joined++)
        pthread_join(workers->threads[workers->n_joined], NULL);
}

void dgms_workers_free(dgms_workers *workers)
{
    if (!workers)
        return;
    dgms_workers_finish(workers);
    pthread_cond_destroy(&workers->more);
    pthread_mutex_destroy(&workers->lock);
    dgms_errands_free(workers->errands);
    free(workers->ring);
    free(workers->threads);
    free(workers);
}
