/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of newsml.c, newsmlmeta.c and press.c: NewsML-G2 to items. Depends on lib/read.
 */
#include "collect.h"

#include "newsml.h"

#define NS " xmlns='http://iptc.org/std/nar/2006-10-01/'"
#define ITEM(attributes, inside) "<newsItem" NS " " attributes ">" inside "</newsItem>"
#define META(inside) "<itemMeta>" inside "</itemMeta>"
#define ABOUT(inside) "<contentMeta>" inside "</contentMeta>"
#define XML(type, inside)                                                                \
    "<contentSet><inlineXML contenttype='" type "'>" inside "</inlineXML></contentSet>"
#define NITF(inside) XML("application/nitf+xml", "<nitf>" inside "</nitf>")

static const char story[] = ITEM(
    "guid='urn:newsml:fjord.example:20210616:pier' version='3' xml:lang='en-GB'",
    META(
        "<itemClass qcode='ninat:text'/>"
        "<provider qcode='nprov:FW'><name>Fjord Wire</name></provider>"
        "<versionCreated>2021-06-16T12:00:00Z</versionCreated>"
        "<firstCreated>2021-06-16T08:00:00Z</firstCreated>"
        "<pubStatus qcode='stat:usable'/><edNote>Adds a quote</edNote>"
        "<signal qcode='sig:update'/>"
        "<link rel='irel:evolvedFrom' residref='urn:newsml:fjord.example:20210615:pier'/>"
        "<link rel='irel:isTranslationOf' residref='urn:x:1:2:no'/>") //
    ABOUT(
        "<urgency>4</urgency><slugline>PIER-OPEN</slugline>"
        "<headline xml:lang='no'>Kaien</headline><headline>A pier &amp; swans</headline>"
        "<headline>A second one</headline>"
        "<by>By Anna Keller</by><dateline>TROMSO, June 16</dateline>"
        "<creator literal='FW'/><infoSource literal='Harbour Board'/>"
        "<language tag='en'/>"
        "<subject type='cpnat:abstract' qcode='medtop:04000000'>"
        "<name xml:lang='de'>Wirtschaft</name><name "
        "xml:lang='en'>economy</name></subject>"
        "<subject type='cpnat:person' qcode='p:1'><name>Ola Vik</name></subject>"
        "<subject qcode='subj:11000000'/><subject><name> </name></subject>"
        "<description role='drol:summary'>In short</description>")
        NITF("<body><body.head><hedline><hl1>Not this</hl1></hedline></body.head>"
             "<body.content><block><p>The <person>harbour</person> has a pier.</p>"
             "<hl2>Swans</hl2><p>They came.</p></block></body.content></body>"));

static void what_an_item_says_of_itself_is_kept(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "item.xml", NULL, story);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->id, "urn:newsml:fjord.example:20210616:pier");
    assert_string_equal(item->version, "3");
    assert_string_equal(item->title, "A pier & swans");
    assert_true(item->published == 1623830400);
    assert_true(item->updated == 1623844800);
    assert_string_equal(item->author, "Anna Keller");
    assert_string_equal(item->provider, "Fjord Wire");
    assert_string_equal(item->source, "Harbour Board");
    assert_string_equal(item->language, "en");
    assert_string_equal(item->evolved_from, "urn:newsml:fjord.example:20210615:pier");
    assert_string_equal(item->translation_of, "urn:x:1:2:no");
    assert_true(item->translated);
    collect_clear(&c);
}

static void subjects_have_names_and_keep_their_codes(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "item.xml", NULL, story);
    const dgm_item *item = c.items[0];
    assert_int_equal(item->n_topics, 3);
    assert_string_equal(item->topics[0], "economy");
    assert_string_equal(item->topics[1], "Ola Vik");
    assert_string_equal(item->topics[2], "politics");
    assert_int_equal(item->n_names, 1);
    assert_string_equal(item->names[0], "Ola Vik");
    static const char *const notes[] = {
        "\"slugline\":\"PIER-OPEN\"",
        "\"dateline\":\"TROMSO, June 16\"",
        "\"urgency\":\"4\"",
        "\"signals\":[\"sig:update\"]",
        "\"descriptions\":[\"In short\"]",
        "{\"name\":\"economy\",\"qcode\":\"medtop:04000000\",\"type\":\"cpnat:"
        "abstract\"}",
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (strstr(item->extra, notes[i]) == NULL)
            fail_msg("%s is not in %s", notes[i], item->extra);
    }
    collect_clear(&c);
}

static void a_body_may_come_in_any_markup(void **state)
{
    (void)state;
    static const struct {
        const char *content, *first;
        size_t n;
    } cases[] = {
        { NITF("<body><body.content><p>a</p><p>b <em>c</em>d</p></body.content></body>"),
          "a", 2 },
        { NITF("<body><body.head><abstract>in short</abstract></body.head></body>"),
          "in short", 1 },
        { NITF("<body><p>bare</p></body>"), "bare", 1 },
        { NITF("<body><body.content><block>a</block><block>b</block></body.content>"
               "</body>"),
          "a", 2 },
        { NITF("<body><body.content><hl2>a</hl2>b</body.content></body>"), "a", 2 },
        { NITF("<body><body.content><media><media-reference source='x.jpg'>x"
               "</media-reference><media-caption>A swan</media-caption></media><p>b</p>"
               "</body.content></body>"),
          "A swan", 2 },
        { XML("application/xhtml+xml",
              "<x:html xmlns:x='http://www.w3.org/1999/xhtml'><x:head><x:title/></x:head>"
              "<x:body><x:header><x:p>again</x:p></x:header><x:p>a</x:p><x:p>b</x:p>"
              "</x:body></x:html>"),
          "a", 2 },
        { XML("text/html", "<p>a</p><p>b</p>"), "a", 2 },
        { XML("text/html", "<![CDATA[<p>a &amp; b</p><p>c</p>]]>"), "a & b", 2 },
        { XML("application/xhtml+xml", "<html><body><p>a\n b\n\n  c</p></body></html>"),
          "a b", 2 },
        { "<contentSet><inlineData contenttype='text/plain'>a &lt;b&gt; c\n\nd"
          "</inlineData></contentSet>",
          "a <b> c", 2 },
        { "<contentSet><inlineData encoding='base64' contenttype='image/png'>QUJD"
          "</inlineData></contentSet>",
          NULL, 0 },
        { XML("application/x-sport", "<scores><score>4:1</score></scores>"), NULL, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[2000];
        snprintf(text, sizeof text,
                 ITEM("guid='1'", ABOUT("<headline>t</headline>") "%s"),
                 cases[i].content);
        collected c;
        collect_text(&c, "item.xml", NULL, text);
        assert_int_equal(c.n, 1);
        if (c.items[0]->n_paragraphs != cases[i].n)
            fail_msg("case %zu has %zu paragraphs", i, c.items[0]->n_paragraphs);
        if (cases[i].n > 0)
            assert_string_equal(c.items[0]->paragraphs[0], cases[i].first);
        collect_clear(&c);
    }
}

static void a_message_gives_all_its_items(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "message.xml", NULL,
        "<n:newsMessage xmlns:n='http://iptc.org/std/nar/2006-10-01/'>"
        "<n:header><n:sent>2021-06-16</n:sent></n:header><n:itemSet>"
        "<n:packageItem guid='p'><n:contentMeta><n:headline>Top</n:headline>"
        "</n:contentMeta><n:groupSet><n:group><n:itemRef residref='a:7' version='7'>"
        "<n:title>One</n:title></n:itemRef></n:group></n:groupSet></n:packageItem>"
        "<n:packageItem guid='q'><n:itemRef residref='a'/></n:packageItem>"
        "<n:newsItem guid='a:7' version='7'><n:contentMeta><n:headline>One</n:headline>"
        "</n:contentMeta></n:newsItem>"
        "<n:conceptItem guid='c'><n:concept/></n:conceptItem>"
        "<n:newsItem guid='e'>...</n:newsItem></n:itemSet></n:newsMessage>");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.items[0]->title, "Top");
    assert_non_null(
        strstr(c.items[0]->extra, "\"package\":[{\"id\":\"a\",\"title\":\"One\"}]"));
    assert_string_equal(c.items[1]->id, "a");
    assert_string_equal(c.wheres[1], "message.xml:item 3");
    assert_int_equal(c.n_rejects, 3);
    assert_string_equal(c.rejects[0].reason,
                        "a package without a headline or description");
    assert_string_equal(c.rejects[1].reason,
                        "a concept, knowledge or catalog item is no news");
    assert_string_equal(c.rejects[2].reason, "neither a title nor a body");
    collect_clear(&c);
}

static void a_version_is_cut_off_an_id_only_where_an_id_is_left(void **state)
{
    (void)state;
    static const struct {
        const char *id, *version, *left;
    } cases[] = {
        { "urn:newsml:fjord.example:20210616:pier:3", "3",
          "urn:newsml:fjord.example:20210616:pier" },
        { "urn:newsml:fjord.example:20210616:3", "3",
          "urn:newsml:fjord.example:20210616:3" },
        { "urn:newsml:fjord.example:20210616:pier:3", "4",
          "urn:newsml:fjord.example:20210616:pier:3" },
        { "tag:fjord.example,2021:pier:12", "12", "tag:fjord.example,2021:pier" },
        { "tag:fjord.example,2021:12", "12", "tag:fjord.example,2021:12" },
        { "FW-1:12", "2", "FW-1:12" },
        { "FW-1:12", "12", "FW-1" },
        { ":1", "1", ":1" },
        { "FW-1", "", "FW-1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_str left =
            dgmi_newsml_id(dgmi_str_of(cases[i].id), dgmi_str_of(cases[i].version));
        if (!dgmi_str_eq(left, cases[i].left))
            fail_msg("%s becomes %.*s", cases[i].id, (int)left.n, left.p);
    }
}

static void a_picture_is_told_by_its_caption(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "picture.xml", NULL,
        ITEM("guid='1'",
             META("<itemClass qcode='ninat:picture'/>") ABOUT(
                 "<description role='drol:caption'>Swans at the pier."
                 "</description>") "<contentSet><remoteContent rendition='rnd:web' "
                                   "href='https://a.example/1.jpg'/></contentSet>"));
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->paragraphs[0], "Swans at the pier.");
    assert_non_null(strstr(c.items[0]->extra, "https://a.example/1.jpg"));
    collect_clear(&c);
}

static void a_cancellation_may_be_empty(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "kill.xml", NULL,
        ITEM("guid='1' version='2'", META("<pubStatus qcode='stat:canceled'/>")));
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->status, DGM_CANCELED);
    collect_clear(&c);
}

static void what_may_not_be_shown_yet_is_withheld(void **state)
{
    (void)state;
    static const struct {
        const char *meta;
        dgm_item_status status;
        int64_t embargo;
    } cases[] = {
        { "<pubStatus qcode='stat:withheld'/>", DGM_WITHHELD, DGM_NO_TIME },
        { "<embargoed>9000-01-01T00:00:00Z</embargoed>", DGM_USABLE, 221845392000 },
        { "<embargoed>2001-01-01T00:00:00Z</embargoed>", DGM_USABLE, 978307200 },
        { "<embargoed/>", DGM_USABLE, DGM_NO_TIME },
        { "<pubStatus uri='http://cv.example/stat/withheld'/>", DGM_WITHHELD,
          DGM_NO_TIME },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 ITEM("guid='1'", META("%s") ABOUT("<headline>t</headline>")),
                 cases[i].meta);
        collected c;
        collect_text(&c, "item.xml", NULL, text);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.items[0]->status, cases[i].status);
        assert_true(c.items[0]->embargo == cases[i].embargo);
        collect_clear(&c);
    }
}

static void entities_are_refused_and_cuts_are_told(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "bomb.xml", NULL,
        "<!DOCTYPE newsItem [<!ENTITY a 'b'>]><newsItem guid='1'>&a;</newsItem>");
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    collect_clear(&c);
    collect_text(&c, "cut.xml", NULL,
                 "<newsMessage><itemSet><newsItem guid='1'><contentMeta><headline>one"
                 "</headline></contentMeta></newsItem><newsItem guid='2'><contentMeta>"
                 "<headline>tw");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "one");
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "the XML breaks off");
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_item_says_of_itself_is_kept),
        cmocka_unit_test(subjects_have_names_and_keep_their_codes),
        cmocka_unit_test(a_body_may_come_in_any_markup),
        cmocka_unit_test(a_message_gives_all_its_items),
        cmocka_unit_test(a_version_is_cut_off_an_id_only_where_an_id_is_left),
        cmocka_unit_test(a_picture_is_told_by_its_caption),
        cmocka_unit_test(a_cancellation_may_be_empty),
        cmocka_unit_test(what_may_not_be_shown_yet_is_withheld),
        cmocka_unit_test(entities_are_refused_and_cuts_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
