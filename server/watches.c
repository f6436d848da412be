/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of watchlists for metrics. Depends on watches.h and POSIX threads. */
#include "watches.h"

#include <pthread.h>
#include <stdlib.h>

#include "clock.h"
#include "file.h"
#include "hash.h"

enum { REST_SHARE = 20 }; /* so many times as long as reading took is rested */

struct dgms_watches {
    char *files, *states; /* folders */
    const char *data_dir;
    uint64_t rest_until;  /* of the thread that tends */
    pthread_mutex_t lock; /* guards what follows */
    uint64_t mark;        /* of the files as they were last read; 0: they were not */
    dgms_watch_sums sums;
};

dgms_watches *dgms_watches_new(const char *data_dir)
{
    dgms_watches *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    pthread_mutex_init(&w->lock, NULL);
    w->data_dir = data_dir;
    w->files = dgmi_path_join(data_dir, "watch");
    w->states = dgmi_path_join(data_dir, "watch/state");
    if (w->files && w->states)
        return w;
    dgms_watches_free(w);
    return NULL;
}

void dgms_watches_free(dgms_watches *w)
{
    if (!w)
        return;
    pthread_mutex_destroy(&w->lock);
    free(w->files);
    free(w->states);
    free(w);
}

static dgms_watch_sums sum(const dgm_watches *watches)
{
    dgms_watch_sums s = { .known = watches != NULL };
    for (size_t i = 0; watches && i < watches->n; i++) {
        const dgm_watch *w = &watches->list[i];
        s.lists++;
        s.alerts += (double)w->alerts;
        s.waiting += (double)w->waiting;
        s.deliveries += (double)w->deliveries;
        s.failing += w->failures > 0;
        s.parked += w->parked != NULL;
    }
    return s;
}

static void keep(dgms_watches *w, uint64_t mark, const dgm_watches *watches)
{
    dgms_watch_sums s = sum(watches);
    pthread_mutex_lock(&w->lock);
    w->mark = mark;
    w->sums = s;
    pthread_mutex_unlock(&w->lock);
}

static uint64_t mark_of(const dgms_watches *w)
{
    uint64_t parts[] = { dgmi_dir_mark(w->files, ".watch"),
                         dgmi_dir_mark(w->states, ".state") };
    return dgmi_hash64(parts, sizeof parts);
}

/* The mark is from before the reading: what changes meanwhile is read again. */
void dgms_watches_tend(dgms_watches *w)
{
    uint64_t began = dgmi_now_us();
    dgm_watches *watches = NULL;
    if (began < w->rest_until)
        return;
    uint64_t mark = mark_of(w);
    pthread_mutex_lock(&w->lock);
    bool same = w->mark == mark;
    pthread_mutex_unlock(&w->lock);
    if (!same) {
        (void)dgm_watches_read(w->data_dir, NULL, &watches, NULL);
        keep(w, mark, watches);
        dgm_watches_free(watches);
    }
    uint64_t now = dgmi_now_us();
    w->rest_until = now + (now - began) * REST_SHARE;
}

/* Whoever tends may have read later: the mark makes him look again. */
void dgms_watches_note(dgms_watches *w, const dgm_watches *read)
{
    keep(w, 0, read);
}

dgms_watch_sums dgms_watches_sum(dgms_watches *w)
{
    pthread_mutex_lock(&w->lock);
    dgms_watch_sums sums = w->sums;
    pthread_mutex_unlock(&w->lock);
    return sums;
}
