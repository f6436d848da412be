/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that work a list of tasks off. Depends on lib/base and POSIX threads. */
#include "crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "fail.h"

enum { TICK_NS = 100000000, SECOND_NS = 1000000000 };

typedef struct crew {
    const dgmi_crew_options *options;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    size_t next;      /* task */
    unsigned running; /* threads */
    dgm_status status;
    dgm_error err;
} crew;

static void note_failure(crew *c, dgm_status status, const dgm_error *err)
{
    pthread_mutex_lock(&c->lock);
    if (c->status == DGM_OK) {
        c->status = status;
        c->err = *err;
    }
    pthread_mutex_unlock(&c->lock);
}

static bool take_task(crew *c, size_t *task)
{
    pthread_mutex_lock(&c->lock);
    bool more = c->status == DGM_OK && c->next < c->options->tasks;
    if (more)
        *task = c->next++;
    pthread_mutex_unlock(&c->lock);
    return more;
}

static void *work(void *user)
{
    crew *c = user;
    const dgmi_crew_options *o = c->options;
    dgm_error err = DGM_ERROR_INIT;
    void *tools = NULL;
    size_t task;
    dgm_status status = o->begin ? o->begin(o->user, &tools, &err) : DGM_OK;
    while (status == DGM_OK && take_task(c, &task))
        status = o->run(o->user, tools, task, &err);
    if (status != DGM_OK)
        note_failure(c, status, &err);
    if (o->end && tools)
        o->end(tools);
    pthread_mutex_lock(&c->lock);
    c->running--;
    pthread_cond_signal(&c->ended);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* Signals are the program's business: its handlers run in the threads that it made. */
static unsigned start(crew *c, pthread_t *threads)
{
    sigset_t all, before;
    size_t wanted =
        c->options->jobs < c->options->tasks ? c->options->jobs : c->options->tasks;
    unsigned n = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_mutex_lock(&c->lock);
    while (n < wanted && pthread_create(&threads[n], NULL, work, c) == 0)
        n++;
    c->running = n;
    pthread_mutex_unlock(&c->lock);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return n;
}

/* Waits until a thread ended or a tick is due. True while any runs. */
static bool wait_tick(crew *c)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_NS;
    if (until.tv_nsec >= SECOND_NS) {
        until.tv_nsec -= SECOND_NS;
        until.tv_sec++;
    }
    pthread_mutex_lock(&c->lock);
    if (c->running > 0)
        pthread_cond_timedwait(&c->ended, &c->lock, &until);
    bool running = c->running > 0;
    pthread_mutex_unlock(&c->lock);
    return running;
}

static void oversee(crew *c)
{
    bool running = true;
    while (running) {
        dgm_error err = DGM_ERROR_INIT;
        running = wait_tick(c);
        dgm_status status =
            c->options->tick ? c->options->tick(c->options->user, &err) : DGM_OK;
        if (status != DGM_OK)
            note_failure(c, status, &err);
    }
}

dgm_status dgmi_crew_run(const dgmi_crew_options *options, dgm_error *err)
{
    crew c = { .options = options, .err = DGM_ERROR_INIT };
    pthread_condattr_t clock;
    pthread_t *threads = calloc(options->jobs + 1, sizeof *threads);
    if (!threads)
        return dgmi_fail_memory(err);
    pthread_mutex_init(&c.lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&c.ended, &clock);
    unsigned n = start(&c, threads);
    if (n == 0 && options->tasks > 0) {
        c.status = DGM_E_NOMEM;
        dgmi_fail_memory(&c.err);
    }
    oversee(&c);
    for (unsigned i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&c.ended);
    pthread_condattr_destroy(&clock);
    pthread_mutex_destroy(&c.lock);
    free(threads);
    return c.status == DGM_OK ? DGM_OK : dgmi_fail(err, c.status, "%s", c.err.text);
}
