/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Embargoes that end. Depends on lib/xapian and reader.h. */
#include "held.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "schema.h"
#include "str.h"

typedef dgm_status (*see_fn)(void *user, dgmx_docid at, int64_t until, dgm_error *err);

/* Embargoes of the items that are held: few at any time. */
static dgm_status walk_held(dgmx_db *db, see_fn see, void *user, dgm_error *err)
{
    dgmx_postings *postings = NULL;
    dgmx_docid at = 0;
    uint32_t n = 0;
    const char *term = DGMI_TERM_HELD;
    dgm_status status = dgmx_db_term_freq(db, term, strlen(term), &n, err);
    if (status != DGM_OK || n == 0)
        return status;
    status = dgmx_postings_of(db, term, strlen(term), &postings, err);
    while (status == DGM_OK) {
        dgmx_doc *doc = NULL;
        dgmx_bytes value;
        int64_t until = 0;
        status = dgmx_postings_next(postings, &at, NULL, err);
        if (status != DGM_OK)
            break;
        status = dgmx_doc_get(db, at, &doc, err);
        if (status == DGM_OK)
            status = dgmx_doc_value(doc, DGMI_SLOT_UNTIL, &value, err);
        if (status == DGM_OK && dgmi_schema_time_read(value.p, value.n, &until))
            status = see(user, at, until, err);
        dgmx_doc_free(doc);
    }
    dgmx_postings_free(postings);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

/* Embargoes of all items that ever had one. */
static dgm_status walk_all(dgmx_db *db, see_fn see, void *user, dgm_error *err)
{
    dgmx_values *values = NULL;
    dgmx_docid at = 0;
    dgmx_bytes value;
    int64_t until = 0;
    dgm_status status = dgmx_values_of(db, DGMI_SLOT_UNTIL, &values, err);
    while (status == DGM_OK) {
        status = dgmx_values_next(values, &at, &value, err);
        if (status == DGM_OK && dgmi_schema_time_read(value.p, value.n, &until))
            status = see(user, at, until, err);
    }
    dgmx_values_free(values);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

typedef struct changes {
    int64_t as_of, now;
    dgmx_docid *ids;
    size_t n, capacity;
} changes;

static dgm_status add_change(void *user, dgmx_docid at, int64_t until, dgm_error *err)
{
    changes *c = user;
    if ((until > c->as_of) == (until > c->now))
        return DGM_OK;
    if (!dgmi_grow(&c->ids, &c->capacity, c->n + 1, sizeof *c->ids))
        return dgmi_fail_memory(err);
    c->ids[c->n++] = at;
    return DGM_OK;
}

dgm_status dgmi_held_changes(dgmx_db *db, int64_t as_of, int64_t now, dgmx_docid **out,
                             size_t *n, dgm_error *err)
{
    changes c = { .as_of = as_of, .now = now };
    dgm_status status = now >= as_of ? walk_held(db, add_change, &c, err)
                                     : walk_all(db, add_change, &c, err);
    *out = c.ids;
    *n = c.n;
    return status;
}

static dgm_status find_next(void *user, dgmx_docid at, int64_t until, dgm_error *err)
{
    (void)at;
    (void)err;
    int64_t *next = user;
    if (until < *next)
        *next = until;
    return DGM_OK;
}

dgm_status dgmi_held_are_due(dgmi_index *index, int64_t now, bool *due, dgm_error *err)
{
    *due = false;
    if (!index->db)
        return DGM_OK;
    if (now < index->as_of) {
        dgmx_docid *ids = NULL;
        size_t n = 0;
        dgm_status status =
            dgmi_held_changes(index->db, index->as_of, now, &ids, &n, err);
        free(ids);
        *due = n > 0;
        return status;
    }
    if (index->next_due == DGM_NO_TIME) {
        int64_t next = INT64_MAX;
        dgm_status status = walk_held(index->db, find_next, &next, err);
        if (status != DGM_OK)
            return status;
        index->next_due = next;
    }
    *due = index->next_due <= now;
    return DGM_OK;
}
