/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/impact.c: the two halves of BM25. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "impact.h"

static double bm25(double tf, double length, double average, double idf)
{
    double norm = 1 - DGMI_B + DGMI_B * length / average;
    return idf * tf * (DGMI_K1 + 1) / (tf + DGMI_K1 * norm);
}

static void both_halves_together_are_bm25_up_to_rounding(void **state)
{
    (void)state;
    static const double lengths[] = { 10, 100, 300, 1000, 20000 };
    for (double tf = 1; tf < 300; tf *= 2) {
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            double idf = dgmi_idf(1000, 17);
            double whole = bm25(tf, lengths[i], 300, idf);
            double halves = dgmi_weight(idf) * dgmi_impact(tf, lengths[i], 300);
            double step = dgmi_weight(idf);
            assert_true(fabs(whole - halves) <= step);
        }
    }
}

static void impact_stays_between_1_and_255(void **state)
{
    (void)state;
    assert_int_equal(dgmi_impact(0, 100, 100), 1);
    assert_int_equal(dgmi_impact(-5, 100, 100), 1);
    assert_int_equal(dgmi_impact((double)NAN, 100, 100), 1);
    assert_int_equal(dgmi_impact(1, 1e9, 1), 1);
    assert_int_equal(dgmi_impact(1e12, 1, 100), 255);
}

static void more_occurrences_weigh_more_and_longer_items_less(void **state)
{
    (void)state;
    for (int tf = 1; tf < 20; tf++) {
        assert_true(dgmi_impact(tf + 1, 100, 100) > dgmi_impact(tf, 100, 100));
        assert_true(dgmi_impact(tf, 400, 100) < dgmi_impact(tf, 100, 100));
    }
    assert_int_equal(dgmi_impact(1, 100, 100), 116); /* 255 / 2.2, rounded */
}

static void without_an_average_length_nothing_is_normalised(void **state)
{
    (void)state;
    assert_int_equal(dgmi_impact(3, 5000, 0), dgmi_impact(3, 100, 100));
}

static void rarer_words_weigh_more_and_none_less_than_nothing(void **state)
{
    (void)state;
    assert_true(dgmi_idf(1000, 1) > dgmi_idf(1000, 10));
    assert_true(dgmi_idf(1000, 1000) > 0);
    assert_true(dgmi_idf(1000, 1001) > 0);
    assert_true(dgmi_idf(0, 0) > 0);
    assert_true(fabs(dgmi_idf(10, 2) - log(1 + 8.5 / 2.5)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_halves_together_are_bm25_up_to_rounding),
        cmocka_unit_test(impact_stays_between_1_and_255),
        cmocka_unit_test(more_occurrences_weigh_more_and_longer_items_less),
        cmocka_unit_test(without_an_average_length_nothing_is_normalised),
        cmocka_unit_test(rarer_words_weigh_more_and_none_less_than_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
