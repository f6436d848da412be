/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/item/sketch.c: which texts are copies of each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "sketch.h"

static dgmi_sketch sketch_of(const char *title, const char *body, int64_t published)
{
    const char *paragraphs[] = { body };
    dgm_item item = { .title = title, .published = published };
    dgmi_sketch s;
    item.paragraphs = paragraphs;
    item.n_paragraphs = body ? 1 : 0;
    dgmi_sketch_make(&item, &s);
    return s;
}

static double match(const char *a, const char *b)
{
    dgmi_sketch x = sketch_of("One outlet", a, DGM_NO_TIME);
    dgmi_sketch y = sketch_of("Quite another headline", b, DGM_NO_TIME);
    assert_true(dgmi_sketch_match(&x, &y) == dgmi_sketch_match(&y, &x));
    return dgmi_sketch_match(&x, &y);
}

#define FIRST                                                                            \
    "The port authority of Velmora closed its northern basin on Tuesday after a crane "  \
    "fell across two barges loaded with rapeseed. Nobody was hurt. "
#define SECOND                                                                           \
    "Harbour master Ilse Brandt told reporters that divers would look at the quay wall " \
    "before the first of 14 waiting vessels was let in. Insurers spoke of a loss near "  \
    "3.2 million crowns, most of it for the cargo. "
#define THIRD                                                                            \
    "Fishing boats may use the southern gate, which stays open until 22:00 every day "   \
    "of "                                                                                \
    "the week, and ferries keep to their timetable."

static void a_copy_under_another_headline_is_a_copy(void **state)
{
    (void)state;
    assert_true(match(FIRST SECOND THIRD, FIRST SECOND THIRD) > 1.99);
}

static void the_first_half_of_a_text_is_a_copy(void **state)
{
    (void)state;
    assert_true(match(FIRST SECOND THIRD, FIRST SECOND) > 1);
    assert_true(match(FIRST SECOND THIRD, SECOND) > 1);
}

static void a_text_with_things_added_is_a_copy(void **state)
{
    (void)state;
    assert_true(match(FIRST SECOND,
                      "Our correspondent writes from the pier. " FIRST SECOND
                      "The ministry has said nothing so far.") > 1);
}

static void other_letters_of_the_same_words_do_not_matter(void **state)
{
    (void)state;
    assert_true(match("VELMORA \xe2\x80\x93 " FIRST SECOND THIRD,
                      "velmora - " FIRST SECOND THIRD) > 1.99);
}

static void a_dateline_is_not_content(void **state)
{
    (void)state;
    dgmi_sketch a = sketch_of("T", "Moscow, June 16 /Xinhua/ - " FIRST SECOND, 0);
    dgmi_sketch b = sketch_of("T", FIRST SECOND, 0);
    assert_true(dgmi_sketch_match(&a, &b) > 1.99);
    assert_int_equal(a.exact, b.exact);
}

static void a_text_on_something_else_is_no_copy(void **state)
{
    (void)state;
    assert_true(match(FIRST, SECOND) == 0);
    assert_true(match(FIRST SECOND, THIRD THIRD) == 0);
}

#define WEEKLY(day, now, before)                                                         \
    "Applications for support rose to a seasonally adjusted " now " in the week ended "  \
    "March " day " from " before " in the prior week, the labour office said. The "      \
    "number of people who get support under the regular programmes was little changed "  \
    "in the latest period for which figures are at hand."

static void a_weekly_report_with_other_figures_is_no_copy(void **state)
{
    (void)state;
    assert_true(match(WEEKLY("7", "341,000", "338,000"),
                      WEEKLY("14", "355,000", "341,000")) == 0);
    assert_true(match(WEEKLY("7", "341,000", "338,000"),
                      WEEKLY("7", "341,000", "338,000")) > 1.99);
}

static void parts_of_a_number_are_one_number(void **state)
{
    (void)state;
    assert_true(match("Funds were trading at 6-1/4 pct when the bank began its direct "
                      "supply of reserves to the system, dealers said this morning.",
                      "Funds were trading at 6-1/8 pct when the bank began its direct "
                      "supply of reserves to the system, dealers said this morning.") ==
                0);
}

#define ISSUE(who, bank)                                                                 \
    who " is issuing a new bond at par that can be converted into shares after one "     \
        "year, lead manager " bank                                                       \
        " said. It is available in large and small pieces and "                          \
        "will be listed on the exchange as soon as the papers are signed."

static void the_same_form_about_another_company_is_no_copy(void **state)
{
    (void)state;
    assert_true(match(ISSUE("Norvik Paper Mills", "Sturm Halden"),
                      ISSUE("Costa Grande Cement", "Banco Lirio")) == 0);
}

static void what_is_published_weeks_later_must_agree_more(void **state)
{
    (void)state;
    const char *changed = FIRST "Twice this year boats hit the wall there, divers said.";
    dgmi_sketch a = sketch_of("T", FIRST THIRD, 1600000000);
    dgmi_sketch near = sketch_of("U", changed, 1600003600);
    dgmi_sketch far = sketch_of("U", changed, 1602000000);
    dgmi_sketch whole = sketch_of("U", FIRST THIRD, 1602000000);
    assert_true(dgmi_sketch_match(&a, &near) > 0);
    assert_true(dgmi_sketch_match(&a, &far) == 0);
    assert_true(dgmi_sketch_match(&a, &whole) > 1.99);
}

static double headlines(const char *a, const char *b, int64_t apart)
{
    dgmi_sketch x = sketch_of(a, NULL, 1600000000);
    dgmi_sketch y = sketch_of(b, NULL, 1600000000 + apart);
    return dgmi_sketch_match(&x, &y);
}

static void headlines_are_copies_only_if_their_words_are_the_same(void **state)
{
    (void)state;
    const char *h = "Velmora port closes northern basin after crane falls";
    assert_true(headlines(h, h, 3600) > 1.99);
    assert_true(headlines(h,
                          "UPDATE: Velmora port closes northern basin after crane "
                          "falls",
                          3600) > 0);
    assert_true(headlines(h, "Velmora port closes southern basin after crane falls", 0) ==
                0);
    assert_true(headlines("Oil up 2 percent in early trade today",
                          "Oil up 3 percent in early trade today", 0) == 0);
    assert_true(headlines("Port closed", "Port closed", 0) == 0);
}

static void a_headline_that_comes_again_next_week_is_another_item(void **state)
{
    (void)state;
    const char *h = "Grain ships waiting at the port of Velmora";
    assert_true(headlines(h, h, 86400) > 0);
    assert_true(headlines(h, h, 7 * 86400) == 0);
}

static void a_headline_and_a_text_are_not_compared(void **state)
{
    (void)state;
    dgmi_sketch x = sketch_of("Velmora port closes northern basin", NULL, 0);
    dgmi_sketch y = sketch_of("Velmora port closes northern basin", FIRST, 0);
    assert_true(dgmi_sketch_match(&x, &y) == 0);
}

static void an_item_without_words_is_like_nothing(void **state)
{
    (void)state;
    dgmi_sketch x = sketch_of(NULL, NULL, 0), y = sketch_of("...", "!!!", 0);
    assert_int_equal(x.exact, 0);
    assert_int_equal(y.exact, 0);
    assert_true(dgmi_sketch_match(&x, &y) == 0);
}

/* Numbered words: `n` of them from `from` on. */
static char *long_text(unsigned from, unsigned n)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    for (unsigned i = from; i < from + n; i++)
        dgmi_buf_printf(&b, "word%c%c%c ", 'a' + (int)(i % 26), 'a' + (int)(i / 26 % 26),
                        'a' + (int)(i / 676));
    return dgmi_buf_take(&b);
}

static void long_texts_are_measured_well_enough_by_their_samples(void **state)
{
    (void)state;
    static const struct {
        unsigned from, n;
        double containment, resemblance;
    } cases[] = {
        { 0, 4000, 1, 1 },          { 0, 2000, 1, 0.5 },  { 1000, 1000, 1, 0.25 },
        { 2000, 4000, 0.5, 0.333 }, { 4000, 4000, 0, 0 },
    };
    char *whole = long_text(0, 4000);
    dgmi_sketch a = sketch_of(NULL, whole, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = long_text(cases[i].from, cases[i].n);
        dgmi_sketch b = sketch_of(NULL, text, 0);
        dgmi_overlap o;
        dgmi_sketch_compare(&a, &b, &o);
        assert_true(o.resemblance > cases[i].resemblance - 0.15);
        assert_true(o.resemblance < cases[i].resemblance + 0.15);
        assert_true(o.containment > cases[i].containment - 0.25);
        assert_true(o.containment < cases[i].containment + 0.25);
        free(text);
    }
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_under_another_headline_is_a_copy),
        cmocka_unit_test(the_first_half_of_a_text_is_a_copy),
        cmocka_unit_test(a_text_with_things_added_is_a_copy),
        cmocka_unit_test(other_letters_of_the_same_words_do_not_matter),
        cmocka_unit_test(a_dateline_is_not_content),
        cmocka_unit_test(a_text_on_something_else_is_no_copy),
        cmocka_unit_test(a_weekly_report_with_other_figures_is_no_copy),
        cmocka_unit_test(parts_of_a_number_are_one_number),
        cmocka_unit_test(the_same_form_about_another_company_is_no_copy),
        cmocka_unit_test(what_is_published_weeks_later_must_agree_more),
        cmocka_unit_test(headlines_are_copies_only_if_their_words_are_the_same),
        cmocka_unit_test(a_headline_that_comes_again_next_week_is_another_item),
        cmocka_unit_test(a_headline_and_a_text_are_not_compared),
        cmocka_unit_test(an_item_without_words_is_like_nothing),
        cmocka_unit_test(long_texts_are_measured_well_enough_by_their_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
