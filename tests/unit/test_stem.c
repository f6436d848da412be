/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of stemming, language tags and stop words. Depends on cmocka and lib/text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "stem.h"

static void assert_stem(dgmi_stems *s, const char *language, const char *word,
                        const char *stem)
{
    dgmi_str got = dgmi_stem(s, language, dgmi_str_of(word));
    char text[200];
    snprintf(text, sizeof text, "%.*s", (int)got.n, got.p);
    assert_string_equal(text, stem);
}

static void words_are_stemmed_by_language_and_script(void **state)
{
    static const struct {
        const char *language, *word, *stem;
    } rows[] = {
        { "en", "attacks", "attack" },
        { "en-GB", "cooperation", "cooper" },
        { NULL, "ministers", "minist" },
        { "", "ministers", "minist" },
        { "pl", "ministers", "minist" },
        { "ru-RU", "министрами", "министр" },
        { NULL, "министрами", "министр" },
        { "en", "министрами", "министр" },
        { "ru", "attacks", "attack" },
        { "fr", "continuellement", "continuel" },
        { "de", "sicherheiten", "sich" },
        { "es", "naciones", "nacion" },
        { NULL, "المدينة", "مدين" },
        { "en", "中", "中" },
        { "en", "2021", "2021" },
        { "en", "covid19s", "covid19s" },
        { "en", "a", "a" },
        { "en", "", "" },
    };
    for (int round = 0; round < 2; round++) { /* the second out of the memory */
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            assert_stem(*state, rows[i].language, rows[i].word, rows[i].stem);
    }
}

static void one_word_can_have_a_stem_in_each_language(void **state)
{
    assert_stem(*state, "en", "gobiernos", "gobierno");
    assert_stem(*state, "fr", "gobiernos", "gobiernos");
    assert_stem(*state, "en", "gobiernos", "gobierno");
}

static void the_memory_of_words_is_bounded_and_stays_right(void **state)
{
    char word[32], stem[32];
    for (unsigned i = 0; i < 60000; i++) {
        unsigned n = 0;
        for (unsigned rest = i; n < 4; rest /= 16)
            word[n++] = (char)('b' + rest % 16);
        snprintf(stem, sizeof stem, "%.*skat", (int)n, word);
        snprintf(word + n, sizeof word - n, "kats");
        assert_stem(*state, "en", word, stem);
    }
    assert_stem(*state, "en", "attacks", "attack");
}

static void tags_are_the_primary_language_in_small_letters(void **state)
{
    (void)state;
    static const struct {
        const char *language, *tag;
    } rows[] = {
        { "en", "en" },    { "en-GB", "en" },
        { "EN_us", "en" }, { "zh-Hans-CN", "zh" },
        { "rus", "rus" },  { "x", "" },
        { "", "" },        { NULL, "" },
        { "e1", "" },      { "englishlish", "" },
        { "-en", "" },     { "ру", "" },
        { "e[", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char tag[9];
        assert_string_equal(dgmi_language_tag(rows[i].language, tag), rows[i].tag);
    }
}

static void stop_words_are_those_of_the_language(void **state)
{
    (void)state;
    static const struct {
        const char *language, *word;
        bool stop;
    } rows[] = {
        { "en", "the", true }, { "en", "attack", false }, { NULL, "of", true },
        { NULL, "и", true },   { "ru", "и", true },       { "ru", "the", false },
        { "fr", "des", true }, { "en", "des", false },    { "de", "und", true },
        { "es", "los", true }, { "sv", "the", false },    { "en", "un", false },
        { "en", "us", false }, { "en", "who", true },     { "en", "", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(dgmi_is_stopword(rows[i].language, dgmi_str_of(rows[i].word)),
                         rows[i].stop);
}

static void the_version_of_the_stemmers_is_told(void **state)
{
    (void)state;
    assert_true(strncmp(dgmi_stem_version(), "1.", 2) == 0);
}

static void stemmers_that_cut_the_front_are_known(void **state)
{
    (void)state;
    assert_true(dgmi_stem_cuts_front("ar"));
    assert_true(dgmi_stem_cuts_front("id-ID"));
    assert_false(dgmi_stem_cuts_front("en"));
    assert_false(dgmi_stem_cuts_front(NULL));
}

static int make_stems(void **state)
{
    return dgmi_stems_new((dgmi_stems **)state, NULL) == DGM_OK ? 0 : 1;
}

static int free_stems(void **state)
{
    dgmi_stems_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_stemmed_by_language_and_script),
        cmocka_unit_test(one_word_can_have_a_stem_in_each_language),
        cmocka_unit_test(the_memory_of_words_is_bounded_and_stays_right),
        cmocka_unit_test(tags_are_the_primary_language_in_small_letters),
        cmocka_unit_test(stop_words_are_those_of_the_language),
        cmocka_unit_test(the_version_of_the_stemmers_is_told),
        cmocka_unit_test(stemmers_that_cut_the_front_are_known),
    };
    return cmocka_run_group_tests(tests, make_stems, free_stems);
}
