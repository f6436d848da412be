/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches as of an earlier moment. Depends on lib/index, lib/xapian.
 *
 * They run in the index of that moment (moment.h), where a clause is held to the
 * documents that stood then. Of matches that another item replaced (evolved_from) those
 * stay whose successors came later. Where too much changed since to be read back, items
 * that did are left out and told of. */
#include "then.h"

#include <string.h>

#include "fail.h"
#include "moment.h"
#include "record.h"
#include "utf8.h"

static bool is_present(const dgmi_search *s)
{
    return dgmi_moment_of(s->desk) == NULL;
}

static dgmi_clause *held(const dgmi_search *s, dgmi_clause *clause)
{
    return dgmi_moment_hold(s->desk->index, s->scratch, clause);
}

static dgm_status term(const dgmi_search *s, const char *text, dgmi_clause **out)
{
    uint32_t n = 0;
    dgm_status status =
        dgmx_db_term_freq(s->desk->index->db, text, strlen(text), &n, s->err);
    if (status != DGM_OK)
        return status;
    *out = n > 0 ? dgmi_clause_term(s->scratch, dgmi_str_of(text), n)
                 : dgmi_clause_none(s->scratch);
    return *out ? DGM_OK : dgmi_fail_memory(s->err);
}

/* Matches of a clause, at most `most` of them; *all receives how many there are at least.
 */
static dgm_status list(const dgmi_search *s, dgmi_clause *clause, uint32_t most,
                       dgmx_docid *ids, uint32_t *n, uint32_t *all)
{
    dgmx_mset *mset = NULL;
    dgmi_matcher plain = s->matcher;
    dgmi_run run = { .order = DGMX_BY_RELEVANCE,
                     .hits = most,
                     .check_at_least = (uint32_t)s->desk->index->documents + 1 };
    uint32_t estimate, high;
    plain.grouped = false;
    *n = *all = 0;
    if (!clause)
        return dgmi_fail_memory(s->err);
    if (clause->kind == DGMI_CLAUSE_NONE)
        return DGM_OK;
    dgm_status status = dgmi_match_run(&plain, clause, &run, &mset);
    if (status == DGM_OK)
        status = dgmx_mset_matches(mset, all, &estimate, &high, s->err);
    for (size_t i = 0; status == DGM_OK && i < dgmx_mset_size(mset) && *n < most; i++) {
        dgmx_hit hit;
        status = dgmx_mset_hit(mset, i, &hit, s->err);
        ids[(*n)++] = hit.id;
    }
    dgmx_mset_free(mset);
    return status;
}

/* The id of an item; *id is valid until the codec's next use. */
static dgm_status id_of(const dgmi_search *s, dgmx_docid doc_id, const char **id)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes data;
    dgmi_record record;
    dgm_status status = dgmx_doc_get(s->desk->index->db, doc_id, &doc, s->err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &data, s->err);
    if (status == DGM_OK)
        status = dgmi_record_decode(s->desk->codec, data.p, data.n, &record, s->err);
    if (status == DGM_OK)
        *id = record.item.id;
    dgmx_doc_free(doc);
    return status;
}

/* ---- What is left out ---- */

static dgmi_clause *place_range(const dgmi_search *s, uint32_t slot, bool below)
{
    char place[8];
    dgmi_str none = { NULL, 0 }, bound = { place, sizeof place };
    dgmi_schema_u64(s->desk->index->place - below, place);
    return dgmi_clause_range(s->scratch, slot, below ? none : bound,
                             below ? bound : none);
}

static dgm_status name_changed(dgmi_search *s, dgmi_clause *matches, dgmi_clause *changed,
                               uint32_t in_all)
{
    dgmx_docid ids[DGMI_THEN_NAMED];
    uint32_t n = 0, all = 0;
    const char *fault = dgmi_moment_of(s->desk)->then.fault;
    dgmi_buf text;
    dgmi_buf_init(&text, 0);
    dgmi_clause *both = dgmi_clause_pair(s->scratch, DGMI_CLAUSE_AND, changed, matches);
    dgm_status status = list(s, both, DGMI_THEN_NAMED, ids, &n, &all);
    for (uint32_t i = 0; i < n && status == DGM_OK; i++) {
        const char *id = NULL;
        status = id_of(s, ids[i], &id);
        if (status == DGM_OK)
            dgmi_buf_printf(&text, "%s%.*s", i > 0 ? ", " : "",
                            DGMI_SHOWN(dgmi_str_of(id)));
    }
    if (status == DGM_OK && n > 0)
        dgmi_warn(&s->notes, "left out, for they changed since: %s%s",
                  text.failed ? "" : text.p, all > n ? " and more" : "");
    if (status == DGM_OK)
        dgmi_warn(&s->notes,
                  "%u items of the whole archive changed or were withdrawn since; "
                  "whatever of them matched then is missing: %s",
                  in_all, *fault ? fault : "they are too many to be read back");
    dgmi_buf_clear(&text);
    return status;
}

/* What nothing was read back of. Its present versions are looked at: of those that were
 * withdrawn not even that they matched is told. */
static dgm_status tell_changed(dgmi_search *s)
{
    dgmi_clause *matches = s->plan.strict;
    if (s->plan.relaxed)
        matches = dgmi_clause_pair(s->scratch, DGMI_CLAUSE_OR, matches, s->plan.relaxed);
    dgmi_clause *changed = NULL;
    dgmx_docid unused;
    uint32_t n, all = 0;
    dgm_status status = term(s, DGMI_TERM_CHANGED, &changed);
    if (status != DGM_OK)
        return status;
    changed = dgmi_clause_pair(s->scratch, DGMI_CLAUSE_FILTER, changed,
                               place_range(s, DGMI_SLOT_FIRST_SEEN, true));
    changed = dgmi_clause_pair(s->scratch, DGMI_CLAUSE_FILTER, changed,
                               place_range(s, DGMI_SLOT_CHANGED, false));
    status = list(s, changed, 1, &unused, &n, &all);
    return status == DGM_OK && all > 0 ? name_changed(s, matches, changed, all) : status;
}

/* What a moment that is not ready lacks. */
static void tell_missing(dgmi_search *s, const dgmi_recall *then,
                         const dgmi_recall_counts *counts)
{
    if (!then->counted)
        dgmi_warn(&s->notes, "which items changed since is not known yet, and none of "
                             "these is found; asking again goes on from there");
    else if (counts->missing > 0)
        dgmi_warn(
            &s->notes,
            "%zu of %zu items of the whole archive that changed since were not read "
            "back yet as they were, and are missing; asking again goes on from "
            "there",
            counts->missing, counts->changed);
    else
        dgmi_warn(&s->notes, "which items others had replaced then is not known of all "
                             "yet; asking again goes on from there");
}

dgm_status dgmi_then_tell(dgmi_search *s)
{
    if (is_present(s))
        return DGM_OK;
    const dgmi_recall *then = &dgmi_moment_of(s->desk)->then;
    const dgmi_recall_counts counts = dgmi_recall_count(then);
    if (then->refused)
        return tell_changed(s);
    if (s->unready)
        tell_missing(s, then, &counts);
    if (counts.withheld > 0)
        dgmi_warn(
            &s->notes,
            "%zu items of the whole archive were withdrawn or withheld since; their "
            "text is not told any more, and they are left out",
            counts.withheld);
    if (counts.lost > 0)
        dgmi_warn(&s->notes,
                  "%zu items of the whole archive are left out, for which of their "
                  "versions stood then is not known any more",
                  counts.lost);
    return DGM_OK;
}

/* ---- What was replaced ---- */

/* Whether an item that was there by then had evolved from this one. */
static dgm_status was_replaced(const dgmi_search *s, const char *id, bool *replaced)
{
    dgmi_lineage g = { .db = s->desk->index->db,
                       .codec = s->desk->codec,
                       .before = s->desk->index->place };
    dgm_status status = dgmi_lineage_superseded(&g, id, replaced, s->err);
    dgmi_lineage_clear(&g);
    return status;
}

static dgm_status id_clause(const dgmi_search *s, const char *id, dgmi_clause **out)
{
    *out = dgmi_moment_id(s->scratch, id);
    return *out ? DGM_OK : dgmi_fail_memory(s->err);
}

/* Those of the ids that were not replaced by then, as a clause. */
static dgm_status spare(dgmi_search *s, const dgmx_docid *ids, uint32_t n,
                        dgmi_clause **out)
{
    dgmi_clause *spared[DGMI_THEN_REPLACED];
    uint32_t n_spared = 0;
    dgm_status status = DGM_OK;
    for (uint32_t i = 0; i < n && status == DGM_OK; i++) {
        const char *id = NULL;
        bool replaced = false;
        status = id_of(s, ids[i], &id);
        if (status != DGM_OK)
            break;
        const char *copy = dgmi_arena_dup(s->scratch, id);
        if (!copy)
            return dgmi_fail_memory(s->err);
        status = was_replaced(s, copy, &replaced);
        if (status == DGM_OK && !replaced)
            status = id_clause(s, copy, &spared[n_spared++]);
    }
    if (status != DGM_OK)
        return status;
    *out = n_spared > 0 ? dgmi_clause_join(s->scratch, DGMI_CLAUSE_OR, spared, n_spared)
                        : dgmi_clause_none(s->scratch);
    return *out ? DGM_OK : dgmi_fail_memory(s->err);
}

/* *old receives, beside what is in it, all that a moment knows as replaced by itself. */
static dgm_status add_hidden(const dgmi_search *s, dgmi_clause **old)
{
    const dgmi_lineage_list *hidden = &dgmi_moment_of(s->desk)->hidden;
    dgm_status status = DGM_OK;
    dgmi_clause **list = dgmi_arena_array(s->scratch, hidden->n + 1, sizeof *list);
    if (!list)
        return dgmi_fail_memory(s->err);
    list[0] = *old;
    for (size_t i = 0; i < hidden->n && status == DGM_OK; i++)
        status = id_clause(s, hidden->ids[i], &list[i + 1]);
    if (status != DGM_OK)
        return status;
    *old = dgmi_clause_join(s->scratch, DGMI_CLAUSE_OR, list, hidden->n + 1);
    return *old ? DGM_OK : dgmi_fail_memory(s->err);
}

/* *old receives what to leave out because another item had taken its place. */
static dgm_status find_replaced(dgmi_search *s, dgmi_clause *matches, dgmi_clause **old)
{
    dgmx_docid ids[DGMI_THEN_REPLACED];
    dgmi_clause *spared = NULL;
    uint32_t n = 0, all = 0;
    dgm_status status = term(s, DGMI_TERM_OLD, old);
    if (status != DGM_OK)
        return status;
    dgmi_clause *both = dgmi_clause_pair(s->scratch, DGMI_CLAUSE_AND, *old, matches);
    status = list(s, both, DGMI_THEN_REPLACED, ids, &n, &all);
    if (status == DGM_OK)
        status = spare(s, ids, n, &spared);
    if (status != DGM_OK)
        return status;
    if (all > n)
        dgmi_warn(&s->notes, "so many matches were replaced by others that some may be "
                             "missing; versions=all finds them");
    *old = dgmi_clause_pair(s->scratch, DGMI_CLAUSE_WITHOUT, *old, spared);
    return *old ? add_hidden(s, old) : dgmi_fail_memory(s->err);
}

/* ---- The plan ---- */

static dgm_status hold(dgmi_search *s, dgmi_clause **clause, dgmi_clause *old)
{
    if (!*clause)
        return DGM_OK;
    if (old)
        *clause = dgmi_clause_pair(s->scratch, DGMI_CLAUSE_WITHOUT, *clause, old);
    *clause = held(s, *clause);
    return *clause ? DGM_OK : dgmi_fail_memory(s->err);
}

dgm_status dgmi_then_hold(dgmi_search *s, dgmi_clause **one, dgmi_clause **other)
{
    dgmi_clause *none = NULL, *matches = *one, *old = NULL;
    dgm_status status = DGM_OK;
    other = other ? other : &none;
    if (is_present(s) || (!*one && !*other))
        return DGM_OK;
    if (*other)
        matches =
            *one ? dgmi_clause_pair(s->scratch, DGMI_CLAUSE_OR, *one, *other) : *other;
    if (!s->request->rewritten)
        status = find_replaced(s, held(s, matches), &old);
    if (status == DGM_OK)
        status = hold(s, one, old);
    return status == DGM_OK ? hold(s, other, old) : status;
}
