/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sides against each other. */
#include "desk.h"
#include "dragoman.h"

enum { EACH = 30 };

/* Items on grain of two sources, alike but for one word and one name each, and one of a
 * third source on other things. */
static void feed_sides(const char *data)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i < EACH; i++) {
        dgmi_buf_printf(
            &lines,
            "{\"id\":\"m%d\",\"title\":\"Grain %d\",\"body\":\"On the road to the port "
            "number %d the ministry praised the corridors that Ankara had asked for, and "
            "said that grain would go on.\",\"source\":\"Ministry\",\"published\":"
            "\"2022-08-%02dT10:00:00Z\"}\n",
            i, i, i * 7919, i % 28 + 1);
        dgmi_buf_printf(
            &lines,
            "{\"id\":\"a%d\",\"title\":\"Grain %d\",\"body\":\"On the road to the port "
            "number %d the agency reported a blockade which Brussels had condemned, and "
            "said that grain would go on.\",\"source\":\"Agency\",\"published\":"
            "\"2022-08-%02dT16:00:00Z\"}\n",
            i, i, i * 7907, i % 28 + 1);
    }
    dgmi_buf_puts(&lines, "{\"id\":\"s\",\"title\":\"Fish\",\"body\":\"Cod.\",\"source\":"
                          "\"Bureau\",\"published\":\"2022-08-03\"}\n");
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

static dgm_request *request_of(const char *const *params)
{
    dgm_request *request = dgm_request_new();
    for (; params && *params; params += 2)
        OK(dgm_request_set(request, params[0], params[1], err));
    return request;
}

#define PARAMS(...)                                                                      \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

static dgm_comparison *compare(const char *data, const char *const *common,
                               const char *const *a, const char *const *b)
{
    dgm *desk = NULL;
    dgm_comparison *c = NULL;
    dgm_compare_form form = { .words = 5 };
    dgm_request *of_all = request_of(common), *of_a = request_of(a),
                *of_b = request_of(b);
    OK(dgm_open(data, NULL, &desk, err));
    OK(dgm_compare(desk, of_all, of_a, of_b, &form, &c, err));
    dgm_request_free(of_all);
    dgm_request_free(of_a);
    dgm_request_free(of_b);
    dgm_close(desk);
    return c;
}

static const dgm_word *find_word(const dgm_word *list, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(list[i].word, word))
            return &list[i];
    }
    return NULL;
}

static void words_over_used_are_told_as_they_are_written(void **state)
{
    feed_sides(*state);
    dgm_comparison *c = compare(*state, PARAMS("q", "grain"),
                                PARAMS("source", "Ministry"), PARAMS("source", "Agency"));
    const dgm_word *word = find_word(c->a.words, c->a.n_words, "corridors");
    assert_non_null(word);
    assert_int_equal(word->a, EACH);
    assert_int_equal(word->b, 0);
    assert_non_null(find_word(c->a.names, c->a.n_names, "Ankara"));
    assert_non_null(find_word(c->b.words, c->b.n_words, "blockade"));
    assert_non_null(find_word(c->b.names, c->b.n_names, "Brussels"));
    assert_true(c->words_exact);
    assert_int_equal(c->a.looked_at, EACH);
    dgm_comparison_free(c);
}

static void what_was_asked_for_and_what_both_say_is_no_finding(void **state)
{
    feed_sides(*state);
    dgm_comparison *c = compare(*state, PARAMS("q", "grain"),
                                PARAMS("source", "Ministry"), PARAMS("source", "Agency"));
    static const char *const none[] = { "grain", "Grain",    "ministry", "agency",
                                        "road",  "Ministry", "Agency",   "port",
                                        "said",  "the" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_null(find_word(c->a.words, c->a.n_words, none[i]));
        assert_null(find_word(c->a.names, c->a.n_names, none[i]));
        assert_null(find_word(c->b.words, c->b.n_words, none[i]));
    }
    dgm_comparison_free(c);
    c = compare(*state, NULL, PARAMS("q", "corridors"), PARAMS("q", "blockade"));
    assert_null(find_word(c->a.words, c->a.n_words, "corridors"));
    assert_non_null(find_word(c->a.words, c->a.n_words, "praised"));
    dgm_comparison_free(c);
}

static void a_side_against_itself_has_no_words(void **state)
{
    feed_sides(*state);
    dgm_comparison *c = compare(*state, PARAMS("q", "grain"), NULL, NULL);
    assert_int_equal(c->both, 2 * EACH);
    assert_int_equal(c->a.n_words + c->a.n_names + c->b.n_words + c->b.n_names, 0);
    assert_int_equal(c->lag, 0);
    dgm_comparison_free(c);
}

static void the_first_to_speak_and_the_lag_are_told(void **state)
{
    feed_sides(*state);
    dgm_comparison *c =
        compare(*state, PARAMS("q", "grain"), PARAMS("source", "Ministry"), NULL);
    assert_int_equal(c->a.n_voices, 1);
    assert_int_equal(c->b.n_voices, 2);
    assert_string_equal(c->b.voices[0].value, "Ministry");
    assert_string_equal(c->b.voices[0].first.id, "m0");
    assert_int_equal(c->b.voices[0].lag, 0);
    assert_string_equal(c->b.voices[1].value, "Agency");
    assert_int_equal(c->b.voices[1].lag, 6 * 3600);
    assert_int_equal(c->b.voices[1].items, EACH);
    dgm_comparison_free(c);
    /* Who has no name is no voice, so the first one is not behind it. */
    feed(*state, "{\"id\":\"n\",\"title\":\"Grain\",\"published\":\"2022-07-01\"}\n");
    c = compare(*state, PARAMS("q", "grain"), NULL, NULL);
    assert_string_equal(c->a.all.first.id, "n");
    assert_int_equal(c->a.voices[0].lag, 0);
    assert_int_equal(c->a.without, 1);
    dgm_comparison_free(c);
    c = compare(*state, NULL, PARAMS("source", "Agency"), PARAMS("source", "Ministry"));
    assert_int_equal(c->lag, -6 * 3600);
    dgm_comparison_free(c);
}

static void who_has_other_items_but_none_of_these_is_silent(void **state)
{
    feed_sides(*state);
    dgm_comparison *c =
        compare(*state, NULL, PARAMS("q", "blockade"), PARAMS("q", "grain"));
    assert_int_equal(c->a.silent_values, 2);
    assert_string_equal(c->a.silent[0].value, "Ministry");
    assert_int_equal(c->a.silent[0].of, EACH);
    assert_string_equal(c->a.silent[1].value, "Bureau");
    assert_int_equal(c->b.silent_values, 1);
    assert_int_equal(c->a.all.of, 2 * EACH + 1);
    dgm_comparison_free(c);
    c = compare(*state, NULL, PARAMS("source", "Ministry"), PARAMS("source", "Agency"));
    assert_int_equal(c->a.silent_values, 0);
    dgm_comparison_free(c);
}

static void sides_may_be_two_periods(void **state)
{
    feed_sides(*state);
    dgm_comparison *c = compare(*state, PARAMS("source", "Ministry"),
                                PARAMS("to", "2022-08-10"), PARAMS("from", "2022-08-11"));
    assert_int_equal(c->both, 0);
    assert_int_equal(c->a.all.items + c->b.all.items, EACH);
    uint64_t items = 0;
    for (size_t i = 0; i < c->n_points; i++)
        items += c->a.all.points[i].items + c->b.all.points[i].items;
    assert_int_equal(items, EACH);
    dgm_comparison_free(c);
}

static void an_empty_side_is_no_error(void **state)
{
    feed_sides(*state);
    dgm_comparison *c = compare(*state, NULL, PARAMS("q", "unicorn"), NULL);
    assert_int_equal(c->a.all.items, 0);
    assert_int_equal(c->a.n_voices, 0);
    assert_true(c->lag == DGM_NO_TIME);
    assert_int_equal(c->b.n_words, 0);
    dgm_comparison_free(c);
}

static void an_empty_archive_is_no_error(void **state)
{
    dgm_comparison *c = compare(*state, NULL, PARAMS("q", "unicorn"), NULL);
    assert_int_equal(c->n_points, 0);
    assert_true(c->lag == DGM_NO_TIME);
    dgm_comparison_free(c);
    dgm_comparison_free(NULL);
}

static void wrong_parameters_are_named(void **state)
{
    static const char *const wrong[][2] = { { "words", "0" },     { "words", "101" },
                                            { "by", "none" },     { "interval", "x" },
                                            { "series", "many" }, { "colour", "red" } };
    dgm_compare_form form = { .words = 0 };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        dgm_error why = DGM_ERROR_INIT;
        assert_int_equal(dgm_compare_set(&form, wrong[i][0], wrong[i][1], &why),
                         DGM_E_ARG);
        assert_true(strncmp(why.text, wrong[i][0], strlen(wrong[i][0])) == 0);
    }
    OK(dgm_compare_set(&form, "by", "region", err));
    assert_int_equal(form.trends.by, 2);
    assert_int_equal(dgm_compare(NULL, NULL, NULL, NULL, &form, NULL, NULL), DGM_E_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(words_over_used_are_told_as_they_are_written),
        DESK_TEST(what_was_asked_for_and_what_both_say_is_no_finding),
        DESK_TEST(a_side_against_itself_has_no_words),
        DESK_TEST(the_first_to_speak_and_the_lag_are_told),
        DESK_TEST(who_has_other_items_but_none_of_these_is_silent),
        DESK_TEST(sides_may_be_two_periods),
        DESK_TEST(an_empty_side_is_no_error),
        DESK_TEST(an_empty_archive_is_no_error),
        cmocka_unit_test(wrong_parameters_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
