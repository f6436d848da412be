/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that the best hits have in common. Depends on lib/index, lib/text, lib/xapian. */
#include "related.h"

#include <string.h>

#include "clock.h"
#include "fail.h"
#include "schema.h"
#include "utf8.h"
#include "wordlang.h"

enum {
    CANDIDATES = 60,
    LETTERS = 3,
    COMMON = 4,   /* a stem that one item in so many has tells nothing, */
    ENOUGH = 100, /* unless there are fewer items than this */
    FORMS = 500   /* words looked at for the most frequent one of a stem */
};

typedef struct collector {
    dgmi_search *s;
    const char **words;
    size_t n;
    dgm_status status;
} collector;

static bool is_asked_for(const dgmi_search *s, dgmi_str stem)
{
    for (size_t i = 0; i < s->plan.marks.n; i++) {
        const dgmi_mark *mark = &s->plan.marks.list[i];
        if ((mark->stem && dgmi_str_eq(stem, mark->stem)) ||
            dgmi_str_eq(stem, mark->word))
            return true;
    }
    return false;
}

static bool tells(const dgmi_search *s, dgmi_str stem, uint32_t frequency)
{
    uint32_t documents = s->desk->index->documents;
    bool digit = false;
    for (size_t i = 0; i < stem.n; i++)
        digit = digit || (stem.p[i] >= '0' && stem.p[i] <= '9');
    return !digit && frequency > 1 &&
           (documents < ENOUGH || frequency < documents / COMMON) &&
           dgmi_utf8_count(stem.p, stem.n) >= LETTERS &&
           !dgmi_is_stopword(dgmi_script_language(stem), stem);
}

bool dgmi_is_related(const dgmi_search *s, dgmi_str stem, uint32_t frequency)
{
    bool title = stem.n == 0 || (stem.p[0] >= 'A' && stem.p[0] <= 'Z');
    return !title && tells(s, stem, frequency) && !is_asked_for(s, stem);
}

static bool has_stem(const dgmi_search *s, dgmi_str word, const char *stem)
{
    const dgmi_lore *lore = &s->desk->lore;
    if (dgmi_str_eq(dgmi_stem(s->desk->stems, NULL, word), stem))
        return true;
    for (unsigned i = 0; i < lore->n_languages; i++) {
        if (dgmi_str_eq(dgmi_stem(s->desk->stems, lore->languages[i], word), stem))
            return true;
    }
    return false;
}

/* The most frequent word with a stem; NULL if none is found near it in the alphabet.
 * English stems write "y" as "i". */
static dgm_status find_form(const dgmi_search *s, const char *stem, const char **out)
{
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    uint32_t frequency, most = 0;
    size_t n = strlen(stem);
    *out = NULL;
    n -= n > LETTERS && stem[n - 1] == 'i';
    dgm_status status = dgmx_terms_all(s->desk->index->db, stem, n, &terms, s->err);
    for (int i = 0; i < FORMS && status == DGM_OK; i++) {
        status = dgmx_terms_next(terms, &term, NULL, &frequency, s->err);
        dgmi_str word = { term.p, term.n };
        if (status != DGM_OK || frequency <= most || !has_stem(s, word, stem))
            continue;
        most = frequency;
        *out = dgmi_arena_str(s->arena, word);
        if (!*out)
            status = dgmi_fail_memory(s->err);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static bool is_late(const dgmi_search *s)
{
    return dgmi_now_us() > s->matcher.deadline_us;
}

static bool take(void *user, dgmx_bytes term, uint32_t frequency)
{
    collector *c = user;
    size_t skip = strlen(DGMI_PREFIX_STEM);
    dgmi_str stem = { term.p + skip, term.n - skip };
    const char *word = NULL;
    if (!dgmi_is_related(c->s, stem, frequency))
        return true;
    const char *text = dgmi_arena_str(c->s->scratch, stem);
    c->status = text ? find_form(c->s, text, &word) : dgmi_fail_memory(c->s->err);
    if (word && !dgmi_is_light_word(dgmi_str_of(word)))
        c->words[c->n++] = word;
    return c->status == DGM_OK && c->n < DGMI_RELATED_WORDS && !is_late(c->s);
}

dgm_status dgmi_related(dgmi_search *s, dgm_page *page)
{
    dgmx_docid ids[DGMI_RELATED_HITS];
    size_t n = 0;
    collector c = { .s = s, .status = DGM_OK };
    if (s->resumed)
        return DGM_OK;
    for (uint32_t i = 0; i < s->n_found && i < s->size && n < DGMI_RELATED_HITS; i++) {
        if (!s->found[i].relaxed)
            ids[n++] = s->found[i].key.id;
    }
    c.words = dgmi_arena_array(s->arena, DGMI_RELATED_WORDS, sizeof *c.words);
    if (!c.words)
        return dgmi_fail_memory(s->err);
    if (n > 0 && is_late(s)) {
        dgmi_warn(&s->notes, "related words are left out: the search took too long");
        dgmi_page_cut(page);
        return DGM_OK;
    }
    const dgmx_bytes prefix = { DGMI_PREFIX_STEM, strlen(DGMI_PREFIX_STEM) };
    dgm_status status = n > 0 ? dgmx_expand(s->desk->index->db, ids, n, prefix,
                                            CANDIDATES, take, &c, s->err)
                              : DGM_OK;
    if (n > 0 && is_late(s))
        dgmi_page_cut(page);
    page->related = c.words;
    page->n_related = c.n;
    return status == DGM_OK ? c.status : status;
}
