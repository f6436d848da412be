/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The expressions of a query that have synonyms. Depends on lib/index, lib/text. */
#include <string.h>

#include "fail.h"
#include "hash.h"
#include "schema.h"
#include "variants.h"
#include "wordlang.h"
#include "wordruns.h"

typedef struct finder {
    dgm *desk;
    dgmi_arena *arena;
    dgmi_naming *out;
    dgmi_buf key;
    uint64_t mark;
    dgm_status status;
    dgm_error *err;
} finder;

static void fail_memory(finder *f)
{
    if (f->status == DGM_OK)
        f->status = dgmi_fail_memory(f->err);
}

static bool has_term(finder *f, const char *prefix, dgmi_str word)
{
    uint32_t frequency = 0;
    dgmi_buf_reset(&f->key);
    dgmi_schema_term(&f->key, prefix, word.p, word.n);
    if (f->status == DGM_OK && !f->key.failed)
        f->status =
            dgmx_db_term_freq(f->desk->index->db, f->key.p, f->key.n, &frequency, f->err);
    return frequency > 0;
}

/* A lone word in any form, several as they stand. */
static bool is_in_index(finder *f, const dgmi_synonym *s)
{
    bool has = true;
    dgmi_str word = dgmi_str_of(s->words[0]);
    if (s->n_words == 1)
        return has_term(f, DGMI_PREFIX_STEM,
                        dgmi_stem(f->desk->stems, dgmi_script_language(word), word));
    for (unsigned i = 0; i < s->n_words && has; i++)
        has = has_term(f, "", dgmi_str_of(s->words[i]));
    return has;
}

/* The longest expression with synonyms that begins at the first of n words. Returns how
 * many words it has; 0: there is none. */
static unsigned find_longest(finder *f, const dgmi_run_word *words, unsigned n,
                             const dgmi_synonym **found)
{
    bool longer = true;
    unsigned taken = 0;
    *found = NULL;
    dgmi_buf_reset(&f->key);
    for (unsigned i = 0; i < n && i < DGMI_SYNONYM_WORDS && longer; i++) {
        dgmi_synonym_key(&f->key, f->desk->stems, words[i].text);
        const dgmi_synonym *s =
            dgmi_synonyms_find(f->desk->synonyms.table, dgmi_buf_str(&f->key), &longer);
        if (s && words[i].last) {
            taken = i + 1;
            *found = s;
        }
    }
    return taken;
}

static dgmi_named *new_named(finder *f, const dgmi_run_word *words, unsigned n,
                             const dgmi_synonym *first)
{
    const dgmi_variant asked = {
        .label = first->from, .from = DGM_NO_TIME, .before = DGM_NO_TIME, .asked = true
    };
    dgmi_named *named = dgmi_named_new(f->out, f->arena, words, n, &asked);
    if (!named)
        fail_memory(f);
    return named;
}

static void note_rule(finder *f, const dgmi_synonym *s)
{
    f->mark = f->mark * 31 + dgmi_hash64(s->key, strlen(s->key));
    f->mark = f->mark * 31 + dgmi_hash64(s->to, strlen(s->to));
}

/* Kept only if the index has a synonym of it. */
static void take(finder *f, const dgmi_run_word *words, unsigned n,
                 const dgmi_synonym *first)
{
    dgmi_named *named = f->out->n < DGMI_NAMED_MAX ? new_named(f, words, n, first) : NULL;
    for (const dgmi_synonym *s = first; named && s; s = s->next) {
        if (s->gone)
            continue;
        note_rule(f, s);
        if (named->n <= DGMI_VARIANTS_MAX && is_in_index(f, s))
            named->spellings[named->n++] = (dgmi_variant){ .label = s->to,
                                                           .words = s->words,
                                                           .n_words = s->n_words,
                                                           .from = DGM_NO_TIME,
                                                           .before = DGM_NO_TIME,
                                                           .synonym = s->rule };
    }
    if (named && named->n > 1)
        f->out->n++;
}

static void find_in_words(void *user, const dgmi_run_word *words, unsigned n)
{
    finder *f = user;
    for (unsigned i = 0; i < n && f->status == DGM_OK;) {
        const dgmi_synonym *first = NULL;
        unsigned taken = words[i].first ? find_longest(f, words + i, n - i, &first) : 0;
        if (taken > 0)
            take(f, words + i, taken, first);
        i += taken > 0 ? taken : 1;
    }
}

dgm_status dgmi_synonyms_match(dgm *desk, const dgmi_node *root, dgmi_arena *arena,
                               dgmi_naming *out, uint64_t *mark, dgm_error *err)
{
    finder f = { .desk = desk, .arena = arena, .out = out, .err = err };
    *out = (dgmi_naming){ NULL, 0 };
    dgmi_buf_init(&f.key, 0);
    dgmi_word_runs(root, find_in_words, &f);
    if (f.key.failed)
        fail_memory(&f);
    dgmi_buf_clear(&f.key);
    *mark = f.mark;
    return f.status;
}
