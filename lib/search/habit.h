/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often a source publishes, and whether it has been silent for longer. Depends on
 * nothing of the index. */
#ifndef DGMI_HABIT_H
#define DGMI_HABIT_H

#include "dragoman.h"

#define DGMI_HABIT_DAYS 60 /* with items, the last ones, that make a habit */
#define DGMI_HABIT_LEAST 8 /* of them that it takes */
#define DGMI_HABIT_SPAN 14 /* days from the first to the last, so that weekends show */
#define DGMI_HABIT_BUSY 5  /* items a day of which one missed day is no chance */

/* The items of one day, counted from 1970-01-01. */
typedef struct dgmi_day {
    int32_t day;
    uint64_t items;
} dgmi_day;

typedef struct dgmi_habit {
    dgm_source_state state; /* not ENDED */
    uint32_t per_day, gap, missed;
    unsigned weekdays;
} dgmi_habit;

/* The habit of a source from its days with items, oldest first; those after `today` are
 * not looked at.
 *
 * A weekday counts if it has items a quarter as often as the best one, so a source that
 * rests on weekends misses nothing there. Gaps are counted in such days, between one day
 * with items and the next; `gap` is the one that 95 of 100 do not exceed, and quiet is
 * more than the median. Silent is more than `gap`, by two days if it has few items a day.
 * Today is not over, so it is never missed. */
dgmi_habit dgmi_habit_of(const dgmi_day *days, size_t n, int32_t today);

#endif
