/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader of an archive, laid open for the searcher. Depends on lib/index, lib/text. */
#ifndef DGMI_DESK_H
#define DGMI_DESK_H

#include "dictionary.h"
#include "log.h"
#include "lore.h"
#include "namebook.h"
#include "record.h"
#include "resident.h"
#include "silence.h"
#include "stem.h"
#include "synonymbook.h"

struct dgmi_ranked;
struct dgmi_moment;
struct dgmi_recaller;

/* Hits that front.c keeps for later pages. */
typedef struct dgmi_kept {
    uint64_t key; /* of what they are; 0: of nothing */
    struct dgmi_ranked *hits;
    size_t capacity;
    uint32_t n;
    bool whole; /* there are no more */
} dgmi_kept;

/* When records of the archive were fetched, by where they stand: those looked up last. A
 * record never changes, and another archive has another index. */
enum { DGMI_FETCHED_KEPT = 1024 };
typedef struct dgmi_fetched {
    uint64_t generation;
    struct {
        uint64_t place; /* one more than it, 0: none */
        int64_t time;
    } kept[DGMI_FETCHED_KEPT];
} dgmi_fetched;

struct dgm {
    dgmi_index *index;
    dgmi_stems *stems;
    dgmi_codec *codec;
    dgmi_lore lore;
    dgmi_namebook names;
    dgmi_synonymbook synonyms;
    dgmi_kept kept;
    dgmi_fetched fetched;
    dgmi_resident resident;
    dgmi_dictionary *dictionary; /* NULL: nothing is held */
    dgmi_silence silence;
    dgmi_log log;
    void *watching; /* what lib/watch keeps with this reader, and how it is freed */
    void (*end_watching)(void *watching);
    struct dgmi_moment
        *moments[DGM_MOMENTS];      /* earlier ones that were asked for (moment.h) */
    uint64_t turns;                 /* so often */
    struct dgmi_recaller *recaller; /* of their items; NULL: not needed yet */
    size_t pace; /* items that are read back in one search, at most; 0: as time allows */
    struct dgmi_moment *moment; /* of which this is the desk; NULL: of the present */
    uint64_t
        terms; /* distinct terms of the revision below, counted when first asked for */
    uint64_t terms_generation, terms_commit;
};

/* Follows the index and lays the record of an item open: valid until the codec's next
 * use. NOTFOUND if there is none, or one under embargo; err is then not to be shown. */
dgm_status dgmi_desk_record(dgm *desk, const char *id, dgmi_record *record,
                            dgm_error *err);

/* How often a search starts again when the index moved on under it. */
#define DGMI_STALE_TRIES 3

#endif
