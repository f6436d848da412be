/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of operators of places, patterns, neighbours and weights, over a small archive.
 */
#include "searching.h"

static const char archive[] =
    "{\"id\":\"next\",\"title\":\"Water cannons in Kale\",\"body\":\"The tug fired. "
    "Nobody was hurt.\",\"language\":\"en\"}\n"
    "{\"id\":\"four\",\"body\":\"A cannon that was fed with water. Rain fell on "
    "Kale.\",\"language\":\"en\"}\n"
    "{\"id\":\"sent\",\"body\":\"Mr. Ode said that the cannon of the old fort above the "
    "little town and its long market street has no water. It rained.\","
    "\"language\":\"en\"}\n"
    "{\"id\":\"para\",\"body\":\"The cannon is old. It needs no water at all.\","
    "\"language\":\"en\"}\n"
    "{\"id\":\"item\",\"body\":\"The cannon is old.\\n\\nThe town needs water.\","
    "\"language\":\"en\"}\n";

typedef struct query_case {
    const char *q, *ids;
} query_case;

static void check_cases(const char *data, const query_case *cases, size_t n)
{
    dgm *desk = open_desk(data);
    for (size_t i = 0; i < n; i++)
        check_ids(desk, PAIRS("q", cases[i].q, "limit", "100"), cases[i].ids, false);
    dgm_close(desk);
}

#define CHECK(cases) check_cases(*state, cases, sizeof cases / sizeof cases[0])

static void places_decide_what_matches(void **state)
{
    static const query_case cases[] = {
        { "water AND cannon", "next four sent para item" },
        { "water NEAR/1 cannon", "next" },
        { "cannon NEAR/1 water", "next" },
        { "water ADJ/1 cannon", "next" },
        { "cannon ADJ/1 water", "" },
        { "cannon NEAR/4 water", "next" },
        { "cannon NEAR/5 water", "next four" },
        { "cannon ADJ/5 water", "four" },
        { "cannon SENT water", "next four sent" },
        { "cannon PARA water", "next four sent para" },
        { "cannon NEAR/50 water", "next four sent para" },
        { "water NEAR/2 cannon NEAR/2 kale", "next" },
        { "cannon SENT water SENT fed", "four" },
        { "\"old fort\" SENT water", "sent" },
        { "\"old fort\" NEAR/3 cannon", "sent" },
        { "(tug OR fed) NEAR/3 (fired OR water)", "next four" },
        { "wat* NEAR/1 can?on*", "next" },
        { "title:(water NEAR/1 cannon)", "next" },
        { "title:(cannon SENT tug)", "" },
        { "cannon SENT xylophone", "" },
        { "kale -(cannon NEAR/1 water)", "four" },
    };
    feed(*state, archive);
    CHECK(cases);
}

static void total_facets_and_pages_agree_about_places(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    dgm_page *page =
        SEARCH(desk, "q", "cannon SENT water", "limit", "1", "facets", "language");
    assert_int_equal(page->total, 3);
    assert_int_equal(page->facets[0].values[0].count, 3);
    dgm_page *second = SEARCH(desk, "q", "cannon SENT water", "limit", "1", "facets",
                              "language", "cursor", page->next);
    assert_string_not_equal(second->hits[0].id, page->hits[0].id);
    assert_int_equal(second->total, 3);
    dgm_page_free(page);
    dgm_page_free(second);
    dgm_close(desk);
}

static void score_of_near_is_that_of_its_words(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "cannon ADJ/5 water", "explain", "1");
    double sum = 0;
    for (size_t i = 0; i < page->hits[0].n_parts; i++)
        sum += page->hits[0].parts[i].weight;
    assert_true(page->hits[0].score > 0 && sum == page->hits[0].score);
    assert_non_null(strstr(page->hits[0].snippet, "<mark>water</mark>"));
    dgm_page_free(page);
    dgm_close(desk);
}

static void patterns_and_neighbours_find_words_of_the_index(void **state)
{
    static const query_case cases[] = {
        { "wom?n", "woman women" },    { "wo*n", "woman women women2" },
        { "sanktions~", "sanctions" }, { "\"sanktions\"", "" },
        { "wimen~", "women" },         { "women^5", "women" },
    };
    feed(*state,
         "{\"id\":\"woman\",\"body\":\"A woman.\",\"language\":\"en\"}\n"
         "{\"id\":\"women\",\"body\":\"The women.\",\"language\":\"en\"}\n"
         "{\"id\":\"women2\",\"body\":\"The womankin.\",\"language\":\"en\"}\n"
         "{\"id\":\"sanctions\",\"body\":\"New sanctions.\",\"language\":\"en\"}\n");
    CHECK(cases);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "sanktions~");
    assert_int_equal(page->n_warnings, 1);
    assert_string_equal(page->warnings[0], "\"sanktions~\" also stands for sanctions");
    assert_non_null(strstr(page->hits[0].snippet, "<mark>sanctions</mark>"));
    dgm_page_free(page);
    dgm_close(desk);
}

static void exact_word_comes_before_its_neighbours(void **state)
{
    feed(*state, "{\"id\":\"near\",\"body\":\"Zelenskyy Zelenskyy spoke.\"}\n"
                 "{\"id\":\"same\",\"body\":\"Zelenskiy spoke in Kale for an hour.\"}\n"
                 "{\"id\":\"else\",\"body\":\"An opera.\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "zelenskiy~"), "same near", true);
    dgm_close(desk);
}

static void weight_of_a_word_turns_the_order(void **state)
{
    feed(*state, "{\"id\":\"oil\",\"body\":\"oil rose\"}\n"
                 "{\"id\":\"gas\",\"body\":\"gas rose\"}\n"
                 "{\"id\":\"else\",\"body\":\"an opera\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "oil^2 OR gas"), "oil gas", true);
    check_ids(desk, PAIRS("q", "oil OR gas^2"), "gas oil", true);
    check_ids(desk, PAIRS("q", "(oil OR rose)^0.5 OR gas^3"), "gas oil", true);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(places_decide_what_matches),
        DESK_TEST(total_facets_and_pages_agree_about_places),
        DESK_TEST(score_of_near_is_that_of_its_words),
        DESK_TEST(patterns_and_neighbours_find_words_of_the_index),
        DESK_TEST(exact_word_comes_before_its_neighbours),
        DESK_TEST(weight_of_a_word_turns_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
