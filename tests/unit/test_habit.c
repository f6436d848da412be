/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Habits of sources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "habit.h"

enum { MONDAY = 18778, WEEKDAYS = 0x1f, ALL = 0x7f }; /* 2021-05-31 */

typedef struct days {
    dgmi_day list[400];
    size_t n;
} days;

/* Items on the weekdays of the mask, from Monday on for so many days. */
static days on_weekdays(unsigned mask, int length, uint64_t items)
{
    days d = { .n = 0 };
    for (int i = 0; i < length; i++) {
        if (mask >> i % 7 & 1)
            d.list[d.n++] = (dgmi_day){ MONDAY + i, items };
    }
    return d;
}

static dgmi_habit habit_at(const days *d, int day)
{
    return dgmi_habit_of(d->list, d->n, MONDAY + day);
}

static void a_daily_source_is_silent_after_a_day_without(void **state)
{
    days d = on_weekdays(ALL, 56, 40);
    (void)state;
    assert_int_equal(habit_at(&d, 55).state, DGM_SOURCE_REGULAR);
    assert_int_equal(habit_at(&d, 56).state, DGM_SOURCE_REGULAR); /* not over yet */
    dgmi_habit habit = habit_at(&d, 57);
    assert_int_equal(habit.state, DGM_SOURCE_SILENT);
    assert_int_equal(habit.missed, 1);
    assert_int_equal(habit.per_day, 40);
    assert_int_equal(habit.weekdays, ALL);
}

static void weekends_are_not_missed_by_who_rests_on_them(void **state)
{
    days d = on_weekdays(WEEKDAYS, 56, 40); /* the last one is a Friday */
    (void)state;
    assert_int_equal(habit_at(&d, 55).weekdays, WEEKDAYS);
    assert_int_equal(habit_at(&d, 56).state, DGM_SOURCE_REGULAR); /* Monday */
    assert_int_equal(habit_at(&d, 56).missed, 0);
    assert_int_equal(habit_at(&d, 57).missed, 1);
    assert_int_equal(habit_at(&d, 57).state, DGM_SOURCE_SILENT); /* Tuesday */
}

static void few_items_a_day_may_miss_a_day_more(void **state)
{
    days d = on_weekdays(WEEKDAYS, 56, 1);
    (void)state;
    assert_int_equal(habit_at(&d, 57).state, DGM_SOURCE_QUIET);
    assert_int_equal(habit_at(&d, 58).state, DGM_SOURCE_SILENT);
}

static void a_weekly_source_misses_weeks(void **state)
{
    days d = on_weekdays(1u << 3, 15 * 7, 1);
    (void)state;
    assert_int_equal(habit_at(&d, 15 * 7 + 2).missed, 0);
    assert_int_equal(habit_at(&d, 15 * 7 + 6).missed, 1);
    assert_int_equal(habit_at(&d, 15 * 7 + 6).state, DGM_SOURCE_QUIET);
    assert_int_equal(habit_at(&d, 17 * 7).state, DGM_SOURCE_SILENT);
}

static void gaps_that_recur_are_a_habit(void **state)
{
    days d = { .n = 0 };
    (void)state;
    for (int i = 0; i < 40; i++) /* four days on, six days off */
        d.list[d.n++] = (dgmi_day){ MONDAY + i / 4 * 10 + i % 4, 20 };
    int last = 9 * 10 + 3;
    assert_int_equal(habit_at(&d, last + 7).gap, 6);
    assert_int_equal(habit_at(&d, last + 7).state, DGM_SOURCE_QUIET);
    assert_int_equal(habit_at(&d, last + 8).state, DGM_SOURCE_SILENT);
}

static void one_holiday_is_no_habit(void **state)
{
    days d = on_weekdays(ALL, 60, 40);
    (void)state;
    for (size_t i = 30; i < d.n; i++)
        d.list[i].day += 9;
    assert_int_equal(habit_at(&d, 71).gap, 0);
    assert_int_equal(habit_at(&d, 71).state, DGM_SOURCE_SILENT);
}

static void little_history_is_no_habit(void **state)
{
    days d = on_weekdays(ALL, 7, 40);
    (void)state;
    assert_int_equal(habit_at(&d, 20).state, DGM_SOURCE_NEW);
    d = on_weekdays(ALL, 13, 40); /* no second weekend yet */
    assert_int_equal(habit_at(&d, 20).state, DGM_SOURCE_NEW);
    assert_int_equal(dgmi_habit_of(d.list, 0, MONDAY).state, DGM_SOURCE_NEW);
}

static void days_to_come_are_not_looked_at(void **state)
{
    days d = on_weekdays(ALL, 56, 40);
    (void)state;
    d.list[d.n++] = (dgmi_day){ MONDAY + 4000, 1 };
    assert_int_equal(habit_at(&d, 57).state, DGM_SOURCE_SILENT);
}

static void days_before_1970_have_weekdays(void **state)
{
    days d = on_weekdays(WEEKDAYS, 56, 40);
    (void)state;
    for (size_t i = 0; i < d.n; i++)
        d.list[i].day -= 7 * 4000;
    assert_int_equal(habit_at(&d, 56 - 7 * 4000).weekdays, WEEKDAYS);
    assert_int_equal(habit_at(&d, 57 - 7 * 4000).state, DGM_SOURCE_SILENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_daily_source_is_silent_after_a_day_without),
        cmocka_unit_test(weekends_are_not_missed_by_who_rests_on_them),
        cmocka_unit_test(few_items_a_day_may_miss_a_day_more),
        cmocka_unit_test(a_weekly_source_misses_weeks),
        cmocka_unit_test(gaps_that_recur_are_a_habit),
        cmocka_unit_test(one_holiday_is_no_habit),
        cmocka_unit_test(little_history_is_no_habit),
        cmocka_unit_test(days_to_come_are_not_looked_at),
        cmocka_unit_test(days_before_1970_have_weekdays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
