/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The items that a watch looks at as a clause. Depends on lib/index, lib/xapian. */
#include <string.h>

#include "kin.h"
#include "plan.h"
#include "schema.h"

static dgmi_clause *story_before(dgmi_planner *p, const dgmi_among *among)
{
    char last[8];
    dgmi_str none = { NULL, 0 };
    if (among->before == 0)
        return dgmi_clause_none(p->arena);
    dgmi_buf_reset(&p->term);
    dgmi_kin_story_term(&p->term, among->story);
    dgmi_clause *story = dgmi_plan_term(p, dgmi_buf_str(&p->term));
    dgmi_schema_u64(among->before - 1, last);
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_AND, story,
                            dgmi_clause_range(p->arena, DGMI_SLOT_FIRST_SEEN, none,
                                              (dgmi_str){ last, sizeof last }));
}

static dgmi_clause *ended_embargo(dgmi_planner *p, const dgmi_among *among)
{
    char low[6], high[6];
    dgmi_schema_time(among->from + 1, low);
    dgmi_schema_time(among->to, high);
    return dgmi_clause_range(p->arena, DGMI_SLOT_UNTIL, (dgmi_str){ low, sizeof low },
                             (dgmi_str){ high, sizeof high });
}

static dgmi_clause *by_ids(dgmi_planner *p, const dgmi_among *among)
{
    size_t n = 0;
    dgmi_clause **any = dgmi_arena_array(p->arena, among->n + 1, sizeof *any);
    if (!any)
        return NULL;
    for (size_t i = 0; i < among->n && p->status == DGM_OK; i++) {
        dgmi_buf_reset(&p->term);
        dgmi_schema_term(&p->term, "Q", among->ids[i], strlen(among->ids[i]));
        any[n++] = dgmi_plan_term(p, dgmi_buf_str(&p->term));
    }
    if (among->from < among->to)
        any[n++] = ended_embargo(p, among);
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, any, n);
}

dgmi_clause *dgmi_plan_among(dgmi_planner *p, const dgmi_among *among)
{
    dgmi_clause *usable = dgmi_plan_term(p, dgmi_str_of(DGMI_TERM_USABLE));
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_AND, usable,
                            among->story ? story_before(p, among) : by_ids(p, among));
}
