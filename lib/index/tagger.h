/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which policy topics an item belongs to, as asked when its document is made. Only this
 * interface is the index's: topics are queries, so lib/search, which stands above,
 * answers (tagger.c), by the code that answers every other query. Depends on dgmx.h,
 * log.h. */
#ifndef DGMI_TAGGER_H
#define DGMI_TAGGER_H

#include "dgmx.h"
#include "log.h"

#define DGMI_TOPIC_RULE                                                                  \
    "topic-file" /* of the evidence for a topic that was given here                      \
                  */

/* One thread at a time. */
typedef struct dgmi_tagger dgmi_tagger;

typedef struct dgmi_topic_tag {
    const char *label;
    const char *query;
    const char *name; /* of the topic's file */
} dgmi_topic_tag;

/* The topics in DATA/topics. A file that is none is left out and told to the log. *out
 * stays NULL if there are no topics. Errors: IO, NOMEM. */
dgm_status dgmi_tagger_new(const char *data_dir, const dgmi_log *log, dgmi_tagger **out,
                           dgm_error *err);
void dgmi_tagger_free(dgmi_tagger *t);

/* The same again, if a file changed since; looked at once a second at most. A tagger that
 * is NULL may be made, one whose topics are gone becomes NULL. */
dgm_status dgmi_tagger_refresh(dgmi_tagger **t, const char *data_dir, const dgmi_log *log,
                               dgm_error *err);

/* A number of all that the topics ask for; 0 of NULL. */
uint64_t dgmi_tagger_digest(const dgmi_tagger *t);

/* Looks through the terms of an item, which are sorted by their bytes and have their
 * places. *in_doubt is the number of topics of which only a search can tell; where it is
 * not 0, the document has to be searched. language may be NULL. Errors: NOMEM. */
dgm_status dgmi_tagger_look(dgmi_tagger *t, const dgmx_term *terms, size_t n,
                            const char *language, size_t *in_doubt, dgm_error *err);

/* Searches the document of those terms for the topics in doubt. Errors: those of a
 * search. */
dgm_status dgmi_tagger_search(dgmi_tagger *t, dgmx_doc *doc, dgm_error *err);

/* The topics that the item has. Owner: the tagger, until the next item. */
const dgmi_topic_tag *const *dgmi_tagger_tags(dgmi_tagger *t, size_t *n);

#endif
