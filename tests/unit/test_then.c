/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of searches as of an earlier moment: pages, scans and comparisons while items
 * change, what fills a page, and what is left out. */
#include "moments.h"

#include "recall.h"

/* ---- What lies between two pages ---- */

static void correct_made(const char *data, unsigned from, unsigned step)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = from; i < 150; i += step)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"m%03u\",\"title\":\"Corrected\",\"updated\":"
                        "\"2022-01-01T00:00:%02uZ\",\"body\":\"Copper no more.\"}\n",
                        i, from);
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

static void correct_some(const char *data, unsigned page)
{
    correct_made(data, 4 + page, 5);
}

static void check_paged(void *data, const char *sort)
{
    feed_made(data, 0, 150);
    char *place = strdup(text_of(archive_end(data)));
    correct_made(data, 3, 11);
    dgm *desk = open_desk(data);
    dgm_page *whole = SEARCH(desk, "q", "copper wheat", "as_of", place, "limit", "100",
                             "match", "any", "sort", sort);
    char *want = ids_of(whole);
    char *got = ids_of_pages(desk,
                             PAIRS("q", "copper wheat", "as_of", place, "limit", "7",
                                   "match", "any", "sort", sort),
                             whole->total, correct_some, data);
    /* a page has a hundred hits at most */
    assert_true(strncmp(got, want, strlen(want)) == 0);
    free(want);
    free(got);
    free(place);
    dgm_page_free(whole);
    dgm_close(desk);
}

static void pages_by_relevance_hold_while_items_change(void **state)
{
    check_paged(*state, "relevance");
}

static void pages_by_time_hold_while_items_change(void **state)
{
    check_paged(*state, "newest");
}

/* ---- Whatever else finds items ---- */

static void check_only_then(dgm *desk, const char *const *pairs)
{
    dgm_page *page = search_pairs(desk, pairs);
    assert_true(page->n_hits > 0);
    for (size_t i = 0; i < page->n_hits; i++)
        assert_true(strncmp(page->hits[i].id, "then", 4) == 0);
    dgm_page_free(page);
}

static void nothing_that_fills_a_page_comes_from_later(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < 12; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"then%d\",\"body\":\"The senate of Kale opened a "
                        "copper mine, number %d, with smelter and railway.\"}\n",
                        i, i);
    feed(*state, lines.p);
    char *place = strdup(text_of(archive_end(*state)));
    dgmi_buf_reset(&lines);
    for (int i = 0; i < 12; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"later%d\",\"body\":\"Copper from the smelter of "
                        "Kale goes by railway, locomotive number %d, opened.\"}\n",
                        i, i);
    dgmi_buf_puts(&lines, "{\"id\":\"then3\",\"updated\":\"2022-01-01\",\"body\":"
                          "\"Nothing of it was true.\"}\n");
    feed(*state, lines.p);
    dgm *desk = open_desk(*state);
    check_only_then(desk, PAIRS("q", "coper", "as_of", place, "limit", "50"));
    check_only_then(desk,
                    PAIRS("q", "mine", "expand", "1", "as_of", place, "limit", "50"));
    dgm_page *suggested = SEARCH(desk, "q", "lokomotive", "as_of", place);
    assert_null(suggested->suggestion);
    dgm_page_free(suggested);
    suggested = SEARCH(desk, "q", "lokomotive");
    assert_string_equal(suggested->suggestion, "locomotive");
    dgm_page_free(suggested);
    check_only_then(desk, PAIRS("q", "copper zebra", "as_of", place, "limit", "50"));
    check_only_then(
        desk, PAIRS("q", "copper", "recency", "0.5", "as_of", place, "limit", "50"));
    check_only_then(desk, PAIRS("similar", "then3", "as_of", place, "limit", "50"));
    dgm_page *page = SEARCH(desk, "q", "copper", "recency", "0.5", "as_of", place);
    assert_int_equal(page->total, 12);
    dgm_page_free(page);
    dgm_error e = DGM_ERROR_INIT;
    dgm_request *r = request_of(PAIRS("similar", "later3", "as_of", place));
    assert_int_equal(dgm_search(desk, r, &page, &e), DGM_E_NOTFOUND);
    dgm_request_free(r);
    dgmi_buf_clear(&lines);
    free(place);
    dgm_close(desk);
}

/* An item that changed since closed it, so it is known. */
static void circle_that_a_change_closed_was_none_then(void **state)
{
    feed(*state, "{\"id\":\"a\",\"body\":\"copper one\"}\n"
                 "{\"id\":\"b\",\"body\":\"copper two\",\"links\":"
                 "{\"evolved_from\":\"a\"}}\n");
    char *place = strdup(text_of(archive_end(*state)));
    feed(*state, "{\"id\":\"a\",\"body\":\"copper three\",\"updated\":\"2022-01-01\","
                 "\"links\":{\"evolved_from\":\"b\"}}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "copper", "as_of", place), "b", false);
    check_ids(desk, PAIRS("q", "copper", "as_of", place, "versions", "all"), "a b",
              false);
    check_ids(desk, PAIRS("q", "copper"), "a b", false);
    free(place);
    dgm_close(desk);
}

/* Not even where nothing that changed had any: see put() of recall.c. */
static void phrase_finds_no_items_without_words(void **state)
{
    feed(*state, "{\"id\":\"words\",\"body\":\"a copper mine\"}\n"
                 "{\"id\":\"none\",\"title\":\"!!!\"}\n");
    char *place = strdup(text_of(archive_end(*state)));
    feed(*state, "{\"id\":\"none\",\"title\":\"???\",\"updated\":\"2022-01-01\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "", "as_of", place), "words none", false);
    check_ids(desk, PAIRS("q", "\"copper mine\"", "as_of", place), "words", false);
    free(place);
    dgm_close(desk);
}

/* What was found stands as it stood, though the index went on under it. */
static void scan_reads_what_stood_while_items_change(void **state)
{
    dgm_scan *scan = NULL;
    dgm_item *item = NULL;
    dgm_error e = DGM_ERROR_INIT;
    size_t n = 0;
    feed_made(*state, 0, 150);
    char *place = strdup(text_of(archive_end(*state)));
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "copper", "as_of", place, "limit", "1");
    OK(dgm_scan_open(request_of(PAIRS("q", "copper", "as_of", place)), 0, &scan, err));
    while (dgm_scan_next(scan, desk, &item, &e) == DGM_OK) {
        assert_true(strncmp(item->title, "Number ", 7) == 0);
        dgm_item_free(item);
        if (n++ % 20 == 0)
            correct_made(*state, 3 + (unsigned)n % 7, 5);
    }
    assert_int_equal(n, page->total);
    dgm_scan_close(scan);
    dgm_page_free(page);
    free(place);
    dgm_close(desk);
}

/* ---- Two moments at once ---- */

static dgm_request *side_of(const char *as_of, const char *q)
{
    dgm_request *r = request_of(PAIRS("exact", "0"));
    if (as_of)
        OK(dgm_request_set(r, "as_of", as_of, err));
    if (q)
        OK(dgm_request_set(r, "q", q, err));
    return r;
}

static dgm_comparison *compare_sides(dgm *desk, dgm_request *both, dgm_request *a,
                                     dgm_request *b)
{
    dgm_comparison *made = NULL;
    const dgm_compare_form form = { .trends = { .interval = 1 + DGMI_MONTH } };
    OK(dgm_compare(desk, both, a, b, &form, &made, err));
    dgm_request_free(both);
    dgm_request_free(a);
    dgm_request_free(b);
    return made;
}

static void sides_of_a_comparison_have_moments_of_their_own(void **state)
{
    feed_made(*state, 0, 150);
    char *first = strdup(text_of(archive_end(*state)));
    correct_made(*state, 3, 11);
    char *second = strdup(text_of(archive_end(*state)));
    correct_made(*state, 5, 7);
    dgm *desk = open_desk(*state);
    const char *moments[] = { first, second, NULL };
    uint64_t totals[3];
    for (int i = 0; i < 3; i++) {
        dgm_page *page = moments[i] ? SEARCH(desk, "q", "copper", "as_of", moments[i])
                                    : SEARCH(desk, "q", "copper");
        totals[i] = page->total;
        dgm_page_free(page);
    }
    assert_true(totals[0] != totals[1] && totals[1] != totals[2]);
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            dgm_comparison *c =
                compare_sides(desk, side_of(NULL, "copper"), side_of(moments[a], NULL),
                              side_of(moments[b], NULL));
            assert_int_equal(c->a.all.items, totals[a]);
            assert_int_equal(c->b.all.items, totals[b]);
            assert_true(c->both <= totals[a] && c->both <= totals[b]);
            assert_true(a != b || c->both == totals[a]);
            dgm_comparison_free(c);
        }
    }
    free(first);
    free(second);
    dgm_close(desk);
}

/* "alpha" and "delta" are in the items of a, then and now, and one of them more now. */
static void words_of_a_side_are_counted_as_then(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < 30; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"a%d\",\"body\":\"Copper alpha number %d.\"}\n"
                        "{\"id\":\"b%d\",\"body\":\"Zinc gamma number %d.\"}\n",
                        i, i * 7, i, i * 11);
    feed(*state, lines.p);
    char *place = strdup(text_of(archive_end(*state)));
    dgmi_buf_reset(&lines);
    for (int i = 0; i < 30; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"a%d\",\"updated\":\"2022-01-01\",\"body\":\"Brass "
                        "alpha number %d.\"}\n",
                        i, i * 7);
    feed(*state, lines.p);
    dgm *desk = open_desk(*state);
    dgm_comparison *c = compare_sides(desk, side_of(place, NULL), side_of(NULL, "copper"),
                                      side_of(NULL, "zinc"));
    assert_int_equal(c->a.all.items, 30);
    assert_int_equal(c->b.all.items, 30);
    assert_int_equal(c->a.n_words + c->a.n_names, 1);
    const dgm_word *word = c->a.n_words > 0 ? c->a.words : c->a.names;
    assert_int_equal(word->a, 30);
    assert_int_equal(word->b, 0);
    dgm_comparison_free(c);
    /* what both sides ask for is asked for as of the moment, too */
    c = compare_sides(desk, side_of(NULL, "copper"), side_of(place, NULL),
                      side_of(NULL, NULL));
    assert_int_equal(c->a.all.items, 30);
    assert_int_equal(c->b.all.items, 0);
    dgm_comparison_free(c);
    dgmi_buf_clear(&lines);
    free(place);
    dgm_close(desk);
}

/* ---- Bounds ---- */

static void feed_many(const char *data, unsigned n, const char *text)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i < n; i++)
        dgmi_buf_printf(&lines, "{\"id\":\"n%u\",\"updated\":\"%s\",\"body\":\"%s\"}\n",
                        i, *text == 'c' ? "2021-01-01" : "2021-01-02", text);
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* So many that they are not read back are left out, and that is told. */
static void more_changes_than_are_read_back_are_told(void **state)
{
    char one_more[80];
    feed_many(*state, DGMI_RECALL_ITEMS + 2, "copper");
    char *place = strdup(text_of(archive_end(*state)));
    feed_many(*state, DGMI_RECALL_ITEMS, "tin and copper");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "copper", "as_of", place, "limit", "1");
    assert_int_equal(page->total, DGMI_RECALL_ITEMS + 2);
    assert_int_equal(page->n_warnings, 0);
    dgm_page_free(page);
    snprintf(one_more, sizeof one_more,
             "{\"id\":\"n%u\",\"updated\":\"2021-01-02\",\"body\":\"tin\"}\n",
             DGMI_RECALL_ITEMS);
    feed(*state, one_more);
    page = SEARCH(desk, "q", "copper", "as_of", place, "limit", "1");
    assert_int_equal(page->total, 1);
    assert_int_equal(page->n_warnings, 2);
    assert_non_null(
        strstr(page->warnings[0], "left out, for they changed since: n0, n1"));
    snprintf(one_more, sizeof one_more, "%u items", DGMI_RECALL_ITEMS + 1);
    assert_true(strncmp(page->warnings[1], one_more, strlen(one_more)) == 0);
    assert_non_null(strstr(page->warnings[1], "too many to be read back"));
    dgm_page_free(page);
    free(place);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(pages_by_relevance_hold_while_items_change),
        DESK_TEST(pages_by_time_hold_while_items_change),
        DESK_TEST(nothing_that_fills_a_page_comes_from_later),
        DESK_TEST(circle_that_a_change_closed_was_none_then),
        DESK_TEST(phrase_finds_no_items_without_words),
        DESK_TEST(scan_reads_what_stood_while_items_change),
        DESK_TEST(sides_of_a_comparison_have_moments_of_their_own),
        DESK_TEST(words_of_a_side_are_counted_as_then),
        DESK_TEST(more_changes_than_are_read_back_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
