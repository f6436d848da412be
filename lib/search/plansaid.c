/* SPDX-License-Identifier: GPL-2.0-or-later */
/* said:, question:, answer: and by: as clauses: which items have all that is asked for,
 * and a program that tells whether one utterance has it. Depends on lib/index, lib/item,
 * lib/text, lib/xapian. */
#include <string.h>

#include "fold.h"
#include "plan.h"
#include "quotes.h"
#include "schema.h"
#include "speech.h"
#include "spoken.h"
#include "utf8.h"

enum { NAME_WORDS = 16, ALTERNATIVES = 4 * (DGMI_VARIANTS_MAX + 1) };

typedef struct speaking {
    dgmi_planner *p;
    dgmi_speech kinds[DGMI_SPEECHES];
    size_t n_kinds;
    dgmx_operand operands[DGMI_QUERY_LEAVES];
    size_t n_operands;
    dgmx_operand names[DGMI_SPEECHES][DGMI_QUERY_LEAVES];
    size_t n_names;
    int program[4 * DGMI_QUERY_LEAVES];
    size_t n_program;
} speaking;

static void step(speaking *s, int what)
{
    if (s->n_program < sizeof s->program / sizeof *s->program)
        s->program[s->n_program++] = what;
}

/* ---- Names ---- */

typedef struct name {
    dgmi_str words[NAME_WORDS];
    size_t n;
} name;

/* The ways in which labels may have a name, for one kind of utterance. */
typedef struct labels {
    dgmi_planner *p;
    const char *prefix;
    dgmx_sequence list[ALTERNATIVES];
    dgmi_clause *has[ALTERNATIVES];
    size_t n;
} labels;

/* Takes the term that was built in p->term as one of a sequence. */
static bool take_term(labels *l, dgmx_bytes *to, dgmi_clause **has)
{
    *has = dgmi_plan_term(l->p, dgmi_buf_str(&l->p->term));
    if (!*has)
        return false;
    *to = (dgmx_bytes){ (*has)->term.p, (*has)->term.n };
    return true;
}

static void add_sequence(labels *l, dgmx_bytes *terms, dgmi_clause **has, size_t n)
{
    dgmi_clause *all = dgmi_clause_join(l->p->arena, DGMI_CLAUSE_AND, has, n);
    if (!all)
        dgmi_plan_fail(l->p);
    else if (all->kind != DGMI_CLAUSE_NONE && l->n < ALTERNATIVES) {
        l->list[l->n] = (dgmx_sequence){ terms, n };
        l->has[l->n++] = all;
    }
}

/* Labels with all of these words. */
static void add_words(labels *l, const dgmi_str *words, size_t n)
{
    dgmi_clause *has[NAME_WORDS];
    dgmx_bytes *terms = dgmi_arena_array(l->p->arena, n, sizeof *terms);
    bool ok = terms != NULL;
    for (size_t i = 0; i < n && ok; i++) {
        dgmi_buf_reset(&l->p->term);
        dgmi_schema_term(&l->p->term, l->prefix, words[i].p, words[i].n);
        ok = take_term(l, &terms[i], &has[i]);
    }
    if (ok)
        add_sequence(l, terms, has, n);
    else
        dgmi_plan_fail(l->p);
}

/* Labels that are these words and no more, but for titles. */
static void add_whole(labels *l, dgmi_str first, dgmi_str last)
{
    dgmi_clause *has;
    dgmi_buf key;
    dgmx_bytes *term = dgmi_arena_alloc(l->p->arena, sizeof *term);
    dgmi_buf_init(&key, 0);
    dgmi_buf_printf(&key, "%.*s%s%.*s", (int)first.n, first.p, first.n > 0 ? " " : "",
                    (int)last.n, last.p);
    dgmi_buf_reset(&l->p->term);
    dgmi_schema_exact(&l->p->term, l->prefix, key.p ? key.p : "", key.n);
    if (term && !key.failed && take_term(l, term, &has))
        add_sequence(l, term, &has, 1);
    else
        dgmi_plan_fail(l->p);
    dgmi_buf_clear(&key);
}

/* "John Kirby" also stands under "Mr. Kirby", "J. Kirby" and "John F. Kirby". */
static void add_name(labels *l, const name *asked)
{
    uint32_t c;
    add_words(l, asked->words, asked->n);
    if (asked->n < 2)
        return;
    dgmi_str first = asked->words[0], last = asked->words[asked->n - 1];
    dgmi_str ends[2] = { first, last }, none = { "", 0 };
    size_t letter = dgmi_utf8_get(first.p, first.p + first.n, &c);
    if (asked->n > 2)
        add_words(l, ends, 2);
    add_whole(l, none, last);
    if (letter < first.n)
        add_whole(l, (dgmi_str){ first.p, letter }, last);
}

static bool split_name(dgmi_str key, name *out)
{
    dgmi_str word;
    out->n = 0;
    while (out->n < NAME_WORDS && dgmi_str_split(&key, ' ', &word)) {
        if (word.n > 0)
            out->words[out->n++] = word;
    }
    return out->n > 0;
}

/* Where the spelling's words stand in the name, or n. */
static size_t find_words(const name *in, const dgmi_variant *spelling)
{
    for (size_t i = 0; i + spelling->n_words <= in->n; i++) {
        size_t k = 0;
        while (k < spelling->n_words && dgmi_str_eq(in->words[i + k], spelling->words[k]))
            k++;
        if (k == spelling->n_words)
            return i;
    }
    return in->n;
}

/* The name with a part of it in another spelling. */
static bool respell(const name *asked, const dgmi_variant *own, const dgmi_variant *other,
                    name *out)
{
    size_t at = find_words(asked, own);
    out->n = 0;
    if (at == asked->n || asked->n - own->n_words + other->n_words > NAME_WORDS)
        return false;
    for (size_t i = 0; i < at; i++)
        out->words[out->n++] = asked->words[i];
    for (unsigned i = 0; i < other->n_words; i++)
        out->words[out->n++] = dgmi_str_of(other->words[i]);
    for (size_t i = at + own->n_words; i < asked->n; i++)
        out->words[out->n++] = asked->words[i];
    return true;
}

static bool is_of(const dgmi_named *named, const dgmi_node *node)
{
    for (uint32_t i = 0; i < node->n_children; i++) {
        if (named->nodes[0] == node->children[i])
            return true;
    }
    return false;
}

static void add_spellings(labels *l, const dgmi_node *node, const name *asked)
{
    name other;
    for (size_t i = 0; l->p->naming && i < l->p->naming->n; i++) {
        const dgmi_named *named = &l->p->naming->list[i];
        for (unsigned k = 1; k < named->n && is_of(named, node); k++) {
            if (respell(asked, &named->spellings[0], &named->spellings[k], &other))
                add_name(l, &other);
        }
    }
}

/* The labels of a name for one kind; the clause is the items that have one. */
static dgmi_clause *plan_labels(dgmi_planner *p, const dgmi_node *node, dgmi_str key,
                                dgmi_speech kind, dgmx_operand *out)
{
    name asked;
    labels *l = dgmi_arena_alloc(p->arena, sizeof *l);
    if (!l || !split_name(key, &asked)) {
        dgmi_plan_fail(p);
        return NULL;
    }
    l->p = p;
    l->prefix = dgmi_speeches[kind].name;
    add_name(l, &asked);
    add_spellings(l, node, &asked);
    *out = (dgmx_operand){ l->list, l->n };
    return dgmi_clause_join(p->arena, DGMI_CLAUSE_OR, l->has, l->n);
}

static dgmi_clause *put_name(speaking *s, const dgmi_node *node)
{
    dgmi_clause *has[DGMI_SPEECHES];
    dgmi_buf key;
    dgmi_buf_init(&key, 0);
    dgmi_fold_key(&key, node->text, strlen(node->text));
    const char *copy =
        key.failed ? NULL : dgmi_arena_str(s->p->arena, dgmi_buf_str(&key));
    dgmi_buf_clear(&key);
    if (!copy || s->n_names == DGMI_QUERY_LEAVES) {
        dgmi_plan_fail(s->p);
        return NULL;
    }
    for (size_t i = 0; i < s->n_kinds; i++)
        has[i] = plan_labels(s->p, node, dgmi_untitled(dgmi_str_of(copy)), s->kinds[i],
                             &s->names[i][s->n_names]);
    step(s, (int)(s->n_operands + s->n_names++));
    return dgmi_clause_join(s->p->arena, DGMI_CLAUSE_OR, has, s->n_kinds);
}

/* ---- The program ---- */

static dgmi_clause *put_word(speaking *s, const dgmi_node *node)
{
    if (s->n_operands == DGMI_QUERY_LEAVES) {
        dgmi_plan_fail(s->p);
        return NULL;
    }
    step(s, (int)s->n_operands);
    return dgmi_plan_operand(s->p, node, &s->operands[s->n_operands++]);
}

static dgmi_clause *put(speaking *s, const dgmi_node *node);

static dgmi_clause *put_all(speaking *s, const dgmi_node *node, int joined_by)
{
    dgmi_clause *has[DGMI_QUERY_LEAVES + 1];
    size_t n = 0;
    for (uint32_t i = 0; i < node->n_children && n <= DGMI_QUERY_LEAVES; i++) {
        if (dgmi_plan_leaves_out(node, node->children[i]))
            continue;
        has[n] = put(s, node->children[i]);
        if (n++ > 0)
            step(s, joined_by);
    }
    if (joined_by == DGMX_FIRST_ALONE && n > 0)
        return has[0];
    return dgmi_clause_join(
        s->p->arena, joined_by == DGMX_BOTH ? DGMI_CLAUSE_AND : DGMI_CLAUSE_OR, has, n);
}

/* Puts what the tree asks of an utterance; the clause is the items that may have it. */
static dgmi_clause *put(speaking *s, const dgmi_node *node)
{
    switch (node->kind) {
    case DGMI_NODE_FIELD:
        return put_name(s, node);
    case DGMI_NODE_AND:
    case DGMI_NODE_GROUP:
        return put_all(s, node, DGMX_BOTH);
    case DGMI_NODE_OR:
        return put_all(s, node, DGMX_EITHER);
    case DGMI_NODE_NOT:
        return put_all(s, node, DGMX_FIRST_ALONE);
    case DGMI_NODE_WORD:
    case DGMI_NODE_PHRASE:
    case DGMI_NODE_PREFIX:
    case DGMI_NODE_PATTERN:
    case DGMI_NODE_FUZZY:
    case DGMI_NODE_NEAR:
    case DGMI_NODE_SAID:
    case DGMI_NODE_ALL:
        break;
    }
    return put_word(s, node);
}

/* ---- Score ---- */

/* The words that an utterance has to have, scored as anywhere; what it may not have is
 * left to the program. */
static dgmi_clause *score(dgmi_planner *p, const dgmi_node *node)
{
    dgmi_clause *all[DGMI_QUERY_LEAVES + 1];
    size_t n = 0;
    if (node->n_children == 0)
        return dgmi_plan_word(p, node, false);
    if (node->kind == DGMI_NODE_NOT)
        return score(p, node->children[0]);
    for (uint32_t i = 0; i < node->n_children && n <= DGMI_QUERY_LEAVES; i++) {
        if (!dgmi_plan_leaves_out(node, node->children[i]))
            all[n++] = score(p, node->children[i]);
    }
    return dgmi_clause_join(
        p->arena, node->kind == DGMI_NODE_OR ? DGMI_CLAUSE_OR : DGMI_CLAUSE_AND, all, n);
}

/* ---- The whole ---- */

static dgmx_bytes bytes_of(const char *term)
{
    return (dgmx_bytes){ term, strlen(term) };
}

static dgmx_within *new_within(const speaking *s)
{
    dgmx_within *within = dgmi_arena_alloc(s->p->arena, sizeof *within);
    dgmx_region *regions = dgmi_arena_array(s->p->arena, s->n_kinds, sizeof *regions);
    for (size_t i = 0; regions && i < s->n_kinds; i++)
        regions[i] = (dgmx_region){ .begin = bytes_of(dgmi_speeches[s->kinds[i]].begin),
                                    .end = bytes_of(dgmi_speeches[s->kinds[i]].end),
                                    .names = s->names[i] };
    if (within && regions)
        *within = (dgmx_within){ .operands = s->operands,
                                 .n = s->n_operands,
                                 .regions = regions,
                                 .n_regions = s->n_kinds,
                                 .n_names = s->n_names,
                                 .program = s->program,
                                 .n_program = s->n_program };
    return regions ? within : NULL;
}

/* An answer is looked at before a question, and turns before quotations. */
static void set_kinds(speaking *s, const char *field)
{
    bool any = strcmp(field, DGMI_FIELD_SAID) == 0;
    if (any || strcmp(field, DGMI_FIELD_ANSWER) == 0)
        s->kinds[s->n_kinds++] = DGMI_SPEECH_ANSWER;
    if (any || strcmp(field, DGMI_FIELD_QUESTION) == 0)
        s->kinds[s->n_kinds++] = DGMI_SPEECH_QUESTION;
    if (any)
        s->kinds[s->n_kinds++] = DGMI_SPEECH_QUOTATION;
}

static void keep_utterance(speaking *s, const dgmx_within *within)
{
    dgmi_utterances *all = s->p->utterances;
    if (!s->p->marks || !all || all->n == DGMI_UTTERANCES)
        return;
    dgmi_utterance *one = &all->list[all->n++];
    one->within = within;
    for (size_t i = 0; i < s->n_kinds; i++)
        one->speech[i] = (uint8_t)s->kinds[i];
}

/* Items with some utterance of the kinds asked for. */
static dgmi_clause *having_any(const speaking *s)
{
    dgmi_clause *any[DGMI_SPEECHES];
    for (size_t i = 0; i < s->n_kinds; i++)
        any[i] = dgmi_plan_term(s->p, dgmi_str_of(dgmi_speeches[s->kinds[i]].begin));
    return dgmi_clause_join(s->p->arena, DGMI_CLAUSE_OR, any, s->n_kinds);
}

dgmi_clause *dgmi_plan_said(dgmi_planner *p, const dgmi_node *node)
{
    const dgmi_node *words = dgmi_speech_words(node), *by = dgmi_speech_speaker(node);
    dgmi_clause *has[3] = { NULL };
    size_t n = 0;
    speaking *s = dgmi_arena_alloc(p->arena, sizeof *s);
    if (!s) {
        dgmi_plan_fail(p);
        return NULL;
    }
    s->p = p;
    set_kinds(s, node->field);
    if (words->kind != DGMI_NODE_ALL)
        has[n++] = put(s, words);
    if (by->kind != DGMI_NODE_ALL)
        has[n++] = put(s, by);
    if (n == 2)
        step(s, DGMX_BOTH);
    has[n++] = having_any(s);
    dgmx_within *within = new_within(s);
    if (!within) {
        dgmi_plan_fail(p);
        return NULL;
    }
    keep_utterance(s, within);
    dgmi_clause *places = dgmi_clause_pair(
        p->arena, DGMI_CLAUSE_FILTER, dgmi_clause_join(p->arena, DGMI_CLAUSE_AND, has, n),
        dgmi_clause_within(p->arena, within));
    if (words->kind == DGMI_NODE_ALL)
        return places;
    return dgmi_clause_pair(p->arena, DGMI_CLAUSE_FILTER, score(p, words), places);
}
