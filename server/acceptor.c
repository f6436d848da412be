/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking items into the archive, many requests at a time. Depends on acceptor.h and
 * dragoman.h. */
#include "acceptor.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"

struct dgms_acceptor {
    const dgms_server *server;
    pthread_t thread;
    bool started, joined;
    pthread_mutex_t lock; /* guards what follows, down to writable */
    pthread_cond_t more;
    dgms_work *first, **last; /* queued */
    size_t n;                 /* queued and under way */
    bool finishing, writable;
    /* The thread's own: */
    dgms_work *active; /* under way */
    dgms_work *current;
    dgm_ingest *ingest;
};

/* The text of errno is all that a failure of the library keeps of it. */
int dgms_status_write(const dgm_error *err)
{
    static const int full[] = { ENOSPC, EDQUOT, EFBIG };
    for (size_t i = 0; i < sizeof full / sizeof full[0]; i++)
        if (strstr(err->text, strerror(full[i])))
            return 507;
    return 503;
}

/* ---- What the archive says of each item ---- */

static void note_taken(void *user, const char *where, const char *id, dgm_outcome outcome,
                       uint64_t place)
{
    static const struct {
        dgms_pushed what;
        int status;
    } kinds[] = { [DGM_ADDED] = { DGMS_ADDED, 201 },
                  [DGM_REPLACED] = { DGMS_REPLACED, 200 },
                  [DGM_OLDER] = { DGMS_OLDER, 200 },
                  [DGM_UNCHANGED] = { DGMS_UNCHANGED, 200 } };
    dgms_acceptor *a = user;
    (void)where, (void)place;
    dgms_results_add(&a->current->results,
                     &(dgms_result){ .line = a->current->line,
                                     .what = kinds[outcome].what,
                                     .status = kinds[outcome].status,
                                     .id = id });
}

static void note_rejected(void *user, const char *where, const char *reason,
                          const char *kept)
{
    dgms_acceptor *a = user;
    (void)where, (void)kept;
    dgms_results_add(&a->current->results, &(dgms_result){ .line = a->current->line,
                                                           .what = DGMS_REJECTED,
                                                           .status = 400,
                                                           .reason = reason });
}

static void print_message(void *user, const char *level, const char *text)
{
    (void)user;
    if (!strcmp(level, "warning") || !strcmp(level, "error"))
        fprintf(stderr, "dragomand: %s: %s\n", level, text);
}

static dgm_status open_archive(dgms_acceptor *a, dgm_error *err)
{
    dgm_ingest_options options = { .reject = note_rejected,
                                   .taken = note_taken,
                                   .user = a,
                                   .log = print_message,
                                   .accept_only = true };
    return a->ingest
               ? DGM_OK
               : dgm_ingest_open(a->server->settings->data, &options, &a->ingest, err);
}

/* ---- A batch ---- */

static void set_writable(dgms_acceptor *a, bool writable, const dgm_error *err)
{
    pthread_mutex_lock(&a->lock);
    bool before = a->writable;
    a->writable = writable;
    pthread_mutex_unlock(&a->lock);
    if (before && !writable)
        fprintf(stderr, "dragomand: the archive takes nothing: %s\n", err->text);
    else if (!before && writable)
        fputs("dragomand: the archive takes items again\n", stderr);
}

/* One step of all that is under way. False if one of them failed. */
static bool step_all(dgms_acceptor *a)
{
    bool good = true;
    for (dgms_work *w = a->active; w; w = w->next) {
        w->more = false;
        dgmi_error_clear(&w->err);
        a->current = w;
        w->failed = w->step(w, a->ingest, &w->err);
        good = good && w->failed == DGM_OK;
    }
    a->current = NULL;
    return good;
}

static dgm_status sync_archive(dgms_acceptor *a, uint64_t *place, dgm_error *err)
{
    uint64_t began = dgmi_now_us();
    dgm_status status = dgm_ingest_sync(a->ingest, place, err);
    dgms_metrics_sync(a->server->metrics, (double)(dgmi_now_us() - began) / 1e6);
    return status;
}

/* Ends what has no more to do, or cannot go on. */
static void end_all(dgms_acceptor *a, const dgms_ending *batch, bool finishing)
{
    dgms_work **link = &a->active;
    size_t ended = 0;

    while (*link) {
        dgms_work *w = *link;
        dgms_ending ending = *batch;
        dgms_results_settle(&w->results, batch->status, batch->reason,
                            a->server->metrics);
        if (!ending.status && w->failed != DGM_OK) {
            ending.status = dgms_status_write(&w->err);
            ending.reason = w->err.text;
        } else if (!ending.status && w->more && finishing) {
            ending.status = 503;
            ending.reason = "the server is stopping";
        }
        if (w->more && !ending.status) {
            link = &w->next;
            continue;
        }
        *link = w->next;
        ended++;
        w->end(w, &ending);
    }
    pthread_mutex_lock(&a->lock);
    a->n -= ended;
    pthread_mutex_unlock(&a->lock);
}

static void serve_batch(dgms_acceptor *a, bool finishing)
{
    dgm_error err = DGM_ERROR_INIT;
    dgms_ending ending = { 0 };
    bool good = false;
    dgm_status status = open_archive(a, &err);

    if (status == DGM_OK) {
        good = step_all(a);
        status = sync_archive(a, &ending.place, &err);
    }
    if (status != DGM_OK) {
        ending.status = dgms_status_write(&err);
        ending.reason = err.text;
    }
    good = good && status == DGM_OK;
    for (dgms_work *w = a->active; w && !good && status == DGM_OK; w = w->next)
        if (w->failed != DGM_OK)
            err = w->err;
    if (!good) { /* whatever it is, a new beginning is what can help */
        dgm_ingest_close(a->ingest);
        a->ingest = NULL;
    }
    set_writable(a, good, &err);
    end_all(a, &ending, finishing);
}

/* ---- The thread ---- */

/* Moves what is queued to what is under way; waits for it if there is nothing. False at
 * the end. */
static bool gather(dgms_acceptor *a, bool *finishing)
{
    dgms_work **end = &a->active;

    pthread_mutex_lock(&a->lock);
    while (!a->first && !a->active && !a->finishing)
        pthread_cond_wait(&a->more, &a->lock);
    while (*end)
        end = &(*end)->next;
    *end = a->first;
    a->first = NULL;
    a->last = &a->first;
    *finishing = a->finishing;
    pthread_mutex_unlock(&a->lock);
    return a->active != NULL;
}

static void *run_thread(void *user)
{
    dgms_acceptor *a = user;
    bool finishing = false;

    while (gather(a, &finishing))
        serve_batch(a, finishing);
    dgm_ingest_close(a->ingest);
    a->ingest = NULL;
    return NULL;
}

dgm_status dgms_acceptor_start(const dgms_server *server, dgms_acceptor **out,
                               dgm_error *err)
{
    pthread_attr_t attributes;
    dgms_acceptor *a = calloc(1, sizeof *a);

    *out = NULL;
    if (!a)
        return dgmi_fail_memory(err);
    a->server = server;
    a->last = &a->first;
    a->writable = true;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->more, NULL);
    if (pthread_attr_init(&attributes) == 0) {
        pthread_attr_setstacksize(&attributes, DGMS_STACK);
        a->started = !pthread_create(&a->thread, &attributes, run_thread, a);
        pthread_attr_destroy(&attributes);
    }
    if (!a->started) {
        dgms_acceptor_free(a);
        return dgmi_fail(err, DGM_E_IO, "cannot start the thread of the archive");
    }
    *out = a;
    return DGM_OK;
}

bool dgms_acceptor_submit(dgms_acceptor *acceptor, dgms_work *work)
{
    work->next = NULL;
    pthread_mutex_lock(&acceptor->lock);
    bool room =
        acceptor->n < acceptor->server->settings->accept_queue && !acceptor->finishing;
    if (room) {
        *acceptor->last = work;
        acceptor->last = &work->next;
        acceptor->n++;
        pthread_cond_signal(&acceptor->more);
    }
    pthread_mutex_unlock(&acceptor->lock);
    if (!room)
        dgms_metrics_count(acceptor->server->metrics, DGMS_ACCEPT_FULL, 1);
    return room;
}

size_t dgms_acceptor_waiting(dgms_acceptor *acceptor)
{
    pthread_mutex_lock(&acceptor->lock);
    size_t n = acceptor->n;
    pthread_mutex_unlock(&acceptor->lock);
    return n;
}

bool dgms_acceptor_writable(dgms_acceptor *acceptor)
{
    pthread_mutex_lock(&acceptor->lock);
    bool writable = acceptor->writable;
    pthread_mutex_unlock(&acceptor->lock);
    return writable;
}

void dgms_acceptor_finish(dgms_acceptor *acceptor)
{
    pthread_mutex_lock(&acceptor->lock);
    acceptor->finishing = true;
    pthread_cond_signal(&acceptor->more);
    pthread_mutex_unlock(&acceptor->lock);
    if (acceptor->started && !acceptor->joined)
        pthread_join(acceptor->thread, NULL);
    acceptor->joined = true;
}

void dgms_acceptor_free(dgms_acceptor *acceptor)
{
    if (!acceptor)
        return;
    dgms_acceptor_finish(acceptor);
    pthread_cond_destroy(&acceptor->more);
    pthread_mutex_destroy(&acceptor->lock);
    free(acceptor);
}
