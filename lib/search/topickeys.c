/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an item needs to have to match a query. Depends on topickeys.h, lib/text,
 * lib/xapian. */
#include "topickeys.h"

#include <string.h>

#include "schema.h"
#include "wordlang.h"

static const double whole_archive = 1e12; /* what NOTHING costs */

static dgmi_need *make(dgmi_keyer *k, dgmi_need_kind kind, uint32_t room)
{
    dgmi_need *need = dgmi_arena_alloc(k->arena, sizeof *need);
    if (!need)
        return NULL;
    *need = (dgmi_need){ .kind = kind };
    if (kind == DGMI_NEED_NOTHING)
        need->cost = whole_archive;
    need->children = dgmi_arena_array(k->arena, room + 1, sizeof(dgmi_need *));
    return need->children ? need : NULL;
}

/* A child that needs nothing is left out of ALL and decides ANY. NULL in, NULL out. */
static dgmi_need *join(dgmi_need *to, dgmi_need *child)
{
    if (!to || !child)
        return NULL;
    if (child->kind == DGMI_NEED_NOTHING)
        return to->kind == DGMI_NEED_ANY ? child : to;
    if (to->kind == DGMI_NEED_NOTHING)
        return to;
    to->children[to->n++] = child;
    if (to->kind == DGMI_NEED_ANY)
        to->cost += child->cost;
    else if (to->n == 1 || child->cost < to->cost)
        to->cost = child->cost;
    return to;
}

/* ALL of nothing is nothing. */
static dgmi_need *ended(dgmi_keyer *k, dgmi_need *need)
{
    return need && need->kind == DGMI_NEED_ALL && need->n == 0
               ? make(k, DGMI_NEED_NOTHING, 0)
               : need;
}

/* ---- Words ---- */

static double cost_of(const dgmi_keyer *k, const char *term)
{
    uint32_t frequency = 0;
    size_t n = strlen(term);
    if (k->index && k->index->db &&
        dgmx_db_term_freq(k->index->db, term, n, &frequency, NULL) == DGM_OK)
        return 1 + frequency;
    return n < 12 ? (double)(1u << (12 - n)) : 1;
}

static dgmi_need *need_term(dgmi_keyer *k, dgmi_str stem)
{
    dgmi_need *need = make(k, DGMI_NEED_TERM, 0);
    if (!need)
        return NULL;
    need->text =
        dgmi_arena_printf(k->arena, DGMI_PREFIX_STEM "%.*s", (int)stem.n, stem.p);
    if (!need->text)
        return NULL;
    need->cost = cost_of(k, need->text);
    return need;
}

/* A word is found by its stem in the item's language, or in that of its script. What is
 * not all letters may be cut in other ways. */
static dgmi_need *need_word(dgmi_keyer *k, const char *folded)
{
    dgmi_str word = dgmi_str_of(folded);
    if (!*folded || strpbrk(folded, "-'./"))
        return make(k, DGMI_NEED_NOTHING, 0);
    dgmi_need *own = need_term(k, dgmi_stem(k->stems, NULL, word));
    if (!k->language || !own)
        return own;
    dgmi_need *other = need_term(k, dgmi_stem(k->stems, k->language, word));
    if (!other || strcmp(own->text, other->text) == 0)
        return other;
    return join(join(make(k, DGMI_NEED_ANY, 2), own), other);
}

static dgmi_need *need_words(dgmi_keyer *k, const char *const *words, uint32_t n)
{
    dgmi_need *all = make(k, DGMI_NEED_ALL, n);
    for (uint32_t i = 0; i < n; i++)
        all = join(all, need_word(k, words[i]));
    return ended(k, all);
}

/* A compound stands joined, or its parts do. */
static dgmi_need *need_of_word(dgmi_keyer *k, const dgmi_node *node)
{
    if (node->n_words == 0)
        return need_word(k, node->text);
    dgmi_need *parts = need_words(k, node->words, node->n_words);
    if (!node->whole)
        return parts;
    return join(join(make(k, DGMI_NEED_ANY, 2), parts), need_word(k, node->whole));
}

static dgmi_need *need_beginning(dgmi_keyer *k, const char *text)
{
    if (!*text || strpbrk(text, "-'./"))
        return make(k, DGMI_NEED_NOTHING, 0);
    dgmi_need *need = make(k, DGMI_NEED_BEGINNING, 0);
    if (!need)
        return NULL;
    need->text = dgmi_arena_dup(k->arena, text);
    need->cost = 8 * cost_of(k, text);
    return need->text ? need : NULL;
}

/* ---- Trees ---- */

/* Words beside others that a search may leave out say nothing. */
static bool may_be_left_out(const dgmi_node *group, const dgmi_node *child)
{
    if (group->kind != DGMI_NODE_GROUP || child->kind != DGMI_NODE_WORD)
        return false;
    dgmi_str word = dgmi_str_of(child->text ? child->text : "");
    return child->aside ||
           (!child->acronym && dgmi_is_stopword(dgmi_script_language(word), word));
}

static dgmi_need *need_children(dgmi_keyer *k, const dgmi_node *node, dgmi_need_kind kind)
{
    dgmi_need *need = make(k, kind, node->n_children);
    for (uint32_t i = 0; i < node->n_children; i++) {
        if (!may_be_left_out(node, node->children[i]))
            need = join(need, dgmi_need_of(k, node->children[i]));
    }
    return ended(k, need);
}

dgmi_need *dgmi_need_of(dgmi_keyer *k, const dgmi_node *node)
{
    switch (node->kind) {
    case DGMI_NODE_WORD:
        return need_of_word(k, node);
    case DGMI_NODE_PREFIX:
        return need_beginning(k, node->text);
    case DGMI_NODE_PHRASE:
        return need_words(k, node->words, node->loose ? 0 : node->n_words);
    case DGMI_NODE_AND:
    case DGMI_NODE_GROUP:
    case DGMI_NODE_NEAR:
        return need_children(k, node, DGMI_NEED_ALL);
    case DGMI_NODE_OR:
        return need_children(k, node, DGMI_NEED_ANY);
    case DGMI_NODE_NOT:
        if (node->n_children > 1)
            return dgmi_need_of(k, node->children[0]);
        return make(k, DGMI_NEED_NOTHING, 0);
    default: /* what has no word of its own */
        return make(k, DGMI_NEED_NOTHING, 0);
    }
}

/* ---- Walks ---- */

bool dgmi_need_keys(dgmi_need *need, dgmi_key_fn visit, void *user)
{
    bool good = true;
    dgmi_need *best = NULL;
    switch (need->kind) {
    case DGMI_NEED_NOTHING:
        return true;
    case DGMI_NEED_TERM:
    case DGMI_NEED_BEGINNING:
        return visit(user, need);
    case DGMI_NEED_ALL:
        for (uint32_t i = 0; i < need->n; i++) {
            if (!best || need->children[i]->cost < best->cost)
                best = need->children[i];
        }
        return !best || dgmi_need_keys(best, visit, user);
    case DGMI_NEED_ANY:
        for (uint32_t i = 0; i < need->n && good; i++)
            good = dgmi_need_keys(need->children[i], visit, user);
        return good;
    }
    return good;
}

bool dgmi_need_leaves(dgmi_need *need, dgmi_key_fn visit, void *user)
{
    bool good = true;
    if (need->kind == DGMI_NEED_TERM || need->kind == DGMI_NEED_BEGINNING)
        return visit(user, need);
    for (uint32_t i = 0; i < need->n && good; i++)
        good = dgmi_need_leaves(need->children[i], visit, user);
    return good;
}

bool dgmi_need_met(const dgmi_need *need, bool (*has)(const void *user, uint32_t id),
                   const void *user)
{
    switch (need->kind) {
    case DGMI_NEED_NOTHING:
        return true;
    case DGMI_NEED_TERM:
    case DGMI_NEED_BEGINNING:
        return has(user, need->id);
    case DGMI_NEED_ALL:
        for (uint32_t i = 0; i < need->n; i++) {
            if (!dgmi_need_met(need->children[i], has, user))
                return false;
        }
        return true;
    case DGMI_NEED_ANY:
        for (uint32_t i = 0; i < need->n; i++) {
            if (dgmi_need_met(need->children[i], has, user))
                return true;
        }
        return false;
    }
    return true;
}
