/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rewrites in an index: each item names at most one that it evolved from, so the ways
 * back are lines that end, or come to a circle. Depends on lib/xapian, record.h and
 * schema.h. */
#include "lineage.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "item.h"
#include "schema.h"
#include "standing.h"
#include "str.h"

void dgmi_lineage_clear(dgmi_lineage *g)
{
    dgmi_buf_clear(&g->term);
}

/* ---- Lists ---- */

void dgmi_lineage_list_clear(dgmi_lineage_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->ids[i]);
    free(list->ids);
    *list = (dgmi_lineage_list){ NULL, 0, 0 };
}

static const char *find_in(const dgmi_lineage_list *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->ids[i], id) == 0)
            return list->ids[i];
    }
    return NULL;
}

bool dgmi_lineage_list_has(const dgmi_lineage_list *list, const char *id)
{
    return find_in(list, id) != NULL;
}

const char *dgmi_lineage_list_add(dgmi_lineage_list *list, const char *id)
{
    const char *known = find_in(list, id);
    if (known)
        return known;
    char *copy = dgmi_str_dup(dgmi_str_of(id));
    if (!copy ||
        !dgmi_grow(&list->ids, &list->capacity, list->n + 1, sizeof *list->ids)) {
        free(copy);
        return NULL;
    }
    list->ids[list->n++] = copy;
    return copy;
}

/* ---- Back: what an item evolved from ---- */

static dgm_status make_term(dgmi_lineage *g, const char *prefix, const char *id,
                            dgm_error *err)
{
    dgmi_buf_reset(&g->term);
    dgmi_schema_term(&g->term, prefix, id, strlen(id));
    return g->term.failed ? dgmi_fail_memory(err) : DGM_OK;
}

static dgm_status open_record(dgmi_lineage *g, dgmx_docid at, dgmx_doc **doc,
                              dgmi_record *record, dgm_error *err)
{
    dgmx_bytes data;
    dgm_status status = dgmx_doc_get(g->db, at, doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(*doc, &data, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(g->codec, data.p, data.n, record, err);
    return status;
}

/* The document of an item; NOTFOUND if there is none. */
static dgm_status find_item(dgmi_lineage *g, const char *id, dgmx_docid *at,
                            dgm_error *err)
{
    dgm_status status = make_term(g, "Q", id, err);
    return status == DGM_OK
               ? dgmi_standing_find(g->db, dgmi_buf_str(&g->term), g->before, at, err)
               : status;
}

/* Whether a document is one of those that a search could find, by what tells its
 * successors so: of an earlier moment there may be some whose text is told no more. */
static dgm_status was_findable(dgmi_lineage *g, dgmx_doc *doc, const char *evolved_from,
                               bool *out, dgm_error *err)
{
    dgm_status status = make_term(g, DGMI_PREFIX_EVOLVED, evolved_from, err);
    return status == DGM_OK ? dgmx_doc_has_term(doc, g->term.p, g->term.n, out, err)
                            : status;
}

dgm_status dgmi_lineage_step(dgmi_lineage *g, const char *id, bool any, dgmi_buf *out,
                             bool *found, dgm_error *err)
{
    dgmx_docid at = 0;
    dgmx_doc *doc = NULL;
    dgmi_record record;
    bool findable = false;
    *found = false;
    dgmi_buf_reset(out);
    dgm_status status = find_item(g, id, &at, err);
    if (status != DGM_OK)
        return status == DGM_E_NOTFOUND ? DGM_OK : status;
    status = open_record(g, at, &doc, &record, err);
    const char *from = status == DGM_OK ? record.item.evolved_from : NULL;
    if (from)
        status = was_findable(g, doc, from, &findable, err);
    if (status == DGM_OK && from && (findable || any)) {
        dgmi_buf_puts(out, from);
        *found = true;
        status = out->failed ? dgmi_fail_memory(err) : DGM_OK;
    }
    dgmx_doc_free(doc);
    return status;
}

dgm_status dgmi_lineage_walk(dgmi_lineage *g, const char *id, bool any, size_t most,
                             dgmi_lineage_list *list, bool *circle, dgm_error *err)
{
    dgmi_buf next;
    bool found = false;
    *circle = false;
    dgmi_buf_init(&next, 0);
    dgm_status status = dgmi_lineage_step(g, id, any, &next, &found, err);
    for (size_t i = 0; status == DGM_OK && found && i < most; i++) {
        *circle = strcmp(next.p, id) == 0;
        if (*circle || dgmi_lineage_list_has(list, next.p))
            break;
        const char *at = dgmi_lineage_list_add(list, next.p);
        status = at ? dgmi_lineage_step(g, at, any, &next, &found, err)
                    : dgmi_fail_memory(err);
    }
    dgmi_buf_clear(&next);
    return status;
}

/* ---- Forth: what evolved from it ---- */

/* The best successor so far. */
typedef struct search {
    dgmi_lineage *g;
    const char *id;
    dgmi_lineage_list *before; /* what `id` goes back to: a circle, if it goes on to it */
    int64_t time;
    char *best;
} search;

/* The same among several, in whatever order they came. */
static bool is_better(const search *s, const dgm_item *item)
{
    int64_t time = dgmi_item_time(item);
    if (!s->best || time != s->time)
        return !s->best || time > s->time;
    return strcmp(item->id, s->best) > 0;
}

static dgm_status consider(search *s, dgmx_docid at, dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgmi_record record;
    const dgm_item *item = &record.item;
    bool is_of_then = false;
    dgm_status status = dgmi_standing_has(s->g->db, at, s->g->before, &is_of_then, err);
    if (status != DGM_OK || !is_of_then)
        return status;
    status = open_record(s->g, at, &doc, &record, err);
    if (status == DGM_OK && strcmp(item->id, s->id) != 0 &&
        !dgmi_lineage_list_has(s->before, item->id) && is_better(s, item)) {
        s->time = dgmi_item_time(item);
        free(s->best);
        s->best = dgmi_str_dup(dgmi_str_of(item->id));
        if (!s->best)
            status = dgmi_fail_memory(err);
    }
    dgmx_doc_free(doc);
    return status;
}

/* Only items that can be found have the term. `any`: the first that counts will do. */
static dgm_status find_successor(dgmi_lineage *g, const char *id, bool any, char **out,
                                 dgm_error *err)
{
    dgmi_lineage_list before = { NULL, 0, 0 };
    dgmx_postings *postings = NULL;
    search s = { .g = g, .id = id, .before = &before };
    bool circle = false;
    uint32_t n = 0;
    dgmx_docid at;
    *out = NULL;
    dgm_status status = make_term(g, DGMI_PREFIX_EVOLVED, id, err);
    if (status == DGM_OK)
        status = dgmx_db_term_freq(g->db, g->term.p, g->term.n, &n, err);
    if (status != DGM_OK || n == 0)
        return status;
    status = dgmx_postings_of(g->db, g->term.p, g->term.n, &postings, err);
    if (status == DGM_OK)
        status = dgmi_lineage_walk(g, id, false, DGMI_CIRCLE_MAX, &before, &circle, err);
    if (!circle)
        dgmi_lineage_list_clear(&before);
    while (status == DGM_OK && !(any && s.best)) {
        status = dgmx_postings_next(postings, &at, NULL, err);
        if (status == DGM_OK)
            status = consider(&s, at, err);
    }
    dgmx_postings_free(postings);
    dgmi_lineage_list_clear(&before);
    if (status == DGM_E_NOTFOUND || status == DGM_OK) {
        *out = s.best;
        return DGM_OK;
    }
    free(s.best);
    return status;
}

dgm_status dgmi_lineage_successor(dgmi_lineage *g, const char *id, char **successor,
                                  dgm_error *err)
{
    return find_successor(g, id, false, successor, err);
}

dgm_status dgmi_lineage_superseded(dgmi_lineage *g, const char *id, bool *superseded,
                                   dgm_error *err)
{
    char *successor = NULL;
    dgm_status status = find_successor(g, id, true, &successor, err);
    *superseded = successor != NULL;
    free(successor);
    return status;
}
