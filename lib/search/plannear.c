/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NEAR, ADJ, SENT and PARA: operands to terms of the index whose places are compared. A
 * word stands for all its forms, because places are kept of forms and not of stems.
 * Depends on lib/index, lib/text, lib/xapian. */
#include <string.h>

#include "expand.h"
#include "forms.h"
#include "plan.h"
#include "schema.h"
#include "utf8.h"

enum { ALTERNATIVES = DGMI_WILDCARD_TERMS + 32 };

/* Sequences of terms, any of which is the operand. */
typedef struct operand {
    dgmx_sequence list[ALTERNATIVES];
    dgmi_clause *has[ALTERNATIVES]; /* the items with its terms, wherever they stand */
    size_t n;
} operand;

static const char *prefix_of(const dgmi_node *node)
{
    return node->field ? DGMI_PREFIX_TITLE : "";
}

static bool add_terms(dgmi_planner *p, operand *to, const char *prefix,
                      const char *const *words, size_t n)
{
    dgmi_clause *terms[DGMI_QUERY_LEAVES];
    dgmx_bytes *bytes = dgmi_arena_array(p->arena, n, sizeof *bytes);
    if (!bytes || n > DGMI_QUERY_LEAVES) {
        dgmi_plan_fail(p);
        return false;
    }
    if (to->n == ALTERNATIVES)
        return true;
    for (size_t i = 0; i < n; i++) {
        dgmi_buf_reset(&p->term);
        dgmi_schema_term(&p->term, prefix, words[i], strlen(words[i]));
        terms[i] = dgmi_plan_term(p, dgmi_buf_str(&p->term));
        if (terms[i])
            bytes[i] = (dgmx_bytes){ terms[i]->term.p, terms[i]->term.n };
    }
    dgmi_clause *all = dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, terms, n);
    if (!all)
        return false;
    if (all->kind == DGMI_CLAUSE_NONE) /* the index has not all of these words */
        return true;
    to->list[to->n] = (dgmx_sequence){ bytes, n };
    to->has[to->n++] = all;
    return true;
}

typedef struct kin {
    dgmi_planner *p;
    const char *word;
} kin;

/* Whether a word has a stem in common with the one asked for. */
static bool is_kin(const void *user, dgmi_str word)
{
    const kin *k = user;
    dgmi_planner *p = k->p;
    char stem[DGMI_QUERY_BYTES];
    for (unsigned i = 0; i <= p->lore->n_languages; i++) {
        const char *language = i > 0 ? p->lore->languages[i - 1] : NULL;
        dgmi_str mine = dgmi_stem(p->stems, language, dgmi_str_of(k->word));
        size_t n = mine.n < sizeof stem ? mine.n : sizeof stem;
        memcpy(stem, mine.p, n); /* the stemmer's text lasts until its next one */
        dgmi_str other = dgmi_stem(p->stems, language, word);
        if (other.n == n && memcmp(other.p, stem, n) == 0)
            return true;
    }
    return false;
}

static const char *head_of_kin(dgmi_planner *p, const char *word)
{
    const char *language = p->lore->n_languages ? p->lore->languages[0] : NULL;
    size_t n = dgmi_forms_head(p->stems, language, word);
    return dgmi_arena_str(p->arena, (dgmi_str){ word, n });
}

static bool add_forms(dgmi_planner *p, operand *to, const dgmi_node *node)
{
    dgmi_expansion e = { 0 };
    kin k = { p, node->text };
    dgmi_expand_by by = { .head = head_of_kin(p, node->text),
                          .fits = is_kin,
                          .user = &k,
                          .walk = DGMI_EXPANSION_WALK };
    if (!by.head || !dgmi_expand(p, prefix_of(node), NULL, &by, &e))
        return false;
    bool ok = true;
    for (size_t i = 0; i < e.n_words && ok; i++)
        ok = add_terms(p, to, prefix_of(node), &e.words[i].text, 1);
    return ok;
}

static bool add_expansion(dgmi_planner *p, operand *to, const dgmi_node *node)
{
    dgmi_expansion e = { 0 };
    bool ok = dgmi_plan_expand(p, node, &e);
    for (size_t i = 0; i < e.n_words && ok; i++)
        ok = add_terms(p, to, prefix_of(node), &e.words[i].text, 1);
    return ok;
}

/* Other spellings of a name; those of a role hold for a time, which places cannot tell.
 */
static bool add_spellings(dgmi_planner *p, operand *to, const dgmi_node *node)
{
    bool ok = true;
    for (size_t i = 0; p->naming && i < p->naming->n && ok; i++) {
        const dgmi_named *named = &p->naming->list[i];
        if (named->n_nodes != 1 || named->nodes[0] != node)
            continue;
        for (unsigned s = 1; s < named->n && ok; s++) {
            const dgmi_variant *spelling = &named->spellings[s];
            if (spelling->from == DGM_NO_TIME && spelling->before == DGM_NO_TIME)
                ok =
                    add_terms(p, to, prefix_of(node), spelling->words, spelling->n_words);
        }
    }
    return ok;
}

static bool add_node(dgmi_planner *p, operand *to, const dgmi_node *node)
{
    const char *prefix = prefix_of(node);
    bool ok = true;
    switch (node->kind) {
    case DGMI_NODE_WORD:
        if (!add_spellings(p, to, node))
            return false;
        if (!node->whole)
            return add_forms(p, to, node);
        return add_terms(p, to, prefix, &node->whole, 1) &&
               add_terms(p, to, prefix, node->words, node->n_words);
    case DGMI_NODE_PHRASE:
        return add_terms(p, to, prefix, node->words, node->n_words);
    case DGMI_NODE_PREFIX:
    case DGMI_NODE_PATTERN:
    case DGMI_NODE_FUZZY:
        return add_expansion(p, to, node);
    case DGMI_NODE_OR:
        for (uint32_t i = 0; i < node->n_children && ok; i++)
            ok = add_node(p, to, node->children[i]);
        return ok;
    case DGMI_NODE_FIELD:
    case DGMI_NODE_NEAR:
    case DGMI_NODE_SAID:
    case DGMI_NODE_AND:
    case DGMI_NODE_NOT:
    case DGMI_NODE_GROUP:
    case DGMI_NODE_ALL:
        return true; /* the parser lets none of these in */
    }
    return true;
}

/* Names the operand's terms in *out; the clause is what has them. */
dgmi_clause *dgmi_plan_operand(dgmi_planner *p, const dgmi_node *node, dgmx_operand *out)
{
    operand *made = dgmi_arena_alloc(p->arena, sizeof *made);
    if (!made || !add_node(p, made, node)) {
        dgmi_plan_fail(p);
        return NULL;
    }
    *out = (dgmx_operand){ made->list, made->n };
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, made->has, made->n);
}

dgmx_within dgmi_near_places(const dgmi_node *node)
{
    bool sentence = node->op->kind == DGMI_OP_SENT;
    const char *marker = sentence ? DGMI_TERM_SENTENCE : DGMI_TERM_PARAGRAPH;
    return (dgmx_within){ .n = node->n_children,
                          .ordered = node->op->kind == DGMI_OP_ADJ,
                          .distance = node->distance,
                          .marker = { marker, strlen(marker) } };
}

dgmi_clause *dgmi_plan_near(dgmi_planner *p, const dgmi_node *node)
{
    dgmi_clause *has[DGMI_QUERY_LEAVES + 1];
    uint32_t n = node->n_children;
    dgmx_operand *operands = dgmi_arena_array(p->arena, n, sizeof *operands);
    dgmx_within *within = dgmi_arena_alloc(p->arena, sizeof *within);
    if (!operands || !within) {
        dgmi_plan_fail(p);
        return NULL;
    }
    *within = dgmi_near_places(node);
    within->operands = operands;
    for (uint32_t i = 0; i < n; i++)
        has[i] = dgmi_plan_operand(p, node->children[i], &operands[i]);
    dgmi_clause *all = dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, has, n);
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, all,
                            dgmi_clause_within(p->arena, within));
}
