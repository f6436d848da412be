/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounds of policy topics, and a tagger for some of them. Depends on tagger.h. */
#ifndef DGMI_TOPICFILE_H
#define DGMI_TOPICFILE_H

#include "dragoman.h"
#include "tagger.h"

#define DGMI_TOPICS_FOLDER "topics" /* in the data directory */
#define DGMI_TOPIC_BYTES (64u << 10)
#define DGMI_TOPIC_LABEL 200    /* bytes of a label */
#define DGMI_TOPIC_EXAMPLE 4000 /* bytes of an example */
#define DGMI_TOPICS_MOST 5000

/* A tagger for these topics. data_dir may name no archive. Owner: topics are the
 * tagger's, also on failure; the caller frees *out. Errors: NOMEM, QUERY. */
dgm_status dgmi_tagger_of(dgm_topics *topics, const char *data_dir, dgmi_tagger **out,
                          dgm_error *err);

#endif
