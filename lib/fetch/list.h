/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of feeds, as an editor wrote it: INI (inih) or OPML (lib/read). Depends on
 * feedset.h. */
#ifndef DGMI_FEED_LIST_H
#define DGMI_FEED_LIST_H

#include "feedset.h"

#define DGMI_FEEDS_MAX 20000
#define DGMI_LIST_BYTES (16u << 20)

/* One feed. All values that have a standard are there. */
typedef struct dgmi_feed_entry {
    dgmi_values set;
} dgmi_feed_entry;

typedef struct dgmi_feed_list {
    dgmi_values common; /* [fetch] */
    dgmi_feed_entry *feeds;
    size_t n, capacity;
} dgmi_feed_list;

/* Reads the file, told by its content. ARG, naming file, line and what is wrong, if any
 * of it cannot be understood: a list is taken whole or not at all. NOTFOUND if there is
 * none. On failure *list is empty. */
dgm_status dgmi_feed_list_read(const char *path, dgmi_feed_list *list, dgm_error *err);
void dgmi_feed_list_clear(dgmi_feed_list *list);

/* Shorthands. */
const char *dgmi_feed_text(const dgmi_feed_entry *feed, dgmi_set set); /* or NULL */
unsigned long dgmi_feed_number(const dgmi_feed_entry *feed, dgmi_set set);

#endif
