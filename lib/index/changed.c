/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changed, by a term that changed items have and two slots beside it. Depends on
 * lib/xapian, kinlive.h, record.h and schema.h. */
#include "changed.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "kinlive.h"
#include "schema.h"

enum { CHECK_EVERY = 256 };

/* ---- The list ---- */

void dgmi_changed_forget(dgmi_changed *c)
{
    free(c->places);
    free(c->names[0]);
    free(c->names[1]);
    *c = (dgmi_changed){ .id = c->id, .first_seen = c->first_seen };
}

void dgmi_changed_clear(dgmi_changed_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        dgmi_changed_forget(&list->items[i]);
    free(list->items);
    *list = (dgmi_changed_list){ NULL, 0, 0 };
}

/* Where an id is, or would be. */
static size_t place_of(const dgmi_changed_list *list, dgmx_docid id)
{
    size_t low = 0, high = list->n;
    if (high > 0 && list->items[high - 1].id < id)
        return high;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (list->items[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

dgmi_changed *dgmi_changed_of(const dgmi_changed_list *list, dgmx_docid id)
{
    size_t at = place_of(list, id);
    return at < list->n && list->items[at].id == id ? &list->items[at] : NULL;
}

dgmi_changed *dgmi_changed_add(dgmi_changed_list *list, dgmx_docid id)
{
    size_t at = place_of(list, id);
    if (!dgmi_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return NULL;
    memmove(&list->items[at + 1], &list->items[at], (list->n - at) * sizeof *list->items);
    list->items[at] = (dgmi_changed){ .id = id };
    list->n++;
    return &list->items[at];
}

/* ---- The walk ---- */

/* A slot's values beside a list of ids that ascend. */
typedef struct column {
    dgmx_values *values;
    dgmx_docid at;
    dgmx_bytes value;
    bool over;
} column;

static dgm_status read_column(column *c, dgmx_docid id, uint64_t *out, dgm_error *err)
{
    dgm_status status = DGM_OK;
    *out = 0;
    if (!c->over && c->at < id) {
        status = dgmx_values_skip_to(c->values, id, err);
        if (status == DGM_OK)
            status = dgmx_values_next(c->values, &c->at, &c->value, err);
    }
    c->over = c->over || status == DGM_E_NOTFOUND;
    if (!c->over && status == DGM_OK && c->at == id)
        (void)dgmi_schema_u64_read(c->value.p, c->value.n, out);
    return c->over ? DGM_OK : status;
}

typedef struct walking {
    dgmi_changed_walk *w;
    dgmx_postings *postings;
    column first, now;
    dgmi_changed_fn see;
    void *user;
} walking;

static dgm_status step(walking *g, dgm_error *err)
{
    dgmx_docid id = 0;
    uint64_t began = 0, changed = 0;
    dgm_status status = dgmx_postings_next(g->postings, &id, NULL, err);
    if (status != DGM_OK)
        return status;
    status = read_column(&g->first, id, &began, err);
    if (status == DGM_OK)
        status = read_column(&g->now, id, &changed, err);
    if (status == DGM_OK && began < g->w->place && changed >= g->w->since)
        status = g->see(g->user, id, began, err);
    if (status == DGM_OK)
        g->w->from = id + 1;
    return status;
}

static dgm_status walk(walking *g, uint64_t until_us, dgm_error *err)
{
    dgm_status status = DGM_OK;
    for (unsigned n = 1; status == DGM_OK; n++) {
        if (n % CHECK_EVERY == 0 && dgmi_now_us() > until_us)
            return DGM_OK;
        status = step(g, err);
    }
    g->w->ended = status == DGM_E_NOTFOUND;
    return g->w->ended ? DGM_OK : status;
}

dgm_status dgmi_changed_go(dgmi_changed_walk *w, const dgmi_index *index,
                           uint64_t until_us, dgmi_changed_fn see, void *user,
                           dgm_error *err)
{
    walking g = { .w = w, .see = see, .user = user };
    const char *term = DGMI_TERM_CHANGED;
    dgm_status status = dgmx_postings_of(index->db, term, strlen(term), &g.postings, err);
    if (status == DGM_OK && w->from > 0)
        status = dgmx_postings_skip_to(g.postings, w->from, err);
    if (status == DGM_OK)
        status = dgmx_values_of(index->db, DGMI_SLOT_FIRST_SEEN, &g.first.values, err);
    if (status == DGM_OK)
        status = dgmx_values_of(index->db, DGMI_SLOT_CHANGED, &g.now.values, err);
    if (status == DGM_OK)
        status = walk(&g, until_us, err);
    dgmx_values_free(g.first.values);
    dgmx_values_free(g.now.values);
    dgmx_postings_free(g.postings);
    return status;
}

/* ---- What the index knows ---- */

static dgm_status read_terms(dgmi_changed *c, dgmx_doc *doc, dgm_error *err)
{
    dgm_status status = dgmx_doc_has_term(doc, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE),
                                          &c->findable, err);
    return status == DGM_OK ? dgmx_doc_has_term(doc, DGMI_TERM_HELD,
                                                strlen(DGMI_TERM_HELD), &c->held, err)
                            : status;
}

static dgm_status take(dgmi_changed *c, const dgmi_record *record, dgm_error *err)
{
    const dgmi_stored *stored = &record->stored;
    uint64_t *places = calloc(stored->n_digests + 1u, sizeof *places);
    if (!places)
        return dgmi_fail_memory(err);
    if (stored->n_digests > 0)
        memcpy(places, stored->places, stored->n_digests * sizeof *places);
    c->places = places;
    c->n_places = stored->n_digests;
    c->cut = stored->n_digests == DGMI_DIGESTS_MAX;
    c->at = stored->at;
    c->text_n = record->text_n;
    c->state = DGMI_CHANGED_KNOWN;
    return DGM_OK;
}

dgm_status dgmi_changed_look_up(dgmi_changed *c, const dgmi_index *index,
                                dgmi_codec *codec, dgm_error *err)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes data;
    dgmi_record record;
    dgm_status status = dgmi_kin_recall(index->db, c->id, &c->kin, err);
    if (status == DGM_OK)
        status = dgmx_doc_get(index->db, c->id, &doc, err);
    if (status == DGM_OK)
        status = read_terms(c, doc, err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &data, err);
    if (status == DGM_OK)
        status = dgmi_record_decode(codec, data.p, data.n, &record, err);
    if (status == DGM_OK)
        status = take(c, &record, err);
    dgmx_doc_free(doc);
    return status;
}
