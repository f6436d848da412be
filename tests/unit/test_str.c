/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/str.c: slices. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

static void null_is_an_empty_slice(void **state)
{
    (void)state;
    dgmi_str s = dgmi_str_of(NULL);
    assert_int_equal(s.n, 0);
    assert_true(dgmi_str_eq(s, ""));
    assert_true(dgmi_str_eq((dgmi_str){ NULL, 0 }, ""));
    assert_true(dgmi_str_starts((dgmi_str){ NULL, 0 }, ""));
    assert_true(dgmi_str_ends((dgmi_str){ NULL, 0 }, ""));
    assert_int_equal(dgmi_str_trim((dgmi_str){ NULL, 0 }).n, 0);
}

static void comparing_knows_case_only_when_asked(void **state)
{
    (void)state;
    dgmi_str s = dgmi_str_of("Region: X");
    assert_true(dgmi_str_eq(s, "Region: X"));
    assert_false(dgmi_str_eq(s, "region: x"));
    assert_false(dgmi_str_eq(s, "Region: X "));
    assert_true(dgmi_str_eq_nocase(s, "rEGION: x"));
    assert_false(dgmi_str_eq_nocase(s, "rEGION: y"));
    assert_true(dgmi_str_starts(s, "Region"));
    assert_false(dgmi_str_starts(s, "region"));
    assert_true(dgmi_str_starts_nocase(s, "region"));
    assert_false(dgmi_str_starts(dgmi_str_of("Reg"), "Region"));
    assert_true(dgmi_str_ends(s, ": X"));
    assert_false(dgmi_str_ends(s, "Y"));
    /* '@' and '`' differ in the same bit as letters of two cases do. */
    assert_false(dgmi_str_eq_nocase(dgmi_str_of("@"), "`"));
}

static void trim_knows_the_no_break_space(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "  a b \t\r\n", "a b" },
        { "\xC2\xA0 a\xC2\xA0", "a" },
        { "\xC2\xA0", "" },
        { "", "" },
        { "\xC3\xA0", "\xC3\xA0" }, /* a letter that ends in the byte A0 */
        { "\xC2\xA1 \xC2\xA0", "\xC2\xA1" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_true(dgmi_str_eq(dgmi_str_trim(dgmi_str_of(table[i][0])), table[i][1]));
}

static void split_gives_every_part_once(void **state)
{
    (void)state;
    static const struct {
        const char *text, *joined;
    } table[] = { { "a,b", "[a][b]" }, { "a,,b", "[a][][b]" },
                  { "a,", "[a]" },     { ",a", "[][a]" },
                  { "", "" },          { ",", "[]" } };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char joined[64] = "";
        size_t n = 0;
        dgmi_str rest = dgmi_str_of(table[i].text), part;
        while (dgmi_str_split(&rest, ',', &part)) {
            joined[n++] = '[';
            memcpy(joined + n, part.p, part.n);
            n += part.n;
            joined[n++] = ']';
        }
        joined[n] = '\0';
        assert_string_equal(joined, table[i].joined);
        assert_false(dgmi_str_split(&rest, ',', &part));
    }
}

static void skip_stops_at_the_end(void **state)
{
    (void)state;
    assert_true(dgmi_str_eq(dgmi_str_skip(dgmi_str_of("abc"), 2), "c"));
    assert_int_equal(dgmi_str_skip(dgmi_str_of("abc"), 9).n, 0);
}

static void dup_ends_in_nul(void **state)
{
    (void)state;
    char *copy = dgmi_str_dup((dgmi_str){ "abcdef", 3 });
    assert_string_equal(copy, "abc");
    free(copy);
    assert_null(dgmi_str_dup((dgmi_str){ "", SIZE_MAX }));
}

static void grow_keeps_what_is_there(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        assert_true(dgmi_grow(&items, &capacity, (size_t)i + 1, sizeof *items));
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    int *before = items;
    assert_false(dgmi_grow(&items, &capacity, SIZE_MAX / 2, sizeof *items));
    assert_ptr_equal(items, before);
    free(items);
}

static void resize_keeps_what_fits(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    assert_true(dgmi_resize(&items, &capacity, 3, sizeof *items));
    assert_int_equal(capacity, 3);
    for (int i = 0; i < 3; i++)
        items[i] = i;
    assert_true(dgmi_resize(&items, &capacity, 2, sizeof *items));
    assert_int_equal(capacity, 2);
    assert_int_equal(items[1], 1);
    assert_false(dgmi_resize(&items, &capacity, SIZE_MAX / 2, sizeof *items));
    assert_int_equal(capacity, 2);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_an_empty_slice),
        cmocka_unit_test(comparing_knows_case_only_when_asked),
        cmocka_unit_test(trim_knows_the_no_break_space),
        cmocka_unit_test(split_gives_every_part_once),
        cmocka_unit_test(skip_stops_at_the_end),
        cmocka_unit_test(dup_ends_in_nul),
        cmocka_unit_test(grow_keeps_what_is_there),
        cmocka_unit_test(resize_keeps_what_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
