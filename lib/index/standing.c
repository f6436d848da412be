/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands at a moment. Depends on standing.h, schema.h. */
#include "standing.h"

#include "schema.h"

dgm_status dgmi_standing_has(dgmx_db *db, dgmx_docid doc, uint64_t place, bool *out,
                             dgm_error *err)
{
    dgmx_doc *handle = NULL;
    dgmx_bytes value;
    uint64_t changed = 0;
    *out = true;
    if (place == 0)
        return DGM_OK;
    dgm_status status = dgmx_doc_get(db, doc, &handle, err);
    if (status == DGM_OK)
        status = dgmx_doc_value(handle, DGMI_SLOT_CHANGED, &value, err);
    if (status == DGM_OK)
        *out = dgmi_schema_u64_read(value.p, value.n, &changed) && changed < place;
    dgmx_doc_free(handle);
    return status;
}

dgm_status dgmi_standing_find(dgmx_db *db, dgmi_str term, uint64_t place, dgmx_docid *out,
                              dgm_error *err)
{
    dgmx_postings *postings = NULL;
    bool found = false;
    dgm_status status = dgmx_postings_of(db, term.p, term.n, &postings, err);
    while (status == DGM_OK && !found) {
        status = dgmx_postings_next(postings, out, NULL, err);
        if (status == DGM_OK)
            status = dgmi_standing_has(db, *out, place, &found, err);
    }
    dgmx_postings_free(postings);
    return status;
}
