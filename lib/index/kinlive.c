/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories on the live path. Depends on lib/xapian, lib/archive and kin.h. */
#include "kinlive.h"

#include <string.h>

#include "analyse.h"
#include "fail.h"
#include "lines.h"
#include "schema.h"

typedef struct settling {
    const dgmi_kin_view *view;
    dgmi_buf term;
    dgmi_rivals rivals;
    dgm_error *err;
} settling;

static dgm_status read_number(dgmx_db *db, dgmx_docid id, uint32_t slot, uint64_t *out,
                              dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes value;
    dgm_status status = dgmx_doc_get(db, id, &doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_value(doc, slot, &value, err);
    if (status == DGM_OK && !dgmi_schema_u64_read(value.p, value.n, out))
        status = dgmi_fail(err, DGM_E_CORRUPT,
                           "an item of the index has no story; "
                           "run: dragoman reindex");
    dgmx_doc_free(doc);
    return status;
}

static dgm_status add_rival(settling *s, dgmx_docid id, bool link)
{
    uint64_t place = 0;
    dgm_status status =
        read_number(s->view->db, id, DGMI_SLOT_FIRST_SEEN, &place, s->err);
    if (status == DGM_OK)
        dgmi_rivals_add(&s->rivals, id, place, link);
    return status;
}

/* Items to which a key leads. *n receives how many there are. */
static dgm_status look_up(settling *s, int which, uint64_t key, unsigned *n)
{
    dgmx_postings *postings = NULL;
    dgmx_docid id;
    *n = 0;
    dgmi_buf_reset(&s->term);
    dgmi_kin_key_term(&s->term, which, key);
    if (s->term.failed)
        return dgmi_fail_memory(s->err);
    dgm_status status =
        dgmx_postings_of(s->view->db, s->term.p, s->term.n, &postings, s->err);
    while (status == DGM_OK) {
        status = dgmx_postings_next(postings, &id, NULL, s->err);
        if (status != DGM_OK)
            break;
        ++*n;
        status = add_rival(s, id, which == DGMI_KIN_ANCESTOR);
    }
    dgmx_postings_free(postings);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status look_up_ancestor(settling *s, const char *evolved_from)
{
    dgmx_docid id;
    dgm_error missing = DGM_ERROR_INIT;
    if (!evolved_from)
        return DGM_OK;
    dgmi_buf_reset(&s->term);
    dgmi_id_term(&s->term, evolved_from);
    if (s->term.failed)
        return dgmi_fail_memory(s->err);
    dgm_status status = dgmx_db_find(s->view->db, s->term.p, s->term.n, &id, &missing);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK;
    return status == DGM_OK ? add_rival(s, id, true)
                            : dgmi_fail(s->err, status, "%s", missing.text);
}

static dgm_status gather(settling *s, const dgm_item *item, const dgmi_trace *trace,
                         dgmi_kin *out)
{
    unsigned n;
    dgm_status status = look_up_ancestor(s, item->evolved_from);
    if (status == DGM_OK)
        status = look_up(s, DGMI_KIN_ANCESTOR, trace->id, &n);
    for (int i = 0; status == DGM_OK && i < DGMI_KIN_KEYS; i++) {
        if (!(out->owned & 1u << i))
            continue;
        status = look_up(s, i, out->keys[i], &n);
        if (n >= DGMI_KIN_OWNERS)
            out->owned &= ~(1u << i);
    }
    return status;
}

static dgm_status load(void *user, const dgmi_rival *rival, dgmi_sketch *out,
                       dgm_error *err)
{
    const settling *s = user;
    dgm_item *item;
    dgm_status status = dgmi_lines_item_at(s->view->data_dir, rival->place, &item, err);
    if (status != DGM_OK)
        return status;
    status = dgmi_sketch_item(s->view->learned, item, rival->place, out, err);
    dgm_item_free(item);
    return status;
}

dgm_status dgmi_kin_settle(const dgmi_kin_view *view, const dgm_item *item,
                           uint64_t place, dgmi_kin *out, dgm_error *err)
{
    settling s = { .view = view, .err = err };
    dgmi_trace trace;
    const dgmi_rival *chosen = NULL;
    dgm_status status = dgmi_trace_item(view->learned, item, place, &trace, err);
    if (status != DGM_OK)
        return status;
    dgmi_kin_keys(&trace, out);
    out->story = trace.id;
    status = gather(&s, item, &trace, out);
    if (status == DGM_OK)
        status = dgmi_kin_choose(&trace.sketch, &s.rivals, load, &s, &chosen, err);
    if (status == DGM_OK && chosen)
        status = read_number(view->db, chosen->number, DGMI_SLOT_STORY, &out->story, err);
    dgmi_buf_clear(&s.term);
    return status;
}

dgm_status dgmi_kin_recall(dgmx_db *db, dgmx_docid id, dgmi_kin *out, dgm_error *err)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    size_t n = strlen(DGMI_PREFIX_KIN);
    memset(out, 0, sizeof *out);
    dgm_status status = read_number(db, id, DGMI_SLOT_STORY, &out->story, err);
    if (status == DGM_OK)
        status = dgmx_terms_of(db, id, &terms, err);
    if (status == DGM_OK)
        status = dgmx_terms_skip_to(terms, DGMI_PREFIX_KIN, n, err);
    while (status == DGM_OK) {
        status = dgmx_terms_next(terms, &term, NULL, NULL, err);
        if (status != DGM_OK || term.n < n || memcmp(term.p, DGMI_PREFIX_KIN, n) != 0)
            break;
        dgmi_kin_read_term(term.p, term.n, out);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}
