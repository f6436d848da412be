/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Older posts of a WordPress site, page by page, through its REST interface. By id, so
 * that what is edited or added meanwhile moves no page; what is deleted does, and shows
 * in the total: then a page is read twice. Depends on job.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "job.h"

enum { PER_PAGE = 100 };
#define DAY ((int64_t)86400)

static bool asked_for(const dgmi_member *m)
{
    return strcmp(dgmi_feed_text(m->feed, DGMI_SET_BACKFILL), "no") != 0;
}

/* Another setting than the one that was begun with begins anew. */
static void match_setting(dgmi_member *m)
{
    const char *setting = dgmi_feed_text(m->feed, DGMI_SET_BACKFILL);
    const char *begun = m->state->text[DGMI_NOTE_BACKFILL];
    if (begun && !strcmp(begun, setting))
        return;
    static const dgmi_note_number numbers[] = {
        DGMI_NOTE_PAGE,  DGMI_NOTE_PAGES,      DGMI_NOTE_TOTAL,         DGMI_NOTE_BEGAN,
        DGMI_NOTE_SINCE, DGMI_NOTE_BACKFILLED, DGMI_NOTE_BACKFILL_NEXT,
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        m->state->number[numbers[i]] = 0;
    m->state->number[DGMI_NOTE_BACKFILL_FAILURES] = 0;
    dgmi_state_set(m->state, DGMI_NOTE_BACKFILL, setting);
}

void dgmi_backfill_plan(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_member *m = job->of;
    job->wanted = false;
    if (!asked_for(m) || m->state->number[DGMI_NOTE_GONE])
        return;
    match_setting(m);
    /* The feed's own reply tells where the site's interface is. */
    bool known = m->state->number[DGMI_NOTE_SUCCESS] ||
                 dgmi_feed_text(m->feed, DGMI_SET_BACKFILL_URL);
    job->due = m->state->number[DGMI_NOTE_BACKFILL_NEXT];
    job->wanted = known && (!f->plan.once || job->due <= now);
}

/* ---- Asking ---- */

static void put_base(const dgmi_member *m, dgmi_buf *out)
{
    char origin[400];
    const char *set = dgmi_feed_text(m->feed, DGMI_SET_BACKFILL_URL);
    const char *api = m->state->text[DGMI_NOTE_API];
    if (set) {
        dgmi_buf_puts(out, set);
    } else if (api) {
        dgmi_buf_printf(out, "%s%swp/v2/posts", api,
                        api[strlen(api) - 1] == '/' ? "" : "/");
    } else if (dgmi_url_origin(m->state->url, origin, sizeof origin)) {
        dgmi_buf_printf(out, "%s/wp-json/wp/v2/posts", origin);
    }
}

/* The first second that counts is asked for as "after" the one before it. */
static void put_time(dgmi_buf *out, const char *name, int64_t time)
{
    char text[DGMI_DATE_SIZE];
    dgmi_buf_printf(out, "&%s=", name);
    dgmi_url_escape(out, dgmi_date_format(time - 1, text));
}

bool dgmi_backfill_ask(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    const dgmi_member *m = job->of;
    dgmi_buf url;
    int64_t from, to;
    (void)f;
    dgmi_buf_init(&url, DGMI_ADDRESS_MAX * 2);
    put_base(m, &url);
    bool query = url.p && strchr(url.p, '?');
    dgmi_buf_printf(&url, "%cper_page=%d&page=%" PRId64 "&orderby=id&order=asc",
                    query ? '&' : '?', PER_PAGE, m->state->number[DGMI_NOTE_PAGE] + 1);
    const char *setting = dgmi_feed_text(m->feed, DGMI_SET_BACKFILL);
    if (dgmi_date_span(dgmi_str_of(setting), &from, &to))
        put_time(&url, "after", from);
    if (m->state->number[DGMI_NOTE_SINCE]) /* sites keep their own time zone */
        put_time(&url, "modified_after", m->state->number[DGMI_NOTE_SINCE] - DAY);
    if (!m->state->number[DGMI_NOTE_BEGAN])
        m->state->number[DGMI_NOTE_BEGAN] = now;
    job->url = dgmi_buf_take(&url);
    return job->url != NULL;
}

/* ---- Answered ---- */

static void come_back(dgmi_fetcher *f, dgmi_job *job, int64_t at)
{
    job->of->state->number[DGMI_NOTE_BACKFILL_NEXT] = at;
    dgmi_job_rest(f, job, at);
}

static void fail(dgmi_fetcher *f, dgmi_job *job, int64_t now, const char *why)
{
    dgmi_feed_state *s = job->of->state;
    dgmi_wishes wishes = dgmi_job_wishes(job);
    s->number[DGMI_NOTE_BACKFILL_FAILURES]++;
    int64_t wait = dgmi_wait_failed(
        &wishes, (uint64_t)s->number[DGMI_NOTE_BACKFILL_FAILURES], (uint64_t)now);
    dgmi_state_set(s, DGMI_NOTE_BACKFILL_ERROR, why);
    dgmi_say_of(f, job, "error", "older posts, page %" PRId64 ": %s",
                s->number[DGMI_NOTE_PAGE] + 1, why);
    f->counts.failed++;
    come_back(f, job, now + wait);
}

static void finish(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_feed_state *s = job->of->state;
    dgmi_say_of(f, job, "info", "older posts: all %" PRId64 " pages read",
                s->number[DGMI_NOTE_PAGE]);
    s->number[DGMI_NOTE_SINCE] = s->number[DGMI_NOTE_BEGAN];
    s->number[DGMI_NOTE_BACKFILLED] = now;
    s->number[DGMI_NOTE_BEGAN] = s->number[DGMI_NOTE_PAGE] = 0;
    s->number[DGMI_NOTE_PAGES] = s->number[DGMI_NOTE_TOTAL] = 0;
    come_back(f, job,
              now + (int64_t)dgmi_feed_number(job->of->feed, DGMI_SET_BACKFILL_EVERY));
}

/* Notes the page, and whether it was the last. */
static bool note_page(const dgmi_job *job)
{
    dgmi_feed_state *s = job->of->state;
    const dgmi_head *head = &job->exchange->head;
    int64_t most = (int64_t)dgmi_feed_number(job->of->feed, DGMI_SET_BACKFILL_MAX);
    int64_t total = (int64_t)head->total, page = s->number[DGMI_NOTE_PAGE] + 1;
    bool shrunk = head->counted && total < s->number[DGMI_NOTE_TOTAL];
    if (shrunk && page > 1)
        page -= 2; /* posts moved over to the page before this one */
    s->number[DGMI_NOTE_TOTAL] = total;
    s->number[DGMI_NOTE_PAGES] = (int64_t)head->pages;
    s->number[DGMI_NOTE_PAGE] = page;
    return page * PER_PAGE >= most || (head->counted && page >= (int64_t)head->pages);
}

static bool is_empty(const dgmi_exchange *x)
{
    dgmi_str body = dgmi_str_trim(dgmi_buf_str(&x->body));
    return body.n >= 2 && body.p[0] == '[' &&
           dgmi_str_eq(dgmi_str_trim(dgmi_str_skip(body, 1)), "]");
}

static void take_page(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_feed_state *s = job->of->state;
    dgmi_fetched taken;
    if (is_empty(job->exchange)) {
        finish(f, job, now);
        return;
    }
    if (!dgmi_job_take(f, job, "wordpress", &taken)) {
        bool wanted = job->wanted;
        come_back(f, job, now + DGMI_NOT_NOW_S);
        job->wanted = wanted;
        return;
    }
    if (taken.broken) {
        fail(f, job, now, taken.reason);
        return;
    }
    s->number[DGMI_NOTE_BACKFILL_FAILURES] = 0;
    dgmi_state_set(s, DGMI_NOTE_BACKFILL_ERROR, NULL);
    bool last = note_page(job);
    dgmi_say_of(f, job, "info",
                "older posts: page %" PRId64 " of %" PRId64 ", %" PRIu64 " new, %" PRIu64
                " changed",
                s->number[DGMI_NOTE_PAGE], s->number[DGMI_NOTE_PAGES], taken.added,
                taken.replaced);
    if (last) {
        finish(f, job, now);
        return;
    }
    come_back(f, job, now);
    job->wanted = true; /* one page after the other, also in a single pass */
}

void dgmi_backfill_done(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    char why[400];
    dgmi_job_trouble(job, why, sizeof why);
    bool beyond = job->exchange->status == 400 && !job->exchange->why[0] &&
                  job->of->state->number[DGMI_NOTE_PAGE] > 0;
    if (beyond) /* so WordPress says that there is no such page */
        finish(f, job, now);
    else if (why[0])
        fail(f, job, now, why);
    else
        take_page(f, job, now);
}
