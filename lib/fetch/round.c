/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The turns of the fetcher. Depends on round.h, gate.h, libcurl, epoll. */
#include "round.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "gate.h"

#define SECOND_US 1000000u
enum { EVENTS = 64 };

/* ---- curl's sockets in an epoll of our own, so that the owner has one descriptor ----
 */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
    dgmi_fetcher *f = user;
    struct epoll_event event = { .events = 0, .data = { .fd = fd } };
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(f->poll_fd, EPOLL_CTL_DEL, fd, &event);
        curl_multi_assign(f->multi, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? (unsigned)EPOLLIN : 0u) |
                   (what & CURL_POLL_OUT ? (unsigned)EPOLLOUT : 0u);
    if (epoll_ctl(f->poll_fd, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event) != 0)
        return -1;
    curl_multi_assign(f->multi, fd, f);
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *user)
{
    dgmi_fetcher *f = user;
    (void)multi;
    f->curl_us = ms < 0 ? UINT64_MAX : dgmi_now_us() + (uint64_t)ms * 1000;
    return 0;
}

dgm_status dgmi_turn_init(dgmi_fetcher *f, dgm_error *err)
{
    f->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (f->poll_fd < 0)
        return dgmi_fail_errno(err, "epoll_create1");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return dgmi_fail(err, DGM_E_INTERNAL, "libcurl does not start");
    f->multi = curl_multi_init();
    if (!f->multi)
        return dgmi_fail_memory(err);
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(f->multi, CURLMOPT_SOCKETDATA, f);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(f->multi, CURLMOPT_TIMERDATA, f);
    return DGM_OK;
}

void dgmi_turn_clear(dgmi_fetcher *f)
{
    if (f->multi)
        curl_multi_cleanup(f->multi);
    if (f->poll_fd >= 0)
        close(f->poll_fd);
}

int dgmi_fetcher_fd(const dgmi_fetcher *f)
{
    return f->poll_fd;
}

/* ---- Beginning ---- */

static bool fill_job(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    static bool (*const ask[DGMI_JOBS])(dgmi_fetcher *, dgmi_job *,
                                        int64_t) = { dgmi_poll_ask, dgmi_subscribe_ask,
                                                     dgmi_backfill_ask };
    return ask[job->kind](f, job, now);
}

static void fill_ask(const dgmi_fetcher *f, dgmi_job *job)
{
    const dgmi_feed_entry *feed = job->of->feed;
    const dgmi_feed_state *state = job->of->state;
    bool own = job->kind != DGMI_JOB_SUBSCRIBE &&
               dgmi_url_same_origin(job->url, dgmi_feed_text(feed, DGMI_SET_URL));
    job->ask = (dgmi_ask){
        .url = job->url,
        .agent = f->agent,
        .form = job->form,
        .accept = job->kind == DGMI_JOB_POLL
                      ? "application/rss+xml, application/atom+xml, "
                        "application/feed+json, application/xml;q=0.9, "
                        "application/json;q=0.9, */*;q=0.5"
                  : job->kind == DGMI_JOB_BACKFILL ? "application/json"
                                                   : "*/*",
        .authorization = own ? dgmi_feed_text(feed, DGMI_SET_AUTHORIZATION) : NULL,
        .header = own ? dgmi_feed_text(feed, DGMI_SET_HEADER) : NULL,
        .allowed = dgmi_feed_text(feed, DGMI_SET_ALLOW_PRIVATE),
        .ca_file = dgmi_feed_text(feed, DGMI_SET_CA_FILE),
        .connect_timeout = dgmi_feed_number(feed, DGMI_SET_CONNECT_TIMEOUT),
        .timeout = dgmi_feed_number(feed, DGMI_SET_TIMEOUT),
        .max_bytes = dgmi_feed_number(feed, DGMI_SET_MAX_BYTES),
    };
    if (job->kind == DGMI_JOB_POLL) {
        job->ask.etag = state->text[DGMI_NOTE_ETAG];
        job->ask.modified = state->text[DGMI_NOTE_MODIFIED];
    }
}

static void begin(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgm_error err = DGM_ERROR_INIT;
    fill_ask(f, job);
    job->exchange = dgmi_exchange_new(&job->ask, now, job);
    if (!job->exchange ||
        curl_multi_add_handle(f->multi, job->exchange->easy) != CURLM_OK) {
        dgmi_fetcher_fail(f, dgmi_fail_memory(&err), &err);
        return;
    }
    if (job->kind == DGMI_JOB_POLL && job->redirects == 0)
        f->counts.asked++;
    f->active++;
}

/* Begins the job if its host is free; else the time when it may be tops up due_us. */
static void try_job(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    uint64_t now_us = dgmi_now_us(), free_us = UINT64_MAX;
    if (!job->url && !fill_job(f, job, now))
        return;
    if (dgmi_gate_take(f, job, now_us, &free_us)) {
        begin(f, job, now);
    } else if (job->host == SIZE_MAX) { /* curl finds no host in it */
        dgmi_say_of(f, job, "error", "%.200s: not an address", job->url);
        f->counts.failed++;
        dgmi_job_rest(f, job, now + 86400);
    } else if (free_us < f->due_us) {
        f->due_us = free_us;
    }
}

/* Polls go before subscriptions, and those before back-fills, which can wait. */
static void begin_due(dgmi_fetcher *f)
{
    int64_t now = dgmi_wall_time(), soonest = INT64_MAX;
    size_t most = f->list.common.number[DGMI_SET_PARALLEL];
    f->due_us = UINT64_MAX;
    for (int k = 0; k < DGMI_JOBS; k++) {
        for (size_t i = 0; i < f->list.n && f->status == DGM_OK; i++) {
            dgmi_job *job = &f->members[i].jobs[k];
            if (!job->wanted || job->exchange)
                continue;
            if (job->due > now)
                soonest = job->due < soonest ? job->due : soonest;
            else if (f->active < most)
                try_job(f, job, now);
        }
    }
    if (soonest != INT64_MAX) {
        uint64_t wait = (uint64_t)(soonest - now);
        uint64_t at = dgmi_now_us() + (wait < 3600 ? wait : 3600) * SECOND_US;
        f->due_us = at < f->due_us ? at : f->due_us;
    }
}

/* ---- Finishing ---- */

/* Follows a redirect: the next address takes its turn at its own host. */
static bool follow(dgmi_job *job)
{
    dgmi_exchange *x = job->exchange;
    unsigned long most = dgmi_feed_number(job->of->feed, DGMI_SET_REDIRECTS);
    bool redirect = x->status == 301 || x->status == 302 || x->status == 303 ||
                    x->status == 307 || x->status == 308;
    if (!redirect || x->why[0] || !x->redirect[0] || job->form)
        return false;
    dgmi_str to = dgmi_str_of(x->redirect);
    if (!dgmi_str_starts_nocase(to, "http://") &&
        !dgmi_str_starts_nocase(to, "https://")) {
        snprintf(x->why, sizeof x->why,
                 "redirects to %.100s, which is neither http nor https", x->redirect);
        return false;
    }
    if (job->redirects >= most) {
        snprintf(x->why, sizeof x->why, "more than %lu redirects, the last to %.150s",
                 most, x->redirect);
        return false;
    }
    char *url = strdup(x->redirect);
    if (!url)
        return false;
    free(job->url);
    job->url = url;
    job->placed = false;
    job->redirects++;
    job->permanent = job->permanent && (x->status == 301 || x->status == 308);
    return true;
}

static void finish(dgmi_fetcher *f, dgmi_job *job, CURLcode code)
{
    static void (*const done[DGMI_JOBS])(dgmi_fetcher *, dgmi_job *,
                                         int64_t) = { dgmi_poll_done, dgmi_subscribe_done,
                                                      dgmi_backfill_done };
    dgmi_exchange_end(job->exchange, code, &job->ask);
    curl_multi_remove_handle(f->multi, job->exchange->easy);
    f->active--;
    dgmi_gate_free(f, job, dgmi_now_us());
    if (!follow(job)) {
        done[job->kind](f, job, dgmi_wall_time());
        dgmi_job_changed(f, job);
    }
    dgmi_exchange_free(job->exchange);
    job->exchange = NULL;
}

static void finish_all(dgmi_fetcher *f)
{
    CURLMsg *message;
    int left;
    while (f->status == DGM_OK && (message = curl_multi_info_read(f->multi, &left))) {
        dgmi_job *job = NULL;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&job);
        finish(f, job, code);
    }
}

/* ---- Turns ---- */

/* What could not be made durable has to come again, whole. */
static void ask_again(dgmi_fetcher *f, int64_t now)
{
    for (size_t i = 0; i < f->list.n; i++) {
        dgmi_member *m = &f->members[i];
        if (!m->changed)
            continue;
        dgmi_state_set(m->state, DGMI_NOTE_ETAG, NULL);
        dgmi_state_set(m->state, DGMI_NOTE_MODIFIED, NULL);
        if (!m->jobs[DGMI_JOB_POLL].exchange && !m->state->number[DGMI_NOTE_GONE]) {
            m->jobs[DGMI_JOB_POLL].wanted = true;
            m->jobs[DGMI_JOB_POLL].due = now + DGMI_NOT_NOW_S;
        }
        m->changed = false;
    }
}

dgm_status dgmi_fetcher_flush(dgmi_fetcher *f, dgm_error *err)
{
    int64_t now = dgmi_wall_time();
    f->flush_us = UINT64_MAX;
    dgm_status status = f->owner.commit(f->owner.user, err);
    if (status == DGM_E_LOCKED) {
        dgmi_error_clear(err);
        ask_again(f, now);
        return DGM_OK;
    }
    if (status == DGM_OK)
        status = dgmi_states_write(f->data_dir, &f->states, now, err);
    for (size_t i = 0; i < f->list.n && status == DGM_OK; i++)
        f->members[i].changed = false;
    return status;
}

static void run_curl(dgmi_fetcher *f)
{
    struct epoll_event events[EVENTS];
    int running, n = epoll_wait(f->poll_fd, events, EVENTS, 0);
    for (int i = 0; i < n; i++) {
        int what = (events[i].events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
                   (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (events[i].events & EPOLLERR ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(f->multi, events[i].data.fd, what, &running);
    }
    if (dgmi_now_us() >= f->curl_us) {
        f->curl_us = UINT64_MAX;
        curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

dgm_status dgmi_fetcher_turn(dgmi_fetcher *f, dgm_error *err)
{
    run_curl(f);
    finish_all(f);
    begin_due(f);
    if (f->status == DGM_OK && dgmi_now_us() >= f->flush_us) {
        dgm_error why = DGM_ERROR_INIT;
        dgm_status status = dgmi_fetcher_flush(f, &why);
        if (status != DGM_OK)
            dgmi_fetcher_fail(f, status, &why);
    }
    return f->status == DGM_OK ? DGM_OK : dgmi_fail(err, f->status, "%s", f->err.text);
}

uint64_t dgmi_fetcher_due_us(const dgmi_fetcher *f)
{
    uint64_t at = f->due_us < f->curl_us ? f->due_us : f->curl_us;
    return at < f->flush_us ? at : f->flush_us;
}

bool dgmi_fetcher_idle(const dgmi_fetcher *f)
{
    for (size_t i = 0; i < f->list.n; i++) {
        for (int k = 0; k < DGMI_JOBS; k++) {
            const dgmi_job *job = &f->members[i].jobs[k];
            if (job->wanted || job->exchange)
                return false;
        }
    }
    return true;
}
