/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/vocabulary.c: words counted, positions grouped, terms sorted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "vocabulary.h"

static int set_up(void **state)
{
    *state = dgmi_vocabulary_new();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    dgmi_vocabulary_free(*state);
    return 0;
}

static void words_keep_their_counts_and_positions(void **state)
{
    dgmi_vocabulary *v = *state;
    dgmi_word word;
    dgmi_vocabulary_add(v, "gas", 3, 1, true);
    dgmi_vocabulary_add(v, "oil", 3, 2, true);
    dgmi_vocabulary_add(v, "gas", 3, 1001, false);
    dgmi_vocabulary_add(v, "gas", 3, 1005, false);
    dgmi_vocabulary_group(v);
    assert_int_equal(dgmi_vocabulary_count(v), 2);
    assert_int_equal(dgmi_vocabulary_occurrences(v), 4);
    assert_true(dgmi_vocabulary_at(v, 0, &word));
    assert_memory_equal(word.text, "gas", 3);
    assert_int_equal(word.in_title, 1);
    assert_int_equal(word.in_body, 2);
    assert_int_equal(word.n_positions, 3);
    assert_int_equal(word.n_title_positions, 1);
    assert_int_equal(word.positions[0], 1);
    assert_int_equal(word.positions[2], 1005);
    assert_false(dgmi_vocabulary_at(v, 2, &word));
}

static void a_position_is_kept_once(void **state)
{
    dgmi_vocabulary *v = *state;
    dgmi_word word;
    dgmi_vocabulary_add(v, "a", 1, 7, false);
    dgmi_vocabulary_add(v, "a", 1, 7, false);
    dgmi_vocabulary_group(v);
    assert_true(dgmi_vocabulary_at(v, 0, &word));
    assert_int_equal(word.n_positions, 1);
    assert_int_equal(word.in_body, 2);
}

/* Past the sizes at which the table doubles, and past those that are given back. */
static void many_words_are_told_apart_again_and_again(void **state)
{
    dgmi_vocabulary *v = *state;
    for (int round = 0; round < 3; round++) {
        int n = round == 1 ? 10 : 200000;
        char text[16];
        dgmi_word word;
        dgmi_vocabulary_reset(v);
        for (int i = 0; i < n; i++) {
            int length = snprintf(text, sizeof text, "w%d", i);
            dgmi_vocabulary_add(v, text, (size_t)length, (uint32_t)i + 1, false);
            dgmi_vocabulary_add(v, "often", 5, (uint32_t)i + 1, false);
        }
        dgmi_vocabulary_group(v);
        assert_false(dgmi_vocabulary_failed(v));
        assert_int_equal(dgmi_vocabulary_count(v), n + 1);
        assert_true(dgmi_vocabulary_at(v, 1, &word));
        assert_int_equal(word.n_positions, n);
        assert_int_equal(word.positions[n - 1], n);
        assert_true(dgmi_vocabulary_at(v, (size_t)n, &word));
        assert_int_equal(word.n_positions, 1);
    }
}

static void put(dgmi_terms *t, const char *prefix, const char *text, uint32_t wdf)
{
    dgmi_term_spec spec = { .text = { text, strlen(text) }, .wdf = wdf };
    dgmi_terms_put(t, prefix, &spec);
}

static void terms_come_sorted_by_bytes_and_once(void **state)
{
    (void)state;
    static const char *const wanted[] = { "A",         "Zabc",       "a", "aa",
                                          "aaaaaaaab", "aaaaaaaabc", "b", "\xC3\xA9" };
    dgmi_terms t = { .n = 0 };
    const dgmx_term *terms;
    size_t n;
    for (int round = 0; round < 2; round++) {
        dgmi_terms_reset(&t);
        for (size_t i = sizeof wanted / sizeof wanted[0]; i-- > 0;)
            put(&t, "", wanted[i], 0);
        put(&t, "Z", "abc", 0);
        put(&t, "", "", 0);
        assert_int_equal(dgmi_terms_sort(&t, &terms, &n, NULL), DGM_OK);
        assert_int_equal(n, sizeof wanted / sizeof wanted[0]);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(terms[i].n, strlen(wanted[i]));
            assert_memory_equal(terms[i].p, wanted[i], terms[i].n);
        }
    }
    dgmi_terms_clear(&t);
}

static void a_term_that_xapian_would_refuse_is_left_out(void **state)
{
    (void)state;
    char text[DGMX_TERM_MAX + 2];
    dgmi_terms t = { .n = 0 };
    const dgmx_term *terms;
    size_t n;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    put(&t, "", text, 0);
    put(&t, "", "fine", 9);
    assert_int_equal(dgmi_terms_sort(&t, &terms, &n, NULL), DGM_OK);
    assert_int_equal(n, 1);
    assert_int_equal(terms[0].wdf, 9);
    dgmi_terms_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_keep_their_counts_and_positions, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_position_is_kept_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_words_are_told_apart_again_and_again, set_up,
                                        tear_down),
        cmocka_unit_test(terms_come_sorted_by_bytes_and_once),
        cmocka_unit_test(a_term_that_xapian_would_refuse_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
