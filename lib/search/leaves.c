/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The leaves of a query tree: words, phrases, prefixes, fields, and the bounds on them.
 * Depends on lib/text and lib/index/schema.h. */
#include "leaves.h"

#include <string.h>

#include "date.h"
#include "fail.h"
#include "fold.h"
#include "schema.h"
#include "speech.h"
#include "utf8.h"
#include "words.h"

bool dgmi_is_exact(const dgmi_parser *p)
{
    return p->field && strcmp(p->field, DGMI_FIELD_EXACT) == 0;
}

const char *dgmi_leaf_field(const dgmi_parser *p)
{
    return dgmi_is_exact(p) ? NULL : p->field;
}

static bool is_same_word(const dgmi_node *a, const dgmi_node *b)
{
    return a->kind == DGMI_NODE_WORD && b->kind == DGMI_NODE_WORD &&
           a->field == b->field && a->exact == b->exact && a->boost == b->boost &&
           strcmp(a->text, b->text) == 0;
}

static bool count_again(dgmi_bag *bag, const dgmi_node *node)
{
    for (uint32_t i = 0; i < bag->n; i++) {
        if (is_same_word(bag->items[i], node)) {
            bag->items[i]->times += node->times;
            return true;
        }
    }
    return false;
}

void dgmi_bag_add(dgmi_bag *bag, dgmi_node *node)
{
    if (!count_again(bag, node) && bag->n <= DGMI_QUERY_LEAVES)
        bag->items[bag->n++] = node;
}

void dgmi_bag_add_all(dgmi_bag *bag, const dgmi_node *parent)
{
    for (uint32_t i = 0; i < parent->n_children; i++)
        dgmi_bag_add(bag, parent->children[i]);
}

void dgmi_add_leaf(dgmi_parser *p, dgmi_node *node, dgmi_bag *to)
{
    node->boost = p->boost;
    uint32_t words = node->n_words > 0 ? node->n_words : 1;
    if (count_again(to, node))
        return;
    if (p->leaves + words <= DGMI_QUERY_LEAVES) {
        p->leaves += words;
        dgmi_bag_add(to, node);
        return;
    }
    if (p->left_out == 0)
        p->left_out_at = node->from;
    p->left_out += words;
}

/* ---- Fields whose value is taken whole ---- */

static const dgmi_schema_field *schema_of(const char *name)
{
    return dgmi_schema_find(dgmi_str_of(name));
}

static bool is_strict_bound(const char *field)
{
    return strcmp(field, DGMI_FIELD_BEFORE) == 0 || strcmp(field, DGMI_FIELD_AFTER) == 0;
}

static bool is_words_field(const char *field)
{
    if (!field || strcmp(field, DGMI_FIELD_EXACT) == 0)
        return true;
    const dgmi_schema_field *schema = schema_of(field);
    return schema && schema->kind == DGMI_FIELD_WORDS;
}

static bool is_date(dgmi_str s)
{
    int64_t from, to;
    return dgmi_date_span(s, &from, &to);
}

/* A date, or two with ".." between them of which one may be missing. */
static bool is_date_range(dgmi_str s)
{
    const char *dots = s.n >= 2 ? memmem(s.p, s.n, "..", 2) : NULL;
    if (!dots)
        return is_date(s);
    dgmi_str from = { s.p, (size_t)(dots - s.p) }, to = dgmi_str_skip(s, from.n + 2);
    return from.n + to.n > 0 && (from.n == 0 || is_date(from)) &&
           (to.n == 0 || is_date(to));
}

static bool is_yes(dgmi_str s)
{
    return dgmi_str_eq_nocase(s, "yes") || dgmi_str_eq_nocase(s, "true") ||
           dgmi_str_eq(s, "1");
}

static bool is_no(dgmi_str s)
{
    return dgmi_str_eq_nocase(s, "no") || dgmi_str_eq_nocase(s, "false") ||
           dgmi_str_eq(s, "0");
}

static bool has_key(dgmi_str value)
{
    dgmi_buf key;
    dgmi_buf_init(&key, 0);
    dgmi_fold_key(&key, value.p, value.n);
    bool has = key.n > 0;
    dgmi_buf_clear(&key);
    return has;
}

/* The value to keep, or an empty one (with a warning or a failure) if it cannot be used.
 */
static dgmi_str judge_value(dgmi_parser *p, dgmi_str value, uint32_t at)
{
    const dgmi_schema_field *schema = schema_of(p->field);
    dgmi_str none = { "", 0 };
    if (is_strict_bound(p->field)
            ? !is_date(value)
            : schema && schema->kind == DGMI_FIELD_DATE && !is_date_range(value)) {
        p->status = dgmi_fail_at(p->err, DGM_E_QUERY, at, "%s: there is no date \"%.*s\"",
                                 p->field, DGMI_SHOWN(value));
        return none;
    }
    if (is_strict_bound(p->field) || (schema && schema->kind == DGMI_FIELD_DATE))
        return value;
    if (schema && schema->kind == DGMI_FIELD_FLAG) {
        if (is_yes(value) || is_no(value))
            return dgmi_str_of(is_yes(value) ? "yes" : "no");
        dgmi_warn(p->notes, "%s: takes yes or no; ignored", p->field);
        return none;
    }
    bool id = schema && schema->kind == DGMI_FIELD_ID;
    if (!id && memchr(value.p, '*', value.n))
        dgmi_warn(p->notes, "%s: knows no *; it was ignored", p->field);
    if (id || has_key(value))
        return value;
    dgmi_warn(p->notes, "%s: has no letter or digit in its value; ignored", p->field);
    return none;
}

static bool is_name(const char *field)
{
    return strcmp(field, DGMI_FIELD_BY) == 0;
}

/* The words of a name as children, so that its other spellings are found. */
static bool add_name_words(dgmi_parser *p, dgmi_node *node)
{
    dgmi_words words;
    dgmi_words_init(&words, p->arena, dgmi_str_of(node->text), node->from);
    node->children = dgmi_arena_array(p->arena, words.n + 1, sizeof(dgmi_node *));
    dgmi_node *word;
    while (node->children && (word = dgmi_words_next(&words))) {
        if (word->kind == DGMI_NODE_WORD)
            node->children[node->n_children++] = word;
    }
    if (words.failed || !node->children)
        p->status = dgmi_fail_memory(p->err);
    return p->status == DGM_OK;
}

static void add_field(dgmi_parser *p, const dgmi_lexeme *lexeme, dgmi_bag *to)
{
    dgmi_str value = dgmi_str_trim(lexeme->text);
    if (value.n == 0) {
        dgmi_warn(p->notes, "%s: has an empty value; ignored", p->field);
        return;
    }
    value = judge_value(p, value, lexeme->from);
    if (value.n == 0)
        return;
    dgmi_node *node = dgmi_arena_alloc(p->arena, sizeof *node);
    char *text = dgmi_arena_str(p->arena, value);
    if (!node || !text) {
        p->status = dgmi_fail_memory(p->err);
        return;
    }
    if (p->boost > 0)
        dgmi_warn(p->notes, "%s: has no weight; ^%g was ignored", p->field, p->boost);
    *node = (dgmi_node){ .kind = DGMI_NODE_FIELD,
                         .from = lexeme->from,
                         .to = lexeme->to,
                         .text = text,
                         .field = p->field,
                         .times = 1,
                         .condition = true };
    if (is_name(p->field) && !add_name_words(p, node))
        return;
    dgmi_add_leaf(p, node, to);
}

/* ---- Words ---- */

static void add_words(dgmi_parser *p, dgmi_words *words, dgmi_bag *to)
{
    dgmi_node *node;
    while ((node = dgmi_words_next(words))) {
        node->field = dgmi_leaf_field(p);
        node->acronym = node->acronym && p->small_letters;
        node->capital = node->capital && p->small_letters;
        node->exact = node->kind == DGMI_NODE_WORD && dgmi_is_exact(p);
        dgmi_add_leaf(p, node, to);
    }
    if (words->failed)
        p->status = dgmi_fail_memory(p->err);
}

static void add_phrase(dgmi_parser *p, dgmi_words *words, dgmi_bag *to)
{
    uint32_t left_out;
    dgmi_node *node = dgmi_words_phrase(words, &left_out);
    if (words->failed)
        p->status = dgmi_fail_memory(p->err);
    if (!node)
        return;
    if (left_out > 0)
        dgmi_warn(p->notes,
                  "only the first %d words of a phrase are compared; %u were left out",
                  DGMI_PHRASE_WORDS, left_out);
    node->field = dgmi_leaf_field(p);
    dgmi_add_leaf(p, node, to);
}

void dgmi_leaves_of_run(dgmi_parser *p, const dgmi_lexeme *run, bool negated,
                        dgmi_bag *to)
{
    p->boost = run->boost;
    if (!is_words_field(p->field)) {
        add_field(p, run, to);
        return;
    }
    if (!p->lexer.literal && dgmi_leaf_of_pattern(p, run, to))
        return;
    dgmi_words words;
    dgmi_words_init(&words, p->arena, run->text, run->from);
    uint32_t before = to->n;
    dgmi_node *first = negated ? dgmi_words_next(&words) : NULL;
    bool several = first && words.at < words.n;
    words.at = 0;
    if (several)
        add_phrase(p, &words, to);
    else
        add_words(p, &words, to);
    if (p->field && to->n == before && words.n == 0)
        dgmi_warn(p->notes, "%s: has no letter or digit in its value; ignored", p->field);
}

void dgmi_leaves_of_quoted(dgmi_parser *p, const dgmi_lexeme *quoted, dgmi_bag *to)
{
    p->boost = quoted->boost;
    if (quoted->unclosed)
        dgmi_warn(p->notes, "a quote was not closed; closed at the end");
    if (!is_words_field(p->field)) {
        add_field(p, quoted, to);
        return;
    }
    if (memchr(quoted->text.p, '*', quoted->text.n))
        dgmi_warn(p->notes, "* has no meaning inside quotes; it was ignored");
    dgmi_words words;
    uint32_t base = (uint32_t)(quoted->text.p - p->lexer.text.p);
    dgmi_words_init(&words, p->arena, quoted->text, base);
    if (words.n == 0 && !words.failed)
        dgmi_warn(p->notes, "a quote without words was ignored");
    add_phrase(p, &words, to);
}
