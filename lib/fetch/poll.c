/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking a feed, and what its reply means. Depends on job.h, lib/read. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "date.h"
#include "job.h"
#include "read.h"

enum { GIVE_UP_MOVED = 3 };

/* ---- When ---- */

void dgmi_poll_plan(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    const dgmi_feed_state *s = job->of->state;
    char until[DGMI_DATE_SIZE];
    bool gone = s->number[DGMI_NOTE_GONE] && !f->plan.gone;
    int64_t next = s->number[DGMI_NOTE_NEXT], held = s->number[DGMI_NOTE_HELD];
    /* A clock that was set back must not silence a feed for long. */
    int64_t longest =
        (int64_t)dgmi_feed_number(job->of->feed, DGMI_SET_MAX_INTERVAL) * 2 +
        (int64_t)dgmi_feed_number(job->of->feed, DGMI_SET_INTERVAL);
    if (next > now + longest)
        next = held = 0;
    bool all = f->plan.once && !f->plan.due;
    job->due = all ? held : next > held ? next : held;
    job->wanted = !gone && (!f->plan.once || job->due <= now);
    if (job->wanted)
        return;
    f->counts.skipped++;
    if (gone)
        dgmi_say_of(f, job, "info", "not asked: it said (410) that it is gone for good");
    else
        dgmi_say_of(f, job, "info", "not asked before %s",
                    dgmi_date_format(job->due, until));
}

bool dgmi_poll_ask(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    const char *moved = job->of->state->text[DGMI_NOTE_MOVED];
    (void)f, (void)now;
    job->url = strdup(moved ? moved : job->of->state->url);
    return job->url != NULL;
}

/* ---- Failing ---- */

static void forget_moved(dgmi_feed_state *s)
{
    dgmi_state_set(s, DGMI_NOTE_MOVED, NULL);
    dgmi_state_set(s, DGMI_NOTE_ETAG, NULL);
    dgmi_state_set(s, DGMI_NOTE_MODIFIED, NULL);
}

static void fail(dgmi_fetcher *f, dgmi_job *job, int64_t now, const char *why)
{
    dgmi_feed_state *s = job->of->state;
    dgmi_wishes wishes = dgmi_job_wishes(job);
    uint64_t jitter = 0;
    char until[DGMI_DATE_SIZE];
    if (getrandom(&jitter, sizeof jitter, GRND_NONBLOCK) < 0)
        jitter = (uint64_t)now;
    s->number[DGMI_NOTE_FAILED] = now;
    s->number[DGMI_NOTE_FAILURES]++;
    int64_t wait =
        dgmi_wait_failed(&wishes, (uint64_t)s->number[DGMI_NOTE_FAILURES], jitter);
    s->number[DGMI_NOTE_NEXT] = now + wait;
    s->number[DGMI_NOTE_HELD] = wishes.retry_after ? now + wait : 0;
    dgmi_state_set(s, DGMI_NOTE_ERROR, why);
    if (s->number[DGMI_NOTE_FAILURES] == GIVE_UP_MOVED && s->text[DGMI_NOTE_MOVED])
        forget_moved(s); /* perhaps the listed address is better than that one */
    f->counts.failed++;
    dgmi_say_of(f, job, "error", "%s; next try %s", why,
                dgmi_date_format(now + wait, until));
    dgmi_job_rest(f, job, now + wait);
}

static void stop(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_feed_state *s = job->of->state;
    s->number[DGMI_NOTE_GONE] = s->number[DGMI_NOTE_FAILED] = now;
    dgmi_state_set(s, DGMI_NOTE_ERROR, "the feed is gone for good (410)");
    f->counts.failed++;
    dgmi_say_of(f, job, "error",
                "the feed is gone for good (410) and is not asked again: take it off the "
                "list");
    dgmi_job_rest(f, job, now);
    for (int k = 0; k < DGMI_JOBS; k++)
        job->of->jobs[k].wanted = false;
}

/* ---- Answered ---- */

/* A page or a text where a feed should be is an error page, a login or a challenge, and
 * no news. */
static bool is_feed(const dgmi_job *job, char *why, size_t size)
{
    const dgmi_exchange *x = job->exchange;
    const char *asked = dgmi_feed_text(job->of->feed, DGMI_SET_FORMAT);
    if (strcmp(asked, "auto") != 0)
        return true;
    const dgmi_format *told = dgmi_format_told(x->body.p ? x->body.p : "", x->body.n);
    const char *type = x->head.type[0] ? x->head.type : "no Content-Type";
    if (x->body.n == 0)
        snprintf(why, size, "the reply is empty");
    else if (!told)
        snprintf(why, size, "what came (%.60s) is no feed of any format", type);
    else if (!strcmp(told->name, "html"))
        snprintf(why, size, "a web page came instead of a feed (%.60s)", type);
    else if (!strcmp(told->name, "milosi"))
        snprintf(why, size, "plain text came instead of a feed (%.60s)", type);
    else
        return true;
    return false;
}

/* Addresses in the feed are relative to nothing: those that are not whole do not count.
 */
static void note_facts(dgmi_job *job)
{
    dgmi_feed_state *s = job->of->state;
    const dgmi_exchange *x = job->exchange;
    dgmi_feed_facts facts;
    dgmi_feed_look(x->body.p ? x->body.p : "", x->body.n, &facts);
    s->number[DGMI_NOTE_TTL] = (int64_t)facts.ttl;
    const char *hub = x->head.hub[0] ? x->head.hub : facts.hub;
    const char *self = x->head.self[0] ? x->head.self : facts.self;
    dgmi_state_set(s, DGMI_NOTE_HUB, hub);
    dgmi_state_set(s, DGMI_NOTE_TOPIC, hub[0] ? (self[0] ? self : job->url) : NULL);
    if (x->head.api[0])
        dgmi_state_set(s, DGMI_NOTE_API, x->head.api);
}

static void succeed(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_feed_state *s = job->of->state;
    dgmi_wishes wishes = dgmi_job_wishes(job);
    int64_t wait = dgmi_wait_next(&wishes);
    int64_t rare = (int64_t)f->list.common.number[DGMI_SET_WEBSUB_INTERVAL];
    if (wait < rare && dgmi_subscribed(f, job->of, now))
        wait = rare;
    if (job->redirects > 0 && job->permanent)
        dgmi_state_set(s, DGMI_NOTE_MOVED, job->url);
    s->number[DGMI_NOTE_SUCCESS] = now;
    s->number[DGMI_NOTE_FAILURES] = s->number[DGMI_NOTE_GONE] = 0;
    s->number[DGMI_NOTE_NEXT] = now + wait;
    s->number[DGMI_NOTE_HELD] = wishes.retry_after ? now + wait : 0;
    dgmi_state_set(s, DGMI_NOTE_ERROR, NULL);
    dgmi_job_rest(f, job, now + wait);
    dgmi_subscribe_plan(f, &job->of->jobs[DGMI_JOB_SUBSCRIBE], now);
    if (!job->of->jobs[DGMI_JOB_BACKFILL].exchange)
        dgmi_backfill_plan(f, &job->of->jobs[DGMI_JOB_BACKFILL], now);
}

static void tell_taken(const dgmi_fetcher *f, const dgmi_job *job, const dgmi_fetched *t)
{
    if (t->added || t->replaced || t->rejected)
        dgmi_say_of(f, job, "news",
                    "%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64 " rejected",
                    t->added, t->replaced, t->rejected);
}

static void read_reply(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_feed_state *s = job->of->state;
    const dgmi_head *head = &job->exchange->head;
    dgmi_fetched taken;
    char why[300];
    if (!is_feed(job, why, sizeof why)) {
        fail(f, job, now, why);
        return;
    }
    if (!dgmi_job_take(f, job, dgmi_feed_text(job->of->feed, DGMI_SET_FORMAT), &taken)) {
        bool wanted = job->wanted;
        dgmi_job_rest(f, job, now + DGMI_NOT_NOW_S);
        job->wanted = wanted;
        return;
    }
    tell_taken(f, job, &taken);
    if (taken.broken) { /* with validators the rest would never come */
        dgmi_state_set(s, DGMI_NOTE_ETAG, NULL);
        dgmi_state_set(s, DGMI_NOTE_MODIFIED, NULL);
        snprintf(why, sizeof why, "%.200s", taken.reason);
        fail(f, job, now, why);
        return;
    }
    dgmi_state_set(s, DGMI_NOTE_ETAG, head->etag);
    dgmi_state_set(s, DGMI_NOTE_MODIFIED, head->modified);
    note_facts(job);
    succeed(f, job, now);
}

void dgmi_poll_done(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_feed_state *s = job->of->state;
    char why[400];
    s->number[DGMI_NOTE_POLLED] = now;
    s->number[DGMI_NOTE_POLLS]++;
    s->number[DGMI_NOTE_STATUS] = job->exchange->status;
    dgmi_job_trouble(job, why, sizeof why);
    bool conditional = job->ask.etag || job->ask.modified;
    if (job->exchange->status == 410 && !job->exchange->why[0]) {
        stop(f, job, now);
    } else if (why[0]) {
        fail(f, job, now, why);
    } else if (job->exchange->status == 304 && !conditional) {
        fail(f, job, now, "the server says that nothing changed, without being asked");
    } else if (job->exchange->status == 304) {
        f->counts.not_modified++;
        s->number[DGMI_NOTE_NOT_MODIFIED]++;
        succeed(f, job, now);
    } else {
        read_reply(f, job, now);
    }
}
