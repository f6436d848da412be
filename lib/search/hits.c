/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From matches to hits: records read, snippets cut, all copied to plain memory.
 * Depends on lib/index, lib/text, lib/xapian. */
#include <limits.h>
#include <string.h>

#include "cite.h"
#include "clock.h"
#include "fail.h"
#include "feedback.h"
#include "members.h"
#include "search.h"
#include "utterance.h"

enum { SNIPPET_LENGTH = 280 };

typedef struct cutter {
    dgmi_marks *marks;
    dgmi_buf text;
} cutter;

static const dgm_turn *turn_at(const dgmi_search *s, const dgmi_record *r, size_t at)
{
    uint32_t paragraph = 0;
    while (paragraph + 1 < r->item.n_paragraphs && r->starts[paragraph + 1] <= at)
        paragraph++;
    for (size_t i = 0; i < r->item.n_turns; i++) {
        const dgm_turn *turn = &r->item.turns[i];
        if (paragraph < turn->from || paragraph >= turn->to)
            continue;
        dgm_turn *copy = dgmi_arena_copy(s->arena, turn, sizeof *turn);
        if (copy)
            copy->speaker = dgmi_arena_dup(s->arena, turn->speaker);
        return copy;
    }
    return NULL;
}

/* Only what was said is looked at, if that was asked for. */
static dgm_status cut_snippet(const dgmi_search *s, cutter *c, dgmx_docid id,
                              const dgmi_record *r, dgm_hit *hit)
{
    dgmi_said_span said;
    bool found = false;
    dgmi_snippet_options options = {
        .form = s->request->highlight == DGMI_HIGHLIGHT_HTML ? DGMI_SNIPPET_HTML
                                                             : DGMI_SNIPPET_TEXT,
        .length = SNIPPET_LENGTH,
        .language = r->item.language,
    };
    size_t at = 0, match = 0;
    options.match = &match;
    if (s->plan.utterances.n > 0) {
        dgm_status status = dgmi_utterance_find(
            s->desk->index, s->arena, &s->plan.utterances, id, r, &said, &found, s->err);
        if (status != DGM_OK)
            return status;
    }
    dgmi_buf_reset(&c->text);
    const char *text = r->text + (found ? said.from : 0);
    dgmi_snippet(&c->text, text, found ? said.to - said.from : r->text_n, c->marks,
                 s->desk->stems, &options, &at);
    hit->snippet =
        c->text.failed ? NULL : dgmi_arena_str(s->arena, dgmi_buf_str(&c->text));
    if (found)
        hit->turn = dgmi_arena_copy(s->arena, &said.turn, sizeof said.turn);
    else if (r->item.n_turns > 0 && r->item.n_paragraphs > 0)
        hit->turn = turn_at(s, r, match);
    bool whole = hit->snippet && (hit->turn || !found);
    return whole ? DGM_OK : dgmi_fail_memory(s->err);
}

/* The whole title, if something in it is marked. */
static dgm_status mark_title(const dgmi_search *s, cutter *c, const dgm_item *item,
                             dgm_hit *hit)
{
    if (s->request->highlight != DGMI_HIGHLIGHT_HTML || !item->title)
        return DGM_OK;
    size_t n = strlen(item->title), at = 0;
    const dgmi_snippet_options options = { .form = DGMI_SNIPPET_HTML,
                                           .length =
                                               n < UINT_MAX ? (unsigned)n : UINT_MAX,
                                           .language = item->language };
    dgmi_buf_reset(&c->text);
    dgmi_snippet(&c->text, item->title, n, c->marks, s->desk->stems, &options, &at);
    if (c->text.failed)
        return dgmi_fail_memory(s->err);
    if (!c->text.p || !strstr(c->text.p, "<mark>"))
        return DGM_OK;
    hit->title_html = dgmi_arena_str(s->arena, dgmi_buf_str(&c->text));
    return hit->title_html ? DGM_OK : dgmi_fail_memory(s->err);
}

static bool copy_topics(const dgmi_search *s, const dgm_item *item, dgm_hit *hit)
{
    const char **topics = dgmi_arena_array(s->arena, item->n_topics + 1, sizeof *topics);
    for (size_t i = 0; topics && i < item->n_topics; i++) {
        topics[i] = dgmi_arena_dup(s->arena, item->topics[i]);
        if (!topics[i])
            return false;
    }
    hit->topics = topics;
    hit->n_topics = item->n_topics;
    return topics != NULL;
}

/* Copies a string that may be missing; clears *ok when memory ran out. */
static const char *copy(const dgmi_search *s, const char *text, bool *ok)
{
    const char *made = dgmi_arena_dup(s->arena, text);
    *ok = *ok && (made || !text);
    return made;
}

static bool copy_item(const dgmi_search *s, const dgm_item *item, dgm_hit *hit)
{
    bool ok = true;
    hit->id = copy(s, item->id, &ok);
    hit->title = copy(s, item->title ? item->title : "", &ok);
    hit->region = copy(s, item->region, &ok);
    hit->country = copy(s, item->country, &ok);
    hit->source = copy(s, item->source, &ok);
    hit->language = copy(s, item->language, &ok);
    hit->url = copy(s, item->url, &ok);
    hit->published = item->published;
    hit->translated = item->translated;
    return ok && copy_topics(s, item, hit);
}

static dgm_status tell_story(const dgmi_search *s, dgmx_docid id, dgmx_doc *doc,
                             const dgmi_record *record, dgm_hit *hit)
{
    dgmx_bytes value;
    uint64_t story;
    dgm_status status = dgmx_doc_value(doc, DGMI_SLOT_STORY, &value, s->err);
    if (status != DGM_OK || !dgmi_schema_u64_read(value.p, value.n, &story))
        return status;
    return dgmi_members_of_hit(s->desk, id, record, story, s->arena, &hit->story, s->err);
}

/* Hits without their explanations are better than none. */
static bool is_late(dgmi_search *s)
{
    bool late = dgmi_now_us() > s->matcher.deadline_us;
    if (late && !s->unexplained)
        dgmi_warn(&s->notes, "explanations are left out: the search took too long");
    s->unexplained = s->unexplained || late;
    return late;
}

static dgm_status fill_hit(dgmi_search *s, cutter *c, const dgmi_ranked *found,
                           dgm_hit *hit)
{
    dgmx_doc *doc = NULL;
    dgmx_bytes data;
    dgmi_record record;
    dgm_status status = dgmx_doc_known(s->desk->index->db, found->key.id, &doc, s->err);
    if (status == DGM_OK)
        status = dgmx_doc_data(doc, &data, s->err);
    if (status == DGM_OK)
        status = dgmi_record_decode(s->desk->codec, data.p, data.n, &record, s->err);
    if (status == DGM_OK) {
        hit->score = found->key.score;
        hit->relaxed = found->relaxed;
        if (!copy_item(s, &record.item, hit))
            status = dgmi_fail_memory(s->err);
        else if (c->marks)
            status = cut_snippet(s, c, found->key.id, &record, hit);
        if (status == DGM_OK && c->marks)
            status = mark_title(s, c, &record.item, hit);
    }
    if (status == DGM_OK && s->request->cite) /* copies are read over its record */
        status = dgmi_cite_hit(s, &record, hit);
    if (status == DGM_OK)
        status = tell_story(s, found->key.id, doc, &record, hit);
    if (status == DGM_OK && s->naming.n + s->synonyms.n > 0)
        status = dgmi_hit_spellings(s, found->key.id, hit);
    if (status == DGM_OK && s->request->expand && found->relaxed)
        status = dgmi_is_only_related(s, hit);
    if (status == DGM_OK && s->request->explain && !is_late(s))
        status = dgmi_explain(s, found, hit->id, hit);
    dgmx_doc_free(doc);
    return status;
}

dgm_status dgmi_hits_fill(dgmi_search *s, dgm_page *page)
{
    dgm_status status = DGM_OK;
    uint32_t n = s->n_found < s->size ? s->n_found : s->size;
    dgm_hit *hits = dgmi_arena_array(s->arena, n + 1, sizeof *hits);
    cutter c = { .marks = NULL };
    if (!hits)
        return dgmi_fail_memory(s->err);
    dgmi_buf_init(&c.text, 0);
    if (s->request->highlight != DGMI_HIGHLIGHT_NONE && n > 0) {
        c.marks = dgmi_marks_new(s->plan.marks.list, s->plan.marks.n);
        status = c.marks ? DGM_OK : dgmi_fail_memory(s->err);
    }
    for (uint32_t i = 0; i < n && status == DGM_OK; i++)
        status = fill_hit(s, &c, &s->found[i], &hits[i]);
    dgmi_marks_free(c.marks);
    dgmi_buf_clear(&c.text);
    page->hits = hits;
    page->n_hits = n;
    return status;
}
