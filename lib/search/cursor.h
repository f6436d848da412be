/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a page ended, as the text that the next request brings back. Depends on lib/base,
 * pins.h. */
#ifndef DGMI_CURSOR_H
#define DGMI_CURSOR_H

#include "buf.h"
#include "dragoman.h"
#include "pins.h"
#include "schema.h"

#define DGMI_CURSOR_STEMS 20

/* A hit's place in the order. By relevance: the greater score first, then the lower
 * document id, which in a generation an item keeps and which grows as items come in. By
 * time: the order value (dgmi_schema_order), which no two items share and which outlives
 * generations. Both are total orders. */
typedef struct dgmi_key {
    double score;
    uint32_t id;
    char order[DGMI_ORDER_SIZE]; /* by time only */
} dgmi_key;

typedef struct dgmi_cursor {
    uint64_t request;            /* dgmi_request_key */
    uint64_t generation, commit; /* of the first page */
    uint64_t
        watermark; /* items first seen at or after it came later: they are not shown; */
    uint32_t last_id; /* in the same generation they have ids beyond this one */
    uint64_t total;   /* strict matches, as counted for the first page; */
    uint64_t items;   /* the same in items where total is of stories */
    bool inexact;     /* there may be more: counting took too long */
    uint32_t shown;   /* hits of this phase before the next page */
    bool relaxed;     /* the strict matches are used up */
    dgmi_key last;    /* of the last hit shown in this phase */
    bool in_head;     /* that hit is of the head, which the second stage orders */
    dgmi_key head;    /* of the head's last hit in the first stage's order */
    uint64_t place;   /* of as_of, packed; 0: none */
    int64_t now;      /* what age is counted from; DGM_NO_TIME: nothing */
    const char *stems[DGMI_CURSOR_STEMS]; /* that the query was expanded by */
    uint32_t n_stems;
    dgmi_pins pins;
} dgmi_cursor;

/* Appends the cursor's text. */
void dgmi_cursor_write(dgmi_buf *out, const dgmi_cursor *cursor);

/* Reads one that was given out for an equal request. Errors: ARG ("cursor: ..."), NOMEM.
 */
dgm_status dgmi_cursor_read(const char *text, uint64_t request, dgmi_arena *arena,
                            dgmi_cursor *out, dgm_error *err);

#endif
