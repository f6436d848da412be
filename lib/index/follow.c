/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer that stays: follows the archive's tail and keeps the index at most a second
 * behind it. Depends on lib/archive and lib/index below it. */
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "bring.h"
#include "clock.h"
#include "fail.h"
#include "file.h"
#include "ingest.h"

enum {
    LOOK_US = 500000,  /* so often for what is due by the clock */
    TICK_MS = 100,     /* go_on() is asked at least so often */
    REST_SHARE = 1,    /* after a commit, so many times its length are left to others */
    REST_MOST = 200000 /* microseconds: the next item is still in time */
};

typedef struct follower {
    dgm_ingest in;
    int watch; /* tells of writes to the archive; -1: looked at in each tick */
    uint64_t rest_until, look_at;
} follower;

static dgm_status open_all(follower *f, const char *data_dir,
                           const dgm_ingest_options *options, dgm_error *err)
{
    dgm_status status = dgmi_ingest_begin(&f->in, data_dir, options, err);
    if (status == DGM_OK)
        status = dgmi_turn_open(data_dir, &f->in.turn, err);
    char *folder = dgmi_path_join(data_dir, "archive");
    if (status == DGM_OK && !folder)
        status = dgmi_fail_memory(err);
    f->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (status == DGM_OK && f->watch >= 0 &&
        inotify_add_watch(f->watch, folder, IN_MODIFY | IN_CREATE) < 0) {
        close(f->watch);
        f->watch = -1;
    }
    free(folder);
    return status;
}

/* Sleeps until something was written to the archive, or for a tick. */
static void sleep_on(const follower *f)
{
    char events[4096];
    uint64_t now = dgmi_now_us();
    if (now < f->rest_until) { /* events of this time count at its end */
        uint64_t ms = (f->rest_until - now) / 1000 + 1;
        poll(NULL, 0, ms < TICK_MS ? (int)ms : TICK_MS);
        return;
    }
    struct pollfd look = { .fd = f->watch, .events = POLLIN };
    poll(&look, 1, TICK_MS);
    while (f->watch >= 0 && read(f->watch, events, sizeof events) > 0)
        ;
}

static dgm_status catch_up(follower *f, dgm_error *err)
{
    uint64_t began = dgmi_now_us();
    dgm_status status = dgmi_bring_up(&f->in.work, f->in.archive, &f->in.index, err);
    uint64_t now = dgmi_now_us(), rest = (now - began) * REST_SHARE;
    f->rest_until = now + (rest < REST_MOST ? rest : REST_MOST);
    dgmi_work_progress(&f->in.work, DGM_DONE);
    return status;
}

static bool has_news(const follower *f)
{
    const dgmi_index *index = f->in.index;
    return !index || dgmi_archive_size(f->in.work.data_dir, index->position) > 0;
}

/* One look around. Catching up also sees to what is due by the clock, so it is done now
 * and then without news. */
static dgm_status step(follower *f, dgm_error *err)
{
    if (!f->in.turn.held) {
        if (dgmi_turn_is_asked_for(&f->in.turn))
            return DGM_OK;
        dgm_status status = dgmi_turn_try(&f->in.turn, NULL);
        if (status == DGM_OK) /* others may have written since */
            status = dgmi_bring_look(&f->in.work, &f->in.index, err);
        return status == DGM_E_LOCKED ? DGM_OK : status;
    }
    /* Another asks, or whoever moved the folder away lets another build it anew. */
    if (dgmi_turn_is_asked_for(&f->in.turn) || !dgmi_turn_stands(&f->in.turn)) {
        dgmi_turn_end(&f->in.turn);
        return DGM_OK;
    }
    uint64_t now = dgmi_now_us();
    if (now < f->rest_until || (now < f->look_at && !has_news(f)))
        return DGM_OK;
    f->look_at = now + LOOK_US;
    return catch_up(f, err);
}

dgm_status dgm_follow(const char *data_dir, const dgm_ingest_options *options,
                      bool (*go_on)(void *), void *user, dgm_error *err)
{
    follower f = { .watch = -1 };
    dgm_status status = open_all(&f, data_dir, options, err);
    while (status == DGM_OK && go_on(user)) {
        status = step(&f, err);
        if (status == DGM_OK)
            sleep_on(&f);
    }
    if (f.watch >= 0)
        close(f.watch);
    dgmi_ingest_end(&f.in);
    return status;
}
