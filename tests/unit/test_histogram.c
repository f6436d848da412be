/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of histograms: buckets of every interval, exact and in order. */
#include "searching.h"

static const char corpus[] =
    "{\"id\":\"a\",\"title\":\"Ferry\",\"published\":\"2021-06-15T22:59:59Z\"}\n"
    "{\"id\":\"b\",\"title\":\"Ferry\",\"published\":\"2021-06-15T23:00:00Z\"}\n"
    "{\"id\":\"c\",\"title\":\"Ferry\",\"published\":\"2021-06-15T23:30:00Z\"}\n"
    "{\"id\":\"d\",\"title\":\"Ferry\",\"published\":\"2021-06-20T01:00:00Z\"}\n"
    "{\"id\":\"e\",\"title\":\"Ferry\",\"published\":\"2021-06-21T01:00:00Z\"}\n"
    "{\"id\":\"f\",\"title\":\"Ferry\",\"published\":\"2020-12-31T01:00:00Z\"}\n"
    "{\"id\":\"g\",\"title\":\"Ferry\"}\n"
    "{\"id\":\"h\",\"title\":\"Other\",\"published\":\"2021-06-21T01:00:00Z\"}\n";

static char *print(const dgm_page *page)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_buf_puts(&out, "");
    for (size_t i = 0; i < page->n_buckets; i++) {
        char date[DGMI_DATE_SIZE];
        dgmi_date_format(page->histogram[i].from, date);
        dgmi_buf_printf(&out, "%s%.13s %llu", i > 0 ? ", " : "", date,
                        (unsigned long long)page->histogram[i].count);
    }
    return dgmi_buf_take(&out);
}

static void check(dgm *desk, const char *q, const char *interval, const char *want)
{
    dgm_page *page = SEARCH(desk, "q", q, "histogram", interval, "limit", "1");
    char *got = print(page);
    assert_true(page->has_histogram);
    assert_string_equal(got, want);
    free(got);
    dgm_page_free(page);
}

static void histogram_counts_by_each_interval(void **state)
{
    feed(*state, corpus);
    dgm *desk = open_desk(*state);
    check(desk, "ferry", "hour",
          "2020-12-31T01 1, 2021-06-15T22 1, 2021-06-15T23 2, "
          "2021-06-20T01 1, 2021-06-21T01 1");
    check(desk, "ferry", "day",
          "2020-12-31T00 1, 2021-06-15T00 3, 2021-06-20T00 1, 2021-06-21T00 1");
    check(desk, "ferry", "week", "2020-12-28T00 1, 2021-06-14T00 4, 2021-06-21T00 1");
    check(desk, "ferry", "month", "2020-12-01T00 1, 2021-06-01T00 5");
    check(desk, "ferry", "year", "2020-01-01T00 1, 2021-01-01T00 5");
    check(desk, "xylophone", "year", "");
    dgm_close(desk);
}

static void histogram_of_all_items_is_counted_too(void **state)
{
    feed(*state, corpus);
    dgm *desk = open_desk(*state);
    check(desk, "", "day",
          "2020-12-31T00 1, 2021-06-15T00 3, 2021-06-20T00 1, 2021-06-21T00 2");
    check(desk, "", "month", "2020-12-01T00 1, 2021-06-01T00 6");
    check(desk, "", "year", "2020-01-01T00 1, 2021-01-01T00 6");
    dgm_close(desk);
}

static void histogram_adds_up_to_the_dated_matches(void **state)
{
    static const char *const intervals[] = { "hour", "day", "week", "month", "year" };
    enum { ITEMS = 140 };
    feed_made(*state, 0, ITEMS);
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < 5; i++) {
        uint64_t sum = 0;
        dgm_page *page =
            SEARCH(desk, "q", "report", "histogram", intervals[i], "facets", "region");
        for (size_t k = 0; k < page->n_buckets; k++) {
            sum += page->histogram[k].count;
            assert_true(k == 0 || page->histogram[k - 1].from < page->histogram[k].from);
        }
        assert_int_equal(page->total, ITEMS);
        assert_int_equal(sum, ITEMS - ITEMS / 7);
        dgm_page_free(page);
    }
    dgm_close(desk);
}

static void histogram_is_told_apart_from_none(void **state)
{
    feed(*state, corpus);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "ferry");
    assert_false(page->has_histogram);
    assert_int_equal(page->n_buckets, 0);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(histogram_counts_by_each_interval),
        DESK_TEST(histogram_of_all_items_is_counted_too),
        DESK_TEST(histogram_adds_up_to_the_dated_matches),
        DESK_TEST(histogram_is_told_apart_from_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
