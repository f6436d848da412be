/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A better spelling of a query, out of the words of the index. Depends on lib/index,
 * lib/text, lib/xapian. */
#include "correct.h"

#include <string.h>

#include "clock.h"
#include "distance.h"
#include "moment.h"
#include "schema.h"
#include "spelling.h"
#include "tokens.h"
#include "utf8.h"

enum { WALK = DGMI_CORRECT_WORDS * 100000 };

typedef struct choice {
    const char *text;
    uint32_t frequency;
    unsigned distance;
} choice;

/* A word that may be misspelt. */
typedef struct doubt {
    const char *word;
    bool title; /* it is asked for in titles */
    uint32_t frequency;
    choice choices[DGMI_CORRECT_CHOICES]; /* best first */
    size_t n;
} doubt;

typedef struct corrector {
    const dgmi_search *s;
    uint64_t deadline_us;
    doubt doubts[DGMI_CORRECT_WORDS];
    size_t n;
    doubt rarest; /* of the words that occur */
    bool failed;
    dgmi_buf term;
    dgm_error err;
} corrector;

/* ---- Which words ---- */

static uint32_t frequency_of(corrector *c, const char *prefix, dgmi_str text)
{
    uint32_t frequency = 0;
    dgmi_buf_reset(&c->term);
    dgmi_schema_term(&c->term, prefix, text.p, text.n);
    c->failed = c->failed || c->term.failed ||
                dgmx_db_term_freq(c->s->desk->index->db, c->term.p, c->term.n, &frequency,
                                  &c->err) != DGM_OK;
    return frequency;
}

static bool has_stem(corrector *c, const char *prefix, const char *word)
{
    const dgmi_lore *lore = &c->s->desk->lore;
    dgmi_str folded = dgmi_str_of(word);
    if (frequency_of(c, prefix, dgmi_stem(c->s->desk->stems, NULL, folded)) > 0)
        return true;
    for (unsigned i = 0; i < lore->n_languages && !c->failed; i++) {
        const char *language = lore->languages[i];
        if (frequency_of(c, prefix, dgmi_stem(c->s->desk->stems, language, folded)) > 0)
            return true;
    }
    return false;
}

static bool is_known(const corrector *c, const char *word, bool title)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->doubts[i].title == title && strcmp(c->doubts[i].word, word) == 0)
            return true;
    }
    return false;
}

/* Whether a word is in doubt; in a phrase it is what items have, not a stem. */
static void judge_word(corrector *c, const char *word, bool title, bool exact)
{
    if (c->failed || dgmi_blur_of(word) == 0 || is_known(c, word, title))
        return;
    doubt d = { .word = word, .title = title };
    d.frequency = frequency_of(c, title ? DGMI_PREFIX_TITLE : "", dgmi_str_of(word));
    if (d.frequency > 0 && (!c->rarest.word || d.frequency < c->rarest.frequency))
        c->rarest = d;
    bool occurs =
        d.frequency > 0 ||
        (!exact && has_stem(c, title ? DGMI_PREFIX_TITLE_STEM : DGMI_PREFIX_STEM, word));
    if (!occurs && !c->failed && c->n < DGMI_CORRECT_WORDS)
        c->doubts[c->n++] = d;
}

/* What is excluded is left as it is: it keeps no item from being found. */
static void judge(corrector *c, const dgmi_node *node)
{
    bool words = node->kind == DGMI_NODE_WORD || node->kind == DGMI_NODE_PHRASE;
    if (words && !node->loose && !node->aside) {
        for (uint32_t i = 0; i < node->n_words; i++)
            judge_word(c, node->words[i], node->field != NULL,
                       node->kind == DGMI_NODE_PHRASE);
        if (node->n_words == 0)
            judge_word(c, node->text, node->field != NULL, false);
    }
    uint32_t n =
        node->kind == DGMI_NODE_NOT && node->n_children > 0 ? 1 : node->n_children;
    for (uint32_t i = 0; i < n; i++)
        judge(c, node->children[i]);
}

/* ---- Which words instead ---- */

static bool is_before(const choice *a, const choice *b)
{
    return a->distance != b->distance ? a->distance < b->distance
                                      : a->frequency > b->frequency;
}

static void offer(corrector *c, doubt *d, dgmi_str word, const choice *new)
{
    size_t last = DGMI_CORRECT_CHOICES - 1;
    if (d->n > last && !is_before(new, &d->choices[last]))
        return;
    choice made = *new;
    made.text = dgmi_arena_str(c->s->scratch, word);
    c->failed = c->failed || !made.text;
    size_t at = d->n > last ? last : d->n++;
    for (; at > 0 && is_before(&made, &d->choices[at - 1]); at--)
        d->choices[at] = d->choices[at - 1];
    d->choices[at] = made;
}

static bool has_digit(dgmi_str word)
{
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] >= '0' && word.p[i] <= '9')
            return true;
    }
    return false;
}

/* Who is being looked for. */
typedef struct seeker {
    corrector *c;
    doubt *d;
} seeker;

/* A word near the one in doubt. */
static bool weigh(void *user, dgmi_str word, uint32_t frequency)
{
    seeker *s = user;
    doubt *d = s->d;
    unsigned most = dgmi_blur_of(d->word);
    if (frequency <= d->frequency || dgmi_str_eq(word, d->word) || has_digit(word))
        return true;
    choice new = { .frequency = frequency, .distance = most };
    if (most > 1 && dgmi_is_near_word(dgmi_str_of(d->word), word, 1))
        new.distance = 1;
    offer(s->c, d, word, &new);
    return !s->c->failed;
}

static bool is_late(const corrector *c)
{
    return dgmi_now_us() > c->deadline_us;
}

/* Among the words with the same first letter, or two: who mistypes a word rarely does so
 * at its beginning. */
static void find_choices(corrector *c, doubt *d)
{
    seeker s = { c, d };
    char head[12]; /* two letters and a NUL */
    uint32_t letter;
    bool all;
    const char *end = d->word + strlen(d->word);
    size_t n = dgmi_utf8_get(d->word, end, &letter);
    if (d->frequency > 0) /* it is a word, so that the doubt is weak */
        n += dgmi_utf8_get(d->word + n, end, &letter);
    memcpy(head, d->word, n);
    head[n] = '\0';
    dgmi_near near = { .prefix = d->title ? DGMI_PREFIX_TITLE : "",
                       .head = head,
                       .word = d->word,
                       .distance = dgmi_blur_of(d->word),
                       .walk = WALK,
                       .deadline_us = c->deadline_us,
                       .see = weigh,
                       .user = &s };
    c->failed =
        c->failed || dgmi_dictionary_near(c->s->desk->dictionary, c->s->desk->index,
                                          &near, &all, &c->err) != DGM_OK;
}

/* ---- The new query ---- */

/* What replaces a word of the query in the k-th attempt, or NULL. */
static const char *replacement_of(const corrector *c, const dgmi_token *token, size_t k)
{
    if (token->kind != DGMI_WORD && token->kind != DGMI_PART)
        return NULL;
    for (size_t i = 0; i < c->n; i++) {
        const doubt *d = &c->doubts[i];
        if (d->n > 0 && dgmi_str_eq((dgmi_str){ token->text, token->n }, d->word))
            return d->choices[k < d->n ? k : d->n - 1].text;
    }
    return NULL;
}

static void put_word(dgmi_buf *out, const char *word, bool capital)
{
    bool raise = capital && *word >= 'a' && *word <= 'z';
    if (raise)
        dgmi_buf_putc(out, (char)(*word - 'a' + 'A'));
    dgmi_buf_puts(out, word + raise);
}

/* The query with other words in their places; all around them stays. NULL without
 * memory. */
static const char *rewrite(const corrector *c, size_t k)
{
    const char *q = c->s->request->q, *made = NULL;
    size_t n = strlen(q), done = 0;
    dgmi_tokens walk;
    dgmi_token token;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_tokens_init(&walk, q, n, 1);
    while (dgmi_tokens_next(&walk, &token)) {
        const char *word = replacement_of(c, &token, k);
        if (!word || token.from < done)
            continue;
        dgmi_buf_put(&out, q + done, token.from - done);
        put_word(&out, word, token.capital);
        done = token.to;
    }
    dgmi_buf_put(&out, q + done, n - done);
    if (!out.failed)
        made = dgmi_arena_str(c->s->scratch, dgmi_buf_str(&out));
    dgmi_buf_clear(&out);
    return made;
}

/* Whether a query finds something under the conditions of the request, and what. */
static bool finds(corrector *c, const char *text, dgmx_docid *id)
{
    const dgmi_search *s = c->s;
    dgmi_query *query = NULL;
    dgmi_notes notes = { .arena = s->scratch };
    dgmi_pins pins = { .fixed = false };
    dgmi_plan plan = { .strict = NULL };
    dgmi_ranked hit;
    uint32_t n = 0;
    int64_t total = -1;
    dgmi_planner p = { .index = s->desk->index,
                       .lore = &s->desk->lore,
                       .stems = s->desk->stems,
                       .arena = s->scratch,
                       .notes = &notes,
                       .pins = &pins,
                       .dictionary = s->desk->dictionary,
                       .deadline_us = c->deadline_us,
                       .err = &c->err };
    dgmi_matcher m = s->matcher;
    m.deadline_us = c->deadline_us;
    m.err = &c->err;
    dgm_status status = dgmi_query_parse(text, false, &query, &c->err);
    if (status == DGM_OK)
        status = dgmi_plan_make(&p, query, s->request, &plan);
    dgmi_clause *held =
        status == DGM_OK ? dgmi_moment_hold(p.index, p.arena, plan.strict) : NULL;
    if (held)
        status = dgmi_match_page(&m, held, 1, &hit, &n, &total);
    dgmi_query_free(query);
    c->failed = c->failed || !held || status != DGM_OK;
    *id = n > 0 ? hit.key.id : 0;
    return status == DGM_OK && n > 0;
}

/* The words of the k-th attempt as the item that was found writes them. */
static void spell(corrector *c, dgmx_docid id, size_t k)
{
    for (size_t i = 0; i < c->n; i++) {
        doubt *d = &c->doubts[i];
        choice *taken = d->n > 0 ? &d->choices[k < d->n ? k : d->n - 1] : NULL;
        if (taken)
            taken->text = dgmi_spelling(c->s->desk, id, taken->text, c->s->scratch);
    }
}

static const char *try_choices(corrector *c)
{
    size_t most = 0;
    dgmx_docid id;
    for (size_t i = 0; i < c->n; i++) {
        find_choices(c, &c->doubts[i]);
        most = c->doubts[i].n > most ? c->doubts[i].n : most;
    }
    for (size_t k = 0; k < most && !c->failed && !is_late(c); k++) {
        const char *text = rewrite(c, k);
        if (!text)
            return NULL;
        if (strlen(text) > DGMI_QUERY_BYTES || !finds(c, text, &id))
            continue;
        spell(c, id, k);
        return rewrite(c, k);
    }
    return NULL;
}

void dgmi_correct(const dgmi_search *s, dgm_page *page)
{
    const char *q = s->request->q;
    uint64_t until = dgmi_now_us() + DGMI_CORRECT_MS * 1000;
    corrector c = { .s = s,
                    .deadline_us =
                        until < s->matcher.deadline_us ? until : s->matcher.deadline_us,
                    .err = DGM_ERROR_INIT };
    if (!q || s->resumed || s->request->literal || !dgmi_utf8_valid(q, strlen(q)))
        return;
    dgmi_buf_init(&c.term, 0);
    judge(&c, s->query->root);
    if (c.n == 0 && page->total == 0 && page->total_exact && c.rarest.word)
        c.doubts[c.n++] = c.rarest;
    const char *text = c.n > 0 && !c.failed ? try_choices(&c) : NULL;
    if (is_late(&c))
        dgmi_page_cut(page);
    if (text)
        page->suggestion = dgmi_arena_dup(s->arena, text);
    dgmi_buf_clear(&c.term);
}
