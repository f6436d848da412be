/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading back what changed. First the index is asked what did; each item is looked up in
 * it before any is read back, so that it is known soon if they are too many. Once an item
 * was read back it stays, until it changes again or an embargo on it ends. Depends on
 * lib/archive, lib/xapian and lib/index below it. */
#include "recall.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "lines.h"

typedef struct going {
    dgmi_recall *r;
    dgmi_recaller *with;
    const dgmi_index *index;
    const dgmi_pace *pace;
    dgmi_archive_reader *reader;
    bool moved;  /* some way, this time */
    size_t read; /* items */
} going;

static bool is_late(const going *g)
{
    return dgmi_now_us() > g->pace->until_us;
}

static bool may_go(const going *g)
{
    return !g->moved || !is_late(g);
}

static void empty(dgmi_recall *r)
{
    dgmi_changed_clear(&r->changed);
    dgmi_former_clear(&r->former);
    dgmi_scratch_close(&r->scratch);
    r->db = NULL;
    r->made++;
    r->next = r->now = r->then = 0;
}

void dgmi_recall_clear(dgmi_recall *r)
{
    uint64_t made = r->made;
    empty(r);
    *r = (dgmi_recall){ .place = r->place, .made = made + 1 };
}

static void refuse(dgmi_recall *r, const char *fault)
{
    empty(r);
    r->refused = r->ready = r->counted = true;
    snprintf(r->fault, sizeof r->fault, "%.100s", fault);
}

/* What the scratch database cannot do is no fault of the archive or the index. */
static dgm_status judge(dgmi_recall *r, dgm_status status, const dgm_error *fault,
                        dgm_error *err)
{
    if (status == DGM_OK)
        return DGM_OK;
    if (status != DGM_E_IO && status != DGM_E_LOCKED)
        return dgmi_fail(err, status, "%s", fault->text);
    refuse(r, fault->text);
    return DGM_OK;
}

/* ---- What changed ---- */

/* Its document goes at once: it may be of a text that is not told any more. */
static dgm_status forget(dgmi_recall *r, dgmi_changed *c, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    if (c->has_doc)
        status = dgmi_scratch_drop(&r->scratch, c->id, &fault);
    r->now -= c->text_n;
    r->then -= c->then_n;
    dgmi_changed_forget(c);
    return judge(r, status, &fault, err);
}

/* What is found is looked up from the front again. */
static void rewind_to_front(dgmi_recall *r)
{
    dgmi_former_clear(&r->former);
    r->next = 0;
    r->ready = false;
}

static dgm_status note(void *user, dgmx_docid id, uint64_t first_seen, dgm_error *err)
{
    dgmi_recall *r = user;
    dgm_status status = DGM_OK;
    dgmi_changed *c = dgmi_changed_of(&r->changed, id);
    rewind_to_front(r);
    if (c) {
        status = forget(r, c, err);
    } else {
        c = dgmi_changed_add(&r->changed, id);
        if (!c)
            return dgmi_fail_memory(err);
        c->first_seen = first_seen;
    }
    if (r->changed.n > DGMI_RECALL_ITEMS)
        refuse(r, "");
    return status == DGM_OK && r->refused ? DGM_E_NOTFOUND : status; /* that is enough */
}

static dgm_status find_changed(going *g, dgm_error *err)
{
    dgmi_recall *r = g->r;
    if (r->counted)
        return DGM_OK;
    g->moved = true;
    dgm_status status =
        dgmi_changed_go(&r->walk, g->index, g->pace->until_us, note, r, err);
    if (status == DGM_OK && r->walk.ended) {
        r->counted = true;
        r->since = dgmi_position_pack(g->index->position);
    }
    return status;
}

/* An embargo may have ended, or begun if the clock was set back. */
static dgm_status forget_held(dgmi_recall *r, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; i < r->changed.n && status == DGM_OK; i++) {
        dgmi_changed *c = &r->changed.items[i];
        if (c->held || c->was_held)
            status = forget(r, c, err);
    }
    return status;
}

/* Where the index moved on, what changed by then is asked for once more. */
static dgm_status follow(dgmi_recall *r, const dgmi_index *index, dgm_error *err)
{
    dgm_status status = DGM_OK;
    if (r->generation != index->generation) {
        dgmi_recall_clear(r);
        r->since = r->place;
        r->generation = index->generation;
    } else if (r->commit == index->commit) {
        return DGM_OK;
    } else if (!r->refused && r->as_of != index->as_of) {
        status = forget_held(r, err);
    }
    r->commit = index->commit;
    r->as_of = index->as_of;
    if (r->refused)
        return status;
    r->counted = false;
    r->walk = (dgmi_changed_walk){ .place = r->place, .since = r->since };
    rewind_to_front(r);
    return status;
}

/* ---- What it was ---- */

static dgm_status look_up(going *g, dgm_error *err)
{
    dgmi_recall *r = g->r;
    dgm_status status = DGM_OK;
    for (; r->next < r->changed.n && status == DGM_OK && !r->refused; r->next++) {
        dgmi_changed *c = &r->changed.items[r->next];
        if (c->state != DGMI_CHANGED_FOUND)
            continue;
        status = dgmi_changed_look_up(c, g->index, dgmi_recaller_codec(g->with), err);
        if (status != DGM_OK)
            break;
        r->now += c->text_n;
        if (r->now > DGMI_RECALL_BYTES)
            refuse(r, "");
        if (is_late(g))
            break;
    }
    return status;
}

static dgm_status put(dgmi_recall *r, const going *g, dgmi_changed *c, dgmx_doc *doc,
                      dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    if (!r->scratch.writer)
        status = dgmi_scratch_open(&r->scratch, g->index->data_dir, &fault);
    if (status == DGM_OK)
        status = dgmi_scratch_put(&r->scratch, c->id, doc, &fault);
    return judge(r, status, &fault, err);
}

/* The item whose version of then is found by now. */
static dgm_status take(going *g, dgmi_changed *c, dgm_error *err)
{
    dgmi_recall *r = g->r;
    dgmx_doc *doc = NULL;
    r->then += r->former.bytes;
    c->then_n = r->former.bytes;
    if (r->then > DGMI_RECALL_BYTES || r->former.too_long) {
        refuse(r, "");
        return DGM_OK;
    }
    dgm_status status = dgmi_recaller_make(g->with, g->index, c, &r->former, &doc, err);
    c->state = DGMI_CHANGED_DONE;
    dgmi_former_clear(&r->former);
    if (status == DGM_OK && doc)
        status = put(r, g, c, doc, err);
    dgmx_doc_free(doc);
    g->read++;
    return status;
}

static bool is_enough(const going *g)
{
    return is_late(g) || (g->pace->items > 0 && g->read >= g->pace->items);
}

static dgm_status read_back(going *g, dgm_error *err)
{
    dgmi_recall *r = g->r;
    dgm_status status = DGM_OK;
    while (r->next < r->changed.n && status == DGM_OK && !r->refused) {
        dgmi_changed *c = &r->changed.items[r->next];
        if (c->state != DGMI_CHANGED_KNOWN) {
            r->next++;
            continue;
        }
        status = dgmi_former_go(&r->former, c, r->place, g->index->data_dir, &g->reader,
                                g->pace->until_us, err);
        if (status == DGM_OK && r->former.ended) {
            r->next++;
            status = take(g, c, err);
        }
        if (is_enough(g))
            break;
    }
    return status;
}

/* ---- The whole ---- */

static bool has_found(const dgmi_recall *r)
{
    for (size_t i = 0; i < r->changed.n; i++) {
        if (r->changed.items[i].state == DGMI_CHANGED_FOUND)
            return true;
    }
    return false;
}

static dgm_status look_up_all(going *g, dgm_error *err)
{
    dgmi_recall *r = g->r;
    if (!has_found(r))
        return DGM_OK;
    dgm_status status = look_up(g, err);
    g->moved = true;
    if (status == DGM_OK && !has_found(r))
        r->next = 0;
    return status;
}

static bool has_documents(const dgmi_recall *r)
{
    for (size_t i = 0; i < r->changed.n; i++) {
        if (r->changed.items[i].has_doc)
            return true;
    }
    return false;
}

/* What was put in can be read from here on. While it is not known what changed, there is
 * no telling what may be told. */
static dgm_status settle(dgmi_recall *r, dgm_error *err)
{
    dgm_error fault = DGM_ERROR_INIT;
    const dgmx_db *before = r->db;
    bool other = r->scratch.pending > 0;
    dgm_status status =
        r->scratch.writer ? dgmi_scratch_settle(&r->scratch, &fault) : DGM_OK;
    r->db = r->counted && has_documents(r) ? r->scratch.db : NULL;
    r->made += other || r->db != before;
    return judge(r, status, &fault, err);
}

static dgm_status read_on(going *g, dgm_error *err)
{
    dgm_status status = DGM_OK;
    if (g->r->next < g->r->changed.n)
        status = dgmi_recaller_refresh(g->with, err);
    return status == DGM_OK ? read_back(g, err) : status;
}

static dgm_status go(going *g, dgm_error *err)
{
    dgmi_recall *r = g->r;
    dgm_status status = follow(r, g->index, err);
    if (status == DGM_OK && !r->refused)
        status = find_changed(g, err);
    if (status == DGM_OK && r->counted && may_go(g))
        status = look_up_all(g, err);
    bool known = status == DGM_OK && r->counted && !has_found(r);
    if (known && !r->refused && may_go(g))
        status = read_on(g, err);
    if (status == DGM_OK && !r->refused)
        status = settle(r, err);
    r->ready = r->refused || (r->counted && !has_found(r) && r->next >= r->changed.n);
    return status;
}

dgm_status dgmi_recall_go(dgmi_recall *r, dgmi_recaller *with, const dgmi_index *index,
                          const dgmi_pace *pace, dgm_error *err)
{
    going g = { .r = r, .with = with, .index = index, .pace = pace };
    bool up_to_date =
        r->ready && r->generation == index->generation && r->commit == index->commit;
    dgm_status status = up_to_date ? DGM_OK : go(&g, err);
    dgmi_archive_reader_close(g.reader);
    if (status != DGM_OK && status != DGM_E_STALE)
        dgmi_recall_clear(r);
    return status;
}

dgmi_recall_counts dgmi_recall_count(const dgmi_recall *r)
{
    dgmi_recall_counts counts = { .changed = r->changed.n };
    for (size_t i = 0; i < r->changed.n; i++) {
        const dgmi_changed *c = &r->changed.items[i];
        counts.missing += c->state != DGMI_CHANGED_DONE;
        counts.withheld += c->outcome == DGMI_OUTCOME_WITHHELD;
        counts.lost += c->outcome == DGMI_OUTCOME_LOST;
    }
    return counts;
}

bool dgmi_recall_has(const dgmi_recall *r, dgmx_docid item)
{
    const dgmi_changed *c = dgmi_changed_of(&r->changed, item);
    return c && c->has_doc;
}
