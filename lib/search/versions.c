/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The versions of an item: their places come from its record, they themselves from the
 * archive. Two are in memory at a time. Depends on lib/index, lib/archive, lib/text. */
#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "arena.h"
#include "desk.h"
#include "diff.h"
#include "fail.h"
#include "item.h"
#include "lines.h"

enum {
    TEXT_MAX = 16 << 20, /* bytes of all diffs of one history */
    FIELDS_MAX = 20
};

/* What the caller gets, with the arena that owns it. */
typedef struct owned_history {
    dgm_history history; /* first: what callers hold */
    dgmi_arena *arena;
} owned_history;

typedef struct telling {
    dgm *desk;
    dgmi_arena *arena;
    dgm_item_version *versions;
    size_t n;
    bool with_diff;
    size_t text; /* bytes of diffs so far */
} telling;

void dgm_history_free(dgm_history *history)
{
    if (history)
        dgmi_arena_free(((owned_history *)history)->arena);
}

/* ---- Reading ---- */

static dgm_status load(telling *t, uint64_t place, dgm_item **out, dgm_error *err)
{
    dgmi_archive_reader *reader = NULL;
    dgmi_position at, after;
    const char *line = NULL;
    size_t n = 0;
    *out = NULL;
    dgm_status status = dgmi_archive_reader_open(
        t->desk->index->data_dir, dgmi_position_unpack(place), &reader, err);
    if (status == DGM_OK)
        status = dgmi_archive_next(reader, &line, &n, &at, &after, err);
    if (status == DGM_OK)
        status = dgmi_line_item(line, n, out, err);
    dgmi_archive_reader_close(reader);
    if (status == DGM_E_NOTFOUND || status == DGM_E_ARG)
        return dgmi_fail(err, DGM_E_CORRUPT, "the archive lacks a version of the item");
    return status;
}

static dgm_status note(telling *t, dgm_item_version *v, dgm_error *err)
{
    dgm_item *item = NULL;
    dgm_status status = load(t, v->place, &item, err);
    if (status != DGM_OK || !item)
        return status;
    v->version = dgmi_arena_dup(t->arena, item->version);
    v->sha256 = dgmi_arena_dup(t->arena, item->sha256);
    v->title = dgmi_arena_dup(t->arena, item->title);
    v->published = item->published;
    v->updated = item->updated;
    v->fetched = item->fetched;
    v->status = item->status;
    if ((item->version && !v->version) || (item->sha256 && !v->sha256) ||
        (item->title && !v->title))
        status = dgmi_fail_memory(err);
    dgm_item_free(item);
    return status;
}

/* ---- The order of versions ---- */

/* As much of it as the rule of versions looks at. */
static dgm_item item_of(const dgm_item_version *v)
{
    return (dgm_item){ .version = v->version,
                       .status = v->status,
                       .published = v->published,
                       .updated = v->updated,
                       .fetched = v->fetched };
}

static int newest_first(const void *x, const void *y)
{
    const dgm_item_version *a = x, *b = y;
    dgm_item one = item_of(a), other = item_of(b);
    int order = dgmi_item_compare_versions(&other, &one);
    return order != 0 ? order : (b->place > a->place) - (b->place < a->place);
}

/* The winner stands first, and what a kill took tells no text. */
static void settle(telling *t, uint64_t winner)
{
    bool killed = false;
    qsort(t->versions, t->n, sizeof *t->versions, newest_first);
    for (size_t i = 0; i < t->n; i++) {
        dgm_item_version *v = &t->versions[i];
        v->current = v->place == winner;
        v->killed = killed;
        killed = killed || v->status == DGM_CANCELED;
        if (killed)
            v->title = NULL;
        if (i + 1 == t->n || v->status == DGM_CANCELED)
            continue;
        dgm_item now = item_of(v), before = item_of(v + 1);
        v->silent = dgmi_item_compare_versions(&now, &before) == 0;
    }
}

/* ---- What changed ---- */

static bool differ(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

static bool lists_differ(const char *const *a, size_t n, const char *const *b, size_t m)
{
    bool other = n != m;
    for (size_t i = 0; i < n && !other; i++)
        other = strcmp(a[i], b[i]) != 0;
    return other;
}

static dgm_status compare_fields(telling *t, dgm_item_version *v, const dgm_item *now,
                                 const dgm_item *then, dgm_error *err)
{
    const struct {
        const char *name;
        bool changed;
    } fields[] = {
        { "title", differ(now->title, then->title) },
        { "published", now->published != then->published },
        { "embargo", now->embargo != then->embargo },
        { "status", now->status != then->status },
        { "region", differ(now->region, then->region) },
        { "country", differ(now->country, then->country) },
        { "source", differ(now->source, then->source) },
        { "provider", differ(now->provider, then->provider) },
        { "agency", differ(now->agency, then->agency) },
        { "author", differ(now->author, then->author) },
        { "language", differ(now->language, then->language) },
        { "url", differ(now->url, then->url) },
        { "topics",
          lists_differ(now->topics, now->n_topics, then->topics, then->n_topics) },
        { "names", lists_differ(now->names, now->n_names, then->names, then->n_names) },
        { "evolved_from", differ(now->evolved_from, then->evolved_from) },
    };
    const char **names = dgmi_arena_array(t->arena, FIELDS_MAX, sizeof *names);
    if (!names)
        return dgmi_fail_memory(err);
    v->fields = names;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (fields[i].changed)
            names[v->n_fields++] = fields[i].name;
    }
    return DGM_OK;
}

static void join(dgmi_buf *out, const dgm_item *item)
{
    for (size_t i = 0; i < item->n_paragraphs; i++) {
        dgmi_buf_puts(out, i > 0 ? "\n\n" : "");
        dgmi_buf_puts(out, item->paragraphs[i]);
    }
}

static dgm_status keep_diff(telling *t, dgm_item_version *v, const dgmi_diff *diff,
                            const dgmi_buf *then, const dgmi_buf *now, dgm_error *err)
{
    static const dgm_run_kind kinds[] = { DGM_RUN_SAME, DGM_RUN_REMOVED, DGM_RUN_ADDED };
    t->text += then->n + now->n;
    v->diff_left_out = t->text > TEXT_MAX;
    if (v->diff_left_out)
        return DGM_OK;
    dgm_run *runs = dgmi_arena_array(t->arena, diff->n_runs + 1, sizeof *runs);
    for (size_t i = 0; runs && i < diff->n_runs; i++) {
        const dgmi_diff_run *r = &diff->runs[i];
        dgmi_str text = { now->p + r->new_from, r->new_to - r->new_from };
        if (r->kind == DGMI_REMOVED)
            text = (dgmi_str){ then->p + r->old_from, r->old_to - r->old_from };
        runs[i] = (dgm_run){ kinds[r->kind], dgmi_arena_str(t->arena, text) };
        if (!runs[i].text)
            return dgmi_fail_memory(err);
    }
    if (!runs)
        return dgmi_fail_memory(err);
    v->diff = runs;
    v->n_diff = diff->n_runs;
    return DGM_OK;
}

static dgm_status compare_bodies(telling *t, dgm_item_version *v, const dgm_item *now,
                                 const dgm_item *then, dgm_error *err)
{
    dgmi_buf texts[2];
    dgmi_diff *diff = NULL;
    dgmi_buf_init(&texts[0], 0);
    dgmi_buf_init(&texts[1], 0);
    join(&texts[0], then);
    join(&texts[1], now);
    dgm_status status = texts[0].failed || texts[1].failed ? DGM_E_NOMEM : DGM_OK;
    if (status == DGM_OK)
        status = dgmi_diff_texts(dgmi_buf_str(&texts[0]), dgmi_buf_str(&texts[1]), &diff,
                                 NULL);
    if (status != DGM_OK || !diff) {
        status = dgmi_fail_memory(err);
    } else {
        v->words_added = diff->added;
        v->words_removed = diff->removed;
        v->coarse = diff->coarse;
        if (t->with_diff)
            status = keep_diff(t, v, diff, &texts[0], &texts[1], err);
    }
    dgmi_diff_free(diff);
    dgmi_buf_clear(&texts[0]);
    dgmi_buf_clear(&texts[1]);
    return status;
}

static dgm_status compare_pair(telling *t, dgm_item_version *v, const dgm_item *now,
                               const dgm_item *then, dgm_error *err)
{
    dgm_status status = compare_fields(t, v, now, then, err);
    return status == DGM_OK ? compare_bodies(t, v, now, then, err) : status;
}

static bool is_told(const dgm_item_version *v)
{
    return !v->killed && v->status != DGM_CANCELED;
}

/* Each version against the next older one, if the text of both may be told. */
static dgm_status compare_all(telling *t, dgm_error *err)
{
    dgm_item *now = NULL, *then = NULL;
    dgm_status status = DGM_OK;
    for (size_t i = 0; status == DGM_OK && i + 1 < t->n; i++) {
        dgm_item_version *v = &t->versions[i];
        if (!is_told(v) || !is_told(v + 1))
            break; /* and nothing behind it is */
        if (!now)
            status = load(t, v->place, &now, err);
        if (status == DGM_OK)
            status = load(t, v[1].place, &then, err);
        if (now && then)
            status = compare_pair(t, v, now, then, err);
        dgm_item_free(now);
        now = then;
        then = NULL;
    }
    dgm_item_free(now);
    return status;
}

/* ---- The whole ---- */

static dgm_status tell(telling *t, uint64_t winner, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; status == DGM_OK && i < t->n; i++)
        status = note(t, &t->versions[i], err);
    if (status != DGM_OK)
        return status;
    settle(t, winner);
    return compare_all(t, err);
}

/* Takes what is needed of the record, which the next use of the codec overwrites. The
 * winner may have been seen so long ago that it is not among the last places. */
static bool take_places(telling *t, const dgmi_record *record, dgm_history *history)
{
    const dgmi_stored *s = &record->stored;
    bool among = false;
    for (uint32_t i = 0; i < s->n_digests; i++)
        among |= s->places[i] == s->at;
    t->n = s->n_digests + !among;
    t->versions = dgmi_arena_array(t->arena, t->n, sizeof *t->versions);
    history->id = dgmi_arena_dup(t->arena, record->item.id);
    for (size_t i = 0; t->versions && i < t->n; i++)
        t->versions[i].place = i < s->n_digests ? s->places[i] : s->at;
    history->versions = t->versions;
    history->n_versions = t->n;
    history->cut = s->n_digests == DGMI_DIGESTS_MAX;
    return t->versions && history->id;
}

static dgm_status versions_once(telling *t, const char *id, dgm_history *history,
                                dgm_error *err)
{
    dgmi_record record;
    dgm_status status = dgmi_desk_record(t->desk, id, &record, err);
    if (status != DGM_OK)
        return status;
    uint64_t winner = record.stored.at;
    t->text = 0;
    return take_places(t, &record, history) ? tell(t, winner, err)
                                            : dgmi_fail_memory(err);
}

dgm_status dgm_versions(dgm *desk, const char *id, bool with_diff, dgm_history **out,
                        dgm_error *err)
{
    if (!desk || !id || !out)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, an id and a place for the versions are needed");
    *out = NULL;
    dgmi_arena *arena = dgmi_arena_new(0);
    owned_history *owned = arena ? dgmi_arena_alloc(arena, sizeof *owned) : NULL;
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    if (!owned) {
        dgmi_arena_free(arena);
        return dgmi_fail_memory(err);
    }
    telling t = { .desk = desk, .arena = arena, .with_diff = with_diff };
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = versions_once(&t, id, &owned->history, &inner);
    }
    if (status == DGM_OK) {
        owned->arena = arena;
        *out = &owned->history;
        return DGM_OK;
    }
    dgmi_arena_free(arena);
    if (status == DGM_E_NOTFOUND)
        return dgmi_fail(err, status, "there is no item \"%.120s\"", id);
    return dgmi_fail(err, status, "%s", inner.text);
}
