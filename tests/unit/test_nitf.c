/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of nitf.c and body.c: NITF to items. Depends on lib/read. */
#include "collect.h"
#include "item.h"

#define BODY "<body><body.content><p>text</p></body.content></body>"
#define DATA(attributes, inside)                                                         \
    "<nitf><head><title>t</title><docdata " attributes ">" inside                        \
    "</docdata></head>" BODY "</nitf>"

static const char story[] =
    "<?xml version='1.0'?><!DOCTYPE nitf SYSTEM 'nitf-3-2.dtd'>"
    "<nitf xmlns='http://iptc.org/std/NITF/2006-10-18/' xml:lang='nb'>"
    "<head><title>PIER-2</title><tobject>"
    "<tobject.subject tobject.subject.refnum='04000000' tobject.subject.type='Economy' "
    "tobject.subject.detail='Harbours'/>"
    "<tobject.subject tobject.subject.refnum='11000000'/></tobject>"
    "<docdata management-status='usable'><doc-id id-string='fw.2' regsrc='FW'/>"
    "<urgency ed-urg='4'/><date.release norm='20210616T090000+0200'/>"
    "<date.issue norm='20210616T080000+0200'/>"
    "<key-list><keyword key='pier'/><keyword>swans</keyword></key-list>"
    "<doc.copyright holder='Fjord Wire' year='2021'/></docdata>"
    "<revision-history norm='20210616T100000Z'/></head>"
    "<body><body.head><hedline><hl1>A <em>pier</em> opens</hl1><hl2>At "
    "last</hl2></hedline>"
    "<byline>By Anna Keller<byttl>Harbour desk</byttl></byline>"
    "<dateline><location>Tromso</location></dateline>"
    "<abstract><p>In short.</p></abstract></body.head>"
    "<body.content><block><p>One\n  line.</p><hl2>Swans</hl2>"
    "<p>A <money>100</money> kroner<br/>each.</p></block>"
    "<ul><li>a</li><li>b</li></ul><pre>x 1\ny 2</pre></body.content>"
    "<body.end><tagline>Ola Vik wrote, too.</tagline></body.end></body></nitf>";

static void each_part_finds_its_place(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "story.xml", NULL, story);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->id, "fw.2");
    assert_string_equal(item->title, "A pier opens");
    assert_string_equal(item->author, "Anna Keller, Harbour desk");
    assert_string_equal(item->provider, "Fjord Wire");
    assert_string_equal(item->language, "nb");
    assert_true(item->published == 1623823200);
    assert_true(item->updated == 1623837600);
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[0], "Harbours");
    assert_string_equal(item->topics[1], "politics");
    static const char *const notes[] = {
        "\"keywords\":[\"pier\",\"swans\"]",
        "\"dateline\":\"Tromso\"",
        "\"abstract\":\"In short.\"",
        "\"tagline\":\"Ola Vik wrote, too.\"",
        "{\"name\":\"Harbours\",\"qcode\":\"subj:04000000\"}",
        "\"released\":\"20210616T090000+0200\"",
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (strstr(item->extra, notes[i]) == NULL)
            fail_msg("%s is not in %s", notes[i], item->extra);
    }
    collect_clear(&c);
}

static void blocks_headings_and_lists_are_paragraphs(void **state)
{
    (void)state;
    static const char *const expected[] = { "One line.", "Swans", "A 100 kroner each.",
                                            "a",         "b",     "x 1 y 2" };
    collected c;
    collect_text(&c, "story.xml", NULL, story);
    assert_int_equal(c.items[0]->n_paragraphs, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_string_equal(c.items[0]->paragraphs[i], expected[i]);
    collect_clear(&c);
}

static void the_status_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dgm_item_status status;
    } cases[] = {
        { DATA("", ""), DGM_USABLE },
        { DATA("management-status='withheld'", ""), DGM_WITHHELD },
        { DATA("management-status='canceled'", ""), DGM_CANCELED },
        { DATA("management-status='embargoed'", ""), DGM_WITHHELD },
        { DATA("management-status='embargoed'",
               "<date.release norm='20010101T000000Z'/>"),
          DGM_USABLE },
        { DATA("management-status='embargoed'",
               "<date.release norm='29990101T000000Z'/>"),
          DGM_USABLE },
        { "<nitf><head><docdata management-status='canceled'><doc-id id-string='1'/>"
          "</docdata></head></nitf>",
          DGM_CANCELED },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collected c;
        collect_text(&c, "a.xml", NULL, cases[i].text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.items[0]->status, cases[i].status);
        if (strstr(cases[i].text, "2999"))
            assert_true(dgmi_item_is_held(c.items[0], 2000000000));
        collect_clear(&c);
    }
}

static void a_replaced_document_is_linked(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.xml", NULL, DATA("management-doc-idref='fw.1'", ""));
    assert_string_equal(c.items[0]->evolved_from, "fw.1");
    collect_clear(&c);
    collect_text(&c, "a.xml", NULL,
                 DATA("", "<correction id-string='fw.0' info='the name'/>"));
    assert_string_equal(c.items[0]->evolved_from, "fw.0");
    collect_clear(&c);
}

static void a_date_that_is_none_gives_way(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "a.xml", NULL,
        DATA("", "<date.issue norm='YYYYMMDD'/><date.release norm='20210616'/>"));
    assert_true(c.items[0]->published == 1623801600);
    collect_clear(&c);
    collect_text(&c, "a.xml", NULL, DATA("", "<date.issue norm='YYYYMMDD'/>"));
    assert_true(c.items[0]->published == DGM_NO_TIME);
    assert_non_null(strstr(c.items[0]->extra, "\"published_given\":\"YYYYMMDD\""));
    collect_clear(&c);
}

static void gaps_are_filled_from_elsewhere(void **state)
{
    (void)state;
    static const struct {
        const char *text, *title, *first;
    } cases[] = {
        { "<nitf><head><title>from above</title></head>" BODY "</nitf>", "from above",
          "text" },
        { "<nitf><body><body.head><hedline><hl1> </hl1><hl2>second</hl2></hedline>"
          "<abstract>short</abstract></body.head><body.content> "
          "</body.content></body></nitf>",
          "second", "short" },
        { "<nitf><head><title>t</title></head><body><p>bare</p></body></nitf>", "t",
          "bare" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collected c;
        collect_text(&c, "a.xml", NULL, cases[i].text);
        assert_int_equal(c.n, 1);
        assert_string_equal(c.items[0]->title, cases[i].title);
        assert_int_equal(c.items[0]->n_paragraphs, 1);
        assert_string_equal(c.items[0]->paragraphs[0], cases[i].first);
        collect_clear(&c);
    }
}

static void nothing_inside_is_rejected_by_name(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.xml", NULL, "<nitf><head/><body/></nitf>");
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "neither a title nor a body");
    collect_clear(&c);
    collect_text(&c, "a.xml", NULL,
                 "<!DOCTYPE nitf [<!ENTITY a SYSTEM '/etc/hostname'>]><nitf>&a;</nitf>");
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_finds_its_place),
        cmocka_unit_test(blocks_headings_and_lists_are_paragraphs),
        cmocka_unit_test(the_status_is_understood),
        cmocka_unit_test(a_replaced_document_is_linked),
        cmocka_unit_test(a_date_that_is_none_gives_way),
        cmocka_unit_test(gaps_are_filled_from_elsewhere),
        cmocka_unit_test(nothing_inside_is_rejected_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
