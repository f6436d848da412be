/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an item needs to have to match a query. Depends on topickeys.h, plan.h, lib/text,
 * lib/xapian. */
#include "topickeys.h"

#include <string.h>

#include "plan.h"
#include "schema.h"

static const double whole_archive = 1e12; /* what NOTHING costs */

static dgmi_need *make(dgmi_keyer *k, dgmi_need_kind kind, uint32_t room)
{
    dgmi_need *need = dgmi_arena_alloc(k->arena, sizeof *need);
    if (!need)
        return NULL;
    *need = (dgmi_need){ .kind = kind, .sure = kind != DGMI_NEED_NOTHING };
    if (kind == DGMI_NEED_NOTHING)
        need->cost = whole_archive;
    need->children = dgmi_arena_array(k->arena, room + 1, sizeof(dgmi_need *));
    return need->children ? need : NULL;
}

/* A child that needs nothing is left out of ALL, which a search then has to tell of, and
 * decides ANY. NULL in, NULL out. */
static dgmi_need *join(dgmi_need *to, dgmi_need *child)
{
    if (!to || !child)
        return NULL;
    if (child->kind == DGMI_NEED_NOTHING) {
        to->sure = false;
        return to->kind == DGMI_NEED_ANY ? child : to;
    }
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

/* Whatever else it needs, words have to stand as the node says. */
static dgmi_need *placed(dgmi_keyer *k, const dgmi_node *node, dgmi_need *need)
{
    const dgmi_places *places = NULL;
    if (!need || need->kind != DGMI_NEED_ALL)
        return need;
    if (!dgmi_need_places(k, node, &places))
        return NULL;
    need->sure = places != NULL;
    need->places = places;
    if (places)
        need->kind = DGMI_NEED_PLACES;
    return need;
}

/* Title words have stems of their own, which are not looked at here. */
static dgmi_need *unsure_in_title(const dgmi_node *node, dgmi_need *need)
{
    if (need && node->field)
        need->sure = false;
    return need;
}

/* A compound stands joined, or its parts do. */
static dgmi_need *need_of_word(dgmi_keyer *k, const dgmi_node *node)
{
    if (node->n_words == 0)
        return unsure_in_title(node, need_word(k, node->text));
    dgmi_need *parts = placed(k, node, need_words(k, node->words, node->n_words));
    if (!node->whole)
        return parts;
    dgmi_need *whole = unsure_in_title(node, need_word(k, node->whole));
    return join(join(make(k, DGMI_NEED_ANY, 2), parts), whole);
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

static dgmi_need *need_children(dgmi_keyer *k, const dgmi_node *node, dgmi_need_kind kind)
{
    dgmi_need *need = make(k, kind, node->n_children);
    for (uint32_t i = 0; i < node->n_children; i++) {
        const dgmi_node *child = node->children[i];
        if (node->kind != DGMI_NODE_GROUP || !dgmi_plan_leaves_out(node, child))
            need = join(need, dgmi_need_of(k, child));
    }
    return ended(k, need);
}

static dgmi_need *need_without(dgmi_keyer *k, const dgmi_node *node)
{
    dgmi_need *need = make(k, DGMI_NEED_WITHOUT, node->n_children);
    dgmi_need *first = need ? dgmi_need_of(k, node->children[0]) : NULL;
    if (!first || first->kind == DGMI_NEED_NOTHING)
        return first;
    need->cost = first->cost;
    need->children[need->n++] = first;
    for (uint32_t i = 1; i < node->n_children; i++) {
        dgmi_need *other = dgmi_need_of(k, node->children[i]);
        if (!other)
            return NULL;
        need->children[need->n++] = other;
    }
    return need;
}

dgmi_need *dgmi_need_of(dgmi_keyer *k, const dgmi_node *node)
{
    switch (node->kind) {
    case DGMI_NODE_WORD:
        return need_of_word(k, node);
    case DGMI_NODE_PREFIX:
        return unsure_in_title(node, need_beginning(k, node->text));
    case DGMI_NODE_PHRASE:
        return placed(k, node,
                      need_words(k, node->words, node->loose ? 0 : node->n_words));
    case DGMI_NODE_NEAR:
        return placed(k, node, need_children(k, node, DGMI_NEED_ALL));
    case DGMI_NODE_AND:
    case DGMI_NODE_GROUP:
        return need_children(k, node, DGMI_NEED_ALL);
    case DGMI_NODE_OR:
        return need_children(k, node, DGMI_NEED_ANY);
    case DGMI_NODE_NOT:
        return need_without(k, node);
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
    case DGMI_NEED_WITHOUT:
        return dgmi_need_keys(need->children[0], visit, user);
    case DGMI_NEED_ALL:
    case DGMI_NEED_PLACES:
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
