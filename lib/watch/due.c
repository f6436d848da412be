/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be delivered, and what became of it. Depends on look.h, turn.h, lib/wire. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "hmac.h"
#include "look.h"
#include "turn.h"
#include "wire.h"

enum {
    ALERTS = 50, /* of one delivery */
    SAMPLE = 3,
    BODY = 4 << 20,
    SECRET = 4096,
    FAILURES = 12, /* one after another, and the webhook is parked */
    WAIT_LEAST = 5,
    WAIT_MOST = 3600,
    HELD_MOST = 86400, /* that a Retry-After may ask for */
    GONE = 410
};

/* What the caller holds is the first member, so it frees itself. */
typedef struct deliveries {
    dgm_deliveries deliveries;
    dgmi_arena *arena;
} deliveries;

void dgm_deliveries_free(dgm_deliveries *d)
{
    if (d)
        dgmi_arena_free(((deliveries *)(void *)d)->arena);
}

/* ---- Signing ---- */

/* The key that a reference names. ARG if it has none. */
static dgm_status read_secret(const char *reference, dgmi_buf *out, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    const char *name = strchr(reference, ':') + 1;
    if (!strncmp(reference, "env:", 4)) {
        const char *value = getenv(name);
        dgmi_buf_puts(out, value);
    } else if (dgmi_file_read(name, out, &why) != DGM_OK) {
        return dgmi_fail(err, DGM_E_ARG, "the secret: %s", why.text);
    }
    while (out->n > 0 && strchr("\r\n", out->p[out->n - 1]))
        out->p[--out->n] = '\0';
    return out->n > 0 ? DGM_OK
                      : dgmi_fail(err, DGM_E_ARG, "the secret %.150s is empty or not set",
                                  reference);
}

static dgm_status sign(dgmi_arena *arena, const char *reference, const dgmi_buf *body,
                       const char **out, dgm_error *err)
{
    dgmi_buf key;
    char hex[DGMI_HMAC_HEX];
    *out = NULL;
    if (!reference)
        return DGM_OK;
    dgmi_buf_init(&key, SECRET);
    dgm_status status = read_secret(reference, &key, err);
    dgmi_hmac *hmac =
        status == DGM_OK ? dgmi_hmac_new(DGMI_HMAC_SHA256, dgmi_buf_str(&key)) : NULL;
    if (hmac) {
        dgmi_hmac_add(hmac, body->p, body->n);
        dgmi_hmac_hex(hmac, hex);
        *out = dgmi_arena_printf(arena, "sha256=%s", hex);
        dgmi_hmac_free(hmac);
    }
    if (key.p)
        explicit_bzero(key.p, key.n);
    dgmi_buf_clear(&key);
    return status == DGM_OK && !*out ? dgmi_fail_memory(err) : status;
}

/* ---- What is due ---- */

static bool is_due(const dgmi_watchfile *file, const dgmi_note *note, int64_t now)
{
    int64_t digest = (int64_t)file->digest;
    return file->webhook && note->created != 0 && !note->parked[0] &&
           note->next_try <= now && (file->mute == DGM_NO_TIME || file->mute <= now) &&
           (digest == 0 || now - note->delivered >= digest) &&
           (digest == 0 || note->delivered != 0 || now - note->created >= digest);
}

static bool copy_texts(dgmi_arena *arena, const dgmi_watchfile *file, dgm_delivery *d)
{
    d->timeout = file->timeout;
    d->watch = dgmi_arena_dup(arena, file->name);
    d->url = dgmi_arena_dup(arena, file->webhook);
    d->allow_private =
        dgmi_arena_dup(arena, file->allow_private ? file->allow_private : "no");
    return d->watch && d->url && d->allow_private;
}

static dgm_status write_body(const dgmi_watchfile *file, const dgm_alerts *alerts,
                             bool test, dgmi_arena *arena, dgm_delivery *out,
                             dgm_error *err)
{
    dgmi_buf body;
    dgmi_buf_init(&body, BODY);
    dgmi_json_delivery(&body, alerts, dgmi_wall_time(), test);
    out->alerts = alerts->n;
    out->body = body.failed ? NULL : dgmi_arena_str(arena, dgmi_buf_str(&body));
    dgm_status status = out->body && copy_texts(arena, file, out)
                            ? sign(arena, file->secret, &body, &out->signature, err)
                            : dgmi_fail_memory(err);
    dgmi_buf_clear(&body);
    return status;
}

/* A page may be empty: items can be withdrawn before the alert that says so is made. */
static dgm_status make(dgm *desk, const dgmi_watchfile *file, const dgmi_note *note,
                       dgmi_arena *arena, dgm_delivery *out, dgm_error *err)
{
    dgm_alerts *alerts = NULL;
    const char *since = dgmi_place_text(arena, note, note->sent);
    if (!since)
        return dgmi_fail_memory(err);
    dgm_status status =
        dgm_watch_alerts(desk, file->name, since, ALERTS, false, &alerts, err);
    if (status == DGM_OK && alerts->next && alerts->n > 0 &&
        dgmi_place_read(alerts->next, note, UINT64_MAX, &out->number))
        status = write_body(file, alerts, false, arena, out, err);
    dgm_alerts_free(alerts);
    return status;
}

/* What fails here is the watchlist's trouble, and waits as a failed delivery does. */
static dgm_status look_into(dgm *desk, const char *name, dgmi_arena *arena,
                            dgm_delivery *out, dgm_error *err)
{
    dgmi_watchfile file;
    dgmi_note note;
    dgm_error why = DGM_ERROR_INIT;
    const char *data_dir = desk->index->data_dir;
    *out = (dgm_delivery){ .watch = NULL };
    dgm_status status = dgmi_watchfile_read(data_dir, name, &file, NULL);
    bool readable = status == DGM_OK;
    if (readable)
        status = dgmi_note_read(data_dir, name, &note, &why);
    if (status == DGM_OK && is_due(&file, &note, dgmi_wall_time()))
        status = make(desk, &file, &note, arena, out, &why);
    dgmi_watchfile_clear(&file);
    if (status == DGM_E_ARG && readable) {
        dgm_delivery failed = { .watch = name };
        dgm_posted posted = { .why = why.text };
        *out = (dgm_delivery){ .watch = NULL };
        return dgm_watch_settle(data_dir, &failed, &posted, NULL, err);
    }
    /* What else fails is told where it is looked for; here it keeps nobody else back. */
    return status == DGM_E_NOMEM ? dgmi_fail_memory(err) : DGM_OK;
}

/* Room for n deliveries in what dgm_deliveries_free frees. */
static deliveries *new_deliveries(size_t n, dgm_delivery **list)
{
    dgmi_arena *arena = dgmi_arena_new(0);
    deliveries *made = arena ? dgmi_arena_alloc(arena, sizeof *made) : NULL;
    *list = made ? dgmi_arena_array(arena, n + 1, sizeof **list) : NULL;
    if (!*list) {
        dgmi_arena_free(arena);
        return NULL;
    }
    *made = (deliveries){ { *list, 0 }, arena };
    return made;
}

dgm_status dgm_watch_sample(dgm *desk, const char *name, dgm_deliveries **out,
                            dgm_error *err)
{
    dgmi_watchfile file;
    dgm_alerts *alerts = NULL;
    dgm_delivery *list;
    if (!desk || !name || !out)
        return dgmi_fail(err, DGM_E_ARG, "a reader, a name and a place are needed");
    *out = NULL;
    dgm_status status = dgmi_watchfile_read(desk->index->data_dir, name, &file, err);
    if (status == DGM_OK && !file.webhook)
        status = dgmi_fail(err, DGM_E_ARG, "%s has no webhook", name);
    if (status == DGM_OK)
        status = dgm_watch_alerts(desk, name, NULL, SAMPLE, false, &alerts, err);
    deliveries *made = status == DGM_OK ? new_deliveries(1, &list) : NULL;
    if (status == DGM_OK)
        status = made ? write_body(&file, alerts, true, made->arena, &list[0], err)
                      : dgmi_fail_memory(err);
    dgm_alerts_free(alerts);
    dgmi_watchfile_clear(&file);
    if (status != DGM_OK) {
        dgm_deliveries_free(made ? &made->deliveries : NULL);
        return status;
    }
    made->deliveries.n = 1;
    *out = &made->deliveries;
    return DGM_OK;
}

dgm_status dgm_watch_due(dgm *desk, dgm_deliveries **out, dgm_error *err)
{
    dgmi_names names;
    if (!desk || !out)
        return dgmi_fail(err, DGM_E_ARG, "a reader and a place are needed");
    *out = NULL;
    dgm_status status = dgmi_watch_names(desk->index->data_dir, &names, err);
    if (status != DGM_OK)
        return status;
    dgm_delivery *list;
    size_t n = 0;
    deliveries *made = new_deliveries(names.n, &list);
    if (!made) {
        dgmi_names_free(&names);
        return dgmi_fail_memory(err);
    }
    for (size_t i = 0; status == DGM_OK && i < names.n; i++) {
        status = look_into(desk, names.names[i], made->arena, &list[n], err);
        n += status == DGM_OK && list[n].body;
    }
    dgmi_names_free(&names);
    if (status != DGM_OK) {
        dgm_deliveries_free(&made->deliveries);
        return status;
    }
    made->deliveries.n = n;
    *out = &made->deliveries;
    return DGM_OK;
}

/* ---- What became of it ---- */

static void note_success(dgmi_note *note, const dgm_delivery *delivery, int64_t now)
{
    if (delivery->number > note->sent)
        note->sent = delivery->number;
    note->delivered = now;
    note->deliveries++;
    note->failures = 0;
    note->next_try = 0;
    note->trouble[0] = '\0';
}

/* 5 s, and twice as long each time; no earlier than the other side asks for. */
static int64_t wait_of(uint64_t failures, int64_t retry_after)
{
    uint64_t doublings = failures - 1 < 10 ? failures - 1 : 10;
    int64_t wait = (int64_t)WAIT_LEAST << doublings;
    wait = wait < WAIT_MOST ? wait : WAIT_MOST;
    retry_after = retry_after < HELD_MOST ? retry_after : HELD_MOST;
    return wait > retry_after ? wait : retry_after;
}

static bool note_failure(dgmi_note *note, const dgm_posted *posted, int64_t now)
{
    char text[DGMI_NOTE_LINE];
    note->failures++;
    note->next_try = now + wait_of(note->failures, posted->retry_after);
    dgmi_note_say(note->trouble, posted->why ? posted->why : "the webhook failed");
    if (posted->status != GONE && note->failures < FAILURES)
        return false;
    if (posted->status == GONE)
        snprintf(text, sizeof text, "the webhook is gone for good (410)");
    else
        snprintf(text, sizeof text, "%d deliveries failed in a row, the last: %.180s",
                 FAILURES, note->trouble);
    dgmi_note_say(note->parked, text);
    note->parked_at = now;
    return true;
}

dgm_status dgm_watch_settle(const char *data_dir, const dgm_delivery *delivery,
                            const dgm_posted *posted, bool *parked, dgm_error *err)
{
    dgmi_note note;
    dgmi_lock lock = DGMI_LOCK_CLOSED;
    bool now_parked = false;
    if (!data_dir || !delivery || !posted)
        return dgmi_fail(err, DGM_E_ARG, "a delivery and its outcome are needed");
    dgm_status status =
        dgmi_turn_take(data_dir, DGMI_TURN_STATE, DGMI_TURN_MS, &lock, err);
    if (status == DGM_OK)
        status = dgmi_note_read(data_dir, delivery->watch, &note, err);
    if (status == DGM_OK && note.created != 0) { /* else it was removed meanwhile */
        if (posted->status >= 200 && posted->status < 300 && !posted->why)
            note_success(&note, delivery, dgmi_wall_time());
        else
            now_parked = note_failure(&note, posted, dgmi_wall_time());
        status = dgmi_note_write(data_dir, delivery->watch, &note, err);
    }
    dgmi_lock_close(&lock);
    if (parked)
        *parked = now_parked;
    return status;
}
