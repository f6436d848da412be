/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that occur nowhere, blurred. Depends on lib/index, lib/text, lib/xapian. */
#include "blur.h"

#include <string.h>

#include "fail.h"
#include "schema.h"
#include "then.h"

typedef struct blurrer {
    dgmi_planner *p;
    dgmi_node *nodes[DGMI_WILDCARDS]; /* those that are changed for the plan */
    size_t n;
} blurrer;

static bool has_term(dgmi_planner *p, const char *prefix, dgmi_str text)
{
    dgmi_buf_reset(&p->term);
    dgmi_schema_term(&p->term, prefix, text.p, text.n);
    return dgmi_plan_frequency(p, dgmi_buf_str(&p->term)) > 0;
}

/* Whether any form of the word occurs where it is asked for. */
static bool occurs(dgmi_planner *p, const dgmi_node *word)
{
    dgmi_str text = dgmi_str_of(word->text);
    if (has_term(p, word->field ? DGMI_PREFIX_TITLE : "", text))
        return true;
    const char *stems = word->field ? DGMI_PREFIX_TITLE_STEM : DGMI_PREFIX_STEM;
    for (unsigned i = 0; i <= p->lore->n_languages; i++) {
        const char *language = i > 0 ? p->lore->languages[i - 1] : NULL;
        if (has_term(p, stems, dgmi_stem(p->stems, language, text)))
            return true;
    }
    return false;
}

/* The first page decides. */
static bool is_to_be_blurred(blurrer *b, const dgmi_node *word)
{
    uint32_t blurred = 0;
    if (word->exact || word->aside || word->whole || dgmi_blur_of(word->text) == 0 ||
        b->n == DGMI_WILDCARDS)
        return false;
    bool unknown = !b->p->pins->fixed && !occurs(b->p, word);
    const char *name = dgmi_arena_printf(b->p->arena, "~%s", word->text);
    if (!name || !dgmi_pin_decide(b->p->pins, b->p->arena, DGMI_PIN_CHOICE,
                                  dgmi_str_of(name), unknown, &blurred))
        dgmi_plan_fail(b->p);
    return blurred > 0;
}

/* What is excluded keeps nothing from being found. */
static void blur_in(blurrer *b, dgmi_node *node)
{
    if (node->kind == DGMI_NODE_FIELD || b->p->status != DGM_OK)
        return;
    if (node->kind == DGMI_NODE_WORD && is_to_be_blurred(b, node)) {
        node->kind = DGMI_NODE_FUZZY;
        node->distance = dgmi_blur_of(node->text);
        b->nodes[b->n++] = node;
    }
    uint32_t n = node->kind == DGMI_NODE_NOT ? 1 : node->n_children;
    for (uint32_t i = 0; i < n && i < node->n_children; i++)
        blur_in(b, node->children[i]);
}

/* The tree is printed later as the query has it. */
static void sharpen(blurrer *b)
{
    for (size_t i = 0; i < b->n; i++) {
        b->nodes[i]->kind = DGMI_NODE_WORD;
        b->nodes[i]->distance = 0;
    }
}

dgm_status dgmi_blur(dgmi_search *s, bool *blurred)
{
    dgmi_plan plan = { .strict = NULL };
    dgmi_planner p = dgmi_search_planner(s);
    blurrer b = { .p = &p };
    *blurred = false;
    if (s->request->similar)
        return DGM_OK;
    dgmi_buf_init(&p.term, 0);
    blur_in(&b, s->query->root);
    dgmi_buf_clear(&p.term);
    dgm_status status = p.status;
    if (status == DGM_OK && b.n > 0)
        status = dgmi_plan_make(&p, s->query, s->request, &plan);
    if (status == DGM_OK && b.n > 0)
        status = dgmi_then_hold(s, &plan.strict, NULL);
    if (status == DGM_OK && b.n > 0) {
        *blurred = true;
        s->plan.relaxed = plan.strict;
        s->plan.marks = plan.marks;
        s->plan.utterances = plan.utterances;
    }
    sharpen(&b);
    return status;
}
