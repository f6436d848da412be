/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One watchlist at work: from its place in the log to alerts. Depends on lib/index,
 * lib/search. */
#ifndef DGMI_LOOK_H
#define DGMI_LOOK_H

#include "desk.h"
#include "journal.h"
#include "note.h"
#include "watchfile.h"

#define DGMI_LOOK_IDS 500    /* of one window of the log */
#define DGMI_LOOK_FREED 5000 /* items whose embargoes end in one step */
#define DGMI_LOOK_FIRST 20   /* stories that a new watchlist lists */

/* Ids of a stretch of the log, in its order, each once. Watchlists mostly stand at one
 * place, so that the next one finds it made. */
typedef struct dgmi_window {
    uint64_t from, to; /* packed places */
    bool made;
    const char **ids;
    size_t n, capacity;
    dgmi_map *places; /* of ids, + 1 */
    dgmi_arena *arena;
} dgmi_window;
void dgmi_window_clear(dgmi_window *window);

/* All that there is of a watchlist. Owner: cleared with dgmi_book_clear. */
typedef struct dgmi_book {
    dgmi_watchfile file;
    dgmi_note note;
    dgmi_journal journal;
} dgmi_book;
void dgmi_book_clear(dgmi_book *book);

/* Follows the index, and tells whether there is anything to look at. */
dgm_status dgmi_look_is_due(dgm *desk, const dgmi_note *note, bool *due, dgm_error *err);

/* Goes on to what the index holds. Alerts are added to the journal and written, and the
 * note with them, or when it begins, or is put back with the archive; else the note is
 * left to its user to be written, and is then `ahead`. */
dgm_status dgmi_look(dgm *desk, dgmi_book *book, dgmi_window *window, dgm_error *err);

/* Goes on for one watchlist, whose turn the caller has, and writes where it stands. */
dgm_status dgmi_look_now(dgm *desk, const char *name, dgm_error *err);

/* The watch's search among some items, by id. */
dgm_status dgmi_look_among(dgm *desk, const dgmi_watchfile *watch,
                           const dgmi_among *among, dgmi_highlight highlight,
                           bool explain, dgm_page **out, dgm_error *err);

/* What the index knows of an item: usable false if it cannot be found by anybody. */
typedef struct dgmi_standing {
    bool usable;
    uint64_t at; /* place of its winning version, 0: not known */
    char *evolved_from;
} dgmi_standing;
dgm_status dgmi_look_up(dgm *desk, const char *id, dgmi_standing *out, dgm_error *err);
void dgmi_standing_clear(dgmi_standing *standing);

#endif
