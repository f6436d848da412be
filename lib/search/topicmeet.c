/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an item has what a topic needs. Depends on topicmeet.h, lib/xapian. */
#include "topicmeet.h"

#include "fail.h"

enum { PLACES = 256 }; /* alternatives of all operands; with more, a search has to tell */

/* ---- Places ---- */

/* Operands with the words of the item at hand in place of forms. */
typedef struct filled {
    dgmx_operand operands[DGMI_NEAR_OPERANDS];
    dgmx_sequence sequences[PLACES];
    dgmx_bytes words[PLACES];
    size_t n;
    bool over;
} filled;

static void put(filled *f, dgmx_sequence sequence)
{
    f->over = f->over || f->n == PLACES;
    if (!f->over)
        f->sequences[f->n++] = sequence;
}

static void put_forms(filled *f, const dgmi_forms *forms, uint32_t form)
{
    const dgmx_term *found[DGMI_WILDCARD_TERMS];
    size_t n = dgmi_forms_of(forms, form, found, DGMI_WILDCARD_TERMS);
    f->over = f->over || n > DGMI_WILDCARD_TERMS;
    for (size_t i = 0; i < n && !f->over; i++) {
        dgmx_bytes *word = &f->words[f->n % PLACES];
        *word = (dgmx_bytes){ found[i]->p, found[i]->n };
        put(f, (dgmx_sequence){ word, 1 });
    }
}

static bool read_forms(dgmi_meeting *m)
{
    if (m->forms_read)
        return true;
    if (!dgmi_forms_read(m->forms, m->terms, m->n)) {
        m->status = dgmi_fail_memory(m->err);
        return false;
    }
    m->forms_read = true;
    return true;
}

/* False: the item has no word of the operand, or there is no memory. */
static bool fill(filled *f, dgmi_meeting *m, const dgmi_place_choice *choice,
                 dgmx_operand *out)
{
    size_t first = f->n;
    for (size_t i = 0; i < choice->n; i++) {
        if (choice->list[i].form == 0)
            put(f, choice->list[i].sequence);
        else if (read_forms(m))
            put_forms(f, m->forms, choice->list[i].form);
        else
            return false;
    }
    *out = (dgmx_operand){ &f->sequences[first], f->n - first };
    return f->over || out->n > 0;
}

static dgmi_verdict judge_places(const dgmi_places *places, dgmi_meeting *m)
{
    filled f;
    dgmx_within within = places->how;
    bool holds = false;
    f.n = 0;
    f.over = within.n > DGMI_NEAR_OPERANDS;
    within.operands = f.operands;
    for (size_t i = 0; i < within.n && !f.over; i++) {
        if (!fill(&f, m, &places->operands[i], &f.operands[i]))
            return DGMI_MISSED;
    }
    if (f.over)
        return DGMI_UNSURE;
    m->status = dgmx_within_terms(&within, m->terms, m->n, &holds, m->err);
    return holds ? DGMI_MET : DGMI_MISSED;
}

/* ---- Trees ---- */

/* The first child that is `decisive` decides. Places are looked at last: they cost most.
 */
static dgmi_verdict judge_children(const dgmi_need *need, dgmi_meeting *m,
                                   dgmi_verdict decisive)
{
    dgmi_verdict all = decisive == DGMI_MET ? DGMI_MISSED : DGMI_MET;
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < need->n && m->status == DGM_OK; i++) {
            const dgmi_need *child = need->children[i];
            if ((child->kind == DGMI_NEED_PLACES) != (round == 1))
                continue;
            dgmi_verdict one = dgmi_need_judge(child, m);
            if (one == decisive)
                return one;
            if (one == DGMI_UNSURE)
                all = one;
        }
    }
    return all;
}

static dgmi_verdict judge_without(const dgmi_need *need, dgmi_meeting *m)
{
    dgmi_verdict all = dgmi_need_judge(need->children[0], m);
    for (uint32_t i = 1; i < need->n && all != DGMI_MISSED; i++) {
        dgmi_verdict other = dgmi_need_judge(need->children[i], m);
        if (other == DGMI_MET)
            return DGMI_MISSED;
        if (other == DGMI_UNSURE)
            all = other;
    }
    return all;
}

/* What a need asks for, it needs; whether that is all, it knows. */
static dgmi_verdict judge(const dgmi_need *need, dgmi_meeting *m)
{
    switch (need->kind) {
    case DGMI_NEED_NOTHING:
        return DGMI_MET;
    case DGMI_NEED_TERM:
    case DGMI_NEED_BEGINNING:
        return m->has(m->user, need->id) ? DGMI_MET : DGMI_MISSED;
    case DGMI_NEED_ALL:
        return judge_children(need, m, DGMI_MISSED);
    case DGMI_NEED_ANY:
        return judge_children(need, m, DGMI_MET);
    case DGMI_NEED_WITHOUT:
        return judge_without(need, m);
    case DGMI_NEED_PLACES:
        if (judge_children(need, m, DGMI_MISSED) == DGMI_MISSED)
            return DGMI_MISSED;
        return judge_places(need->places, m);
    }
    return DGMI_UNSURE;
}

dgmi_verdict dgmi_need_judge(const dgmi_need *need, dgmi_meeting *m)
{
    dgmi_verdict verdict = judge(need, m);
    return verdict == DGMI_MET && !need->sure ? DGMI_UNSURE : verdict;
}
