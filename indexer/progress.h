/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a long run is: a bar on a terminal, plain lines elsewhere. Depends on
 * dragoman.h. */
#ifndef DGM_PROGRESS_H
#define DGM_PROGRESS_H

#include "dragoman.h"

/* How far it was at a time: the rate is that of the last ones, because phases and inputs
 * differ. */
typedef struct progress_mark {
    uint64_t time_us, items;
    double share;
} progress_mark;

enum { PROGRESS_MARKS = 32 };

typedef struct progress {
    bool quiet, terminal, drawn;
    dgm_phase phase;
    uint64_t began_us, printed_us;
    uint64_t known_total; /* files named on the command line, in bytes; 0: not known */
    progress_mark marks[PROGRESS_MARKS]; /* a ring, half a second apart */
    unsigned n_marks; /* of all that were set since the measure changed */
    bool building;    /* the share is that of a whole bulk build */
} progress;

void progress_begin(progress *p, bool quiet, uint64_t total_bytes);
void progress_show(progress *p, dgm_phase phase, const dgm_counts *counts);
void progress_clear(progress *p); /* takes the bar off the screen, before a message */

#endif
