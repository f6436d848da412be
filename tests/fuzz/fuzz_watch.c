/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: any bytes as the file of a watchlist, or as what is kept of one: "S"
 * first, its state; "A" first, its alerts. What is taken can be used as it is, and comes
 * back from what is written of it. Depends on lib/watch. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"
#include "journal.h"
#include "note.h"
#include "query.h"
#include "utf8.h"
#include "watchfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[4096]; /* "": not made yet */

static void must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

static bool is_text(const char *text)
{
    return text && *text && dgmi_utf8_valid(text, strlen(text)) && !strchr(text, '\n');
}

/* ---- The file ---- */

static void check_parts(const dgmi_watchfile *w)
{
    must(!w->label || is_text(w->label));
    must(!w->webhook || (is_text(w->webhook) && !strncasecmp(w->webhook, "http", 4)));
    must(!w->secret || (is_text(w->secret) && w->webhook));
    must(!w->allow_private || is_text(w->allow_private));
    must(w->timeout >= 1 && w->timeout <= DGMI_WATCH_TIMEOUT_MOST);
    must(w->digest <= DGMI_DIGEST_MOST);
    must(dgm_request_text(w->request) != NULL);
}

/* Muting changes nothing else, and can be taken back. */
static void check_mute(const dgmi_watchfile *w, dgmi_str text)
{
    static const int64_t times[] = { 1764547200, DGM_NO_TIME };
    for (int i = 0; i < 2; i++) {
        dgmi_buf muted;
        dgmi_watchfile again;
        dgmi_buf_init(&muted, 0);
        dgmi_watch_put_mute(text, times[i], &muted);
        must(dgmi_watchfile_parse("w", "w.watch", dgmi_buf_str(&muted), &again, NULL) ==
             DGM_OK);
        must(again.mute == times[i] && again.digest == w->digest);
        must(!strcmp(dgm_request_text(again.request), dgm_request_text(w->request)));
        dgmi_watchfile_clear(&again);
        dgmi_buf_clear(&muted);
    }
}

static void try_file(dgmi_str text)
{
    dgmi_watchfile w;
    dgm_error err = DGM_ERROR_INIT;
    uint64_t seconds;
    if (dgmi_watchfile_parse("w", "w.watch", text, &w, &err) == DGM_OK) {
        check_parts(&w);
        check_mute(&w, text);
    } else {
        must(err.code == DGM_E_ARG && !strncmp(err.text, "w.watch:", 8));
    }
    dgmi_watchfile_clear(&w);
    if (dgmi_watch_seconds(text, &seconds))
        must(seconds <= DGMI_DIGEST_MOST);
}

/* ---- What is kept ---- */

static void remove_folder(void)
{
    dgmi_remove_tree(folder, NULL);
}

static bool make_folder(void)
{
    const char *base = getenv("TMPDIR");
    if (folder[0])
        return true;
    snprintf(folder, sizeof folder, "%s/dragoman-fuzz-XXXXXX", base ? base : P_tmpdir);
    char *inner = mkdtemp(folder) ? dgmi_path_join(folder, "watch/state") : NULL;
    bool made = inner && dgmi_make_dirs(inner, NULL) == DGM_OK && !atexit(remove_folder);
    free(inner);
    return made;
}

static bool put_file(const char *end, dgmi_str text)
{
    char *path = make_folder() ? dgmi_watch_path(folder, "watch/state", "w", end) : NULL;
    FILE *f = path ? fopen(path, "wb") : NULL;
    bool put = f && fwrite(text.p, 1, text.n, f) == text.n;
    put = f && fclose(f) == 0 && put;
    free(path);
    return put;
}

static void try_state(dgmi_str text)
{
    dgmi_note note;
    dgm_error err = DGM_ERROR_INIT;
    if (!put_file(".state", text))
        return;
    dgm_status status = dgmi_note_read(folder, "w", &note, &err);
    must(status == DGM_OK || *err.text);
    must(strlen(note.revision) < sizeof note.revision);
    must(strlen(note.fault) < DGMI_NOTE_LINE && strlen(note.trouble) < DGMI_NOTE_LINE);
    must(strlen(note.parked) < DGMI_NOTE_LINE);
}

static void try_alerts(dgmi_str text)
{
    dgmi_journal j;
    dgm_error err = DGM_ERROR_INIT;
    if (!put_file(".alerts", text))
        return;
    dgm_status status = dgmi_journal_read(folder, "w", &j, &err);
    must(status == DGM_OK || *err.text);
    must(j.whole <= text.n);
    for (size_t i = 0; status == DGM_OK && i < j.n; i++) {
        must(i == 0 || j.list[i].number > j.list[i - 1].number);
        must(*j.list[i].item);
        const dgmi_entry *live = dgmi_journal_live(&j, j.list[i].item);
        must(!live || live->last);
        must(!j.list[i].last || !live || live == &j.list[i]);
        dgmi_journal_has_story(&j, j.list[i].story);
    }
    dgmi_journal_clear(&j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dgmi_str text = { size > 0 ? (const char *)data : "", size };
    if (size > 0 && data[0] == 'S')
        try_state(dgmi_str_skip(text, 1));
    else if (size > 0 && data[0] == 'A')
        try_alerts(dgmi_str_skip(text, 1));
    else
        try_file(text);
    return 0;
}
