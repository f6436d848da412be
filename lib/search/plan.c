/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From query tree to clauses: what `match` makes of words side by side.
 * Depends on lib/index, lib/text, lib/xapian. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "schema.h"
#include "wordlang.h"

enum { CHILDREN = DGMI_QUERY_LEAVES + 1 };

typedef struct list {
    dgmi_clause *items[CHILDREN];
    size_t n;
} list;

static dgmi_clause *compile(dgmi_planner *p, const dgmi_node *node, dgmi_match match,
                            bool loose);

void dgmi_plan_fail(dgmi_planner *p)
{
    if (p->status == DGM_OK)
        p->status = dgmi_fail_memory(p->err);
}

uint32_t dgmi_plan_frequency(dgmi_planner *p, dgmi_str term)
{
    uint32_t frequency = 0;
    if (p->status == DGM_OK)
        p->status = dgmx_db_term_freq(p->index->db, term.p, term.n, &frequency, p->err);
    return frequency;
}

dgmi_clause *dgmi_plan_term(dgmi_planner *p, dgmi_str term)
{
    return dgmi_clause_term(p->arena, term, dgmi_plan_frequency(p, term));
}

/* ---- Stopwords ---- */

static bool is_stop(const dgmi_node *node)
{
    if (node->kind != DGMI_NODE_WORD || node->whole || node->acronym)
        return false;
    dgmi_str word = dgmi_str_of(node->text);
    return dgmi_is_stopword(dgmi_script_language(word), word);
}

static bool has_live_word(const dgmi_node *group)
{
    for (uint32_t i = 0; i < group->n_children; i++) {
        const dgmi_node *child = group->children[i];
        if (!child->condition && !child->aside && !is_stop(child))
            return true;
    }
    return false;
}

bool dgmi_plan_leaves_out(const dgmi_node *group, const dgmi_node *word)
{
    return word->aside || (is_stop(word) && has_live_word(group));
}

/* ---- Quorum ---- */

static size_t quorum_of(size_t n)
{
    if (n < 2)
        return n;
    return n <= 4 ? n - 1 : (n * 6 + 9) / 10;
}

static dgmi_clause *at_least(dgmi_planner *p, size_t m, dgmi_clause *const *clauses,
                             size_t n);

/* i of the first `half` clauses and m - i of the others. */
static dgmi_clause *branch(dgmi_planner *p, size_t i, size_t m,
                           dgmi_clause *const *clauses, size_t n)
{
    size_t half = n / 2;
    if (i == 0)
        return at_least(p, m, clauses + half, n - half);
    if (i == m)
        return at_least(p, m, clauses, half);
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_AND, at_least(p, i, clauses, half),
                            at_least(p, m - i, clauses + half, n - half));
}

/* At least m of n clauses: of the first half i and of the second m - i, for each i that
 * can be. */
static dgmi_clause *at_least(dgmi_planner *p, size_t m, dgmi_clause *const *clauses,
                             size_t n)
{
    if (m <= 1)
        return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, clauses, n);
    if (m >= n)
        return dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, clauses, n);
    dgmi_clause *branches[DGMI_QUORUM_WORDS + 1];
    size_t half = n / 2, rest = n - half, count = 0;
    for (size_t i = m > rest ? m - rest : 0; i <= half && i <= m; i++)
        branches[count++] = branch(p, i, m, clauses, n);
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, branches, count);
}

static int compare_rarity(const void *a, const void *b)
{
    const dgmi_clause *x = *(dgmi_clause *const *)a, *y = *(dgmi_clause *const *)b;
    return (x->most > y->most) - (x->most < y->most);
}

/* Of many words the rarest decide, because a quorum of n words costs more than n squared.
 */
static dgmi_clause *most_of(dgmi_planner *p, const list *words)
{
    dgmi_clause *sorted[CHILDREN];
    size_t n = words->n;
    dgmi_clause *any = dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, words->items, n);
    for (size_t i = 0; i < n; i++) {
        if (!words->items[i])
            return NULL;
        sorted[i] = words->items[i];
    }
    if (n > DGMI_QUORUM_WORDS) {
        qsort(sorted, n, sizeof sorted[0], compare_rarity);
        n = DGMI_QUORUM_WORDS;
    }
    size_t m = quorum_of(n);
    if (m <= 1)
        return any;
    return dgmi_clause_scored_by(p->arena, any, at_least(p, m, sorted, n));
}

/* ---- Nodes ---- */

static dgmi_clause *join_words(dgmi_planner *p, const list *words, dgmi_match match)
{
    switch (match) {
    case DGMI_MATCH_ALL:
        p->relaxable = p->relaxable || words->n > 1;
        return dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, words->items, words->n);
    case DGMI_MATCH_ANY:
        return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, words->items, words->n);
    case DGMI_MATCH_MOST:
        return most_of(p, words);
    }
    return NULL;
}

/* Never asked for, and not marked. */
static dgmi_clause *compile_aside(dgmi_planner *p, const dgmi_node *word)
{
    dgmi_marklist *marks = p->marks;
    p->marks = NULL;
    dgmi_clause *clause = dgmi_plan_word(p, word, true);
    p->marks = marks;
    return clause;
}

static dgmi_clause *compile_group(dgmi_planner *p, const dgmi_node *group,
                                  dgmi_match match)
{
    list words = { .n = 0 }, conditions = { .n = 0 }, asides = { .n = 0 };
    for (uint32_t i = 0; i < group->n_children && i < CHILDREN; i++) {
        const dgmi_node *child = group->children[i];
        if (child->condition)
            conditions.items[conditions.n++] = compile(p, child, match, false);
        else if (child->aside && !is_stop(child))
            asides.items[asides.n++] = compile_aside(p, child);
        else if (!dgmi_plan_leaves_out(group, child))
            words.items[words.n++] = compile(p, child, match, match == DGMI_MATCH_ANY);
    }
    dgmi_clause *condition =
        dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, conditions.items, conditions.n);
    if (words.n == 0)
        return condition;
    dgmi_clause *joined = join_words(p, &words, match);
    if (asides.n > 0)
        joined = dgmi_clause_pair(
            p->arena, DGMI_CLAUSE_MAYBE, joined,
            dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, asides.items, asides.n));
    if (conditions.n == 0)
        return joined;
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, joined, condition);
}

static dgmi_clause *compile_list(dgmi_planner *p, const dgmi_node *node,
                                 dgmi_clause_kind kind, dgmi_match match)
{
    list all = { .n = 0 };
    for (uint32_t i = 0; i < node->n_children && i < CHILDREN; i++)
        all.items[all.n++] = compile(p, node->children[i], match, false);
    return dgmi_clause_join(p->arena, kind, all.items, all.n);
}

/* What is excluded is excluded as it stands, whatever `match` says, and is never marked.
 */
static dgmi_clause *compile_not(dgmi_planner *p, const dgmi_node *node, dgmi_match match)
{
    list all = { .n = 0 };
    dgmi_marklist *marks = p->marks;
    bool relaxable = p->relaxable;
    for (uint32_t i = 0; i < node->n_children && i < CHILDREN; i++) {
        all.items[all.n++] =
            compile(p, node->children[i], i == 0 ? match : DGMI_MATCH_ALL,
                    i == 0 && match == DGMI_MATCH_ANY);
        if (i == 0)
            relaxable = p->relaxable;
        p->marks = NULL;
    }
    p->marks = marks;
    p->relaxable = relaxable;
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_WITHOUT, all.items, all.n);
}

/* All operands score, whatever `match` says, and their places decide. */
static dgmi_clause *compile_near(dgmi_planner *p, const dgmi_node *node)
{
    dgmi_clause *score = compile_list(p, node, DGMI_CLAUSE_AND, DGMI_MATCH_ALL);
    dgmi_clause *places = dgmi_plan_near(p, node);
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, score, places);
}

static dgmi_clause *compile(dgmi_planner *p, const dgmi_node *node, dgmi_match match,
                            bool loose)
{
    switch (node->kind) {
    case DGMI_NODE_WORD:
    case DGMI_NODE_PHRASE:
    case DGMI_NODE_PREFIX:
    case DGMI_NODE_PATTERN:
    case DGMI_NODE_FUZZY:
        return dgmi_plan_word(p, node, loose);
    case DGMI_NODE_NEAR:
        return compile_near(p, node);
    case DGMI_NODE_SAID:
        return dgmi_plan_said(p, node);
    case DGMI_NODE_FIELD:
        return dgmi_plan_field(p, node);
    case DGMI_NODE_AND:
        return compile_list(p, node, DGMI_CLAUSE_AND, match);
    case DGMI_NODE_OR:
        return compile_list(p, node, DGMI_CLAUSE_OR, match);
    case DGMI_NODE_NOT:
        return compile_not(p, node, match);
    case DGMI_NODE_GROUP:
        return compile_group(p, node, match);
    case DGMI_NODE_ALL:
        return dgmi_plan_term(p, dgmi_str_of(DGMI_TERM_USABLE));
    }
    return NULL;
}

/* ---- The whole ---- */

/* All items under a filter are the filter's: only usable items have its terms. */
static dgmi_clause *restrict_to(dgmi_planner *p, const dgmi_node *root,
                                dgmi_clause *clause, dgmi_clause *filters)
{
    if (!filters)
        return clause;
    if (root->kind == DGMI_NODE_ALL)
        return filters;
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, clause, filters);
}

/* Beside an item that others are to be like, words are a condition alone. */
static dgmi_clause *restrict_like(dgmi_planner *p, const dgmi_node *root,
                                  const char *similar, dgmi_clause *words,
                                  dgmi_clause *filters)
{
    dgmi_clause *like = dgmi_plan_like(p, similar);
    p->relaxable = false;
    if (root->kind != DGMI_NODE_ALL)
        like = dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, like, words);
    return filters ? dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, like, filters) : like;
}

/* Without the items from which others evolved. An archive that has none has no such term,
 * and nothing changes. */
static dgmi_clause *leave_out_old(dgmi_planner *p, const dgm_request *request,
                                  dgmi_clause *clause)
{
    if (request->rewritten || p->index->place > 0) /* then.c knows which were then */
        return clause;
    dgmi_clause *old = dgmi_plan_term(p, dgmi_str_of(DGMI_TERM_OLD));
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_WITHOUT, clause, old);
}

/* What fills a short page has the same leaves, so it needs no marks and no warnings of
 * its own. */
static dgmi_clause *relax(dgmi_planner *p, const dgmi_node *root,
                          const dgm_request *request, dgmi_clause *filters,
                          dgmi_clause *strict)
{
    dgmi_marklist *marks = p->marks;
    p->marks = NULL;
    dgmi_clause *more = compile(p, root, DGMI_MATCH_MOST, false);
    p->marks = marks;
    more = leave_out_old(p, request, restrict_to(p, root, more, filters));
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_WITHOUT, more, strict);
}

dgm_status dgmi_plan_make(dgmi_planner *p, const dgmi_query *query,
                          const dgm_request *request, dgmi_plan *out)
{
    dgmi_clause *filters = NULL;
    const dgmi_node *root = query->root;
    p->marks = &out->marks;
    p->utterances = &out->utterances;
    dgmi_buf_init(&p->term, 0);
    dgmi_clause *words =
        compile(p, root, request->match, request->match == DGMI_MATCH_ANY);
    dgmi_plan_filters(p, request, &filters);
    out->filters = filters;
    if (p->naming && request->facets & 1u << (DGMI_FACETS - 1))
        dgmi_plan_spellings(p);
    out->strict = leave_out_old(
        p, request,
        request->similar ? restrict_like(p, root, request->similar, words, filters)
                         : restrict_to(p, root, words, filters));
    if (request->among)
        p->relaxable = false;
    if (p->relaxable && request->match == DGMI_MATCH_ALL && p->status == DGM_OK)
        out->relaxed = relax(p, root, request, filters, out->strict);
    if (!out->strict || p->term.failed || (p->relaxable && !out->relaxed))
        dgmi_plan_fail(p);
    dgmi_buf_clear(&p->term);
    return p->status;
}

dgm_status dgmi_plan_expanded(dgmi_planner *p, const dgmi_node *root,
                              const dgm_request *request, dgmi_clause *const *terms,
                              size_t n, dgmi_plan *out)
{
    list words = { .n = 0 };
    out->unexpanded = out->relaxed;
    for (size_t i = 0; i < n && i < CHILDREN; i++) {
        if (!terms[i])
            dgmi_plan_fail(p);
        else if (terms[i]->kind != DGMI_CLAUSE_NONE)
            words.items[words.n++] = terms[i];
    }
    if (p->status != DGM_OK || words.n == 0)
        return p->status;
    dgmi_clause *any = dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, words.items, words.n);
    dgmi_clause *more =
        leave_out_old(p, request, restrict_to(p, root, most_of(p, &words), out->filters));
    more = dgmi_clause_pair(p->arena, DGMI_CLAUSE_WITHOUT, more, out->strict);
    out->relaxed = out->relaxed
                       ? dgmi_clause_pair(p->arena, DGMI_CLAUSE_OR, out->relaxed, more)
                       : more;
    out->strict = dgmi_clause_pair(p->arena, DGMI_CLAUSE_MAYBE, out->strict, any);
    if (!out->strict || !out->relaxed)
        dgmi_plan_fail(p);
    return p->status;
}
