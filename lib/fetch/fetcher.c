/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening, closing and relisting the fetcher, and what its jobs share. Depends on job.h.
 * Its turns are in round.c. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "file.h"
#include "job.h"
#include "round.h"

/* ---- What jobs share ---- */

void dgmi_fetcher_fail(dgmi_fetcher *f, dgm_status status, const dgm_error *err)
{
    if (f->status == DGM_OK) {
        f->status = status;
        dgmi_fail(&f->err, status, "%s", err->text);
    }
}

void dgmi_say_of(const dgmi_fetcher *f, const dgmi_job *job, const char *level,
                 const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (f->owner.say)
        f->owner.say(f->owner.user, dgmi_feed_text(job->of->feed, DGMI_SET_NAME), level,
                     text);
}

void dgmi_job_changed(dgmi_fetcher *f, dgmi_job *job)
{
    job->of->changed = true;
    if (f->flush_us == UINT64_MAX)
        f->flush_us = dgmi_now_us() + DGMI_FLUSH_US;
}

void dgmi_job_rest(dgmi_fetcher *f, dgmi_job *job, int64_t due)
{
    free(job->url);
    free(job->form);
    job->url = job->form = NULL;
    job->placed = false;
    job->redirects = 0;
    job->permanent = true;
    job->due = due;
    job->wanted = job->wanted && !f->plan.once;
}

dgmi_wishes dgmi_job_wishes(const dgmi_job *job)
{
    const dgmi_feed_entry *feed = job->of->feed;
    const dgmi_head *head = &job->exchange->head;
    return (dgmi_wishes){
        .interval = (int64_t)dgmi_feed_number(feed, DGMI_SET_INTERVAL),
        .longest = (int64_t)dgmi_feed_number(feed, DGMI_SET_MAX_INTERVAL),
        .ttl = job->of->state->number[DGMI_NOTE_TTL] * 60,
        .max_age = head->no_max_age ? 0 : head->max_age,
        /* max-age speaks where both do */
        .expires = head->no_max_age || head->max_age ? 0 : head->expires,
        .retry_after = head->retry_after,
    };
}

void dgmi_job_trouble(const dgmi_job *job, char *out, size_t size)
{
    const dgmi_exchange *x = job->exchange;
    out[0] = '\0';
    if (x->why[0])
        snprintf(out, size, "%s", x->why);
    else if (x->head.challenge)
        snprintf(out, size,
                 "Cloudflare stands before it and wants a browser (cf-mitigated: "
                 "challenge, %ld): ask the publisher to let our User-Agent through",
                 x->status);
    else if (x->status >= 300 && x->status < 400 && x->status != 304)
        snprintf(out, size, "a redirect (%ld) that leads nowhere", x->status);
    else if (x->status != 304 && (x->status < 200 || x->status > 299))
        dgmi_status_say(x->status, out, size);
}

bool dgmi_job_take(dgmi_fetcher *f, dgmi_job *job, const char *format, dgmi_fetched *out)
{
    const dgmi_feed_entry *feed = job->of->feed;
    const dgmi_exchange *x = job->exchange;
    dgm_error err = DGM_ERROR_INIT;
    dgm_origin origin = {
        .name = dgmi_feed_text(feed, DGMI_SET_NAME),
        .format = format,
        .charset = x->head.charset[0] ? x->head.charset : NULL,
        .url = job->url,
        .source = dgmi_feed_text(feed, DGMI_SET_SOURCE),
        .region = dgmi_feed_text(feed, DGMI_SET_REGION),
        .country = dgmi_feed_text(feed, DGMI_SET_COUNTRY),
        .language = dgmi_feed_text(feed, DGMI_SET_LANGUAGE),
    };
    *out = (dgmi_fetched){ .added = 0 };
    dgm_status status = f->owner.take(f->owner.user, &origin, x->body.p ? x->body.p : "",
                                      x->body.n, out, &err);
    if (status != DGM_OK) {
        if (status != DGM_E_LOCKED)
            dgmi_fetcher_fail(f, status, &err);
        return false;
    }
    f->counts.added += out->added;
    f->counts.replaced += out->replaced;
    f->counts.unchanged += out->unchanged;
    f->counts.older += out->older;
    f->counts.rejected += out->rejected;
    job->of->state->number[DGMI_NOTE_ADDED] += (int64_t)out->added;
    job->of->state->number[DGMI_NOTE_REPLACED] += (int64_t)out->replaced;
    job->of->state->number[DGMI_NOTE_REJECTED] += (int64_t)out->rejected;
    return true;
}

/* ---- Members ---- */

static void free_members(dgmi_fetcher *f)
{
    for (size_t i = 0; f->members && i < f->list.n; i++) {
        for (int k = 0; k < DGMI_JOBS; k++) {
            dgmi_job *job = &f->members[i].jobs[k];
            if (job->exchange)
                curl_multi_remove_handle(f->multi, job->exchange->easy);
            dgmi_exchange_free(job->exchange);
            free(job->url);
            free(job->form);
        }
    }
    free(f->members);
    f->members = NULL;
    f->active = 0;
    for (size_t i = 0; i < f->n_hosts; i++)
        f->hosts[i].busy = false;
}

static void plan_member(dgmi_fetcher *f, dgmi_member *m, int64_t now)
{
    static void (*const plan[DGMI_JOBS])(dgmi_fetcher *, dgmi_job *,
                                         int64_t) = { dgmi_poll_plan, dgmi_subscribe_plan,
                                                      dgmi_backfill_plan };
    for (int k = 0; k < DGMI_JOBS; k++) {
        m->jobs[k] = (dgmi_job){ .of = m, .kind = (dgmi_job_kind)k, .permanent = true };
        plan[k](f, &m->jobs[k], now);
    }
}

static dgm_status add_members(dgmi_fetcher *f, dgm_error *err)
{
    int64_t now = dgmi_wall_time();
    const char *contact = f->list.common.text[DGMI_SET_CONTACT];
    snprintf(f->agent, sizeof f->agent, "Dragoman/%s%s%.300s%s", DGM_VERSION,
             contact ? " (" : "", contact ? contact : "", contact ? ")" : "");
    f->counts.feeds = f->list.n;
    f->members = calloc(f->list.n + 1, sizeof *f->members);
    if (!f->members)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < f->list.n; i++) {
        dgmi_member *m = &f->members[i];
        m->feed = &f->list.feeds[i];
        m->state = dgmi_states_at(&f->states, dgmi_feed_text(m->feed, DGMI_SET_URL));
        if (!m->state || !dgmi_state_set(m->state, DGMI_NOTE_NAME,
                                         dgmi_feed_text(m->feed, DGMI_SET_NAME)))
            return dgmi_fail_memory(err);
        m->state->number[DGMI_NOTE_SEEN] = now;
        plan_member(f, m, now);
    }
    f->due_us = 0;
    return DGM_OK;
}

dgm_status dgmi_fetcher_relist(dgmi_fetcher *f, dgmi_feed_list *list, dgm_error *err)
{
    dgm_status status = dgmi_fetcher_flush(f, err);
    free_members(f);
    dgmi_feed_list_clear(&f->list);
    f->list = *list;
    *list = (dgmi_feed_list){ .feeds = NULL };
    return status == DGM_OK ? add_members(f, err) : status;
}

/* ---- Opening and closing ---- */

static dgm_status lock(dgmi_fetcher *f, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    char *folder = dgmi_path_join(f->data_dir, "feeds");
    char *path = dgmi_feeds_path(f->data_dir, "lock");
    dgm_status status = folder && path ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_make_dirs(folder, err);
    if (status == DGM_OK)
        status = dgmi_lock_open(path, &f->lock, err);
    if (status == DGM_OK) {
        status = dgmi_lock_take(&f->lock, 0, 0, &why);
        if (status != DGM_OK)
            dgmi_fail(err, status, "%s%s", why.text,
                      status == DGM_E_LOCKED ? ", which fetches already" : "");
    }
    free(folder);
    free(path);
    return status;
}

static dgm_status open_all(dgmi_fetcher *f, dgm_error *err)
{
    dgm_status status = lock(f, err);
    if (status == DGM_OK)
        status = dgmi_states_read(f->data_dir, &f->states, err);
    if (status == DGM_OK)
        status = dgmi_turn_init(f, err);
    if (status == DGM_OK)
        dgmi_subscribe_sweep(f);
    return status == DGM_OK ? add_members(f, err) : status;
}

dgm_status dgmi_fetcher_open(const char *data_dir, dgmi_feed_list *list,
                             const dgmi_fetch_owner *owner, dgmi_fetch_plan plan,
                             dgmi_fetcher **out, dgm_error *err)
{
    dgmi_fetcher *f = calloc(1, sizeof *f);
    *out = NULL;
    if (!f)
        return dgmi_fail_memory(err);
    f->owner = *owner;
    f->plan = plan;
    f->poll_fd = -1;
    f->lock = (dgmi_lock)DGMI_LOCK_CLOSED;
    f->curl_us = f->flush_us = UINT64_MAX;
    f->err = (dgm_error)DGM_ERROR_INIT;
    f->list = *list;
    *list = (dgmi_feed_list){ .feeds = NULL };
    f->data_dir = strdup(data_dir);
    dgm_status status = f->data_dir ? open_all(f, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        *out = f;
    else
        dgmi_fetcher_close(f);
    return status;
}

void dgmi_fetcher_close(dgmi_fetcher *f)
{
    if (!f)
        return;
    free_members(f);
    dgmi_turn_clear(f);
    dgmi_feed_list_clear(&f->list);
    dgmi_states_clear(&f->states);
    dgmi_map_free(f->host_places);
    free(f->hosts);
    dgmi_lock_close(&f->lock);
    free(f->data_dir);
    free(f);
}

const dgmi_fetch_counts *dgmi_fetcher_counts(const dgmi_fetcher *f)
{
    return &f->counts;
}
