/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding the turns of an interview: by dashes, by blocks, by labels. Depends on build.h,
 * lib/base. Official interviews come in three forms; a text must show its form twice to
 * count as one: dashes  answers open with a dash, questions often, the first question
 * does not blocks  two blank lines part the questions, each of which stands first in its
 * block labels  "Question:", "Q:", "A:" or the speaker's name and a colon (labels.c) */
#include "turns.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static dgmi_str para_str(const dgmi_item *item, size_t i)
{
    return (dgmi_str){ item->paras[i].text, item->paras[i].n };
}

/* Whether the last character, quotes and brackets aside, is a question mark. */
bool dgmi_ends_asking(dgmi_str s)
{
    static const char *const closers[] = {
        "\"", "'", ")", " ", "\xE2\x80\x9D", "\xE2\x80\x9C", "\xC2\xBB", "\xE2\x80\x99"
    };
    static const char *const marks[] = { "?", "\xEF\xBC\x9F", "\xD8\x9F", "?!" };
    for (size_t i = 0; i < sizeof closers / sizeof *closers;) {
        if (!dgmi_str_ends(s, closers[i])) {
            i++;
            continue;
        }
        s.n -= strlen(closers[i]);
        i = 0;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (dgmi_str_ends(s, marks[i]))
            return true;
    }
    return false;
}

static bool asks_somewhere(dgmi_str s)
{
    return memchr(s.p, '?', s.n) != NULL || dgmi_ends_asking(s);
}

/* Bytes of a dash and the space behind it that open a paragraph. */
static size_t opening_dash(dgmi_str s)
{
    size_t dash = dgmi_dash_at(s.p, s.p + s.n);
    return dash > 0 && dash + 1 < s.n && s.p[dash] == ' ' ? dash + 1 : 0;
}

static void look(const dgmi_item *item, dgmi_view *views)
{
    for (size_t i = 0; i < item->n_paras; i++) {
        dgmi_str s = para_str(item, i);
        size_t dash = opening_dash(s);
        views[i].dash = dash > 0;
        views[i].skip = dash;
        views[i].asks = dgmi_ends_asking(s);
        views[i].asks_inside = asks_somewhere(s);
        views[i].block = item->paras[i].block || i == 0;
        views[i].list = s.n > 0 && strchr(";,", s.p[s.n - 1]) != NULL;
        views[i].leads = s.n > 0 && s.p[s.n - 1] == ':';
    }
}

/* ---- Dashes ---- */

/* A dash after a question opens an answer unless it asks itself or is a member of a list.
 */
static bool answers(const dgmi_view *v, size_t i, size_t n)
{
    return i < n && v[i].dash && !v[i].asks && !v[i].list;
}

/* Questions that can be told from two neighbours alone. */
static size_t mark_strong(dgmi_view *v, size_t n)
{
    size_t found = 0, asking = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        bool asks = v[i].dash ? v[i].asks : v[i].asks_inside;
        if (!asks || !answers(v, i + 1, n))
            continue;
        v[i].start = DGMI_STARTS_QUESTION;
        v[i + 1].start = DGMI_STARTS_ANSWER;
        found++;
        asking += v[i].asks;
    }
    return asking > 0 ? found : 0;
}

/* In an interview already known as one, a block's first paragraph before a dash is a
 * question even if it only says "Tell us about ...". */
static void mark_requests(dgmi_view *v, size_t n)
{
    for (size_t i = 1; i + 1 < n; i++) {
        bool free_pair =
            v[i].start == DGMI_STARTS_NOTHING && v[i + 1].start == DGMI_STARTS_NOTHING;
        if (!free_pair || !v[i].block || v[i + 1].block || v[i].leads ||
            !answers(v, i + 1, n))
            continue;
        v[i].start = DGMI_STARTS_QUESTION;
        v[i + 1].start = DGMI_STARTS_ANSWER;
    }
}

/* A question of several paragraphs begins with its block. The first one may have a lead
 * before it, which is nobody's turn. */
static void widen_questions(dgmi_view *v, size_t n)
{
    bool answered = false;
    size_t block = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].block)
            block = i;
        bool opened = block < i && (!v[i].dash || v[block].dash);
        if (v[i].start == DGMI_STARTS_QUESTION && answered && opened) {
            v[i].start = DGMI_STARTS_NOTHING;
            v[block].start = DGMI_STARTS_QUESTION;
        }
        if (v[i].start == DGMI_STARTS_ANSWER) {
            answered = true;
            block = SIZE_MAX; /* no block has begun since */
        }
    }
}

/* The other way round: only questions have dashes, and each is followed by plain text. */
static size_t mark_dashed_questions(dgmi_view *v, size_t n)
{
    size_t dashes = 0, found = 0;
    for (size_t i = 0; i < n; i++) {
        dashes += v[i].dash;
        found += v[i].dash && v[i].asks && i + 1 < n && !v[i + 1].dash;
    }
    if (found < 2 || found * 5 < dashes * 4)
        return 0;
    for (size_t i = 0; i + 1 < n; i++) {
        if (v[i].dash && v[i].asks && !v[i + 1].dash) {
            v[i].start = DGMI_STARTS_QUESTION;
            v[i + 1].start = DGMI_STARTS_ANSWER;
        }
    }
    return found;
}

static void clear(dgmi_view *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i].start = DGMI_STARTS_NOTHING;
}

static bool find_dashed(dgmi_view *v, size_t n)
{
    if (mark_strong(v, n) >= 2) {
        mark_requests(v, n);
        widen_questions(v, n);
        return true;
    }
    clear(v, n);
    return mark_dashed_questions(v, n) >= 2;
}

/* ---- Blocks ---- */

static bool find_blocks(dgmi_view *v, size_t n)
{
    size_t blocks = 0, found = 0;
    for (size_t i = 0; i < n; i++) {
        blocks += v[i].block;
        if (!v[i].block || !v[i].asks || i + 1 == n || v[i + 1].block)
            continue;
        v[i].start = DGMI_STARTS_QUESTION;
        v[i + 1].start = DGMI_STARTS_ANSWER;
        found++;
    }
    if (found >= 2 && found * 2 >= blocks)
        return true;
    clear(v, n);
    return false;
}

/* ---- Turns out of marks ---- */

/* The person interviewed, as the title or the lead says. */
static dgmi_str find_lead(const dgmi_item *item, const dgmi_view *v)
{
    dgmi_str name = { "", 0 };
    if (item->fields[DGMI_TITLE] != NULL)
        name = dgmi_interviewed(dgmi_str_of(item->fields[DGMI_TITLE]));
    for (size_t i = 0; name.n == 0 && i < item->n_paras && i < 4; i++) {
        if (v[i].start != DGMI_STARTS_NOTHING)
            break;
        name = dgmi_interviewed(para_str(item, i));
    }
    return name;
}

static bool same(dgmi_str a, dgmi_str b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* Names the answers that have no name yet: by whom their question addresses, or else by
 * the last one addressed; where only one person is, all answers are his. */
static void name_answers(const dgmi_item *item, dgmi_view *v)
{
    dgmi_str lead = find_lead(item, v), current = { "", 0 };
    bool several = false;
    for (size_t i = 0; i < item->n_paras; i++) {
        if (v[i].start != DGMI_STARTS_QUESTION)
            continue;
        v[i].address = dgmi_vocative(dgmi_str_skip(para_str(item, i), v[i].skip));
        if (v[i].address.n == 0)
            continue;
        several = several || (current.n > 0 && !same(current, v[i].address));
        current = v[i].address;
    }
    if (!several && lead.n > 0 && (current.n == 0 || dgmi_same_first_name(lead, current)))
        current = lead;
    if (several)
        current = (dgmi_str){ "", 0 };
    for (size_t i = 0; i < item->n_paras; i++) {
        if (several && v[i].address.n > 0)
            current = v[i].address;
        if (v[i].start == DGMI_STARTS_ANSWER && v[i].speaker.n == 0)
            v[i].speaker = current;
    }
}

/* The dash or the label that opens a turn is said by its role. */
static void strip_openings(dgmi_item *item, const dgmi_view *v)
{
    for (size_t i = 0; i < item->n_paras; i++) {
        dgmi_para *para = &item->paras[i];
        if (v[i].start == DGMI_STARTS_NOTHING || v[i].skip >= para->n)
            continue;
        para->text += v[i].skip;
        para->n -= v[i].skip;
    }
}

static void add_turns(dgmi_item *item, const dgmi_view *v)
{
    size_t n = item->n_paras, from = 0;
    while (from < n && v[from].start == DGMI_STARTS_NOTHING)
        from++;
    while (from < n) {
        size_t to = from + 1;
        while (to < n && v[to].start == DGMI_STARTS_NOTHING)
            to++;
        dgm_role role = v[from].start == DGMI_STARTS_QUESTION ? DGM_QUESTION : DGM_ANSWER;
        dgmi_item_add_turn(item, role, v[from].speaker, (uint32_t)from, (uint32_t)to);
        from = to;
    }
}

void dgmi_prepare_turns(dgmi_item *item)
{
    size_t n = item->n_paras;
    if (n < 2 || item->n_turns > 0 || dgmi_item_failed(item))
        return;
    dgmi_view *views = calloc(n, sizeof *views);
    if (views == NULL) {
        item->no_memory = true;
        return;
    }
    look(item, views);
    if (dgmi_find_labelled(item, views) || find_dashed(views, n) ||
        find_blocks(views, n)) {
        name_answers(item, views);
        add_turns(item, views);
        strip_openings(item, views);
    }
    free(views);
}
