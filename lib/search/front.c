/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hits of a request from the front on. Depends on front.h. */
#include "front.h"

#include <stdlib.h>

#include "fail.h"
#include "hash.h"

bool dgmi_front_is_behind(const dgmi_key *key, const dgmi_key *last)
{
    return key->score != last->score ? key->score < last->score : key->id > last->id;
}

uint32_t dgmi_front_behind(const dgmi_ranked *hits, uint32_t n, const dgmi_key *last)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (dgmi_front_is_behind(&hits[middle].key, last))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Which hits are kept: those of one question, as the first page saw the archive, found in
 * the archive as it is now. */
static uint64_t key_of(const dgmi_search *s, bool relaxed)
{
    const dgmi_cursor *c = &s->cursor;
    const dgmi_index *index = s->desk->index;
    const uint64_t parts[] = { c->request,        c->generation, c->commit,    relaxed,
                               (uint64_t)c->now,  c->last_id,    c->watermark, c->pins.n,
                               index->generation, index->commit };
    uint64_t key = dgmi_hash64((const char *)parts, sizeof parts);
    return key ? key : 1;
}

static dgm_status find(dgmi_search *s, dgmi_clause *clause, uint32_t room,
                       dgmi_ranked *hits, uint32_t *n, int64_t *total)
{
    uint32_t shown = s->matcher.shown;
    s->matcher.after = NULL;
    s->matcher.shown = 0;
    dgm_status status = dgmi_match_page(&s->matcher, clause, room, hits, n, total);
    s->matcher.shown = shown;
    return status;
}

static dgm_status find_and_keep(dgmi_search *s, dgmi_clause *clause, uint64_t key,
                                uint32_t room, int64_t *total)
{
    dgmi_kept *kept = &s->desk->kept;
    kept->key = 0;
    if (!dgmi_grow(&kept->hits, &kept->capacity, room, sizeof *kept->hits))
        return dgmi_fail_memory(s->err);
    dgm_status status = find(s, clause, room, kept->hits, &kept->n, total);
    kept->whole = kept->n < room;
    if (status == DGM_OK && !s->partial)
        kept->key = key;
    return status;
}

dgm_status dgmi_front(dgmi_search *s, dgmi_clause *clause, bool relaxed, uint32_t need,
                      const dgmi_ranked **out, uint32_t *n, int64_t *total)
{
    dgmi_kept *kept = &s->desk->kept;
    dgm_status status = DGM_OK;
    uint64_t key = key_of(s, relaxed);
    if (!s->resumed || need < DGMI_FRONT_LEAST || need > DGMI_FRONT_MOST) {
        dgmi_ranked *hits = dgmi_arena_array(s->scratch, need, sizeof *hits);
        *out = hits;
        return hits ? find(s, clause, need, hits, n, total) : dgmi_fail_memory(s->err);
    }
    if (kept->key != key || (kept->n < need && !kept->whole)) {
        uint32_t room = need * 2 < DGMI_FRONT_MOST ? need * 2 : DGMI_FRONT_MOST;
        status = find_and_keep(s, clause, key, room, total);
    }
    *out = kept->hits;
    *n = kept->n;
    return status;
}
