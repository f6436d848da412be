/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking after all watchlists, one after the other. Depends on ahead.h, look.h, turn.h.
 */
#include <string.h>

#include "ahead.h"
#include "fail.h"
#include "look.h"
#include "turn.h"

typedef struct round {
    dgm *desk;
    const char *data_dir;
    dgmi_ahead *ahead;
    dgmi_window window;
    dgm_watch_counts counts;
    unsigned written; /* because it was time */
    bool now;         /* nothing is put off */
} round;

static round begin_round(dgm *desk)
{
    return (round){ .desk = desk,
                    .data_dir = desk->index->data_dir,
                    .ahead = dgmi_ahead_of(desk) };
}

/* ---- One watchlist ---- */

/* *own: what failed is the watchlist's, by its search or its files, and no hindrance to
 * the others. */
static dgm_status go_on(round *r, dgmi_book *book, bool *own, dgm_error *err)
{
    bool due = false;
    *own = false;
    dgm_status status = dgmi_look_is_due(r->desk, &book->note, &due, err);
    if (status != DGM_OK || !due)
        return status;
    *own = true;
    status = dgmi_journal_read(r->data_dir, book->file.name, &book->journal, err);
    if (status != DGM_OK)
        return status;
    uint64_t before = book->journal.last;
    status = dgmi_look(r->desk, book, &r->window, err);
    *own = status == DGM_E_ARG || status == DGM_E_NOTFOUND || status == DGM_E_TIMEOUT ||
           status == DGM_E_QUERY;
    r->counts.alerts += book->journal.last - before;
    return status;
}

static dgm_status write_note(round *r, const char *name, dgmi_note *note, dgm_error *err)
{
    note->ahead = false;
    dgm_status status = dgmi_note_write(r->data_dir, name, note, err);
    dgmi_ahead_put(r->ahead, name, note);
    return status;
}

/* A new fault is written at once, a place when it is time. */
static dgm_status keep(round *r, const char *name, dgmi_note *note, const dgm_error *own,
                       dgm_error *err)
{
    if (own && strcmp(note->fault, own->text) != 0) {
        dgmi_note_say(note->fault, own->text);
        return write_note(r, name, note, err);
    }
    bool time = !dgmi_ahead_put(r->ahead, name, note) && r->written < DGMI_AHEAD_WRITES;
    if (!note->ahead || !(time || r->now))
        return DGM_OK;
    r->written++;
    return write_note(r, name, note, err);
}

static dgm_status look_after(round *r, const char *name, dgm_error *err)
{
    dgmi_book book = { .file = { .name = NULL } };
    dgm_error why = DGM_ERROR_INIT;
    bool own = true;
    dgm_status status = dgmi_watchfile_read(r->data_dir, name, &book.file, &why);
    if (status == DGM_OK)
        status = dgmi_note_read(r->data_dir, name, &book.note, &why);
    bool readable = status == DGM_OK;
    if (readable) {
        dgmi_ahead_join(r->ahead, name, &book.note);
        status = go_on(r, &book, &own, &why);
    }
    own = own && status != DGM_OK && status != DGM_E_NOMEM;
    r->counts.faulty += own;
    r->counts.watches += status == DGM_OK;
    if (status != DGM_OK && !own)
        status = dgmi_fail(err, status, "%s", why.text);
    else
        status = DGM_OK;
    if (readable && status == DGM_OK)
        status = keep(r, name, &book.note, own ? &why : NULL, err);
    dgmi_book_clear(&book);
    return status;
}

dgm_status dgmi_look_now(dgm *desk, const char *name, dgm_error *err)
{
    round r = begin_round(desk);
    r.now = true;
    dgm_status status = look_after(&r, name, err);
    dgmi_window_clear(&r.window);
    return status;
}

/* ---- All ---- */

dgm_status dgm_watch_look(dgm *desk, unsigned wait_ms, dgm_watch_counts *counts,
                          dgm_error *err)
{
    dgmi_names names;
    dgmi_lock lock = DGMI_LOCK_CLOSED;
    if (!desk)
        return dgmi_fail(err, DGM_E_ARG, "the reader is closed");
    round r = begin_round(desk);
    dgm_status status = dgmi_watch_names(r.data_dir, &names, err);
    if (status == DGM_OK && names.n > 0)
        status = dgmi_turn_take(r.data_dir, DGMI_TURN_STATE, wait_ms, &lock, err);
    for (size_t i = 0; status == DGM_OK && i < names.n; i++)
        status = look_after(&r, names.names[i], err);
    dgmi_lock_close(&lock);
    dgmi_window_clear(&r.window);
    dgmi_ahead_trim(r.ahead, names.n);
    dgmi_names_free(&names);
    if (counts)
        *counts = r.counts;
    return status;
}

/* What cannot be read is not the business of who only writes where others stand. */
static dgm_status keep_one(round *r, const char *name, dgm_error *err)
{
    dgmi_note note;
    if (dgmi_note_read(r->data_dir, name, &note, NULL) != DGM_OK || note.created == 0)
        return DGM_OK;
    dgmi_ahead_join(r->ahead, name, &note);
    return note.ahead ? write_note(r, name, &note, err) : DGM_OK;
}

dgm_status dgm_watch_keep(dgm *desk, unsigned wait_ms, dgm_error *err)
{
    char name[DGM_WATCH_NAME_MAX + 1];
    dgmi_lock lock = DGMI_LOCK_CLOSED;
    dgmi_str next;
    size_t cursor = 0;
    if (!desk || !desk->watching) /* it never looked */
        return DGM_OK;
    round r = begin_round(desk);
    dgm_status status = dgmi_turn_take(r.data_dir, DGMI_TURN_STATE, wait_ms, &lock, err);
    while (status == DGM_OK && dgmi_ahead_next(r.ahead, &cursor, &next)) {
        memcpy(name, next.p, next.n);
        name[next.n] = '\0';
        status = keep_one(&r, name, err);
    }
    dgmi_lock_close(&lock);
    return status;
}
