/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPTC's topic codes and their names. Depends on lib/base. The table is topics.tsv, which
 * the Makefile turns into bytes. Media Topics are IPTC's, CC BY 4.0. */
#ifndef DGMI_TOPICS_H
#define DGMI_TOPICS_H

#include <stdbool.h>

#include "str.h"

/* What a code stands for; all of it lies in the table. */
typedef struct dgmi_topic {
    dgmi_str key;     /* "m20000574": a media topic; "s11003000": a subject code */
    dgmi_str name;    /* "election" */
    dgmi_str broader; /* the code of the next broader topic; empty at the top */
} dgmi_topic;

/* Looks up a code in any of its usual forms ("medtop:20000574", "subj:11003000",
 * "http://cv.iptc.org/newscodes/mediatopic/20000574"); a retired one gives its successor.
 * False if it is none. */
bool dgmi_topic_find(dgmi_str code, dgmi_topic *topic);
/* The topic that this one belongs to; false at the top. `broader` may be `topic`. */
bool dgmi_topic_broader(const dgmi_topic *topic, dgmi_topic *broader);

/* The table (made of topics.tsv). */
extern const unsigned char dgmi_topics[];
extern const unsigned long dgmi_topics_size;

#endif
