/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of a whole archive: traces into a file, keys sorted, then one walk in the order
 * of the log. Depends on storyrows.h and storykeys.h. */
#include "stories.h"

#include <stdlib.h>

#include "fail.h"
#include "storykeys.h"
#include "storyrows.h"

struct dgmi_stories {
    dgmi_story_rows rows;
    dgmi_story_keys keys;
    uint64_t *places;   /* by row */
    uint32_t *founders; /* the row that founded the story */
    dgmi_rivals rivals;
};

static dgm_status note_place(void *user, uint32_t row, const dgmi_trace *trace,
                             dgm_error *err)
{
    (void)err;
    dgmi_stories *s = user;
    s->places[row] = trace->place;
    return DGM_OK;
}

static dgm_status load(void *user, const dgmi_rival *rival, dgmi_sketch *out,
                       dgm_error *err)
{
    const dgmi_stories *s = user;
    dgmi_trace trace;
    dgm_status status = dgmi_story_row_read(&s->rows, rival->number, &trace, err);
    if (status == DGM_OK)
        *out = trace.sketch;
    return status;
}

static dgm_status settle(void *user, uint32_t row, const dgmi_trace *trace,
                         dgm_error *err)
{
    dgmi_stories *s = user;
    const dgmi_rival *chosen = NULL;
    s->founders[row] = row;
    if (s->keys.shared[row] == 0)
        return DGM_OK;
    dgmi_story_keys_rivals(&s->keys, s->places, row, trace, &s->rivals);
    dgm_status status =
        dgmi_kin_choose(&trace->sketch, &s->rivals, load, s, &chosen, err);
    if (status == DGM_OK && chosen)
        s->founders[row] = s->founders[chosen->number];
    return status;
}

static dgm_status make(dgmi_stories *s, const dgmi_stories_options *options,
                       dgm_error *err)
{
    dgm_status status = dgmi_story_rows_make(options, &s->rows, err);
    if (status != DGM_OK)
        return status;
    s->places = calloc(s->rows.n + 1u, sizeof *s->places);
    s->founders = calloc(s->rows.n + 1u, sizeof *s->founders);
    if (!s->places || !s->founders)
        return dgmi_fail_memory(err);
    status = dgmi_story_rows_walk(&s->rows, note_place, s, err);
    if (status == DGM_OK)
        status = dgmi_story_keys_make(&s->rows, options->memory, &s->keys, err);
    return status == DGM_OK ? dgmi_story_rows_walk(&s->rows, settle, s, err) : status;
}

dgm_status dgmi_stories_new(const dgmi_stories_options *options, dgmi_stories **out,
                            dgm_error *err)
{
    *out = NULL;
    dgmi_stories *s = calloc(1, sizeof *s);
    if (!s)
        return dgmi_fail_memory(err);
    s->rows.fd = -1;
    dgm_status status = make(s, options, err);
    if (status == DGM_OK)
        *out = s;
    else
        dgmi_stories_free(s);
    return status;
}

void dgmi_stories_free(dgmi_stories *s)
{
    if (!s)
        return;
    dgmi_story_rows_clear(&s->rows);
    dgmi_story_keys_clear(&s->keys);
    free(s->places);
    free(s->founders);
    free(s);
}

static bool find_row(const dgmi_stories *s, uint64_t place, uint32_t *row)
{
    uint32_t low = 0, high = s->rows.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (s->places[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    *row = low;
    return low < s->rows.n && s->places[low] == place;
}

dgm_status dgmi_stories_find(const dgmi_stories *s, uint64_t first_seen, dgmi_kin *out,
                             dgm_error *err)
{
    dgmi_trace trace;
    uint32_t row;
    if (!find_row(s, first_seen, &row))
        return dgmi_fail(err, DGM_E_CORRUPT, "the archive changed while it was read");
    dgm_status status = dgmi_story_row_read(&s->rows, row, &trace, err);
    if (status != DGM_OK)
        return status;
    dgmi_kin_keys(&trace, out);
    out->owned = s->keys.owned[row];
    out->story = trace.id;
    if (s->founders[row] == row)
        return DGM_OK;
    status = dgmi_story_row_read(&s->rows, s->founders[row], &trace, err);
    out->story = status == DGM_OK ? trace.id : 0;
    return status;
}
