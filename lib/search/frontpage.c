/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages that are found from the front: the head ordered anew, and where a page begins.
 * Depends on frontpage.h. */
#include "frontpage.h"

#include <string.h>

#include "fail.h"
#include "front.h"

/* How many of these hits, in the first stage's order, are the head: on a later page those
 * that were it on the first, whatever changed since. */
static uint32_t head_of(const dgmi_search *s, const dgmi_ranked *hits, uint32_t n,
                        bool goes_on)
{
    uint32_t most = n < DGMI_HEAD_HITS ? n : DGMI_HEAD_HITS, head = 0;
    if (!goes_on || s->matcher.rebuilt)
        return most;
    while (head < most && !dgmi_front_is_behind(&hits[head].key, &s->cursor.head))
        head++;
    return head;
}

/* Orders the head anew, `need` hits of it at least, and returns where the page begins
 * among the hits. */
static dgm_status order_head(dgmi_search *s, dgmi_ranked *hits, uint32_t n, bool goes_on,
                             uint32_t need, uint32_t *begin)
{
    uint32_t head = head_of(s, hits, n, goes_on), at = 0;
    if (head > 0)
        s->cursor.head = hits[head - 1].key;
    dgm_status status = dgmi_refine(&s->matcher, &s->refinement, hits, head, need);
    for (uint32_t i = 0; i < head; i++)
        hits[i].head = true;
    if (goes_on && s->matcher.rebuilt)
        at = s->cursor.shown < n ? s->cursor.shown : n;
    while (goes_on && !s->matcher.rebuilt && at < head &&
           !dgmi_front_is_behind(&hits[at].key, &s->cursor.last))
        at++;
    *begin = at;
    return status;
}

/* The head is ordered in a copy: what the reader keeps stays in the first stage's order.
 * No more of it than the page needs; what changed meanwhile may have got before the page:
 * then that is more. */
static dgm_status take_head(dgmi_search *s, const dgmi_ranked *hits, uint32_t n,
                            bool goes_on, uint32_t want, const dgmi_ranked **out,
                            uint32_t *begin)
{
    uint32_t need = want + (goes_on ? s->cursor.shown : 0), ordered;
    dgmi_ranked *copy = dgmi_arena_array(s->scratch, n + 1, sizeof *copy);
    dgm_status status;
    if (!copy)
        return dgmi_fail_memory(s->err);
    *out = copy;
    do {
        ordered = need;
        if (n > 0)
            memcpy(copy, hits, n * sizeof *copy);
        status = order_head(s, copy, n, goes_on, ordered, begin);
        need = *begin + want;
    } while (status == DGM_OK && ordered < n && need > ordered);
    return status;
}

dgm_status dgmi_find_from_front(dgmi_search *s, dgmi_clause *clause, bool relaxed,
                                uint32_t want, uint32_t *n, int64_t *total)
{
    bool goes_on = s->resumed && s->cursor.relaxed == relaxed;
    bool in_head = s->refinement.n > 0 && (!goes_on || s->cursor.in_head);
    uint32_t shown = goes_on ? s->cursor.shown : 0, begin = 0, found = 0, need;
    uint32_t room = shown + want > DGMI_HEAD_HITS ? shown + want : DGMI_HEAD_HITS;
    const dgmi_ranked *hits = NULL;
    dgm_status status;
    do { /* what changed meanwhile may have got before the page: then more are needed */
        need = room;
        status = dgmi_front(s, clause, relaxed, need, &hits, &found, total);
        found = in_head && found > need ? need : found;
        if (status == DGM_OK && in_head)
            status = take_head(s, hits, found, goes_on, want, &hits, &begin);
        else if (goes_on && s->matcher.rebuilt)
            begin = shown < found ? shown : found;
        else if (goes_on)
            begin = dgmi_front_behind(hits, found, &s->cursor.last);
        room = begin + want;
    } while (status == DGM_OK && found >= need && room > found);
    if (status != DGM_OK)
        return status;
    *n = found - begin < want ? found - begin : want;
    if (*n > 0)
        memcpy(s->found + s->n_found, hits + begin, *n * sizeof *hits);
    return DGM_OK;
}
