/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One watchlist at work. Depends on look.h.
 *
 * The log is walked from where the watchlist stands to what the index holds, and the ids
 * met there are handed to the search proper as a filter: what it finds of them is what
 * anybody's search would find. What was told of them before decides whether an alert is
 * new, a correction, a withdrawal or nothing. All of that follows from the log and the
 * journal, so a kill before the place is written only means that the same is found again,
 * and is known to be told. */
#include "look.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "lines.h"

enum { DEADLINE_MS = 2000, ARENA = 64 << 20 };

/* ---- Windows ---- */

void dgmi_window_clear(dgmi_window *w)
{
    free(w->ids);
    dgmi_map_free(w->places);
    dgmi_arena_free(w->arena);
    memset(w, 0, sizeof *w);
}

static dgm_status take_id(dgmi_window *w, dgmi_str id, dgm_error *err)
{
    uint64_t *place = dgmi_map_at(w->places, id, true);
    char *copy = place && *place == 0 ? dgmi_arena_str(w->arena, id) : NULL;
    if (place && *place > 0)
        return DGM_OK;
    if (!copy || !dgmi_grow(&w->ids, &w->capacity, w->n + 1, sizeof *w->ids))
        return dgmi_fail_memory(err);
    w->ids[w->n++] = copy;
    *place = w->n;
    return DGM_OK;
}

/* Lines that are no items are the indexer's to report. NOTFOUND ends the walk. */
static dgm_status see(void *user, const dgmi_line *line, dgm_error *err)
{
    dgmi_window *w = user;
    dgmi_buf id;
    if (w->n >= DGMI_LOOK_IDS)
        return DGM_E_NOTFOUND;
    dgmi_buf_init(&id, 0);
    dgm_status status = dgmi_line_id(line->p, line->n, &id, NULL);
    if (status == DGM_OK)
        status = take_id(w, dgmi_buf_str(&id), err);
    else if (status != DGM_E_NOMEM)
        status = DGM_OK;
    dgmi_buf_clear(&id);
    w->to = line->after;
    return status;
}

static dgm_status make_window(const dgmi_index *index, uint64_t from, dgmi_window *w,
                              dgm_error *err)
{
    uint64_t end = dgmi_position_pack(index->position);
    if (w->made && w->from == from && (w->to > from || w->to == end))
        return DGM_OK; /* an empty one says nothing of what came since */
    dgmi_window_clear(w);
    w->from = w->to = from;
    w->places = dgmi_map_new();
    w->arena = dgmi_arena_new(ARENA);
    if (!w->places || !w->arena)
        return dgmi_fail_memory(err);
    dgm_status status = dgmi_lines_walk(index->data_dir, dgmi_position_unpack(from),
                                        index->position, see, w, err);
    if (status == DGM_OK && w->n < DGMI_LOOK_IDS)
        w->to = end;
    w->made = status == DGM_OK;
    return status;
}

/* ---- Asking ---- */

dgm_status dgmi_look_among(dgm *desk, const dgmi_watchfile *watch,
                           const dgmi_among *among, dgmi_highlight highlight,
                           bool explain, dgm_page **out, dgm_error *err)
{
    dgm_request request = *watch->request;
    request.among = among;
    request.highlight = highlight;
    request.explain = explain;
    request.deadline_ms = DEADLINE_MS;
    request.whole = true; /* an alert that is left out is one too few */
    request.window = (unsigned)among->n + (among->from < among->to ? DGMI_LOOK_FREED : 0);
    request.window += request.window == 0;
    return dgm_search(desk, &request, out, err);
}

dgm_status dgmi_look_up(dgm *desk, const char *id, dgmi_standing *out, dgm_error *err)
{
    dgmi_record record;
    *out = (dgmi_standing){ .usable = false };
    dgm_status status = dgmi_desk_record(desk, id, &record, err);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK;
    if (status != DGM_OK)
        return status;
    out->usable = record.item.status == DGM_USABLE;
    out->at = record.stored.at;
    if (record.item.evolved_from)
        out->evolved_from = strdup(record.item.evolved_from);
    return out->evolved_from || !record.item.evolved_from ? DGM_OK
                                                          : dgmi_fail_memory(err);
}

void dgmi_standing_clear(dgmi_standing *standing)
{
    free(standing->evolved_from);
    standing->evolved_from = NULL;
}

/* ---- Telling ---- */

typedef struct look {
    dgm *desk;
    const dgmi_watchfile *watch;
    dgmi_note *note;
    dgmi_journal *journal;
    uint64_t from; /* of the window */
    bool moved_back;
    int64_t now;
    dgm_error *err;
} look;

/* The same for the same event, so that who is told twice can know. */
static uint64_t alert_id(const look *l, const dgmi_entry *e)
{
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_buf_printf(&text, "%s %lld %d %llu %s", l->watch->name,
                    (long long)l->note->created, (int)e->kind,
                    (unsigned long long)e->place, e->item);
    uint64_t id = text.failed ? 0 : dgmi_hash64(text.p, text.n);
    dgmi_buf_clear(&text);
    return id;
}

static dgm_status tell(look *l, dgm_alert_kind kind, const char *item, uint64_t place,
                       uint64_t story, const char *replaces)
{
    dgmi_entry entry = { .kind = kind,
                         .found = l->now,
                         .place = place,
                         .story = story,
                         .item = item,
                         .replaces = replaces };
    entry.id = alert_id(l, &entry);
    return entry.id ? dgmi_journal_add(l->journal, &entry, l->err)
                    : dgmi_fail_memory(l->err);
}

static uint64_t story_of(const dgm_hit *hit)
{
    return hit->story ? strtoull(hit->story->id, NULL, 16) : 0;
}

/* Whether another item of the story matches that the archive had before this window: what
 * was told when the watchlist was younger than the journal goes back, or never. */
static dgm_status is_known(look *l, uint64_t story, bool *known)
{
    dgmi_among among = { .story = story, .before = l->from };
    dgm_page *page = NULL;
    *known = dgmi_journal_has_story(l->journal, story);
    if (*known)
        return DGM_OK;
    dgm_status status = dgmi_look_among(l->desk, l->watch, &among, DGMI_HIGHLIGHT_NONE,
                                        false, &page, l->err);
    *known = status == DGM_OK && page->n_hits > 0;
    dgm_page_free(page);
    return status;
}

/* An item that matches and was not told. */
static dgm_status take_new(look *l, const dgm_hit *hit, const dgmi_standing *now)
{
    uint64_t story = story_of(hit);
    bool known = false;
    dgm_status status = DGM_OK;
    if (now->evolved_from && dgmi_journal_live(l->journal, now->evolved_from))
        return tell(l, DGM_ALERT_CORRECTED, hit->id, now->at, story, now->evolved_from);
    if (story != 0 && hit->story->items > 1)
        status = is_known(l, story, &known);
    return status != DGM_OK || known
               ? status
               : tell(l, DGM_ALERT_NEW, hit->id, now->at, story, NULL);
}

/* hit is NULL if the item does not match. */
static dgm_status take_item(look *l, const char *id, const dgm_hit *hit)
{
    const dgmi_entry *told = dgmi_journal_live(l->journal, id);
    dgmi_standing now;
    if (!told && !hit)
        return DGM_OK;
    dgm_status status = dgmi_look_up(l->desk, id, &now, l->err);
    if (status != DGM_OK)
        ;
    else if (!told && now.usable)
        status = take_new(l, hit, &now);
    else if (told && !now.usable)
        status = tell(l, DGM_ALERT_WITHDRAWN, id,
                      now.at > told->place ? now.at : told->place, told->story, NULL);
    else if (told && now.at != told->place)
        status = tell(l, DGM_ALERT_CORRECTED, id, now.at, told->story, NULL);
    dgmi_standing_clear(&now);
    return status;
}

/* In the order of the log; then those whose embargo ended. */
static dgm_status take_hits(look *l, const dgmi_window *w, const dgm_page *page)
{
    const dgm_hit **hits = calloc(w->n + 1, sizeof *hits);
    dgm_status status = DGM_OK;
    if (!hits)
        return dgmi_fail_memory(l->err);
    for (size_t i = 0; i < page->n_hits; i++) {
        uint64_t *at = dgmi_map_at(w->places, dgmi_str_of(page->hits[i].id), false);
        if (at)
            hits[*at - 1] = &page->hits[i];
    }
    for (size_t i = 0; status == DGM_OK && i < w->n; i++)
        status = take_item(l, w->ids[i], hits[i]);
    for (size_t i = 0; status == DGM_OK && i < page->n_hits; i++)
        if (!dgmi_map_at(w->places, dgmi_str_of(page->hits[i].id), false))
            status = take_item(l, page->hits[i].id, &page->hits[i]);
    free(hits);
    return status;
}

static dgm_status take_window(look *l, const dgmi_window *w, int64_t until)
{
    dgm_page *page = NULL;
    dgmi_among among = { .ids = w->ids, .n = w->n, .from = l->note->as_of, .to = until };
    if (w->n == 0 && among.from >= among.to)
        return DGM_OK;
    dgm_status status = dgmi_look_among(l->desk, l->watch, &among, DGMI_HIGHLIGHT_NONE,
                                        false, &page, l->err);
    if (status == DGM_OK)
        status = take_hits(l, w, page);
    dgm_page_free(page);
    return status;
}

/* ---- The first time ---- */

static dgm_status begin(look *l, dgmi_note *note)
{
    const dgmi_index *index = l->desk->index;
    dgm_request request = *l->watch->request;
    dgm_page *page = NULL;
    note->created = l->now;
    note->place = dgmi_position_pack(index->position);
    note->as_of = index->as_of;
    request.group = true;
    request.sort = DGMI_NEWEST;
    request.highlight = DGMI_HIGHLIGHT_NONE;
    request.limit = DGMI_LOOK_FIRST;
    request.deadline_ms = DEADLINE_MS;
    request.whole = true;
    dgm_status status = dgm_search(l->desk, &request, &page, l->err);
    for (size_t i = status == DGM_OK ? page->n_hits : 0; status == DGM_OK && i > 0; i--) {
        const dgm_hit *hit = &page->hits[i - 1];
        dgmi_standing now;
        if (hit->relaxed)
            continue;
        status = dgmi_look_up(l->desk, hit->id, &now, l->err);
        if (status == DGM_OK && now.usable)
            status = tell(l, DGM_ALERT_NEW, hit->id, now.at, story_of(hit), NULL);
        dgmi_standing_clear(&now);
    }
    note->sent = l->journal->last;
    dgm_page_free(page);
    return status;
}

/* ---- The whole ---- */

/* Journal before place: see the head of this file. */
static dgm_status save(look *l, bool begun, bool failed_before)
{
    const char *data_dir = l->desk->index->data_dir;
    dgmi_note *note = l->note;
    bool told = l->journal->last > note->last;
    dgm_status status = dgmi_journal_write(data_dir, l->watch->name, l->journal, l->err);
    note->last = l->journal->last;
    if (status != DGM_OK || !(told || begun || failed_before || l->moved_back)) {
        note->ahead = true;
        return status;
    }
    l->moved_back = note->ahead = false;
    return dgmi_note_write(data_dir, l->watch->name, note, l->err);
}

/* An archive that was put back to an older state is gone on with from its end. */
static dgm_status step(look *l, dgmi_window *window)
{
    const dgmi_index *index = l->desk->index;
    dgmi_note *note = l->note;
    uint64_t end = dgmi_position_pack(index->position);
    int64_t until = index->as_of > note->as_of ? index->as_of : note->as_of;
    if (note->created == 0)
        return begin(l, note);
    l->moved_back = note->place > end;
    if (l->moved_back)
        note->place = end;
    dgm_status status = make_window(index, note->place, window, l->err);
    l->from = note->place;
    if (status == DGM_OK)
        status = take_window(l, window, until);
    if (status == DGM_OK) {
        note->place = window->to;
        note->as_of = until;
    }
    return status;
}

/* What is noted of one step. */
static dgm_status go_on(look *l, dgmi_window *window, bool *done)
{
    dgmi_note *note = l->note;
    char revision[sizeof note->revision];
    memcpy(revision, l->desk->index->revision, sizeof revision);
    uint64_t end = dgmi_position_pack(l->desk->index->position);
    bool begun = note->created == 0, failed_before = note->fault[0] != '\0';
    dgm_status status = step(l, window);
    if (status != DGM_OK)
        return status;
    *done = note->place >= end;
    note->looked = l->now;
    note->fault[0] = '\0';
    memcpy(note->revision, *done ? revision : "", *done ? sizeof revision : 1);
    return save(l, begun, failed_before);
}

dgm_status dgmi_look_is_due(dgm *desk, const dgmi_note *note, bool *due, dgm_error *err)
{
    dgm_status status = dgmi_index_refresh(desk->index, NULL, err);
    *due = status == DGM_OK && (note->created == 0 || note->fault[0] ||
                                strcmp(note->revision, desk->index->revision) != 0);
    return status;
}

dgm_status dgmi_look(dgm *desk, dgmi_book *book, dgmi_window *window, dgm_error *err)
{
    look l = { .desk = desk,
               .watch = &book->file,
               .note = &book->note,
               .journal = &book->journal,
               .now = dgmi_wall_time(),
               .err = err };
    bool done = false;
    dgm_status status = DGM_OK;
    while (status == DGM_OK && !done)
        status = go_on(&l, window, &done);
    return status;
}

void dgmi_book_clear(dgmi_book *book)
{
    dgmi_watchfile_clear(&book->file);
    dgmi_journal_clear(&book->journal);
}
