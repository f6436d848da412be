/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facets out of tallies, or of the index's terms. Depends on lib/index, lib/text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count.h"
#include "fail.h"
#include "fold.h"

typedef struct entry {
    const char *key;   /* folded */
    const char *label; /* of the greatest part */
    uint64_t count, part;
} entry;

static bool is_better_label(const entry *e, const char *label, uint64_t part)
{
    return part > e->part || (part == e->part && strcmp(label, e->label) < 0);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->key, ((const entry *)b)->key);
}

static int compare_counts(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->label, y->label);
}

/* Adds up entries of equal keys, which sorting has put together. Returns how many are
 * left. */
static size_t merge(entry *entries, size_t n)
{
    size_t kept = 0;
    qsort(entries, n, sizeof *entries, compare_keys);
    for (size_t i = 0; i < n; i++) {
        entry *last = kept > 0 ? &entries[kept - 1] : NULL;
        if (!last || strcmp(last->key, entries[i].key) != 0) {
            entries[kept++] = entries[i];
            continue;
        }
        last->count += entries[i].count;
        if (is_better_label(last, entries[i].label, entries[i].part)) {
            last->label = entries[i].label;
            last->part = entries[i].part;
        }
    }
    return kept;
}

static dgm_status to_facet(const char *field, const entry *entries, size_t n,
                           dgmi_arena *arena, dgm_facet *out, dgm_error *err)
{
    size_t shown = n < DGMI_FACET_VALUES ? n : DGMI_FACET_VALUES;
    dgm_facet_value *values = dgmi_arena_array(arena, shown + 1, sizeof *values);
    if (!values)
        return dgmi_fail_memory(err);
    for (size_t i = 0; i < shown; i++) {
        values[i].value = dgmi_arena_dup(arena, entries[i].label);
        values[i].count = entries[i].count;
        if (!values[i].value)
            return dgmi_fail_memory(err);
    }
    *out = (dgm_facet){ .field = field, .values = values, .n_values = shown };
    return DGM_OK;
}

static bool fill(entry *entries, const dgmi_tally *tallies, size_t n, dgmi_arena *scratch)
{
    dgmi_buf key;
    bool ok = true;
    dgmi_buf_init(&key, 0);
    for (size_t i = 0; i < n && ok; i++) {
        dgmi_buf_reset(&key);
        dgmi_fold_key(&key, tallies[i].text, tallies[i].n);
        entries[i].key = dgmi_arena_str(scratch, dgmi_buf_str(&key));
        entries[i].label =
            dgmi_arena_str(scratch, (dgmi_str){ tallies[i].text, tallies[i].n });
        entries[i].count = entries[i].part = tallies[i].count;
        ok = !key.failed && entries[i].key && entries[i].label;
    }
    dgmi_buf_clear(&key);
    return ok;
}

dgm_status dgmi_facet_make(const char *field, const dgmi_tally *tallies, size_t n,
                           dgmi_arena *arena, dgm_facet *out, dgm_error *err)
{
    dgm_status status = DGM_E_NOMEM;
    dgmi_arena *scratch = dgmi_arena_new(0);
    entry *entries = scratch ? dgmi_arena_array(scratch, n + 1, sizeof *entries) : NULL;
    if (entries && fill(entries, tallies, n, scratch)) {
        n = merge(entries, n);
        qsort(entries, n, sizeof *entries, compare_counts);
        status = to_facet(field, entries, n, arena, out, err);
    }
    dgmi_arena_free(scratch);
    return status == DGM_E_NOMEM ? dgmi_fail_memory(err) : status;
}

/* ---- Of all items ---- */

bool dgmi_facet_has_terms(const char *field)
{
    const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of(field));
    return f && f->prefix;
}

typedef struct walk {
    const dgmi_matcher *m;
    const dgmi_schema_field *field;
    dgmi_arena *scratch;
    dgmi_tally *list;
    size_t n, capacity;
} walk;

/* "Y2021" and "M202106" are the facet's "2021" and "2021-06". */
static const char *date_label(walk *w, dgmi_str value)
{
    if (value.n == 6)
        return dgmi_arena_printf(w->scratch, "%.4s-%.2s", value.p, value.p + 4);
    return dgmi_arena_str(w->scratch, value);
}

static bool add(walk *w, const char *label, uint64_t count)
{
    if (!label || !dgmi_grow(&w->list, &w->capacity, w->n + 1, sizeof *w->list))
        return false;
    w->list[w->n++] = (dgmi_tally){ label, strlen(label), count };
    return true;
}

static int compare_tallies(const void *a, const void *b)
{
    const dgmi_tally *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->text, y->text);
}

/* The slot's value that folds to key in the first item with that term: how it is written.
 */
static dgm_status read_label(walk *w, dgmx_docid id, const char *key, const char **label)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes value;
    dgmi_buf folded;
    dgmi_buf_init(&folded, 0);
    dgm_status status = dgmx_doc_get(w->m->index->db, id, &doc, w->m->err);
    for (unsigned i = 0; i < w->field->slots && status == DGM_OK; i++) {
        status = dgmx_doc_value(doc, (uint32_t)w->field->slot + i, &value, w->m->err);
        dgmi_buf_reset(&folded);
        if (status == DGM_OK)
            dgmi_fold_key(&folded, value.p, value.n);
        if (status != DGM_OK || !dgmi_str_eq(dgmi_buf_str(&folded), key))
            continue;
        *label = dgmi_arena_str(w->scratch, (dgmi_str){ value.p, value.n });
        break;
    }
    dgmi_buf_clear(&folded);
    dgmx_doc_free(doc);
    return status;
}

static dgm_status name_keys(walk *w)
{
    dgm_status status = DGM_OK;
    dgmi_buf term;
    dgmi_buf_init(&term, 0);
    for (size_t i = 0; i < w->n && i < DGMI_FACET_VALUES && status == DGM_OK; i++) {
        dgmx_docid id;
        const char *key = w->list[i].text;
        dgmi_buf_reset(&term);
        dgmi_schema_exact(&term, w->field->prefix, key, w->list[i].n);
        status = dgmx_db_find(w->m->index->db, term.p, term.n, &id, w->m->err);
        if (status == DGM_OK)
            status = read_label(w, id, key, &w->list[i].text);
        w->list[i].n = w->list[i].text ? strlen(w->list[i].text) : 0;
        if (!w->list[i].text)
            status = dgmi_fail_memory(w->m->err);
    }
    dgmi_buf_clear(&term);
    return status;
}

static dgm_status walk_terms(walk *w)
{
    bool date = w->field->kind == DGMI_FIELD_DATE;
    const char *prefix = w->field->prefix;
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t count;
    char start[16];
    snprintf(start, sizeof start, "%s%s", prefix, date ? "" : "=");
    size_t skip = strlen(start);
    dgm_status status = dgmx_terms_all(w->m->index->db, start, skip, &terms, w->m->err);
    while (status == DGM_OK) {
        status = dgmx_terms_next(terms, &term, NULL, &count, w->m->err);
        dgmi_str value = { term.p + skip, term.n - skip };
        if (status == DGM_OK &&
            !add(w, date ? date_label(w, value) : dgmi_arena_str(w->scratch, value),
                 count))
            status = dgmi_fail_memory(w->m->err);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

dgm_status dgmi_facet_of_all(const dgmi_matcher *m, const char *field, dgmi_arena *arena,
                             dgm_facet *out)
{
    walk w = { .m = m, .field = dgmi_schema_find(dgmi_str_of(field)) };
    w.scratch = dgmi_arena_new(0);
    dgm_status status = w.scratch ? walk_terms(&w) : dgmi_fail_memory(m->err);
    if (status == DGM_OK && w.n > 0)
        qsort(w.list, w.n, sizeof *w.list, compare_tallies);
    if (w.n > DGMI_FACET_VALUES)
        w.n = DGMI_FACET_VALUES;
    if (status == DGM_OK && w.field->kind != DGMI_FIELD_DATE)
        status = name_keys(&w);
    if (status == DGM_OK)
        status = dgmi_facet_make(field, w.list, w.n, arena, out, m->err);
    free(w.list);
    dgmi_arena_free(w.scratch);
    return status;
}
