/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A copy of a record that stands alone. Depends on recordlayout.h, lib/item, arena.h. */
#include "arena.h"
#include "fail.h"
#include "item.h"
#include "recordlayout.h"

static const char *const *copy_list(dgmi_arena *arena, const char *const *list, size_t n)
{
    const char **copy = dgmi_arena_array(arena, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        copy[i] = dgmi_arena_dup(arena, list[i]);
        if (!copy[i])
            return NULL;
    }
    return copy;
}

static const char *const *copy_paragraphs(dgmi_arena *arena, const dgmi_record *from)
{
    size_t n = from->item.n_paragraphs;
    const char **copy = dgmi_arena_array(arena, n, sizeof *copy);
    for (size_t i = 0; copy && i < n; i++) {
        size_t end = i + 1 < n ? from->starts[i + 1] - 2 : from->text_n;
        dgmi_str text = { from->text + from->starts[i], end - from->starts[i] };
        copy[i] = dgmi_arena_str(arena, text);
        if (!copy[i])
            return NULL;
    }
    return copy;
}

static const dgm_turn *copy_turns(dgmi_arena *arena, const dgm_item *from)
{
    dgm_turn *copy = dgmi_arena_array(arena, from->n_turns, sizeof *copy);
    for (size_t i = 0; copy && i < from->n_turns; i++) {
        copy[i] = from->turns[i];
        copy[i].speaker = dgmi_arena_dup(arena, from->turns[i].speaker);
        if (from->turns[i].speaker && !copy[i].speaker)
            return NULL;
    }
    return copy;
}

static const dgm_aside *copy_asides(dgmi_arena *arena, const dgm_item *from)
{
    dgm_aside *copy = dgmi_arena_array(arena, from->n_asides, sizeof *copy);
    for (size_t i = 0; copy && i < from->n_asides; i++) {
        copy[i].before = from->asides[i].before;
        copy[i].kind = dgmi_arena_dup(arena, from->asides[i].kind);
        copy[i].text = dgmi_arena_dup(arena, from->asides[i].text);
        if (!copy[i].kind || !copy[i].text)
            return NULL;
    }
    return copy;
}

static const dgm_evidence *copy_evidence(dgmi_arena *arena, const dgm_item *from)
{
    dgm_evidence *copy = dgmi_arena_array(arena, from->n_evidence, sizeof *copy);
    for (size_t i = 0; copy && i < from->n_evidence; i++) {
        const dgm_evidence *e = &from->evidence[i];
        copy[i] = (dgm_evidence){ dgmi_arena_dup(arena, e->field),
                                  dgmi_arena_dup(arena, e->value),
                                  dgmi_arena_dup(arena, e->text),
                                  dgmi_arena_dup(arena, e->rule),
                                  dgmi_arena_dup(arena, e->where),
                                  e->from,
                                  e->to };
        if (!copy[i].field || !copy[i].value || !copy[i].text || !copy[i].rule ||
            !copy[i].where)
            return NULL;
    }
    return copy;
}

static bool copy_all(dgmi_arena *arena, const dgmi_record *record, dgm_item *to)
{
    const dgm_item *from = &record->item;
    *to = *from;
    for (size_t i = 0; i < DGMI_RECORD_STRINGS; i++) {
        *dgmi_record_string(to, i) =
            dgmi_arena_dup(arena, dgmi_record_string_in(from, i));
        if (dgmi_record_string_in(from, i) && !dgmi_record_string_in(to, i))
            return false;
    }
    to->topics = copy_list(arena, from->topics, from->n_topics);
    to->names = copy_list(arena, from->names, from->n_names);
    to->paragraphs = copy_paragraphs(arena, record);
    to->turns = copy_turns(arena, from);
    to->asides = copy_asides(arena, from);
    to->evidence = copy_evidence(arena, from);
    to->warnings = copy_list(arena, from->warnings, from->n_warnings);
    return to->topics && to->names && to->paragraphs && to->turns && to->asides &&
           to->evidence && to->warnings;
}

dgm_status dgmi_record_item(const dgmi_record *record, dgm_item **out, dgm_error *err)
{
    *out = NULL;
    dgmi_arena *arena = dgmi_arena_new(0);
    dgm_item *item = arena ? dgmi_item_in_arena(arena) : NULL;
    if (!item || !copy_all(arena, record, item)) {
        dgmi_arena_free(arena);
        return dgmi_fail_memory(err);
    }
    *out = item;
    return DGM_OK;
}
