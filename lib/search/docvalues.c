/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading slots whole. Depends on lib/index, lib/xapian. */
#include "docvalues.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "schema.h"

enum { SHARE = 8, TIME_BYTES = 6, STORY_BYTES = 8 }; /* SHARE of all: then it pays */

void dgmi_docvalues_clear(dgmi_docvalues *v)
{
    free(v->published);
    free(v->story);
    *v = (dgmi_docvalues){ .published = NULL };
}

/* The slot's values by id, where there is none NUL bytes; free(). */
static dgm_status read_slot(const dgmi_docvalues *v, const dgmi_index *index,
                            uint32_t slot, size_t size, char **out, dgm_error *err)
{
    *out = calloc((size_t)v->last_id + 1, size);
    if (!*out)
        return dgmi_fail_memory(err);
    return dgmx_values_table(index->db, slot, size, v->last_id, *out, err);
}

static dgm_status read_published(dgmi_docvalues *v, const dgmi_index *index,
                                 dgm_error *err)
{
    char *table = NULL;
    int64_t *times = calloc((size_t)v->last_id + 1, sizeof *times);
    dgm_status status = times ? DGM_OK : dgmi_fail_memory(err);
    if (status == DGM_OK)
        status = read_slot(v, index, DGMI_SLOT_PUBLISHED, TIME_BYTES, &table, err);
    for (size_t id = 0; status == DGM_OK && id <= v->last_id; id++)
        (void)dgmi_schema_time_read(table + id * TIME_BYTES, TIME_BYTES, &times[id]);
    free(table);
    if (status == DGM_OK)
        v->published = times;
    else
        free(times);
    return status;
}

/* ---- Stories ---- */

/* Which number a story has; open addressing, 0 in `number` is a free place. */
typedef struct numbering {
    uint64_t *story;
    uint32_t *number;
    size_t mask;
} numbering;

static uint32_t *place_of(const numbering *t, uint64_t story)
{
    size_t at = (size_t)(story * 0x9e3779b97f4a7c15u >> 20) & t->mask;
    while (t->number[at] > 0 && t->story[at] != story)
        at = (at + 1) & t->mask;
    t->story[at] = story;
    return &t->number[at];
}

static bool open_numbering(numbering *t, size_t documents)
{
    size_t room = 64;
    while (room < documents * 2)
        room *= 2;
    t->mask = room - 1;
    t->story = calloc(room, sizeof *t->story);
    t->number = calloc(room, sizeof *t->number);
    return t->story && t->number;
}

static void number_all(dgmi_docvalues *v, const numbering *t, const char *table)
{
    static const char none[STORY_BYTES];
    for (size_t id = 0; id <= v->last_id; id++) {
        uint64_t story = 0;
        const char *value = table + id * STORY_BYTES;
        uint32_t own = 0;
        bool has = memcmp(value, none, STORY_BYTES) != 0 &&
                   dgmi_schema_u64_read(value, STORY_BYTES, &story);
        uint32_t *number = has ? place_of(t, story) : &own;
        if (*number == 0)
            *number = ++v->n_stories;
        v->story[id] = *number - 1;
    }
}

/* Numbers the stories of the slot's values. */
static dgm_status number_slot(dgmi_docvalues *v, const dgmi_index *index,
                              const numbering *t, dgm_error *err)
{
    char *table = NULL;
    dgm_status status = read_slot(v, index, DGMI_SLOT_STORY, STORY_BYTES, &table, err);
    if (status == DGM_OK)
        number_all(v, t, table);
    free(table);
    return status;
}

static dgm_status read_stories(dgmi_docvalues *v, const dgmi_index *index, dgm_error *err)
{
    numbering t = { NULL, NULL, 0 };
    dgm_status status;
    v->story = calloc((size_t)v->last_id + 1, sizeof *v->story);
    v->n_stories = 0;
    if (open_numbering(&t, (size_t)v->last_id + 1) && v->story)
        status = number_slot(v, index, &t, err);
    else
        status = dgmi_fail_memory(err);
    free(t.story);
    free(t.number);
    if (status != DGM_OK) {
        free(v->story);
        v->story = NULL;
    }
    return status;
}

/* ---- What is needed ---- */

static dgm_status follow(dgmi_docvalues *v, const dgmi_index *index, dgm_error *err)
{
    dgmx_docid last_id = 0;
    if (v->generation == index->generation && v->commit == index->commit)
        return DGM_OK;
    dgm_status status = dgmx_db_last_docid(index->db, &last_id, err);
    dgmi_docvalues_clear(v);
    if (status != DGM_OK)
        return status;
    v->generation = index->generation;
    v->commit = index->commit;
    v->last_id = last_id;
    return DGM_OK;
}

dgm_status dgmi_docvalues_get(dgmi_docvalues *v, const dgmi_index *index, bool published,
                              bool stories, uint64_t expected, bool *have, dgm_error *err)
{
    dgm_status status = follow(v, index, err);
    bool missing = (published && !v->published) || (stories && !v->story);
    *have = status == DGM_OK && !missing;
    if (status != DGM_OK || !missing)
        return status;
    v->spent += expected;
    if (v->spent < v->last_id / SHARE || v->last_id > DGMX_COLUMN_DOCUMENTS)
        return DGM_OK;
    if (published && !v->published)
        status = read_published(v, index, err);
    if (status == DGM_OK && stories && !v->story)
        status = read_stories(v, index, err);
    *have = status == DGM_OK;
    return status;
}
