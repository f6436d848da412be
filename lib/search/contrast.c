/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words in which two sets of items differ. Depends on lexicon.h, spelt.h. */
#include "contrast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fail.h"
#include "lexicon.h"
#include "moment.h"
#include "spelt.h"
#include "tokens.h"
#include "utf8.h"
#include "wordlang.h"

enum {
    STORIES = 4096, /* places of the table of stories: more than twice the items */
    CANDIDATES = 4, /* looked at for each that is wanted: some have no form to show */
    LETTERS = 3,
    ASKED = 400,
    CHECK_EVERY = 32
};
_Static_assert(DGMI_CONTRAST_ITEMS * 2 < STORIES, "the table is never full");

typedef struct contrast {
    dgmi_contrast_side *sides;
    const dgmi_search *s; /* for its desk, arenas and deadline */
    unsigned most;
    dgmi_lexicon lexicon;
    dgmi_str asked[ASKED]; /* stems that the queries have, in scratch */
    size_t n_asked;
} contrast;

static bool is_late(const contrast *c)
{
    return dgmi_now_us() > c->s->matcher.deadline_us;
}

/* ---- Which items are looked into ---- */

static bool has_id(const dgmx_table *t, dgmx_docid id)
{
    return id / 64 < t->n_ids && t->ids[id / 64] >> id % 64 & 1;
}

static dgmx_docid *list_ids(const dgmx_table *t, dgmi_arena *scratch, size_t n)
{
    dgmx_docid *list = dgmi_arena_array(scratch, n + 1, sizeof *list);
    size_t at = 0;
    for (size_t w = 0; list && w < t->n_ids; w++) {
        for (uint64_t bits = t->ids[w]; bits; bits &= bits - 1) {
            if (at < n)
                list[at++] = (dgmx_docid)(w * 64 + (size_t)__builtin_ctzll(bits));
        }
    }
    return list;
}

/* A step through n places that comes to each of them, and whose first k are spread evenly
 * for any k: the golden section of n, made prime to it. */
static size_t spread_step(size_t n)
{
    size_t step = (size_t)((double)n * 0.6180339887498949);
    for (step = step > 0 ? step : 1; step < n; step++) {
        size_t a = n, b = step;
        while (b > 0) {
            size_t rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1)
            return step;
    }
    return 1;
}

/* Sides of different moments have an index each; items are known in both by one number
 * (moment.h). */
static const dgmi_index *index_of(const contrast *c, int side)
{
    return c->sides[side].s->desk->index;
}

static bool share_an_index(const contrast *c)
{
    return index_of(c, 0) == index_of(c, 1);
}

/* Whether no item of its story came before it. */
static dgm_status is_new(const contrast *c, int side, dgmx_docid id, uint64_t *stories,
                         bool *fresh)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes value;
    uint64_t story = 0;
    dgm_error *err = c->s->err;
    dgm_status status = dgmx_doc_get(index_of(c, side)->db, id, &doc, err);
    *fresh = true;
    if (status == DGM_OK)
        status = dgmx_doc_value(doc, DGMI_SLOT_STORY, &value, err);
    if (status == DGM_OK && dgmi_schema_u64_read(value.p, value.n, &story) && story) {
        size_t at = story % STORIES;
        while (stories[at] && stories[at] != story)
            at = (at + 1) % STORIES;
        *fresh = stories[at] != story;
        stories[at] = story;
    }
    dgmx_doc_free(doc);
    return status;
}

/* ---- Their stems ---- */

/* Stems alone: those of titles have a capital behind the prefix, and come before. */
static dgm_status read_stems(contrast *c, int side, dgmx_docid id, dgmx_docid item)
{
    static const char first[] = "Z[";
    dgm_error *err = c->s->err;
    dgmx_terms *terms = NULL;
    dgmx_bytes term;
    dgm_status status = dgmx_terms_of(index_of(c, side)->db, id, &terms, err);
    if (status == DGM_OK)
        status = dgmx_terms_skip_to(terms, first, strlen(first), err);
    while (status == DGM_OK) {
        status = dgmx_terms_next(terms, &term, NULL, NULL, err);
        if (status != DGM_OK || term.n < 2 || term.p[0] != 'Z')
            break;
        if (!dgmi_lexicon_add(&c->lexicon, (dgmi_str){ term.p + 1, term.n - 1 }, side,
                              item))
            status = dgmi_fail_memory(err);
    }
    dgmx_terms_free(terms);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status look_into(contrast *c, int side)
{
    dgmi_contrast_side *out = &c->sides[side];
    size_t n = (size_t)out->items, at = 0;
    dgm_status status = DGM_OK;
    dgmx_docid *ids = list_ids(out->ids, c->s->scratch, n);
    uint64_t *stories = dgmi_arena_array(c->s->scratch, STORIES, sizeof *stories);
    if (!ids || !stories)
        return dgmi_fail_memory(c->s->err);
    size_t step = n > 0 ? spread_step(n) : 0;
    for (size_t i = 0; i < n && i < 2 * DGMI_CONTRAST_ITEMS; i++, at = (at + step) % n) {
        bool fresh = false;
        dgmx_docid id = 0;
        if (out->looked_at == DGMI_CONTRAST_ITEMS ||
            c->lexicon.sum[side] >= DGMI_CONTRAST_STEMS ||
            (i % CHECK_EVERY == 0 && is_late(c)))
            break;
        status = dgmi_moment_doc(index_of(c, side), ids[at], &id, c->s->err);
        if (status == DGM_OK)
            status = is_new(c, side, id, stories, &fresh);
        if (status == DGM_OK && fresh)
            status = read_stems(c, side, id, ids[at]);
        if (status != DGM_OK)
            return status;
        out->looked_at += fresh;
    }
    return status;
}

/* ---- What was asked for ---- */

static void add_asked(contrast *c, dgmi_str word)
{
    dgmi_str stem = dgmi_stem(c->s->desk->stems, dgmi_script_language(word), word);
    char *copy = stem.n > 0 ? dgmi_arena_str(c->s->scratch, stem) : NULL;
    if (copy && c->n_asked < ASKED)
        c->asked[c->n_asked++] = dgmi_str_of(copy);
}

static void add_words(contrast *c, const char *text)
{
    dgmi_tokens walk;
    dgmi_token token;
    dgmi_tokens_init(&walk, text, strlen(text), 1);
    while (dgmi_tokens_next(&walk, &token))
        add_asked(c, (dgmi_str){ token.text, token.n });
}

/* Words of the query, and of the values of its filters: that Russian sources say
 * "Russian" is no finding. */
static void note_asked(contrast *c, const dgmi_search *s)
{
    const dgmi_marklist *marks = s ? &s->plan.marks : NULL;
    for (size_t i = 0; marks && i < marks->n; i++) {
        const dgmi_mark *mark = &marks->list[i];
        add_asked(c, (dgmi_str){ mark->word, mark->n });
        if (mark->stem && c->n_asked < ASKED)
            c->asked[c->n_asked++] = (dgmi_str){ mark->stem, mark->stem_n };
    }
    for (int f = 0; s && f < DGMI_FILTERS; f++) {
        for (size_t i = 0; i < s->request->filters[f].n; i++)
            add_words(c, s->request->filters[f].values[i]);
    }
}

static bool is_asked(const contrast *c, dgmi_str stem)
{
    for (size_t i = 0; i < c->n_asked; i++) {
        if (c->asked[i].n == stem.n && memcmp(c->asked[i].p, stem.p, stem.n) == 0)
            return true;
    }
    return false;
}

/* ---- Which words tell ---- */

typedef struct candidate {
    const dgmi_lexeme *lexeme;
    double score;
    dgmi_spelt *spelt;
} candidate;

static bool is_word(dgmi_str stem)
{
    for (size_t i = 0; i < stem.n; i++) {
        if (stem.p[i] >= '0' && stem.p[i] <= '9')
            return false;
    }
    return dgmi_utf8_count(stem.p, stem.n) >= LETTERS &&
           !dgmi_is_stopword(dgmi_script_language(stem), stem);
}

/* The score of the header for `side` against the other one; 0 if it does not tell. */
static double score_of(const contrast *c, const dgmi_lexeme *e, int side)
{
    double n = (double)c->lexicon.sum[side], m = (double)c->lexicon.sum[1 - side];
    double least = n < m ? n : m;
    if (e->items[side] < DGMI_CONTRAST_LEAST || least == 0)
        return 0;
    double y = e->items[side] * least / n, z = e->items[1 - side] * least / m;
    double a0 = least * DGMI_CONTRAST_PRIOR, a = (y + z) / 2 * DGMI_CONTRAST_PRIOR;
    n = m = least;
    if (y + a < DGMI_CONTRAST_RATIO * (z + a))
        return 0;
    double delta = log((y + a) / (n + a0 - y - a)) - log((z + a) / (m + a0 - z - a));
    double score = delta / sqrt(1 / (y + a) + 1 / (z + a));
    return score >= DGMI_CONTRAST_SCORE ? score : 0;
}

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return strcmp(x->lexeme->stem, y->lexeme->stem);
}

static dgm_status find_candidates(const contrast *c, int side, candidate **out, size_t *n)
{
    const dgmi_lexicon *l = &c->lexicon;
    size_t want = (size_t)c->most * 2 * CANDIDATES;
    candidate *all = calloc(l->n + 1, sizeof *all);
    if (!all)
        return dgmi_fail_memory(c->s->err);
    *n = 0;
    for (size_t i = 0; i < l->n_places; i++) {
        const dgmi_lexeme *e = &l->places[i];
        dgmi_str stem = { e->stem, e->n };
        if (!e->stem)
            continue;
        double score = score_of(c, e, side);
        if (score > 0 && is_word(stem) && !is_asked(c, stem))
            all[(*n)++] = (candidate){ .lexeme = e, .score = score };
    }
    if (*n > 0)
        qsort(all, *n, sizeof *all, compare_candidates);
    *n = *n < want ? *n : want;
    *out = dgmi_arena_copy(c->s->scratch, all, *n * sizeof *all);
    free(all);
    return *out || *n == 0 ? DGM_OK : dgmi_fail_memory(c->s->err);
}

/* The items of one side, or of both where they share an index. */
static dgm_status spell_from(const contrast *c, int side, const candidate *list, size_t n)
{
    size_t n_examples = 0;
    bool both = share_an_index(c);
    dgmi_example *examples = dgmi_arena_array(
        c->s->scratch, n * 2 * DGMI_LEXICON_EXAMPLES + 1, sizeof *examples);
    if (!examples)
        return dgmi_fail_memory(c->s->err);
    for (size_t i = 0; i < n; i++) {
        const dgmi_lexeme *e = list[i].lexeme;
        for (int of = 0; of < 2; of++)
            for (uint32_t k = 0; k < e->items[of] && k < DGMI_LEXICON_EXAMPLES; k++)
                if (both || of == side)
                    examples[n_examples++] =
                        (dgmi_example){ e->examples[of][k], list[i].spelt };
    }
    return dgmi_spelt_read(c->sides[side].s, examples, n_examples);
}

static dgm_status spell(const contrast *c, candidate *list, size_t n)
{
    dgmi_spelt *words = dgmi_arena_array(c->s->scratch, n + 1, sizeof *words);
    if (!words)
        return dgmi_fail_memory(c->s->err);
    for (size_t i = 0; i < n; i++) {
        words[i].stem = (dgmi_str){ list[i].lexeme->stem, list[i].lexeme->n };
        list[i].spelt = &words[i];
    }
    dgm_status status = spell_from(c, 0, list, n);
    return status == DGM_OK && !share_an_index(c) ? spell_from(c, 1, list, n) : status;
}

/* ---- The lists ---- */

/* A word of the lists. */
typedef struct shown {
    dgm_word *word;
    const dgmi_lexeme *lexeme;
    uint64_t a, b; /* of all items */
} shown;

typedef struct showing {
    shown *list; /* of both sides, in scratch */
    size_t n;
    bool exact;
} showing;

/* In how many items of a side, of all that there are, the stem is; of both where they
 * share an index. */
static dgm_status count_in(const contrast *c, int side, const char *term, size_t n,
                           shown *out)
{
    const dgm *desk = c->sides[side].s->desk;
    bool both = share_an_index(c);
    dgmx_postings *postings = NULL;
    dgmx_docid id;
    dgm_error *err = c->s->err;
    dgm_status status = dgmx_postings_of(desk->index->db, term, n, &postings, err);
    while (status == DGM_OK &&
           (status = dgmx_postings_next(postings, &id, NULL, err)) == DGM_OK) {
        dgmx_docid item = dgmi_moment_item(desk->index, id);
        if (!dgmi_moment_stands(desk, id))
            continue;
        out->a += (both || side == 0) && has_id(c->sides[0].ids, item);
        out->b += (both || side == 1) && has_id(c->sides[1].ids, item);
    }
    dgmx_postings_free(postings);
    return status == DGM_E_NOTFOUND ? DGM_OK : status;
}

static dgm_status count_items(const contrast *c, shown *out)
{
    dgmi_buf term;
    dgmi_buf_init(&term, 0);
    dgmi_schema_term(&term, DGMI_PREFIX_STEM, out->lexeme->stem, out->lexeme->n);
    dgm_status status = count_in(c, 0, term.p, term.n, out);
    if (status == DGM_OK && !share_an_index(c))
        status = count_in(c, 1, term.p, term.n, out);
    dgmi_buf_clear(&term);
    return status;
}

/* All that is shown, unless time is over before. */
static dgm_status count_shown(const contrast *c, showing *show)
{
    dgm_status status = DGM_OK;
    for (size_t i = 0; i < show->n && status == DGM_OK; i++) {
        if (is_late(c)) {
            show->exact = false;
            return DGM_OK;
        }
        status = count_items(c, &show->list[i]);
    }
    for (size_t i = 0; i < show->n && status == DGM_OK; i++) {
        show->list[i].word->a = show->list[i].a;
        show->list[i].word->b = show->list[i].b;
    }
    return status;
}

static bool is_shown(const dgm_word *list, size_t n, const char *form)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].word, form) == 0)
            return true;
    }
    return false;
}

/* Whether it tells anything to a reader: no "don't", no "today". */
static bool is_telling(const char *form, const char *folded)
{
    dgmi_str word = dgmi_str_of(folded);
    return !strchr(form, '\'') && !strstr(form, "\xe2\x80\x99") &&
           !dgmi_is_light_word(word) &&
           !dgmi_is_stopword(dgmi_script_language(word), word);
}

/* Adds the word to one of the lists, unless there is no saying it. */
static dgm_status take(const contrast *c, int side, const candidate *found, showing *show)
{
    dgmi_contrast_side *out = &c->sides[side];
    const dgmi_lexeme *e = found->lexeme;
    const char *folded = NULL, *form = dgmi_spelt_form(found->spelt, &folded);
    bool name = dgmi_spelt_is_name(found->spelt);
    dgm_word *list = name ? out->names : out->words;
    size_t *n = name ? &out->n_names : &out->n_words;
    if (!form || *n == c->most || is_shown(list, *n, form) || !is_telling(form, folded))
        return DGM_OK;
    list[*n] = (dgm_word){ .word = dgmi_arena_dup(c->s->arena, form),
                           .a = e->items[0],
                           .b = e->items[1],
                           .score = found->score };
    show->list[show->n++] = (shown){ .word = &list[*n], .lexeme = e };
    return list[(*n)++].word ? DGM_OK : dgmi_fail_memory(c->s->err);
}

static dgm_status list_words(const contrast *c, int side, showing *show)
{
    dgmi_contrast_side *out = &c->sides[side];
    candidate *found = NULL;
    size_t n = 0;
    out->words = dgmi_arena_array(c->s->arena, c->most, sizeof *out->words);
    out->names = dgmi_arena_array(c->s->arena, c->most, sizeof *out->names);
    if (!out->words || !out->names)
        return dgmi_fail_memory(c->s->err);
    dgm_status status = find_candidates(c, side, &found, &n);
    if (status == DGM_OK)
        status = spell(c, found, n);
    for (size_t i = 0; i < n && status == DGM_OK; i++)
        status = take(c, side, &found[i], show);
    return status;
}

static dgm_status list_all(contrast *c, const dgmi_search *asked, bool *exact)
{
    showing show = { .exact = true };
    show.list = dgmi_arena_array(c->s->scratch, (size_t)c->most * 4, sizeof *show.list);
    if (!show.list)
        return dgmi_fail_memory(c->s->err);
    note_asked(c, asked);
    dgm_status status = DGM_OK;
    for (int side = 0; side < 2 && status == DGM_OK; side++) {
        note_asked(c, c->sides[side].s);
        status = look_into(c, side);
    }
    for (int side = 0; side < 2 && status == DGM_OK; side++)
        status = list_words(c, side, &show);
    if (status == DGM_OK)
        status = count_shown(c, &show);
    *exact = show.exact;
    return status;
}

dgm_status dgmi_contrast(dgmi_contrast_side sides[2], const dgmi_search *asked,
                         unsigned most, bool *exact)
{
    contrast c = { .sides = sides, .s = sides[0].s, .most = most };
    *exact = true;
    if (!dgmi_lexicon_init(&c.lexicon, c.s->scratch))
        return dgmi_fail_memory(c.s->err);
    dgm_status status = list_all(&c, asked, exact);
    dgmi_lexicon_clear(&c.lexicon);
    return status;
}
