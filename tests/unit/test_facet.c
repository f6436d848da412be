/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of facets: exact counts, labels that mean the same, counts that filters confirm.
 */
#include "searching.h"

#include "count.h"

static const dgm_facet *facet_of(const dgm_page *page, const char *field)
{
    for (size_t i = 0; i < page->n_facets; i++) {
        if (strcmp(page->facets[i].field, field) == 0)
            return &page->facets[i];
    }
    fail_msg("no facet %s", field);
    return NULL;
}

/* "Kenya 3, Chile 2". The caller frees. */
static char *print(const dgm_facet *facet)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_buf_puts(&out, "");
    for (size_t i = 0; i < facet->n_values; i++)
        dgmi_buf_printf(&out, "%s%s %llu", i > 0 ? ", " : "", facet->values[i].value,
                        (unsigned long long)facet->values[i].count);
    return dgmi_buf_take(&out);
}

static void assert_facet(const dgm_page *page, const char *field, const char *want)
{
    char *got = print(facet_of(page, field));
    assert_string_equal(got, want);
    free(got);
}

#define ALL_FACETS "region,country,source,language,topic,speaker,year,month"

static const char few[] =
    "{\"id\":\"1\",\"title\":\"Harbour\",\"region\":\"Kenya\",\"topics\":[\"Food\","
    "\"Trade\"],"
    "\"published\":\"2021-01-02\",\"language\":\"en\",\"source\":\"Ministry\"}\n"
    "{\"id\":\"2\",\"title\":\"Harbour\",\"region\":\"KENYA\",\"topics\":[\"Trade\"],"
    "\"published\":\"2021-02-02\",\"language\":\"en\"}\n"
    "{\"id\":\"3\",\"title\":\"Harbour\",\"region\":\"Kenya\",\"topics\":[\"Trade\","
    "\"Arms\",\"Food\"],"
    "\"published\":\"2020-02-02\",\"language\":\"en\"}\n"
    "{\"id\":\"4\",\"title\":\"Harbour\",\"region\":\"Chile\",\"source\":\"ministry\"}\n"
    "{\"id\":\"5\",\"title\":\"Ferry\",\"region\":\"Norway\",\"topics\":[\"Food\"],"
    "\"published\":\"2019-02-02\"}\n";

static void facets_count_every_value_of_every_match(void **state)
{
    feed(*state, few);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "harbour", "facets", ALL_FACETS, "limit", "1");
    assert_int_equal(page->n_facets, 8);
    assert_facet(page, "region", "Kenya 3, Chile 1");
    assert_facet(page, "country", "KE 3, CL 1");
    assert_facet(page, "source", "Ministry 2");
    assert_facet(page, "language", "en 3");
    assert_facet(page, "topic", "Trade 3, Food 2, Arms 1");
    assert_facet(page, "speaker", "");
    assert_facet(page, "year", "2021 2, 2020 1");
    assert_facet(page, "month", "2020-02 1, 2021-01 1, 2021-02 1");
    dgm_page_free(page);
    dgm_close(desk);
}

static void facets_of_all_items_come_out_of_terms_the_same(void **state)
{
    feed(*state, few);
    dgm *desk = open_desk(*state);
    dgm_page *terms = SEARCH(desk, "facets", ALL_FACETS);
    dgm_page *pass = SEARCH(desk, "q", "harbour OR ferry", "facets", ALL_FACETS);
    assert_int_equal(terms->total, pass->total);
    for (size_t i = 0; i < pass->n_facets; i++) {
        char *want = print(&pass->facets[i]);
        assert_facet(terms, pass->facets[i].field, want);
        free(want);
    }
    dgm_page_free(terms);
    dgm_page_free(pass);
    dgm_close(desk);
}

/* Whatever a facet counts, its filter finds. */
static void facets_count_what_filters_find(void **state)
{
    static const char *const fields[] = { "region", "topic", "country" };
    static const char *const queries[] = { "", "harbour", "wheat OR bridge",
                                           "\"report harbour\"" };
    feed_made(*state, 0, 150);
    dgm *desk = open_desk(*state);
    for (size_t q = 0; q < 4; q++) {
        dgm_page *page = SEARCH(desk, "q", queries[q], "facets", "region,topic,country");
        for (size_t f = 0; f < 3; f++) {
            const dgm_facet *facet = facet_of(page, fields[f]);
            assert_true(facet->n_values >= 3);
            for (size_t i = 0; i < facet->n_values; i++) {
                const dgm_facet_value *value = &facet->values[i];
                dgm_page *one = SEARCH(desk, "q", queries[q], fields[f], value->value);
                assert_int_equal(one->total, value->count);
                dgm_page_free(one);
            }
        }
        dgm_page_free(page);
    }
    dgm_close(desk);
}

static void a_topic_that_an_item_has_in_two_writings_counts_once(void **state)
{
    feed(*state, "{\"id\":\"1\",\"title\":\"Harbour\",\"topics\":[\"Cyber "
                 "security\",\"cyber security\",\"Trade\"]}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "harbour", "facets", "topic");
    assert_facet(page, "topic", "Cyber security 1, Trade 1");
    dgm_page_free(page);
    dgm_close(desk);
}

static void facets_stay_the_same_on_every_page_and_in_every_order(void **state)
{
    static const char *const sorts[] = { "relevance", "newest", "oldest" };
    feed_made(*state, 0, 90);
    dgm *desk = open_desk(*state);
    dgm_page *first = SEARCH(desk, "q", "harbour", "facets", "region,month");
    for (size_t i = 0; i < 3; i++) {
        dgm_page *page =
            SEARCH(desk, "q", "harbour", "facets", "region,month", "sort", sorts[i]);
        assert_int_equal(page->total, first->total);
        for (size_t k = 0; k < 2; k++) {
            char *want = print(&first->facets[k]);
            assert_facet(page, first->facets[k].field, want);
            free(want);
        }
        dgm_page_free(page);
    }
    dgm_page_free(first);
    dgm_close(desk);
}

static void facets_show_the_hundred_most_frequent_values(void **state)
{
    dgmi_arena *arena = dgmi_arena_new(0);
    dgmi_tally tallies[150];
    dgm_facet facet;
    (void)state;
    for (unsigned i = 0; i < 150; i++) {
        char *text = dgmi_arena_printf(arena, "value %03u", i);
        tallies[i] = (dgmi_tally){ text, strlen(text), i < 10 ? 2 : 1 };
    }
    OK(dgmi_facet_make("topic", tallies, 150, arena, &facet, err));
    assert_int_equal(facet.n_values, DGMI_FACET_VALUES);
    assert_string_equal(facet.values[0].value, "value 000");
    assert_string_equal(facet.values[99].value, "value 099");
    dgmi_arena_free(arena);
}

static void facets_name_a_value_as_most_items_write_it(void **state)
{
    static const dgmi_tally tallies[] = {
        { "foreign  ministry", 17, 2 },
        { "Foreign Ministry", 16, 3 },
        { "Army", 4, 4 },
    };
    dgmi_arena *arena = dgmi_arena_new(0);
    dgm_facet facet;
    (void)state;
    OK(dgmi_facet_make("source", tallies, 3, arena, &facet, err));
    char *got = print(&facet);
    assert_string_equal(got, "Foreign Ministry 5, Army 4");
    free(got);
    dgmi_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(facets_count_every_value_of_every_match),
        DESK_TEST(facets_of_all_items_come_out_of_terms_the_same),
        DESK_TEST(facets_count_what_filters_find),
        DESK_TEST(a_topic_that_an_item_has_in_two_writings_counts_once),
        DESK_TEST(facets_stay_the_same_on_every_page_and_in_every_order),
        cmocka_unit_test(facets_show_the_hundred_most_frequent_values),
        cmocka_unit_test(facets_name_a_value_as_most_items_write_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
