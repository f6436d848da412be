/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Earlier moments. Depends on lib/index, lib/xapian. */
#include "moment.h"

#include <stdlib.h>
#include <string.h>

#include "analyse.h"
#include "clock.h"
#include "fail.h"
#include "schema.h"
#include "standing.h"

/* ---- What stands ---- */

/* That an item can be found is asked for, too: see complete() of recaller.c for what a
 * phrase would find in a present index without any words. */
dgmi_clause *dgmi_moment_hold(const dgmi_index *index, dgmi_arena *arena,
                              dgmi_clause *clause)
{
    char last[8];
    dgmi_str none = { NULL, 0 }, bound = { last, sizeof last };
    if (index->place == 0)
        return clause;
    dgmi_schema_u64(index->place - 1, last);
    dgmi_clause *standing = dgmi_clause_pair(
        arena, DGMI_CLAUSE_AND,
        dgmi_clause_term(arena, dgmi_str_of(DGMI_TERM_USABLE), index->documents),
        dgmi_clause_range(arena, DGMI_SLOT_CHANGED, none, bound));
    return dgmi_clause_pair(arena, DGMI_CLAUSE_FILTER, clause, standing);
}

dgmi_clause *dgmi_moment_id(dgmi_arena *arena, const char *id)
{
    dgmi_buf term;
    dgmi_buf_init(&term, 0);
    dgmi_id_term(&term, id);
    dgmi_clause *clause =
        term.failed ? NULL : dgmi_clause_term(arena, dgmi_buf_str(&term), 2);
    dgmi_buf_clear(&term);
    return clause;
}

dgm_status dgmi_moment_doc(const dgmi_index *index, dgmx_docid item, dgmx_docid *out,
                           dgm_error *err)
{
    bool unchanged = false;
    *out = item;
    if (index->place == 0 || item == 0)
        return DGM_OK;
    *out = 2 * item - 1;
    dgm_status status = dgmi_standing_has(index->db, *out, index->place, &unchanged, err);
    if (status != DGM_OK || unchanged)
        return status;
    *out = 2 * item;
    return dgmi_standing_has(index->db, *out, index->place, &unchanged, err);
}

dgmx_docid dgmi_moment_item(const dgmi_index *index, dgmx_docid doc)
{
    return index->place == 0 ? doc : doc / 2 + doc % 2;
}

bool dgmi_moment_stands(const dgm *desk, dgmx_docid doc)
{
    if (!desk->moment || doc % 2 == 0)
        return true;
    return !dgmi_recall_has(&desk->moment->then, dgmi_moment_item(desk->index, doc));
}

/* ---- What was replaced by then ---- */

/* The index flags what is replaced today. Of items that did not change since, then.c asks
 * whether their successors were there; what the recalled ones did is found once. */
static dgm_status look_behind(dgmi_moment *m, dgmi_lineage *g, const char *id,
                              dgm_error *err)
{
    bool superseded = false;
    if (!id)
        return DGM_OK;
    dgm_status status = dgmi_lineage_superseded(g, id, &superseded, err);
    if (status == DGM_OK && superseded && !dgmi_lineage_list_add(&m->finding, id))
        status = dgmi_fail_memory(err);
    return status;
}

static void take_hidden(dgmi_moment *m)
{
    dgmi_lineage_list_clear(&m->hidden);
    m->hidden = m->finding;
    m->finding = (dgmi_lineage_list){ NULL, 0, 0 };
    m->ready = true;
}

/* Goes on with it, by one item at least. */
static dgm_status find_hidden(dgmi_moment *m, const dgmi_pace *pace, dgm_error *err)
{
    dgmi_lineage g = { .db = m->view.db,
                       .codec = m->desk.codec,
                       .before = m->view.place };
    const dgmi_changed_list *changed = &m->then.changed;
    dgm_status status = DGM_OK;
    bool late = false;
    while (m->next < changed->n && status == DGM_OK && !late) {
        const dgmi_changed *c = &changed->items[m->next];
        status = look_behind(m, &g, c->names[0], err);
        if (status == DGM_OK)
            status = look_behind(m, &g, c->names[1], err);
        m->next += status == DGM_OK;
        late = c->names[0] && dgmi_now_us() > pace->until_us;
    }
    dgmi_lineage_clear(&g);
    if (status == DGM_OK && m->next >= changed->n)
        take_hidden(m);
    return status;
}

/* That other items came, or changed that came later, leaves it as it is. */
static void begin_hidden(dgmi_moment *m)
{
    if (m->found_in == m->then.made && m->as_of == m->then.as_of)
        return;
    dgmi_lineage_list_clear(&m->finding);
    m->found_in = m->then.made;
    m->as_of = m->then.as_of;
    m->next = 0;
    m->ready = false;
}

/* ---- A moment's index ---- */

static void leave(dgmi_moment *m)
{
    dgmx_db_close(m->view.db);
    m->view.db = NULL;
    m->joined = false;
}

/* Where nothing of then is to be told there is an empty database. */
static dgm_status second_of(dgmi_moment *m, dgmx_db **out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    *out = m->then.db;
    if (*out)
        return DGM_OK;
    if (!m->memory)
        status = dgmx_writer_memory(&m->memory, err);
    if (status == DGM_OK && !m->nothing)
        status = dgmx_writer_db(m->memory, &m->nothing, err);
    *out = m->nothing;
    return status;
}

/* What was learned of other documents goes. */
static void unlearn(dgmi_moment *m)
{
    m->desk.lore.known = false;
    m->desk.kept.key = 0;
}

static dgm_status join(dgmi_moment *m, const dgmi_index *now, dgm_error *err)
{
    uint64_t place = m->view.place;
    dgmx_db *db = NULL, *second = NULL;
    leave(m);
    dgm_status status = second_of(m, &second, err);
    if (status == DGM_OK)
        status = dgmx_db_join(now->db, second, &db, err);
    m->view = *now;
    m->view.db = db;
    m->view.place = place;
    if (status == DGM_OK)
        status = dgmx_db_term_freq(db, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                   &m->view.documents, err);
    unlearn(m);
    m->joined_at = m->then.made;
    m->joined = status == DGM_OK;
    return status;
}

static bool is_joined(const dgmi_moment *m, const dgmi_index *now)
{
    return m->joined && m->view.generation == now->generation &&
           m->view.commit == now->commit && m->joined_at == m->then.made;
}

/* Brings a moment nearer to where the index is. */
static dgm_status follow(dgmi_moment *m, dgm *desk, const dgmi_pace *pace, dgm_error *err)
{
    dgm_status status = DGM_OK;
    if (!desk->recaller)
        status =
            dgmi_recaller_new(desk->index->data_dir, &desk->log, &desk->recaller, err);
    if (status == DGM_OK)
        status = dgmi_recall_go(&m->then, desk->recaller, desk->index, pace, err);
    if (status == DGM_OK && !is_joined(m, desk->index))
        status = join(m, desk->index, err);
    begin_hidden(m);
    if (status == DGM_OK && m->then.ready && !m->ready)
        status = find_hidden(m, pace, err);
    return status;
}

/* ---- Those of a reader ---- */

static void free_moment(dgmi_moment *m)
{
    if (!m)
        return;
    leave(m);
    dgmi_recall_clear(&m->then);
    dgmx_db_close(m->nothing);
    dgmx_writer_close(m->memory);
    dgmi_lineage_list_clear(&m->hidden);
    dgmi_lineage_list_clear(&m->finding);
    dgmi_resident_clear(&m->desk.resident);
    dgmi_lore_clear(&m->desk.lore);
    dgmi_namebook_clear(&m->desk.names);
    dgmi_silence_clear(&m->desk.silence);
    dgmi_synonymbook_clear(&m->desk.synonyms);
    free(m->desk.kept.hits);
    free(m);
}

void dgmi_moments_clear(dgm *desk)
{
    for (size_t i = 0; i < DGM_MOMENTS; i++) {
        free_moment(desk->moments[i]);
        desk->moments[i] = NULL;
    }
}

static dgmi_moment *new_moment(const dgm *desk, uint64_t place)
{
    dgmi_moment *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->view.place = m->then.place = place;
    m->desk.index = &m->view;
    m->desk.stems = desk->stems;
    m->desk.codec = desk->codec;
    m->desk.log = desk->log;
    m->desk.moment = m;
    return m;
}

/* The one of this place, else the one that was asked for longest ago gives way. */
static dgmi_moment **slot_of(dgm *desk, uint64_t place)
{
    dgmi_moment **oldest = &desk->moments[0];
    for (size_t i = 0; i < DGM_MOMENTS; i++) {
        dgmi_moment **slot = &desk->moments[i];
        if (*slot && (*slot)->view.place == place)
            return slot;
        if (!*slot || (*oldest && (*slot)->using < (*oldest)->using))
            oldest = slot;
    }
    free_moment(*oldest);
    *oldest = new_moment(desk, place);
    return oldest;
}

dgm_status dgmi_moment_enter(dgm *desk, uint64_t place, uint64_t until_us, dgm **out,
                             dgm_error *err)
{
    dgmi_moment *m = *slot_of(desk, place);
    const dgmi_pace pace = { .until_us = until_us, .items = desk->pace };
    *out = NULL;
    if (!m)
        return dgmi_fail_memory(err);
    m->using = ++desk->turns;
    dgm_status status = follow(m, desk, &pace, err);
    if (status == DGM_OK)
        *out = &m->desk;
    return status;
}

dgm_status dgmi_moment_enter_whole(dgm *desk, uint64_t place, uint64_t until_us,
                                   dgm **out, dgm_error *err)
{
    dgm_status status = dgmi_moment_enter(desk, place, until_us, out, err);
    if (!*out || dgmi_moment_is_ready((*out)->moment))
        return status;
    *out = NULL;
    return dgmi_fail(err, DGM_E_TIMEOUT,
                     "the time limit passed before all items that changed since were "
                     "read back as they were; asking again goes on from there");
}

bool dgmi_moment_is_ready(const dgmi_moment *m)
{
    return m->ready && m->then.ready;
}

const dgmi_moment *dgmi_moment_of(const dgm *desk)
{
    return desk->moment;
}
