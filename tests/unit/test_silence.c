/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reply says of silent sources. */
#include "date.h"
#include "desk.h"
#include "dragoman.h"

enum { DAY = 86400 };
static const int64_t monday = 18778 * (int64_t)DAY; /* 2021-05-31 */

/* Items of a source on working days, from that Monday on. */
static void feed_source(const char *data, const char *source, const char *region,
                        int days, int per_day, int64_t begin)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < days * per_day; i++) {
        char date[DGMI_DATE_SIZE];
        int day = i / per_day;
        if (day % 7 >= 5)
            continue;
        dgmi_date_format(begin + day * (int64_t)DAY + 9 * 3600, date);
        dgmi_buf_printf(&lines,
                        "{\"id\":\"%s %d %lld\",\"title\":\"Water %d\",\"body\":\"On "
                        "water.\",\"source\":\"%s\",\"region\":\"%s\",\"published\":"
                        "\"%s\"}\n",
                        source, i, (long long)begin, i, source, region, date);
    }
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* Two ministries for eight weeks, of which one stops after seven. */
static void feed_two(const char *data)
{
    feed_source(data, "Ministry of Water", "Egypt", 49, 6, monday);
    feed_source(data, "Agency", "Norway", 58, 6, monday);
}

static dgm_page *search(dgm *desk, const char *name, const char *value)
{
    dgm_request *request = dgm_request_new();
    dgm_page *page = NULL;
    if (name)
        OK(dgm_request_set(request, name, value, err));
    OK(dgm_search(desk, request, &page, err));
    dgm_request_free(request);
    return page;
}

static size_t silences(dgm *desk, const char *name, const char *value)
{
    dgm_page *page = search(desk, name, value);
    size_t n = page->n_silences;
    dgm_page_free(page);
    return n;
}

static dgm *open_desk(const char *data)
{
    dgm *desk = NULL;
    OK(dgm_open(data, NULL, &desk, err));
    return desk;
}

static void a_source_that_stopped_is_named_with_its_habit(void **state)
{
    feed_two(*state);
    dgm *desk = open_desk(*state);
    dgm_page *page = search(desk, "q", "water");
    assert_int_equal(page->n_silences, 1);
    assert_string_equal(page->silences[0].source, "Ministry of Water");
    assert_int_equal(page->silences[0].per_day, 6);
    assert_int_equal(page->silences[0].missed, 6); /* a week, and the next Monday */
    assert_int_equal(page->silences[0].last, monday + 46 * (int64_t)DAY + 9 * 3600);
    dgm_page_free(page);
    dgm_close(desk);
}

static void only_what_the_filters_would_find_is_named(void **state)
{
    feed_two(*state);
    dgm *desk = open_desk(*state);
    assert_int_equal(silences(desk, "source", "ministry of WATER"), 1);
    assert_int_equal(silences(desk, "source", "Agency"), 0);
    assert_int_equal(silences(desk, "region", "Egypt"), 1);
    assert_int_equal(silences(desk, "region", "Norway"), 0);
    assert_int_equal(silences(desk, "topic", "water"), 0);
    assert_int_equal(silences(desk, "to", "2021-07-01"), 0);
    assert_int_equal(silences(desk, "as_of", "2021-07-01"), 0);
    dgm_close(desk);
}

static void a_source_that_speaks_again_is_no_longer_named(void **state)
{
    feed_two(*state);
    dgm *desk = open_desk(*state);
    assert_int_equal(silences(desk, NULL, NULL), 1);
    feed_source(*state, "Ministry of Water", "Egypt", 1, 1, monday + 57 * (int64_t)DAY);
    assert_int_equal(silences(desk, NULL, NULL), 0);
    dgm_close(desk);
}

static void an_archive_that_ended_is_measured_by_its_last_item(void **state)
{
    feed_two(*state);
    dgm *desk = open_desk(*state);
    dgm_sources *sources = NULL;
    OK(dgm_sources_read(desk, DGM_NO_TIME, &sources, err));
    assert_int_equal(sources->n, 2);
    assert_int_equal(sources->clock, monday + 57 * (int64_t)DAY + 9 * 3600);
    assert_string_equal(sources->list[0].name, "Ministry of Water");
    assert_int_equal(sources->list[0].state, DGM_SOURCE_SILENT);
    assert_int_equal(sources->list[0].weekdays, 0x1f);
    assert_int_equal(sources->list[0].items, 35 * 6);
    assert_int_equal(sources->list[1].state, DGM_SOURCE_REGULAR);
    dgm_sources_free(sources);
    /* While items come in it is the clock on the wall. */
    OK(dgm_sources_read(desk, monday + 60 * (int64_t)DAY, &sources, err));
    assert_int_equal(sources->clock, monday + 60 * (int64_t)DAY);
    assert_int_equal(sources->list[1].state, DGM_SOURCE_SILENT);
    dgm_sources_free(sources);
    dgm_close(desk);
}

static void a_source_of_long_ago_has_ended(void **state)
{
    feed_two(*state);
    feed_source(*state, "Bureau", "Chile", 49, 6, monday - 400 * (int64_t)DAY);
    dgm *desk = open_desk(*state);
    dgm_sources *sources = NULL;
    OK(dgm_sources_read(desk, DGM_NO_TIME, &sources, err));
    assert_int_equal(sources->n, 3);
    assert_string_equal(sources->list[2].name, "Bureau");
    assert_int_equal(sources->list[2].state, DGM_SOURCE_ENDED);
    assert_int_equal(silences(desk, NULL, NULL), 1);
    dgm_sources_free(sources);
    dgm_close(desk);
}

static void an_empty_archive_has_no_sources(void **state)
{
    dgm *desk = open_desk(*state);
    dgm_sources *sources = NULL;
    OK(dgm_sources_read(desk, DGM_NO_TIME, &sources, err));
    assert_int_equal(sources->n, 0);
    dgm_sources_free(sources);
    dgm_sources_free(NULL);
    assert_int_equal(silences(desk, NULL, NULL), 0);
    assert_int_equal(dgm_sources_read(NULL, 0, &sources, NULL), DGM_E_ARG);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_source_that_stopped_is_named_with_its_habit),
        DESK_TEST(only_what_the_filters_would_find_is_named),
        DESK_TEST(a_source_that_speaks_again_is_no_longer_named),
        DESK_TEST(an_archive_that_ended_is_measured_by_its_last_item),
        DESK_TEST(a_source_of_long_ago_has_ended),
        DESK_TEST(an_empty_archive_has_no_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
