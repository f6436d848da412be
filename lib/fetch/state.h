/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is remembered of each feed between runs: DATA/feeds/state, replaced whole so that
 * a kill leaves the old or the new one. Depends on lib/base. */
#ifndef DGMI_FEED_STATE_H
#define DGMI_FEED_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "dragoman.h"
#include "hash.h"

#define DGMI_STATES_MAX 40000                 /* feeds that are remembered */
#define DGMI_STATE_KEPT ((int64_t)90 * 86400) /* seconds after leaving the list */

typedef enum dgmi_note_text {
    DGMI_NOTE_NAME,
    DGMI_NOTE_MOVED, /* where the feed is for good, by its own word */
    DGMI_NOTE_ETAG,  /* echoed as they came */
    DGMI_NOTE_MODIFIED,
    DGMI_NOTE_ERROR, /* what went wrong last; gone after a success */
    DGMI_NOTE_HUB,   /* WebSub: where, under which name, and our token */
    DGMI_NOTE_TOPIC,
    DGMI_NOTE_TOKEN,
    DGMI_NOTE_API,      /* back-fill: where posts are asked for */
    DGMI_NOTE_BACKFILL, /* the setting that it was begun with */
    DGMI_NOTE_BACKFILL_ERROR,
    DGMI_NOTE_TEXTS
} dgmi_note_text;

typedef enum dgmi_note_number {
    DGMI_NOTE_NEXT,     /* when it is to be asked again */
    DGMI_NOTE_HELD,     /* not before that, by the server's word (Retry-After) */
    DGMI_NOTE_POLLED,   /* last asked */
    DGMI_NOTE_SUCCESS,  /* last answered well */
    DGMI_NOTE_FAILED,   /* last failed */
    DGMI_NOTE_FAILURES, /* in a row */
    DGMI_NOTE_GONE,     /* when it said 410, or 0 */
    DGMI_NOTE_STATUS,   /* of the last reply, or 0 */
    DGMI_NOTE_POLLS,    /* counts since ever */
    DGMI_NOTE_NOT_MODIFIED,
    DGMI_NOTE_ADDED,
    DGMI_NOTE_REPLACED,
    DGMI_NOTE_REJECTED,
    DGMI_NOTE_SEEN,      /* when it was in a list */
    DGMI_NOTE_TTL,       /* minutes, as the feed last said */
    DGMI_NOTE_SUBSCRIBE, /* when to ask the hub again */
    DGMI_NOTE_PAGE,      /* back-fill: page done last, of how many, posts in all */
    DGMI_NOTE_PAGES,
    DGMI_NOTE_TOTAL,
    DGMI_NOTE_BEGAN,      /* this back-fill */
    DGMI_NOTE_SINCE,      /* only posts modified since, or 0 */
    DGMI_NOTE_BACKFILLED, /* when the last one was through */
    DGMI_NOTE_BACKFILL_NEXT,
    DGMI_NOTE_BACKFILL_FAILURES,
    DGMI_NOTE_NUMBERS
} dgmi_note_number;

typedef struct dgmi_feed_state {
    char *url; /* as listed */
    char *text[DGMI_NOTE_TEXTS];
    int64_t number[DGMI_NOTE_NUMBERS];
} dgmi_feed_state;

typedef struct dgmi_states {
    dgmi_feed_state **feeds;
    size_t n, capacity;
    dgmi_map *places; /* url -> place + 1 */
} dgmi_states;

/* Reads DATA/feeds/state; none is no error. CORRUPT, naming the line, if it is damaged.
 */
dgm_status dgmi_states_read(const char *data_dir, dgmi_states *states, dgm_error *err);
/* Writes it, without those that have been in no list for long. */
dgm_status dgmi_states_write(const char *data_dir, const dgmi_states *states, int64_t now,
                             dgm_error *err);
void dgmi_states_clear(dgmi_states *states);

/* The state of a feed, made if need be; NULL without memory. Valid until clear. */
dgmi_feed_state *dgmi_states_at(dgmi_states *states, const char *url);
/* Sets a text (NULL or "" clears). A value that a line cannot hold is not kept. False
 * without memory. */
bool dgmi_state_set(dgmi_feed_state *state, dgmi_note_text note, const char *value);

/* DATA/feeds/NAME; the caller frees. NULL without memory. */
char *dgmi_feeds_path(const char *data_dir, const char *name);

#endif
