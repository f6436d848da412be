/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of exceptions in plain words, and of what they do to a ranking. */
#include "searching.h"

#include "exception.h"

static const struct {
    const char *text, *excepted; /* NULL: there is none */
} cases[] = {
    { "trade talks, excluding steel", " steel" },
    { "trade talks (excluding steel and wheat) in May", " steel and wheat" },
    { "the port of Kale, but do not mention its fishing fleet. And the tolls?",
      " its fishing fleet" },
    { "the port, but don\xE2\x80\x99t mention fish", " fish" },
    { "the port, but dont mention fish", " fish" },
    { "aid except for food; and transport", " food" },
    { "aid without strings, and transport", " strings" },
    { "aid Without strings, grants", " strings, grants" },
    { "tariffs of 2.5 per cent excluding the 1.5 of May", " the 1.5 of May" },
    { "OTHER  THAN\twheat", "\twheat" },
    { "a withoutness", NULL },
    { "exceptional exclusions", NULL },
    { "other matters than this", NULL },
    { "", NULL },
    { "excluding", "" },
};

static void exception_ends_with_its_clause(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dgmi_exception found;
        bool is = dgmi_exception_find(dgmi_str_of(cases[i].text), 0, &found);
        assert_int_equal(is, cases[i].excepted != NULL);
        if (!is)
            continue;
        assert_int_equal(found.to - found.from, strlen(cases[i].excepted));
        assert_memory_equal(cases[i].text + found.from, cases[i].excepted,
                            found.to - found.from);
    }
}

static dgm_page *ask(dgm *desk, const char *q)
{
    dgm_page *page = NULL;
    dgm_request *r = request_of(PAIRS("q", q, "match", "any"));
    dgm_request_set_literal(r, true);
    OK(dgm_search(desk, r, &page, err));
    dgm_request_free(r);
    return page;
}

static void plain_words_that_are_excepted_count_little(void **state)
{
    feed(*state, "{\"id\":\"both\",\"body\":\"steel steel steel trade\"}\n"
                 "{\"id\":\"asked\",\"body\":\"trade talks on wheat and cars\"}\n"
                 "{\"id\":\"other\",\"body\":\"an opera\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *with = ask(desk, "trade talks steel");
    dgm_page *without = ask(desk, "trade talks excluding steel");
    assert_string_equal(with->hits[0].id, "both");
    assert_string_equal(without->hits[0].id, "asked");
    assert_int_equal(without->n_warnings, 1);
    assert_string_equal(without->query_parsed, "(trade OR talks)");
    dgm_page_free(with);
    dgm_page_free(without);
    dgm_close(desk);
}

static void word_that_is_both_asked_for_and_excepted_counts_whole(void **state)
{
    feed(*state, "{\"id\":\"a\",\"body\":\"steel trade\"}\n"
                 "{\"id\":\"b\",\"body\":\"an opera\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *plain = ask(desk, "steel trade");
    dgm_page *both = ask(desk, "steel trade, excluding steel");
    dgm_page *alone = ask(desk, "excluding steel trade");
    assert_true(both->hits[0].score == plain->hits[0].score);
    assert_true(alone->hits[0].score == plain->hits[0].score); /* else nothing is asked */
    dgm_page_free(plain);
    dgm_page_free(both);
    dgm_page_free(alone);
    dgm_close(desk);
}

static void language_mode_leaves_the_words_as_they_are(void **state)
{
    feed(*state, "{\"id\":\"a\",\"body\":\"life without parole\"}\n"
                 "{\"id\":\"b\",\"body\":\"life without end\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "life without parole");
    assert_string_equal(page->query_parsed, "(life AND without AND parole)");
    assert_int_equal(page->total, 1);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exception_ends_with_its_clause),
        DESK_TEST(plain_words_that_are_excepted_count_little),
        DESK_TEST(word_that_is_both_asked_for_and_excepted_counts_whole),
        DESK_TEST(language_mode_leaves_the_words_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
