/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a query that stand side by side. Depends on lib/text. */
#include "wordruns.h"

#include "nametable.h"

enum { WORDS = DGMI_QUERY_LEAVES + 1 };

typedef struct walker {
    dgmi_run_fn run;
    void *user;
} walker;

static void give(const walker *w, const dgmi_run_word *words, unsigned n)
{
    if (n > 0)
        w->run(w->user, words, n);
}

static bool may_take_part(const dgmi_node *node)
{
    return node->kind == DGMI_NODE_WORD && !node->exact && !node->aside;
}

static unsigned add_words(dgmi_run_word *words, unsigned n, const dgmi_node *node)
{
    unsigned parts = node->whole ? node->n_words : 1;
    for (unsigned i = 0; i < parts && n < WORDS; i++)
        words[n++] = (dgmi_run_word){ .node = node,
                                      .text = node->whole ? node->words[i] : node->text,
                                      .first = i == 0,
                                      .last = i + 1 == parts };
    return n;
}

static void walk(const walker *w, const dgmi_node *node);

/* Children that stand side by side are read as one text. */
static void walk_row(const walker *w, const dgmi_node *node)
{
    dgmi_run_word words[WORDS];
    unsigned n = 0;
    const char *field = NULL;
    for (uint32_t i = 0; i < node->n_children; i++) {
        const dgmi_node *child = node->children[i];
        if (child->kind == DGMI_NODE_WORD && dgmi_name_skips(child->text))
            continue;
        if (n > 0 && (!may_take_part(child) || child->field != field)) {
            give(w, words, n);
            n = 0;
        }
        field = child->field;
        if (may_take_part(child))
            n = add_words(words, n, child);
        else
            walk(w, child);
    }
    give(w, words, n);
}

static void walk(const walker *w, const dgmi_node *node)
{
    dgmi_run_word words[WORDS];
    switch (node->kind) {
    case DGMI_NODE_WORD:
        if (may_take_part(node))
            give(w, words, add_words(words, 0, node));
        return;
    case DGMI_NODE_GROUP:
        walk_row(w, node);
        return;
    case DGMI_NODE_NEAR:
    case DGMI_NODE_SAID:
    case DGMI_NODE_AND:
    case DGMI_NODE_OR:
        for (uint32_t i = 0; i < node->n_children; i++)
            walk(w, node->children[i]);
        return;
    case DGMI_NODE_NOT: /* what is excluded is excluded as it stands */
        walk(w, node->children[0]);
        return;
    case DGMI_NODE_PHRASE:
    case DGMI_NODE_PREFIX:
    case DGMI_NODE_PATTERN:
    case DGMI_NODE_FUZZY:
    case DGMI_NODE_ALL:
        return;
    case DGMI_NODE_FIELD: /* of a speaker the name's words */
        walk_row(w, node);
        return;
    }
}

void dgmi_word_runs(const dgmi_node *root, dgmi_run_fn run, void *user)
{
    const walker w = { run, user };
    walk(&w, root);
}
