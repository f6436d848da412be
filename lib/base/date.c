/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calendar: seconds to fields and back, intervals, writing. Depends on str. Reading:
 * dateread.c. Neither the process's locale nor its time zone plays a part. */
#include "date.h"

#include <stdio.h>

static const int64_t day_seconds = 86400;
static const int64_t first_second = -62135596800; /* 0001-01-01T00:00:00Z */
static const int64_t last_second = 253402300799;  /* 9999-12-31T23:59:59Z */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int dgmi_days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first day of a year, which may be 10000. */
static int64_t days_to_year(int year)
{
    int64_t before = year - 1;
    return before * 365 + before / 4 - before / 100 + before / 400 - 719162;
}

int64_t dgmi_time_of(dgmi_civil c)
{
    int64_t days = days_to_year(c.year) + c.day - 1;
    for (int month = 1; month < c.month; month++)
        days += dgmi_days_in_month(c.year, month);
    return days * day_seconds + c.hour * 3600 + c.minute * 60 + c.second;
}

static int64_t floor_to(int64_t value, int64_t unit)
{
    int64_t rest = value % unit;
    return value - (rest < 0 ? rest + unit : rest);
}

dgmi_civil dgmi_civil_of(int64_t time)
{
    if (time < first_second)
        time = first_second;
    if (time > last_second)
        time = last_second;
    int64_t start = floor_to(time, day_seconds);
    int64_t days = start / day_seconds;
    int rest = (int)(time - start);
    dgmi_civil c = { .hour = rest / 3600, .minute = rest / 60 % 60, .second = rest % 60 };
    /* 146097 days are 400 years: a guess that is at most one year off. */
    c.year = (int)((days + 719162) * 400 / 146097) + 1;
    while (days_to_year(c.year) > days)
        c.year--;
    while (days_to_year(c.year + 1) <= days)
        c.year++;
    int left = (int)(days - days_to_year(c.year));
    for (c.month = 1; left >= dgmi_days_in_month(c.year, c.month); c.month++)
        left -= dgmi_days_in_month(c.year, c.month);
    c.day = left + 1;
    return c;
}

char *dgmi_date_format(int64_t time, char *out)
{
    out[0] = '\0';
    if (time < first_second || time > last_second)
        return out;
    dgmi_civil c = dgmi_civil_of(time);
    /* The remainders change nothing; they show the compiler that the text fits. */
    snprintf(out, DGMI_DATE_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
             (unsigned)c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100,
             (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100);
    return out;
}

int64_t dgmi_interval_start(dgmi_interval interval, int64_t time)
{
    dgmi_civil c = dgmi_civil_of(time);
    int64_t day = dgmi_time_of((dgmi_civil){ c.year, c.month, c.day, 0, 0, 0 });
    switch (interval) {
    case DGMI_HOUR:
        return day + c.hour * 3600;
    case DGMI_DAY:
        return day;
    case DGMI_WEEK:
        /* 1970-01-05 was a Monday. */
        return floor_to(day - 4 * day_seconds, 7 * day_seconds) + 4 * day_seconds;
    case DGMI_MONTH:
        return dgmi_time_of((dgmi_civil){ c.year, c.month, 1, 0, 0, 0 });
    case DGMI_YEAR:
        return dgmi_time_of((dgmi_civil){ c.year, 1, 1, 0, 0, 0 });
    }
    return day;
}

int64_t dgmi_interval_next(dgmi_interval interval, int64_t start)
{
    dgmi_civil c = dgmi_civil_of(start);
    switch (interval) {
    case DGMI_HOUR:
        return start + 3600;
    case DGMI_DAY:
        return start + day_seconds;
    case DGMI_WEEK:
        return start + 7 * day_seconds;
    case DGMI_MONTH:
        return start + dgmi_days_in_month(c.year, c.month) * day_seconds;
    case DGMI_YEAR:
        return start + (is_leap(c.year) ? 366 : 365) * day_seconds;
    }
    return start + day_seconds;
}
