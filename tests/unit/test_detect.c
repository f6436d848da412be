/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/text/detect.cc and script.c: languages and scripts of texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "detect.h"

static const char english[] =
    "The harbour office opened a second pier for ships of all sizes, "
    "and fees will stay as they were until the end of the year.";
static const char russian[] =
    "Управление порта открыло второй причал для судов любых размеров, а сборы останутся "
    "прежними до конца года.";
static const char german[] =
    "Das Hafenamt hat einen zweiten Anleger für Schiffe jeder Größe "
    "eröffnet; die Gebühren bleiben bis Jahresende, wie sie waren.";
static const char chinese[] =
    "港口办公室为各种大小的船只开放了第二个码头，费用在年底之前保持不变。";

static void assert_language(const char *text, size_t n, const char *wanted)
{
    dgmi_detected found;
    assert_int_equal(dgmi_detect_language(text, n, &found, NULL), DGM_OK);
    assert_string_equal(found.language, wanted);
}

static void a_language_is_told_from_enough_text(void **state)
{
    (void)state;
    assert_language(english, strlen(english), "en");
    assert_language(russian, strlen(russian), "ru");
    assert_language(german, strlen(german), "de");
    assert_language(chinese, strlen(chinese), "zh");
}

static void little_text_is_no_evidence(void **state)
{
    (void)state;
    assert_language("", 0, "");
    assert_language(english, 60, "");
    assert_language("1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0", 59,
                    "");
}

static void a_mixture_has_no_language(void **state)
{
    (void)state;
    char both[sizeof english + sizeof german + sizeof russian + 3];
    memcpy(both, english, sizeof english - 1);
    memcpy(both + sizeof english - 1, german, sizeof german - 1);
    memcpy(both + sizeof english + sizeof german - 2, russian, sizeof russian);
    assert_language(both, strlen(both), "");
}

static void letters_are_counted_by_script(void **state)
{
    (void)state;
    dgmi_letters l = dgmi_count_letters("ab 12 \xD0\x96\xD0\x96\xD0\x96!", 13);
    assert_int_equal(l.all, 5);
    assert_int_equal(l.script, DGMI_SCRIPT_CYRILLIC);
    assert_int_equal(l.in_script, 3);
    assert_int_equal(dgmi_count_letters("12 \xC3\x97", 5).script, DGMI_SCRIPT_NONE);
}

static void languages_of_one_script_are_known_and_no_others(void **state)
{
    (void)state;
    assert_int_equal(dgmi_script_of_language("en"), DGMI_SCRIPT_LATIN);
    assert_int_equal(dgmi_script_of_language("ru-RU"), DGMI_SCRIPT_CYRILLIC);
    assert_int_equal(dgmi_script_of_language("zh_Hant"), DGMI_SCRIPT_EAST_ASIAN);
    assert_int_equal(dgmi_script_of_language("sr"), DGMI_SCRIPT_NONE);
    assert_int_equal(dgmi_script_of_language("e"), DGMI_SCRIPT_NONE);
    assert_int_equal(dgmi_script_of_language(NULL), DGMI_SCRIPT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_is_told_from_enough_text),
        cmocka_unit_test(little_text_is_no_evidence),
        cmocka_unit_test(a_mixture_has_no_language),
        cmocka_unit_test(letters_are_counted_by_script),
        cmocka_unit_test(languages_of_one_script_are_known_and_no_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
