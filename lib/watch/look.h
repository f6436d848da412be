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

/* Goes on to what the index holds. *alerts grows by what was told. */
dgm_status dgmi_look(dgm *desk, const dgmi_watchfile *watch, dgmi_note *note,
                     dgmi_window *window, uint64_t *alerts, dgm_error *err);

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
