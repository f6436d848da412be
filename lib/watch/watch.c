/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watchlists as their users see them: listing and trying. Depends on look.h, turn.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "date.h"
#include "fail.h"
#include "file.h"
#include "look.h"
#include "turn.h"

#define ENDING ".watch"

/* ---- Listing ---- */

/* What the caller holds is the first member, so it frees itself. */
typedef struct watches {
    dgm_watches watches;
    dgmi_arena *arena;
} watches;

void dgm_watches_free(dgm_watches *w)
{
    if (w)
        dgmi_arena_free(((watches *)(void *)w)->arena);
}

static const char *text_of(dgmi_arena *arena, const char *text, bool *whole)
{
    const char *copy = text && *text ? dgmi_arena_dup(arena, text) : NULL;
    *whole = *whole && (copy || !text || !*text);
    return copy;
}

static bool tell_file(dgmi_arena *arena, const dgmi_watchfile *file, dgm_watch *w)
{
    bool whole = true;
    const char *text = dgm_request_text(file->request);
    w->label = text_of(arena, file->label ? file->label : file->name, &whole);
    w->query = dgmi_arena_dup(arena, file->request->q ? file->request->q : "");
    w->search = dgmi_arena_dup(arena, text);
    w->webhook = text_of(arena, file->webhook, &whole);
    w->secret = text_of(arena, file->secret, &whole);
    w->allow_private =
        text_of(arena, file->allow_private ? file->allow_private : "no", &whole);
    w->digest = file->digest;
    w->mute_until = file->mute;
    w->timeout = file->timeout;
    return whole && w->query && w->search;
}

static int64_t time_of(int64_t stored)
{
    return stored ? stored : DGM_NO_TIME;
}

/* What cannot be read of a watchlist is its own trouble, and none of the others'. */
static dgm_status tell_state(const char *data_dir, dgmi_arena *arena, dgm_watch *w,
                             dgm_error *err)
{
    dgmi_note note;
    dgm_error why = DGM_ERROR_INIT;
    bool whole = true;
    dgm_status status = dgmi_note_read(data_dir, w->name, &note, &why);
    if (status == DGM_E_NOMEM)
        return dgmi_fail_memory(err);
    if (status != DGM_OK) {
        note = (dgmi_note){ .created = 0 };
        dgmi_note_say(note.fault, why.text);
        dgmi_note_say(note.parked, why.text);
    }
    w->created = time_of(note.created);
    w->looked = time_of(note.looked);
    w->revision = text_of(arena, note.revision, &whole);
    w->alerts = note.last;
    w->waiting = w->webhook && note.last > note.sent ? note.last - note.sent : 0;
    if (note.last > 0)
        w->place = dgmi_place_text(arena, &note, note.last);
    w->delivered = time_of(note.delivered);
    w->deliveries = note.deliveries;
    w->failures = (unsigned)note.failures;
    w->next_try = time_of(note.next_try);
    w->trouble = text_of(arena, note.fault[0] ? note.fault : note.trouble, &whole);
    w->parked = text_of(arena, w->fault ? w->fault : note.parked, &whole);
    return whole && (note.last == 0 || w->place) ? DGM_OK : dgmi_fail_memory(err);
}

/* NOTFOUND if there is none of that name. */
static dgm_status tell_watch(const char *data_dir, const char *name, dgmi_arena *arena,
                             dgm_watch *w, dgm_error *err)
{
    dgmi_watchfile file;
    dgm_error why = DGM_ERROR_INIT;
    *w = (dgm_watch){ .name = dgmi_arena_dup(arena, name), .mute_until = DGM_NO_TIME };
    dgm_status status = dgmi_watchfile_read(data_dir, name, &file, &why);
    bool whole = w->name && (status != DGM_OK || tell_file(arena, &file, w));
    dgmi_watchfile_clear(&file);
    if (status == DGM_E_NOTFOUND || status == DGM_E_NOMEM)
        return dgmi_fail(err, status, "%s", why.text);
    if (status != DGM_OK) {
        w->fault = dgmi_arena_dup(arena, why.text);
        whole = whole && w->fault;
    }
    return whole ? tell_state(data_dir, arena, w, err) : dgmi_fail_memory(err);
}

dgm_status dgmi_watch_names(const char *data_dir, dgmi_names *out, dgm_error *err)
{
    dgm_error why = DGM_ERROR_INIT;
    *out = (dgmi_names){ NULL, 0 };
    char *folder = dgmi_path_join(data_dir, "watch");
    dgm_status status =
        folder ? dgmi_dir_list(folder, out, &why) : dgmi_fail_memory(&why);
    free(folder);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK;
    if (status != DGM_OK)
        return dgmi_fail(err, status, "%s", why.text);
    size_t n = 0;
    for (size_t i = 0; i < out->n; i++) {
        char *name = out->names[i];
        size_t length = strlen(name), end = sizeof ENDING - 1;
        bool ours = length > end && !strcmp(name + length - end, ENDING);
        if (ours)
            name[length - end] = '\0';
        if (ours && dgmi_watch_is_name(name) && n < DGMI_WATCHES)
            out->names[n++] = name;
        else
            free(name);
    }
    out->n = n;
    return DGM_OK;
}

dgm_status dgm_watches_read(const char *data_dir, const char *name, dgm_watches **out,
                            dgm_error *err)
{
    dgmi_names names = { NULL, 0 };
    if (!data_dir || !out)
        return dgmi_fail(err, DGM_E_ARG, "a data directory and a place are needed");
    *out = NULL;
    dgm_status status = name ? DGM_OK : dgmi_watch_names(data_dir, &names, err);
    if (status != DGM_OK)
        return status;
    size_t n = name ? 1 : names.n, told = 0;
    dgmi_arena *arena = dgmi_arena_new(0);
    watches *made = arena ? dgmi_arena_alloc(arena, sizeof *made) : NULL;
    dgm_watch *list = made ? dgmi_arena_array(arena, n + 1, sizeof *list) : NULL;
    if (!list)
        status = dgmi_fail_memory(err);
    for (size_t i = 0; list && status == DGM_OK && i < n; i++) {
        dgm_error why = DGM_ERROR_INIT;
        const char *one = name ? name : names.names[i];
        status = tell_watch(data_dir, one, arena, &list[told], &why);
        told += status == DGM_OK;
        if (!name && status == DGM_E_NOTFOUND) /* removed meanwhile */
            status = DGM_OK;
        else if (status != DGM_OK)
            dgmi_fail(err, status, "%s", why.text);
    }
    dgmi_names_free(&names);
    if (status != DGM_OK || !made) {
        dgmi_arena_free(arena);
        return status;
    }
    *made = (watches){ { list, told }, arena };
    *out = &made->watches;
    return DGM_OK;
}

/* ---- Trying ---- */

dgm_status dgm_watch_try(dgm *desk, const char *name, unsigned limit, dgm_page **out,
                         dgm_error *err)
{
    dgmi_watchfile file;
    if (!desk || !name || !out || limit < 1 || limit > 100)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, a name, a limit of 1 to 100 and a place are needed");
    *out = NULL;
    dgm_status status = dgmi_watchfile_read(desk->index->data_dir, name, &file, err);
    if (status == DGM_OK) {
        file.request->group = file.request->explain = true;
        file.request->sort = DGMI_NEWEST;
        file.request->highlight = DGMI_HIGHLIGHT_TEXT;
        file.request->limit = limit;
        status = dgm_search(desk, file.request, out, err);
    }
    dgmi_watchfile_clear(&file);
    return status;
}
