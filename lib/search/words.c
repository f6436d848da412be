/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a piece of query text to nodes: words, compounds, runs of ideographs. Depends on
 * lib/text. */
#include "words.h"

#include <string.h>

#include "lex.h"
#include "tokens.h"

enum { COMPOUND_TOKENS = 18 }; /* the tokenizer queues no more for one compound */

struct dgmi_word_token {
    const char *text;
    uint32_t from, to;
    dgmi_token_kind kind;
    bool capitals, capital;
};

static bool is_in_capitals(dgmi_str source)
{
    if (source.n < 2 || dgmi_has_small_letter(source))
        return false;
    for (size_t i = 0; i < source.n; i++) {
        if (source.p[i] >= 'A' && source.p[i] <= 'Z')
            return true;
    }
    return false;
}

/* The tokenizer's texts are borrowed for one step only, so the walk copies them first. A
 * token takes at least one byte of the source, and a compound adds one for its whole. */
void dgmi_words_init(dgmi_words *words, dgmi_arena *arena, dgmi_str text, uint32_t base)
{
    dgmi_tokens walk;
    dgmi_token token;
    size_t room = text.n * 2 + 1;
    *words = (dgmi_words){ .arena = arena, .base = base };
    words->tokens = dgmi_arena_array(arena, room, sizeof *words->tokens);
    words->failed = !words->tokens;
    dgmi_tokens_init(&walk, text.p, text.n, 1);
    while (!words->failed && words->n < room && dgmi_tokens_next(&walk, &token)) {
        dgmi_word_token *t = &words->tokens[words->n];
        t->text = dgmi_arena_str(arena, (dgmi_str){ token.text, token.n });
        t->from = token.from;
        t->to = token.to;
        t->kind = token.kind;
        t->capitals =
            is_in_capitals((dgmi_str){ text.p + token.from, token.to - token.from });
        t->capital = token.capital;
        words->failed = !t->text;
        words->n += token.n > 0;
    }
}

static dgmi_node *new_node(dgmi_words *w, dgmi_node_kind kind, size_t first, size_t last)
{
    dgmi_node *node = dgmi_arena_alloc(w->arena, sizeof *node);
    if (!node) {
        w->failed = true;
        return NULL;
    }
    node->kind = kind;
    node->from = w->base + w->tokens[first].from;
    node->to = w->base + w->tokens[last].to;
    node->times = 1;
    return node;
}

static dgmi_node *plain_word(dgmi_words *w, size_t i)
{
    dgmi_node *node = new_node(w, DGMI_NODE_WORD, i, i);
    if (node) {
        node->text = w->tokens[i].text;
        node->acronym = w->tokens[i].capitals;
        node->capital = w->tokens[i].capital;
    }
    return node;
}

/* Gives node the texts of n tokens as words, and joined by `between` as text. */
static bool set_words(dgmi_words *w, dgmi_node *node, const size_t *which, size_t n,
                      char between)
{
    dgmi_buf joined;
    const char **list = dgmi_arena_array(w->arena, n, sizeof *list);
    dgmi_buf_init(&joined, 0);
    for (size_t i = 0; list && i < n; i++) {
        list[i] = w->tokens[which[i]].text;
        if (i > 0 && between)
            dgmi_buf_putc(&joined, between);
        dgmi_buf_puts(&joined, list[i]);
    }
    node->words = list;
    node->n_words = (uint32_t)n;
    node->text = joined.failed ? NULL : dgmi_arena_str(w->arena, dgmi_buf_str(&joined));
    dgmi_buf_clear(&joined);
    w->failed = w->failed || !list || !node->text;
    return !w->failed;
}

/* The joined form that covers token i, which stands at most one compound away; w->n if
 * none does. */
static size_t whole_of(const dgmi_words *w, size_t i)
{
    size_t begin = i > COMPOUND_TOKENS ? i - COMPOUND_TOKENS : 0;
    for (size_t j = begin; j < w->n && j <= i + COMPOUND_TOKENS; j++) {
        const dgmi_word_token *t = &w->tokens[j];
        if (t->kind == DGMI_WHOLE && t->from <= w->tokens[i].from &&
            t->to >= w->tokens[i].to)
            return j;
    }
    return w->n;
}

static dgmi_node *compound(dgmi_words *w, size_t whole)
{
    size_t parts[COMPOUND_TOKENS + 1], n = 0, last = w->at;
    const dgmi_word_token *all = &w->tokens[whole];
    for (size_t i = w->at; i < w->n && w->tokens[i].from < all->to; i++) {
        last = i;
        if (w->tokens[i].kind == DGMI_PART && n < COMPOUND_TOKENS)
            parts[n++] = i;
    }
    w->at = last + 1;
    if (n < 2)
        return plain_word(w, n == 1 ? parts[0] : whole);
    dgmi_node *node = new_node(w, DGMI_NODE_WORD, whole, whole);
    if (!node || !set_words(w, node, parts, n, '-'))
        return NULL;
    node->whole = all->text;
    return node;
}

static dgmi_node *ideographs(dgmi_words *w)
{
    size_t run[DGMI_PHRASE_WORDS], n = 0, first = w->at;
    do
        run[n++] = w->at++;
    while (w->at < w->n && n < DGMI_PHRASE_WORDS && w->tokens[w->at].kind == DGMI_IDEO &&
           w->tokens[w->at].from == w->tokens[w->at - 1].to);
    if (n == 1)
        return plain_word(w, first);
    dgmi_node *node = new_node(w, DGMI_NODE_PHRASE, first, w->at - 1);
    if (!node || !set_words(w, node, run, n, '\0'))
        return NULL;
    node->loose = true;
    return node;
}

dgmi_node *dgmi_words_next(dgmi_words *w)
{
    if (w->failed || w->at >= w->n)
        return NULL;
    dgmi_token_kind kind = w->tokens[w->at].kind;
    if (kind == DGMI_IDEO)
        return ideographs(w);
    size_t whole = kind == DGMI_WORD ? w->n : whole_of(w, w->at);
    if (whole < w->n)
        return compound(w, whole);
    return plain_word(w, w->at++);
}

dgmi_node *dgmi_words_phrase(dgmi_words *w, uint32_t *left_out)
{
    size_t which[DGMI_PHRASE_WORDS], n = 0;
    *left_out = 0;
    for (; !w->failed && w->at < w->n; w->at++) {
        if (w->tokens[w->at].kind == DGMI_WHOLE)
            continue;
        if (n < DGMI_PHRASE_WORDS)
            which[n++] = w->at;
        else
            ++*left_out;
    }
    if (n == 0)
        return NULL;
    dgmi_node *node = new_node(w, DGMI_NODE_PHRASE, which[0], which[n - 1]);
    return node && set_words(w, node, which, n, ' ') ? node : NULL;
}
