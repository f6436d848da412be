/* SPDX-License-Identifier: GPL-2.0-or-later */
/* poll(2) over a list of sources, and timers. Depends on lib/base. */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "clock.h"
#include "fail.h"
#include "str.h"

enum { LONGEST_MS = 60000 };

typedef struct source {
    int fd;
    short events;
    loop_ready_fn ready;
    void *user;
} source;

struct loop {
    source *sources;
    size_t n, capacity;
    struct pollfd *polled; /* a copy for each round: callbacks change the sources */
    size_t polled_capacity;
    loop_timer *timers;
    bool stopped;
};

loop *loop_new(void)
{
    return calloc(1, sizeof(loop));
}

void loop_free(loop *l)
{
    if (!l)
        return;
    free(l->sources);
    free(l->polled);
    free(l);
}

static source *find(loop *l, int fd)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->sources[i].fd == fd)
            return &l->sources[i];
    return NULL;
}

dgm_status loop_watch(loop *l, int fd, short events, loop_ready_fn ready, void *user)
{
    source *s = find(l, fd);
    if (events == 0) {
        if (s)
            *s = l->sources[--l->n];
        return DGM_OK;
    }
    if (!s) {
        if (!dgmi_grow(&l->sources, &l->capacity, l->n + 1, sizeof *s))
            return DGM_E_NOMEM;
        s = &l->sources[l->n++];
    }
    *s = (source){ fd, events, ready, user };
    return DGM_OK;
}

void loop_add_timer(loop *l, loop_timer *t)
{
    t->next = l->timers;
    l->timers = t;
}

void loop_stop(loop *l)
{
    l->stopped = true;
}

/* Milliseconds to the next timer, rounded up so that it is due by then. */
static int time_left(const loop *l)
{
    uint64_t now = dgmi_now_us(), due = LOOP_NEVER;
    for (const loop_timer *t = l->timers; t; t = t->next)
        due = t->due_us < due ? t->due_us : due;
    if (due <= now)
        return 0;
    uint64_t ms = (due - now - 1) / 1000 + 1;
    return ms < LONGEST_MS ? (int)ms : LONGEST_MS;
}

static void fire_timers(loop *l)
{
    uint64_t now = dgmi_now_us();
    for (loop_timer *t = l->timers; t && !l->stopped; t = t->next) {
        if (t->due_us > now)
            continue;
        t->due_us = LOOP_NEVER;
        t->fire(t->user);
    }
}

/* A source may have been taken out by the callback of one before it. */
static void call_ready(loop *l, size_t n)
{
    for (size_t i = 0; i < n && !l->stopped; i++) {
        source *s = l->polled[i].revents ? find(l, l->polled[i].fd) : NULL;
        if (s)
            s->ready(s->user, s->fd, l->polled[i].revents);
    }
}

static dgm_status turn(loop *l, dgm_error *err)
{
    size_t n = l->n;
    if (!dgmi_grow(&l->polled, &l->polled_capacity, n + 1, sizeof *l->polled))
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        l->polled[i] = (struct pollfd){ l->sources[i].fd, l->sources[i].events, 0 };
    if (poll(l->polled, n, time_left(l)) < 0)
        return errno == EINTR ? DGM_OK : dgmi_fail_errno(err, "poll");
    call_ready(l, n);
    fire_timers(l);
    return DGM_OK;
}

dgm_status loop_run(loop *l, dgm_error *err)
{
    dgm_status status = DGM_OK;
    while (status == DGM_OK && !l->stopped)
        status = turn(l, err);
    return status;
}
