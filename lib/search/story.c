/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One story: its members, and what each cut or added against the first. Depends on
 * lib/index, lib/text. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "diff.h"
#include "fail.h"
#include "kin.h"
#include "members.h"
#include "utf8.h"

enum {
    STORY_MAX = 64 << 20,
    PASSAGES = 50,       /* of one member */
    PASSAGE_BYTES = 600, /* of one passage */
    COMPARE_US = 1000000 /* after this, members are listed without being compared */
};

/* What the caller holds is the first member, so the story frees itself. */
typedef struct holder {
    dgm_story story;
    dgmi_arena *arena;
} holder;

typedef struct telling {
    dgm *desk;
    dgmi_arena *arena;
    uint64_t deadline_us;
    dgmi_buf first; /* the text that others are compared with */
    dgm_error *err;
} telling;

void dgm_story_free(dgm_story *story)
{
    if (story)
        dgmi_arena_free(((holder *)(void *)story)->arena);
}

/* ---- What changed ---- */

static dgm_change change_of(const dgm_member *m)
{
    if (m->words_cut > 0 && m->words_added > 0)
        return DGM_CHANGE_EDITED;
    if (m->words_cut > 0)
        return DGM_CHANGE_CUT;
    return m->words_added > 0 ? DGM_CHANGE_ADDED : DGM_CHANGE_SAME;
}

static bool add_passage(telling *t, const dgmi_diff_run *run, dgmi_str before,
                        dgmi_str after, dgm_passage *out)
{
    bool added = run->kind == DGMI_ADDED;
    dgmi_str text = { (added ? after.p + run->new_from : before.p + run->old_from),
                      added ? run->new_to - run->new_from : run->old_to - run->old_from };
    text.n = dgmi_utf8_cut(text.p, text.n, PASSAGE_BYTES);
    out->added = added;
    char *copy = dgmi_arena_str(t->arena, dgmi_str_trim(text));
    for (char *c = copy; c && *c; c++) /* a passage is one line, whatever it runs over */
        *c = *c == '\n' ? ' ' : *c;
    out->text = copy;
    return copy != NULL;
}

static dgm_status put_passages(telling *t, const dgmi_diff *diff, dgmi_str before,
                               dgmi_str after, dgm_member *out)
{
    dgm_passage *passages = dgmi_arena_array(t->arena, PASSAGES, sizeof *passages);
    if (!passages)
        return dgmi_fail_memory(t->err);
    out->passages = passages;
    for (size_t i = 0; i < diff->n_runs; i++) {
        const dgmi_diff_run *run = &diff->runs[i];
        if (run->kind == DGMI_SAME || run->words == 0)
            continue;
        out->more_passages = out->n_passages == PASSAGES;
        if (out->more_passages)
            break;
        if (!add_passage(t, run, before, after, &passages[out->n_passages++]))
            return dgmi_fail_memory(t->err);
    }
    return DGM_OK;
}

static dgm_status compare(telling *t, const dgmi_record *record, dgm_member *out)
{
    dgmi_diff *diff = NULL;
    dgmi_str before = dgmi_buf_str(&t->first), after = { record->text, record->text_n };
    if (dgmi_now_us() > t->deadline_us)
        return DGM_OK;
    dgm_status status = dgmi_diff_texts(before, after, &diff, t->err);
    if (status == DGM_OK) {
        out->words_cut = diff->removed;
        out->words_added = diff->added;
        out->change = change_of(out);
        status = put_passages(t, diff, before, after, out);
    }
    dgmi_diff_free(diff);
    return status;
}

/* ---- Members ---- */

static bool copy_texts(telling *t, const dgm_item *from, dgm_member *to)
{
    const struct {
        const char *from, **to;
    } texts[] = {
        { from->id, &to->id },         { from->title, &to->title },
        { from->source, &to->source }, { from->provider, &to->provider },
        { from->region, &to->region }, { from->language, &to->language },
        { from->url, &to->url },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i].to = dgmi_arena_dup(t->arena, texts[i].from);
        if (texts[i].from && !*texts[i].to)
            return false;
    }
    to->published = from->published;
    return true;
}

static dgm_status tell_member(telling *t, dgmx_docid id, bool first, dgm_member *out)
{
    dgmx_doc *doc = NULL;
    dgmi_record record;
    dgm_status status = dgmi_members_record(t->desk, id, &doc, &record, t->err);
    if (status == DGM_OK && !copy_texts(t, &record.item, out))
        status = dgmi_fail_memory(t->err);
    if (status == DGM_OK && first) {
        dgmi_buf_put(&t->first, record.text, record.text_n);
        status = t->first.failed ? dgmi_fail_memory(t->err) : DGM_OK;
    } else if (status == DGM_OK) {
        status = compare(t, &record, out);
    }
    if (status == DGM_OK)
        status = dgmi_members_first_seen(t->desk, &record, &out->first_seen, t->err);
    dgmx_doc_free(doc);
    return status;
}

static dgm_status tell(telling *t, const dgmi_members *found, dgm_story *out)
{
    uint64_t place = UINT64_MAX;
    dgm_status status = DGM_OK;
    dgm_member *members = dgmi_arena_array(t->arena, found->n, sizeof *members);
    if (!members)
        return dgmi_fail_memory(t->err);
    out->items = found->items;
    out->members = members;
    out->n_members = found->n;
    for (uint32_t i = 0; status == DGM_OK && i < found->n; i++) {
        status = tell_member(t, found->list[i].id, i == 0, &members[i]);
        if (found->list[i].place < place) {
            place = found->list[i].place;
            out->first_seen = members[i].first_seen;
        }
    }
    return status;
}

static dgm_status make_story(telling *t, uint64_t story, const dgmi_members *found,
                             dgm_story **out)
{
    char hex[DGMI_STORY_HEX];
    holder *made = dgmi_arena_alloc(t->arena, sizeof *made);
    if (!made)
        return dgmi_fail_memory(t->err);
    made->arena = t->arena;
    dgmi_story_hex(story, hex);
    made->story.id = dgmi_arena_dup(t->arena, hex);
    if (!made->story.id)
        return dgmi_fail_memory(t->err);
    dgm_status status = tell(t, found, &made->story);
    if (status == DGM_OK)
        *out = &made->story;
    return status;
}

static dgm_status get_once(dgm *desk, uint64_t story, dgm_story **out, dgm_error *err)
{
    dgmi_members found = { .n = 0 };
    telling t = { .desk = desk, .err = err };
    dgm_status status = dgmi_index_refresh(desk->index, NULL, err);
    if (status == DGM_OK && desk->index->db)
        status = dgmi_members_find(desk, story, 1, &found, err);
    if (status != DGM_OK)
        return status;
    if (found.n == 0)
        return DGM_E_NOTFOUND;
    dgmi_buf_init(&t.first, 0);
    t.deadline_us = dgmi_now_us() + COMPARE_US;
    t.arena = dgmi_arena_new(STORY_MAX);
    status = t.arena ? make_story(&t, story, &found, out) : dgmi_fail_memory(err);
    if (status != DGM_OK)
        dgmi_arena_free(t.arena);
    dgmi_buf_clear(&t.first);
    return status;
}

dgm_status dgm_story_get(dgm *desk, const char *id, dgm_story **out, dgm_error *err)
{
    uint64_t story;
    dgm_error inner = DGM_ERROR_INIT;
    dgm_status status = DGM_E_STALE;
    if (!desk || !id || !out)
        return dgmi_fail(err, DGM_E_ARG,
                         "a reader, an id and a place for the story are needed");
    *out = NULL;
    if (!dgmi_story_read_hex(id, &story))
        return dgmi_fail(err, DGM_E_ARG,
                         "\"%.60s\" is no id of a story: 16 hexadecimal digits", id);
    for (int i = 0; i < DGMI_STALE_TRIES && status == DGM_E_STALE; i++) {
        dgmi_error_clear(&inner);
        status = get_once(desk, story, out, &inner);
    }
    if (status == DGM_E_NOTFOUND)
        return dgmi_fail(err, status, "there is no story \"%.60s\"", id);
    return status == DGM_OK ? status : dgmi_fail(err, status, "%s", inner.text);
}
