/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reader keeps in mind of one revision: languages, years and months with items.
 * Depends on lib/index. */
#include "lore.h"

#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "fail.h"
#include "schema.h"
#include "stem.h"

static const char *prefix_of(const char *field)
{
    const dgmi_schema_field *f = dgmi_schema_find(dgmi_str_of(field));
    return f && f->prefix ? f->prefix : "";
}

/* Called for each term of a field, without its prefix. */
typedef dgm_status (*term_fn)(dgmi_lore *lore, dgmi_str value, uint32_t items,
                              dgm_error *err);

static dgm_status walk(dgmi_lore *lore, dgmx_db *db, const char *field, term_fn fn,
                       dgm_error *err)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t items;
    const char *prefix = prefix_of(field);
    size_t n = strlen(prefix);
    dgm_status status = dgmx_terms_all(db, prefix, n, &terms, err);
    if (status != DGM_OK)
        return status;
    while ((status = dgmx_terms_next(terms, &term, NULL, &items, err)) == DGM_OK) {
        dgmi_str value = { term.p + n, term.n - n };
        if (value.n == 0 || value.p[0] == '=')
            continue;
        status = fn(lore, value, items, err);
        if (status != DGM_OK)
            break;
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status add_language(dgmi_lore *lore, dgmi_str value, uint32_t items,
                               dgm_error *err)
{
    char name[32], tag[9];
    (void)items;
    (void)err;
    if (value.n >= sizeof name)
        return DGM_OK;
    memcpy(name, value.p, value.n);
    name[value.n] = '\0';
    if (!*dgmi_language_tag(name, tag))
        return DGM_OK;
    unsigned n =
        lore->n_languages; /* terms come sorted, so tags repeat one after another */
    if (n > 0 && strcmp(lore->languages[n - 1], tag) == 0)
        return DGM_OK;
    if (n == DGMI_LORE_LANGUAGES) {
        lore->all_languages = false;
        return DGM_OK;
    }
    memcpy(lore->languages[n], tag, sizeof tag);
    lore->n_languages++;
    return DGM_OK;
}

static bool read_number(dgmi_str s, size_t n, int *out)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *out = v;
    return true;
}

static dgm_status add_year(dgmi_lore *lore, dgmi_str value, uint32_t items,
                           dgm_error *err)
{
    int year;
    if (value.n != 4 || !read_number(value, 4, &year) || year < 1)
        return DGM_OK;
    if (!dgmi_grow(&lore->years, &lore->years_capacity, lore->n_years + 1,
                   sizeof(dgmi_span)))
        return dgmi_fail_memory(err);
    int64_t from = dgmi_time_of((dgmi_civil){ .year = year, .month = 1, .day = 1 });
    lore->years[lore->n_years++] =
        (dgmi_span){ from, dgmi_interval_next(DGMI_YEAR, from), items };
    return DGM_OK;
}

static dgm_status add_month(dgmi_lore *lore, dgmi_str value, uint32_t items,
                            dgm_error *err)
{
    int year, month;
    if (value.n != 6 || !read_number(value, 4, &year) || year < 1 ||
        !read_number(dgmi_str_skip(value, 4), 2, &month) || month < 1 || month > 12)
        return DGM_OK;
    if (!dgmi_grow(&lore->months, &lore->months_capacity, lore->n_months + 1,
                   sizeof(dgmi_span)))
        return dgmi_fail_memory(err);
    int64_t from = dgmi_time_of((dgmi_civil){ .year = year, .month = month, .day = 1 });
    lore->months[lore->n_months++] =
        (dgmi_span){ from, dgmi_interval_next(DGMI_MONTH, from), items };
    return DGM_OK;
}

dgm_status dgmi_lore_learn(dgmi_lore *lore, const dgmi_index *index, dgm_error *err)
{
    if (lore->known && lore->generation == index->generation &&
        lore->commit == index->commit)
        return DGM_OK;
    lore->known = false;
    lore->n_languages = 0;
    lore->n_years = lore->n_months = 0;
    lore->all_languages = true;
    lore->undated = index->documents;
    if (!index->db)
        return DGM_OK;
    dgm_status status = walk(lore, index->db, "language", add_language, err);
    if (status == DGM_OK)
        status = walk(lore, index->db, "year", add_year, err);
    if (status == DGM_OK)
        status = walk(lore, index->db, "month", add_month, err);
    for (size_t i = 0; i < lore->n_years && status == DGM_OK; i++)
        lore->undated -=
            lore->years[i].items < lore->undated ? lore->years[i].items : lore->undated;
    lore->generation = index->generation;
    lore->commit = index->commit;
    lore->known = status == DGM_OK;
    return status;
}

void dgmi_lore_clear(dgmi_lore *lore)
{
    free(lore->years);
    free(lore->months);
    memset(lore, 0, sizeof *lore);
}
