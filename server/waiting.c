/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for the index. Depends on waiting.h and dragoman.h. */
#include "waiting.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "clock.h"
#include "fail.h"

/* How long one look lasts: that many milliseconds at most is an answer late. */
#define LOOK_MS 20

typedef struct guest {
    struct guest *next;
    uint64_t place, until_us;
    dgms_seen_fn fn;
    void *user;
} guest;

struct dgms_waiting {
    const dgms_server *server;
    dgms_place reader; /* the thread's */
    pthread_t thread;
    bool started, joined;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t more;
    guest *first;
    bool finishing;
};

/* Takes off the list those whose place is seen, or whose time is over, or all. */
static guest *take_done(dgms_waiting *w, uint64_t seen)
{
    uint64_t now = dgmi_now_us();
    guest *done = NULL, **link = &w->first;

    while (*link) {
        guest *g = *link;
        if (g->place > seen && now < g->until_us && !w->finishing) {
            link = &g->next;
            continue;
        }
        *link = g->next;
        g->next = done;
        done = g;
    }
    return done;
}

static void answer(guest *done, uint64_t seen)
{
    while (done) {
        guest *next = done->next;
        done->fn(done->user, done->place <= seen);
        free(done);
        done = next;
    }
}

/* The place to look for next: the nearest. 0: the thread ends. */
static uint64_t next_place(dgms_waiting *w)
{
    uint64_t place = UINT64_MAX;

    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->finishing)
        pthread_cond_wait(&w->more, &w->lock);
    for (const guest *g = w->first; g; g = g->next)
        place = g->place < place ? g->place : place;
    if (!w->first)
        place = 0;
    pthread_mutex_unlock(&w->lock);
    return place;
}

static void *run_thread(void *user)
{
    dgms_waiting *w = user;
    uint64_t place = 0;

    while ((place = next_place(w)) != 0) {
        const struct timespec moment = { 0, LOOK_MS * 1000000L };
        dgm *desk = dgms_place_desk(&w->reader, NULL);
        dgm_status status = desk ? dgm_wait(desk, place, LOOK_MS, NULL) : DGM_E_IO;
        dgms_place_judge(&w->reader, status);
        if (status != DGM_OK && status != DGM_E_TIMEOUT)
            nanosleep(&moment, NULL);
        uint64_t seen = status == DGM_OK ? place : 0;
        pthread_mutex_lock(&w->lock);
        guest *done = take_done(w, seen);
        pthread_mutex_unlock(&w->lock);
        answer(done, seen);
    }
    return NULL;
}

dgm_status dgms_waiting_start(const dgms_server *server, dgms_waiting **out,
                              dgm_error *err)
{
    pthread_attr_t attributes;
    dgms_waiting *w = calloc(1, sizeof *w);

    *out = NULL;
    if (!w)
        return dgmi_fail_memory(err);
    w->server = server;
    w->reader.server = server;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->more, NULL);
    if (pthread_attr_init(&attributes) == 0) {
        pthread_attr_setstacksize(&attributes, DGMS_STACK);
        w->started = !pthread_create(&w->thread, &attributes, run_thread, w);
        pthread_attr_destroy(&attributes);
    }
    if (!w->started) {
        dgms_waiting_free(w);
        return dgmi_fail(err, DGM_E_IO, "cannot start the thread of those who wait");
    }
    *out = w;
    return DGM_OK;
}

void dgms_waiting_add(dgms_waiting *waiting, uint64_t place, dgms_seen_fn fn, void *user)
{
    uint64_t most = (uint64_t)waiting->server->settings->wait_ms * 1000;
    guest *g = calloc(1, sizeof *g);

    if (!g) {
        fn(user, false);
        return;
    }
    *g = (guest){
        .place = place, .until_us = dgmi_now_us() + most, .fn = fn, .user = user
    };
    pthread_mutex_lock(&waiting->lock);
    g->next = waiting->first;
    waiting->first = g;
    pthread_cond_signal(&waiting->more);
    pthread_mutex_unlock(&waiting->lock);
}

void dgms_waiting_finish(dgms_waiting *waiting)
{
    pthread_mutex_lock(&waiting->lock);
    waiting->finishing = true;
    pthread_cond_signal(&waiting->more);
    pthread_mutex_unlock(&waiting->lock);
    if (waiting->started && !waiting->joined)
        pthread_join(waiting->thread, NULL);
    waiting->joined = true;
}

void dgms_waiting_free(dgms_waiting *waiting)
{
    if (!waiting)
        return;
    dgms_waiting_finish(waiting);
    dgms_place_clear(&waiting->reader);
    pthread_cond_destroy(&waiting->more);
    pthread_mutex_destroy(&waiting->lock);
    free(waiting);
}
