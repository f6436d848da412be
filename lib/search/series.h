/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From tables of counts to series: one point for each interval of a period. Depends on
 * cross.h. */
#ifndef DGMI_SERIES_H
#define DGMI_SERIES_H

#include "cross.h"

#define DGMI_POINTS_MOST 5000    /* of a series */
#define DGMI_NUMBERS_MOST 100000 /* points of all series of an answer */
#define DGMI_SERIES 10           /* unless more or fewer are asked for */
#define DGMI_SERIES_MOST 50
#define DGMI_WORDS_MOST 100 /* of a side of a comparison */

/* The intervals of an answer. */
typedef struct dgmi_ladder {
    dgmi_beat beat;
    int64_t from, to; /* the period; DGM_NO_TIME: as far as there are items */
    int64_t *starts;
    size_t n;
} dgmi_ladder;

/* What matches, and what the filters leave. */
typedef struct dgmi_share {
    dgmx_table *found, *of; /* of may be found itself */
} dgmi_share;
void dgmi_share_clear(dgmi_share *share);

/* An interval for the period, by the items that the archive has in it. */
dgmi_interval dgmi_ladder_choose(const dgmi_ladder *ladder, const dgmi_lore *lore);

/* Lays the starts of all intervals; n shares tell how far there are items. Errors: ARG if
 * there are too many. */
dgm_status dgmi_ladder_lay(dgmi_ladder *ladder, const dgmi_share *const *shares, size_t n,
                           dgmi_arena *arena, dgm_error *err);

/* Whether labels differ in spelling alone. */
bool dgmi_is_same_label(const char *a, const char *b);

/* The row of `in` that has the same class as this label; 0 if none has. */
uint32_t dgmi_row_of(const dgmx_table *in, const char *label);

/* One row as a series into s->arena. */
dgm_status dgmi_series_make(const dgmi_search *s, const dgmi_ladder *ladder,
                            const dgmi_share *share, uint32_t row, dgm_series *out);

bool dgmi_form_is_good(const dgm_trends_form *form);

#endif
