/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of as_of: how moments are named, and searches as the archive stood then. */
#include "searching.h"

#include "asof.h"
#include "clock.h"

/* ---- Names ---- */

static void moment_prints_as_it_is_read(void **state)
{
    static const char *const texts[][2] = {
        { "1:0", "1:0" },
        { "12:345678901", "12:345678901" },
        { "1:77,2021-06-16T12:00:00Z", "1:77,2021-06-16T12:00:00Z" },
        { "2021-06-16", "2021-06-16T23:59:59Z" },
        { "2021-06-16T23:59:59Z", "2021-06-16T23:59:59Z" },
        { "2021-06", "2021-06-30T23:59:59Z" },
        { "3-1042", "3-1042" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dgmi_asof asof;
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        assert_true(dgmi_asof_read(dgmi_str_of(texts[i][0]), &asof));
        dgmi_asof_print(&out, &asof);
        assert_string_equal(out.p, texts[i][1]);
        dgmi_buf_clear(&out);
    }
}

static void text_that_names_no_moment_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "x",
        "1:",
        ":1",
        "1:x",
        "0:5",
        "1:5,",
        "1:5,monday",
        "16777216:0",
        "1:1:1",
        "1:99999999999999",
        "3-",
        "-3",
        "1:-5",
        "3-1042x",
    };
    (void)state;
    dgm_request *r = dgm_request_new();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dgm_error e = DGM_ERROR_INIT;
        assert_int_equal(dgm_request_set(r, "as_of", bad[i], &e), DGM_E_ARG);
        assert_true(strncmp(e.text, "as_of: ", 7) == 0);
    }
    assert_string_equal(dgm_request_text(r), "");
    OK(dgm_request_set(r, "as_of", "1:4711", err));
    assert_string_equal(dgm_request_text(r), "as_of=1%3A4711");
    dgm_request_free(r);
}

/* ---- Searches ---- */

/* Where the archive ends by now, as as_of takes it. The caller frees. */
static char *place_now(const char *data)
{
    dgmi_position end = archive_end(data);
    char *text = malloc(40);
    snprintf(text, 40, "%u:%llu", end.segment, (unsigned long long)end.offset);
    return text;
}

static void check_error(dgm *desk, const char *as_of, const char *part)
{
    dgm_error e = DGM_ERROR_INIT;
    dgm_page *page = NULL;
    dgm_request *r = request_of(PAIRS("q", "copper", "as_of", as_of));
    assert_int_equal(dgm_search(desk, r, &page, &e), DGM_E_ARG);
    assert_true(strncmp(e.text, "as_of: ", 7) == 0);
    assert_non_null(strstr(e.text, part));
    assert_null(page);
    dgm_request_free(r);
}

static void moment_that_the_archive_never_had_is_refused(void **state)
{
    feed_made(*state, 0, 10);
    dgm *desk = open_desk(*state);
    check_error(desk, "9999", "future");
    check_error(desk, "1:7", "no record of this archive begins at 1:7");
    check_error(desk, "1:123456789", "beyond the end");
    check_error(desk, "2:0", "as_of: ");
    check_error(desk, "77-1", "live revision");
    dgm_page *page = SEARCH(desk, "q", "copper");
    dgm_page *now = SEARCH(desk, "q", "copper", "as_of", page->revision);
    assert_int_equal(now->total, page->total);
    dgm_page_free(now);
    dgm_page_free(page);
    dgm_close(desk);
}

static void check_like(const dgm_page *got, const dgm_page *want)
{
    char *one = ids_of(got), *other = ids_of(want);
    char *sorted_one = sorted(one), *sorted_other = sorted(other);
    assert_string_equal(sorted_one, sorted_other);
    assert_int_equal(got->total, want->total);
    assert_true(got->total_exact);
    assert_int_equal(got->n_buckets, want->n_buckets);
    for (size_t i = 0; i < want->n_buckets; i++)
        assert_int_equal(got->histogram[i].count, want->histogram[i].count);
    for (size_t f = 0; f < want->n_facets; f++) {
        assert_int_equal(got->facets[f].n_values, want->facets[f].n_values);
        for (size_t v = 0; v < want->facets[f].n_values; v++)
            assert_int_equal(got->facets[f].values[v].count,
                             want->facets[f].values[v].count);
    }
    free(one);
    free(other);
    free(sorted_one);
    free(sorted_other);
}

/* A search then, and the same after more items came in, in several forms. */
static void items_that_came_later_change_no_answer(void **state)
{
    static const char *const queries[] = { "copper", "copper wheat", "", "\"senate\"" };
    static const char *const sorts[] = { "relevance", "newest", "oldest" };
    static const char *const groups[] = { "none", "story" };
    dgm_page *then[4][3][2];
    feed_made(*state, 0, 120);
    char *place = place_now(*state);
    dgm *desk = open_desk(*state);
    for (int late = 0; late < 2; late++) {
        for (int q = 0; q < 4; q++) {
            for (int s = 0; s < 3; s++) {
                for (int g = 0; g < 2; g++) {
                    dgm_page *page = SEARCH(
                        desk, "q", queries[q], "sort", sorts[s], "group", groups[g],
                        "facets", "region,topic,year", "histogram", "month", "limit",
                        "100", late ? "as_of" : "match", late ? place : "all");
                    if (!late) {
                        then[q][s][g] = page;
                        continue;
                    }
                    check_like(page, then[q][s][g]);
                    assert_int_equal(page->n_warnings, 0);
                    dgm_page_free(then[q][s][g]);
                    dgm_page_free(page);
                }
            }
        }
        if (!late)
            feed_made(*state, 120, 300);
    }
    free(place);
    dgm_close(desk);
}

static void item_that_changed_since_is_found_as_it_was(void **state)
{
    feed(*state,
         "{\"id\":\"stays\",\"body\":\"copper mine\",\"published\":\"2021-01-01\"}\n"
         "{\"id\":\"edited\",\"body\":\"copper mine\",\"published\":\"2021-01-01\"}\n"
         "{\"id\":\"gone\",\"body\":\"copper mine\",\"published\":\"2021-01-01\"}\n"
         "{\"id\":\"held\",\"body\":\"copper mine\",\"published\":\"2021-01-01\"}\n");
    char *place = place_now(*state);
    feed(*state,
         "{\"id\":\"edited\",\"body\":\"zinc and tin mine\",\"published\":"
         "\"2021-01-01\",\"updated\":\"2021-02-01\"}\n"
         "{\"id\":\"gone\",\"status\":\"canceled\",\"updated\":\"2021-02-01\"}\n"
         "{\"id\":\"held\",\"body\":\"copper mine\",\"status\":\"withheld\","
         "\"updated\":\"2021-02-01\"}\n"
         "{\"id\":\"later\",\"body\":\"copper mine\",\"published\":\"2021-01-01\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "copper", "as_of", place, "highlight", "text");
    char *ids = ids_of(page);
    assert_string_equal(ids, "stays edited");
    assert_int_equal(page->total, 2);
    assert_string_equal(page->hits[1].snippet, "copper mine");
    assert_int_equal(page->n_warnings, 1); /* nobody is named who was withdrawn */
    assert_true(strncmp(page->warnings[0], "2 items of the whole archive were withdrawn",
                        43) == 0);
    dgm_page_free(page);
    check_ids(desk, PAIRS("q", "tin", "as_of", place), "", true);
    check_ids(desk, PAIRS("q", "zinc"), "edited", true);
    free(ids);
    free(place);
    dgm_close(desk);
}

static void item_that_was_replaced_since_is_found_and_its_successor_is_not(void **state)
{
    feed(*state,
         "{\"id\":\"old\",\"body\":\"copper mine\",\"published\":\"2021-01-01\"}\n"
         "{\"id\":\"before\",\"body\":\"copper mine\",\"published\":\"2021-01-01\"}\n"
         "{\"id\":\"after\",\"body\":\"copper mine\",\"published\":\"2021-01-02\","
         "\"links\":{\"evolved_from\":\"before\"}}\n");
    char *place = place_now(*state);
    feed(*state, "{\"id\":\"new\",\"body\":\"copper mine\",\"published\":\"2021-01-02\","
                 "\"links\":{\"evolved_from\":\"old\"}}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "copper"), "new after", false);
    check_ids(desk, PAIRS("q", "copper", "as_of", place), "old after", false);
    check_ids(desk, PAIRS("q", "copper", "as_of", place, "versions", "all"),
              "old before after", false);
    check_ids(desk, PAIRS("q", "copper silver", "as_of", place), "~old ~after", false);
    free(place);
    dgm_close(desk);
}

/* Items read one a minute, so that each moment has its own answer. */
static void time_stands_for_what_had_been_read_by_then(void **state)
{
    enum { ITEMS = 700 };
    const int64_t begin = 1609459200;
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < ITEMS; i++) {
        char fetched[DGMI_DATE_SIZE];
        dgmi_date_format(begin + 60 * i, fetched);
        dgmi_buf_printf(&lines, "{\"id\":\"f%d\",\"fetched\":\"%s\",\"body\":\"copper", i,
                        fetched);
        for (int k = 0; k < i * 37 % 400; k++)
            dgmi_buf_puts(&lines, " filler");
        dgmi_buf_puts(&lines, "\"}\n");
    }
    feed(*state, lines.p);
    dgmi_buf_clear(&lines);
    dgm *desk = open_desk(*state);
    for (int i = -1; i <= ITEMS; i += i < 3 || i > ITEMS - 4 ? 1 : 23) {
        for (int second = 0; second < 60; second += 59) {
            char moment[DGMI_DATE_SIZE];
            dgmi_date_format(begin + 60 * i + second, moment);
            dgm_page *page = SEARCH(desk, "q", "copper", "limit", "1", "as_of", moment);
            int want = i < 0 ? 0 : i >= ITEMS ? ITEMS : i + 1;
            assert_int_equal(page->total, want);
            dgm_page_free(page);
        }
    }
    dgm_close(desk);
}

static void feed_some(const char *data, unsigned page)
{
    if (page < 3)
        feed_made(data, 200 + 30 * page, 230 + 30 * page);
}

static void pages_of_a_moment_hold_while_items_come_in(void **state)
{
    feed_made(*state, 0, 150);
    char *place = place_now(*state);
    feed_made(*state, 150, 200);
    dgm *desk = open_desk(*state);
    dgm_page *whole = SEARCH(desk, "q", "copper", "as_of", place, "limit", "100");
    char *want = ids_of(whole);
    char *got = ids_of_pages(desk, PAIRS("q", "copper", "as_of", place, "limit", "7"),
                             whole->total, feed_some, *state);
    assert_string_equal(got, want);
    free(want);
    free(got);
    free(place);
    dgm_page_free(whole);
    dgm_close(desk);
}

static void age_is_counted_from_the_moment(void **state)
{
    feed(*state,
         "{\"id\":\"a\",\"fetched\":\"2021-01-02\",\"published\":\"2021-01-01\",\"body\":"
         "\"copper mine\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *plain = SEARCH(desk, "q", "copper");
    dgm_page *soon = SEARCH(desk, "q", "copper", "recency", "1", "half_life", "10",
                            "as_of", "2021-01-10T23:59:59Z");
    double want = plain->hits[0].score / 2;
    assert_true(soon->hits[0].score > want * 0.99 && soon->hits[0].score < want * 1.01);
    char *place = place_now(*state);
    char moment[80];
    snprintf(moment, sizeof moment, "%s,2021-01-11", place);
    dgm_page *named =
        SEARCH(desk, "q", "copper", "recency", "1", "half_life", "10", "as_of", moment);
    assert_true(named->hits[0].score == want);
    free(place);
    dgm_page_free(plain);
    dgm_page_free(soon);
    dgm_page_free(named);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moment_prints_as_it_is_read),
        cmocka_unit_test(text_that_names_no_moment_is_refused),
        DESK_TEST(moment_that_the_archive_never_had_is_refused),
        DESK_TEST(items_that_came_later_change_no_answer),
        DESK_TEST(item_that_changed_since_is_found_as_it_was),
        DESK_TEST(item_that_was_replaced_since_is_found_and_its_successor_is_not),
        DESK_TEST(time_stands_for_what_had_been_read_by_then),
        DESK_TEST(pages_of_a_moment_hold_while_items_come_in),
        DESK_TEST(age_is_counted_from_the_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
