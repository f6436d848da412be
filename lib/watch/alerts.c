/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts with the texts of their items. Depends on look.h, turn.h.
 *
 * The journal has ids alone. What is told of an item is searched for when it is asked
 * for, by the watchlist's own search among the items of the page: so a withdrawn text is
 * not told, and a corrected one as it is now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "look.h"
#include "turn.h"

enum { LIMIT_MOST = 100, KEPT_ITEMS = LIMIT_MOST };

/* What the caller holds is the first member, so it frees itself. */
typedef struct alerts {
    dgm_alerts alerts;
    dgmi_arena *arena;
    dgm_page *page;
    dgm_item *items[KEPT_ITEMS]; /* of hits that no longer match */
    size_t n_items;
} alerts;

void dgm_alerts_free(dgm_alerts *a)
{
    alerts *all = (alerts *)(void *)a;
    if (!all)
        return;
    for (size_t i = 0; i < all->n_items; i++)
        dgm_item_free(all->items[i]);
    dgm_page_free(all->page);
    dgmi_arena_free(all->arena);
}

const char *dgm_alert_kind_text(dgm_alert_kind kind)
{
    switch (kind) {
    case DGM_ALERT_NEW:
        return "new";
    case DGM_ALERT_CORRECTED:
        return "corrected";
    case DGM_ALERT_WITHDRAWN:
        return "withdrawn";
    }
    return "new";
}

typedef struct teller {
    dgm *desk;
    dgmi_book book;
    const dgmi_entry *chosen[LIMIT_MOST];
    const char *ids[LIMIT_MOST];
    size_t n;
    uint64_t next; /* number of the last entry that was looked at */
    alerts *made;
    dgm_error *err;
} teller;

/* ---- Which ---- */

static void choose_newest(teller *t, unsigned limit)
{
    const dgmi_journal *j = &t->book.journal;
    for (size_t i = j->n; i > 0 && t->n < limit; i--)
        if (j->list[i - 1].last)
            t->chosen[t->n++] = &j->list[i - 1];
    t->next = j->last;
}

/* Numbers of the journal are without gaps. */
static void choose_behind(teller *t, uint64_t since, unsigned limit)
{
    const dgmi_journal *j = &t->book.journal;
    uint64_t first = j->n > 0 ? j->list[0].number : 1;
    size_t i = since >= first ? (size_t)(since - first + 1) : 0;
    t->made->alerts.gap = since + 1 < first;
    t->next = since;
    for (; i < j->n && t->n < limit; i++) {
        const dgmi_entry *e = &j->list[i];
        bool withdrawn = !e->last && !dgmi_journal_live(j, e->item);
        if (!withdrawn)
            t->chosen[t->n++] = e;
        t->next = e->number;
    }
    t->made->alerts.more = i < j->n;
}

/* ---- What is told of them ---- */

static const dgm_hit *hit_of(const dgm_page *page, const char *id)
{
    for (size_t i = 0; page && i < page->n_hits; i++)
        if (!strcmp(page->hits[i].id, id))
            return &page->hits[i];
    return NULL;
}

/* Of one that does not match: what there is to be said without its text. False if it
 * cannot be found by anybody: the alert that says so is yet to come. */
static dgm_status describe(teller *t, const char *id, dgm_hit *hit, bool *there)
{
    dgm_item *item = NULL;
    dgm_error why = DGM_ERROR_INIT;
    *there = false;
    dgm_status status = dgm_get(t->desk, id, &item, &why);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK;
    if (status != DGM_OK)
        return dgmi_fail(t->err, status, "%s", why.text);
    t->made->items[t->made->n_items++] = item;
    *there = item->status == DGM_USABLE;
    if (*there)
        *hit = (dgm_hit){ .id = item->id,
                          .title = item->title ? item->title : "",
                          .published = item->published,
                          .region = item->region,
                          .country = item->country,
                          .source = item->source,
                          .language = item->language,
                          .url = item->url,
                          .translated = item->translated,
                          .topics = item->topics,
                          .n_topics = item->n_topics };
    return DGM_OK;
}

static dgm_status fill(teller *t, const dgmi_entry *e, dgm_alert *out, bool *told)
{
    char hex[20];
    dgmi_arena *arena = t->made->arena;
    const dgm_hit *hit = hit_of(t->made->page, e->item);
    dgm_status status = DGM_OK;
    snprintf(hex, sizeof hex, "%016llx", (unsigned long long)e->id);
    *out = (dgm_alert){ .id = dgmi_arena_dup(arena, hex),
                        .kind = e->kind,
                        .place = dgmi_place_text(arena, &t->book.note, e->number),
                        .found = e->found,
                        .replaces = dgmi_arena_dup(arena, e->replaces) };
    *told = true;
    if (e->kind == DGM_ALERT_WITHDRAWN) {
        out->hit =
            (dgm_hit){ .id = dgmi_arena_dup(arena, e->item), .published = DGM_NO_TIME };
    } else if (hit) {
        out->hit = *hit;
        out->hit.score = 0; /* nothing is ranked, and it would change with each commit */
        out->matches = true;
    } else {
        status = describe(t, e->item, &out->hit, told);
    }
    bool whole = out->id && out->place && (!*told || out->hit.id);
    return status == DGM_OK && !whole ? dgmi_fail_memory(t->err) : status;
}

static dgm_status fill_all(teller *t, bool html)
{
    dgmi_among among = { .ids = t->ids };
    dgm_alerts *out = &t->made->alerts;
    dgm_alert *list = dgmi_arena_array(t->made->arena, t->n + 1, sizeof *list);
    if (!list)
        return dgmi_fail_memory(t->err);
    for (size_t i = 0; i < t->n; i++)
        if (t->chosen[i]->kind != DGM_ALERT_WITHDRAWN)
            t->ids[among.n++] = t->chosen[i]->item;
    dgm_status status = dgmi_look_among(t->desk, &t->book.file, &among,
                                        html ? DGMI_HIGHLIGHT_HTML : DGMI_HIGHLIGHT_TEXT,
                                        true, &t->made->page, t->err);
    for (size_t i = 0; i < t->n && status == DGM_OK; i++) {
        bool told = false;
        status = fill(t, t->chosen[i], &list[out->n], &told);
        out->n += told;
    }
    out->list = list;
    return status;
}

static dgm_status fill_head(teller *t)
{
    dgm_alerts *out = &t->made->alerts;
    dgmi_arena *arena = t->made->arena;
    const char *search = dgm_request_text(t->book.file.request);
    const dgmi_journal *j = &t->book.journal;
    out->watch = dgmi_arena_dup(arena, t->book.file.name);
    out->label = dgmi_arena_dup(arena, t->book.file.label ? t->book.file.label
                                                          : t->book.file.name);
    out->query = t->made->page->query_parsed;
    out->search = dgmi_arena_dup(arena, search);
    out->revision = t->made->page->revision;
    out->created = t->book.note.created ? t->book.note.created : DGM_NO_TIME;
    out->updated = j->n > 0 ? j->list[j->n - 1].found : out->created;
    if (t->next > 0)
        out->next = dgmi_place_text(arena, &t->book.note, t->next);
    bool whole = out->watch && out->label && out->search && (out->next || !t->next);
    return whole ? DGM_OK : dgmi_fail_memory(t->err);
}

/* ---- The whole ---- */

static dgm_status read_all(teller *t, const char *name)
{
    const char *data_dir = t->desk->index->data_dir;
    dgm_status status = dgmi_watchfile_read(data_dir, name, &t->book.file, t->err);
    if (status == DGM_OK)
        status = dgmi_note_read(data_dir, name, &t->book.note, t->err);
    if (status == DGM_OK)
        status = dgmi_journal_read(data_dir, name, &t->book.journal, t->err);
    return status;
}

static dgm_status choose(teller *t, const char *since, unsigned limit)
{
    uint64_t number = 0;
    if (!since) {
        choose_newest(t, limit);
        return DGM_OK;
    }
    if (!dgmi_place_read(since, &t->book.note, t->book.journal.last, &number))
        return dgmi_fail(t->err, DGM_E_ARG,
                         "since: \"%.60s\" is no place that this watchlist gave out",
                         since);
    choose_behind(t, number, limit);
    return DGM_OK;
}

dgm_status dgm_watch_alerts(dgm *desk, const char *name, const char *since,
                            unsigned limit, bool html, dgm_alerts **out, dgm_error *err)
{
    teller t = { .desk = desk, .err = err };
    if (!desk || !name || !out || limit < 1 || limit > LIMIT_MOST)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, a name, a limit of 1 to %d and a place are needed",
                         LIMIT_MOST);
    *out = NULL;
    dgmi_arena *arena = dgmi_arena_new(0);
    t.made = arena ? dgmi_arena_alloc(arena, sizeof *t.made) : NULL;
    if (!t.made) {
        dgmi_arena_free(arena);
        return dgmi_fail_memory(err);
    }
    *t.made = (alerts){ .arena = arena };
    dgm_status status = read_all(&t, name);
    if (status == DGM_OK)
        status = choose(&t, since, limit);
    if (status == DGM_OK)
        status = fill_all(&t, html);
    if (status == DGM_OK)
        status = fill_head(&t);
    dgmi_book_clear(&t.book);
    if (status == DGM_OK)
        *out = &t.made->alerts;
    else
        dgm_alerts_free(&t.made->alerts);
    return status;
}
