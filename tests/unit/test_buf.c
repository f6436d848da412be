/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/buf.c: limits, latched failure, numbers. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

static void a_buffer_grows_and_stays_a_string(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    for (int i = 0; i < 10000; i++) {
        dgmi_buf_putc(&b, (char)('a' + i % 26));
        assert_int_equal(b.p[b.n], '\0');
    }
    assert_int_equal(b.n, 10000);
    assert_int_equal(b.p[27], 'b');
    dgmi_buf_clear(&b);
    assert_int_equal(dgmi_buf_str(&b).n, 0);
}

static void the_limit_holds_to_the_byte(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 100);
    for (int i = 0; i < 10; i++)
        dgmi_buf_puts(&b, "0123456789");
    assert_false(b.failed);
    dgmi_buf_put(&b, "", 0);
    assert_false(b.failed);
    dgmi_buf_putc(&b, 'x');
    assert_true(b.failed);
    assert_int_equal(b.n, 100);
    assert_true(b.capacity <= 101);
    dgmi_buf_clear(&b);
}

static void a_failure_latches_until_reset(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 4);
    dgmi_buf_puts(&b, "ab");
    dgmi_buf_puts(&b, "cde");
    dgmi_buf_puts(&b, "c");
    assert_true(dgmi_str_eq(dgmi_buf_str(&b), "ab"));
    assert_null(dgmi_buf_room(&b, 0));
    dgmi_buf_reset(&b);
    dgmi_buf_puts(&b, "wxyz");
    assert_true(dgmi_str_eq(dgmi_buf_str(&b), "wxyz"));
    dgmi_buf_putc(&b, '!');
    assert_null(dgmi_buf_take(&b));
    assert_null(b.p);
    assert_false(b.failed);
}

static void a_size_that_overflows_fails(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    dgmi_buf_puts(&b, "abc");
    assert_null(dgmi_buf_room(&b, SIZE_MAX - 3));
    assert_true(b.failed);
    dgmi_buf_clear(&b);
}

static void take_hands_over_a_string(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    char *empty = dgmi_buf_take(&b);
    assert_string_equal(empty, "");
    free(empty);
    char *room = dgmi_buf_room(&b, 10);
    memcpy(room, "abc", 3);
    b.n += 3;
    char *text = dgmi_buf_take(&b);
    assert_string_equal(text, "abc");
    free(text);
    assert_null(b.p);
}

static void printf_takes_long_and_short_texts(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    dgmi_buf_printf(&b, "%d-%s", 7, "x");
    dgmi_buf_printf(&b, "%0999d", 1);
    assert_int_equal(b.n, 3 + 999);
    assert_memory_equal(b.p, "7-x000", 6);
    assert_int_equal(b.p[b.n - 1], '1');
    dgmi_buf_puts(&b, NULL);
    assert_int_equal(b.n, 1002);
    dgmi_buf_clear(&b);
    dgmi_buf_init(&b, 500);
    dgmi_buf_printf(&b, "%0999d", 1);
    assert_true(b.failed);
    assert_int_equal(b.n, 0);
    dgmi_buf_clear(&b);
}

static void characters_are_put_as_utf8(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    dgmi_buf_put_char32(&b, 'a');
    dgmi_buf_put_char32(&b, 0x2013);
    dgmi_buf_put_char32(&b, 0xD800);
    assert_string_equal(b.p, "a\xE2\x80\x93\xEF\xBF\xBD");
    dgmi_buf_clear(&b);
}

static void a_varint_comes_back(void **state)
{
    (void)state;
    static const uint64_t values[] = { 0,          1,          127,
                                       128,        16383,      16384,
                                       UINT32_MAX, UINT64_MAX, (uint64_t)1 << 63 };
    static const size_t lengths[] = { 1, 1, 1, 2, 2, 3, 5, 10, 10 };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        dgmi_buf b;
        dgmi_buf_init(&b, 0);
        dgmi_buf_put_varint(&b, values[i]);
        assert_int_equal(b.n, lengths[i]);
        uint64_t v = 0;
        const char *p = b.p;
        assert_true(dgmi_get_varint(&p, b.p + b.n, &v));
        assert_true(v == values[i]);
        assert_ptr_equal(p, b.p + b.n);
        p = b.p;
        assert_false(dgmi_get_varint(&p, b.p + b.n - 1, &v));
        assert_ptr_equal(p, b.p);
        dgmi_buf_clear(&b);
    }
}

static void a_varint_over_64_bits_is_refused(void **state)
{
    (void)state;
    static const char *const table[] = {
        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02",
        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81",
        "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
    };
    for (size_t i = 0; i < 3; i++) {
        const char *p = table[i];
        uint64_t v;
        assert_false(dgmi_get_varint(&p, table[i] + 10, &v));
    }
}

static void u64be_keeps_the_order_of_numbers(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    dgmi_buf_put_u64be(&b, 0x0102030405060708u);
    assert_int_equal(b.n, 8);
    assert_memory_equal(b.p, "\1\2\3\4\5\6\7\10", 8);
    dgmi_buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_grows_and_stays_a_string),
        cmocka_unit_test(the_limit_holds_to_the_byte),
        cmocka_unit_test(a_failure_latches_until_reset),
        cmocka_unit_test(a_size_that_overflows_fails),
        cmocka_unit_test(take_hands_over_a_string),
        cmocka_unit_test(printf_takes_long_and_short_texts),
        cmocka_unit_test(characters_are_put_as_utf8),
        cmocka_unit_test(a_varint_comes_back),
        cmocka_unit_test(a_varint_over_64_bits_is_refused),
        cmocka_unit_test(u64be_keeps_the_order_of_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
