/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/errands.c: what is begun, gone on with and left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "errands.h"

static void each_thread_does_an_errand_once(void **state)
{
    (void)state;
    dgms_errands *e = dgms_errands_new(2);
    dgms_diary one = { { 0 } }, two = { { 0 } };
    uint64_t moment = 0;
    assert_false(dgms_errands_next(e, &one, &moment));
    assert_true(dgms_errands_add(e, &one, 77));
    assert_false(dgms_errands_add(e, &two, 77)); /* it is known */
    assert_int_equal(dgms_errands_left(e), 2);
    assert_true(dgms_errands_next(e, &one, &moment));
    assert_int_equal(moment, 77);
    dgms_errands_done(e, &one, 77);
    dgms_errands_done(e, &one, 77);
    assert_int_equal(dgms_errands_left(e), 1);
    assert_false(dgms_errands_next(e, &one, &moment));
    assert_true(dgms_errands_next(e, &two, &moment));
    dgms_errands_done(e, &two, 77);
    assert_int_equal(dgms_errands_left(e), 0);
    dgms_errands_free(e);
}

static void what_falls_behind_again_is_begun_anew(void **state)
{
    (void)state;
    dgms_errands *e = dgms_errands_new(2);
    dgms_diary one = { { 0 } }, two = { { 0 } };
    uint64_t moment;
    dgms_errands_add(e, &one, 77);
    dgms_errands_done(e, &one, 77);
    assert_true(dgms_errands_add(e, &one, 77));
    assert_int_equal(dgms_errands_left(e), 2);
    assert_true(dgms_errands_next(e, &one, &moment));
    assert_true(dgms_errands_next(e, &two, &moment));
    dgms_errands_free(e);
}

static void new_ones_come_first_and_old_ones_give_way(void **state)
{
    (void)state;
    dgms_errands *e = dgms_errands_new(1);
    dgms_diary one = { { 0 } };
    uint64_t moment;
    for (uint64_t at = 1; at <= DGM_MOMENTS + 1; at++) {
        assert_true(dgms_errands_add(e, &one, at));
        assert_true(dgms_errands_next(e, &one, &moment));
        assert_int_equal(moment, at);
    }
    assert_int_equal(dgms_errands_left(e), DGM_MOMENTS);
    dgms_errands_done(e, &one, 1); /* gone, so nothing comes of it */
    assert_int_equal(dgms_errands_left(e), DGM_MOMENTS);
    dgms_errands_done(e, &one, DGM_MOMENTS + 1);
    assert_true(dgms_errands_next(e, &one, &moment));
    assert_int_equal(moment, DGM_MOMENTS);
    dgms_errands_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thread_does_an_errand_once),
        cmocka_unit_test(what_falls_behind_again_is_begun_anew),
        cmocka_unit_test(new_ones_come_first_and_old_ones_give_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
