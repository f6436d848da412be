/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sources of an archive: their habits, and whether they keep to them.
 * A part of dragoman.h, which includes it: so its line stands before the guard. */
#include "../dragoman.h"

#ifndef DRAGOMAN_SOURCES_H
#define DRAGOMAN_SOURCES_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dgm_source_state {
    DGM_SOURCE_REGULAR = 0,
    DGM_SOURCE_QUIET = 1,  /* longer without an item than it mostly is */
    DGM_SOURCE_SILENT = 2, /* longer than it ever is, but for rare exceptions */
    DGM_SOURCE_ENDED = 3,  /* without an item for so long that none is expected */
    DGM_SOURCE_NEW = 4     /* too little is known of it */
} dgm_source_state;

typedef struct dgm_source {
    const char *name;
    uint64_t items;
    int64_t first, last; /* published; DGM_NO_TIME: all undated */
    dgm_source_state state;
    /* Of its last 60 days with items, within 120 days; 0 of ended and new ones: */
    uint32_t per_day;  /* median of the items of a day that has some */
    unsigned weekdays; /* on which it publishes: bit 0 is Monday */
    uint32_t gap;      /* such days in a row that it leaves out now and then */
    uint32_t missed;   /* that it left out now */
} dgm_source;

typedef struct dgm_sources {
    const char *revision;
    int64_t clock;          /* that silence is measured by: see dgm_sources_read */
    const dgm_source *list; /* silent ones first, then quiet ones; most items first */
    size_t n;
} dgm_sources;

/* Every source. now: the moment that silence is measured by; DGM_NO_TIME: the archive's
 * clock, which is that of the wall while items keep coming in (the newest is at most 14
 * days old), else the time of the newest item. Owner: the caller frees *out. Errors:
 * STALE, CORRUPT, TIMEOUT, NOMEM. Threads: one at a time on a desk. */
DGM_API dgm_status dgm_sources_read(dgm *desk, int64_t now, dgm_sources **out,
                                    dgm_error *err);
DGM_API void dgm_sources_free(dgm_sources *sources);
DGM_API const char *dgm_source_state_text(dgm_source_state state); /* "silent" */

/* A source that a search would have found items of, as a rule, and that is silent. */
typedef struct dgm_silence {
    const char *source;
    int64_t last;     /* its last item */
    uint32_t per_day; /* what it usually has on a day */
    uint32_t missed;  /* days without, of those on which it usually has some */
} dgm_silence;

#ifdef __cplusplus
}
#endif

#endif
