/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words, compounds, phrases and prefixes to clauses, and to marks for snippets.
 * Depends on lib/index, lib/text, lib/xapian. */
#include <stdlib.h>
#include <string.h>

#include "distance.h"
#include "expand.h"
#include "impact.h"
#include "plan.h"
#include "schema.h"
#include "utf8.h"
#include "wordlang.h"

#define DGMI_NEIGHBOUR_SHARE 0.5 /* of a word that is only near the one asked for */

enum { STEMS = DGMI_LORE_LANGUAGES + 1, MARKS_MAX = 1024 };

const char *dgmi_script_language(dgmi_str word)
{
    uint32_t c = 0;
    if (word.n > 0)
        dgmi_utf8_get(word.p, word.p + word.n, &c);
    return c >= 0x400 && c < 0x530 ? "ru" : "en";
}

/* ---- Marks ---- */

static void add_mark(dgmi_planner *p, const dgmi_mark *mark)
{
    dgmi_marklist *marks = p->marks;
    if (!marks || marks->n >= MARKS_MAX)
        return;
    if (marks->n == marks->capacity) {
        size_t capacity = marks->capacity ? marks->capacity * 2 : 32;
        dgmi_mark *list = dgmi_arena_array(p->arena, capacity, sizeof *list);
        if (!list) {
            dgmi_plan_fail(p);
            return;
        }
        if (marks->n > 0)
            memcpy(list, marks->list, marks->n * sizeof *list);
        marks->list = list;
        marks->capacity = capacity;
    }
    marks->list[marks->n++] = *mark;
}

void dgmi_plan_mark(dgmi_planner *p, const char *word, const char *stem, double idf,
                    int32_t phrase)
{
    dgmi_mark mark = { .word = word,
                       .n = (uint32_t)strlen(word),
                       .stem = stem,
                       .stem_n = stem ? (uint32_t)strlen(stem) : 0,
                       .weight = idf,
                       .phrase = phrase };
    add_mark(p, &mark);
}

/* ---- One word ---- */

typedef struct stems {
    const char *list[STEMS];
    uint32_t frequency[STEMS];
    size_t n;
    uint32_t most; /* the greatest frequency */
} stems;

static dgmi_str term_of(dgmi_planner *p, const char *prefix, const char *text)
{
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, prefix, text, strlen(text));
    return dgmi_buf_str(&p->term);
}

static const char *stem_prefix(const dgmi_node *node)
{
    return node->field ? DGMI_PREFIX_TITLE_STEM : DGMI_PREFIX_STEM;
}

static const char *word_prefix(const dgmi_node *node)
{
    return node->field ? DGMI_PREFIX_TITLE : "";
}

static void add_stem(dgmi_planner *p, stems *s, const char *prefix, dgmi_str stem)
{
    for (size_t i = 0; i < s->n; i++) {
        if (dgmi_str_eq(stem, s->list[i]))
            return;
    }
    char *copy = dgmi_arena_str(p->arena, stem);
    if (!copy) {
        dgmi_plan_fail(p);
        return;
    }
    uint32_t frequency = dgmi_plan_frequency(p, term_of(p, prefix, copy));
    s->list[s->n] = copy;
    s->frequency[s->n++] = frequency;
    if (frequency > s->most)
        s->most = frequency;
}

/* The word's stems in all languages that the index has items in. An item is found by any
 * of its words because one of these is what was stored for it. */
static void find_stems(dgmi_planner *p, const char *prefix, const char *word, stems *out)
{
    dgmi_str folded = dgmi_str_of(word);
    out->n = 0;
    out->most = 0;
    add_stem(p, out, prefix, dgmi_stem(p->stems, NULL, folded));
    for (unsigned i = 0; i < p->lore->n_languages && p->status == DGM_OK; i++)
        add_stem(p, out, prefix, dgmi_stem(p->stems, p->lore->languages[i], folded));
}

uint32_t dgmi_weight_steps(double weight)
{
    double steps = weight / DGMI_WEIGHT_STEP + 0.5;
    if (weight <= 0)
        return 0;
    return steps < 1 ? 1 : steps > UINT32_MAX ? UINT32_MAX : (uint32_t)steps;
}

static double boost_of(const dgmi_node *node)
{
    return node->boost > 0 ? node->boost : 1;
}

/* What a word counts that the query says several times, or only to except it: the third
 * part of BM25 (impact.h), which a weight is multiplied with. */
static double emphasis_of(const dgmi_node *node)
{
    double times = (DGMI_K3 + 1) * node->times / (DGMI_K3 + node->times);
    return boost_of(node) * (node->aside ? DGMI_ASIDE_SHARE : times);
}

/* A scored term; nothing if no item has it, or none had it on the first page. */
dgmi_clause *dgmi_plan_scored(dgmi_planner *p, const char *prefix, const char *text,
                              uint32_t frequency, double idf, double emphasis)
{
    uint32_t steps = 0;
    dgmi_str term = term_of(p, prefix, text);
    uint32_t present = frequency > 0 ? dgmi_weight_steps(dgmi_weight(idf)) : 0;
    if (!dgmi_pin_decide(p->pins, p->arena, DGMI_PIN_WEIGHT, term, present, &steps))
        return NULL;
    dgmi_clause *clause = dgmi_clause_term(p->arena, term, steps > 0 ? frequency : 0);
    if (clause && clause->kind == DGMI_CLAUSE_TERM) {
        clause->weight = (double)(uint64_t)(steps * emphasis) * DGMI_WEIGHT_STEP;
        clause->idf = steps * DGMI_WEIGHT_STEP / dgmi_weight(1);
        clause->scored = true;
        clause->what = dgmi_arena_printf(
            p->arena, "%s%s", *prefix == 'Z' && prefix[1] ? "title:" : "", text);
        if (!clause->what)
            return NULL;
    }
    return clause;
}

/* The best of the word's stems; all weigh as the most frequent does, because a stem of
 * another language is not rare in the sense that idf means. */
static dgmi_clause *stemmed(dgmi_planner *p, const dgmi_node *node, const char *word,
                            int32_t phrase, bool inflected)
{
    stems s;
    dgmi_clause *terms[STEMS];
    find_stems(p, stem_prefix(node), word, &s);
    if (p->status != DGM_OK)
        return NULL;
    double idf = dgmi_idf(p->index->documents, s.most);
    if (node->idf_most > 0 && idf > node->idf_most)
        idf = node->idf_most;
    for (size_t i = 0; i < s.n; i++) {
        terms[i] = dgmi_plan_scored(p, stem_prefix(node), s.list[i], s.frequency[i], idf,
                                    emphasis_of(node));
        if (inflected && (i == 0 || s.frequency[i] > 0))
            dgmi_plan_mark(p, word, s.list[i], idf, phrase);
    }
    if (!inflected)
        dgmi_plan_mark(p, word, NULL, idf, phrase);
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_MAX, terms, s.n);
}

/* ---- Several words in order ---- */

static dgmi_clause *in_order(dgmi_planner *p, const dgmi_node *node)
{
    dgmi_clause *words[DGMI_QUERY_LEAVES];
    size_t n = 0;
    for (uint32_t i = 0; i < node->n_words && n < DGMI_QUERY_LEAVES; i++)
        words[n++] = dgmi_plan_term(p, term_of(p, word_prefix(node), node->words[i]));
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_PHRASE, words, n);
}

static bool is_stop(const char *word)
{
    dgmi_str s = dgmi_str_of(word);
    return dgmi_is_stopword(dgmi_script_language(s), s);
}

static bool has_content_word(const dgmi_node *node)
{
    for (uint32_t i = 0; i < node->n_words; i++) {
        if (!is_stop(node->words[i]))
            return true;
    }
    return false;
}

/* The words of a phrase as addends of its score. Stopwords would add next to nothing and
 * cost most. */
static dgmi_clause *scores_of(dgmi_planner *p, const dgmi_node *node,
                              dgmi_clause_kind kind, int32_t phrase, bool inflected)
{
    dgmi_clause *words[DGMI_QUERY_LEAVES];
    size_t n = 0;
    bool skip_stops = has_content_word(node);
    for (uint32_t i = 0; i < node->n_words && n < DGMI_QUERY_LEAVES; i++) {
        if (skip_stops && is_stop(node->words[i]))
            dgmi_plan_mark(p, node->words[i], NULL, 0, phrase);
        else
            words[n++] = stemmed(p, node, node->words[i], phrase, inflected);
    }
    return dgmi_clause_join(p->arena, kind, words, n);
}

static int32_t next_phrase(dgmi_planner *p)
{
    return p->marks ? p->marks->phrases++ : 0;
}

/* Where not all languages are known, a stem may be missing from an item that has the
 * phrase: then the stems only add to the score instead of having to be there, which costs
 * more. */
static dgmi_clause *phrase(dgmi_planner *p, const dgmi_node *node, bool loose)
{
    if (loose && node->loose)
        return scores_of(p, node, DGMI_CLAUSE_OR, -1, true);
    int32_t number = node->n_words > 1 ? next_phrase(p) : -1;
    dgmi_clause *condition = in_order(p, node);
    if (p->lore->all_languages) {
        dgmi_clause *score = scores_of(p, node, DGMI_CLAUSE_AND, number, false);
        return dgmi_clause_scored_by(p->arena, score, condition);
    }
    dgmi_clause *score = scores_of(p, node, DGMI_CLAUSE_OR, number, false);
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_MAYBE, condition, score);
}

/* "cyber-attack": the joined form's stems or the parts in order; the parts score in any
 * case. */
static dgmi_clause *compound(dgmi_planner *p, const dgmi_node *node, bool loose)
{
    int32_t number = loose ? -1 : next_phrase(p);
    dgmi_clause *whole = stemmed(p, node, node->whole, -1, true);
    dgmi_clause *parts = scores_of(p, node, DGMI_CLAUSE_OR, number, true);
    dgmi_clause *score = dgmi_clause_pair(p->arena, DGMI_CLAUSE_OR, whole, parts);
    if (loose)
        return score;
    dgmi_clause *condition =
        dgmi_clause_pair(p->arena, DGMI_CLAUSE_OR, whole, in_order(p, node));
    return dgmi_clause_scored_by(p->arena, score, condition);
}

/* ---- Patterns ---- */

static bool fits_pattern(const void *user, dgmi_str word)
{
    return dgmi_fits_pattern(word, ((const dgmi_node *)user)->text);
}

/* The letters before the first wildcard, or the first one of a fuzzy word: who mistypes a
 * name rarely does so at its beginning. */
static const char *head_of(dgmi_planner *p, const dgmi_node *node)
{
    size_t n = strlen(node->text);
    if (node->kind == DGMI_NODE_PATTERN)
        n = strcspn(node->text, "*?");
    uint32_t c;
    if (node->kind == DGMI_NODE_FUZZY)
        n = dgmi_utf8_get(node->text, node->text + n, &c);
    const char *head = dgmi_arena_str(p->arena, (dgmi_str){ node->text, n });
    if (!head)
        dgmi_plan_fail(p);
    return head;
}

bool dgmi_plan_expand(dgmi_planner *p, const dgmi_node *node, dgmi_expansion *out)
{
    bool fuzzy = node->kind == DGMI_NODE_FUZZY;
    const char *end = node->kind == DGMI_NODE_PREFIX ? "*" : fuzzy ? "~" : "";
    dgmi_expand_by by = { .head = head_of(p, node),
                          .user = node,
                          .near = fuzzy ? node->text : NULL,
                          .distance = node->distance,
                          .walk = fuzzy ? DGMI_FUZZY_WALK : DGMI_EXPANSION_WALK,
                          .shown = dgmi_arena_printf(p->arena, "%s%s", node->text, end) };
    if (node->kind == DGMI_NODE_PATTERN)
        by.fits = fits_pattern;
    return by.head && dgmi_expand(p, word_prefix(node), stem_prefix(node), &by, out);
}

static void mark_expansion(dgmi_planner *p, const dgmi_node *node,
                           const dgmi_expansion *e, double idf)
{
    dgmi_mark mark = { .word = node->text,
                       .n = (uint32_t)strlen(node->text),
                       .prefix = true,
                       .weight = idf,
                       .phrase = -1 };
    if (node->kind == DGMI_NODE_PREFIX)
        add_mark(p, &mark);
    for (size_t i = 0; node->kind != DGMI_NODE_PREFIX && i < e->n_words; i++)
        dgmi_plan_mark(p, e->words[i].text, NULL, idf, -1);
}

/* Words are what matches; their stems, which match more, only score. All stems weigh
 * alike: as one word that is as frequent as the words together. */
static dgmi_clause *expanded(dgmi_planner *p, const dgmi_node *node,
                             const dgmi_expansion *e, double share)
{
    dgmi_clause *words[DGMI_WILDCARD_TERMS], *scores[DGMI_EXPANSION_STEMS];
    double idf = dgmi_idf(p->index->documents, e->items);
    for (size_t i = 0; i < e->n_words; i++)
        words[i] =
            dgmi_clause_term(p->arena, term_of(p, word_prefix(node), e->words[i].text),
                             e->words[i].frequency);
    for (size_t i = 0; i < e->n_stems; i++)
        scores[i] = dgmi_plan_scored(p, stem_prefix(node), e->stems[i].text,
                                     e->stems[i].frequency, idf, share * boost_of(node));
    mark_expansion(p, node, e, idf);
    return dgmi_clause_pair(
        p->arena, DGMI_CLAUSE_MAYBE,
        dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, words, e->n_words),
        dgmi_clause_join(p->arena, DGMI_CLAUSE_MAX, scores, e->n_stems));
}

/* A remark that names the other words: a reader must see what was searched for. */
static void say_neighbours(dgmi_planner *p, const dgmi_node *node,
                           const dgmi_expansion *e)
{
    enum { SHOWN = 8 };
    dgmi_buf list;
    size_t n = 0;
    dgmi_buf_init(&list, 0);
    for (size_t i = 0; i < e->n_words && n < SHOWN; i++) {
        if (strcmp(e->words[i].text, node->text) != 0)
            dgmi_buf_printf(&list, "%s%s", n++ > 0 ? ", " : "", e->words[i].text);
    }
    if (n > 0 && !list.failed)
        dgmi_warn(p->notes, "\"%s~\" also stands for %.*s%s", node->text, (int)list.n,
                  list.p, e->n_words > SHOWN + 1 ? ", ..." : "");
    dgmi_buf_clear(&list);
}

static dgmi_clause *pattern(dgmi_planner *p, const dgmi_node *node)
{
    dgmi_expansion e = { 0 };
    if (!dgmi_plan_expand(p, node, &e))
        return NULL;
    if (node->kind != DGMI_NODE_FUZZY)
        return expanded(p, node, &e, 1);
    say_neighbours(p, node, &e);
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_OR,
                            stemmed(p, node, node->text, -1, true),
                            expanded(p, node, &e, DGMI_NEIGHBOUR_SHARE));
}

dgmi_clause *dgmi_plan_word(dgmi_planner *p, const dgmi_node *node, bool loose)
{
    if (p->status != DGM_OK)
        return NULL;
    if (node->kind == DGMI_NODE_PREFIX || node->kind == DGMI_NODE_PATTERN ||
        node->kind == DGMI_NODE_FUZZY)
        return pattern(p, node);
    if (node->kind == DGMI_NODE_PHRASE)
        return phrase(p, node, loose);
    dgmi_clause *own =
        node->whole ? compound(p, node, loose) : stemmed(p, node, node->text, -1, true);
    return dgmi_plan_variants(p, node, own);
}
