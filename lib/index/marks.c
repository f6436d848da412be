/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An item that changes touches the one that it evolved from, the one that it evolves from
 * now, itself (its successors may have come first), and, where it closes or opens a
 * circle, all of that. Depends on lineage.h. */
#include "marks.h"

#include <string.h>

#include "fail.h"
#include "schema.h"

void dgmi_marks_clear(dgmi_marks *m)
{
    dgmi_lineage_clear(&m->lineage);
    dgmi_lineage_list_clear(&m->touched);
}

/* The item's whole circle, or the one item that it evolved from. */
static dgm_status touch(dgmi_marks *m, const dgm_item *item, dgm_error *err)
{
    dgmi_lineage_list way = { NULL, 0, 0 };
    bool circle = false;
    if (!item->evolved_from)
        return DGM_OK;
    dgm_status status = dgmi_lineage_walk(&m->lineage, item->id, false, DGMI_CIRCLE_MAX,
                                          &way, &circle, err);
    for (size_t i = 0; status == DGM_OK && circle && i < way.n; i++) {
        if (!dgmi_lineage_list_add(&m->touched, way.ids[i]))
            status = dgmi_fail_memory(err);
    }
    dgmi_lineage_list_clear(&way);
    if (status == DGM_OK && !dgmi_lineage_list_add(&m->touched, item->evolved_from))
        status = dgmi_fail_memory(err);
    return status;
}

static dgm_status set_flag(dgmi_marks *m, dgmx_docid at, bool superseded, dgm_error *err)
{
    const char *old = DGMI_TERM_OLD, *usable = DGMI_TERM_USABLE;
    dgmx_doc *doc = NULL;
    bool has = false, findable = false;
    dgm_status status = dgmx_doc_get(m->lineage.db, at, &doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_has_term(doc, usable, strlen(usable), &findable, err);
    if (status == DGM_OK)
        status = dgmx_doc_has_term(doc, old, strlen(old), &has, err);
    bool wanted = findable && superseded;
    if (status == DGM_OK && wanted != has) {
        status = wanted ? dgmx_doc_add_term(doc, old, strlen(old), 0, err)
                        : dgmx_doc_remove_term(doc, old, strlen(old), err);
        if (status == DGM_OK)
            status = dgmx_writer_replace(m->writer, at, doc, err);
    }
    dgmx_doc_free(doc);
    return status;
}

static dgm_status mark(dgmi_marks *m, const char *id, dgm_error *err)
{
    dgmx_docid at = 0;
    bool superseded = false;
    dgm_error missing = DGM_ERROR_INIT;
    dgm_status status = dgmi_lineage_superseded(&m->lineage, id, &superseded, err);
    if (status != DGM_OK)
        return status;
    dgmi_buf *term = &m->lineage.term;
    dgmi_buf_reset(term);
    dgmi_schema_term(term, "Q", id, strlen(id));
    if (term->failed)
        return dgmi_fail_memory(err);
    status = dgmx_db_find(m->lineage.db, term->p, term->n, &at, &missing);
    if (status == DGM_E_NOTFOUND)
        return DGM_OK; /* it has not come in yet */
    return status == DGM_OK ? set_flag(m, at, superseded, err)
                            : dgmi_fail(err, status, "%s", missing.text);
}

dgm_status dgmi_marks_before(dgmi_marks *m, const dgm_item *known, dgm_error *err)
{
    dgmi_lineage_list_clear(&m->touched);
    return known ? touch(m, known, err) : DGM_OK;
}

/* Whether anything evolved from the item, which alone can flag it or close a circle. */
static dgm_status has_successors(dgmi_marks *m, const char *id, bool *has, dgm_error *err)
{
    dgmi_buf *term = &m->lineage.term;
    uint32_t n = 0;
    dgmi_buf_reset(term);
    dgmi_schema_term(term, DGMI_PREFIX_EVOLVED, id, strlen(id));
    if (term->failed)
        return dgmi_fail_memory(err);
    dgm_status status = dgmx_db_term_freq(m->lineage.db, term->p, term->n, &n, err);
    *has = n > 0;
    return status;
}

dgm_status dgmi_marks_after(dgmi_marks *m, const dgm_item *item, dgm_error *err)
{
    bool has = false;
    dgm_status status = has_successors(m, item->id, &has, err);
    if (status == DGM_OK && has) {
        status = dgmi_lineage_list_add(&m->touched, item->id) ? touch(m, item, err)
                                                              : dgmi_fail_memory(err);
    } else if (status == DGM_OK && item->evolved_from) {
        if (!dgmi_lineage_list_add(&m->touched, item->evolved_from))
            status = dgmi_fail_memory(err);
    }
    for (size_t i = 0; status == DGM_OK && i < m->touched.n; i++)
        status = mark(m, m->touched.ids[i], err);
    dgmi_lineage_list_clear(&m->touched);
    return status;
}
