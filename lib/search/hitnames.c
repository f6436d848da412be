/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which spellings of the query's names a hit has. Depends on lib/index, lib/xapian. */
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "schema.h"
#include "search.h"

typedef struct looker {
    const dgmi_search *s;
    dgmx_docid id;
    dgmi_buf term;
    dgm_status status;
} looker;

static dgmi_str term_of(looker *l, const char *prefix, const char *word)
{
    dgmi_buf_reset(&l->term);
    dgmi_schema_term(&l->term, prefix, word, strlen(word));
    return dgmi_buf_str(&l->term);
}

/* Whether place is among the n places of a list, which ascend. */
static bool is_among(const uint32_t *list, size_t n, uint32_t place)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && list[low] == place;
}

/* Strikes the beginnings that word i does not follow at its distance. */
static size_t keep_followed(looker *l, dgmi_str term, uint32_t i, uint32_t *begins,
                            size_t n)
{
    uint32_t *places = NULL;
    size_t n_places = 0, kept = 0;
    l->status = dgmx_positions(l->s->desk->index->db, l->id, term.p, term.n, &places,
                               &n_places, l->s->err);
    for (size_t b = 0; l->status == DGM_OK && b < n; b++) {
        if (is_among(places, n_places, begins[b] + i))
            begins[kept++] = begins[b];
    }
    free(places);
    return kept;
}

static bool has_in_order(looker *l, const char *prefix, const dgmi_variant *spelling)
{
    uint32_t *begins = NULL;
    size_t n = 0;
    dgmi_str term = term_of(l, prefix, spelling->words[0]);
    l->status = dgmx_positions(l->s->desk->index->db, l->id, term.p, term.n, &begins, &n,
                               l->s->err);
    for (unsigned i = 1; i < spelling->n_words && n > 0 && l->status == DGM_OK; i++)
        n = keep_followed(l, term_of(l, prefix, spelling->words[i]), i, begins, n);
    free(begins);
    return l->status == DGM_OK && n > 0;
}

static bool has_spelling(looker *l, const char *prefix, const dgmi_variant *spelling,
                         int64_t published)
{
    bool open = spelling->from == DGM_NO_TIME && spelling->before == DGM_NO_TIME;
    if (!open && (published == DGM_NO_TIME ||
                  (spelling->from != DGM_NO_TIME && published < spelling->from) ||
                  (spelling->before != DGM_NO_TIME && published >= spelling->before)))
        return false;
    return has_in_order(l, prefix, spelling);
}

static bool is_listed(const char *const *list, size_t n, const char *label)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i], label) == 0)
            return true;
    }
    return false;
}

static size_t count_all(const dgmi_naming *naming)
{
    size_t n = 0;
    for (size_t i = 0; i < naming->n; i++)
        n += naming->list[i].n;
    return n;
}

dgm_status dgmi_hit_spellings(const dgmi_search *s, dgmx_docid id, dgm_hit *hit)
{
    looker l = { .s = s, .id = id };
    const dgmi_naming *naming = &s->naming;
    const char **list = dgmi_arena_array(s->arena, count_all(naming), sizeof *list);
    size_t n = 0;
    if (!list)
        return dgmi_fail_memory(s->err);
    dgmi_buf_init(&l.term, 0);
    for (size_t i = 0; i < naming->n; i++) {
        const dgmi_named *named = &naming->list[i];
        const char *prefix = named->nodes[0]->field ? DGMI_PREFIX_TITLE : "";
        for (unsigned k = 0; k < named->n && l.status == DGM_OK; k++) {
            const dgmi_variant *spelling = &named->spellings[k];
            if (is_listed(list, n, spelling->label) ||
                !has_spelling(&l, prefix, spelling, hit->published))
                continue;
            const char *label = dgmi_arena_dup(s->arena, spelling->label);
            if (label)
                list[n++] = label;
            else
                l.status = dgmi_fail_memory(s->err);
        }
    }
    dgmi_buf_clear(&l.term);
    hit->variants = list;
    hit->n_variants = n;
    return l.status;
}
