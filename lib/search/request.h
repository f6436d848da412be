/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A search request laid open, for the searcher. Depends on lib/base, lib/index/schema.h.
 */
#ifndef DGMI_REQUEST_H
#define DGMI_REQUEST_H

#include "asof.h"
#include "buf.h"
#include "date.h"
#include "dragoman.h"

#define DGMI_DEADLINE_MS 250
#define DGMI_DEADLINE_MOST_MS 2000
#define DGMI_WINDOW_MOST 10000
#define DGMI_LIMIT_MOST 100   /* hits of a page */
#define DGMI_FILTER_VALUES 64 /* of one field */
#define DGMI_VALUE_BYTES 1000 /* of one filter value */
#define DGMI_HALF_LIFE_DAYS 30
#define DGMI_CURSOR_TEXT 8192 /* bytes of a cursor's text */

typedef enum dgmi_match { DGMI_MATCH_ALL, DGMI_MATCH_MOST, DGMI_MATCH_ANY } dgmi_match;
typedef enum dgmi_sort { DGMI_BY_RELEVANCE, DGMI_NEWEST, DGMI_OLDEST } dgmi_sort;
typedef enum dgmi_highlight {
    DGMI_HIGHLIGHT_HTML,
    DGMI_HIGHLIGHT_TEXT,
    DGMI_HIGHLIGHT_NONE
} dgmi_highlight;

/* Filters in the order of the parameter table. */
enum { DGMI_FILTERS = 8 };
extern const char *const dgmi_filter_names[DGMI_FILTERS];
/* Facets in the order in which replies give them. */
enum { DGMI_FACETS = 11 };
#define DGMI_FACET_VARIANTS "variants" /* of the names asked for; no field of items */
extern const char *const dgmi_facet_names[DGMI_FACETS];

typedef struct dgmi_values {
    char **values;
    size_t n, capacity;
} dgmi_values;

/* Which items a watch looks at, for lib/watch: those of these ids and those whose embargo
 * ended after `from` and until `to`; or, with a story, its members that the archive had
 * before a place. */
typedef struct dgmi_among {
    const char *const *ids;
    size_t n;
    int64_t from, to; /* equal: none */
    uint64_t story;   /* 0: none */
    uint64_t before;  /* packed place */
} dgmi_among;

struct dgm_request {
    char *q;       /* NULL: all items */
    char *cursor;  /* NULL: the first page */
    char *similar; /* id of the item that others are to be like, or NULL */
    dgmi_match match;
    dgmi_sort sort;
    dgmi_highlight highlight;
    int64_t from, before; /* from <= published < before; DGM_NO_TIME: open */
    dgmi_values filters[DGMI_FILTERS];
    unsigned limit;
    unsigned facets;  /* bit i: dgmi_facet_names[i] */
    int histogram;    /* a dgmi_interval, or -1 */
    double recency;   /* share of the score that fades with age, 0 to 1 */
    double half_life; /* days in which half of that share is gone */
    dgmi_asof as_of;  /* answers as the archive stood then */
    int64_t now;      /* what age is counted from; DGM_NO_TIME: the clock */
    bool explain;
    bool cite;      /* say how to cite the page and its hits */
    bool related;   /* name words that the best hits have in common */
    bool exact;     /* names are searched as they are spelled */
    bool expand;    /* words of the best hits count, too (feedback.h) */
    bool synonyms;  /* synonyms of the query's words are searched, too */
    bool rewritten; /* versions=all */
    bool group;     /* a story counts once */
    unsigned deadline_ms;
    unsigned window; /* hits of a page instead of limit; 0: limit */
    bool whole;      /* TIMEOUT instead of a partial page */
    bool literal;    /* q has no operators */
    bool scan;       /* for scan.c: strict matches alone, and none of them is read */
    const dgmi_among *among; /* NULL: all items */
    dgmi_buf text;           /* the canonical form, made when asked for */
};

/* What decides which hits come in which order, as a number: cursors are good for equal
 * ones. 0 without memory. */
uint64_t dgmi_request_key(const dgm_request *request);

#endif
