/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/arena.c. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "arena.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    dgmi_arena *a = dgmi_arena_new(0);
    unsigned char *given[400];
    for (size_t i = 0; i < 400; i++) {
        size_t n = i * 37 % 5000;
        given[i] = dgmi_arena_alloc(a, n);
        assert_non_null(given[i]);
        assert_int_equal((uintptr_t)given[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < n; k++)
            assert_int_equal(given[i][k], 0);
        memset(given[i], (int)(i % 255) + 1, n);
    }
    for (size_t i = 0; i < 400; i++) {
        for (size_t k = 0; k < i * 37 % 5000; k++)
            assert_int_equal(given[i][k], i % 255 + 1);
    }
    dgmi_arena_free(a);
    dgmi_arena_free(NULL);
}

static void the_limit_counts_what_is_given_out(void **state)
{
    (void)state;
    dgmi_arena *a = dgmi_arena_new(1024);
    assert_non_null(dgmi_arena_alloc(a, 1000));
    assert_true(dgmi_arena_used(a) >= 1000 && dgmi_arena_used(a) <= 1024);
    assert_null(dgmi_arena_alloc(a, 100));
    assert_non_null(dgmi_arena_alloc(a, 1));
    dgmi_arena_free(a);
}

static void sizes_that_overflow_fail(void **state)
{
    (void)state;
    dgmi_arena *a = dgmi_arena_new(0);
    assert_null(dgmi_arena_alloc(a, SIZE_MAX));
    assert_null(dgmi_arena_array(a, SIZE_MAX / 4, 8));
    assert_null(dgmi_arena_str(a, (dgmi_str){ "", SIZE_MAX }));
    assert_non_null(dgmi_arena_array(a, 3, 8));
    assert_non_null(dgmi_arena_array(a, 3, 0));
    dgmi_arena_free(a);
}

static void copies_are_whole_strings(void **state)
{
    (void)state;
    dgmi_arena *a = dgmi_arena_new(0);
    assert_string_equal(dgmi_arena_str(a, (dgmi_str){ "abcdef", 4 }), "abcd");
    assert_string_equal(dgmi_arena_str(a, (dgmi_str){ NULL, 0 }), "");
    assert_string_equal(dgmi_arena_dup(a, "x"), "x");
    assert_null(dgmi_arena_dup(a, NULL));
    assert_string_equal(dgmi_arena_printf(a, "%s-%05d", "gen", 3), "gen-00003");
    assert_memory_equal(dgmi_arena_copy(a, "a\0b", 3), "a\0b", 3);
    assert_int_equal(strlen(dgmi_arena_printf(a, "%09999d", 1)), 9999);
    dgmi_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(the_limit_counts_what_is_given_out),
        cmocka_unit_test(sizes_that_overflow_fail),
        cmocka_unit_test(copies_are_whole_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
