/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of age as a part of scores: the formula, and searches against what sorting all
 * matches by hand gives. */
#include "searching.h"

#include <math.h>

#include "plan.h"
#include "recency.h"

#define NOW 1640995200 /* 2022-01-01 */
#define DAY 86400

static dgm_request *aged(const char *share, const char *days, const char *const *pairs)
{
    dgm_request *r = request_of(pairs);
    OK(dgm_request_set(r, "recency", share, err));
    OK(dgm_request_set(r, "half_life", days, err));
    dgm_request_set_now(r, NOW);
    return r;
}

static dgm_page *run(dgm *desk, dgm_request *r)
{
    dgm_page *page = NULL;
    OK(dgm_search(desk, r, &page, err));
    dgm_request_free(r);
    return page;
}

static void check_order(dgm *desk, dgm_request *r, const char *want)
{
    dgm_page *page = run(desk, r);
    char *got = ids_of(page);
    assert_string_equal(got, want);
    free(got);
    dgm_page_free(page);
}

/* ---- The formula ---- */

static void share_of_the_score_halves_with_each_half_life(void **state)
{
    (void)state;
    dgmi_recency r = { .share = 0.5, .half_life = 10 * DAY, .now = NOW };
    assert_true(dgmi_recency_factor(&r, NOW) == 1);
    assert_true(dgmi_recency_factor(&r, NOW + DAY) == 1);
    assert_true(dgmi_recency_factor(&r, NOW - 10 * DAY) == 0.75);
    assert_true(dgmi_recency_factor(&r, NOW - 20 * DAY) == 0.625);
    assert_true(fabs(dgmi_recency_factor(&r, DGM_NO_TIME) - 0.5) < 1e-9);
    assert_true(dgmi_recency_factor(&r, DGM_NO_TIME) ==
                dgmi_recency_factor(&r, NOW - 100000ll * DAY));
}

static void items_before_the_bound_have_less_than_the_factor(void **state)
{
    (void)state;
    for (int k = 1; k <= 10; k++) {
        dgmi_recency r = { .share = k / 10.0, .half_life = k * 7 * DAY, .now = NOW };
        for (int day = 0; day < 900; day += 13) {
            double factor = dgmi_recency_factor(&r, NOW - day * DAY);
            int64_t since = dgmi_recency_since(&r, factor);
            assert_true(since == INT64_MIN || since <= NOW - day * DAY);
            if (since != INT64_MIN)
                assert_true(dgmi_recency_factor(&r, since - 3600) < factor);
        }
    }
}

static void aged_score_and_what_it_lost_sum_to_the_bit(void **state)
{
    (void)state;
    for (unsigned i = 1; i < 2000; i++) {
        double score = i * 987654321ull * DGMI_WEIGHT_STEP, factor = 0.37 / (1 + i % 97);
        double left = dgmi_recency_score(score, factor);
        assert_true(score + (left - score) == left);
        assert_true(left <= score * factor && left > score * factor * (1 - 1e-12));
    }
}

/* ---- Searches ---- */

static void newer_item_gains_on_a_better_one_as_the_share_grows(void **state)
{
    feed(*state,
         "{\"id\":\"best\",\"published\":\"2021-01-01\",\"body\":\"copper copper "
         "copper mine\"}\n"
         "{\"id\":\"new\",\"published\":\"2021-12-31\",\"body\":\"copper in a mine"
         " somewhere\"}\n"
         "{\"id\":\"undated\",\"body\":\"copper in a mine somewhere else\"}\n"
         "{\"id\":\"else\",\"published\":\"2021-12-31\",\"body\":\"wheat\"}\n");
    dgm *desk = open_desk(*state);
    check_order(desk, aged("0", "30", PAIRS("q", "copper")), "best new undated");
    check_order(desk, aged("0.05", "30", PAIRS("q", "copper")), "best new undated");
    check_order(desk, aged("0.9", "30", PAIRS("q", "copper")), "new best undated");
    check_order(desk, aged("0.9", "36500", PAIRS("q", "copper")), "best new undated");
    dgm_close(desk);
}

static void explanation_tells_what_age_took_and_sums_to_the_score(void **state)
{
    feed_made(*state, 0, 60);
    dgm *desk = open_desk(*state);
    dgm_page *page =
        run(desk, aged("0.7", "100",
                       PAIRS("q", "copper wheat", "match", "any", "explain", "1")));
    dgm_page *plain = SEARCH(desk, "q", "copper wheat", "match", "any", "limit", "100");
    assert_true(page->n_hits == 10);
    for (size_t i = 0; i < page->n_hits; i++) {
        const dgm_hit *hit = &page->hits[i];
        double sum = 0, lost = 0;
        for (size_t k = 0; k < hit->n_parts; k++) {
            sum += hit->parts[k].weight;
            if (strcmp(hit->parts[k].what, "recency") == 0)
                lost = hit->parts[k].weight;
        }
        assert_true(sum == hit->score);
        assert_true(lost < 0);
        for (size_t k = 0; k < plain->n_hits; k++) {
            if (strcmp(plain->hits[k].id, hit->id) == 0)
                assert_true(hit->score - lost <= plain->hits[k].score + 1e-9);
        }
    }
    dgm_page_free(page);
    dgm_page_free(plain);
    dgm_close(desk);
}

static void totals_facets_and_histogram_are_those_without_it(void **state)
{
    feed_made(*state, 0, 200);
    dgm *desk = open_desk(*state);
    const char *const *pairs = PAIRS("q", "harbour", "facets", "region,year", "histogram",
                                     "month", "group", "story");
    dgm_page *page = run(desk, aged("0.5", "30", pairs)),
             *plain = search_pairs(desk, pairs);
    assert_int_equal(page->total, plain->total);
    assert_true(page->total_exact);
    assert_int_equal(page->items, plain->items);
    assert_int_equal(page->n_buckets, plain->n_buckets);
    for (size_t f = 0; f < plain->n_facets; f++) {
        assert_int_equal(page->facets[f].n_values, plain->facets[f].n_values);
        for (size_t v = 0; v < plain->facets[f].n_values; v++)
            assert_int_equal(page->facets[f].values[v].count,
                             plain->facets[f].values[v].count);
    }
    dgm_page_free(page);
    dgm_page_free(plain);
    dgm_close(desk);
}

/* All but one are ten half-lives old, and nothing tells which of them might be newer. */
static void page_says_when_it_could_not_look_at_all_matches(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i < DGMI_RECENCY_HITS + 100; i++)
        dgmi_buf_printf(&lines,
                        "{\"id\":\"i%u\",\"published\":\"%s\",\"body\":\"copper\"}\n", i,
                        i == 7 ? "2022-01-01" : "2021-12-22");
    feed(*state, lines.p);
    dgmi_buf_clear(&lines);
    dgm *desk = open_desk(*state);
    for (int bare = 0; bare < 2; bare++) { /* with all times in memory it can */
        if (bare)
            dgm_set_posting_bytes(desk, 0);
        dgm_page *page = run(desk, aged("1", "1", PAIRS("q", "copper")));
        assert_string_equal(page->hits[0].id, "i7");
        assert_int_equal(page->total, DGMI_RECENCY_HITS + 100);
        assert_int_equal(page->n_warnings, bare);
        if (bare)
            assert_non_null(strstr(page->warnings[0], "age"));
        dgm_page_free(page);
    }
    dgm_close(desk);
}

/* ---- Against sorting by hand ---- */

typedef struct row {
    char id[16];
    double score;
} row;

static int by_score(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return atoi(x->id + 1) - atoi(y->id + 1); /* the first in the archive comes first */
}

/* All matches sorted; in quotes, so that the second stage, which looks at 30 only, has no
 * part in it. */
static void check_against_hand(dgm *desk, const char *share, const char *days,
                               unsigned limit)
{
    static row rows[2000];
    dgm_page *all = NULL;
    dgm_request *r = request_of(PAIRS("q", "\"copper\" \"senate\"", "match", "any"));
    dgm_request_set_window(r, 2000);
    OK(dgm_search(desk, r, &all, err));
    dgm_request_free(r);
    dgmi_recency recency = { .share = atof(share),
                             .half_life = atof(days) * DAY,
                             .now = NOW };
    for (size_t i = 0; i < all->n_hits; i++) {
        snprintf(rows[i].id, sizeof rows[i].id, "%s", all->hits[i].id);
        double factor = dgmi_recency_factor(&recency, all->hits[i].published);
        rows[i].score = dgmi_recency_score(all->hits[i].score, factor);
    }
    qsort(rows, all->n_hits, sizeof *rows, by_score);
    r = aged(share, days, PAIRS("q", "\"copper\" \"senate\"", "match", "any"));
    dgm_request_set_window(r, limit);
    dgm_page *page = run(desk, r);
    assert_true(all->n_hits > 800);
    assert_int_equal(page->n_hits, limit < all->n_hits ? limit : all->n_hits);
    for (size_t i = 0; i < page->n_hits; i++) {
        assert_string_equal(page->hits[i].id, rows[i].id);
        assert_true(page->hits[i].score == rows[i].score);
    }
    assert_int_equal(page->n_warnings, 0);
    dgm_page_free(page);
    dgm_page_free(all);
}

static void page_is_what_sorting_all_matches_gives(void **state)
{
    static const char *const shares[] = { "0.01", "0.2", "0.5", "0.9", "1" };
    static const char *const days[] = { "0.5", "10", "100", "3000" };
    feed_made(*state, 0, 900);
    feed_made(*state, 900, 1500); /* some from after "now" */
    dgm *desk = open_desk(*state);
    for (size_t s = 0; s < 5; s++) {
        for (size_t d = 0; d < 4; d++) {
            check_against_hand(desk, shares[s], days[d], 1);
            check_against_hand(desk, shares[s], days[d], 30);
            check_against_hand(desk, shares[s], days[d], 400);
            check_against_hand(desk, shares[s], days[d], 2000);
        }
    }
    dgm_close(desk);
}

/* ---- With the other parts of a search ---- */

static void newest_member_stands_for_its_story_where_it_is_as_good(void **state)
{
    static const char text[] =
        "The senate of Kale agreed on Monday after long talks that the harbour is to be "
        "built anew with money of the bridge fund, the chairman told reporters in the "
        "evening, and that work begins in spring when the ferries are back.";
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < 3; i++)
        dgmi_buf_printf(
            &lines, "{\"id\":\"c%d\",\"published\":\"2021-12-%02d\",\"body\":\"%s\"}\n",
            i, 3 + 2 * i, text);
    dgmi_buf_puts(&lines,
                  "{\"id\":\"else\",\"published\":\"2021-12-04\",\"body\":\"A harbour "
                  "of another senate is closed for good.\"}\n");
    feed(*state, lines.p);
    dgm *desk = open_desk(*state);
    const char *const *pairs =
        PAIRS("q", "harbour senate", "group", "story", "limit", "1");
    dgm_page *page =
        run(desk, aged("0.5", "2", PAIRS("q", "harbour senate", "group", "story")));
    char *ids = ids_of(page);
    assert_non_null(strstr(ids, "c2"));
    assert_null(strstr(ids, "c0"));
    assert_int_equal(page->n_hits, 2);
    assert_int_equal(page->total, 2);
    free(ids);
    dgm_page *first = run(desk, aged("0.5", "2", pairs));
    dgm_request *r = aged("0.5", "2", pairs);
    OK(dgm_request_set(r, "cursor", first->next, err));
    dgm_page *second = run(desk, r);
    assert_int_equal(second->n_hits, 1);
    assert_string_not_equal(second->hits[0].id, first->hits[0].id);
    assert_null(second->next);
    dgm_page_free(first);
    dgm_page_free(second);
    dgm_page_free(page);
    dgmi_buf_clear(&lines);
    dgm_close(desk);
}

static void relaxed_hits_stay_behind_strict_ones_and_age_too(void **state)
{
    feed(*state,
         "{\"id\":\"old\",\"published\":\"2001-01-01\",\"body\":\"copper wheat ferry\"}\n"
         "{\"id\":\"part-old\",\"published\":\"2001-01-01\",\"body\":\"copper wheat\"}\n"
         "{\"id\":\"part-new\",\"published\":\"2021-12-31\",\"body\":\"copper wheat "
         "and\"}\n");
    dgm *desk = open_desk(*state);
    check_order(desk, aged("0.8", "30", PAIRS("q", "copper wheat ferry")),
                "old ~part-new ~part-old");
    dgm_close(desk);
}

static void nearness_of_words_counts_beside_age(void **state)
{
    feed(*state, "{\"id\":\"apart\",\"published\":\"2021-12-30\",\"body\":\"Water was "
                 "let in after a "
                 "long dry month and cannon fired.\"}\n"
                 "{\"id\":\"near\",\"published\":\"2021-12-30\",\"body\":\"After a long "
                 "dry month water "
                 "cannon fired and was let in.\"}\n"
                 "{\"id\":\"oldest\",\"published\":\"2011-12-30\",\"body\":\"After a "
                 "long dry month "
                 "water cannon fired and was let in.\"}\n");
    dgm *desk = open_desk(*state);
    check_order(desk, aged("0.9", "30", PAIRS("q", "water cannon")), "near apart oldest");
    dgm_close(desk);
}

static void items_like_another_are_ordered_by_age_too(void **state)
{
    feed(*state,
         "{\"id\":\"one\",\"published\":\"2021-12-30\",\"body\":\"desalination of brine "
         "by "
         "osmosis plants\"}\n"
         "{\"id\":\"old\",\"published\":\"2001-12-30\",\"body\":\"osmosis and brine "
         "again\"}\n"
         "{\"id\":\"new\",\"published\":\"2021-12-30\",\"body\":\"osmosis and brine once "
         "more"
         "\"}\n{\"id\":\"else\",\"published\":\"2021-12-30\",\"body\":\"opera\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = run(desk, aged("0.9", "30", PAIRS("similar", "one")));
    assert_true(page->n_hits == 2);
    assert_string_equal(page->hits[0].id, "new");
    dgm_page_free(page);
    dgm_close(desk);
}

/* ---- Pages ---- */

/* All pages behind one another; later ones are asked for at another time, and while items
 * come in. The caller frees. */
static char *walk(const char *data, dgm *desk, const char *limit, const char *group,
                  bool moving)
{
    dgmi_buf all;
    char *cursor = NULL;
    dgmi_buf_init(&all, 0);
    for (unsigned number = 0; number == 0 || cursor; number++) {
        dgm_request *r = aged(
            "0.6", "40",
            PAIRS("q", "copper wheat", "match", "any", "limit", limit, "group", group));
        if (cursor)
            OK(dgm_request_set(r, "cursor", cursor, err));
        if (moving)
            dgm_request_set_now(r, NOW + number * 50 * DAY);
        if (moving && number == 0)
            dgm_request_set_now(r, NOW);
        dgm_page *page = run(desk, r);
        char *ids = ids_of(page);
        dgmi_buf_printf(&all, "%s%s", all.n > 0 ? " " : "", ids);
        free(ids);
        free(cursor);
        cursor = page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
        if (moving && number < 3)
            feed_made(data, 500 + number * 20, 520 + number * 20);
    }
    char *text = dgmi_buf_take(&all);
    return text;
}

static void pages_hold_while_time_passes_and_items_come_in(void **state)
{
    static const char *const groups[] = { "none", "story" };
    feed_made(*state, 0, 400);
    dgm *desk = open_desk(*state);
    char *want[2];
    for (int g = 0; g < 2; g++) {
        want[g] = walk(*state, desk, "100", groups[g], false);
        char *by_seven = walk(*state, desk, "7", groups[g], false);
        assert_string_equal(by_seven, want[g]);
        free(by_seven);
    }
    char *got = walk(*state, desk, "7", "none", true);
    assert_string_equal(got, want[0]);
    free(got);
    free(want[0]);
    free(want[1]);
    dgm_close(desk);
}

static void scan_gives_all_hits_in_the_order_of_the_pages(void **state)
{
    feed_made(*state, 0, 600);
    dgm *desk = open_desk(*state);
    dgm_scan *scan = NULL;
    dgm_item *item = NULL;
    dgm_request *r = aged("0.6", "40", PAIRS("q", "copper"));
    dgm_request_set_window(r, 1000);
    dgm_page *page = run(desk, r);
    OK(dgm_scan_open(aged("0.6", "40", PAIRS("q", "copper")), 0, &scan, err));
    size_t n = 0;
    while (dgm_scan_next(scan, desk, &item, NULL) == DGM_OK) {
        assert_string_equal(item->id, page->hits[n++].id);
        dgm_item_free(item);
    }
    assert_int_equal(n, page->n_hits);
    assert_true(n > 200);
    dgm_scan_close(scan);
    dgm_page_free(page);
    dgm_close(desk);
}

/* ---- What is refused, and what does nothing ---- */

static void value_that_is_no_number_of_the_range_is_refused_by_name(void **state)
{
    static const char *const bad[][2] = {
        { "recency", "1.1" },
        { "recency", "-0.1" },
        { "recency", "nan" },
        { "recency", "1e-1" },
        { "recency", "." },
        { "recency", "0.5x" },
        { "recency", "0,5" },
        { "half_life", "0" },
        { "half_life", "36501" },
        { "half_life", "inf" },
        { "half_life", "30d" },
        { "half_life", "0.001" },
        { "recency", "0.00000000000000000000000000001" },
    };
    (void)state;
    dgm_request *r = dgm_request_new();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dgm_error e = DGM_ERROR_INIT;
        assert_int_equal(dgm_request_set(r, bad[i][0], bad[i][1], &e), DGM_E_ARG);
        assert_true(strncmp(e.text, bad[i][0], strlen(bad[i][0])) == 0);
        assert_non_null(strstr(e.text, bad[i][1]));
    }
    OK(dgm_request_set(r, "recency", "1", err));
    OK(dgm_request_set(r, "recency", ".25", err));
    OK(dgm_request_set(r, "half_life", "0.5", err));
    assert_string_equal(dgm_request_text(r), "half_life=0.5&recency=0.25");
    OK(dgm_request_set(r, "recency", "0.0", err));
    assert_string_equal(dgm_request_text(r), "");
    dgm_request_free(r);
}

static void check_warning(dgm *desk, const char *const *pairs, const char *part)
{
    dgm_page *page = search_pairs(desk, pairs);
    assert_int_equal(page->n_warnings, 1);
    assert_non_null(strstr(page->warnings[0], part));
    dgm_page_free(page);
}

static void request_in_which_it_does_nothing_is_told_so(void **state)
{
    feed_made(*state, 0, 20);
    dgm *desk = open_desk(*state);
    check_warning(desk, PAIRS("q", "copper", "recency", "0.5", "sort", "newest"),
                  "by relevance");
    check_warning(desk, PAIRS("q", "copper", "half_life", "5"), "without recency");
    dgm_close(desk);
}

static void cursor_of_another_share_is_refused(void **state)
{
    feed_made(*state, 0, 100);
    dgm *desk = open_desk(*state);
    dgm_page *page = run(desk, aged("0.5", "30", PAIRS("q", "copper"))), *none = NULL;
    dgm_request *r = aged("0.6", "30", PAIRS("q", "copper", "cursor", page->next));
    assert_int_equal(dgm_search(desk, r, &none, NULL), DGM_E_ARG);
    dgm_request_free(r);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(share_of_the_score_halves_with_each_half_life),
        cmocka_unit_test(items_before_the_bound_have_less_than_the_factor),
        cmocka_unit_test(aged_score_and_what_it_lost_sum_to_the_bit),
        DESK_TEST(newer_item_gains_on_a_better_one_as_the_share_grows),
        DESK_TEST(explanation_tells_what_age_took_and_sums_to_the_score),
        DESK_TEST(totals_facets_and_histogram_are_those_without_it),
        DESK_TEST(page_says_when_it_could_not_look_at_all_matches),
        DESK_TEST(page_is_what_sorting_all_matches_gives),
        DESK_TEST(newest_member_stands_for_its_story_where_it_is_as_good),
        DESK_TEST(relaxed_hits_stay_behind_strict_ones_and_age_too),
        DESK_TEST(nearness_of_words_counts_beside_age),
        DESK_TEST(items_like_another_are_ordered_by_age_too),
        DESK_TEST(pages_hold_while_time_passes_and_items_come_in),
        DESK_TEST(scan_gives_all_hits_in_the_order_of_the_pages),
        cmocka_unit_test(value_that_is_no_number_of_the_range_is_refused_by_name),
        DESK_TEST(request_in_which_it_does_nothing_is_told_so),
        DESK_TEST(cursor_of_another_share_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
