/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of better spellings: which words are replaced, by which, and when not at all. */
#include "searching.h"

#include "query.h"

static const char archive[] =
    "{\"id\":\"a\",\"title\":\"Sanctions on banks\",\"body\":\"The sanctions of the "
    "parliament of Marmolada bind.\",\"language\":\"en\",\"region\":\"Kenya\"}\n"
    "{\"id\":\"b\",\"title\":\"Sanctions on ports\",\"body\":\"Sanctions and "
    "sanctuary on the Marmolada.\",\"language\":\"en\",\"region\":\"Chile\"}\n"
    "{\"id\":\"c\",\"title\":\"Treaty\",\"body\":\"Mr Brandt and Ms Brandi met. "
    "Brandt spoke.\",\"language\":\"en\"}\n"
    "{\"id\":\"d\",\"title\":\"Talks\",\"body\":\"Brandt was silent in 20213. "
    "Section of marmalade.\",\"language\":\"en\"}\n"
    "{\"id\":\"e\",\"title\":\"Визит\",\"body\":\"Министры обсудили торговлю и "
    "санкции.\",\"language\":\"ru\"}\n"
    "{\"id\":\"f\",\"title\":\"Heizung\",\"body\":\"Die Wärmepumpe "
    "heizt.\",\"language\":\"de\"}\n";

typedef struct expectation {
    const char *q, *suggestion;
} expectation;

static void check(dgm *desk, const char *const *pairs, const char *want)
{
    dgm_page *page = search_pairs(desk, pairs);
    const char *got = page->suggestion;
    if (want ? !got || strcmp(got, want) != 0 : got != NULL)
        fail_msg("%s: suggested is %s, not %s", page->query_text, got ? got : "nothing",
                 want ? want : "nothing");
    dgm_page_free(page);
}

static void check_table(void **state, const expectation *table, size_t n)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < n; i++)
        check(desk, PAIRS("q", table[i].q), table[i].suggestion);
    dgm_close(desk);
}

#define CHECK(state, table) check_table(state, table, sizeof(table) / sizeof((table)[0]))

static void word_that_no_item_has_gives_the_nearest_one_of_the_index(void **state)
{
    static const expectation table[] = {
        { "sanktions", "sanctions" },
        { "Sanktions", "Sanctions" },
        { "snactions", "sanctions" },
        { "sanktionz banks", "sanctions banks" },
        { "parlament sanktions", "parliament sanctions" },
        { "саннции", "санкции" },
        { "sanctions", NULL },
        { "sanction", NULL }, /* a stem that items have is no misspelling */
        { "xylophone", NULL },
    };
    CHECK(state, table);
}

static void the_nearer_word_wins_and_then_the_more_frequent_one(void **state)
{
    static const expectation table[] = {
        { "brands", "brandt" },       /* in two items, brandi in one */
        { "marmelade", "marmalade" }, /* though marmolada is in two */
    };
    CHECK(state, table);
}

static void short_words_and_words_with_digits_are_left_alone(void **state)
{
    static const expectation table[] = {
        { "bamks", "banks" },
        { "prot", NULL },
        { "20214", NULL },
        { "sanct1ons", NULL },
    };
    CHECK(state, table);
}

static void all_that_stands_around_a_word_is_kept(void **state)
{
    static const expectation table[] = {
        { "\"sanktions on banks\" OR title:\"sanktions\"",
          "\"sanctions on banks\" OR title:\"sanctions\"" },
        { "(sanktions  AND banks) -sanktuary", "(sanctions  AND banks) -sanktuary" },
        { "title:sanktions^2", "title:sanctions^2" },
    };
    CHECK(state, table);
}

static void query_that_would_find_nothing_either_is_not_suggested(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, PAIRS("q", "sanktions treaty"), NULL);
    check(desk, PAIRS("q", "sanktions treaty", "match", "any"), "sanctions treaty");
    check(desk, PAIRS("q", "\"sanktions on treaties\""), NULL);
    check(desk, PAIRS("q", "brandz", "region", "Kenya"), NULL);
    check(desk, PAIRS("q", "sanktions", "region", "Chile"), "sanctions");
    dgm_close(desk);
}

static void rare_word_is_doubted_where_the_whole_finds_nothing(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, PAIRS("q", "brandi silent"), "brandt silent");
    check(desk, PAIRS("q", "brandi met"), NULL);
    dgm_close(desk);
}

static void word_is_spelt_as_items_have_it(void **state)
{
    static const expectation table[] = {
        { "waermepumpe", "Wärmepumpe" },
        { "warmepumpte", "Wärmepumpe" },
    };
    CHECK(state, table);
}

static void words_near_fill_the_page_of_a_query_that_finds_nothing(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "sanktions");
    assert_int_equal(page->total, 0);
    assert_true(page->n_hits > 0 && page->hits[0].relaxed);
    assert_string_equal(page->query_parsed, "sanktions");
    assert_int_equal(page->n_warnings, 2);
    assert_string_equal(page->warnings[0], "\"sanktions~\" also stands for sanctions");
    assert_non_null(strstr(page->warnings[1], "nothing matches"));
    dgm_page_free(page);
    static const char *const as_written[] = { "\"sanktions\"", "exact:sanktions", "sank",
                                              "1999x" };
    for (size_t i = 0; i < sizeof as_written / sizeof *as_written; i++) {
        page = SEARCH(desk, "q", as_written[i]);
        assert_int_equal(page->n_hits, 0);
        dgm_page_free(page);
    }
    dgm_close(desk);
}

/* What the reader holds of the index's words follows each commit. */
static void words_that_come_are_suggested_and_those_that_go_are_not(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, PAIRS("q", "sanktions"), "sanctions");
    check(desk, PAIRS("q", "stalactitis"), NULL);
    feed(*state, "{\"id\":\"g\",\"title\":\"Cave\",\"body\":\"Stalactites grow.\"}\n");
    check(desk, PAIRS("q", "stalactitis"), "stalactites");
    check(desk, PAIRS("q", "marmelade"), "marmalade");
    feed(*state, "{\"id\":\"d\",\"title\":\"Talks\",\"body\":\"Brandt on sanctimony.\","
                 "\"updated\":\"2030-01-01\"}\n");
    check(desk, PAIRS("q", "marmelade"), "marmolada");
    check(desk, PAIRS("q", "sanctimory"), "sanctimony");
    feed(*state, "{\"id\":\"g\",\"status\":\"canceled\",\"updated\":\"2030-01-01\"}\n");
    check(desk, PAIRS("q", "stalactitis"), NULL);
    dgm_close(desk);
}

static void letters_decide_how_far_a_misspelling_may_be_away(void **state)
{
    (void)state;
    assert_int_equal(dgmi_blur_of("bank"), 0);
    assert_int_equal(dgmi_blur_of("banks"), 1);
    assert_int_equal(dgmi_blur_of("sanctio"), 1);
    assert_int_equal(dgmi_blur_of("санкциям"), 2);
    assert_int_equal(dgmi_blur_of("covid19"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(word_that_no_item_has_gives_the_nearest_one_of_the_index),
        DESK_TEST(the_nearer_word_wins_and_then_the_more_frequent_one),
        DESK_TEST(short_words_and_words_with_digits_are_left_alone),
        DESK_TEST(all_that_stands_around_a_word_is_kept),
        DESK_TEST(query_that_would_find_nothing_either_is_not_suggested),
        DESK_TEST(rare_word_is_doubted_where_the_whole_finds_nothing),
        DESK_TEST(word_is_spelt_as_items_have_it),
        DESK_TEST(words_near_fill_the_page_of_a_query_that_finds_nothing),
        DESK_TEST(words_that_come_are_suggested_and_those_that_go_are_not),
        cmocka_unit_test(letters_decide_how_far_a_misspelling_may_be_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
