/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two clocks: one for measuring, one for stamps. Depends on the C library alone. */
#include "clock.h"

#include <stdatomic.h>
#include <time.h>

static atomic_int_least64_t shift;

uint64_t dgmi_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

int64_t dgmi_wall_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec + atomic_load_explicit(&shift, memory_order_relaxed);
}

void dgmi_wall_time_shift(int64_t seconds)
{
    atomic_store_explicit(&shift, seconds, memory_order_relaxed);
}
