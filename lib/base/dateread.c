/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading dates and times as people and feeds write them. Depends on str and date.
 * Own code instead of strptime, which obeys the locale and leaves half of the forms. */
#include "date.h"

enum { LONGEST = 120 }; /* bytes of the longest text looked at, comment included */

/* What part of a date was written last: the unit of the span that it names. */
typedef enum precision { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND } precision;

typedef struct reading {
    dgmi_str rest;
    dgmi_civil c;
    precision precision;
    int zone; /* seconds east of UTC */
} reading;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool at(const reading *r, char c)
{
    return r->rest.n > 0 && r->rest.p[0] == c;
}

static bool take(reading *r, char c)
{
    if (!at(r, c))
        return false;
    r->rest = dgmi_str_skip(r->rest, 1);
    return true;
}

static bool skip_spaces(reading *r)
{
    bool any = false;
    while (take(r, ' ') || take(r, '\t'))
        any = true;
    return any;
}

static size_t digits_ahead(const reading *r)
{
    size_t n = 0;
    while (n < r->rest.n && is_digit(r->rest.p[n]))
        n++;
    return n;
}

/* Takes exactly n digits, which are there. */
static int take_digits(reading *r, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (r->rest.p[i] - '0');
    r->rest = dgmi_str_skip(r->rest, n);
    return value;
}

/* Takes a number of least..most digits that no further digit follows. */
static bool take_number(reading *r, size_t least, size_t most, int *value)
{
    size_t n = digits_ahead(r);
    if (n < least || n > most)
        return false;
    *value = take_digits(r, n);
    return true;
}

static dgmi_str take_word(reading *r)
{
    size_t n = 0;
    while (n < r->rest.n && is_letter(r->rest.p[n]))
        n++;
    dgmi_str word = { r->rest.p, n };
    r->rest = dgmi_str_skip(r->rest, n);
    return word;
}

/* Place of a word in a table of full names, of which it may be a beginning of three
 * letters or more; -1 if it is none of them. */
static int place_of(dgmi_str word, const char *const *names, int n)
{
    for (int i = 0; i < n && word.n >= 3; i++) {
        dgmi_str name = dgmi_str_of(names[i]);
        if (word.n > name.n)
            continue;
        size_t same = 0;
        while (same < word.n && (word.p[same] | 0x20) == name.p[same])
            same++;
        if (same == word.n)
            return i;
    }
    return -1;
}

static bool is_date(const dgmi_civil *c)
{
    return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 &&
           c->day >= 1 && c->day <= dgmi_days_in_month(c->year, c->month);
}

/* Second 60 is a leap second; hour 24 is the end of a day, in ISO 8601. */
static bool is_time(const dgmi_civil *c)
{
    if (c->hour == 24)
        return c->minute == 0 && c->second == 0;
    return c->hour <= 23 && c->minute <= 59 && c->second <= 60;
}

static void skip_fraction(reading *r)
{
    if ((at(r, '.') || at(r, ',')) && r->rest.n > 1 && is_digit(r->rest.p[1])) {
        r->rest = dgmi_str_skip(r->rest, 1);
        r->rest = dgmi_str_skip(r->rest, digits_ahead(r));
    }
}

/* hh, hhmm and hhmmss, as the basic form of ISO 8601 has them. */
static bool take_basic_time(reading *r)
{
    size_t n = digits_ahead(r);
    if (n != 2 && n != 4 && n != 6)
        return false;
    r->c.hour = take_digits(r, 2);
    r->c.minute = n >= 4 ? take_digits(r, 2) : 0;
    r->c.second = n >= 6 ? take_digits(r, 2) : 0;
    r->precision = n == 2 ? HOUR : n == 4 ? MINUTE : SECOND;
    if (n == 6)
        skip_fraction(r);
    return is_time(&r->c);
}

/* h:mm and h:mm:ss, with a fraction that is read over. */
static bool take_time(reading *r)
{
    if (!take_number(r, 1, 2, &r->c.hour) || !take(r, ':') ||
        !take_number(r, 2, 2, &r->c.minute))
        return false;
    r->precision = MINUTE;
    if (take(r, ':')) {
        if (!take_number(r, 2, 2, &r->c.second))
            return false;
        r->precision = SECOND;
        skip_fraction(r);
    }
    return is_time(&r->c);
}

/* The North American names as RFC 822 has them, and others that mean one offset only. */
static bool zone_of(dgmi_str name, int *seconds)
{
    static const struct {
        const char *name;
        int minutes;
    } zones[] = {
        { "Z", 0 },      { "GMT", 0 },     { "UT", 0 },      { "UTC", 0 },
        { "WET", 0 },    { "EST", -300 },  { "EDT", -240 },  { "CST", -360 },
        { "CDT", -300 }, { "MST", -420 },  { "MDT", -360 },  { "PST", -480 },
        { "PDT", -420 }, { "AKST", -540 }, { "AKDT", -480 }, { "HST", -600 },
        { "BST", 60 },   { "WEST", 60 },   { "CET", 60 },    { "CEST", 120 },
        { "EET", 120 },  { "EEST", 180 },  { "MSK", 180 },   { "HKT", 480 },
        { "JST", 540 },  { "KST", 540 },   { "AEST", 600 },  { "AEDT", 660 },
        { "NZST", 720 }, { "NZDT", 780 },
    };
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        if (dgmi_str_eq_nocase(name, zones[i].name)) {
            *seconds = zones[i].minutes * 60;
            return true;
        }
    }
    return false;
}

/* +hh, +hhmm or +hh:mm; the sign is there. */
static bool take_offset(reading *r)
{
    int sign = take(r, '-') ? -1 : 1, hours, minutes = 0;
    if (sign == 1)
        take(r, '+');
    size_t n = digits_ahead(r);
    if (n != 2 && n != 4)
        return false;
    hours = take_digits(r, 2);
    if (n == 4)
        minutes = take_digits(r, 2);
    else if (take(r, ':') && !take_number(r, 2, 2, &minutes))
        return false;
    r->zone = sign * (hours * 3600 + minutes * 60);
    return hours <= 23 && minutes <= 59;
}

/* The zone, if one follows; without one the time is in UTC. */
static bool take_zone(reading *r)
{
    skip_spaces(r);
    if (r->rest.n == 0)
        return true;
    if (at(r, '+') || at(r, '-'))
        return take_offset(r);
    return zone_of(take_word(r), &r->zone);
}

/* Only an RFC 822 comment, such as "(UTC)", may follow. */
static bool at_end(reading *r)
{
    skip_spaces(r);
    if (take(r, '('))
        return r->rest.n > 0 && r->rest.p[r->rest.n - 1] == ')';
    return r->rest.n == 0;
}

static bool read_iso_time(reading *r, bool basic)
{
    if (take(r, 'T') || take(r, 't')) {
        bool colon = r->rest.n > 2 && r->rest.p[2] == ':';
        return (colon ? take_time(r) : take_basic_time(r)) && take_zone(r) && at_end(r);
    }
    if (skip_spaces(r) && !basic)
        return take_time(r) && take_zone(r) && at_end(r);
    return r->rest.n == 0;
}

static bool read_iso(reading *r)
{
    size_t n = digits_ahead(r);
    if (n != 4 && n != 8)
        return false;
    r->c.year = take_digits(r, 4);
    r->precision = YEAR;
    if (n == 8) {
        r->c.month = take_digits(r, 2);
        r->c.day = take_digits(r, 2);
        r->precision = DAY;
    } else if (take(r, '-')) {
        if (!take_number(r, 2, 2, &r->c.month))
            return false;
        r->precision = MONTH;
        if (take(r, '-')) {
            if (!take_number(r, 2, 2, &r->c.day))
                return false;
            r->precision = DAY;
        }
    }
    if (!is_date(&r->c))
        return false;
    return r->precision == DAY ? read_iso_time(r, n == 8) : r->rest.n == 0;
}

static const char *const months[] = { "january",   "february", "march",    "april",
                                      "may",       "june",     "july",     "august",
                                      "september", "october",  "november", "december" };
static const char *const weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday" };

/* What stands between the parts of a date in words: "16-Jun-2021", "Jun. 16, 2021". */
static void skip_joint(reading *r)
{
    while (take(r, '.') || take(r, ',') || take(r, '-') || skip_spaces(r))
        continue;
}

static bool take_month(reading *r)
{
    r->c.month = place_of(take_word(r), months, 12) + 1;
    skip_joint(r);
    return r->c.month > 0;
}

static bool take_day(reading *r)
{
    bool good = take_number(r, 1, 2, &r->c.day);
    skip_joint(r);
    return good;
}

/* Two digits mean 1950 to 2049, as RFC 2822, section 4.3, has it. */
static bool take_year(reading *r)
{
    size_t n = digits_ahead(r);
    if ((n != 2 && n != 4) || !take_number(r, 2, 4, &r->c.year))
        return false;
    if (n == 2)
        r->c.year += r->c.year < 50 ? 2000 : 1900;
    return true;
}

/* "Wed, 16 Jun 2021 10:00:00 +0000", "16 June 2021", "June 16, 2021". The day's name is
 * not held against the date: feeds err in it, and the date is what they mean. */
static bool read_words(reading *r)
{
    reading word = *r;
    if (place_of(take_word(&word), weekdays, 7) >= 0) {
        *r = word;
        skip_joint(r);
    }
    bool day_first = digits_ahead(r) > 0;
    if (!(day_first ? take_day(r) && take_month(r) : take_month(r) && take_day(r)))
        return false;
    if (!take_year(r) || !is_date(&r->c))
        return false;
    r->precision = DAY;
    while (take(r, ',') || skip_spaces(r))
        continue;
    if (digits_ahead(r) > 0 && !(take_time(r) && take_zone(r)))
        return false;
    return at_end(r);
}

static bool finish(const reading *r, int64_t *time)
{
    int64_t value = dgmi_time_of(r->c) - r->zone;
    char text[DGMI_DATE_SIZE];
    if (dgmi_date_format(value, text)[0] == '\0')
        return false;
    *time = value;
    return true;
}

static reading start_reading(dgmi_str s)
{
    return (reading){ .rest = dgmi_str_trim(s), .c = { .month = 1, .day = 1 } };
}

bool dgmi_date_parse(dgmi_str s, int64_t *time)
{
    reading r = start_reading(s);
    if (r.rest.n == 0 || r.rest.n > LONGEST)
        return false;
    reading words = r;
    if (read_iso(&r))
        return finish(&r, time);
    return read_words(&words) && finish(&words, time);
}

static int64_t after(const reading *r, int64_t from)
{
    switch (r->precision) {
    case YEAR:
        return dgmi_interval_next(DGMI_YEAR, from);
    case MONTH:
        return dgmi_interval_next(DGMI_MONTH, from);
    case DAY:
        return dgmi_interval_next(DGMI_DAY, from);
    case HOUR:
        return from + 3600;
    case MINUTE:
        return from + 60;
    case SECOND:
        return from + 1;
    }
    return from + 1;
}

bool dgmi_date_span(dgmi_str s, int64_t *from, int64_t *to)
{
    reading r = start_reading(s);
    if (r.rest.n == 0 || r.rest.n > LONGEST || !read_iso(&r) || !finish(&r, from))
        return false;
    *to = after(&r, *from);
    return true;
}
