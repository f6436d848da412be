/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of `dragoman topics` share. Depends on indexer.h. */
#ifndef DGM_TOPICS_RUN_H
#define DGM_TOPICS_RUN_H

#include "indexer.h"

typedef struct topics_run {
    const char *data;
    bool json, force;
    unsigned long days;
    unsigned faults; /* files and examples that something was wrong with */
} topics_run;

/* How the items that match a topic's query differ from those that have it. */
typedef struct topic_change {
    uint64_t matching, tagged;
    uint64_t gained; /* match, and do not have it */
    uint64_t lost;   /* have it, and do not match */
} topic_change;

/* from: a date, or NULL for all items. */
dgm_status topic_compare(dgm *desk, const dgm_topic *topic, const char *from,
                         topic_change *out, dgm_error *err);

/* What the topic would have caught in the last days that the archive has. */
dgm_status topic_backtest(dgm *desk, const dgm_topic *topic, const topics_run *r,
                          dgmi_buf *out, dgm_error *err);

#endif
