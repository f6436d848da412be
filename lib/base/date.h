/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates of feeds and queries, all in UTC, proleptic Gregorian; years 1 to 9999. */
#ifndef DGMI_DATE_H
#define DGMI_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

typedef struct dgmi_civil {
    int year, month, day, hour, minute, second;
} dgmi_civil;

int64_t dgmi_time_of(dgmi_civil c); /* fields must be in range */
dgmi_civil dgmi_civil_of(int64_t time);
int dgmi_days_in_month(int year, int month);

/* Reads a date and time as feeds write them: ISO 8601 in its usual forms (with T or a
 * space, with Z, +00:00, +0000, fractions, or no zone = UTC; date alone; year and month;
 * year), RFC 822/1123 with named zones (GMT UT EST EDT ... Z) or offsets, with or without
 * the day's name, two-digit years, "16 June 2021", "June 16, 2021", "16-JUN-2021". False
 * for anything else, 31 February included. */
bool dgmi_date_parse(dgmi_str s, int64_t *time);

/* Reads a date of a query: YYYY, YYYY-MM, YYYY-MM-DD or a full ISO time; gives the first
 * second of what it names and the first second after it. */
bool dgmi_date_span(dgmi_str s, int64_t *from, int64_t *to);

#define DGMI_DATE_SIZE 24
/* "2021-06-16T00:00:00Z" into out, which has DGMI_DATE_SIZE bytes. Returns out. A time
 * outside the years 1 to 9999, DGM_NO_TIME among them, gives "". */
char *dgmi_date_format(int64_t time, char *out);

typedef enum dgmi_interval {
    DGMI_HOUR,
    DGMI_DAY,
    DGMI_WEEK,
    DGMI_MONTH,
    DGMI_YEAR
} dgmi_interval;
/* The start of the interval (weeks on Monday) that time lies in, and of the next one. */
int64_t dgmi_interval_start(dgmi_interval interval, int64_t time);
int64_t dgmi_interval_next(dgmi_interval interval, int64_t start);

#endif
