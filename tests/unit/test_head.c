/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of head.c and schedule.c: what a reply's header says, and when a feed is asked
 * again. Depends on lib/fetch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "head.h"
#include "schedule.h"

#define NOW 1623838800 /* Wed, 16 Jun 2021 10:20:00 GMT */

static dgmi_head read_head(const char *lines)
{
    dgmi_head head;
    dgmi_str rest = { lines, strlen(lines) }, line;
    dgmi_head_clear(&head);
    while (dgmi_str_split(&rest, '\n', &line))
        dgmi_head_take(&head, line, NOW);
    return head;
}

static void validators_stay_as_they_came(void **state)
{
    (void)state;
    dgmi_head h =
        read_head("ETAG:  W/\"a  b;c\" \r\nlast-modified: Tuesday, perhaps\r\n");
    assert_string_equal(h.etag, "W/\"a  b;c\"");
    assert_string_equal(h.modified, "Tuesday, perhaps");
    char line[1200] = "ETag: ";
    memset(line + 6, 'x', 1100);
    h = read_head(line);
    assert_string_equal(h.etag, "");
    assert_string_equal(read_head("ETag: a\x01"
                                  "b")
                            .etag,
                        "");
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    static const struct {
        const char *line;
        int64_t wait;
    } cases[] = {
        { "Retry-After: 120", 120 },
        { "Retry-After: 0", 0 },
        { "Retry-After: -5", 0 },
        { "Retry-After: soon", 0 },
        { "Retry-After: 99999999999999999999999", 315360000 },
        { "Retry-After: Wed, 16 Jun 2021 11:20:00 GMT", 3600 },
        { "Retry-After: Wed, 16 Jun 2021 09:20:00 GMT", 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(read_head(cases[i].line).retry_after, cases[i].wait);
}

static void how_long_a_reply_is_fresh_is_read(void **state)
{
    (void)state;
    dgmi_head h = read_head("Cache-Control: public, max-age=600, must-revalidate");
    assert_int_equal(h.max_age, 600);
    assert_false(h.no_max_age);
    assert_true(read_head("Cache-Control: max-age=600, no-cache").no_max_age);
    assert_true(read_head("Cache-Control: No-Store").no_max_age);
    assert_true(read_head("Cache-Control: max-age=\"x\"").no_max_age);
    assert_int_equal(read_head("Expires: Wed, 16 Jun 2021 10:30:00 GMT").expires, 600);
    /* by the server's own clock, if it tells it */
    assert_int_equal(read_head("Date: Wed, 16 Jun 2021 12:00:00 GMT\n"
                               "Expires: Wed, 16 Jun 2021 12:05:00 GMT")
                         .expires,
                     300);
    assert_int_equal(read_head("Expires: 0").expires, 0);
    assert_int_equal(read_head("Expires: Thu, 01 Jan 1970 00:00:00 GMT").expires, 0);
}

static void the_type_is_parted_from_its_charset(void **state)
{
    (void)state;
    dgmi_head h = read_head("Content-Type: Text/XML ; x=y; Charset=\"KOI8-R\"");
    assert_string_equal(h.type, "text/xml");
    assert_string_equal(h.charset, "KOI8-R");
    h = read_head("Content-Type: text/xml; charset='utf-8'\nContent-Type: text/html");
    assert_string_equal(h.type, "text/html");
    assert_string_equal(h.charset, "");
}

static void links_are_told_by_their_relation(void **state)
{
    (void)state;
    dgmi_head h =
        read_head("Link: <https://hub.example/a,b;c>; rel=\"hub\" ; title=\"x, y\", "
                  "<https://desk.example/feed>;rel=self\n"
                  "Link: <https://site.example/wp-json/>; rel=\"https://api.w.org/\"\n"
                  "Link: <https://late.example/>; rel=hub");
    assert_string_equal(h.hub, "https://hub.example/a,b;c");
    assert_string_equal(h.self, "https://desk.example/feed");
    assert_string_equal(h.api, "https://site.example/wp-json/");
    assert_string_equal(read_head("Link: <http://a/>; rel=\"alternate hub\"").hub,
                        "http://a/");
    assert_string_equal(read_head("Link: <http://a/>; title=\"rel=hub\"").hub, "");
    assert_string_equal(read_head("Link: <http://a/>; rel=\"hu").hub, "");
}

static void broken_links_end_and_say_nothing(void **state)
{
    static const char *const broken[] = { "Link: <",         "Link: <a",
                                          "Link: >;rel=hub", "Link: <a>;",
                                          "Link: <a>;rel=",  "Link: <a>;rel=\"",
                                          "Link: ;;;=,,,",   "Link: <a>; ; ; =; rel" };
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        assert_string_equal(read_head(broken[i]).hub, "");
}

static void wordpress_counts_and_a_challenge_are_noticed(void **state)
{
    (void)state;
    dgmi_head h =
        read_head("X-WP-Total: 1234\nX-WP-TotalPages: 13\ncf-mitigated: Challenge");
    assert_true(h.counted && h.challenge);
    assert_int_equal(h.total, 1234);
    assert_int_equal(h.pages, 13);
    assert_false(read_head("X-WP-Total: many").counted);
}

static void the_latest_wish_wins_up_to_the_longest(void **state)
{
    static const struct {
        dgmi_wishes wishes;
        int64_t wait;
    } cases[] = {
        { { .interval = 900, .longest = 86400 }, 900 },
        { { .interval = 900, .longest = 86400, .ttl = 3600 }, 3600 },
        { { .interval = 900, .longest = 86400, .ttl = 60, .max_age = 1200 }, 1200 },
        { { .interval = 900, .longest = 86400, .expires = 1000, .retry_after = 5000 },
          5000 },
        { { .interval = 900, .longest = 86400, .ttl = 9999999 }, 86400 },
        { { .interval = 900, .longest = 600, .ttl = 9999999 }, 900 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(dgmi_wait_next(&cases[i].wishes), cases[i].wait);
}

static void failures_double_the_wait_with_jitter_and_a_cap(void **state)
{
    dgmi_wishes w = { .interval = 100, .longest = 1000 };
    (void)state;
    for (uint64_t n = 1; n < 70; n++) {
        int64_t middle = n < 5 ? 100LL << (n - 1) : 1000, low = INT64_MAX, high = 0;
        for (uint64_t jitter = 0; jitter < 1000; jitter++) {
            int64_t wait = dgmi_wait_failed(&w, n, jitter);
            low = wait < low ? wait : low;
            high = wait > high ? wait : high;
        }
        assert_int_equal(low, middle - middle / 5);
        assert_int_equal(high, middle + middle / 5);
    }
    w.retry_after = 900;
    assert_int_equal(dgmi_wait_failed(&w, 1, 7), 900);
    w.retry_after = 99999;
    assert_int_equal(dgmi_wait_failed(&w, 1, 7), 1000);
    assert_true(dgmi_wait_failed(&(dgmi_wishes){ .interval = 0 }, 1, UINT64_MAX) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validators_stay_as_they_came),
        cmocka_unit_test(retry_after_is_seconds_or_a_date),
        cmocka_unit_test(how_long_a_reply_is_fresh_is_read),
        cmocka_unit_test(the_type_is_parted_from_its_charset),
        cmocka_unit_test(links_are_told_by_their_relation),
        cmocka_unit_test(broken_links_end_and_say_nothing),
        cmocka_unit_test(wordpress_counts_and_a_challenge_are_noticed),
        cmocka_unit_test(the_latest_wish_wins_up_to_the_longest),
        cmocka_unit_test(failures_double_the_wait_with_jitter_and_a_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
