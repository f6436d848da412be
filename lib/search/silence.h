/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which sources are silent for longer than is their habit: what a reader keeps in mind of
 * it, and what a reply says. Depends on lib/index. */
#ifndef DGMI_SILENCE_H
#define DGMI_SILENCE_H

#include "arena.h"
#include "dragoman.h"
#include "habit.h"

struct dgmi_search;

#define DGMI_SILENCE_WINDOW 120   /* days before the clock that habits are learned from */
#define DGMI_SILENCE_ITEMS 20000  /* of them; if there are more: 5 weeks */
#define DGMI_SILENCE_LIVE 14      /* days: a newest item that is older makes an archive */
#define DGMI_SILENCE_NEWS 31      /* days of silence after which nobody need be told */
#define DGMI_SILENCE_SHOWN 3      /* in a reply without a filter for sources */
#define DGMI_SILENCE_BUDGET_MS 60 /* for learning, within a search */

/* A source as the window shows it. */
typedef struct dgmi_source {
    const char *name;
    int64_t last;
    uint32_t frequency; /* items that the index had of it */
    dgmi_habit habit;
    const char
        *labels[3]; /* of silent ones: region, country, language of the last item */
} dgmi_source;

typedef struct dgmi_silence {
    dgmi_arena *arena; /* NULL: nothing was learned */
    uint64_t generation, commit;
    int64_t hour; /* of the clock, when it was learned */
    int64_t clock;
    dgmi_source *list; /* of the window; the silent ones first, most missed items first */
    size_t n, n_silent;
    bool late; /* there was no time: nothing is known */
} dgmi_silence;

void dgmi_silence_clear(dgmi_silence *silence);

/* Learns the habits anew if they are of another generation or hour, or if a source that
 * was silent has other items now. */
dgm_status dgmi_silence_learn(dgm *desk, int64_t now, uint64_t deadline_us,
                              dgm_error *err);

/* Writes into the page which sources that the request could have found are silent. Never
 * fails: a reply without a note is one, too. */
void dgmi_silence_note(struct dgmi_search *s, dgm_page *page);

#endif
