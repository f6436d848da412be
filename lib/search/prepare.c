/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes before anything is found: cursor, moment, plan, matcher. Depends on
 * lib/index, lib/text, lib/xapian. */
#include "search.h"

#include "clock.h"
#include "fail.h"
#include "feedback.h"
#include "moment.h"
#include "then.h"

/* A part of a scan or of what is cited would pass for the whole. */
bool dgmi_search_is_whole(const dgmi_search *s)
{
    return s->whole || s->request->scan || s->request->whole || s->request->cite;
}

static uint64_t as_number(dgmi_position p)
{
    return (uint64_t)p.segment << 40 | p.offset;
}

/* Age is counted from one moment on all pages. */
static void set_now(dgmi_search *s)
{
    const dgm_request *r = s->request;
    if (r->recency > 0 && r->sort == DGMI_BY_RELEVANCE)
        s->cursor.now = r->now != DGM_NO_TIME          ? r->now
                        : s->cursor.now != DGM_NO_TIME ? s->cursor.now
                                                       : dgmi_wall_time();
    else
        s->cursor.now = DGM_NO_TIME;
}

/* What as_of names, once for all pages. */
static dgm_status find_moment(dgmi_search *s)
{
    uint64_t place = 0;
    const dgmi_asof *as_of = &s->request->as_of;
    if (as_of->kind == DGMI_ASOF_NONE)
        return DGM_OK;
    dgm_status status =
        dgmi_asof_resolve(s->desk->index, as_of, &place, &s->cursor.now, s->err);
    s->cursor.place = place;
    return status;
}

static void set_recency(dgmi_search *s)
{
    const dgm_request *r = s->request;
    s->recency = (dgmi_recency){ .share = r->recency,
                                 .half_life = r->half_life * 86400,
                                 .now = s->cursor.now,
                                 .whole = r->scan };
    if (s->cursor.now != DGM_NO_TIME)
        s->matcher.recency = &s->recency;
    if (r->recency > 0 && r->sort != DGMI_BY_RELEVANCE)
        dgmi_warn(&s->notes, "recency counts only where hits come by relevance");
    else if (r->recency == 0 && r->half_life != DGMI_HALF_LIFE_DAYS)
        dgmi_warn(&s->notes, "half_life does nothing without recency");
}

static dgm_status read_cursor(dgmi_search *s, uint64_t key)
{
    const dgmi_index *index = s->desk->index;
    s->resumed = s->request->cursor != NULL;
    if (s->resumed)
        return dgmi_cursor_read(s->request->cursor, key, s->scratch, &s->cursor, s->err);
    s->cursor = (dgmi_cursor){ .request = key,
                               .generation = index->generation,
                               .commit = index->commit,
                               .watermark = as_number(index->position),
                               .now = DGM_NO_TIME };
    dgm_status status = find_moment(s);
    if (status != DGM_OK)
        return status;
    set_now(s);
    return dgmx_db_last_docid(index->db, &s->cursor.last_id, s->err);
}

static void set_matcher(dgmi_search *s, uint64_t deadline_us)
{
    const dgmi_index *index = s->desk->index;
    s->matcher = (dgmi_matcher){
        .index = index,
        .lore = &s->desk->lore,
        .naming = &s->naming,
        .arena = s->scratch,
        .deadline_us = deadline_us,
        .sort = s->request->sort,
        .moved = s->cursor.generation != index->generation ||
                 s->cursor.commit != index->commit,
        .rebuilt = s->cursor.generation != index->generation,
        .watermark = s->cursor.watermark,
        .last_id = s->cursor.last_id,
        .grouped = s->request->group,
        .resident = &s->desk->resident,
        .matches = &s->matches,
        .err = s->err,
    };
    if (index->place > 0) /* what came later is left out by its place */
        s->matcher.last_id = UINT32_MAX;
    set_recency(s);
    if (s->matcher.rebuilt)
        dgmi_warn(&s->notes, "the index was built anew since the first page; "
                             "hits may repeat or be missing");
}

static dgm_status find_names(dgmi_search *s)
{
    dgmi_namebook *names = &s->desk->names;
    if (s->request->exact)
        return DGM_OK;
    dgm_status status = dgmi_namebook_refresh(names, s->desk->index->data_dir, s->err);
    if (status != DGM_OK)
        return status;
    if (*names->fault)
        dgmi_warn(&s->notes, "%s", names->fault);
    return dgmi_variants_find(s->desk, s->query->root, s->scratch, &s->naming, s->err);
}

static dgm_status find_synonyms(dgmi_search *s)
{
    dgm *desk = s->desk;
    if (s->request->exact || !s->request->synonyms)
        return DGM_OK;
    dgm_status status = dgmi_synonymbook_refresh(&desk->synonyms, desk->index->data_dir,
                                                 desk->stems, &desk->log, s->err);
    if (status == DGM_OK)
        status = dgmi_synonyms_match(desk, s->query->root, s->scratch, &s->synonyms,
                                     &s->synonyms_mark, s->err);
    return status;
}

/* As of an earlier moment, what was rewritten is seen to by the moment. */
static dgm_status plan_for(dgmi_search *s, dgmi_planner *p)
{
    dgm_status status = dgmi_plan_make(p, s->query, s->request, &s->plan);
    if (status == DGM_OK)
        status = dgmi_then_tell(s);
    return status == DGM_OK ? dgmi_then_hold(s, &s->plan.strict, &s->plan.relaxed)
                            : status;
}

static dgm_status make_plan(dgmi_search *s)
{
    dgmi_planner p = dgmi_search_planner(s);
    dgm_status status = find_names(s);
    if (status == DGM_OK)
        status = plan_for(s, &p);
    if (status == DGM_OK && s->request->sort == DGMI_BY_RELEVANCE)
        status = dgmi_refine_plan(p.index, s->query->root, p.arena, p.pins,
                                  &s->refinement, s->err);
    if (status == DGM_OK && s->request->expand)
        status = dgmi_feedback(s, &p);
    return status;
}

/* As of an earlier moment all goes on with the desk of that: synonyms, too, are those of
 * words that items had then. */
static dgm_status enter_moment(dgmi_search *s, uint64_t deadline_us)
{
    dgm *then = NULL;
    uint64_t place = s->cursor.place;
    uint64_t until = s->ready_by_us > 0 ? s->ready_by_us : deadline_us;
    if (place == 0)
        return DGM_OK;
    dgm_status status =
        dgmi_search_is_whole(s)
            ? dgmi_moment_enter_whole(s->desk, place, until, &then, s->err)
            : dgmi_moment_enter(s->desk, place, until, &then, s->err);
    s->unready = status == DGM_E_TIMEOUT;
    if (!then)
        return status;
    s->unready = !dgmi_moment_is_ready(then->moment);
    s->desk = then;
    return find_synonyms(s);
}

dgm_status dgmi_search_prepare(dgmi_search *s, uint64_t deadline_us)
{
    uint64_t key = dgmi_request_key(s->request);
    dgm_status status = find_synonyms(s); /* a cursor is good for the same ones */
    if (status == DGM_OK)
        status = key ? read_cursor(s, key ^ s->synonyms_mark) : dgmi_fail_memory(s->err);
    if (status == DGM_OK)
        status = enter_moment(s, deadline_us);
    if (status == DGM_OK)
        status = dgmi_lore_learn(&s->desk->lore, s->desk->index, s->err);
    if (status != DGM_OK)
        return status;
    set_matcher(s, deadline_us);
    return make_plan(s);
}
