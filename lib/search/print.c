/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Printing a query tree in the language that it was read from. Depends on lib/base. */
#include <stdio.h>
#include <string.h>

#include "query.h"
#include "speech.h"

typedef struct printer {
    dgmi_buf *out;
    const char *between;
    dgmi_leave_out leave_out;
    bool names; /* behind by:, where no field's name is repeated */
} printer;

static void print_node(const printer *p, const dgmi_node *node);

/* A value that would be read otherwise without quotes gets them. */
static bool is_plain_value(const char *text)
{
    for (const char *c = text; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (!letter && !(*c >= '0' && *c <= '9') && !strchr("-_.", *c))
            return false;
    }
    return *text != '\0';
}

/* In parentheses a name is beside others, so that more than letters want quotes. */
static bool is_plain_name(const char *text)
{
    unsigned distance;
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
               strlen(text) &&
           !dgmi_operator_find(dgmi_str_of(text), &distance);
}

static void print_field(const printer *p, const dgmi_node *node)
{
    if (p->names) {
        dgmi_buf_printf(p->out, is_plain_name(node->text) ? "%s" : "\"%s\"", node->text);
        return;
    }
    dgmi_buf_puts(p->out, node->field);
    dgmi_buf_putc(p->out, ':');
    if (node->kind == DGMI_NODE_FIELD)
        dgmi_buf_printf(p->out, is_plain_value(node->text) ? "%s" : "\"%s\"", node->text);
}

static void print_leaf(const printer *p, const dgmi_node *node)
{
    if (node->field)
        print_field(p, node);
    if (node->kind == DGMI_NODE_FIELD)
        return;
    if (node->exact)
        dgmi_buf_puts(p->out, DGMI_FIELD_EXACT ":");
    const char *quote = node->kind == DGMI_NODE_PHRASE && !node->loose ? "\"" : "";
    dgmi_buf_printf(p->out, "%s%s%s", quote, node->text, quote);
    if (node->kind == DGMI_NODE_PREFIX)
        dgmi_buf_putc(p->out, '*');
    if (node->kind == DGMI_NODE_FUZZY)
        dgmi_buf_printf(p->out, "~%u", node->distance);
    if (node->boost > 0 && node->boost != 1)
        dgmi_buf_printf(p->out, "^%g", node->boost);
}

static void print_list(const printer *p, const dgmi_node *node, const char *between)
{
    dgmi_buf_putc(p->out, '(');
    for (uint32_t i = 0; i < node->n_children; i++) {
        if (i > 0)
            dgmi_buf_puts(p->out, between);
        print_node(p, node->children[i]);
    }
    dgmi_buf_putc(p->out, ')');
}

static void print_near(const printer *p, const dgmi_node *node)
{
    char between[32];
    if (node->op->standard > 0)
        snprintf(between, sizeof between, " %s/%u ", node->op->name, node->distance);
    else
        snprintf(between, sizeof between, " %s ", node->op->name);
    print_list(p, node, between);
}

/* A word under exact: has a field's name of its own. */
static void print_words(const printer *p, const dgmi_node *words)
{
    printer inner = *p;
    bool wrap = words->kind == DGMI_NODE_WORD && words->exact;
    if (strcmp(p->between, " ") != 0)
        inner.between = " AND "; /* whatever `match` says */
    dgmi_buf_puts(p->out, wrap ? "(" : "");
    print_node(&inner, words);
    dgmi_buf_puts(p->out, wrap ? ")" : "");
}

static void print_said(const printer *p, const dgmi_node *node)
{
    const dgmi_node *words = dgmi_speech_words(node), *by = dgmi_speech_speaker(node);
    printer names = { p->out, " ", NULL, true };
    bool both = words->kind != DGMI_NODE_ALL && by->kind != DGMI_NODE_ALL;
    dgmi_buf_puts(p->out, both ? "(" : "");
    if (words->kind != DGMI_NODE_ALL) {
        dgmi_buf_printf(p->out, "%s:", node->field);
        print_words(p, words);
    }
    dgmi_buf_puts(p->out, both ? " " : "");
    if (by->kind != DGMI_NODE_ALL) {
        dgmi_buf_puts(p->out, DGMI_FIELD_BY ":");
        print_node(&names, by);
    }
    dgmi_buf_puts(p->out, both ? ")" : "");
}

/* The children of a group that are conditions, or those that are not, and are to be
 * shown. */
static bool is_shown(const printer *p, const dgmi_node *group, uint32_t i,
                     bool conditions)
{
    const dgmi_node *child = group->children[i];
    return child->condition == conditions &&
           !(p->leave_out && p->leave_out(group, child));
}

static uint32_t count_shown(const printer *p, const dgmi_node *group, bool conditions)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < group->n_children; i++)
        n += is_shown(p, group, i, conditions);
    return n;
}

static void print_half(const printer *p, const dgmi_node *group, bool conditions,
                       const char *between)
{
    bool begun = false;
    for (uint32_t i = 0; i < group->n_children; i++) {
        if (!is_shown(p, group, i, conditions))
            continue;
        if (begun)
            dgmi_buf_puts(p->out, between);
        print_node(p, group->children[i]);
        begun = true;
    }
}

static void print_wrapped(const printer *p, const dgmi_node *group, bool wrap,
                          const char *between)
{
    dgmi_buf_puts(p->out, wrap ? "(" : "");
    print_half(p, group, false, between);
    dgmi_buf_puts(p->out, wrap ? ")" : "");
}

/* Conditions restrict whatever `match` says of the words, so they are printed after them,
 * and with AND wherever the words are joined by OR. */
static void print_group(const printer *p, const dgmi_node *group)
{
    uint32_t words = count_shown(p, group, false),
             conditions = count_shown(p, group, true);
    bool same = strcmp(p->between, " OR ") != 0;
    bool wrap = words + conditions > 1;
    dgmi_buf_puts(p->out, wrap ? "(" : "");
    print_wrapped(p, group, !same && words > 1 && conditions > 0, p->between);
    if (words > 0 && conditions > 0)
        dgmi_buf_puts(p->out, same ? p->between : " AND ");
    print_half(p, group, true, same ? p->between : " AND ");
    dgmi_buf_puts(p->out, wrap ? ")" : "");
}

static void print_not(const printer *p, const dgmi_node *node)
{
    dgmi_buf_putc(p->out, '(');
    for (uint32_t i = 0; i < node->n_children; i++) {
        if (node->children[i]->kind == DGMI_NODE_ALL)
            continue;
        if (i > 0)
            dgmi_buf_puts(p->out, node->children[0]->kind == DGMI_NODE_ALL && i == 1
                                      ? "NOT "
                                      : " NOT ");
        print_node(p, node->children[i]);
    }
    dgmi_buf_putc(p->out, ')');
}

static void print_node(const printer *p, const dgmi_node *node)
{
    switch (node->kind) {
    case DGMI_NODE_WORD:
    case DGMI_NODE_PHRASE:
    case DGMI_NODE_PREFIX:
    case DGMI_NODE_PATTERN:
    case DGMI_NODE_FUZZY:
    case DGMI_NODE_FIELD:
        print_leaf(p, node);
        break;
    case DGMI_NODE_NEAR:
        print_near(p, node);
        break;
    case DGMI_NODE_SAID:
        print_said(p, node);
        break;
    case DGMI_NODE_AND:
        print_list(p, node, " AND ");
        break;
    case DGMI_NODE_OR:
        print_list(p, node, " OR ");
        break;
    case DGMI_NODE_GROUP:
        print_group(p, node);
        break;
    case DGMI_NODE_NOT:
        print_not(p, node);
        break;
    case DGMI_NODE_ALL:
        break;
    }
}

void dgmi_query_print(dgmi_buf *out, const dgmi_node *root, const char *between,
                      dgmi_leave_out leave_out)
{
    printer p = { out, between, leave_out, false };
    print_node(&p, root);
}
