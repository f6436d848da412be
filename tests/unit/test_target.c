/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/target.c: request targets. Depends on server/target.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "target.h"

/* "seg|seg?name=value&name=value" of a target, or "error at: <bad>: <text>". */
static char *describe(dgmi_str raw)
{
    dgms_target t;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf out;

    dgmi_buf_init(&out, 0);
    if (dgms_target_parse(raw, &t, &err) != DGM_OK) {
        dgmi_buf_printf(&out, "error %s: %s", t.bad, err.text);
    } else {
        for (size_t i = 0; i < t.n_segments; i++)
            dgmi_buf_printf(&out, "|%s", t.segments[i]);
        for (size_t i = 0; i < t.n_pairs; i++)
            dgmi_buf_printf(&out, "&%s=%s", t.pairs[i].name, t.pairs[i].value);
    }
    dgms_target_clear(&t);
    return dgmi_buf_take(&out);
}

static void check(const char *raw, const char *wanted)
{
    /* A copy of the exact size, so that reading past its end is seen by a sanitizer. */
    size_t n = strlen(raw);
    char *exact = malloc(n ? n : 1);
    assert_non_null(exact);
    memcpy(exact, raw, n);
    char *got = describe((dgmi_str){ exact, n });
    assert_string_equal(got, wanted);
    free(got);
    free(exact);
}

static void good_targets_are_taken_apart_and_decoded(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "/", "" },
        { "/?", "" },
        { "/v1/search", "|v1|search" },
        { "/v1/", "|v1|" },
        { "//v1", "||v1" },
        { "/v1/items/a%2Fb%3f", "|v1|items|a/b?" },
        { "/v1/items/a+b", "|v1|items|a+b" },
        { "/s?q=a+b%2Bc", "|s&q=a b+c" },
        { "/s?q=%C3%A9&q=%e2%82%ac", "|s&q=é&q=€" },
        { "/s?q=é", "|s&q=é" },
        { "/s?a&b=&=c&&d=e=f&", "|s&a=&b=&=c&d=e=f" },
        { "/s?a?b=/c", "|s&a?b=/c" },
        { "/s?%61%3d=1", "|s&a==1" },
        { "/..%2f../x", "|../..|x" },
        { "/s?q=%0A", "|s&q=\n" },
        { "http://host:80/v1?x=1", "|v1&x=1" },
        { "HTTPS://host", "" },
        { "http://host?x=1", "&x=1" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        check(table[i][0], table[i][1]);
}

static void bad_targets_are_refused_with_their_place(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "", "error : the target does not start with /" },
        { "*", "error : the target does not start with /" },
        { "v1", "error : the target does not start with /" },
        { "?q=1", "error : the target does not start with /" },
        { "/%", "error : byte 1 of the target: % without two hex digits" },
        { "/a%4", "error : byte 2 of the target: % without two hex digits" },
        { "/%zz", "error : byte 1 of the target: % without two hex digits" },
        { "/a%00b", "error : byte 2 of the target: %00 is not text" },
        { "/s?q=%f", "error q: byte 5 of the target: % without two hex digits" },
        { "/s?a=1&q=x%00", "error q: byte 10 of the target: %00 is not text" },
        { "/s?q=%ff", "error q: byte 5 of the target: this part is not UTF-8" },
        { "/s?q=\xC3", "error q: byte 5 of the target: this part is not UTF-8" },
        { "/s?q=%C0%AF", "error q: byte 5 of the target: this part is not UTF-8" },
        { "/s?q=%ED%A0%80", "error q: byte 5 of the target: this part is not UTF-8" },
        { "/s?\xC3%=1", "error ?%: byte 4 of the target: % without two hex digits" },
        { "/a b", "error : byte 2 of the target: a raw space or control character" },
        { "/a\tb", "error : byte 2 of the target: a raw space or control character" },
        { "/a\x7F", "error : byte 2 of the target: a raw space or control character" },
        { "/a#b", "error : byte 2 of the target: a fragment" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        check(table[i][0], table[i][1]);
}

static void a_raw_nul_is_refused(void **state)
{
    (void)state;
    char *got = describe((dgmi_str){ "/a\0b", 4 });
    assert_string_equal(got,
                        "error : byte 2 of the target: a raw space or control character");
    free(got);
}

static void parts_are_limited(void **state)
{
    (void)state;
    dgmi_buf path, query;
    dgmi_buf_init(&path, 0);
    dgmi_buf_init(&query, 0);
    dgmi_buf_puts(&query, "/?");
    for (int i = 0; i < DGMS_SEGMENTS_MAX; i++)
        dgmi_buf_puts(&path, "/a");
    for (int i = 0; i < DGMS_PARAMS_MAX; i++)
        dgmi_buf_puts(&query, "a&");
    dgms_target t;
    assert_int_equal(dgms_target_parse(dgmi_buf_str(&path), &t, NULL), DGM_OK);
    assert_int_equal(t.n_segments, DGMS_SEGMENTS_MAX);
    dgms_target_clear(&t);
    assert_int_equal(dgms_target_parse(dgmi_buf_str(&query), &t, NULL), DGM_OK);
    assert_int_equal(t.n_pairs, DGMS_PARAMS_MAX);
    dgms_target_clear(&t);
    dgmi_buf_puts(&path, "/a");
    dgmi_buf_puts(&query, "a");
    assert_int_equal(dgms_target_parse(dgmi_buf_str(&path), &t, NULL), DGM_E_ARG);
    dgms_target_clear(&t);
    assert_int_equal(dgms_target_parse(dgmi_buf_str(&query), &t, NULL), DGM_E_ARG);
    dgms_target_clear(&t);
    dgmi_buf_clear(&path);
    dgmi_buf_clear(&query);
}

static void a_long_bad_name_is_cut(void **state)
{
    (void)state;
    char raw[300] = "/?";
    memset(raw + 2, 'n', 290);
    memcpy(raw + 292, "=%", 3);
    dgms_target t;
    assert_int_equal(dgms_target_parse(dgmi_str_of(raw), &t, NULL), DGM_E_ARG);
    assert_int_equal(strlen(t.bad), sizeof t.bad - 1);
    dgms_target_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_targets_are_taken_apart_and_decoded),
        cmocka_unit_test(bad_targets_are_refused_with_their_place),
        cmocka_unit_test(a_raw_nul_is_refused),
        cmocka_unit_test(parts_are_limited),
        cmocka_unit_test(a_long_bad_name_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
