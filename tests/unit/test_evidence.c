/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of evidence.c, edition.c, language.c and disagree.c: where fields come from, and
 * what contradicts them. Depends on lib/item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "item.h"

#define DASH "\xE2\x80\x93"

static const char prose[] =
    "The harbour office opened a second pier for ships of all sizes, "
    "and fees will stay as they were until the end of the year.";
static const char cyrillic[] =
    "Управление порта открыло второй причал для судов любых размеров, а сборы останутся "
    "прежними до конца года.";

static dgmi_item *start(const char *body)
{
    dgmi_item *b = dgmi_item_new();
    assert_non_null(b);
    dgmi_item_set(b, DGMI_TITLE, dgmi_str_of("A second pier"));
    dgmi_item_add_text(b, dgmi_str_of(body));
    return b;
}

static dgm_item *complete(dgmi_item *b)
{
    dgm_item *item = NULL;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_item_prepare(b, "raw", 3, &err) != DGM_OK ||
        dgmi_item_finish(b, &item, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return item;
}

static const dgm_evidence *find(const dgm_item *item, const char *field)
{
    for (size_t i = 0; i < item->n_evidence; i++) {
        if (strcmp(item->evidence[i].field, field) == 0)
            return &item->evidence[i];
    }
    return NULL;
}

static void assert_evidence(const dgm_item *item, const char *field, const char *value,
                            const char *rule, const char *where)
{
    const dgm_evidence *e = find(item, field);
    if (e == NULL)
        fail_msg("no evidence for %s", field);
    assert_string_equal(e->value, value);
    assert_string_equal(e->rule, rule);
    assert_string_equal(e->where, where);
}

/* The span of evidence is the very text at its place. */
static void assert_span(const dgm_evidence *e, const char *place)
{
    assert_int_equal(e->to - e->from, strlen(e->text));
    assert_true(strlen(place) >= e->to);
    assert_memory_equal(place + e->from, e->text, strlen(e->text));
}

static void each_field_of_a_relayed_item_names_its_line(void **state)
{
    (void)state;
    dgm_item *item = complete(start(
        "Translation. Region: Russian Federation " DASH "\n\n"
        "Source: People's Republic of China in Russian " DASH
        " People's Republic of China in Russian " DASH "\n\n"
        "An important disclaimer is at the bottom of this article.\n\n"
        "Source: Harbour news " DASH "\n\n"
        "Kabul, December 19 /Xinhua/ " DASH " The harbour office opened a second pier "
        "for ships of all sizes.\n\nFees stay as they were until the end of the year."));
    assert_evidence(item, "region", "Russian Federation", "translation-line",
                    "boilerplate[0]");
    assert_evidence(item, "country", "RU", "region-name", "field region");
    assert_evidence(item, "source", "Harbour news", "source-line", "boilerplate[3]");
    assert_evidence(item, "agency", "Xinhua", "dateline", "body[0]");
    assert_evidence(item, "provider", "MIL OSI", "provider-line", "boilerplate[0]");
    assert_evidence(item, "edition", "ru", "source-edition", "boilerplate[1]");
    assert_evidence(item, "original_language", "ru", "source-edition", "boilerplate[1]");
    assert_evidence(item, "translator", "machine", "translation-line", "boilerplate[0]");
    assert_evidence(item, "language", "en", "detected", "title and body");
    assert_span(find(item, "region"), item->asides[0].text);
    assert_span(find(item, "source"), item->asides[3].text);
    assert_span(find(item, "edition"), item->asides[1].text);
    assert_span(find(item, "agency"), item->paragraphs[0]);
    dgm_item_free(item);
}

static void what_the_reader_gave_names_its_member(void **state)
{
    (void)state;
    dgmi_item *b = start(prose);
    dgmi_item_set(b, DGMI_LANGUAGE, dgmi_str_of("English"));
    dgmi_item_set_origin(b, DGMI_LANGUAGE, "dc:language");
    dgmi_item_set(b, DGMI_SOURCE, dgmi_str_of("Harbour office"));
    dgm_item *item = complete(b);
    assert_evidence(item, "language", "en", "given", "member dc:language");
    assert_string_equal(find(item, "language")->text, "English");
    assert_evidence(item, "source", "Harbour office", "given", "metadata");
    dgm_item_free(item);
}

static void what_is_filled_in_late_has_its_evidence_and_is_checked(void **state)
{
    (void)state;
    dgm_item *item = NULL;
    dgmi_item *b = start(prose);
    assert_int_equal(dgmi_item_prepare(b, "raw", 3, NULL), DGM_OK);
    dgmi_item_set_late(b, DGMI_REGION, "France", "declared");
    dgmi_item_set_late(b, DGMI_SOURCE, "Government of Chile", "feed-title");
    dgmi_item_set_late(b, DGMI_SOURCE, "Another", "feed-title");
    assert_int_equal(dgmi_item_finish(b, &item, NULL), DGM_OK);
    assert_evidence(item, "region", "France", "declared", "feed list");
    assert_evidence(item, "source", "Government of Chile", "feed-title",
                    "member title of the feed");
    assert_int_equal(item->n_warnings, 1);
    dgm_item_free(item);
}

static void the_address_tells_edition_and_original(void **state)
{
    (void)state;
    dgmi_item *b = start(prose);
    dgmi_item_set(b, DGMI_URL, dgmi_str_of("https://www.example.org/en/news/1"));
    dgm_item *item = complete(b);
    assert_evidence(item, "edition", "en", "address-edition", "url");
    assert_int_equal(find(item, "edition")->from, 24);
    dgm_item_free(item);

    b = start(prose);
    dgmi_item_set_translated(b, true);
    dgmi_item_set(
        b, DGMI_URL,
        dgmi_str_of(
            "https://example.org/2026/01/"
            "%D1%83%D0%BF%D1%80%D0%B0%D0%B2%D0%BB%D0%B5%D0%BD%D0%B8%D0%B5-"
            "%D0%BF%D0%BE%D1%80%D1%82%D0%B0-%D0%BE%D1%82%D0%BA%D1%80%D1%8B%D0%BB%D0%BE-"
            "%D0%B2%D1%82%D0%BE%D1%80%D0%BE%D0%B9-%D0%BF%D1%80%D0%B8%D1%87%D0%B0%D0%BB-"
            "%D0%B4%D0%BB%D1%8F-%D1%81%D1%83%D0%B4%D0%BE%D0%B2-%D0%BB%D1%8E%D0%B1%D1%8B%"
            "D1%"
            "85-%D1%80%D0%B0%D0%B7%D0%BC%D0%B5%D1%80%D0%BE%D0%B2-%D1%81%D0%B1%D0%BE%D1%"
            "80%D1"
            "%8B-%D0%BE%D1%81%D1%82%D0%B0%D0%BD%D1%83%D1%82%D1%81%D1%8F-%D0%BF%D1%80%D0%"
            "B5%D"
            "0%B6%D0%BD%D0%B8%D0%BC%D0%B8-%D0%B4%D0%BE-%D0%BA%D0%BE%D0%BD%D1%86%D0%B0/"));
    item = complete(b);
    assert_string_equal(item->original_language, "ru");
    assert_evidence(item, "original_language", "ru", "address-text", "url");
    dgm_item_free(item);
}

static void a_remark_tells_who_translated(void **state)
{
    (void)state;
    dgm_item *item = complete(start("Unofficial translation\n\nThe pier is open."));
    assert_evidence(item, "translator", "human", "translation-remark", "body[0]");
    assert_true(item->translated);
    dgm_item_free(item);
    item = complete(start("The talk was of machine translation.\n\nThe pier is open."));
    assert_null(find(item, "translator"));
    assert_false(item->translated);
    dgm_item_free(item);
}

static void a_declared_language_stands_unless_the_script_contradicts(void **state)
{
    (void)state;
    dgmi_item *b = start(prose);
    dgmi_item_set(b, DGMI_LANGUAGE, dgmi_str_of("de"));
    dgm_item *item = complete(b);
    assert_string_equal(item->language, "de"); /* whatever the words look like */
    assert_int_equal(item->n_warnings, 0);
    dgm_item_free(item);

    b = start(cyrillic);
    dgmi_item_set(b, DGMI_LANGUAGE, dgmi_str_of("en"));
    item = complete(b);
    assert_string_equal(item->language, "ru");
    assert_evidence(item, "language", "ru", "script", "title and body");
    assert_int_equal(item->n_warnings, 1);
    assert_non_null(strstr(item->warnings[0], "declared as language en"));
    dgm_item_free(item);
}

static void too_little_text_leaves_the_language_open(void **state)
{
    (void)state;
    dgm_item *item = complete(start("Fees stay."));
    assert_null(item->language);
    dgm_item_free(item);
    dgmi_item *b = start("Fees stay.");
    dgmi_item_set_translated(b, true);
    item = complete(b);
    assert_evidence(item, "language", "en", "translated", "title and body");
    dgm_item_free(item);
}

static size_t warnings_of(const char *region, const char *source, const char *body)
{
    dgmi_item *b = start(body);
    dgmi_item_set(b, DGMI_REGION, dgmi_str_of(region));
    if (source != NULL)
        dgmi_item_set(b, DGMI_SOURCE, dgmi_str_of(source));
    dgm_item *item = complete(b);
    size_t n = item->n_warnings;
    dgm_item_free(item);
    return n;
}

static void a_region_that_the_content_contradicts_is_a_warning(void **state)
{
    (void)state;
    static const char away[] = "Moscow, December 19 " DASH " The harbour office opened a "
                               "second pier for ships of all sizes.";
    assert_int_equal(warnings_of("Russia", "Xinhua", prose), 1);
    assert_int_equal(warnings_of("Russia", "Government of Chile", prose), 1);
    assert_int_equal(warnings_of("France", NULL, away), 1);
    assert_int_equal(warnings_of("Russia", "TASS", away), 0);
    assert_int_equal(warnings_of("Europe", "Government of Chile", prose), 0);
    assert_int_equal(warnings_of("Russia", "Reuters", prose), 0);
    assert_int_equal(warnings_of("Australia", "Council of New South Wales", prose), 0);
    assert_int_equal(
        warnings_of("Russia", "Moscow was cold, and 3 ships lay there.", prose), 0);
}

static void a_speaker_of_another_state_is_a_warning(void **state)
{
    (void)state;
    static const char talk[] = "Question: Is it open?\n\n"
                               "President of Ukraine: It is.\n\n"
                               "Question: Who was there?\n\n"
                               "President of Ukraine: Everybody was.\n\n";
    assert_int_equal(warnings_of("Russia", NULL, talk), 1);
    assert_int_equal(warnings_of("Ukraine", NULL, talk), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_of_a_relayed_item_names_its_line),
        cmocka_unit_test(what_the_reader_gave_names_its_member),
        cmocka_unit_test(what_is_filled_in_late_has_its_evidence_and_is_checked),
        cmocka_unit_test(the_address_tells_edition_and_original),
        cmocka_unit_test(a_remark_tells_who_translated),
        cmocka_unit_test(a_declared_language_stands_unless_the_script_contradicts),
        cmocka_unit_test(too_little_text_leaves_the_language_open),
        cmocka_unit_test(a_region_that_the_content_contradicts_is_a_warning),
        cmocka_unit_test(a_speaker_of_another_state_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
