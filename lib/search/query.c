/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query parser: one pass from left to right, recursion only into parentheses.
 * Depends on lib/base, lib/text and the field names of lib/index/schema.h. */
#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "exception.h"
#include "fail.h"
#include "leaves.h"
#include "lex.h"
#include "speech.h"
#include "utf8.h"

enum { ARENA_MAX = 4 << 20 };

typedef struct clauses {
    dgmi_bag wanted, unwanted;
} clauses;

static dgmi_node *parse_or(dgmi_parser *p);

static bool is_operand_end(dgmi_lex_kind kind)
{
    return kind == DGMI_LEX_END || kind == DGMI_LEX_CLOSE || kind == DGMI_LEX_AND ||
           kind == DGMI_LEX_OR || kind == DGMI_LEX_NEAR;
}

static void advance(dgmi_parser *p)
{
    dgmi_lexer_next(&p->lexer, &p->ahead);
    while (p->ahead.kind == DGMI_LEX_CLOSE && p->depth == 0) {
        dgmi_warn(p->notes, "a closing parenthesis without an opening one was ignored");
        dgmi_lexer_next(&p->lexer, &p->ahead);
    }
    if (p->status != DGM_OK)
        p->ahead.kind = DGMI_LEX_END;
    if (p->ahead.kind == DGMI_LEX_AND || p->ahead.kind == DGMI_LEX_OR ||
        p->ahead.kind == DGMI_LEX_NOT || p->ahead.kind == DGMI_LEX_NEAR ||
        p->ahead.kind == DGMI_LEX_OPEN)
        p->operators = true;
}

/* A weight behind parentheses is that of each word in them. */
static void multiply_boost(dgmi_node *node, double boost)
{
    if (node->n_children == 0 && node->kind != DGMI_NODE_FIELD)
        node->boost = (node->boost > 0 ? node->boost : 1) * boost;
    for (uint32_t i = 0; i < node->n_children; i++)
        multiply_boost(node->children[i], boost);
}

static void parse_group(dgmi_parser *p, bool negated, dgmi_bag *to)
{
    if (++p->depth > DGMI_QUERY_DEPTH) {
        p->status =
            dgmi_fail_at(p->err, DGM_E_QUERY, p->ahead.from,
                         "parentheses are nested more than %d deep", DGMI_QUERY_DEPTH);
        p->ahead.kind = DGMI_LEX_END;
        return;
    }
    advance(p);
    dgmi_node *inner = parse_or(p);
    p->depth--;
    if (p->ahead.kind == DGMI_LEX_CLOSE && p->ahead.boost > 0 && inner)
        multiply_boost(inner, p->ahead.boost);
    if (p->ahead.kind == DGMI_LEX_CLOSE)
        advance(p);
    else if (p->status == DGM_OK)
        dgmi_warn(p->notes, "a parenthesis was not closed; closed at the end");
    if (!inner && p->status == DGM_OK)
        dgmi_warn(p->notes, "empty parentheses were ignored");
    else if (inner && inner->kind == DGMI_NODE_GROUP && !negated)
        dgmi_bag_add_all(to, inner);
    else if (inner)
        dgmi_bag_add(to, inner);
}

static void parse_value(dgmi_parser *p, bool negated, dgmi_bag *to)
{
    if (p->ahead.kind == DGMI_LEX_OPEN) {
        parse_group(p, negated, to);
    } else if (p->ahead.kind == DGMI_LEX_QUOTED) {
        dgmi_leaves_of_quoted(p, &p->ahead, to);
        advance(p);
    } else if (p->ahead.kind == DGMI_LEX_RUN) {
        dgmi_leaves_of_run(p, &p->ahead, negated, to);
        advance(p);
    }
}

static dgmi_node *join(dgmi_parser *p, dgmi_node_kind kind, const dgmi_bag *bag);

/* said:, question:, answer:, by: and what stands behind them. */
static void parse_speech(dgmi_parser *p, dgmi_bag *to)
{
    dgmi_lexeme name = p->ahead;
    const char *outer = p->field;
    dgmi_bag value = { .n = 0 };
    if (p->speaking && p->status == DGM_OK)
        p->status =
            dgmi_fail_at(p->err, DGM_E_QUERY, name.from,
                         "%s: stands inside another field of its kind", name.field);
    p->speaking = true;
    p->field = strcmp(name.field, DGMI_FIELD_BY) == 0 ? name.field : NULL;
    advance(p);
    uint32_t remarks = p->notes->n, leaves = p->leaves + p->left_out;
    parse_value(p, false, &value);
    p->field = outer;
    p->speaking = false;
    if (value.n == 0 && p->status == DGM_OK && remarks == p->notes->n &&
        leaves == p->leaves + p->left_out)
        dgmi_warn(p->notes, "%s: has no letter or digit in its value; ignored",
                  name.field);
    dgmi_node *node =
        dgmi_speech_node(p, name.field, name.from, join(p, DGMI_NODE_GROUP, &value));
    if (node)
        dgmi_bag_add(to, node);
}

/* One clause: a run, a quote, a parenthesis, each perhaps behind a field's name. */
static void parse_primary(dgmi_parser *p, bool negated, dgmi_bag *to)
{
    const char *outer = p->field;
    if (p->ahead.kind == DGMI_LEX_FIELD && dgmi_is_speech(p->ahead.field)) {
        parse_speech(p, to);
        return;
    }
    if (p->ahead.kind == DGMI_LEX_FIELD) {
        p->field = p->ahead.field;
        advance(p);
    }
    parse_value(p, negated, to);
    p->field = outer;
}

static dgmi_node *new_node(dgmi_parser *p, dgmi_node_kind kind, const dgmi_bag *bag)
{
    dgmi_node *node = dgmi_arena_alloc(p->arena, sizeof *node);
    dgmi_node **children = dgmi_arena_array(p->arena, bag->n + 1, sizeof(dgmi_node *));
    if (!node || !children) {
        p->status = dgmi_fail_memory(p->err);
        return NULL;
    }
    node->kind = kind;
    node->children = children;
    node->n_children = bag->n;
    node->times = 1;
    node->condition = true;
    for (uint32_t i = 0; i < bag->n; i++) {
        children[i] = bag->items[i];
        node->condition = node->condition && children[i]->condition;
    }
    if (bag->n > 0) {
        node->from = children[0]->from;
        node->to = children[bag->n - 1]->to;
    }
    return node;
}

/* ---- NEAR and its kin ---- */

/* What has places in an item: words and what stands for words, and choices of them. */
static bool has_places(const dgmi_node *node, const char *field)
{
    switch (node->kind) {
    case DGMI_NODE_WORD:
    case DGMI_NODE_PHRASE:
    case DGMI_NODE_PREFIX:
    case DGMI_NODE_PATTERN:
    case DGMI_NODE_FUZZY:
        return node->field == field;
    case DGMI_NODE_OR:
        for (uint32_t i = 0; i < node->n_children; i++) {
            if (!has_places(node->children[i], field))
                return false;
        }
        return true;
    case DGMI_NODE_FIELD:
    case DGMI_NODE_NEAR:
    case DGMI_NODE_SAID:
    case DGMI_NODE_AND:
    case DGMI_NODE_NOT:
    case DGMI_NODE_GROUP:
    case DGMI_NODE_ALL:
        return false;
    }
    return false;
}

static const char *field_of(const dgmi_node *node)
{
    while (node->kind == DGMI_NODE_OR)
        node = node->children[0];
    return node->field;
}

static void fail_near(dgmi_parser *p, uint32_t at, const char *name)
{
    if (p->status == DGM_OK)
        p->status =
            dgmi_fail_at(p->err, DGM_E_QUERY, at,
                         "%s wants a word, a phrase or (a OR b) on both sides, of "
                         "one field, and no other operator of its kind beside it",
                         name);
}

/* The operands after the first; those of one chain have one operator. `more` receives
 * what stands behind the last operand. */
static void parse_operands(dgmi_parser *p, dgmi_bag *operands, dgmi_bag *more)
{
    const dgmi_operator *op = p->ahead.op;
    unsigned distance = p->ahead.distance;
    while (p->ahead.kind == DGMI_LEX_NEAR && p->status == DGM_OK) {
        dgmi_bag next = { .n = 0 };
        if (p->ahead.op != op || p->ahead.distance != distance || more->n > 0)
            fail_near(p, p->ahead.from, p->ahead.op->name);
        advance(p);
        if (!is_operand_end(p->ahead.kind) && p->ahead.kind != DGMI_LEX_NOT)
            parse_primary(p, false, &next);
        if (next.n == 0 || operands->n > DGMI_QUERY_LEAVES) {
            dgmi_warn(p->notes, "%s without words on both sides was ignored", op->name);
            break;
        }
        operands->items[operands->n++] = next.items[0];
        for (uint32_t i = 1; i < next.n; i++)
            dgmi_bag_add(more, next.items[i]);
    }
}

static dgmi_node *near_of(dgmi_parser *p, dgmi_bag *operands, const dgmi_lexeme *how)
{
    const char *field = field_of(operands->items[0]);
    for (uint32_t i = 0; i < operands->n; i++) {
        if (!has_places(operands->items[i], field))
            fail_near(p, operands->items[i]->from, how->op->name);
    }
    if (operands->n < 2 || p->status != DGM_OK)
        return operands->items[0];
    if (operands->n > DGMI_NEAR_OPERANDS) {
        dgmi_warn(p->notes,
                  "only the first %d words of %s are compared; %u were left out",
                  DGMI_NEAR_OPERANDS, how->op->name, operands->n - DGMI_NEAR_OPERANDS);
        operands->n = DGMI_NEAR_OPERANDS;
    }
    dgmi_node *node = new_node(p, DGMI_NODE_NEAR, operands);
    if (node) {
        node->op = how->op;
        node->distance = how->distance;
    }
    return node;
}

/* A clause, and those that an operator of places ties to it. Of several words without a
 * blank between them the one next to the operator is meant. */
static void parse_chain(dgmi_parser *p, bool negated, dgmi_bag *to)
{
    dgmi_bag one = { .n = 0 }, operands = { .n = 0 }, more = { .n = 0 };
    parse_primary(p, negated, &one);
    dgmi_lexeme how = p->ahead;
    if (how.kind == DGMI_LEX_NEAR && one.n > 0) {
        operands.items[operands.n++] = one.items[--one.n];
        parse_operands(p, &operands, &more);
    }
    for (uint32_t i = 0; i < one.n; i++)
        dgmi_bag_add(to, one.items[i]);
    dgmi_node *node = operands.n > 0 ? near_of(p, &operands, &how) : NULL;
    if (node)
        dgmi_bag_add(to, node);
    for (uint32_t i = 0; i < more.n; i++)
        dgmi_bag_add(to, more.items[i]);
}

/* Clauses side by side. A minus or NOT concerns the one clause after it. */
static void parse_beside(dgmi_parser *p, clauses *out)
{
    for (;;) {
        bool negated = false, dangling = false;
        while (p->ahead.kind == DGMI_LEX_NOT) {
            negated = !negated;
            dangling = true;
            advance(p);
        }
        if (p->ahead.kind == DGMI_LEX_NEAR) {
            dgmi_warn(p->notes, "%s without words on both sides was ignored",
                      p->ahead.op->name);
            advance(p);
            continue;
        }
        if (is_operand_end(p->ahead.kind)) {
            if (dangling && p->status == DGM_OK)
                dgmi_warn(p->notes, "NOT without a word after it was ignored");
            return;
        }
        parse_chain(p, negated, negated ? &out->unwanted : &out->wanted);
    }
}

/* The bag as one node of this kind; its only child if it has one, NULL if none. */
static dgmi_node *join(dgmi_parser *p, dgmi_node_kind kind, const dgmi_bag *bag)
{
    if (bag->n == 0)
        return NULL;
    return bag->n == 1 ? bag->items[0] : new_node(p, kind, bag);
}

/* Conditions go behind words, where the printed form has them. */
static dgmi_node *join_beside(dgmi_parser *p, dgmi_bag *wanted)
{
    dgmi_bag sorted = { .n = 0 };
    dgmi_speech_bind(p, wanted);
    for (int conditions = 0; conditions < 2; conditions++) {
        for (uint32_t i = 0; i < wanted->n; i++) {
            if (wanted->items[i]->condition == (conditions == 1))
                dgmi_bag_add(&sorted, wanted->items[i]);
        }
    }
    return join(p, DGMI_NODE_GROUP, &sorted);
}

static dgmi_node *without(dgmi_parser *p, dgmi_node *from, const dgmi_bag *unwanted)
{
    dgmi_bag all = { .n = 0 }, none = { .n = 0 };
    if (unwanted->n == 0)
        return from;
    dgmi_node *first = from ? from : new_node(p, DGMI_NODE_ALL, &none);
    if (!first)
        return NULL;
    all.items[all.n++] =
        first; /* "a -a" is to stay, so nothing is counted together here */
    for (uint32_t i = 0; i < unwanted->n && all.n <= DGMI_QUERY_LEAVES; i++)
        all.items[all.n++] = unwanted->items[i];
    return new_node(p, DGMI_NODE_NOT, &all);
}

static void add_flat(dgmi_bag *bag, dgmi_node *node, dgmi_node_kind kind)
{
    if (node && node->kind == kind)
        dgmi_bag_add_all(bag, node);
    else if (node)
        dgmi_bag_add(bag, node);
}

static void note_operator(dgmi_parser *p, const char *name, bool lacking)
{
    if (lacking && p->status == DGM_OK)
        dgmi_warn(p->notes, "%s without words on both sides was ignored", name);
}

static dgmi_node *parse_and(dgmi_parser *p)
{
    dgmi_bag all = { .n = 0 };
    clauses both = { .unwanted = { .n = 0 } };
    bool more = true, joined = false;
    while (more) {
        uint32_t unwanted = both.unwanted.n;
        both.wanted.n = 0;
        parse_beside(p, &both);
        bool empty = both.wanted.n == 0 && both.unwanted.n == unwanted;
        add_flat(&all, join_beside(p, &both.wanted), DGMI_NODE_AND);
        more = p->ahead.kind == DGMI_LEX_AND;
        note_operator(p, "AND", empty && (more || joined));
        joined = more;
        if (more)
            advance(p);
    }
    dgmi_speech_remark(p, &all);
    return without(p, join(p, DGMI_NODE_AND, &all), &both.unwanted);
}

static dgmi_node *parse_or(dgmi_parser *p)
{
    dgmi_bag any = { .n = 0 };
    bool more = true, joined = false;
    while (more) {
        dgmi_node *one = parse_and(p);
        add_flat(&any, one, DGMI_NODE_OR);
        more = p->ahead.kind == DGMI_LEX_OR;
        note_operator(p, "OR", !one && (more || joined));
        joined = more;
        if (more)
            advance(p);
    }
    return join(p, DGMI_NODE_OR, &any);
}

static void take_piece(dgmi_parser *p, size_t from, size_t to, dgmi_bag *bag)
{
    dgmi_lexeme piece = p->ahead;
    piece.text = (dgmi_str){ p->ahead.text.p + from, to - from };
    piece.from = p->ahead.from + (uint32_t)from;
    piece.to = p->ahead.from + (uint32_t)to;
    dgmi_leaves_of_run(p, &piece, false, bag);
}

static bool has_word(const dgmi_bag *bag, const char *text)
{
    for (uint32_t i = 0; i < bag->n; i++) {
        if (strcmp(bag->items[i]->text, text) == 0)
            return true;
    }
    return false;
}

/* Words that are only excepted stand aside; one that is asked for too is asked for. */
static void put_aside(dgmi_bag *words, const dgmi_bag *excepted)
{
    for (uint32_t i = 0; i < excepted->n; i++) {
        dgmi_node *node = excepted->items[i];
        node->aside = node->kind == DGMI_NODE_WORD && !node->whole;
        if (node->aside && !has_word(words, node->text))
            dgmi_bag_add(words, node);
    }
}

static dgmi_node *parse_literal(dgmi_parser *p)
{
    dgmi_bag words = { .n = 0 }, excepted = { .n = 0 };
    dgmi_exception found;
    size_t at = 0;
    if (p->ahead.kind != DGMI_LEX_RUN)
        return NULL;
    while (dgmi_exception_find(p->ahead.text, at, &found)) {
        take_piece(p, at, found.cue, &words);
        take_piece(p, found.from, found.to, &excepted);
        at = found.to;
    }
    take_piece(p, at, p->ahead.text.n, &words);
    if (words.n == 0)
        return join(p, DGMI_NODE_GROUP, &excepted);
    if (excepted.n > 0)
        dgmi_warn(p->notes, "words that the text excepts count little");
    put_aside(&words, &excepted);
    return join(p, DGMI_NODE_GROUP, &words);
}

/* What is no text becomes blanks, so that offsets stay those of the caller's bytes. */
static dgmi_str clean_text(dgmi_parser *p, const char *text, size_t n)
{
    char *copy = dgmi_arena_str(p->arena, (dgmi_str){ text, n });
    bool bad = false;
    for (size_t i = 0; copy && i < n;) {
        uint32_t c;
        unsigned length = dgmi_utf8_get(copy + i, copy + n, &c);
        bool broken = c == DGMI_REPLACEMENT && length == 1;
        if (broken || c < 32 || c == 127)
            memset(copy + i, ' ', length);
        bad = bad || broken;
        i += length;
    }
    if (bad)
        dgmi_warn(p->notes, "bytes that are not UTF-8 were ignored");
    if (!copy)
        p->status = dgmi_fail_memory(p->err);
    return dgmi_str_of(copy);
}

/* More words than a search takes: a list of words is cut, a formula is not, because what
 * is left of it might mean something else. */
static void judge_left_out(dgmi_parser *p)
{
    if (p->left_out == 0 || p->status != DGM_OK)
        return;
    if (p->operators)
        p->status =
            dgmi_fail_at(p->err, DGM_E_QUERY, p->left_out_at,
                         "more than %d words joined by operators", DGMI_QUERY_LEAVES);
    else
        dgmi_warn(p->notes, "only %d words are searched; %u more were left out",
                  DGMI_QUERY_LEAVES, p->left_out);
}

static void parse_text(dgmi_parser *p, dgmi_str text, bool literal)
{
    dgmi_query *q = p->query;
    dgmi_bag none = { .n = 0 };
    p->small_letters = dgmi_has_small_letter(text);
    dgmi_lexer_init(&p->lexer, text, literal, p->notes);
    advance(p);
    q->root = literal ? parse_literal(p) : parse_or(p);
    judge_left_out(p);
    if (q->root || p->status != DGM_OK)
        return;
    if (dgmi_str_trim(text).n > 0)
        dgmi_warn(p->notes, "there is no word to search for; all items are found");
    q->root = new_node(p, DGMI_NODE_ALL, &none);
}

static void finish(dgmi_parser *p)
{
    dgmi_query *q = p->query;
    dgmi_buf printed;
    dgmi_buf_init(&printed, 0);
    dgmi_query_print(&printed, q->root, " ", NULL);
    q->parsed = printed.failed ? NULL : dgmi_arena_str(p->arena, dgmi_buf_str(&printed));
    dgmi_buf_clear(&printed);
    q->warnings = dgmi_arena_copy(p->arena, p->notes->text, sizeof p->notes->text);
    q->n_warnings = p->notes->n;
    if (!q->parsed || !q->warnings)
        p->status = dgmi_fail_memory(p->err);
}

static dgmi_query *new_query(void)
{
    dgmi_arena *arena = dgmi_arena_new(ARENA_MAX);
    dgmi_query *q = arena ? dgmi_arena_alloc(arena, sizeof *q) : NULL;
    if (!q) {
        dgmi_arena_free(arena);
        return NULL;
    }
    q->arena = arena;
    return q;
}

dgm_status dgmi_query_parse(const char *text, bool literal, dgmi_query **out,
                            dgm_error *err)
{
    size_t n = text ? strnlen(text, DGMI_QUERY_BYTES + 1) : 0;
    *out = NULL;
    if (n > DGMI_QUERY_BYTES)
        return dgmi_fail_at(err, DGM_E_QUERY, DGMI_QUERY_BYTES,
                            "the query is longer than %d bytes", DGMI_QUERY_BYTES);
    dgmi_query *q = new_query();
    if (!q)
        return dgmi_fail_memory(err);
    dgmi_notes notes = { .arena = q->arena };
    dgmi_parser p = { .query = q, .arena = q->arena, .notes = &notes, .err = err };
    dgmi_str clean = clean_text(&p, text ? text : "", n);
    if (p.status == DGM_OK)
        parse_text(&p, clean, literal);
    if (p.status == DGM_OK)
        finish(&p);
    if (p.status == DGM_OK)
        *out = q;
    else
        dgmi_query_free(q);
    return p.status;
}

void dgmi_query_free(dgmi_query *q)
{
    if (q)
        dgmi_arena_free(q->arena);
}
