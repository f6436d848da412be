/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/item/country.c: labels to codes. Depends on lib/item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "item.h"

static void labels_give_codes(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "Russian Federation", "RU" },
        { "russia", "RU" },
        { " the Netherlands ", "NL" },
        { "USA", "US" },
        { "U.S.", "US" },
        { "us", "US" },
        { "RU", "RU" },
        { "People\xE2\x80\x99s Republic of China", "CN" },
        { "C\xC3\xB4te d\xE2\x80\x99Ivoire", "CI" },
        { "Cote d'Ivoire", "CI" },
        { "Antigua & Barbuda", "AG" },
        { "Guinea\xE2\x80\x93"
          "Bissau",
          "GW" },
        { "Korea, Republic of", "KR" },
        { "DPRK", "KP" },
        { "Georgia", "GE" },
        { "Congo", "CG" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(dgmi_country_code(cases[i][0]), cases[i][1]);
}

static void other_labels_give_none(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",   " ", "Europe",    "Russian", "Guinea-Bissa", "X",
        "ZZ", "|", "Russia|RF", "the",     "\xE2\x80\x99", "Asia Pacific"
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_null(dgmi_country_code(cases[i]));
    assert_null(dgmi_country_code(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_give_codes),
        cmocka_unit_test(other_labels_give_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
