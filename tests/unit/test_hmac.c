/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/hmac.c. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "hmac.h"

static void check(dgmi_hmac_kind kind, const char *key, const char *text, const char *hex)
{
    char got[DGMI_HMAC_HEX];
    dgmi_hmac *h = dgmi_hmac_new(kind, dgmi_str_of(key));
    assert_non_null(h);
    for (int round = 0; round < 2; round++) { /* the second time by single bytes */
        dgmi_str rest = dgmi_str_of(text);
        for (size_t step = round ? 1 : rest.n; rest.n; rest = dgmi_str_skip(rest, step))
            dgmi_hmac_add(h, rest.p, step);
        dgmi_hmac_hex(h, got);
        assert_string_equal(got, hex);
    }
    dgmi_hmac_free(h);
}

/* RFC 2202, case 2; RFC 4231, case 2; what Superdesk signs with. */
static void digests_are_those_of_the_rfcs(void **state)
{
    (void)state;
    check(DGMI_HMAC_SHA1, "Jefe", "what do ya want for nothing?",
          "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    check(DGMI_HMAC_SHA256, "Jefe", "what do ya want for nothing?",
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    check(DGMI_HMAC_SHA1, "something random", "{\"guid\": \"foo\", \"type\": \"text\"}",
          "e33358b1e75b6dd07371ca2ad631b2ba1484d0ee");
}

static void secrets_are_equal_only_as_a_whole(void **state)
{
    (void)state;
    dgmi_str a = dgmi_str_of("abcdef");
    assert_true(dgmi_secret_equal(a, dgmi_str_of("abcdef")));
    assert_true(dgmi_secret_equal(dgmi_str_of(""), dgmi_str_of("")));
    assert_false(dgmi_secret_equal(a, dgmi_str_of("abcdeg")));
    assert_false(dgmi_secret_equal(a, dgmi_str_of("abcde")));
    assert_false(dgmi_secret_equal(dgmi_str_of("abcde"), a));
    assert_false(dgmi_secret_equal(dgmi_str_of(""), a));
    assert_false(dgmi_secret_equal(a, dgmi_str_of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_rfcs),
        cmocka_unit_test(secrets_are_equal_only_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
