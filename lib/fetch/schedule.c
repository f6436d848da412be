/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a feed is asked again. Depends on schedule.h. */
#include "schedule.h"

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A wish of the server's side, not beyond what the list permits. */
static int64_t capped(int64_t wish, const dgmi_wishes *w)
{
    return wish < w->longest ? wish : w->longest;
}

int64_t dgmi_wait_next(const dgmi_wishes *w)
{
    int64_t wish = larger(larger(w->ttl, w->max_age), larger(w->expires, w->retry_after));
    return larger(w->interval, capped(wish, w));
}

int64_t dgmi_wait_failed(const dgmi_wishes *w, uint64_t n, uint64_t jitter)
{
    int64_t most = larger(w->longest, w->interval), wait = larger(w->interval, 1);
    for (uint64_t i = 1; i < n && wait < most; i++)
        wait *= 2;
    wait = wait < most ? wait : most;
    int64_t fifth = wait / 5;
    wait += (int64_t)(jitter % (uint64_t)(2 * fifth + 1)) - fifth;
    return larger(wait, capped(w->retry_after, w));
}
