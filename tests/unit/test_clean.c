/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of dgmi_item_prepare: lines set aside, provenance, headline, id. Depends on
 * lib/item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "item.h"

#define EN_DASH "\xE2\x80\x93"
#define EM_DASH "\xE2\x80\x94"
#define QUOTE "\xE2\x80\x99"

static dgmi_item *start(const char *title, const char *body)
{
    dgmi_item *b = dgmi_item_new();
    assert_non_null(b);
    dgmi_item_set(b, DGMI_TITLE, dgmi_str_of(title));
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

static dgm_item *prepare(const char *title, const char *body)
{
    return complete(start(title, body));
}

static void assert_field(const char *is, const char *wanted)
{
    if (wanted == NULL)
        assert_null(is);
    else if (is == NULL)
        fail_msg("nothing instead of \"%s\"", wanted);
    else
        assert_string_equal(is, wanted);
}

static void assert_aside(const dgm_item *item, size_t i, const char *kind,
                         const char *text, uint32_t before)
{
    assert_true(i < item->n_asides);
    assert_string_equal(item->asides[i].kind, kind);
    assert_string_equal(item->asides[i].text, text);
    assert_int_equal(item->asides[i].before, before);
}

/* The form of 2021, without an interview. */
static void the_form_of_2021_loses_its_frame(void **state)
{
    (void)state;
    dgm_item *item = prepare(
        NULL,
        "Post sponsored by\n\n"
        "MIL OSI Translation. Region: Russian Federation " EN_DASH "\n\n"
        "The harbour office opened a second pier. Ships of all sizes may moor there.\n\n"
        "Fees stay as they were.\n\n"
        "EDITOR" QUOTE
        "S NOTE: This article is a translation. Apologies should the grammar and / or "
        "sentence structure not be perfect.\n\n"
        "MIL OSI Russia News");
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Fees stay as they were.");
    assert_string_equal(item->title, "The harbour office opened a second pier.");
    assert_true(item->title_derived);
    assert_true(item->translated);
    assert_string_equal(item->region, "Russian Federation");
    assert_string_equal(item->country, "RU");
    assert_string_equal(item->provider, "MIL OSI");
    assert_string_equal(item->language, "en");
    assert_null(item->source);
    assert_int_equal(item->n_asides, 4);
    assert_aside(item, 0, "sponsor", "Post sponsored by", 0);
    assert_aside(item, 1, "translation",
                 "MIL OSI Translation. Region: Russian Federation " EN_DASH, 0);
    assert_string_equal(item->asides[2].kind, "note");
    assert_int_equal(item->asides[2].before, 2);
    assert_aside(item, 3, "signoff", "MIL OSI Russia News", 2);
    dgm_item_free(item);
}

/* The form of 2025: headline first, the source twice and then the real one. */
static void the_form_of_2025_gives_headline_source_and_agency(void **state)
{
    (void)state;
    dgm_item *item = prepare(
        NULL, "Two cities agree on a common tram line\n"
              "Translation. Region: Russian Federation " EN_DASH "\n"
              "Source: Office of Bridges " EN_DASH " Office of Bridges " EN_DASH "\n"
              "An important disclaimer is at the bottom of this article.\n"
              "Source: State Council of Trams\n\n"
              "Tirana, December 19 /Xinhua/ " EN_DASH
              " The line will be twelve kilometres long.\n\n"
              "Work begins in spring. " EN_DASH "0" EN_DASH "\n\n"
              "Please note: This information is raw content obtained directly from the "
              "source. It represents "
              "an accurate account of what it said.\n");
    assert_string_equal(item->title, "Two cities agree on a common tram line");
    assert_false(item->title_derived);
    assert_string_equal(item->source, "State Council of Trams");
    assert_string_equal(item->agency, "Xinhua");
    assert_string_equal(item->provider, "MIL OSI");
    assert_true(item->translated);
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Work begins in spring.");
    assert_int_equal(item->n_asides, 6);
    assert_string_equal(item->asides[1].kind, "source");
    assert_string_equal(item->asides[2].kind, "disclaimer");
    assert_aside(item, 4, "signoff", EN_DASH "0" EN_DASH, 2);
    assert_string_equal(item->asides[5].kind, "disclaimer");
    dgm_item_free(item);
}

static void an_excerpt_in_one_line_is_taken_apart(void **state)
{
    (void)state;
    dgm_item *item = prepare(
        "A title", "Translation. Region: Norway " EN_DASH " Source: Fjord Office " EN_DASH
                   " Fjord Office " EN_DASH " An important disclaimer is at the bottom "
                   "of this article. The ferry runs again.");
    assert_int_equal(item->n_paragraphs, 1);
    assert_string_equal(item->paragraphs[0], "The ferry runs again.");
    assert_string_equal(item->source, "Fjord Office");
    assert_string_equal(item->country, "NO");
    assert_int_equal(item->n_asides, 3);
    dgm_item_free(item);
}

static void a_region_ends_at_its_dash_however_tight(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Translation. Region: Timor-Leste " EN_DASH "The ferry runs.",
        "Translation. Region: Timor-Leste" EM_DASH " The ferry runs.",
        "MIL-OSI Translation. Region: Timor-Leste - The ferry runs.",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        dgm_item *item = prepare("A title", lines[i]);
        assert_string_equal(item->region, "Timor-Leste");
        assert_string_equal(item->country, "TL");
        assert_string_equal(item->paragraphs[0], "The ferry runs.");
        dgm_item_free(item);
    }
}

static void the_form_of_2015_gives_source_and_headline(void **state)
{
    (void)state;
    dgm_item *item =
        prepare(NULL, "MIL OSI " EN_DASH "\n\n"
                      "Source: Lake Council " EN_DASH " Press Release/Statement:\n\n"
                      "Headline: Swans return to the lake\n\n"
                      "The swans are back, and so are the visitors.]]>");
    assert_string_equal(item->title, "Swans return to the lake");
    assert_string_equal(item->source, "Lake Council");
    assert_false(item->translated);
    assert_null(item->language);
    assert_string_equal(item->provider, "MIL OSI");
    assert_string_equal(item->paragraphs[0],
                        "The swans are back, and so are the visitors.");
    assert_aside(item, item->n_asides - 1, "other", "]]>", 1);
    dgm_item_free(item);
}

static void a_title_loses_its_prefix(void **state)
{
    (void)state;
    static const struct {
        const char *title, *wanted, *region, *country;
    } cases[] = {
        { "MIL-OSI Europe: Fish and ships", "Fish and ships", "Europe", NULL },
        { "MIL OSI Russia: Snow: how deep?", "Snow: how deep?", "Russia", "RU" },
        { "MIL-OSI Economics: Rates rise", "Rates rise", NULL, NULL },
        { "MIL OSI: Plain", "Plain", NULL, NULL },
        { "MIL-OSI New Zealand: Rain", "Rain", "New Zealand", "NZ" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgm_item *item = prepare(cases[i].title, "Some text.");
        assert_string_equal(item->title, cases[i].wanted);
        assert_field(item->region, cases[i].region);
        assert_field(item->country, cases[i].country);
        assert_string_equal(item->provider, "MIL OSI");
        assert_aside(item, 0, "headline", cases[i].title, 0);
        dgm_item_free(item);
    }
    dgm_item *item = prepare("Military: MIL-OSI: no", "Some text.");
    assert_string_equal(item->title, "Military: MIL-OSI: no");
    assert_null(item->provider);
    dgm_item_free(item);
}

/* Lines that look like the frame but are content. */
static void captions_and_prose_stay(void **state)
{
    (void)state;
    dgm_item *item =
        prepare("A title",
                "The chart shows prices.\n\nSource: Eurostat\n\nPrices rose in May.\n\n"
                "The note reads: ENDS\n\nEnds\n\nTranslation. Regional words differ.\n\n"
                "Prices fell in June.");
    assert_int_equal(item->n_paragraphs, 7);
    assert_int_equal(item->n_asides, 0);
    assert_null(item->source);
    assert_false(item->translated);
    assert_null(item->provider);
    dgm_item_free(item);
}

static void closing_lines_are_set_aside(void **state)
{
    (void)state;
    dgm_item *item = prepare(
        "A title", "The road is open.\n\nENDS\n\nIssued by Harbour Media Centre\n\n"
                   "The post A title appeared first on Harbour News.");
    assert_int_equal(item->n_paragraphs, 1);
    assert_string_equal(item->source, "Harbour Media Centre");
    assert_aside(item, 0, "signoff", "ENDS", 1);
    assert_aside(item, 2, "other", "The post A title appeared first on Harbour News.", 1);
    dgm_item_free(item);
}

static void a_title_repeated_in_the_body_is_set_aside(void **state)
{
    (void)state;
    dgm_item *item = prepare("The road is open", "The Road is open\n\nCars may pass.");
    assert_int_equal(item->n_paragraphs, 1);
    assert_aside(item, 0, "headline", "The Road is open", 0);
    dgm_item_free(item);
}

static void what_the_reader_gave_wins(void **state)
{
    (void)state;
    dgmi_item *b =
        start("A title",
              "Source: Somebody\n\nTranslation. Region: Norway " EN_DASH "\n\nText.");
    dgmi_item_set(b, DGMI_SOURCE, dgmi_str_of("Given Office"));
    dgmi_item_set(b, DGMI_REGION, dgmi_str_of("Iceland"));
    dgmi_item_set(b, DGMI_LANGUAGE, dgmi_str_of("DE-at"));
    dgm_item *item = complete(b);
    assert_string_equal(item->source, "Given Office");
    assert_string_equal(item->region, "Iceland");
    assert_string_equal(item->country, "IS");
    assert_string_equal(item->language, "de");
    assert_int_equal(item->n_asides, 2);
    dgm_item_free(item);
}

static void datelines_name_the_agency(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "Moscow, January 8 (Xinhua) " EM_DASH " Snow fell.", "Xinhua" },
        { "MOSCOW, June 16. /TASS/. Snow fell.", "TASS" },
        { "BRUSSELS (AP) " EM_DASH " Snow fell.", "AP" },
        { "Baku, 3 May (Harbour Wire) - Snow fell.", "Harbour Wire" },
        { "Anna Keller (Norway) " EN_DASH " skier " EN_DASH " won.", NULL },
        { "The club (Reuters) " EN_DASH " was closed.", NULL },
        { "Snow and/or rain fell on 3 May/4 May.", NULL },
        { "Oslo, May 3 (Xinhua) snow fell.", NULL },
        { "(Xinhua) " EN_DASH " Snow fell.", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgm_item *item = prepare(NULL, cases[i][0]);
        assert_field(item->agency, cases[i][1]);
        if (cases[i][1] != NULL)
            assert_string_equal(item->title, "Snow fell.");
        assert_string_equal(item->paragraphs[0], cases[i][0]);
        dgm_item_free(item);
    }
}

static void a_long_first_sentence_is_cut(void **state)
{
    (void)state;
    char text[1401];
    for (size_t i = 0; i < 1400; i++)
        text[i] = "harbour words "[i % 14];
    text[1400] = '\0';
    dgm_item *item = prepare(NULL, text);
    assert_true(item->title_derived);
    assert_true(strlen(item->title) < 180);
    assert_non_null(strstr(item->title, "\xE2\x80\xA6"));
    dgm_item_free(item);
}

static void a_title_of_ten_megabytes_is_cut_and_kept(void **state)
{
    (void)state;
    size_t n = 10u << 20;
    char *title = malloc(n + 1);
    assert_non_null(title);
    for (size_t i = 0; i < n; i += 2)
        memcpy(title + i, "\xC3\xA9", 2);
    title[n] = '\0';
    dgm_item *item = prepare(title, "Text.");
    assert_int_equal(strlen(item->title), 2 * DGMI_TITLE_MAX);
    assert_string_equal(item->asides[0].kind, "other");
    assert_int_equal(strlen(item->asides[0].text), n - 2 * DGMI_TITLE_MAX);
    dgm_item_free(item);
    free(title);
}

static void the_id_is_given_or_the_address_or_a_digest(void **state)
{
    (void)state;
    dgmi_item *b = start("t", "x");
    dgmi_item_set(b, DGMI_URL, dgmi_str_of("https://desk.example/1"));
    dgm_item *item = complete(b);
    assert_string_equal(item->id, "https://desk.example/1");
    assert_int_equal(strlen(item->sha256), 64);
    dgm_item_free(item);

    item = prepare("t", "x");
    assert_int_equal(strlen(item->id), 23);
    assert_memory_equal(item->id, "sha256-", 7);
    assert_memory_equal(item->id + 7, item->sha256, 16);
    dgm_item_free(item);

    char long_id[3000];
    memset(long_id, 'i', sizeof long_id);
    long_id[sizeof long_id - 1] = '\0';
    b = start("t", "x");
    dgmi_item_set(b, DGMI_ID, dgmi_str_of(long_id));
    item = complete(b);
    assert_int_equal(strlen(item->id), 23);
    dgm_item_free(item);
}

static void addresses_that_run_code_are_dropped(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "https://desk.example/a", "https://desk.example/a" },
        { "HTTP://desk.example/a", "HTTP://desk.example/a" },
        { "javascript:alert(1)", NULL },
        { "data:text/html,x", NULL },
        { "/relative", "/relative" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_item *b = start("t", "x");
        dgmi_item_set(b, DGMI_URL, dgmi_str_of(cases[i][0]));
        dgm_item *item = complete(b);
        assert_field(item->url, cases[i][1]);
        dgm_item_free(item);
    }
}

static void languages_become_primary_tags(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "en-US", "en" }, { "EN_us", "en" }, { "English", "en" },    { "ru", "ru" },
        { "fil", "fil" },  { "x", NULL },     { "klingonese", NULL }, { "e1", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_item *b = start("t", "x");
        dgmi_item_set(b, DGMI_LANGUAGE, dgmi_str_of(cases[i][0]));
        dgm_item *item = complete(b);
        assert_field(item->language, cases[i][1]);
        dgm_item_free(item);
    }
}

static void a_country_may_be_a_name_or_a_code(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        { "de", "DE", NULL },
        { "Germany", "DE", "Germany" },
        { "Atlantis", NULL, "Atlantis" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_item *b = start("t", "x");
        dgmi_item_set(b, DGMI_COUNTRY, dgmi_str_of(cases[i][0]));
        dgm_item *item = complete(b);
        assert_field(item->country, cases[i][1]);
        assert_field(item->region, cases[i][2]);
        dgm_item_free(item);
    }
}

static void an_item_of_nothing_is_refused_unless_it_withdraws(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_item *b = start(NULL, "Post sponsored by\n\nMIL OSI Russia News");
    assert_int_equal(dgmi_item_prepare(b, "", 0, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "neither a title nor a body"));
    dgmi_item_free(b);
    b = start(NULL, "");
    dgmi_item_set(b, DGMI_ID, dgmi_str_of("a"));
    dgmi_item_set_status(b, DGM_CANCELED);
    dgm_item *item = complete(b);
    assert_int_equal(item->status, DGM_CANCELED);
    dgm_item_free(item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_of_2021_loses_its_frame),
        cmocka_unit_test(the_form_of_2025_gives_headline_source_and_agency),
        cmocka_unit_test(an_excerpt_in_one_line_is_taken_apart),
        cmocka_unit_test(a_region_ends_at_its_dash_however_tight),
        cmocka_unit_test(the_form_of_2015_gives_source_and_headline),
        cmocka_unit_test(a_title_loses_its_prefix),
        cmocka_unit_test(captions_and_prose_stay),
        cmocka_unit_test(closing_lines_are_set_aside),
        cmocka_unit_test(a_title_repeated_in_the_body_is_set_aside),
        cmocka_unit_test(what_the_reader_gave_wins),
        cmocka_unit_test(datelines_name_the_agency),
        cmocka_unit_test(a_long_first_sentence_is_cut),
        cmocka_unit_test(a_title_of_ten_megabytes_is_cut_and_kept),
        cmocka_unit_test(the_id_is_given_or_the_address_or_a_digest),
        cmocka_unit_test(addresses_that_run_code_are_dropped),
        cmocka_unit_test(languages_become_primary_tags),
        cmocka_unit_test(a_country_may_be_a_name_or_a_code),
        cmocka_unit_test(an_item_of_nothing_is_refused_unless_it_withdraws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
