/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of order by time, over many months and years. */
#include "searching.h"

static void search_sorts_by_time_with_the_undated_last(void **state)
{
    feed(*state, small_archive);
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("sort", "newest"),
              "open kyiv moscow bank beijing budget golf note", true);
    check_ids(desk, PAIRS("sort", "oldest"),
              "golf budget beijing bank moscow kyiv open note", true);
    check_ids(desk, PAIRS("q", "cyber", "sort", "newest"), "open bank budget", true);
    check_ids(desk, PAIRS("q", ""), "open kyiv moscow bank beijing budget golf note",
              true);
    check_ids(desk, PAIRS("region", "kenya"), "open budget", true);
    dgm_close(desk);
}

static void search_puts_the_original_before_its_copy(void **state)
{
    feed(*state, "{\"id\":\"z\",\"title\":\"T\",\"body\":\"Same words here\"}\n"
                 "{\"id\":\"a\",\"title\":\"T\",\"body\":\"Same words here\"}\n"
                 "{\"id\":\"m\",\"title\":\"T\",\"body\":\"Same words here\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "words"), "z a m", true);
    dgm_close(desk);
}

/* Items over sixty years, so that pages begin in windows of months, of years, and in
 * none. */
static void put_decades(dgmi_buf *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        dgmi_buf_printf(out, "{\"id\":\"y%03u\",\"title\":\"Ferry\",\"body\":\"%s\"", i,
                        i % 9 == 0 ? "rare" : "common");
        if (i % 10 != 0)
            dgmi_buf_printf(out, ",\"published\":\"%u-%02u-%02u\"", 1960 + i * 7 % 61,
                            1 + i % 12, 1 + i % 28);
        dgmi_buf_puts(out, "}\n");
    }
}

/* Dated hits in order, then undated ones. */
static void assert_in_order(const dgm_page *page, bool newest)
{
    for (size_t i = 1; i < page->n_hits; i++) {
        int64_t a = page->hits[i - 1].published, b = page->hits[i].published;
        if (b == DGM_NO_TIME)
            continue;
        assert_true(a != DGM_NO_TIME);
        assert_true(newest ? a >= b : a <= b);
    }
}

static void search_by_time_is_in_order_whatever_the_window(void **state)
{
    static const char *const queries[] = { "ferry", "common", "rare", "rare OR common",
                                           "" };
    static const char *const limits[] = { "1", "10", "100" };
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    put_decades(&lines, 400);
    feed(*state, lines.p);
    dgmi_buf_clear(&lines);
    dgm *desk = open_desk(*state);
    for (size_t q = 0; q < 5; q++) {
        for (size_t l = 0; l < 6; l++) {
            bool newest = l % 2 == 0;
            dgm_page *page = SEARCH(desk, "q", queries[q], "limit", limits[l / 2], "sort",
                                    newest ? "newest" : "oldest");
            dgm_page *whole = SEARCH(desk, "q", queries[q], "limit", "100", "sort",
                                     newest ? "newest" : "oldest");
            assert_in_order(page, newest);
            for (size_t i = 0; i < page->n_hits; i++)
                assert_string_equal(page->hits[i].id, whole->hits[i].id);
            dgm_page_free(page);
            dgm_page_free(whole);
        }
    }
    dgm_close(desk);
}

static void pages_by_time_add_up_to_all_items(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    put_decades(&lines, 230);
    feed(*state, lines.p);
    dgmi_buf_clear(&lines);
    dgm *desk = open_desk(*state);
    for (int newest = 0; newest < 2; newest++) {
        const char *sort = newest ? "newest" : "oldest";
        dgm_page *page = SEARCH(desk, "q", "ferry", "sort", sort, "limit", "9");
        size_t seen = page->n_hits;
        int64_t last = page->hits[page->n_hits - 1].published;
        while (page->next) {
            dgm_page *more = SEARCH(desk, "q", "ferry", "sort", sort, "limit", "9",
                                    "cursor", page->next);
            assert_in_order(more, newest);
            int64_t first = more->hits[0].published;
            assert_true(first == DGM_NO_TIME || (newest ? first <= last : first >= last));
            last = more->hits[more->n_hits - 1].published;
            seen += more->n_hits;
            dgm_page_free(page);
            page = more;
        }
        assert_int_equal(seen, 230);
        dgm_page_free(page);
    }
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(search_sorts_by_time_with_the_undated_last),
        DESK_TEST(search_puts_the_original_before_its_copy),
        DESK_TEST(search_by_time_is_in_order_whatever_the_window),
        DESK_TEST(pages_by_time_add_up_to_all_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
