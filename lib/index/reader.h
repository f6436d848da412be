/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live generation as a reader sees it. Depends on lib/base, lib/xapian, lib/archive.
 */
#ifndef DGMI_INDEX_READER_H
#define DGMI_INDEX_READER_H

#include "archive.h"
#include "dgmx.h"
#include "dragoman.h"

typedef struct dgmi_index {
    char *data_dir;
    uint64_t generation; /* 0: none yet; then db is NULL */
    dgmx_db *db;
    uint64_t commit;    /* revision of the database */
    uint32_t documents; /* that can be found */
    uint32_t canceled;
    double average_length;  /* pinned */
    dgmi_position position; /* of the archive: all before it is in here */
    char revision[48];      /* "<generation>-<commit>" */
    int64_t as_of;          /* embargoes over at this time are lifted */
    int64_t settled;        /* dgmi_meta */
    int64_t next_due;       /* held.c: when the next one ends, DGM_NO_TIME: not looked */
    /* Of an earlier moment (lib/search/moment.h): an item stands in it as the document
     * whose record lies before this packed place of the archive. 0: the present. */
    uint64_t place;
} dgmi_index;

/* IO or CORRUPT, or NOTFOUND if data_dir itself is missing. A generation of another
 * schema version is CORRUPT with "run: dragoman reindex". */
dgm_status dgmi_index_open(const char *data_dir, dgmi_index **out, dgm_error *err);
void dgmi_index_close(dgmi_index *index);

/* Follows to the newest commit, or a swapped-in generation (DATA/index/current is looked
 * at with one stat). Some 5 us when nothing moved. */
dgm_status dgmi_index_refresh(dgmi_index *index, bool *moved, dgm_error *err);

/* Whether all of the archive before `end` is in this revision. index may be NULL. */
bool dgmi_index_has(const dgmi_index *index, dgmi_position end);

/* DATA/index/current and the folders beside it. */
dgm_status dgmi_generation_current(const char *data_dir, uint64_t *number,
                                   dgm_error *err);
char *dgmi_generation_path(const char *data_dir, uint64_t number); /* the caller frees */

#endif
