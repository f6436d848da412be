/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Earlier moments. Depends on lib/index, lib/xapian. */
#include "moment.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "lines.h"
#include "schema.h"

/* ---- What stands ---- */

/* That an item can be found is asked for, too: see put() of recall.c for what a phrase
 * would find in a present index without any words. */
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

dgm_status dgmi_moment_has(const dgmi_index *index, dgmx_docid doc, bool *out,
                           dgm_error *err)
{
    dgmx_doc *handle = NULL;
    dgmx_bytes value;
    uint64_t place = 0;
    *out = true;
    if (index->place == 0)
        return DGM_OK;
    dgm_status status = dgmx_doc_get(index->db, doc, &handle, err);
    if (status == DGM_OK)
        status = dgmx_doc_value(handle, DGMI_SLOT_CHANGED, &value, err);
    if (status == DGM_OK)
        *out = dgmi_schema_u64_read(value.p, value.n, &place) && place < index->place;
    dgmx_doc_free(handle);
    return status;
}

dgm_status dgmi_moment_doc(const dgmi_index *index, dgmx_docid item, dgmx_docid *out,
                           dgm_error *err)
{
    bool unchanged = false;
    *out = item;
    if (index->place == 0 || item == 0)
        return DGM_OK;
    *out = 2 * item - 1;
    dgm_status status = dgmi_moment_has(index, *out, &unchanged, err);
    if (status != DGM_OK || unchanged)
        return status;
    *out = 2 * item;
    return dgmi_moment_has(index, *out, &unchanged, err);
}

dgmx_docid dgmi_moment_item(const dgmi_index *index, dgmx_docid doc)
{
    return index->place == 0 ? doc : doc / 2 + doc % 2;
}

static int compare_ids(const void *a, const void *b)
{
    const dgmx_docid *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

bool dgmi_moment_stands(const dgm *desk, dgmx_docid doc)
{
    const dgmi_recalled *then = desk->moment ? &desk->moment->then : NULL;
    dgmx_docid item = dgmi_moment_item(desk->index, doc);
    if (!then || then->n_ids == 0 || doc % 2 == 0)
        return true;
    return !bsearch(&item, then->ids, then->n_ids, sizeof item, compare_ids);
}

dgm_status dgmi_moment_find(const dgmi_index *index, dgmi_str term, dgmx_docid *out,
                            dgm_error *err)
{
    dgmx_postings *postings = NULL;
    bool found = false;
    dgm_status status = dgmx_postings_of(index->db, term.p, term.n, &postings, err);
    while (status == DGM_OK && !found) {
        status = dgmx_postings_next(postings, out, NULL, err);
        if (status == DGM_OK)
            status = dgmi_moment_has(index, *out, &found, err);
    }
    dgmx_postings_free(postings);
    return status;
}

/* ---- What was replaced by then ---- */

/* The index flags what is replaced today. Of items that did not change since, then.c asks
 * whether their successors were there; what the recalled ones did is found once. */
static dgm_status find_hidden(dgmi_moment *m, dgm_error *err)
{
    dgmi_lineage g = { .db = m->view.db,
                       .codec = m->desk.codec,
                       .before = m->view.place };
    dgm_status status = DGM_OK;
    dgmi_lineage_list_clear(&m->hidden);
    for (size_t i = 0; i < m->then.n_suspects && status == DGM_OK; i++) {
        bool superseded = false;
        const char *id = m->then.suspects[i];
        status = dgmi_lineage_superseded(&g, id, &superseded, err);
        if (status == DGM_OK && superseded && !dgmi_lineage_list_add(&m->hidden, id))
            status = dgmi_fail_memory(err);
    }
    dgmi_lineage_clear(&g);
    return status;
}

/* ---- A moment's index ---- */

static void leave(dgmi_moment *m)
{
    dgmx_db_close(m->view.db);
    m->view.db = NULL;
    m->joined = false;
}

static dgm_status join(dgmi_moment *m, const dgmi_index *now, dgm_error *err)
{
    uint64_t place = m->view.place;
    dgmx_db *db = NULL;
    leave(m);
    dgm_status status = dgmx_db_join(now->db, m->then.db, &db, err);
    m->view = *now;
    m->view.db = db;
    m->view.place = place;
    if (status == DGM_OK)
        status = dgmx_db_term_freq(db, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                   &m->view.documents, err);
    if (status == DGM_OK)
        status = find_hidden(m, err);
    m->joined = status == DGM_OK;
    return status;
}

static dgm_status recall(dgmi_moment *m, const dgmi_index *now, dgm_error *err)
{
    leave(m);
    m->recalled = false;
    dgmi_recall_clear(&m->then);
    dgm_status status = dgmi_recall(now, m->view.place, &m->desk.log, &m->then, err);
    m->seen = dgmi_position_pack(now->position);
    m->as_of = now->as_of;
    m->recalled = status == DGM_OK;
    return status;
}

/* Brings a moment up to where the index is. That other items came, or changed that came
 * later, leaves what was recalled as it is. */
static dgm_status follow(dgmi_moment *m, const dgmi_index *now, dgm_error *err)
{
    bool stale = !m->recalled || m->view.generation != now->generation ||
                 (m->then.held && m->as_of != now->as_of);
    dgm_status status = DGM_OK;
    if (m->joined && !stale && m->view.commit == now->commit)
        return DGM_OK;
    if (!stale && m->then.whole)
        status = dgmi_recall_is_stale(now, m->view.place, m->seen, &stale, err);
    if (status == DGM_OK && stale)
        status = recall(m, now, err);
    else if (status == DGM_OK)
        m->seen = dgmi_position_pack(now->position);
    return status == DGM_OK ? join(m, now, err) : status;
}

/* ---- Those of a reader ---- */

static void free_moment(dgmi_moment *m)
{
    if (!m)
        return;
    leave(m);
    dgmi_recall_clear(&m->then);
    dgmi_lineage_list_clear(&m->hidden);
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
    for (size_t i = 0; i < DGMI_MOMENTS; i++) {
        free_moment(desk->moments[i]);
        desk->moments[i] = NULL;
    }
}

static dgmi_moment *new_moment(const dgm *desk, uint64_t place)
{
    dgmi_moment *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->view.place = place;
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
    for (size_t i = 0; i < DGMI_MOMENTS; i++) {
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

dgm_status dgmi_moment_enter(dgm *desk, uint64_t place, dgm **out, dgm_error *err)
{
    dgmi_moment *m = *slot_of(desk, place);
    *out = NULL;
    if (!m)
        return dgmi_fail_memory(err);
    m->using = ++desk->turns;
    dgm_status status = follow(m, desk->index, err);
    if (status == DGM_OK)
        *out = &m->desk;
    return status;
}

const dgmi_moment *dgmi_moment_of(const dgm *desk)
{
    return desk->moment;
}
