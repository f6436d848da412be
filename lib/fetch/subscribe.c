/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Subscribing at a hub, and renewing before the lease ends. Depends on job.h, websub.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "job.h"
#include "websub.h"

#define HOUR ((int64_t)3600)
#define DAY ((int64_t)86400)
#define LEASE_ASKED ((int64_t)10 * 86400)

static bool wanted_here(const dgmi_fetcher *f, const dgmi_member *m)
{
    return f->list.common.text[DGMI_SET_WEBSUB_CALLBACK] &&
           dgmi_feed_number(m->feed, DGMI_SET_WEBSUB) && m->state->text[DGMI_NOTE_HUB] &&
           !m->state->number[DGMI_NOTE_GONE];
}

/* Our subscription, if the feed still names the same hub and topic. */
static bool load(const dgmi_fetcher *f, const dgmi_member *m, dgmi_subscription *out)
{
    const char *token = m->state->text[DGMI_NOTE_TOKEN];
    const char *hub = m->state->text[DGMI_NOTE_HUB];
    const char *topic = m->state->text[DGMI_NOTE_TOPIC];
    *out = (dgmi_subscription){ .until = 0 };
    if (!token || !hub || !topic ||
        dgmi_websub_read(f->data_dir, token, out, NULL) != DGM_OK)
        return false;
    if (out->text[DGMI_SUB_HUB] && !strcmp(out->text[DGMI_SUB_HUB], hub) &&
        !strcmp(out->text[DGMI_SUB_TOPIC], topic))
        return true;
    dgmi_subscription_clear(out);
    return false;
}

bool dgmi_subscribed(const dgmi_fetcher *f, const dgmi_member *m, int64_t now)
{
    dgmi_subscription s;
    bool alive = wanted_here(f, m) && load(f, m, &s);
    if (!alive)
        return false;
    alive = s.until > now;
    dgmi_subscription_clear(&s);
    return alive;
}

/* A tenth of the lease is left for renewing, an hour at least if there is one. */
static int64_t renewal_of(const dgmi_subscription *s)
{
    int64_t lease = s->until - s->leased, margin = lease / 10;
    if (margin < HOUR)
        margin = lease / 2 < HOUR ? lease / 2 : HOUR;
    return s->until - margin;
}

static dgmi_map *tokens_in_use(const dgmi_fetcher *f)
{
    dgmi_map *tokens = dgmi_map_new();
    for (size_t i = 0; tokens && i < f->states.n; i++) {
        const char *token = f->states.feeds[i]->text[DGMI_NOTE_TOKEN];
        if (token && !dgmi_map_at(tokens, dgmi_str_of(token), true)) {
            dgmi_map_free(tokens); /* without memory nothing is removed */
            return NULL;
        }
    }
    return tokens;
}

void dgmi_subscribe_sweep(const dgmi_fetcher *f)
{
    dgmi_names names = { NULL, 0 };
    char *folder = dgmi_feeds_path(f->data_dir, "websub");
    dgmi_map *tokens = tokens_in_use(f);
    if (folder && tokens && dgmi_dir_list(folder, &names, NULL) == DGM_OK) {
        for (size_t i = 0; i < names.n; i++) {
            dgmi_str token = { names.names[i], strcspn(names.names[i], ".") };
            if (!dgmi_map_at(tokens, token, false))
                dgmi_websub_remove(f->data_dir, names.names[i], NULL);
        }
        dgmi_names_free(&names);
    }
    dgmi_map_free(tokens);
    free(folder);
}

void dgmi_subscribe_plan(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_subscription s;
    dgmi_feed_state *state = job->of->state;
    if (job->exchange)
        return;
    job->wanted = wanted_here(f, job->of);
    if (!job->wanted)
        return;
    job->due = state->number[DGMI_NOTE_SUBSCRIBE];
    if (!load(f, job->of, &s))
        job->due = 0; /* never asked for */
    else if (s.until > now)
        job->due = renewal_of(&s);
    dgmi_subscription_clear(&s);
    if (f->plan.once && job->due > now)
        job->wanted = false;
}

/* ---- Asking ---- */

static bool copy_text(dgmi_subscription *s, dgmi_sub_text to, const char *text)
{
    free(s->text[to]);
    s->text[to] = text ? strdup(text) : NULL;
    return !text || s->text[to];
}

static bool describe(dgmi_subscription *s, const dgmi_member *m)
{
    const char *format = dgmi_feed_text(m->feed, DGMI_SET_FORMAT);
    return copy_text(s, DGMI_SUB_URL, m->state->url) &&
           copy_text(s, DGMI_SUB_HUB, m->state->text[DGMI_NOTE_HUB]) &&
           copy_text(s, DGMI_SUB_TOPIC, m->state->text[DGMI_NOTE_TOPIC]) &&
           copy_text(s, DGMI_SUB_NAME, dgmi_feed_text(m->feed, DGMI_SET_NAME)) &&
           copy_text(s, DGMI_SUB_FORMAT, format) &&
           copy_text(s, DGMI_SUB_SOURCE, dgmi_feed_text(m->feed, DGMI_SET_SOURCE)) &&
           copy_text(s, DGMI_SUB_REGION, dgmi_feed_text(m->feed, DGMI_SET_REGION)) &&
           copy_text(s, DGMI_SUB_COUNTRY, dgmi_feed_text(m->feed, DGMI_SET_COUNTRY)) &&
           copy_text(s, DGMI_SUB_LANGUAGE, dgmi_feed_text(m->feed, DGMI_SET_LANGUAGE));
}

static void put_field(dgmi_buf *out, const char *name, const char *value)
{
    dgmi_buf_printf(out, "%s%s=", out->n ? "&" : "", name);
    dgmi_url_escape(out, value);
}

static char *make_form(const dgmi_fetcher *f, const dgmi_subscription *s)
{
    dgmi_buf form, callback;
    char lease[24];
    const char *base = f->list.common.text[DGMI_SET_WEBSUB_CALLBACK];
    dgmi_buf_init(&form, 1 << 16);
    dgmi_buf_init(&callback, 1 << 13);
    dgmi_buf_printf(&callback, "%s%swebsub/%s", base,
                    base[strlen(base) - 1] == '/' ? "" : "/", s->token);
    snprintf(lease, sizeof lease, "%lld", (long long)LEASE_ASKED);
    put_field(&form, "hub.mode", "subscribe");
    put_field(&form, "hub.topic", s->text[DGMI_SUB_TOPIC]);
    put_field(&form, "hub.callback", callback.p ? callback.p : "");
    put_field(&form, "hub.secret", s->text[DGMI_SUB_SECRET]);
    put_field(&form, "hub.lease_seconds", lease);
    dgmi_buf_clear(&callback);
    return dgmi_buf_take(&form);
}

/* The file is written before the hub is asked, because it asks back at once. */
bool dgmi_subscribe_ask(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    dgmi_subscription s;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_feed_state *state = job->of->state;
    dgm_status status = DGM_OK;
    if (!load(f, job->of, &s)) {
        if (state->text[DGMI_NOTE_TOKEN])
            dgmi_websub_remove(f->data_dir, state->text[DGMI_NOTE_TOKEN], NULL);
        status = dgmi_websub_secrets(&s, &err);
    }
    if (status == DGM_OK && describe(&s, job->of))
        status = dgmi_websub_write(f->data_dir, &s, &err);
    if (status == DGM_OK) {
        dgmi_state_set(state, DGMI_NOTE_TOKEN, s.token);
        job->url = strdup(state->text[DGMI_NOTE_HUB]);
        job->form = make_form(f, &s);
    }
    dgmi_subscription_clear(&s);
    if (status != DGM_OK)
        dgmi_say_of(f, job, "warning", "cannot subscribe: %s", err.text);
    if (!job->url || !job->form) {
        dgmi_job_rest(f, job, now + HOUR);
        return false;
    }
    /* Until it is verified; a hub that never asks back is asked again tomorrow. */
    state->number[DGMI_NOTE_SUBSCRIBE] = now + DAY;
    dgmi_job_changed(f, job);
    return true;
}

void dgmi_subscribe_done(dgmi_fetcher *f, dgmi_job *job, int64_t now)
{
    char why[400];
    dgmi_job_trouble(job, why, sizeof why);
    if (why[0])
        dgmi_say_of(f, job, "warning",
                    "the hub %.150s does not take the subscription: %s", job->url, why);
    else
        dgmi_say_of(f, job, "info", "asked the hub %.150s for a subscription", job->url);
    dgmi_job_rest(f, job, now + (why[0] ? DAY : HOUR));
    job->of->state->number[DGMI_NOTE_SUBSCRIBE] = job->due;
}
