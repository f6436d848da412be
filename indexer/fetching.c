/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds on a loop. Depends on fetching.h, lib/wire. */
#include "fetching.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "fail.h"
#include "file.h"
#include "wire.h"

#define LOOK_US 1000000u /* between looks at the list's file */

struct fetching {
    const fetching_options *options;
    loop *loop;
    intake *in;
    dgmi_fetcher *fetcher;
    loop_timer turn, look;
    struct timespec changed; /* of the list's file */
    off_t size;
    ino_t inode;
    uint64_t failures; /* of the intake, when the first uncommitted item was taken */
    bool taken;        /* something is not committed */
    bool said;
    dgm_status status;
    dgm_error err;
};

char *feeds_path(const char *option, const char *data)
{
    return option ? strdup(option) : dgmi_path_join(data, "feeds.ini");
}

/* ---- What the fetcher wants done ---- */

static dgm_status not_now(fetching *f, dgm_error *err)
{
    if (f->options->plan.once) { /* nobody waits for better times */
        f->said = true;
        return dgmi_fail(err, DGM_E_IO, "the archive cannot be written");
    }
    return DGM_E_LOCKED;
}

static void print_json(const dgm_origin *origin, const dgmi_fetched *t)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 1 << 16);
    dgmi_buf_puts(&out, "{\"feed\": ");
    dgmi_json_string(&out, origin->name);
    dgmi_buf_puts(&out, ", \"url\": ");
    dgmi_json_string(&out, origin->url);
    dgmi_buf_printf(&out,
                    ", \"added\": %" PRIu64 ", \"replaced\": %" PRIu64
                    ", \"unchanged\": %" PRIu64 ", \"older\": %" PRIu64
                    ", \"rejected\": %" PRIu64 "}\n",
                    t->added, t->replaced, t->unchanged, t->older, t->rejected);
    if (!out.failed)
        fputs(out.p, stdout);
    fflush(stdout);
    dgmi_buf_clear(&out);
}

static void fill_fetched(const intake_result *r, dgmi_fetched *out)
{
    *out = (dgmi_fetched){ .added = r->outcomes[DGM_ADDED],
                           .replaced = r->outcomes[DGM_REPLACED],
                           .unchanged = r->outcomes[DGM_UNCHANGED],
                           .older = r->outcomes[DGM_OLDER],
                           .rejected = r->rejected,
                           .broken = r->broken };
    int n = r->reasons.p ? (int)strcspn(r->reasons.p, "\n") : 0;
    snprintf(out->reason, sizeof out->reason, "%.*s", n < 190 ? n : 190,
             r->reasons.p ? r->reasons.p : "");
}

static dgm_status take(void *user, const dgm_origin *origin, const void *p, size_t n,
                       dgmi_fetched *out, dgm_error *err)
{
    fetching *f = user;
    intake_result result;
    if (!intake_open(f->in))
        return not_now(f, err);
    if (!f->taken)
        f->failures = f->in->failures;
    f->taken = true;
    intake_result_init(&result);
    bool good = intake_from(f->in, origin, p, n, &result);
    if (good)
        fill_fetched(&result, out);
    intake_result_clear(&result);
    if (!good)
        return not_now(f, err);
    if (f->options->json && !f->options->plan.once)
        print_json(origin, out);
    return DGM_OK;
}

static dgm_status commit(void *user, dgm_error *err)
{
    fetching *f = user;
    bool lost = f->taken && f->failures != f->in->failures;
    bool wanted = f->taken;
    f->taken = false;
    if (lost || (wanted && f->in->ingest && !intake_commit(f->in)))
        return not_now(f, err);
    return DGM_OK;
}

static void say(void *user, const char *name, const char *level, const char *text)
{
    const fetching *f = user;
    bool loud = !strcmp(level, "error") || !strcmp(level, "warning");
    if (loud || !f->options->quiet)
        fprintf(stderr, "dragoman %s: %s: %s\n", f->in->command->name, name, text);
}

/* ---- On the loop ---- */

static void turn(fetching *f)
{
    if (f->status != DGM_OK)
        return;
    f->status = dgmi_fetcher_turn(f->fetcher, &f->err);
    f->turn.due_us = dgmi_fetcher_due_us(f->fetcher);
    if (f->status != DGM_OK || (f->options->plan.once && dgmi_fetcher_idle(f->fetcher)))
        loop_stop(f->loop);
}

static void on_ready(void *user, int fd, short events)
{
    (void)fd, (void)events;
    turn(user);
}

static void on_time(void *user)
{
    turn(user);
}

/* Whether the file is another one than at the last look. */
static bool moved_on(fetching *f)
{
    struct stat st;
    if (stat(f->options->feeds, &st) != 0)
        return false; /* an editor may be just replacing it */
    bool same = st.st_mtim.tv_sec == f->changed.tv_sec &&
                st.st_mtim.tv_nsec == f->changed.tv_nsec && st.st_size == f->size &&
                st.st_ino == f->inode;
    f->changed = st.st_mtim;
    f->size = st.st_size;
    f->inode = st.st_ino;
    return !same;
}

void fetching_reload(fetching *f)
{
    dgmi_feed_list list;
    dgm_error err = DGM_ERROR_INIT;
    moved_on(f);
    if (dgmi_feed_list_read(f->options->feeds, &list, &err) != DGM_OK) {
        fprintf(stderr, "dragoman %s: %s; the list stays as it was\n",
                f->in->command->name, err.text);
        return;
    }
    size_t n = list.n;
    f->status = dgmi_fetcher_relist(f->fetcher, &list, &f->err);
    dgmi_feed_list_clear(&list);
    if (f->status != DGM_OK)
        loop_stop(f->loop);
    else if (!f->options->quiet)
        fprintf(stderr, "dragoman %s: %s: read again, %zu feed%s\n", f->in->command->name,
                f->options->feeds, n, n == 1 ? "" : "s");
    f->turn.due_us = 0;
}

static void on_look(void *user)
{
    fetching *f = user;
    if (moved_on(f))
        fetching_reload(f);
    f->look.due_us = dgmi_now_us() + LOOK_US;
}

/* ---- Beginning and ending ---- */

static dgm_status join_loop(fetching *f, dgm_error *err)
{
    f->turn = (loop_timer){ .due_us = 0, .fire = on_time, .user = f };
    f->look = (loop_timer){ .due_us = LOOP_NEVER, .fire = on_look, .user = f };
    loop_add_timer(f->loop, &f->turn);
    loop_add_timer(f->loop, &f->look);
    if (!f->options->plan.once) {
        moved_on(f);
        f->look.due_us = dgmi_now_us() + LOOK_US;
    }
    return loop_watch(f->loop, dgmi_fetcher_fd(f->fetcher), POLLIN, on_ready, f) == DGM_OK
               ? DGM_OK
               : dgmi_fail_memory(err);
}

dgm_status fetching_new(loop *l, intake *in, const fetching_options *options,
                        dgmi_feed_list *list, fetching **out, dgm_error *err)
{
    fetching *f = calloc(1, sizeof *f);
    *out = NULL;
    if (!f)
        return dgmi_fail_memory(err);
    f->options = options;
    f->loop = l;
    f->in = in;
    f->err = (dgm_error)DGM_ERROR_INIT;
    dgmi_fetch_owner owner = { f, take, commit, say };
    dgm_status status =
        dgmi_fetcher_open(options->data, list, &owner, options->plan, &f->fetcher, err);
    if (status == DGM_OK)
        status = join_loop(f, err);
    if (status == DGM_OK)
        *out = f;
    else
        fetching_free(f);
    return status;
}

dgm_status fetching_end(fetching *f, dgm_error *err)
{
    return f && f->status == DGM_OK ? dgmi_fetcher_flush(f->fetcher, err) : DGM_OK;
}

void fetching_free(fetching *f)
{
    if (!f)
        return;
    if (f->fetcher) {
        loop_watch(f->loop, dgmi_fetcher_fd(f->fetcher), 0, NULL, NULL);
        dgmi_fetcher_close(f->fetcher);
    }
    free(f);
}

dgm_status fetching_status(const fetching *f, bool *said, dgm_error *err)
{
    *said = f->said;
    return f->status == DGM_OK ? DGM_OK : dgmi_fail(err, f->status, "%s", f->err.text);
}

const dgmi_fetch_counts *fetching_counts(const fetching *f)
{
    return dgmi_fetcher_counts(f->fetcher);
}
