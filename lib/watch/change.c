/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making, changing and removing watchlists. Depends on look.h, turn.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "look.h"
#include "turn.h"

/* ---- turn.h ---- */

dgm_status dgmi_turn_take(const char *data_dir, unsigned which, unsigned ms,
                          dgmi_lock *out, dgm_error *err)
{
    *out = (dgmi_lock)DGMI_LOCK_CLOSED;
    char *folder = dgmi_path_join(data_dir, "watch/state");
    char *path = folder ? dgmi_path_join(folder, "lock") : NULL;
    dgm_status status = path ? dgmi_make_dirs(folder, err) : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_lock_open(path, out, err);
    if (status == DGM_OK)
        status = dgmi_lock_take(out, which, ms, err);
    free(folder);
    free(path);
    return status;
}

char *dgmi_place_text(dgmi_arena *arena, const dgmi_note *note, uint64_t number)
{
    return dgmi_arena_printf(arena, "%llx-%llx", (unsigned long long)note->created,
                             (unsigned long long)number);
}

bool dgmi_place_read(const char *text, const dgmi_note *note, uint64_t last,
                     uint64_t *number)
{
    char *end, *end2;
    bool digits = strspn(text, "0123456789abcdef-") == strlen(text) && text[0] != '-';
    if (!digits)
        return false;
    errno = 0;
    unsigned long long created = strtoull(text, &end, 16);
    if (*end != '-' || end[1] == '-' || !end[1])
        return false;
    *number = strtoull(end + 1, &end2, 16);
    return !*end2 && !errno && created == (unsigned long long)note->created &&
           *number <= last;
}

/* ---- Changing ---- */

static dgm_status remove_one(const char *data_dir, const char *name, const char *end,
                             dgm_error *err)
{
    char *path = dgmi_watch_path(data_dir, "watch/state", name, end);
    dgm_status status = path ? dgmi_remove_tree(path, err) : dgmi_fail_memory(err);
    free(path);
    return status;
}

static dgm_status remove_state(const char *data_dir, const char *name, dgm_error *err)
{
    dgm_status status = remove_one(data_dir, name, ".state", err);
    return status == DGM_OK ? remove_one(data_dir, name, ".alerts", err) : status;
}

/* The state first: a file without state would begin with what is there only at the next
 * look, and miss what comes before that. */
static dgm_status begin(dgm *desk, dgmi_book *book, dgm_error *err)
{
    bool due;
    dgmi_note *note = &book->note;
    dgmi_window window = { .ids = NULL };
    const char *data_dir = desk->index->data_dir, *name = book->file.name;
    dgm_status status = dgmi_note_read(data_dir, name, note, err);
    if (status == DGM_OK && note->created == 0) {
        status = dgmi_look_is_due(desk, note, &due, err);
        if (status == DGM_OK)
            status = dgmi_journal_read(data_dir, name, &book->journal, err);
        if (status == DGM_OK)
            status = dgmi_look(desk, book, &window, err);
    }
    note->parked[0] = note->trouble[0] = note->fault[0] = '\0';
    note->failures = 0;
    note->next_try = note->parked_at = 0;
    if (status == DGM_OK)
        status = dgmi_note_write(data_dir, name, note, err);
    dgmi_window_clear(&window);
    return status;
}

/* What came until now is matched by what the file said until now; where that cannot be,
 * the new one goes on from where the old one stood. */
static dgm_status end_old(dgm *desk, const char *name, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    dgm_status status = dgmi_look_now(desk, name, &why);
    return status == DGM_E_NOMEM ? dgmi_fail_memory(err) : DGM_OK;
}

/* A new one has nothing of what a kill left of another one of its name. */
static dgm_status make_room(dgm *desk, const char *path, const char *name, bool replace,
                            dgm_error *err)
{
    bool there = access(path, F_OK) == 0;
    if (there && !replace)
        return dgmi_fail(err, DGM_E_ARG, "there is a watchlist \"%s\" already", name);
    return there ? end_old(desk, name, err)
                 : remove_state(desk->index->data_dir, name, err);
}

dgm_status dgm_watch_write(dgm *desk, const char *name, const char *text, bool replace,
                           dgm_error *err)
{
    dgmi_book book = { .file = { .name = NULL } };
    dgmi_lock lock = DGMI_LOCK_CLOSED;
    if (!desk || !name || !text)
        return dgmi_fail(err, DGM_E_ARG, "a reader, a name and a text are needed");
    if (!dgmi_watch_is_name(name))
        return dgmi_fail(err, DGM_E_ARG,
                         "\"%.80s\" is no name of a watchlist: 1 to %d of a-z, 0-9, - "
                         "and _",
                         name, DGM_WATCH_NAME_MAX);
    const char *data_dir = desk->index->data_dir;
    char *path = dgmi_watch_path(data_dir, "watch", name, ".watch");
    if (!path)
        return dgmi_fail_memory(err);
    dgm_status status =
        dgmi_watchfile_parse(name, path, dgmi_str_of(text), &book.file, err);
    if (status == DGM_OK)
        status = dgmi_turn_take(data_dir, DGMI_TURN_STATE, DGMI_TURN_MS, &lock, err);
    if (status == DGM_OK)
        status = make_room(desk, path, name, replace, err);
    if (status == DGM_OK)
        status = begin(desk, &book, err);
    if (status == DGM_OK)
        status = dgmi_file_replace(path, text, strlen(text), err);
    dgmi_lock_close(&lock);
    dgmi_book_clear(&book);
    free(path);
    return status;
}

static dgm_status find_file(const char *data_dir, const char *name, char **path,
                            dgm_error *err)
{
    *path = NULL;
    if (!data_dir || !name)
        return dgmi_fail(err, DGM_E_ARG, "a data directory and a name are needed");
    if (dgmi_watch_is_name(name))
        *path = dgmi_watch_path(data_dir, "watch", name, ".watch");
    if (*path && access(*path, F_OK) == 0)
        return DGM_OK;
    return dgmi_fail(err, DGM_E_NOTFOUND, "there is no watchlist \"%.80s\"", name);
}

dgm_status dgm_watch_remove(const char *data_dir, const char *name, dgm_error *err)
{
    char *path;
    dgmi_lock lock = DGMI_LOCK_CLOSED;
    dgm_status status = find_file(data_dir, name, &path, err);
    if (status == DGM_OK)
        status = dgmi_turn_take(data_dir, DGMI_TURN_STATE, DGMI_TURN_MS, &lock, err);
    if (status == DGM_OK)
        status = dgmi_remove_tree(path, err);
    if (status == DGM_OK)
        status = remove_state(data_dir, name, err);
    dgmi_lock_close(&lock);
    free(path);
    return status;
}

dgm_status dgm_watch_mute(const char *data_dir, const char *name, int64_t until,
                          dgm_error *err)
{
    char *path;
    dgmi_buf old, text;
    dgm_status status = find_file(data_dir, name, &path, err);
    dgmi_buf_init(&old, DGMI_WATCH_BYTES);
    dgmi_buf_init(&text, DGMI_WATCH_BYTES);
    if (status == DGM_OK)
        status = dgmi_file_read(path, &old, err);
    if (status == DGM_OK)
        dgmi_watch_put_mute(dgmi_buf_str(&old), until, &text);
    if (status == DGM_OK && text.failed)
        status = dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_file_replace(path, text.p ? text.p : "", text.n, err);
    dgmi_buf_clear(&old);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}

dgm_status dgm_watch_unpark(const char *data_dir, const char *name, dgm_error *err)
{
    char *path;
    dgmi_note note;
    dgmi_lock lock = DGMI_LOCK_CLOSED;
    dgm_status status = find_file(data_dir, name, &path, err);
    free(path);
    if (status == DGM_OK)
        status = dgmi_turn_take(data_dir, DGMI_TURN_STATE, DGMI_TURN_MS, &lock, err);
    if (status == DGM_OK)
        status = dgmi_note_read(data_dir, name, &note, err);
    if (status == DGM_OK) {
        note.parked[0] = note.trouble[0] = '\0';
        note.failures = 0;
        note.next_try = note.parked_at = 0;
        status = dgmi_note_write(data_dir, name, &note, err);
    }
    dgmi_lock_close(&lock);
    return status;
}
