/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where watchlists stand beyond what is written of it. Depends on ahead.h, lib/base. */
#include "ahead.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "clock.h"
#include "hash.h"

typedef struct stand {
    int64_t created;
    uint64_t last, place;
    int64_t as_of, looked;
    char revision[sizeof((dgmi_note *)0)->revision];
    uint64_t written_us; /* about when the file had the same */
} stand;

struct dgmi_ahead {
    dgmi_map *places; /* of names in list, + 1 */
    stand *list;
    size_t n, capacity;
};

static void end(void *user)
{
    dgmi_ahead *a = user;
    if (!a)
        return;
    dgmi_map_free(a->places);
    free(a->list);
    free(a);
}

dgmi_ahead *dgmi_ahead_of(dgm *desk)
{
    if (desk->watching)
        return desk->watching;
    dgmi_ahead *a = calloc(1, sizeof *a);
    if (a)
        a->places = dgmi_map_new();
    if (!a || !a->places) {
        end(a);
        return NULL;
    }
    desk->watching = a;
    desk->end_watching = end;
    return a;
}

static stand *find(const dgmi_ahead *a, const char *name)
{
    uint64_t *at = a ? dgmi_map_at(a->places, dgmi_str_of(name), false) : NULL;
    return at && *at > 0 ? &a->list[*at - 1] : NULL;
}

/* Places of the log and times of embargoes only grow: whoever has less was overtaken. */
void dgmi_ahead_join(const dgmi_ahead *a, const char *name, dgmi_note *note)
{
    const stand *s = find(a, name);
    note->ahead = false;
    if (!s || s->created != note->created || s->last != note->last ||
        s->place < note->place || s->as_of < note->as_of)
        return;
    note->ahead = s->place > note->place || s->as_of > note->as_of ||
                  strcmp(s->revision, note->revision) != 0;
    note->place = s->place;
    note->as_of = s->as_of;
    note->looked = s->looked;
    memcpy(note->revision, s->revision, sizeof note->revision);
}

/* Its place, made if need be; NULL without memory. */
static stand *make(dgmi_ahead *a, const char *name)
{
    stand *there = find(a, name);
    if (there || !a)
        return there;
    uint64_t *at = dgmi_map_at(a->places, dgmi_str_of(name), true);
    if (!at || !dgmi_grow(&a->list, &a->capacity, a->n + 1, sizeof *a->list))
        return NULL;
    a->list[a->n++] = (stand){ .written_us = dgmi_now_us() };
    *at = a->n;
    return &a->list[a->n - 1];
}

bool dgmi_ahead_put(dgmi_ahead *a, const char *name, const dgmi_note *note)
{
    stand *s = make(a, name);
    uint64_t now = dgmi_now_us(); /* not before what make() may note */
    if (!s)
        return false;
    *s = (stand){ .created = note->created,
                  .last = note->last,
                  .place = note->place,
                  .as_of = note->as_of,
                  .looked = note->looked,
                  .written_us = note->ahead ? s->written_us : now };
    memcpy(s->revision, note->revision, sizeof s->revision);
    return now - s->written_us < DGMI_AHEAD_SECONDS * UINT64_C(1000000);
}

bool dgmi_ahead_next(const dgmi_ahead *a, size_t *cursor, dgmi_str *name)
{
    uint64_t at;
    return a && dgmi_map_next(a->places, cursor, name, &at);
}

void dgmi_ahead_trim(dgmi_ahead *a, size_t watches)
{
    if (!a || a->n <= 2 * watches + 100)
        return;
    dgmi_map *empty = dgmi_map_new();
    if (!empty)
        return;
    dgmi_map_free(a->places);
    a->places = empty;
    a->n = 0;
}
