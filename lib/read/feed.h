/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What RSS, RDF and Atom share: an entry on its way to an item. Depends on reader.h. */
#ifndef DGMI_FEED_H
#define DGMI_FEED_H

#include "reader.h"

/* Parts of an entry as the feed gives them. */
typedef enum dgmi_part {
    DGMI_PART_ID,
    DGMI_PART_LINK,
    DGMI_PART_TITLE,
    DGMI_PART_BODY,
    DGMI_PART_PUBLISHED,
    DGMI_PART_UPDATED,
    DGMI_PART_AUTHOR,
    DGMI_PART_SOURCE,
    DGMI_PART_LANGUAGE,
    DGMI_PARTS
} dgmi_part;

typedef struct dgmi_entry {
    dgmi_buf parts[DGMI_PARTS];
    bool title_plain, body_plain; /* else HTML */
    dgmi_item *item;              /* topics go straight in here */
    dgmi_buf notes;      /* members for the item's extra: "name":value, with commas */
    bool may_be_empty;   /* a cancellation needs neither title nor body */
    const char *refused; /* why this is no news at all, or NULL; static */
} dgmi_entry;

typedef struct dgmi_feed {
    const dgmi_source *source;
    const dgmi_sink *sink;
    dgmi_xml xml;
    const char *element;     /* "item" or "entry" */
    const char *const *more; /* further names of entries, up to a NULL; or NULL */
    const char *id_element;  /* "guid" or "id"; NULL: the id is the attribute "about" */
    const xmlNode *channel;  /* what holds the feed's own title and language */
    void (*fill)(const xmlNode *node, dgmi_entry *entry);
    /* Bytes to a tree; NULL: dgmi_xml_parse. */
    dgm_status (*parse)(const char *p, size_t n, dgmi_xml *out, dgm_error *err);
    const char *needed; /* why a document without entries is rejected; NULL: it is not */
} dgmi_feed;

/* Sets a part unless it has one; white space alone does not count. */
void dgmi_entry_set(dgmi_entry *entry, dgmi_part part, const xmlNode *node);
void dgmi_entry_set_inner(dgmi_entry *entry, dgmi_part part, const xmlNode *node);
void dgmi_entry_set_attribute(dgmi_entry *entry, dgmi_part part, const xmlNode *node,
                              const char *name);
/* A category: a topic, or a housekeeping code that only tells who republished it. */
void dgmi_entry_add_topic(dgmi_entry *entry, dgmi_str label);

/* The `fill` of RSS; that of RDF goes on with it. (rss.c) */
void dgmi_rss_fill(const xmlNode *node, dgmi_entry *entry);

/* Parses the document, then hands over an item for each element of that name below the
 * root. */
dgm_status dgmi_feed_read(dgmi_feed *feed, const char *p, size_t n, dgm_error *err);

#endif
