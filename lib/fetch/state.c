/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is remembered of each feed. Depends on state.h, lib/base. The file has one line a
 * fact: "feed URL" begins a feed, " name value" belongs to it. */
#include "state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "file.h"

enum { VALUE_MAX = 4096 };
/* gcc 12's analyzer loses what hangs on members of an array. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

#define STATE_BYTES ((size_t)256 << 20)
#define HEADER "dragoman-feeds 1"

static const char *const text_names[DGMI_NOTE_TEXTS] = {
    [DGMI_NOTE_NAME] = "name",
    [DGMI_NOTE_MOVED] = "moved",
    [DGMI_NOTE_ETAG] = "etag",
    [DGMI_NOTE_MODIFIED] = "last-modified",
    [DGMI_NOTE_ERROR] = "error",
    [DGMI_NOTE_HUB] = "hub",
    [DGMI_NOTE_TOPIC] = "topic",
    [DGMI_NOTE_TOKEN] = "token",
    [DGMI_NOTE_API] = "api",
    [DGMI_NOTE_BACKFILL] = "backfill",
    [DGMI_NOTE_BACKFILL_ERROR] = "backfill-error",
};

static const char *const number_names[DGMI_NOTE_NUMBERS] = {
    [DGMI_NOTE_NEXT] = "next",
    [DGMI_NOTE_HELD] = "held",
    [DGMI_NOTE_POLLED] = "polled",
    [DGMI_NOTE_SUCCESS] = "success",
    [DGMI_NOTE_FAILED] = "failed",
    [DGMI_NOTE_FAILURES] = "failures",
    [DGMI_NOTE_GONE] = "gone",
    [DGMI_NOTE_STATUS] = "status",
    [DGMI_NOTE_POLLS] = "polls",
    [DGMI_NOTE_NOT_MODIFIED] = "not-modified",
    [DGMI_NOTE_ADDED] = "added",
    [DGMI_NOTE_REPLACED] = "replaced",
    [DGMI_NOTE_REJECTED] = "rejected",
    [DGMI_NOTE_SEEN] = "seen",
    [DGMI_NOTE_TTL] = "ttl",
    [DGMI_NOTE_SUBSCRIBE] = "subscribe",
    [DGMI_NOTE_PAGE] = "page",
    [DGMI_NOTE_PAGES] = "pages",
    [DGMI_NOTE_TOTAL] = "total",
    [DGMI_NOTE_BEGAN] = "began",
    [DGMI_NOTE_SINCE] = "since",
    [DGMI_NOTE_BACKFILLED] = "backfilled",
    [DGMI_NOTE_BACKFILL_NEXT] = "backfill-next",
    [DGMI_NOTE_BACKFILL_FAILURES] = "backfill-failures",
};

char *dgmi_feeds_path(const char *data_dir, const char *name)
{
    char *folder = dgmi_path_join(data_dir, "feeds");
    char *path = folder ? dgmi_path_join(folder, name) : NULL;
    free(folder);
    return path;
}

static void free_state(dgmi_feed_state *state)
{
    if (!state)
        return;
    free(state->url);
    for (int i = 0; i < DGMI_NOTE_TEXTS; i++)
        free(state->text[i]);
    free(state);
}

void dgmi_states_clear(dgmi_states *states)
{
    for (size_t i = 0; i < states->n; i++)
        free_state(states->feeds[i]);
    free(states->feeds);
    dgmi_map_free(states->places);
    *states = (dgmi_states){ .feeds = NULL };
}

bool dgmi_state_set(dgmi_feed_state *state, dgmi_note_text note, const char *value)
{
    bool kept = value && *value && strlen(value) <= VALUE_MAX;
    for (const char *p = value; kept && *p; p++)
        kept = (unsigned char)*p >= ' ' && *p != 0x7f;
    free(state->text[note]);
    state->text[note] = kept ? strdup(value) : NULL;
    return state->text[note] || !kept;
}

static dgmi_feed_state *add_state(dgmi_states *states, dgmi_str url)
{
    if (!states->places)
        states->places = dgmi_map_new();
    if (!states->places || !dgmi_grow(&states->feeds, &states->capacity, states->n + 1,
                                      sizeof *states->feeds))
        return NULL;
    dgmi_feed_state *state = calloc(1, sizeof *state);
    uint64_t *place = NULL;
    if (state)
        state->url = dgmi_str_dup(url);
    if (state && state->url)
        place = dgmi_map_at(states->places, url, true);
    if (!place) {
        free_state(state);
        return NULL;
    }
    states->feeds[states->n++] = state;
    *place = states->n;
    return state;
}

static dgmi_feed_state *find_or_add(dgmi_states *states, dgmi_str url)
{
    uint64_t *place = states->places ? dgmi_map_at(states->places, url, false) : NULL;
    return place && *place ? states->feeds[*place - 1] : add_state(states, url);
}

dgmi_feed_state *dgmi_states_at(dgmi_states *states, const char *url)
{
    return find_or_add(states, dgmi_str_of(url));
}

/* ---- Reading ---- */

static bool take_number(dgmi_feed_state *state, int i, dgmi_str value)
{
    char text[32], *end = NULL;
    if (value.n == 0 || value.n >= sizeof text)
        return false;
    memcpy(text, value.p, value.n);
    text[value.n] = '\0';
    errno = 0;
    state->number[i] = strtoll(text, &end, 10);
    return !errno && !*end;
}

/* Facts that we do not know are those of a later release: they are passed over. */
static bool take_fact(dgmi_feed_state *state, dgmi_str line)
{
    dgmi_str name;
    if (!dgmi_str_split(&line, ' ', &name))
        return false;
    for (int i = 0; i < DGMI_NOTE_NUMBERS; i++) {
        if (dgmi_str_eq(name, number_names[i]))
            return take_number(state, i, line);
    }
    for (int i = 0; i < DGMI_NOTE_TEXTS; i++) {
        if (!dgmi_str_eq(name, text_names[i]))
            continue;
        char *value = dgmi_str_dup(line);
        bool good = value && dgmi_state_set(state, (dgmi_note_text)i, value);
        free(value);
        return good;
    }
    return true;
}

static bool take_line(dgmi_states *states, dgmi_feed_state **state, dgmi_str line)
{
    if (dgmi_str_starts(line, "feed ")) {
        if (states->n == DGMI_STATES_MAX)
            return false;
        *state = find_or_add(states, dgmi_str_skip(line, 5));
        return *state != NULL;
    }
    return *state && dgmi_str_starts(line, " ") &&
           take_fact(*state, dgmi_str_skip(line, 1));
}

static dgm_status read_lines(dgmi_states *states, const char *path, dgmi_str rest,
                             dgm_error *err)
{
    dgmi_feed_state *state = NULL;
    dgmi_str line;
    bool good = dgmi_str_split(&rest, '\n', &line) && dgmi_str_eq(line, HEADER);
    for (size_t number = 2; good && dgmi_str_split(&rest, '\n', &line); number++) {
        if (!take_line(states, &state, line))
            return dgmi_fail(err, DGM_E_CORRUPT,
                             "%s:%zu: damaged; without this file, all feeds are asked "
                             "afresh",
                             path, number);
    }
    return good ? DGM_OK
                : dgmi_fail(err, DGM_E_CORRUPT,
                            "%s: not a state of feeds; without this file, all feeds are "
                            "asked afresh",
                            path);
}

dgm_status dgmi_states_read(const char *data_dir, dgmi_states *states, dgm_error *err)
{
    dgmi_buf text;
    dgm_error why = DGM_ERROR_INIT;
    *states = (dgmi_states){ .feeds = NULL };
    char *path = dgmi_feeds_path(data_dir, "state");
    if (!path)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&text, STATE_BYTES);
    dgm_status status = dgmi_file_read(path, &text, &why);
    if (status == DGM_OK)
        status = read_lines(states, path, dgmi_buf_str(&text), err);
    else if (status == DGM_E_NOTFOUND)
        status = DGM_OK;
    else
        dgmi_fail(err, status, "%s", why.text);
    dgmi_buf_clear(&text);
    free(path);
    if (status != DGM_OK)
        dgmi_states_clear(states);
    return status;
}

/* ---- Writing ---- */

static void put_state(dgmi_buf *out, const dgmi_feed_state *state)
{
    dgmi_buf_printf(out, "feed %s\n", state->url);
    for (int i = 0; i < DGMI_NOTE_TEXTS; i++) {
        if (state->text[i])
            dgmi_buf_printf(out, " %s %s\n", text_names[i], state->text[i]);
    }
    for (int i = 0; i < DGMI_NOTE_NUMBERS; i++) {
        if (state->number[i])
            dgmi_buf_printf(out, " %s %" PRId64 "\n", number_names[i], state->number[i]);
    }
}

dgm_status dgmi_states_write(const char *data_dir, const dgmi_states *states, int64_t now,
                             dgm_error *err)
{
    dgmi_buf text;
    char *path = dgmi_feeds_path(data_dir, "state");
    if (!path)
        return dgmi_fail_memory(err);
    dgmi_buf_init(&text, STATE_BYTES);
    dgmi_buf_puts(&text, HEADER "\n");
    for (size_t i = 0; i < states->n; i++) {
        if (states->feeds[i]->number[DGMI_NOTE_SEEN] + DGMI_STATE_KEPT >= now)
            put_state(&text, states->feeds[i]);
    }
    dgm_status status = text.failed ? dgmi_fail_memory(err)
                                    : dgmi_file_replace(path, text.p, text.n, err);
    dgmi_buf_clear(&text);
    free(path);
    return status;
}
