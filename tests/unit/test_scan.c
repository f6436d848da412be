/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of scans: every hit once, in order, whatever becomes of the index meanwhile. */
#include "searching.h"

enum { ITEMS = 300 };

static dgm_scan *scan_of(const char *const *pairs, uint64_t most)
{
    dgm_scan *scan = NULL;
    OK(dgm_scan_open(request_of(pairs), most, &scan, err));
    return scan;
}

/* Ids of up to `most` further hits, parted by blanks. */
static char *take_ids(dgm_scan *scan, dgm *desk, unsigned most)
{
    dgmi_buf ids;
    dgm_item *item = NULL;
    dgm_status status = DGM_OK;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf_init(&ids, 0);
    for (unsigned i = 0;
         i < most && (status = dgm_scan_next(scan, desk, &item, &err)) == DGM_OK; i++) {
        dgmi_buf_printf(&ids, "%s ", item->id);
        dgm_item_free(item);
    }
    assert_true(status == DGM_OK || status == DGM_E_NOTFOUND);
    return dgmi_buf_take(&ids);
}

static char *ids_at_once(dgm *desk, const char *const *pairs)
{
    dgm_scan *scan = scan_of(pairs, 0);
    char *ids = take_ids(scan, desk, UINT32_MAX);
    dgm_scan_close(scan);
    return ids;
}

static char *joined(char *a, char *b)
{
    dgmi_buf both;
    dgmi_buf_init(&both, 0);
    dgmi_buf_puts(&both, a);
    dgmi_buf_puts(&both, b);
    free(a);
    free(b);
    return dgmi_buf_take(&both);
}

static void check_same(char *got, char *want)
{
    assert_string_equal(got, want);
    free(got);
    free(want);
}

static void scan_goes_on_in_a_new_generation(void **state)
{
    static const char *const sorts[] = { "newest", "oldest" };
    feed_made(*state, 0, ITEMS);
    for (int i = 0; i < 2; i++) {
        dgm *desk = open_desk(*state);
        const char *const pairs[] = { "sort", sorts[i], NULL };
        char *want = ids_at_once(desk, pairs);
        dgm_scan *scan = scan_of(pairs, 0);
        char *first = take_ids(scan, desk, 117);
        OK(dgm_reindex(*state, NULL, NULL, err));
        check_same(joined(first, take_ids(scan, desk, UINT32_MAX)), want);
        dgm_scan_close(scan);
        dgm_close(desk);
    }
}

static void scan_goes_on_with_another_reader(void **state)
{
    feed_made(*state, 0, ITEMS);
    dgm *one = open_desk(*state), *two = open_desk(*state);
    char *want = ids_at_once(one, PAIRS("match", "any", "q", "harbour ferry copper"));
    dgm_scan *scan = scan_of(PAIRS("match", "any", "q", "harbour ferry copper"), 0);
    char *got = take_ids(scan, one, 20);
    for (int i = 0; i < 3; i++)
        got = joined(got, take_ids(scan, i % 2 ? one : two, 7));
    check_same(joined(got, take_ids(scan, two, UINT32_MAX)), want);
    dgm_scan_close(scan);
    dgm_close(one);
    dgm_close(two);
}

static void scan_leaves_out_what_was_withdrawn_or_came_meanwhile(void **state)
{
    dgm_ingest *ingest = NULL;
    dgm_error err_ = DGM_ERROR_INIT;
    feed_made(*state, 0, ITEMS);
    dgm *desk = open_desk(*state);
    dgm_scan *scan = scan_of(PAIRS("sort", "newest"), 0);
    char *first = take_ids(scan, desk, 10);
    char *second_want = ids_at_once(desk, PAIRS("sort", "newest"));
    const char *rest = second_want + strlen(first);
    char *gone = strndup(rest, strcspn(rest, " "));
    OK(dgm_ingest_open(*state, NULL, &ingest, err));
    OK(dgm_ingest_cancel(ingest, gone, NULL, err));
    OK(dgm_ingest_commit(ingest, NULL, err));
    dgm_ingest_close(ingest);
    feed_made(*state, ITEMS, ITEMS + 40);
    char *second = take_ids(scan, desk, UINT32_MAX);
    assert_string_equal(second, rest + strlen(gone) + 1);
    dgm_item *none = NULL;
    assert_int_equal(dgm_scan_next(scan, desk, &none, &err_), DGM_E_NOTFOUND);
    assert_null(none);
    assert_int_equal(err_.code, DGM_OK);
    free(gone);
    free(first);
    free(second);
    free(second_want);
    dgm_scan_close(scan);
    dgm_close(desk);
}

static void scan_of_so_many_hits_ends_after_them(void **state)
{
    feed_made(*state, 0, 40);
    dgm *desk = open_desk(*state);
    char *all = ids_at_once(desk, PAIRS("sort", "oldest"));
    dgm_scan *some = scan_of(PAIRS("sort", "oldest"), 7);
    char *first = take_ids(some, desk, UINT32_MAX);
    assert_true(dgm_scan_is_last(some));
    dgm_scan *rest = scan_of(PAIRS("sort", "oldest", "cursor", dgm_scan_cursor(some)), 0);
    check_same(joined(first, take_ids(rest, desk, UINT32_MAX)), all);
    dgm_scan_close(some);
    dgm_scan_close(rest);
    dgm_close(desk);
}

static void scan_of_an_empty_archive_ends_at_once(void **state)
{
    dgm *desk = open_desk(*state);
    dgm_scan *scan = scan_of(PAIRS("q", "water"), 0);
    dgm_item *item = NULL;
    assert_int_equal(dgm_scan_next(scan, desk, &item, NULL), DGM_E_NOTFOUND);
    assert_null(dgm_scan_cursor(scan));
    dgm_scan_close(scan);
    dgm_close(desk);
}

static void scan_tells_where_a_query_is_wrong(void **state)
{
    dgm_error err = DGM_ERROR_INIT;
    feed_made(*state, 0, 5);
    dgm *desk = open_desk(*state);
    dgm_scan *scan = scan_of(PAIRS("q", "a date:2021-02-31"), 0);
    dgm_item *item = NULL;
    assert_int_equal(dgm_scan_next(scan, desk, &item, &err), DGM_E_QUERY);
    assert_int_equal(err.offset, 7);
    dgm_scan_close(scan);
    dgm_close(desk);
    assert_int_equal(dgm_scan_open(NULL, 0, &scan, NULL), DGM_E_ARG);
    assert_null(scan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(scan_goes_on_in_a_new_generation),
        DESK_TEST(scan_goes_on_with_another_reader),
        DESK_TEST(scan_leaves_out_what_was_withdrawn_or_came_meanwhile),
        DESK_TEST(scan_of_so_many_hits_ends_after_them),
        DESK_TEST(scan_of_an_empty_archive_ends_at_once),
        DESK_TEST(scan_tells_where_a_query_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
