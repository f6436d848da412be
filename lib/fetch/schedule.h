/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a feed is asked again. Depends on nothing. */
#ifndef DGMI_SCHEDULE_H
#define DGMI_SCHEDULE_H

#include <stdint.h>

/* All in seconds; 0: not said. */
typedef struct dgmi_wishes {
    int64_t interval;                           /* of the list */
    int64_t ttl, max_age, expires, retry_after; /* of the feed and its server */
    int64_t longest;                            /* no wish goes beyond it */
} dgmi_wishes;

/* The wait after a success: the longest of the wishes, the interval at least. */
int64_t dgmi_wait_next(const dgmi_wishes *wishes);

/* The wait after the n-th failure in a row (n >= 1): the interval doubled each time, up
 * to `longest`, give or take a fifth (jitter: any number), so that feeds that failed
 * together do not come back together; and no less than the server asked for. */
int64_t dgmi_wait_failed(const dgmi_wishes *wishes, uint64_t n, uint64_t jitter);

#endif
