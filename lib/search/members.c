/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of stories. Depends on lib/index, lib/xapian. */
#include "members.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "kin.h"
#include "lines.h"
#include "standing.h"

enum { COPIES = 3 };

static int compare_members(const void *a, const void *b)
{
    const dgmi_story_member *x = a, *y = b;
    bool x_dated = x->published != DGM_NO_TIME, y_dated = y->published != DGM_NO_TIME;
    if (x_dated != y_dated)
        return x_dated ? -1 : 1;
    if (x->published != y->published)
        return x->published < y->published ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* The order value holds both what members are sorted by. */
static dgm_status read_member(dgm *desk, dgmx_docid id, dgmi_story_member *out,
                              dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes value;
    uint64_t complement = 0;
    out->id = id;
    dgm_status status = dgmx_doc_known(desk->index->db, id, &doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_value(doc, DGMI_SLOT_ORDER, &value, err);
    if (status == DGM_OK && (value.n != DGMI_ORDER_SIZE ||
                             !dgmi_schema_time_read(value.p, 6, &out->published) ||
                             !dgmi_schema_u64_read(value.p + 6, 8, &complement)))
        status = dgmi_fail(err, DGM_E_CORRUPT,
                           "an item has no place in the order; run: dragoman reindex");
    out->place = ~complement;
    dgmx_doc_free(doc);
    return status;
}

/* Both lists are walked side by side, which costs less than a match that is set up for a
 * few items. */
typedef struct walk {
    dgmx_postings *story, *usable;
    dgmx_docid reached; /* of the usable ones */
    dgm_error *err;
} walk;

/* Whether an item can be found; ids ascend from call to call. */
static dgm_status is_usable(walk *w, dgmx_docid id, bool *is)
{
    dgm_status status = DGM_OK;
    if (w->reached < id)
        status = dgmx_postings_skip_to(w->usable, id, w->err);
    if (status == DGM_OK && w->reached < id)
        status = dgmx_postings_next(w->usable, &w->reached, NULL, w->err);
    if (status == DGM_E_NOTFOUND)
        w->reached = UINT32_MAX;
    *is = w->reached == id;
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status add_members(walk *w, dgm *desk, dgmi_members *out)
{
    dgmx_docid id;
    bool usable = false;
    dgm_status status;
    while ((status = dgmx_postings_next(w->story, &id, NULL, w->err)) == DGM_OK) {
        status = is_usable(w, id, &usable);
        if (status == DGM_OK && usable)
            status = dgmi_standing_has(desk->index->db, id, desk->index->place, &usable,
                                       w->err);
        if (status == DGM_OK && usable && out->items++ < DGMI_MEMBERS_MAX)
            status = read_member(desk, id, &out->list[out->n++], w->err);
        if (status != DGM_OK)
            break;
    }
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* All that can be found of the items that have the story's term. */
static dgm_status walk_members(dgm *desk, const dgmi_buf *term, dgmi_members *out,
                               dgm_error *err)
{
    walk w = { .err = err };
    dgmx_db *db = desk->index->db;
    dgm_status status = dgmx_postings_of(db, term->p, term->n, &w.story, err);
    if (status == DGM_OK)
        status = dgmx_postings_of(db, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                  &w.usable, err);
    if (status == DGM_OK)
        status = add_members(&w, desk, out);
    dgmx_postings_free(w.story);
    dgmx_postings_free(w.usable);
    if (status == DGM_OK)
        qsort(out->list, out->n, sizeof *out->list, compare_members);
    return status;
}

dgm_status dgmi_members_find(dgm *desk, uint64_t story, uint32_t least, dgmi_members *out,
                             dgm_error *err)
{
    dgmi_buf term;
    uint32_t items = 0;
    out->n = out->items = 0;
    dgmi_buf_init(&term, 0);
    dgmi_kin_story_term(&term, story);
    dgm_status status =
        term.failed ? dgmi_fail_memory(err)
                    : dgmx_db_term_freq(desk->index->db, term.p, term.n, &items, err);
    if (status == DGM_OK && items >= least)
        status = walk_members(desk, &term, out, err);
    dgmi_buf_clear(&term);
    return status;
}

dgm_status dgmi_members_record(dgm *desk, dgmx_docid id, dgmx_doc **doc, dgmi_record *out,
                               dgm_error *err)
{
    dgmx_bytes data;
    *doc = NULL;
    dgm_status status = dgmx_doc_known(desk->index->db, id, doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(*doc, &data, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(desk->codec, data.p, data.n, out, err);
    return status;
}

/* To read a record costs as much as all else of a hit, so what they told is kept. */
static dgm_status fetched_at(dgm *desk, uint64_t place, int64_t *out, dgm_error *err)
{
    dgmi_fetched *f = &desk->fetched;
    size_t at = (size_t)(place * 0x9e3779b97f4a7c15u >> 54) % DGMI_FETCHED_KEPT;
    dgm_item *item = NULL;
    if (f->generation != desk->index->generation)
        memset(f, 0, sizeof *f);
    f->generation = desk->index->generation;
    if (f->kept[at].place == place + 1) {
        *out = f->kept[at].time;
        return DGM_OK;
    }
    dgm_status status = dgmi_lines_item_at(desk->index->data_dir, place, &item, err);
    if (status != DGM_OK)
        return status;
    *out = f->kept[at].time = item->fetched;
    f->kept[at].place = place + 1;
    dgm_item_free(item);
    return DGM_OK;
}

dgm_status dgmi_members_first_seen(dgm *desk, const dgmi_record *record, int64_t *out,
                                   dgm_error *err)
{
    *out = record->item.fetched;
    if (record->stored.first_seen == record->stored.at)
        return DGM_OK;
    return fetched_at(desk, record->stored.first_seen, out, err);
}

/* ---- Of a hit ---- */

typedef struct telling {
    dgm *desk;
    dgmi_arena *arena;
    dgm_hit_story *story;
    dgm_copy *copies;
    dgm_error *err;
} telling;

static bool copy_text(telling *t, const char *from, const char **to)
{
    *to = dgmi_arena_dup(t->arena, from);
    return *to || !from;
}

static dgm_status add_copy(telling *t, dgmx_docid id)
{
    dgmx_doc *doc = NULL;
    dgmi_record record;
    dgm_copy *copy = &t->copies[t->story->n_copies++];
    dgm_status status = dgmi_members_record(t->desk, id, &doc, &record, t->err);
    if (status == DGM_OK) {
        copy->published = record.item.published;
        bool ok = copy_text(t, record.item.id, &copy->id) &&
                  copy_text(t, record.item.title, &copy->title) &&
                  copy_text(t, record.item.source, &copy->source) &&
                  copy_text(t, record.item.provider, &copy->provider);
        status = ok ? DGM_OK : dgmi_fail_memory(t->err);
    }
    dgmx_doc_free(doc);
    return status;
}

/* The member that the log has first: when it was read, the story was first seen. */
static const dgmi_story_member *first_in_log(const dgmi_members *members)
{
    const dgmi_story_member *first = &members->list[0];
    for (uint32_t i = 1; i < members->n; i++) {
        if (members->list[i].place < first->place)
            first = &members->list[i];
    }
    return first;
}

static dgm_status add_others(telling *t, dgmx_docid self, const dgmi_members *members)
{
    dgm_status status = DGM_OK;
    const dgmi_story_member *first = first_in_log(members);
    for (uint32_t i = 0; status == DGM_OK && i < members->n; i++) {
        if (members->list[i].id != self && t->story->n_copies < COPIES)
            status = add_copy(t, members->list[i].id);
    }
    if (status != DGM_OK || first->id == self)
        return status;
    dgmx_doc *doc = NULL;
    dgmi_record record;
    status = dgmi_members_record(t->desk, first->id, &doc, &record, t->err);
    if (status == DGM_OK)
        status = dgmi_members_first_seen(t->desk, &record, &t->story->first_seen, t->err);
    dgmx_doc_free(doc);
    return status;
}

dgm_status dgmi_members_of_hit(dgm *desk, dgmx_docid id, const dgmi_record *record,
                               uint64_t story, dgmi_arena *arena,
                               const dgm_hit_story **out, dgm_error *err)
{
    char hex[DGMI_STORY_HEX];
    telling t = { .desk = desk, .arena = arena, .err = err };
    dgmi_members members;
    t.story = dgmi_arena_alloc(arena, sizeof *t.story);
    t.copies = dgmi_arena_array(arena, COPIES, sizeof *t.copies);
    dgmi_story_hex(story, hex);
    if (!t.story || !t.copies)
        return dgmi_fail_memory(err);
    t.story->id = dgmi_arena_dup(arena, hex);
    t.story->items = 1;
    t.story->copies = t.copies;
    *out = t.story;
    dgm_status status =
        t.story->id ? dgmi_members_first_seen(desk, record, &t.story->first_seen, err)
                    : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = dgmi_members_find(desk, story, 2, &members, err);
    if (status == DGM_OK && members.n > 1) {
        t.story->items = members.items;
        status = add_others(&t, id, &members);
    }
    return status;
}
