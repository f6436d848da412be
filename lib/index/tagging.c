/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tags make of an item. Depends on tagging.h, lib/text. */
#include "tagging.h"

#include <string.h>

#include "fail.h"
#include "fold.h"

static bool has_topic(const dgm_item *item, const char *label)
{
    for (size_t i = 0; i < item->n_topics; i++) {
        if (dgmi_fold_same(item->topics[i], label))
            return true;
    }
    return false;
}

static bool make_evidence(dgmi_arena *arena, const dgmi_topic_tag *tag, dgm_evidence *out)
{
    *out = (dgm_evidence){ .field = "topic",
                           .value = dgmi_arena_dup(arena, tag->label),
                           .text = dgmi_arena_dup(arena, tag->query),
                           .rule = DGMI_TOPIC_RULE,
                           .where = dgmi_arena_printf(arena, "topics/%s", tag->name) };
    return out->value && out->text && out->where;
}

dgm_status dgmi_tags_apply(const dgm_item *item, const dgmi_topic_tag *const *tags,
                           size_t n, dgmi_arena **arena, const dgm_item **out,
                           dgm_error *err)
{
    *out = item;
    if (n == 0)
        return DGM_OK;
    if (!*arena)
        *arena = dgmi_arena_new(0);
    if (!*arena)
        return dgmi_fail_memory(err);
    dgm_item *copy = dgmi_arena_copy(*arena, item, sizeof *item);
    const char **topics = dgmi_arena_array(*arena, item->n_topics + n, sizeof *topics);
    dgm_evidence *evidence =
        dgmi_arena_array(*arena, item->n_evidence + n, sizeof *evidence);
    if (!copy || !topics || !evidence)
        return dgmi_fail_memory(err);
    if (item->n_topics > 0)
        memcpy(topics, item->topics, item->n_topics * sizeof *topics);
    if (item->n_evidence > 0)
        memcpy(evidence, item->evidence, item->n_evidence * sizeof *evidence);
    copy->topics = topics;
    copy->evidence = evidence;
    for (size_t i = 0; i < n; i++) {
        if (has_topic(copy, tags[i]->label))
            continue;
        topics[copy->n_topics] = dgmi_arena_dup(*arena, tags[i]->label);
        if (!topics[copy->n_topics++] ||
            !make_evidence(*arena, tags[i], &evidence[copy->n_evidence++]))
            return dgmi_fail_memory(err);
    }
    *out = copy;
    return DGM_OK;
}
