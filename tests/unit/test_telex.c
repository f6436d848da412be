/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of telex.c: IPTC 7901 and ANPA stories. Depends on lib/read. */
#include "collect.h"

static const char iptc[] =
    "\x01pier061 4 i 211 ccccb   pier 061\r\n\nHarbour-fees/\r\n"
    "\x02REFILE\r\n1ST LEAD\r\nFees for ships stay\r\nBy Kari Lund =\r\n\r\n"
    "   Bergen (pier) - Fees stay as\r\nthey are.\r\n   Ships may moor.\r\n\r\n"
    "* * * *\r\nThe following information is not for publication\r\n\r\nCall 555.\r\n"
    "\x03"
    "161230 GMT Jun 21\r\n\x7F\r\n\x04";

static const char anpa[] =
    "\x16\x16\x01"
    "A2870\x1F_asian\r\nf l\x13\x11 BC-Harbour-Fees     06-16 0049\r\n"
    "\x02^BC-Harbour-Fees, 1st Ld,46<\r\n^Fees for ``ships'' stay <\r\n"
    "^Eds: Updates.<\r\n^By KARI LUND=\r\n^Pier Press=\r\n"
    "\t   BERGEN, Norway (PP) _ Fees stay\nas they are. \r\n \r\n\t   Ships moor.<\r\n"
    "\t   \x03PP-WF-06-16-21 1230GMT<\r\n\x0C\r\n\x04";

static void a_story_of_iptc_7901_is_read(void **state)
{
    (void)state;
    collected c;
    collect_bytes(&c, "a", NULL, iptc, sizeof iptc - 1);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->title, "Fees for ships stay");
    assert_string_equal(item->author, "Kari Lund");
    assert_true(item->published == 1623846600);
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[0], "Bergen (pier) - Fees stay as they are.");
    assert_string_equal(item->paragraphs[1], "Ships may moor.");
    assert_int_equal(item->n_asides, 1);
    assert_non_null(strstr(item->asides[0].text, "Call 555."));
    assert_non_null(strstr(item->extra, "\"slugline\":\"Harbour-fees/\""));
    assert_non_null(strstr(item->extra, "\"kicker\":\"REFILE\""));
    assert_non_null(strstr(item->extra, "\"kicker_2\":\"1ST LEAD\""));
    collect_clear(&c);
}

static void a_story_without_a_headline_keeps_its_first_line(void **state)
{
    (void)state;
    collected c;
    static const char story[] = "\x01q1 4 i 9\r\n\x02Ships may moor. By night.\r\n\x03";
    collect_bytes(&c, "a", NULL, story, sizeof story - 1);
    assert_int_equal(c.n, 1);
    assert_true(c.items[0]->title_derived);
    assert_string_equal(c.items[0]->paragraphs[0], "Ships may moor. By night.");
    collect_clear(&c);
}

static void a_story_of_anpa_is_read(void **state)
{
    (void)state;
    collected c;
    collect_bytes(&c, "a", NULL, anpa, sizeof anpa - 1);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->title, "Fees for “ships” stay");
    assert_string_equal(item->author, "KARI LUND");
    assert_true(item->published == 1623846600);
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[0],
                        "BERGEN, Norway (PP) – Fees stay as they are.");
    assert_string_equal(item->paragraphs[1], "Ships moor.");
    assert_non_null(strstr(item->extra, "\"reference\":\"A2870\""));
    assert_non_null(strstr(item->extra, "\"category\":\"l\""));
    assert_non_null(strstr(item->extra, "\"ednote\":\"Updates.\""));
    collect_clear(&c);
}

static void several_stories_are_read_one_by_one(void **state)
{
    (void)state;
    char both[3000];
    size_t n = sizeof iptc - 1;
    memcpy(both, iptc, n);
    memcpy(both + n, iptc, n);
    collected c;
    collect_bytes(&c, "a", NULL, both, 2 * n);
    assert_int_equal(c.n, 2);
    assert_string_equal(c.wheres[1], "a:item 2");
    collect_clear(&c);
}

static void a_cut_story_ends_in_an_item_or_a_rejection(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof anpa; n++) {
        collected c;
        collect_bytes(&c, "a", "anpa", anpa, n);
        assert_true(c.n + c.n_rejects > 0);
        collect_clear(&c);
        collect_bytes(&c, "a", "iptc7901", iptc, n);
        assert_true(c.n + c.n_rejects > 0);
        collect_clear(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_story_of_iptc_7901_is_read),
        cmocka_unit_test(a_story_without_a_headline_keeps_its_first_line),
        cmocka_unit_test(a_story_of_anpa_is_read),
        cmocka_unit_test(several_stories_are_read_one_by_one),
        cmocka_unit_test(a_cut_story_ends_in_an_item_or_a_rejection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
