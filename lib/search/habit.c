/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often a source publishes. Depends on nothing of the index. */
#include "habit.h"

#include <stdlib.h>

enum { WEEK = 7, OFTEN = 4 };

/* 0 is Monday; 1970-01-01 was a Thursday. */
static unsigned weekday_of(int32_t day)
{
    return (unsigned)(((day + 3) % WEEK + WEEK) % WEEK);
}

/* Days between `after` and `before`, without both, on these weekdays. */
static uint32_t count_days(int32_t after, int32_t before, unsigned weekdays)
{
    uint32_t n = 0;
    int32_t whole = before - after > 1 ? (before - after - 1) / WEEK : 0;
    for (unsigned w = 0; w < WEEK; w++)
        n += (uint32_t)whole * (weekdays >> w & 1);
    for (int32_t day = after + 1 + whole * WEEK; day < before; day++)
        n += weekdays >> weekday_of(day) & 1;
    return n;
}

/* Weekdays with items, by how many of those in the span have some. */
static unsigned find_weekdays(const dgmi_day *days, size_t n)
{
    uint32_t active[WEEK] = { 0 }, all[WEEK] = { 0 };
    double best = 0, share[WEEK];
    unsigned weekdays = 0;
    for (size_t i = 0; i < n; i++)
        active[weekday_of(days[i].day)]++;
    for (int32_t day = days[0].day; day <= days[n - 1].day; day++)
        all[weekday_of(day)]++;
    for (unsigned w = 0; w < WEEK; w++) {
        share[w] = all[w] > 0 ? (double)active[w] / all[w] : 0;
        best = share[w] > best ? share[w] : best;
    }
    for (unsigned w = 0; w < WEEK; w++)
        weekdays |= (unsigned)(share[w] * OFTEN >= best) << w;
    return weekdays;
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The least of the numbers, which it sorts, that so many of 100 do not exceed. */
static uint64_t quantile(uint64_t *numbers, size_t n, unsigned of_100)
{
    qsort(numbers, n, sizeof *numbers, compare_numbers);
    return numbers[(n * of_100 + 99) / 100 - 1];
}

dgmi_habit dgmi_habit_of(const dgmi_day *days, size_t n, int32_t today)
{
    uint64_t numbers[DGMI_HABIT_DAYS];
    dgmi_habit habit = { .state = DGM_SOURCE_NEW };
    while (n > 0 && days[n - 1].day > today)
        n--;
    if (n > DGMI_HABIT_DAYS) {
        days += n - DGMI_HABIT_DAYS;
        n = DGMI_HABIT_DAYS;
    }
    if (n < DGMI_HABIT_LEAST || days[n - 1].day - days[0].day + 1 < DGMI_HABIT_SPAN)
        return habit;
    for (size_t i = 0; i < n; i++)
        numbers[i] = days[i].items;
    habit.per_day = (uint32_t)quantile(numbers, n, 50);
    habit.weekdays = find_weekdays(days, n);
    for (size_t i = 0; i + 1 < n; i++)
        numbers[i] = count_days(days[i].day, days[i + 1].day, habit.weekdays);
    habit.gap = (uint32_t)quantile(numbers, n - 1, 95);
    uint32_t mostly = (uint32_t)quantile(numbers, n - 1, 50);
    habit.missed = count_days(days[n - 1].day, today, habit.weekdays);
    uint32_t slack = habit.per_day < DGMI_HABIT_BUSY ? 1 : 0;
    habit.state = habit.missed > habit.gap + slack ? DGM_SOURCE_SILENT
                  : habit.missed > mostly          ? DGM_SOURCE_QUIET
                                                   : DGM_SOURCE_REGULAR;
    return habit;
}
