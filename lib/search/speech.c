/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Utterances in the query tree. A SAID node has two children: the words, and under by: a
 * tree of FIELD nodes, whose children are the words of a name. Depends on lib/base,
 * leaves.h, words.h. */
#include "speech.h"

#include <string.h>

#include "fail.h"
#include "words.h"

const char *dgmi_speech_field(dgmi_str name)
{
    static const char *const fields[] = { DGMI_FIELD_SAID, DGMI_FIELD_QUESTION,
                                          DGMI_FIELD_ANSWER, DGMI_FIELD_BY };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (dgmi_str_eq(name, fields[i]))
            return fields[i];
    }
    return NULL;
}

bool dgmi_is_speech(const char *field)
{
    return field && dgmi_speech_field(dgmi_str_of(field)) != NULL;
}

const dgmi_node *dgmi_speech_words(const dgmi_node *said)
{
    return said->children[0];
}

const dgmi_node *dgmi_speech_speaker(const dgmi_node *said)
{
    return said->children[1];
}

/* ---- Nodes ---- */

static dgmi_node *new_node(dgmi_parser *p, dgmi_node_kind kind, uint32_t n)
{
    dgmi_node *node = dgmi_arena_alloc(p->arena, sizeof *node);
    dgmi_node **children = dgmi_arena_array(p->arena, n + 1, sizeof(dgmi_node *));
    if (!node || !children) {
        if (p->status == DGM_OK)
            p->status = dgmi_fail_memory(p->err);
        return NULL;
    }
    node->kind = kind;
    node->children = children;
    node->n_children = n;
    node->times = 1;
    return node;
}

static dgmi_node *new_said(dgmi_parser *p, const char *field, dgmi_node *words,
                           dgmi_node *speaker)
{
    dgmi_node *node = new_node(p, DGMI_NODE_SAID, 2);
    dgmi_node *all = new_node(p, DGMI_NODE_ALL, 0);
    if (!node || !all)
        return NULL;
    all->condition = true;
    node->field = field;
    node->children[0] = words ? words : all;
    node->children[1] = speaker ? speaker : all;
    node->condition = !words;
    node->from = words ? words->from : speaker->from;
    node->to = words ? words->to : speaker->to;
    return node;
}

/* ---- What an utterance can have ---- */

static bool is_name(const dgmi_node *node)
{
    return node->kind == DGMI_NODE_FIELD && strcmp(node->field, DGMI_FIELD_BY) == 0;
}

/* The first node that does not belong there, or NULL. */
static const dgmi_node *stranger_in(const dgmi_node *node, bool names)
{
    switch (node->kind) {
    case DGMI_NODE_WORD:
    case DGMI_NODE_PHRASE:
    case DGMI_NODE_PREFIX:
    case DGMI_NODE_PATTERN:
    case DGMI_NODE_FUZZY:
        return names || node->field ? node : NULL;
    case DGMI_NODE_FIELD:
        return names && is_name(node) ? NULL : node;
    case DGMI_NODE_AND:
    case DGMI_NODE_OR:
    case DGMI_NODE_GROUP:
    case DGMI_NODE_NOT:
        for (uint32_t i = 0; i < node->n_children; i++) {
            const dgmi_node *found = stranger_in(node->children[i], names);
            if (found)
                return found;
        }
        return NULL;
    case DGMI_NODE_NEAR:
    case DGMI_NODE_SAID:
    case DGMI_NODE_ALL:
        return node;
    }
    return node;
}

static uint32_t place_of(const dgmi_node *node, uint32_t field_at)
{
    return node->kind == DGMI_NODE_ALL ? field_at : node->from;
}

dgmi_node *dgmi_speech_node(dgmi_parser *p, const char *field, uint32_t from,
                            dgmi_node *value)
{
    bool by = strcmp(field, DGMI_FIELD_BY) == 0;
    const dgmi_node *stranger = value ? stranger_in(value, by) : NULL;
    if (!value || p->status != DGM_OK)
        return NULL;
    if (stranger) {
        p->status = dgmi_fail_at(p->err, DGM_E_QUERY, place_of(stranger, from),
                                 by ? "by: takes names, and AND, OR and NOT between them"
                                    : "%s: takes words and phrases, and AND, OR and NOT "
                                      "between them; no field, "
                                      "no NEAR and its kin, and not exclusions alone",
                                 field);
        return NULL;
    }
    dgmi_node *node =
        by ? new_said(p, DGMI_FIELD_SAID, NULL, value) : new_said(p, field, value, NULL);
    if (node)
        node->from = from;
    return node;
}

/* ---- Side by side ---- */

static bool is_said(const dgmi_node *node)
{
    return node->kind == DGMI_NODE_SAID && dgmi_speech_words(node)->kind != DGMI_NODE_ALL;
}

/* A by: on its own, or a choice of such. */
static bool is_by(const dgmi_node *node)
{
    if (node->kind == DGMI_NODE_SAID)
        return !is_said(node);
    for (uint32_t i = 0; node->kind == DGMI_NODE_OR && i < node->n_children; i++) {
        if (!is_by(node->children[i]))
            return false;
    }
    return node->kind == DGMI_NODE_OR && node->n_children > 0;
}

/* Several names as one tree of this kind; those of the same kind are spliced in. */
static dgmi_node *join_names(dgmi_parser *p, dgmi_node_kind kind, dgmi_node **names,
                             uint32_t n)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        count += names[i]->kind == kind ? names[i]->n_children : 1;
    dgmi_node *node = new_node(p, kind, count);
    uint32_t at = 0;
    for (uint32_t i = 0; node && i < n; i++) {
        bool same = names[i]->kind == kind;
        for (uint32_t k = 0; k < (same ? names[i]->n_children : 1); k++)
            node->children[at++] = same ? names[i]->children[k] : names[i];
    }
    if (node && n > 0) {
        node->condition = true;
        node->from = names[0]->from;
        node->to = names[n - 1]->to;
    }
    return node;
}

static dgmi_node *speaker_of(dgmi_parser *p, dgmi_node *by)
{
    dgmi_node *names[DGMI_QUERY_LEAVES + 1];
    if (by->kind == DGMI_NODE_SAID)
        return by->children[1];
    uint32_t n = 0;
    for (; n < by->n_children && n < DGMI_QUERY_LEAVES; n++) {
        names[n] = speaker_of(p, by->children[n]);
        if (!names[n])
            return NULL;
    }
    return join_names(p, DGMI_NODE_OR, names, n);
}

static bool is_unbound(const dgmi_node *node)
{
    return is_said(node) && dgmi_speech_speaker(node)->kind == DGMI_NODE_ALL;
}

static dgmi_node *all_speakers(dgmi_parser *p, const dgmi_bag *bag)
{
    dgmi_node *names[DGMI_QUERY_LEAVES + 1];
    uint32_t n = 0;
    for (uint32_t i = 0; i < bag->n && n <= DGMI_QUERY_LEAVES; i++) {
        if (!is_by(bag->items[i]))
            continue;
        names[n] = speaker_of(p, bag->items[i]);
        if (!names[n++])
            return NULL;
    }
    return n == 1 ? names[0] : join_names(p, DGMI_NODE_GROUP, names, n);
}

void dgmi_speech_bind(dgmi_parser *p, dgmi_bag *beside)
{
    uint32_t said = 0, by = 0, kept = 0;
    for (uint32_t i = 0; i < beside->n; i++) {
        said += is_unbound(beside->items[i]);
        by += is_by(beside->items[i]);
    }
    if (p->status != DGM_OK || by == 0 || (said == 0 && by == 1))
        return;
    dgmi_node *speaker = all_speakers(p, beside);
    dgmi_node *alone =
        speaker && said == 0 ? new_said(p, DGMI_FIELD_SAID, NULL, speaker) : NULL;
    for (uint32_t i = 0; i < beside->n && speaker; i++) {
        dgmi_node *node = beside->items[i];
        if (is_by(node) && alone) {
            beside->items[kept++] = alone;
            alone = NULL;
        } else if (!is_by(node)) {
            if (is_unbound(node))
                node->children[1] = speaker;
            beside->items[kept++] = node;
        }
    }
    if (speaker)
        beside->n = kept;
}

void dgmi_speech_remark(dgmi_parser *p, const dgmi_bag *joined)
{
    bool said = false, by = false;
    for (uint32_t i = 0; i < joined->n; i++) {
        said = said || is_unbound(joined->items[i]);
        by = by || is_by(joined->items[i]);
    }
    if (said && by && p->status == DGM_OK)
        dgmi_warn(p->notes, "AND keeps words and speaker apart; side by side they mean "
                            "one utterance");
}
