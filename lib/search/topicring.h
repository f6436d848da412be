/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Topics by their keys, for items of one language: the rarest terms without one of which
 * a topic cannot match, so that of many topics an item is asked about few. Depends on
 * topicmeet.h. */
#ifndef DGMI_TOPICRING_H
#define DGMI_TOPICRING_H

#include "topicmeet.h"

/* One thread at a time. */
typedef struct dgmi_topicring dgmi_topicring;

/* language "": items that tell none. index, for the frequencies of words, may be NULL.
 * Owner: the caller; stems outlive it, queries may go. NULL without memory. */
dgmi_topicring *dgmi_topicring_new(const char *language, dgmi_stems *stems,
                                   const dgmi_index *index, dgmi_query *const *queries,
                                   size_t n);
void dgmi_topicring_free(dgmi_topicring *r);
const char *dgmi_topicring_language(const dgmi_topicring *r);

/* Called for each topic, by the number of its query, that is not missed. */
typedef void (*dgmi_verdict_fn)(void *user, uint32_t topic, dgmi_verdict verdict);

/* Looks at an item's terms, sorted by their bytes, with their places. Errors: NOMEM. */
dgm_status dgmi_topicring_look(dgmi_topicring *r, const dgmx_term *terms, size_t n,
                               dgmi_verdict_fn tell, void *user, dgm_error *err);

#endif
