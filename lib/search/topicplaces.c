/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where words have to stand for an item to match: the same as plannear.c asks of an
 * index. Depends on topickeys.h, plan.h, lib/index. */
#include "topickeys.h"

#include <string.h>

#include "plan.h"
#include "schema.h"

typedef struct filling {
    dgmi_keyer *k;
    dgmi_place_choice *to;
    bool unfit; /* a search has to tell */
} filling;

static const char *prefix_of(const dgmi_node *node)
{
    return node->field ? DGMI_PREFIX_TITLE : "";
}

/* Terms one after another. False without memory. */
static bool add_sequence(filling *f, const dgmi_node *node, const char *const *words,
                         size_t n)
{
    dgmi_keyer *k = f->k;
    dgmx_bytes *terms = dgmi_arena_array(k->arena, n + 1, sizeof *terms);
    f->unfit = f->unfit || n == 0;
    for (size_t i = 0; i < n && terms; i++) {
        dgmi_buf_reset(&k->term);
        dgmi_schema_term(&k->term, prefix_of(node), words[i], strlen(words[i]));
        dgmi_str term = dgmi_buf_str(&k->term);
        const char *copy = k->term.failed ? NULL : dgmi_arena_str(k->arena, term);
        terms[i] = (dgmx_bytes){ copy, term.n };
        if (!copy)
            return false;
    }
    f->to->list[f->to->n++] = (dgmi_place){ .sequence = { terms, n } };
    return terms != NULL;
}

static bool add_forms(filling *f, const dgmi_node *node)
{
    dgmi_place *place = &f->to->list[f->to->n++];
    f->unfit = f->unfit || node->field || !f->k->forms;
    return f->unfit || dgmi_forms_want(f->k->forms, node->text, &place->form);
}

static bool add_node(filling *f, const dgmi_node *node)
{
    bool good = true;
    switch (node->kind) {
    case DGMI_NODE_WORD:
        if (!node->whole)
            return add_forms(f, node);
        return add_sequence(f, node, &node->whole, 1) &&
               add_sequence(f, node, node->words, node->n_words);
    case DGMI_NODE_PHRASE:
        return add_sequence(f, node, node->words, node->n_words);
    case DGMI_NODE_OR:
        for (uint32_t i = 0; i < node->n_children && good && !f->unfit; i++)
            good = add_node(f, node->children[i]);
        return good;
    default: /* what stands for the words that an index has */
        f->unfit = true;
        return true;
    }
}

/* Places that a node adds, at most. */
static size_t count(const dgmi_node *node)
{
    size_t n = 2;
    for (uint32_t i = 0; i < node->n_children; i++)
        n += count(node->children[i]);
    return n;
}

static bool add_operand(filling *f, const dgmi_node *node, dgmi_place_choice *to)
{
    to->list = dgmi_arena_array(f->k->arena, count(node), sizeof *to->list);
    f->to = to;
    return to->list && add_node(f, node);
}

static bool add_operands(filling *f, const dgmi_node *node, dgmi_places *to)
{
    bool good = true;
    for (size_t i = 0; i < to->how.n && good && !f->unfit; i++)
        good = add_operand(f, node->children[i], &to->operands[i]);
    return good;
}

/* A phrase's words, or a compound's parts. */
static bool add_phrase(filling *f, const dgmi_node *node, dgmi_places *to)
{
    to->how.distance = 1;
    to->operands->list = dgmi_arena_array(f->k->arena, 1, sizeof(dgmi_place));
    f->to = to->operands;
    return f->to->list && add_sequence(f, node, node->words, node->n_words);
}

bool dgmi_need_places(dgmi_keyer *k, const dgmi_node *node, const dgmi_places **out)
{
    filling f = { .k = k };
    bool near = node->kind == DGMI_NODE_NEAR;
    dgmi_places *made = dgmi_arena_alloc(k->arena, sizeof *made);
    if (!made)
        return false;
    if (near)
        made->how = dgmi_near_places(node);
    else
        made->how.n = 1;
    made->operands = dgmi_arena_array(k->arena, made->how.n + 1, sizeof *made->operands);
    bool good = made->operands &&
                (near ? add_operands(&f, node, made) : add_phrase(&f, node, made));
    *out = good && !f.unfit ? made : NULL;
    return good;
}
