/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policy topics: queries in files, which name the items that they match (doc/topics.md).
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_TOPICS_H
#define DRAGOMAN_TOPICS_H

#ifdef __cplusplus
extern "C" {
#endif

/* A sentence that the topic has to match, or must not. */
typedef struct dgm_topic_example {
    const char *text;
    bool wanted;
    bool matched;  /* set by dgm_topics_test */
    unsigned line; /* of the file */
} dgm_topic_example;

typedef struct dgm_topic {
    const char *name; /* of its file, without .topic */
    const char *file; /* its path, as it was opened */
    const char *label;
    const char *code;  /* IPTC Media Topic ("medtop:20000763"), or NULL */
    const char *about; /* what belongs to it, or NULL */
    const char *query;
    unsigned query_line;
    dgm_topic_example *examples;
    size_t n_examples;
} dgm_topic;

typedef struct dgm_topics {
    dgm_topic *list; /* in order of their names */
    size_t n;
} dgm_topics;

/* Called for a file that is no topic: "FILE:LINE: what is wrong". */
typedef void (*dgm_topic_fault_fn)(void *user, const char *what);

/* Reads one *.topic file, or those of a folder. A file that is no topic is left out and
 * told to `fault`. Owner: the caller frees *out. Errors: NOTFOUND if there is no such
 * file or folder; IO, NOMEM. Threads: any. */
DGM_API dgm_status dgm_topics_read(const char *path, dgm_topic_fault_fn fault, void *user,
                                   dgm_topics **out, dgm_error *err);
DGM_API void dgm_topics_free(dgm_topics *topics);

/* Matches every example as an English item of that body, by the code that names items
 * when they come in. Errors: those of a search. Threads: one at a time on these topics.
 */
DGM_API dgm_status dgm_topics_test(dgm_topics *topics, dgm_error *err);

/* Sets a request's query to a topic's, in the one way in which topics are matched: words
 * as they stand, no other spellings of names, no synonyms. Errors: NOMEM, QUERY. */
DGM_API dgm_status dgm_topic_ask(const dgm_topic *topic, dgm_request *request,
                                 dgm_error *err);

#ifdef __cplusplus
}
#endif

#endif
