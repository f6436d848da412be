/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which spellings of the query's names a hit has, and which synonyms. Depends on
 * lib/index, lib/xapian. */
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

/* Whether the item has a word in any of its forms. */
static bool has_stem(looker *l, const char *prefix, const char *word)
{
    const dgmi_lore *lore = &l->s->desk->lore;
    for (unsigned i = 0; i <= lore->n_languages && l->status == DGM_OK; i++) {
        const char *language = i > 0 ? lore->languages[i - 1] : NULL;
        dgmi_str stem = dgmi_stem(l->s->desk->stems, language, dgmi_str_of(word));
        dgmx_postings *postings = NULL;
        dgmx_docid id = 0;
        dgmi_buf_reset(&l->term);
        dgmi_schema_term(&l->term, prefix, stem.p, stem.n);
        l->status = dgmx_postings_of(l->s->desk->index->db, l->term.p, l->term.n,
                                     &postings, l->s->err);
        if (l->status == DGM_OK)
            l->status = dgmx_postings_skip_to(postings, l->id, l->s->err);
        if (l->status == DGM_OK)
            l->status = dgmx_postings_next(postings, &id, NULL, l->s->err);
        dgmx_postings_free(postings);
        if (l->status == DGM_E_NOTFOUND)
            l->status = DGM_OK;
        if (id == l->id)
            return l->status == DGM_OK;
    }
    return false;
}

/* A lone synonym is found in any form, several words as they stand. */
static bool has_synonym(looker *l, bool title, const dgmi_variant *s)
{
    if (s->n_words == 1)
        return has_stem(l, title ? DGMI_PREFIX_TITLE_STEM : DGMI_PREFIX_STEM,
                        s->words[0]);
    return has_in_order(l, title ? DGMI_PREFIX_TITLE : "", s);
}

static size_t count_all(const dgmi_naming *naming)
{
    size_t n = 0;
    for (size_t i = 0; i < naming->n; i++)
        n += naming->list[i].n;
    return n;
}

/* The labels of those that the hit has. */
static dgm_status look(const dgmi_search *s, dgmx_docid id, const dgmi_naming *naming,
                       int64_t published, const char *const **out, size_t *n_out)
{
    looker l = { .s = s, .id = id };
    const char **list = dgmi_arena_array(s->arena, count_all(naming) + 1, sizeof *list);
    size_t n = 0;
    if (!list)
        return dgmi_fail_memory(s->err);
    dgmi_buf_init(&l.term, 0);
    for (size_t i = 0; i < naming->n; i++) {
        const dgmi_named *named = &naming->list[i];
        bool title = named->nodes[0]->field != NULL;
        for (unsigned k = 0; k < named->n && l.status == DGM_OK; k++) {
            const dgmi_variant *v = &named->spellings[k];
            if (v->n_words == 0 || is_listed(list, n, v->label))
                continue;
            bool has = v->synonym ? has_synonym(&l, title, v)
                                  : has_spelling(&l, title ? DGMI_PREFIX_TITLE : "", v,
                                                 published);
            if (!has)
                continue;
            const char *label = dgmi_arena_dup(s->arena, v->label);
            if (label)
                list[n++] = label;
            else
                l.status = dgmi_fail_memory(s->err);
        }
    }
    dgmi_buf_clear(&l.term);
    *out = list;
    *n_out = n;
    return l.status;
}

dgm_status dgmi_hit_spellings(const dgmi_search *s, dgmx_docid id, dgm_hit *hit)
{
    dgm_status status =
        look(s, id, &s->naming, hit->published, &hit->variants, &hit->n_variants);
    if (status == DGM_OK)
        status =
            look(s, id, &s->synonyms, hit->published, &hit->synonyms, &hit->n_synonyms);
    return status;
}

dgm_status dgmi_tell_synonyms(const dgmi_search *s, dgm_page *page)
{
    const dgmi_naming *naming = &s->synonyms;
    dgm_stand_in *list = dgmi_arena_array(s->arena, count_all(naming) + 1, sizeof *list);
    size_t n = 0;
    if (!list)
        return dgmi_fail_memory(s->err);
    for (size_t i = 0; i < naming->n; i++) {
        const dgmi_named *named = &naming->list[i];
        for (unsigned k = 1; k < named->n; k++, n++) {
            const dgmi_variant *v = &named->spellings[k];
            list[n].words = dgmi_arena_dup(s->arena, named->spellings[0].label);
            list[n].synonym = dgmi_arena_dup(s->arena, v->label);
            list[n].own = v->synonym->own;
            list[n].line = v->synonym->line;
            if (!list[n].words || !list[n].synonym)
                return dgmi_fail_memory(s->err);
        }
    }
    page->synonyms = list;
    page->n_synonyms = n;
    return DGM_OK;
}
