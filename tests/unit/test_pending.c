/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/pending.c: winners and versions seen, in little memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pending.h"

static int set_up(void **state)
{
    *state = dgmi_pending_new();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    dgmi_pending_free(*state);
    return 0;
}

static void a_replaced_winner_still_counts_as_seen(void **state)
{
    dgmi_pending *p = *state;
    uint64_t at, digest;
    assert_false(dgmi_pending_winner(p, 7, &at, &digest));
    assert_true(dgmi_pending_set_winner(p, 7, 100, 1));
    assert_false(dgmi_pending_seen(p, 1));
    assert_true(dgmi_pending_set_winner(p, 7, 200, 2));
    assert_true(dgmi_pending_winner(p, 7, &at, &digest));
    assert_int_equal(at, 200);
    assert_int_equal(digest, 2);
    assert_true(dgmi_pending_seen(p, 1));
    assert_true(dgmi_pending_add_seen(p, 3));
    assert_true(dgmi_pending_seen(p, 3));
}

static void a_winner_and_a_digest_of_equal_number_are_two_things(void **state)
{
    dgmi_pending *p = *state;
    uint64_t at, digest;
    assert_true(dgmi_pending_set_winner(p, 5, 1, 9));
    assert_false(dgmi_pending_seen(p, 5));
    assert_true(dgmi_pending_add_seen(p, 6));
    assert_false(dgmi_pending_winner(p, 6, &at, &digest));
}

static void many_entries_are_found_again_in_some_50_bytes_each(void **state)
{
    dgmi_pending *p = *state;
    uint64_t at, digest;
    for (uint64_t i = 0; i < 100000; i++)
        assert_true(dgmi_pending_set_winner(p, i * 0x9e3779b97f4a7c15u, i, i + 1));
    for (uint64_t i = 0; i < 100000; i++) {
        assert_true(dgmi_pending_winner(p, i * 0x9e3779b97f4a7c15u, &at, &digest));
        assert_true(at == i && digest == i + 1);
    }
    assert_true(dgmi_pending_bytes(p) < 100000 * 64);
    dgmi_pending_reset(p);
    assert_false(dgmi_pending_winner(p, 0, &at, &digest));
    assert_true(dgmi_pending_bytes(p) < 100000);
}

static void what_is_old_goes_and_what_is_young_stays(void **state)
{
    dgmi_pending *p = *state;
    uint64_t at, digest;
    assert_true(dgmi_pending_set_winner(p, 7, 100, 1));
    dgmi_pending_age(p);
    assert_true(dgmi_pending_winner(p, 7, &at, &digest)); /* still there, now old */
    assert_true(dgmi_pending_set_winner(p, 7, 200, 2));
    assert_true(dgmi_pending_set_winner(p, 8, 300, 3));
    assert_true(dgmi_pending_seen(p, 1));
    dgmi_pending_age(p);
    assert_true(dgmi_pending_winner(p, 7, &at, &digest));
    assert_int_equal(at, 200);
    dgmi_pending_age(p);
    assert_false(dgmi_pending_winner(p, 7, &at, &digest));
    assert_false(dgmi_pending_winner(p, 8, &at, &digest));
    assert_false(dgmi_pending_seen(p, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_old_goes_and_what_is_young_stays, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_replaced_winner_still_counts_as_seen, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_winner_and_a_digest_of_equal_number_are_two_things, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            many_entries_are_found_again_in_some_50_bytes_each, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
