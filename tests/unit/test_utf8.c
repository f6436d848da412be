/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/utf8.c. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "utf8.h"

static void every_character_comes_back(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        uint32_t got;
        unsigned n = dgmi_utf8_put(c, bytes);
        uint32_t wanted = c >= 0xD800 && c <= 0xDFFF ? DGMI_REPLACEMENT : c;
        if (dgmi_utf8_get(bytes, bytes + n, &got) != n || got != wanted)
            fail_msg("U+%04X became U+%04X", (unsigned)c, (unsigned)got);
    }
    char bytes[4];
    assert_int_equal(dgmi_utf8_put(0x110000, bytes), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
}

static void invalid_bytes_are_told_one_by_one(void **state)
{
    (void)state;
    static const char *const table[] = {
        "\x80",
        "\xBF",
        "\xC0\xAF",
        "\xC1\xBF",
        "\xE0\x80\xAF",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xE2\x80",
        "\xC3",
        "\xF0\x9F\x98",
        "\xC3\x28",
        "\xE2\x28\xA1",
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        uint32_t c = 0;
        size_t n = strlen(table[i]);
        assert_int_equal(dgmi_utf8_get(table[i], table[i] + n, &c), 1);
        assert_int_equal(c, DGMI_REPLACEMENT);
        assert_false(dgmi_utf8_valid(table[i], n));
    }
    assert_true(dgmi_utf8_valid("\xEF\xBF\xBD", 3)); /* U+FFFD itself is fine */
    assert_true(dgmi_utf8_valid("a\0\xD0\x96", 4));
    assert_true(dgmi_utf8_valid(NULL, 0));
}

static void cleaning_keeps_text_and_counts_changes(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t n;
        const char *out;
        size_t changed;
    } table[] = {
        { "plain \xE2\x80\x93 text", 14, "plain \xE2\x80\x93 text", 0 },
        { "a\r\nb\rc\n\td", 9, "a\nb\nc\n\td", 0 },
        { "a\r\r\nb", 5, "a\n\nb", 0 },
        { "a\0b\x01\x1F", 5, "ab", 3 },
        { "\xEF\xBB\xBFtext", 7, "text", 1 },
        { "\xEF\xBF\xBEx\xEF\xB7\x90", 7, "x", 2 },
        { "\xE9t\xE9", 3, "\xEF\xBF\xBDt\xEF\xBF\xBD", 2 },
        { "\xF0\x9F\x98\x80", 4, "\xF0\x9F\x98\x80", 0 },
        { "\xF0\x9F\xBF\xBF", 4, "", 1 },
        { "cut\xE2\x80", 5, "cut\xEF\xBF\xBD\xEF\xBF\xBD", 2 },
        { "", 0, "", 0 },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgmi_buf b;
        dgmi_buf_init(&b, 0);
        assert_int_equal(dgmi_utf8_clean(&b, table[i].in, table[i].n), table[i].changed);
        assert_true(dgmi_str_eq(dgmi_buf_str(&b), table[i].out));
        assert_true(dgmi_utf8_valid(b.p, b.n));
        dgmi_buf_clear(&b);
    }
}

static void cleaning_stops_at_the_limit(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 4);
    dgmi_utf8_clean(&b, "abc\ndef", 7);
    assert_true(b.failed);
    dgmi_buf_clear(&b);
}

static void counting_counts_characters(void **state)
{
    (void)state;
    assert_int_equal(dgmi_utf8_count("a\xC3\xA9\xE2\x80\x93\xF0\x9F\x98\x80", 10), 4);
    assert_int_equal(dgmi_utf8_count("\xFF\xFF", 2), 2);
    assert_int_equal(dgmi_utf8_count("", 0), 0);
}

static void a_cut_never_splits_a_character(void **state)
{
    (void)state;
    static const char text[] = "a\xC3\xA9\xE2\x80\x93\xF0\x9F\x98\x80";
    static const size_t cuts[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10 };
    for (size_t max = 0; max <= 10; max++)
        assert_int_equal(dgmi_utf8_cut(text, 10, max), cuts[max]);
    assert_int_equal(dgmi_utf8_cut(text, 10, 99), 10);
    assert_int_equal(dgmi_utf8_cut("\x80\x80\x80\x80\x80", 5, 4), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_comes_back),
        cmocka_unit_test(invalid_bytes_are_told_one_by_one),
        cmocka_unit_test(cleaning_keeps_text_and_counts_changes),
        cmocka_unit_test(cleaning_stops_at_the_limit),
        cmocka_unit_test(counting_counts_characters),
        cmocka_unit_test(a_cut_never_splits_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
