/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two clocks: the one that never jumps, for measuring, and the one on the wall, for
 * stamps. */
#ifndef DGMI_CLOCK_H
#define DGMI_CLOCK_H

#include <stdint.h>

uint64_t dgmi_now_us(void);   /* monotonic microseconds */
int64_t dgmi_wall_time(void); /* seconds since 1970, UTC */
/* Sets the wall clock of this process off by so many seconds: for tests. */
void dgmi_wall_time_shift(int64_t seconds);

#endif
