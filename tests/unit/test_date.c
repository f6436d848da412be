/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/date.c and dateread.c. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "date.h"

static const int64_t first = -62135596800, last = 253402300799;

static void known_dates_have_their_seconds(void **state)
{
    (void)state;
    static const struct {
        dgmi_civil c;
        int64_t time;
    } table[] = {
        { { 1970, 1, 1, 0, 0, 0 }, 0 },
        { { 1969, 12, 31, 23, 59, 59 }, -1 },
        { { 2000, 2, 29, 12, 0, 0 }, 951825600 },
        { { 2021, 6, 16, 0, 0, 0 }, 1623801600 },
        { { 2038, 1, 19, 3, 14, 8 }, 2147483648 },
        { { 1, 1, 1, 0, 0, 0 }, -62135596800 },
        { { 9999, 12, 31, 23, 59, 59 }, 253402300799 },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_true(dgmi_time_of(table[i].c) == table[i].time);
        dgmi_civil c = dgmi_civil_of(table[i].time);
        assert_memory_equal(&c, &table[i].c, sizeof c);
    }
}

/* The C library's gmtime_r is the second opinion. */
static void fields_agree_with_the_system(void **state)
{
    (void)state;
    for (int64_t t = first; t <= last; t += 86400 * 11 + 4321) {
        time_t seconds = (time_t)t;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        dgmi_civil c = dgmi_civil_of(t);
        if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 ||
            c.day != tm.tm_mday || c.hour != tm.tm_hour || c.minute != tm.tm_min ||
            c.second != tm.tm_sec)
            fail_msg("%lld differs", (long long)t);
        assert_true(dgmi_time_of(c) == t);
    }
}

static void february_knows_leap_years(void **state)
{
    (void)state;
    assert_int_equal(dgmi_days_in_month(2000, 2), 29);
    assert_int_equal(dgmi_days_in_month(1900, 2), 28);
    assert_int_equal(dgmi_days_in_month(2024, 2), 29);
    assert_int_equal(dgmi_days_in_month(2023, 2), 28);
    assert_int_equal(dgmi_days_in_month(2023, 12), 31);
}

static void formatting_gives_iso_or_nothing(void **state)
{
    (void)state;
    char out[DGMI_DATE_SIZE];
    assert_string_equal(dgmi_date_format(1623801600, out), "2021-06-16T00:00:00Z");
    assert_string_equal(dgmi_date_format(first, out), "0001-01-01T00:00:00Z");
    assert_string_equal(dgmi_date_format(last, out), "9999-12-31T23:59:59Z");
    assert_string_equal(dgmi_date_format(last + 1, out), "");
    assert_string_equal(dgmi_date_format(INT64_MIN, out), "");
    assert_string_equal(dgmi_date_format(INT64_MAX, out), "");
}

static void dates_of_feeds_are_read(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "2021-06-16T10:20:30Z", "2021-06-16T10:20:30Z" },
        { "2021-06-16t10:20:30z", "2021-06-16T10:20:30Z" },
        { "2021-06-16T10:20:30+00:00", "2021-06-16T10:20:30Z" },
        { "2021-06-16T10:20:30+0300", "2021-06-16T07:20:30Z" },
        { "2021-06-16T10:20:30-05:30", "2021-06-16T15:50:30Z" },
        { "2021-06-16T10:20:30+03", "2021-06-16T07:20:30Z" },
        { "2021-06-16T10:20:30.123456Z", "2021-06-16T10:20:30Z" },
        { "2021-06-16T10:20:30,5+01:00", "2021-06-16T09:20:30Z" },
        { "2021-06-16 10:20:30", "2021-06-16T10:20:30Z" },
        { "2021-06-16 10:20:30 UTC", "2021-06-16T10:20:30Z" },
        { "2021-06-16 10:20:30 +0200", "2021-06-16T08:20:30Z" },
        { "2021-06-16T10:20", "2021-06-16T10:20:00Z" },
        { "20210616T102030Z", "2021-06-16T10:20:30Z" },
        { "20210616T102030+0100", "2021-06-16T09:20:30Z" },
        { "20210616", "2021-06-16T00:00:00Z" },
        { "2021-06-16", "2021-06-16T00:00:00Z" },
        { "2021-06", "2021-06-01T00:00:00Z" },
        { "2021", "2021-01-01T00:00:00Z" },
        { "  2021-06-16 \n", "2021-06-16T00:00:00Z" },
        { "2021-06-30T23:59:60Z", "2021-07-01T00:00:00Z" },
        { "2021-06-30T24:00:00Z", "2021-07-01T00:00:00Z" },
        { "2020-02-29", "2020-02-29T00:00:00Z" },
        { "Wed, 16 Jun 2021 10:20:30 GMT", "2021-06-16T10:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 +0000", "2021-06-16T10:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 +1200 (NZST)", "2021-06-15T22:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 EST", "2021-06-16T15:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 EDT", "2021-06-16T14:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 PDT", "2021-06-16T17:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 UT", "2021-06-16T10:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 Z", "2021-06-16T10:20:30Z" },
        { "Wed, 16 Jun 2021 10:20:30 MSK", "2021-06-16T07:20:30Z" },
        { "16 Jun 2021 10:20 GMT", "2021-06-16T10:20:00Z" },
        { "16 Jun 2021 9:20 GMT", "2021-06-16T09:20:00Z" },
        { "Mon, 16 Jun 2021 10:20:30 GMT", "2021-06-16T10:20:30Z" },
        { "16 Jun 21 10:20:30 GMT", "2021-06-16T10:20:30Z" },
        { "16 Jun 99 10:20:30 GMT", "1999-06-16T10:20:30Z" },
        { "16 Jun 49", "2049-06-16T00:00:00Z" },
        { "16 Jun 50", "1950-06-16T00:00:00Z" },
        { "16 June 2021", "2021-06-16T00:00:00Z" },
        { "6 June 2021", "2021-06-06T00:00:00Z" },
        { "June 16, 2021", "2021-06-16T00:00:00Z" },
        { "june 16 2021", "2021-06-16T00:00:00Z" },
        { "Sept. 1, 2021", "2021-09-01T00:00:00Z" },
        { "Wednesday, June 16, 2021", "2021-06-16T00:00:00Z" },
        { "Wednesday, 16-Jun-21 10:20:30 GMT", "2021-06-16T10:20:30Z" },
        { "26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01Z" },
        { "16 May 2021", "2021-05-16T00:00:00Z" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t time = 0;
        char out[DGMI_DATE_SIZE];
        if (!dgmi_date_parse(dgmi_str_of(table[i][0]), &time))
            fail_msg("not read: %s", table[i][0]);
        assert_string_equal(dgmi_date_format(time, out), table[i][1]);
    }
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const table[] = {
        "",
        " ",
        "yesterday",
        "31 February 2021",
        "2021-02-31",
        "2021-02-29",
        "2021-13-01",
        "2021-00-10",
        "2021-06-00",
        "0000-01-01",
        "2021-6-1",
        "20210",
        "2021-06-16T25:00:00Z",
        "2021-06-16T10:60:00Z",
        "2021-06-16T10:20:61Z",
        "2021-06-16T24:00:01Z",
        "2021-06-16T",
        "2021-06-16T10:20:30+",
        "2021-06-16T10:20:30+99:00",
        "2021-06-16T10:20:30+01:99",
        "2021-06-16T10:20:30 XYZ",
        "2021-06-16x",
        "2021-06-16 10:20:30 Z Z",
        "16 Ju 2021",
        "16 Junebug 2021",
        "16 June",
        "June 2021",
        "16 June 20211",
        "16 June 202",
        "32 June 2021",
        "Wed, 16 Jun 2021 10",
        "Wed, 16 Jun 2021 10:20:30 +00000",
        "16 Jun 2021 10:20 (open",
        "Wed",
        "Wed,",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "-2021-01-01",
        "2021-06-16T10:2",
        "16 Jun 2021 100:20",
        "99999999999999999999",
        "2021-06-16T1:20:30:40",
        "2021-06-16T10:20:30.Z",
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t time = 77;
        if (dgmi_date_parse(dgmi_str_of(table[i]), &time))
            fail_msg("read: %s", table[i]);
        assert_true(time == 77);
    }
}

static void any_beginning_and_any_length_is_safe(void **state)
{
    (void)state;
    static const char whole[] = "Wednesday, 16 June 2021 10:20:30.5 +0300 (MSK)";
    for (size_t n = 0; n < sizeof whole; n++) {
        /* A block of exactly n bytes lets the sanitizers see a read past the end. */
        char *cut = malloc(n ? n : 1);
        memcpy(cut, whole, n);
        int64_t time, from, to;
        dgmi_date_parse((dgmi_str){ cut, n }, &time);
        dgmi_date_span((dgmi_str){ cut, n }, &from, &to);
        free(cut);
    }
    size_t n = 1u << 20;
    char *many = malloc(n);
    memset(many, '1', n);
    int64_t time;
    assert_false(dgmi_date_parse((dgmi_str){ many, n }, &time));
    free(many);
}

static void locale_and_time_zone_play_no_part(void **state)
{
    (void)state;
    setlocale(LC_ALL, "");
    setenv("TZ", "Asia/Kolkata", 1);
    tzset();
    int64_t time = 0;
    assert_true(dgmi_date_parse(dgmi_str_of("16 June 2021 00:00:00"), &time));
    assert_true(time == 1623801600);
    unsetenv("TZ");
    tzset();
}

static void a_query_date_names_a_span(void **state)
{
    (void)state;
    static const char *const table[][3] = {
        { "2021", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z" },
        { "2020-02", "2020-02-01T00:00:00Z", "2020-03-01T00:00:00Z" },
        { "2021-12", "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z" },
        { "2021-06-16", "2021-06-16T00:00:00Z", "2021-06-17T00:00:00Z" },
        { "2021-06-16T10:20", "2021-06-16T10:20:00Z", "2021-06-16T10:21:00Z" },
        { "2021-06-16T10:20:30+03:00", "2021-06-16T07:20:30Z", "2021-06-16T07:20:31Z" },
        { "9999", "9999-01-01T00:00:00Z", "" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t from = 0, to = 0;
        char out[DGMI_DATE_SIZE];
        assert_true(dgmi_date_span(dgmi_str_of(table[i][0]), &from, &to));
        assert_string_equal(dgmi_date_format(from, out), table[i][1]);
        assert_string_equal(dgmi_date_format(to, out), table[i][2]);
    }
    int64_t from, to;
    assert_false(dgmi_date_span(dgmi_str_of("16 June 2021"), &from, &to));
    assert_false(dgmi_date_span(dgmi_str_of("2021-02-31"), &from, &to));
    assert_false(dgmi_date_span(dgmi_str_of("2021-"), &from, &to));
}

static void intervals_tile_the_time(void **state)
{
    (void)state;
    static const struct {
        dgmi_interval interval;
        const char *time, *start, *next;
    } table[] = {
        { DGMI_HOUR, "2021-06-16T10:20:30Z", "2021-06-16T10:00:00Z",
          "2021-06-16T11:00:00Z" },
        { DGMI_DAY, "2021-06-16T10:20:30Z", "2021-06-16T00:00:00Z",
          "2021-06-17T00:00:00Z" },
        { DGMI_WEEK, "2021-06-16T10:20:30Z", "2021-06-14T00:00:00Z",
          "2021-06-21T00:00:00Z" },
        { DGMI_WEEK, "2021-06-14T00:00:00Z", "2021-06-14T00:00:00Z",
          "2021-06-21T00:00:00Z" },
        { DGMI_WEEK, "2021-06-13T23:59:59Z", "2021-06-07T00:00:00Z",
          "2021-06-14T00:00:00Z" },
        { DGMI_WEEK, "1969-12-31T00:00:00Z", "1969-12-29T00:00:00Z",
          "1970-01-05T00:00:00Z" },
        { DGMI_MONTH, "2024-02-29T10:20:30Z", "2024-02-01T00:00:00Z",
          "2024-03-01T00:00:00Z" },
        { DGMI_MONTH, "2021-12-31T10:20:30Z", "2021-12-01T00:00:00Z",
          "2022-01-01T00:00:00Z" },
        { DGMI_YEAR, "2020-06-16T10:20:30Z", "2020-01-01T00:00:00Z",
          "2021-01-01T00:00:00Z" },
        { DGMI_YEAR, "1900-06-16T10:20:30Z", "1900-01-01T00:00:00Z",
          "1901-01-01T00:00:00Z" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int64_t time = 0;
        char out[DGMI_DATE_SIZE];
        assert_true(dgmi_date_parse(dgmi_str_of(table[i].time), &time));
        int64_t start = dgmi_interval_start(table[i].interval, time);
        assert_string_equal(dgmi_date_format(start, out), table[i].start);
        int64_t next = dgmi_interval_next(table[i].interval, start);
        assert_string_equal(dgmi_date_format(next, out), table[i].next);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_dates_have_their_seconds),
        cmocka_unit_test(fields_agree_with_the_system),
        cmocka_unit_test(february_knows_leap_years),
        cmocka_unit_test(formatting_gives_iso_or_nothing),
        cmocka_unit_test(dates_of_feeds_are_read),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(any_beginning_and_any_length_is_safe),
        cmocka_unit_test(locale_and_time_zone_play_no_part),
        cmocka_unit_test(a_query_date_names_a_span),
        cmocka_unit_test(intervals_tile_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
