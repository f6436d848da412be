/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fetching one whole item, and what the archive knows of its rewrites. Depends on
 * lib/index. */
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "fail.h"
#include "item.h"
#include "lineage.h"
#include "schema.h"

enum { ANCESTORS_MAX = 100 };

/* ---- Rewrites ---- */

static dgm_status keep_list(dgm_item *item, const dgmi_lineage_list *list, dgm_error *err)
{
    dgmi_arena *arena = dgmi_item_arena(item);
    const char **ids = dgmi_arena_array(arena, list->n, sizeof *ids);
    for (size_t i = 0; ids && i < list->n; i++) {
        ids[i] = dgmi_arena_dup(arena, list->ids[i]);
        if (!ids[i])
            return dgmi_fail_memory(err);
    }
    if (!ids)
        return dgmi_fail_memory(err);
    item->ancestors = ids;
    item->n_ancestors = list->n;
    return DGM_OK;
}

static dgm_status add_ancestors(dgmi_lineage *g, dgm_item *item, dgm_error *err)
{
    dgmi_lineage_list list = { NULL, 0, 0 };
    bool circle = false;
    if (!item->evolved_from || strcmp(item->evolved_from, item->id) == 0)
        return DGM_OK;
    dgm_status status =
        dgmi_lineage_walk(g, item->id, true, ANCESTORS_MAX, &list, &circle, err);
    if (status == DGM_OK && !circle) /* in a circle nothing is the original */
        status = keep_list(item, &list, err);
    dgmi_lineage_list_clear(&list);
    return status;
}

static dgm_status add_successor(dgmi_lineage *g, dgm_item *item, dgm_error *err)
{
    char *successor = NULL;
    dgm_status status = dgmi_lineage_successor(g, item->id, &successor, err);
    if (status == DGM_OK && successor) {
        item->successor = dgmi_arena_dup(dgmi_item_arena(item), successor);
        status = item->successor ? DGM_OK : dgmi_fail_memory(err);
    }
    free(successor);
    return status;
}

static dgm_status add_rewrites(dgm *desk, dgm_item *item, dgm_error *err)
{
    dgmi_lineage g = { .db = desk->index->db, .codec = desk->codec };
    dgm_status status = add_ancestors(&g, item, err);
    if (status == DGM_OK)
        status = add_successor(&g, item, err);
    dgmi_lineage_clear(&g);
    return status;
}

/* ---- The item ---- */

/* NOTFOUND for an item under embargo: not even that it exists is to be told. */
static dgm_status check_held(dgmx_doc *doc, dgm_error *err)
{
    bool held = false;
    dgm_status status =
        dgmx_doc_has_term(doc, DGMI_TERM_HELD, strlen(DGMI_TERM_HELD), &held, err);
    return status == DGM_OK && held ? DGM_E_NOTFOUND : status;
}

dgm_status dgmi_desk_record(dgm *desk, const char *id, dgmi_record *record,
                            dgm_error *err)
{
    dgmx_docid at = 0;
    dgmx_doc *doc = NULL;
    dgmx_bytes data;
    dgmi_buf term;
    dgm_status status = dgmi_index_refresh(desk->index, NULL, err);
    if (status != DGM_OK)
        return status;
    if (!desk->index->db)
        return DGM_E_NOTFOUND;
    dgmi_buf_init(&term, 0);
    dgmi_schema_term(&term, "Q", id, strlen(id));
    status = term.failed ? dgmi_fail_memory(err)
                         : dgmx_db_find(desk->index->db, term.p, term.n, &at, err);
    dgmi_buf_clear(&term);
    if (status == DGM_OK)
        status = dgmx_doc_get(desk->index->db, at, &doc, err);
    if (status == DGM_OK)
        status = check_held(doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &data, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(desk->codec, data.p, data.n, record, err);
    dgmx_doc_free(doc);
    return status;
}

static dgm_status get_once(dgm *desk, const char *id, dgm_item **out, dgm_error *err)
{
    dgmi_record record;
    dgm_item *item = NULL;
    dgm_status status = dgmi_desk_record(desk, id, &record, err);
    if (status == DGM_OK)
        status = dgmi_record_item(&record, &item, err);
    if (status == DGM_OK)
        status = add_rewrites(desk, item, err);
    if (status == DGM_OK) {
        *out = item;
        item = NULL;
    }
    dgm_item_free(item);
    return status;
}

dgm_status dgm_get(dgm *desk, const char *id, dgm_item **out, dgm_error *err)
{
    if (!desk || !id || !out)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, an id and a place for the item are needed");
    *out = NULL;
    dgm_status status = DGM_E_STALE;
    dgm_error inner = DGM_ERROR_INIT;
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = get_once(desk, id, out, &inner);
    }
    if (status == DGM_E_NOTFOUND)
        return dgmi_fail(err, status, "there is no item \"%.120s\"", id);
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}
