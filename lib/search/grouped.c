/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of stories: which hits stand elsewhere. Depends on lib/index, lib/xapian. */
#include "fail.h"
#include "kin.h"
#include "match.h"

/* The term of a hit's story into the arena, and how many items have it. */
static dgm_status find_story(const dgmi_matcher *m, dgmx_docid id, dgmi_str *term,
                             uint32_t *items)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes value;
    uint64_t story = 0;
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgm_status status = dgmx_doc_known(m->index->db, id, &doc, m->err);
    if (status == DGM_OK)
        status = dgmx_doc_value(doc, DGMI_SLOT_STORY, &value, m->err);
    if (status == DGM_OK && !dgmi_schema_u64_read(value.p, value.n, &story))
        status = dgmi_fail(m->err, DGM_E_CORRUPT,
                           "an item has no story; run: dragoman reindex");
    dgmx_doc_free(doc);
    if (status == DGM_OK) {
        dgmi_kin_story_term(&text, story);
        char *copy = text.failed ? NULL : dgmi_arena_str(m->arena, dgmi_buf_str(&text));
        *term = (dgmi_str){ copy, text.n };
        status = copy ? dgmx_db_term_freq(m->index->db, copy, text.n, items, m->err)
                      : dgmi_fail_memory(m->err);
    }
    dgmi_buf_clear(&text);
    return status;
}

static dgm_status has_match(const dgmi_matcher *m, dgmi_clause *clause, bool *has)
{
    dgmi_run run = { .order = DGMX_BY_RELEVANCE, .hits = 1, .check_at_least = 1 };
    dgmx_mset *mset = NULL;
    dgm_status status =
        clause ? dgmi_match_run(m, clause, &run, &mset) : dgmi_fail_memory(m->err);
    if (status == DGM_OK)
        *has = dgmx_mset_size(mset) > 0;
    dgmx_mset_free(mset);
    return status;
}

dgm_status dgmi_match_is_shown(const dgmi_matcher *m, dgmx_docid id, bool *shown)
{
    dgmi_str term;
    uint32_t items = 0;
    bool elsewhere = false;
    *shown = true;
    if (!m->elsewhere)
        return DGM_OK;
    dgm_status status = find_story(m, id, &term, &items);
    if (status != DGM_OK || items < 2)
        return status;
    dgmi_clause *members = dgmi_clause_pair(m->arena, DGMI_CLAUSE_FILTER,
                                            dgmi_clause_term(m->arena, term, items),
                                            dgmi_match_settled(m, m->elsewhere));
    status = has_match(m, members, &elsewhere);
    *shown = !elsewhere;
    return status;
}
