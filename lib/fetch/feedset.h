/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be said in a list of feeds: one table, which the reader of lists, the
 * documentation and the fetcher go by. Depends on lib/base. */
#ifndef DGMI_FEED_SETTINGS_H
#define DGMI_FEED_SETTINGS_H

#include <stdbool.h>

#include "buf.h"
#include "dragoman.h"

typedef enum dgmi_set {
    /* of a feed */
    DGMI_SET_URL,
    DGMI_SET_NAME,
    DGMI_SET_SOURCE,
    DGMI_SET_REGION,
    DGMI_SET_COUNTRY,
    DGMI_SET_LANGUAGE,
    DGMI_SET_AUTHORIZATION,
    DGMI_SET_HEADER,
    DGMI_SET_BACKFILL,
    DGMI_SET_BACKFILL_URL,
    /* of a feed, or in [fetch] for all */
    DGMI_SET_FORMAT,
    DGMI_SET_INTERVAL,
    DGMI_SET_MAX_INTERVAL,
    DGMI_SET_WEBSUB,
    DGMI_SET_BACKFILL_MAX,
    DGMI_SET_BACKFILL_EVERY,
    DGMI_SET_ALLOW_PRIVATE,
    DGMI_SET_CA_FILE,
    DGMI_SET_MAX_BYTES,
    DGMI_SET_CONNECT_TIMEOUT,
    DGMI_SET_TIMEOUT,
    DGMI_SET_REDIRECTS,
    /* in [fetch] alone */
    DGMI_SET_CONTACT,
    DGMI_SET_GAP,
    DGMI_SET_PARALLEL,
    DGMI_SET_WEBSUB_CALLBACK,
    DGMI_SET_WEBSUB_INTERVAL,
    DGMI_SET_OPML,
    DGMI_SETS
} dgmi_set;

typedef enum dgmi_set_kind {
    DGMI_KIND_TEXT,
    DGMI_KIND_URL,
    DGMI_KIND_COUNTRY,
    DGMI_KIND_LANGUAGE,
    DGMI_KIND_FORMAT,
    DGMI_KIND_HEADER,
    DGMI_KIND_BACKFILL,  /* no, all, or a date */
    DGMI_KIND_ADDRESSES, /* as dgmi_allowed_check */
    DGMI_KIND_SPAN,      /* seconds; written 30s, 15m, 2h, 1d */
    DGMI_KIND_BYTES,     /* written 500k, 10M */
    DGMI_KIND_NUMBER,
    DGMI_KIND_YESNO
} dgmi_set_kind;

typedef enum dgmi_set_place {
    DGMI_FEED_ONLY,
    DGMI_ANYWHERE_SET,
    DGMI_COMMON_ONLY
} dgmi_set_place;

typedef struct dgmi_set_row {
    const char *name;
    dgmi_set_place place;
    dgmi_set_kind kind;
    const char *standard; /* as one would write it, or NULL */
    unsigned long low, high;
    const char *help; /* a sentence or two */
} dgmi_set_row;

const dgmi_set_row *dgmi_set_row_of(dgmi_set set);
dgmi_set dgmi_set_find(const char *name); /* DGMI_SETS if there is none */

/* Values of one section. */
typedef struct dgmi_values {
    char *text[DGMI_SETS];           /* NULL: not given */
    unsigned long number[DGMI_SETS]; /* of those kinds that are numbers */
} dgmi_values;

void dgmi_values_clear(dgmi_values *values);
/* Sets one, checking it. ARG, naming the setting, if it is not acceptable. */
dgm_status dgmi_values_set(dgmi_values *values, dgmi_set set, const char *value,
                           dgm_error *err);
/* Gives those that are not set what `common` has (NULL: the standard). */
dgm_status dgmi_values_complete(dgmi_values *values, const dgmi_values *common,
                                dgm_error *err);

/* The table as Markdown: what doc/feeds.md holds. */
void dgmi_settings_print(dgmi_buf *out);

#endif
