/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of items that are like another one. */
#include "searching.h"

#define COPY                                                                             \
    "The reactor of Zaporizhzhia lost its turbine cooling, engineers of the plant "      \
    "reported after an inspection of the pumps and valves on the river bank."

static const char archive[] =
    "{\"id\":\"reactor\",\"title\":\"Reactor\",\"body\":\"" COPY "\",\"published\":"
    "\"2021-06-16\",\"language\":\"en\"}\n"
    "{\"id\":\"copy\",\"title\":\"Reactor\",\"body\":\"" COPY "\",\"published\":"
    "\"2021-06-17\",\"language\":\"en\"}\n"
    "{\"id\":\"near\",\"title\":\"Turbines\",\"body\":\"A turbine stood still; "
    "engineers look at pumps of the reactor.\",\"published\":\"2021-07-01\",\"region\":"
    "\"Kenya\",\"language\":\"en\"}\n"
    "{\"id\":\"far\",\"title\":\"Bank\",\"body\":\"The bank lent money. Its pumps are "
    "for petrol, and its cooling is for wine.\",\"published\":\"2020-07-01\","
    "\"language\":\"en\"}\n"
    "{\"id\":\"other\",\"title\":\"Opera\",\"body\":\"A tenor sang the "
    "turbine.\",\"language\":\"en\"}\n"
    "{\"id\":\"gone\",\"title\":\"Gone\",\"body\":\"Reactor turbine pumps.\","
    "\"status\":\"canceled\"}\n"
    "{\"id\":\"alone\",\"title\":\"Zugzwang\",\"body\":\"Quixotry.\"}\n";

static void items_with_its_telling_words_are_similar_but_no_copies(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("similar", "reactor"), "near far", true);
    check_ids(desk, PAIRS("similar", "alone"), "", true);
    dgm_close(desk);
}

static void filters_and_words_restrict_what_is_similar(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("similar", "reactor", "region", "Kenya"), "near", true);
    check_ids(desk, PAIRS("similar", "reactor", "q", "money"), "far", true);
    check_ids(desk, PAIRS("similar", "reactor", "q", "xylophone"), "", true);
    check_ids(desk, PAIRS("similar", "reactor", "to", "2020"), "far", true);
    check_ids(desk, PAIRS("similar", "reactor", "sort", "oldest"), "far near", true);
    dgm_close(desk);
}

static void similar_items_are_paged_marked_and_explained(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "similar", "reactor", "limit", "1", "explain", "1");
    assert_int_equal(page->total, 2);
    assert_non_null(strstr(page->hits[0].snippet, "<mark>turbine</mark>"));
    double sum = 0;
    for (size_t i = 0; i < page->hits[0].n_parts; i++)
        sum += page->hits[0].parts[i].weight;
    assert_true(sum > 0 && sum == page->hits[0].score);
    assert_non_null(page->next);
    dgm_page *rest =
        SEARCH(desk, "similar", "reactor", "limit", "1", "cursor", page->next);
    assert_string_equal(rest->hits[0].id, "far");
    assert_null(rest->next);
    dgm_page_free(rest);
    dgm_page_free(page);
    dgm_close(desk);
}

static void check_missing(dgm *desk, const char *id)
{
    dgm_page *page = NULL;
    dgm_error failure = DGM_ERROR_INIT;
    dgm_request *r = request_of(PAIRS("similar", id));
    assert_int_equal(dgm_search(desk, r, &page, &failure), DGM_E_NOTFOUND);
    assert_non_null(strstr(failure.text, id));
    dgm_request_free(r);
}

static void item_that_cannot_be_found_has_none_like_it(void **state)
{
    dgm *empty = open_desk(*state);
    check_missing(empty, "reactor");
    dgm_close(empty);
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check_missing(desk, "nothing");
    check_missing(desk, "gone");
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(items_with_its_telling_words_are_similar_but_no_copies),
        DESK_TEST(filters_and_words_restrict_what_is_similar),
        DESK_TEST(similar_items_are_paged_marked_and_explained),
        DESK_TEST(item_that_cannot_be_found_has_none_like_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
