/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts to webhooks. Depends on hook.h, exchange.h, libcurl. */
#include "hook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "clock.h"
#include "exchange.h"
#include "fail.h"
#include "file.h"
#include "lock.h"

enum {
    DELIVERING = 1, /* number of the lock; 0 is that of lib/watch, for its state */
    TOGETHER = 16,  /* posts under way */
    NAP_MS = 250,
    REPLY = 64 << 10,
    LINE = 200
};

typedef struct post {
    const dgm_delivery *of;
    dgmi_ask ask;
    char signature[LINE], watch[LINE];
    const char *lines[3];
    dgmi_exchange *exchange;
    char why[240];
    dgm_posted posted;
    bool done;
} post;

/* ---- One post ---- */

static void fill_ask(post *p)
{
    const dgm_delivery *d = p->of;
    size_t n = 0;
    snprintf(p->watch, sizeof p->watch, "X-Dragoman-Watch: %s", d->watch);
    p->lines[n++] = p->watch;
    if (d->signature) {
        snprintf(p->signature, sizeof p->signature, "X-Hub-Signature-256: %s",
                 d->signature);
        p->lines[n++] = p->signature;
    }
    p->ask = (dgmi_ask){ .url = d->url,
                         .agent = "Dragoman/" DGM_VERSION,
                         .accept = "*/*",
                         .body = d->body,
                         .type = "application/json",
                         .more = p->lines,
                         .allowed = d->allow_private,
                         .connect_timeout = d->timeout,
                         .timeout = d->timeout,
                         .max_bytes = REPLY };
}

static void fail_post(post *p, const char *why)
{
    snprintf(p->why, sizeof p->why, "%s", why);
    p->posted = (dgm_posted){ .why = p->why };
    p->done = true;
}

static void begin(CURLM *multi, post *p)
{
    dgm_error err = DGM_ERROR_INIT;
    fill_ask(p);
    if (dgmi_allowed_check(p->of->allow_private, &err) != DGM_OK) {
        fail_post(p, err.text);
        return;
    }
    p->exchange = dgmi_exchange_new(&p->ask, dgmi_wall_time(), p);
    if (!p->exchange || curl_multi_add_handle(multi, p->exchange->easy) != CURLM_OK)
        fail_post(p, "memory ran out");
}

/* A reply that is long is still one. */
static void end(CURLM *multi, post *p, CURLcode code)
{
    dgmi_exchange *x = p->exchange;
    dgmi_exchange_end(x, code, &p->ask);
    curl_multi_remove_handle(multi, x->easy);
    bool good = x->status >= 200 && x->status < 300;
    p->posted =
        (dgm_posted){ .status = (int)x->status, .retry_after = x->head.retry_after };
    if (x->why[0] && !(good && x->too_large))
        snprintf(p->why, sizeof p->why, "%s", x->why);
    else if (x->status >= 300 && x->status < 400)
        snprintf(p->why, sizeof p->why, "it redirects (%ld), which is not followed",
                 x->status);
    else if (!good)
        snprintf(p->why, sizeof p->why, "it answered %ld", x->status);
    p->posted.why = p->why[0] ? p->why : NULL;
    p->done = true;
    dgmi_exchange_free(x);
    p->exchange = NULL;
}

/* ---- All of them ---- */

static void end_those_done(CURLM *multi)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(multi, &left))) {
        post *p = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&p);
        end(multi, p, code);
    }
}

static size_t count_done(const post *posts, size_t n)
{
    size_t done = 0;
    for (size_t i = 0; i < n; i++)
        done += posts[i].done;
    return done;
}

/* False: it was told to stop, and some are not done. */
static bool post_all(CURLM *multi, post *posts, size_t n, bool (*go_on)(void *user),
                     void *user)
{
    size_t begun = 0, done = 0;
    while (done < n) {
        int running;
        for (; begun < n && begun - done < TOGETHER; begun++)
            begin(multi, &posts[begun]);
        if (curl_multi_perform(multi, &running) != CURLM_OK ||
            curl_multi_poll(multi, NULL, 0, running ? NAP_MS : 0, NULL) != CURLM_OK)
            break;
        if (go_on && !go_on(user))
            return false;
        end_those_done(multi);
        done = count_done(posts, n);
    }
    for (size_t i = 0; i < begun; i++) /* curl itself failed */
        if (!posts[i].done)
            end(multi, &posts[i], CURLE_FAILED_INIT);
    for (size_t i = begun; i < n; i++)
        fail_post(&posts[i], "not begun");
    return true;
}

/* Of those that were cut off nothing is noted. */
static void drop_rest(CURLM *multi, post *posts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (posts[i].exchange)
            curl_multi_remove_handle(multi, posts[i].exchange->easy);
        dgmi_exchange_free(posts[i].exchange);
        posts[i].exchange = NULL;
    }
}

static void say(const post *p, bool parked, dgm_log_fn log, void *user)
{
    char text[400];
    if (!log || !p->posted.why)
        return;
    snprintf(text, sizeof text, "watchlist %s: %s%s", p->of->watch, p->why,
             parked ? "; its webhook is parked: \"dragoman watchlist unpark\"" : "");
    log(user, "warning", text);
}

static dgm_status settle_all(const char *data_dir, post *posts, size_t n, dgm_log_fn log,
                             void *user, dgmi_hook_counts *counts, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; i < n && status == DGM_OK; i++) {
        bool parked = false;
        if (!posts[i].done)
            continue;
        status = dgm_watch_settle(data_dir, posts[i].of, &posts[i].posted, &parked, err);
        say(&posts[i], parked, log, user);
        counts->parked += parked;
        counts->failed += posts[i].posted.why != NULL;
        counts->delivered += !posts[i].posted.why;
        counts->alerts += posts[i].posted.why ? 0 : posts[i].of->alerts;
    }
    return status;
}

static dgm_status deliver(const char *data_dir, const dgm_deliveries *due, dgm_log_fn log,
                          bool (*go_on)(void *user), void *user, dgmi_hook_counts *counts,
                          dgm_error *err)
{
    post *posts = calloc(due->n, sizeof *posts);
    CURLM *multi = curl_multi_init();
    dgm_status status = DGM_OK;
    if (!posts || !multi) {
        status = dgmi_fail_memory(err);
    } else {
        for (size_t i = 0; i < due->n; i++)
            posts[i].of = &due->list[i];
        if (!post_all(multi, posts, due->n, go_on, user))
            drop_rest(multi, posts, due->n);
        status = settle_all(data_dir, posts, due->n, log, user, counts, err);
    }
    curl_multi_cleanup(multi);
    free(posts);
    return status;
}

/* LOCKED if somebody else delivers. */
static dgm_status take_turn(const char *data_dir, dgmi_lock *lock, dgm_error *err)
{
    *lock = (dgmi_lock)DGMI_LOCK_CLOSED;
    char *path = dgmi_path_join(data_dir, "watch/state/lock");
    dgm_status status = path ? dgmi_lock_open(path, lock, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_lock_take(lock, DELIVERING, 0, err);
    free(path);
    return status;
}

dgm_status dgmi_hook_round(dgm *desk, const char *data_dir, dgm_log_fn log,
                           bool (*go_on)(void *user), void *user,
                           dgmi_hook_counts *counts, dgm_error *err)
{
    dgmi_lock lock;
    dgm_deliveries *due = NULL;
    dgm_error why = DGM_ERROR_INIT;
    *counts = (dgmi_hook_counts){ .delivered = 0 };
    dgm_status status = take_turn(data_dir, &lock, &why);
    if (status == DGM_OK && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        status = dgmi_fail(&why, DGM_E_INTERNAL, "libcurl does not start");
    if (status == DGM_OK)
        status = dgm_watch_due(desk, &due, &why);
    if (status == DGM_OK && due->n > 0)
        status = deliver(data_dir, due, log, go_on, user, counts, &why);
    dgm_deliveries_free(due);
    dgmi_lock_close(&lock);
    bool idle = status == DGM_E_LOCKED || status == DGM_E_NOTFOUND; /* no state yet */
    return idle || status == DGM_OK ? DGM_OK : dgmi_fail(err, status, "%s", why.text);
}

void dgmi_hook_post(const dgm_delivery *delivery, dgm_posted *out, char why[240])
{
    post p = { .of = delivery };
    CURLM *multi =
        curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_multi_init() : NULL;
    if (multi)
        post_all(multi, &p, 1, NULL, NULL);
    else
        fail_post(&p, "libcurl does not start");
    curl_multi_cleanup(multi);
    snprintf(why, 240, "%s", p.why);
    *out = p.posted;
    out->why = why[0] ? why : NULL;
}
