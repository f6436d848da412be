/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of rss.c, feed.c and xml.c: feeds as WordPress and others write them. Depends on
 * lib/read. */
#include "collect.h"

#define DASH "\xE2\x80\x93"
#define HEAD                                                                             \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" "                    \
    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "                        \
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>"                            \
    "<title>Norway &#8211; Harbour News</title><link>https://harbour.example</link>"     \
    "<language>en-NZ</language>"
#define FOOT "</channel></rss>"

static const char wordpress[] = HEAD
    "<item><title>MIL-OSI Norway: Ferries &#038; swans</title>"
    "<link>https://harbour.example/2026/05/01/ferries/</link>"
    "<dc:creator><![CDATA[MIL OSI]]></dc:creator>"
    "<pubDate>Fri, 01 May 2026 10:00:00 +0000</pubDate>"
    "<category><![CDATA[MIL OSI]]></category><category><![CDATA[AM-NC]]></category>"
    "<category><![CDATA[Transport]]></category><category><![CDATA[24/7 News]]></category>"
    "<category><![CDATA[Fish &amp; ships]]></category><category>Transport</category>"
    "<guid isPermaLink=\"false\">https://harbour.example/?p=7</guid>"
    "<description><![CDATA[<p>The ferry runs [&#8230;]</p>]]></description>"
    "<content:encoded><![CDATA[<p>Translation. Region: Norway &#8211;</p>\n"
    "<p>Source: Fjord Office &#8211; Fjord Office &#8211;</p>\n"
    "<p>The ferry runs&nbsp;again.<br />\nSo do the swans.</p>\n<p>Fares "
    "&ecirc;t&eacute; 2 < 3 & 4.</p>\n"
    "<p>The post <a href=\"x\">Ferries</a> appeared first on <a href=\"y\">Harbour "
    "News</a>.</p>]]>"
    "</content:encoded></item>" FOOT;

static void a_wordpress_item_is_read_whole(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL, wordpress);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.n_rejects, 0);
    const dgm_item *item = c.items[0];
    assert_string_equal(c.wheres[0], "feed.xml:item 1");
    assert_string_equal(item->id, "https://harbour.example/?p=7");
    assert_string_equal(item->url, "https://harbour.example/2026/05/01/ferries/");
    assert_string_equal(item->title, "Ferries & swans");
    assert_true(item->published == 1777629600);
    assert_string_equal(item->region, "Norway");
    assert_string_equal(item->country, "NO");
    assert_string_equal(item->source, "Fjord Office");
    assert_string_equal(item->provider, "MIL OSI");
    assert_null(item->author);
    assert_string_equal(item->language, "en");
    assert_true(item->translated);
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[0], "Transport");
    assert_string_equal(item->topics[1], "Fish & ships");
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[0], "The ferry runs again. So do the swans.");
    assert_string_equal(item->paragraphs[1], "Fares \xC3\xAAt\xC3\xA9 2 < 3 & 4.");
    assert_int_equal(item->n_asides, 4);
    collect_clear(&c);
}

static void an_interview_in_html_keeps_its_turns(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "feed.xml", NULL,
        HEAD "<item><title>T</title><description><![CDATA["
             "<p>Post sponsored by</p><p>MIL OSI Translation. Region: Norway " DASH "</p>"
             "<p>What is built?</p><p>" DASH
             " A bridge.</p><p>It is long.</p><p>&nbsp;</p>"
             "<p>" DASH " And when?</p><p>" DASH
             " In spring.</p>]]></description></item>" FOOT);
    const dgm_item *item = c.items[0];
    assert_int_equal(item->n_turns, 4);
    assert_int_equal(item->turns[1].to - item->turns[1].from, 2);
    assert_string_equal(item->paragraphs[item->turns[3].from], "In spring.");
    collect_clear(&c);
}

static void identity_is_guid_then_link_then_digest(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 HEAD
                 "<item><guid>twice</guid><link>https://a.example/1</link><title>one</"
                 "title></item>"
                 "<item><guid>twice</guid><link>https://a.example/2</link><title>two</"
                 "title></item>"
                 "<item><link> https://a.example/3 </link><title>three</title></item>"
                 "<item><title>four</title></item>"
                 "<item><guid>https://a.example/5</guid><title>five</title></item>"
                 "<item><guid "
                 "isPermaLink='false'>https://a.example/6</guid><title>six</title></item>"
                 "<item><title>four</title><description>other</description></item>" FOOT);
    assert_int_equal(c.n, 7);
    assert_string_equal(c.items[0]->id, "twice|https://a.example/1");
    assert_string_equal(c.items[1]->id, "twice|https://a.example/2");
    assert_string_equal(c.items[2]->id, "https://a.example/3");
    assert_memory_equal(c.items[3]->id, "sha256-", 7);
    assert_string_equal(c.items[4]->url, "https://a.example/5");
    assert_null(c.items[5]->url);
    assert_string_not_equal(c.items[3]->id, c.items[6]->id);
    collect_clear(&c);
}

static void the_channel_is_the_source_of_last_resort(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "feed.xml", NULL,
        HEAD "<item><title>one</title></item>"
             "<item><title>two</title><source url='x'>Harbour Wire</source></item>"
             "<item><title>three</title><author>a@b.example (Anna)</author></item>" FOOT);
    assert_string_equal(c.items[0]->source, "Norway " DASH " Harbour News");
    assert_string_equal(c.items[1]->source, "Harbour Wire");
    assert_string_equal(c.items[2]->author, "Anna");
    assert_string_equal(c.items[2]->language, "en");
    collect_clear(&c);
}

static void dates_that_are_none_are_kept_to_be_read(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "feed.xml", NULL,
        HEAD
        "<item><title>one</title><pubDate>31 Feb 2021 \"x\"</pubDate></item>"
        "<item><title>two</title><pubDate>Fri, 01 May 9026 10:00:00 GMT</pubDate></item>"
        "<item><title>three</title><dc:date>2021-06-21</dc:date></item>" FOOT);
    assert_true(c.items[0]->published == DGM_NO_TIME);
    assert_string_equal(c.items[0]->extra,
                        "{\"published_given\":\"31 Feb 2021 \\\"x\\\"\"}");
    assert_true(c.items[1]->published == DGM_NO_TIME);
    assert_non_null(c.items[1]->extra);
    assert_true(c.items[2]->published == 1624233600);
    assert_null(c.items[2]->extra);
    collect_clear(&c);
}

static void links_are_completed_and_checked(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 "<rss xml:base='https://a.example/x/'><channel>"
                 "<item><title>one</title><link>y/1?a=1&b=2</link></item>"
                 "<item><title>two</title><link>javascript:alert(1)</link></item></"
                 "channel></rss>");
    assert_string_equal(c.items[0]->url, "https://a.example/x/y/1?a=1&b=2");
    assert_null(c.items[1]->url);
    collect_clear(&c);
}

static void rss_1_and_old_forms_are_read(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "feed.rdf", NULL,
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel rdf:about='x'><title>C</title></channel>"
        "<item "
        "rdf:about='https://a.example/1'><title>one</"
        "title><dc:date>2021-06-21T00:00:00Z</dc:date>"
        "<dc:subject>ships</dc:subject></item></rdf:RDF>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->id, "https://a.example/1");
    assert_string_equal(c.items[0]->topics[0], "ships");
    assert_string_equal(c.items[0]->source, "C");
    collect_clear(&c);
    collect_text(&c, "feed.xml", NULL,
                 "<rss><channel><ITEM><TITLE>one</TITLE>"
                 "<description><p>a</p><p>b</p></description></ITEM></channel></rss>");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->n_paragraphs, 2);
    collect_clear(&c);
}

static void what_is_wrong_in_xml_is_repaired(void **state)
{
    (void)state;
    static const char *const bodies[][2] = {
        { "a&nbsp;b", "a b" },
        { "Q&A", "Q&A" },
        { "&bogus; x", "&bogus; x" },
        { "a\x01\x02 b", "a b" },
        { "1 < 2", "1 < 2" },
        { "it&#146;s &#x2014; &#8211;", "it\xE2\x80\x99s \xE2\x80\x94 " DASH },
        { "&amp;lt;p&amp;gt;", "<p>" },
        { "<![CDATA[a &amp; b]]>", "a & b" },
        { "<![CDATA[R&nbsp;D]]>", "R D" },
        { "<![CDATA[one]]> two ]]>", "one two" },
        { "caf\xC3\xA9", "caf\xC3\xA9" },
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char feed[600];
        snprintf(feed, sizeof feed,
                 HEAD "<item><title>t</title><description>%s</description></item>" FOOT,
                 bodies[i][0]);
        collected c;
        collect_text(&c, "feed.xml", NULL, feed);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.items[0]->n_paragraphs, 1);
        assert_string_equal(c.items[0]->paragraphs[0], bodies[i][1]);
        collect_clear(&c);
    }
}

static void other_charsets_are_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 "<?xml version='1.0' encoding='windows-1251'?><rss><channel>"
                 "<item><title>\xD1\xED\xE5\xE3</title></item></channel></rss>");
    assert_string_equal(c.items[0]->title, "\xD0\xA1\xD0\xBD\xD0\xB5\xD0\xB3");
    collect_clear(&c);
    static const char ascii[] =
        "<?xml version='1.0' encoding='utf-16'?><rss><channel><item>"
        "<title>Snow</title></item></channel></rss>";
    for (int mark = 0; mark < 2; mark++) {
        char wide[2 * sizeof ascii + 2] = "\xFE\xFF";
        size_t n = mark ? 2 : 0;
        for (size_t i = 0; i < sizeof ascii - 1; i++) {
            wide[n++] = '\0';
            wide[n++] = ascii[i];
        }
        collect_bytes(&c, "feed.xml", NULL, wide, n);
        assert_int_equal(c.n, 1);
        assert_string_equal(c.items[0]->title, "Snow");
        collect_clear(&c);
    }
}

static void declared_entities_are_refused(void **state)
{
    (void)state;
    static const char *const feeds[] = {
        "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>"
        "<rss><channel><item><title>&d;</title></item></channel></rss>",
        "<?xml version='1.0'?><!-- x --><!DOCTYPE rss [<!ENTITY x SYSTEM "
        "'file:///etc/passwd'>]>"
        "<rss><channel><item><title>&x;</title></item></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'http://a.example/x.dtd'> %p;]><rss/>",
    };
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        collected c;
        collect_text(&c, "feed.xml", NULL, feeds[i]);
        assert_int_equal(c.n, 0);
        assert_int_equal(c.n_rejects, 1);
        assert_string_equal(c.rejects[0].where, "feed.xml");
        assert_non_null(strstr(c.rejects[0].reason, "entities"));
        assert_int_equal(c.rejects[0].n, strlen(feeds[i]));
        collect_clear(&c);
    }
}

static void entities_from_elsewhere_stay_text(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 "<!DOCTYPE rss SYSTEM \"file:///etc/passwd\">"
                 "<rss><channel><item><title>a &x; b</title></item></channel></rss>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "a &x; b");
    collect_clear(&c);
}

static void a_feed_cut_short_gives_its_whole_items(void **state)
{
    (void)state;
    collected c;
    size_t n = (size_t)(strstr(wordpress, "So do the swans") - wordpress);
    collect_bytes(&c, "feed.xml", NULL, wordpress, n);
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "the XML breaks off");
    assert_int_equal(c.rejects[0].n, n);
    collect_clear(&c);
    static const char two[] = HEAD "<item><title>one</title></item><item><title>two";
    collect_bytes(&c, "feed.xml", NULL, two, sizeof two - 1);
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "one");
    assert_int_equal(c.n_rejects, 1);
    collect_clear(&c);
}

static void an_empty_item_is_rejected_with_its_xml(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 HEAD "<item><link>https://a.example</link></item>"
                      "<item><title>two</title></item>" FOOT);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].where, "feed.xml:item 1");
    assert_memory_equal(c.rejects[0].bytes, "<item><link>", 12);
    collect_clear(&c);
    collect_text(&c, "feed.xml", NULL, HEAD FOOT);
    assert_int_equal(c.n + c.n_rejects, 0);
    collect_clear(&c);
}

static void depth_and_size_are_bounded(void **state)
{
    (void)state;
    collected c;
    size_t n;
    char *deep = repeat("<rss>", 100000, &n);
    collect_bytes(&c, "feed.xml", NULL, deep, n);
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    collect_clear(&c);
    free(deep);
    char *wide = repeat(" a='b'", 100000, &n);
    memcpy(wide, "<rss ", 5);
    collect_bytes(&c, "feed.xml", NULL, wide, n);
    assert_int_equal(c.n_rejects, 1);
    assert_non_null(strstr(c.rejects[0].reason, "128 KB"));
    collect_clear(&c);
    wide[60000] = '>';
    collect_bytes(&c, "feed.xml", NULL, wide, n);
    assert_int_equal(c.n_rejects, 1);
    assert_non_null(strstr(c.rejects[0].reason, "too many attributes"));
    collect_clear(&c);
    free(wide);
}

static void a_title_of_eleven_megabytes_is_cut(void **state)
{
    (void)state;
    collected c;
    size_t n;
    char *title = repeat("harbour of words ", 11u << 16, &n);
    dgmi_buf feed;
    dgmi_buf_init(&feed, 1u << 30);
    dgmi_buf_puts(&feed, HEAD "<item><title>");
    dgmi_buf_put(&feed, title, n);
    dgmi_buf_puts(&feed, "</title></item>" FOOT);
    collect_bytes(&c, "feed.xml", NULL, feed.p, feed.n);
    assert_int_equal(c.n, 1);
    assert_true(strlen(c.items[0]->title) <= DGMI_TITLE_MAX);
    assert_true(strlen(c.items[0]->title) > DGMI_TITLE_MAX - 10);
    assert_true(strlen(c.items[0]->asides[0].text) > n - DGMI_TITLE_MAX - 20);
    collect_clear(&c);
    dgmi_buf_clear(&feed);
    free(title);
}

static void an_author_is_a_name_where_one_stands_beside_the_address(void **state)
{
    (void)state;
    static const char *const forms[][2] = {
        { "a@b.example (Anna Keller)", "Anna Keller" },
        { "Anna Keller (a@b.example)", "Anna Keller" },
        { "a@b.example", "a@b.example" },
        { "Anna Keller (Bergen)", "Anna Keller (Bergen)" }
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char text[400];
        collected c;
        snprintf(text, sizeof text,
                 HEAD "<item><title>x</title><author>%s</author></item>" FOOT,
                 forms[i][0]);
        collect_text(&c, "feed.xml", NULL, text);
        assert_int_equal(c.n, 1);
        assert_string_equal(c.items[0]->author, forms[i][1]);
        collect_clear(&c);
    }
}

static void what_is_said_of_media_fills_gaps_alone(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "feed.xml", NULL,
        "<rss xmlns:media='http://search.yahoo.com/mrss/' "
        "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel>"
        "<item><media:title>A picture</media:title><title>A pier</title>"
        "<itunes:author>Anna</itunes:author><description>Text.</description>"
        "<media:description>Sea</media:description></item>"
        "<item><media:title>A picture</media:title><itunes:summary>Sea</itunes:summary>"
        "</item></channel></rss>");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.items[0]->title, "A pier");
    assert_string_equal(c.items[0]->author, "Anna");
    assert_int_equal(c.items[0]->n_paragraphs, 1);
    assert_string_equal(c.items[1]->title, "A picture");
    assert_string_equal(c.items[1]->paragraphs[0], "Sea");
    collect_clear(&c);
}

static void two_summaries_have_two_names(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 HEAD
                 "<item><title>x</title><content>Ships may moor.</content>"
                 "<description>One.</description><summary>Two.</summary></item>" FOOT);
    assert_int_equal(c.n, 1);
    assert_non_null(strstr(c.items[0]->extra, "\"summary\":\"One.\""));
    assert_non_null(strstr(c.items[0]->extra, "\"summary_2\":\"Two.\""));
    collect_clear(&c);
}

static void a_channel_of_cdf_is_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.cdf", NULL,
                 "<CHANNEL HREF='http://a.example/'><TITLE>Harbour</TITLE>"
                 "<ITEM HREF='http://a.example/1' LASTMOD='2021-06-16T10:30:00Z'>"
                 "<TITLE>Fees</TITLE><ABSTRACT>Fees stay.</ABSTRACT></ITEM></CHANNEL>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->url, "http://a.example/1");
    assert_string_equal(c.items[0]->title, "Fees");
    assert_string_equal(c.items[0]->paragraphs[0], "Fees stay.");
    assert_string_equal(c.items[0]->source, "Harbour");
    assert_true(c.items[0]->updated == 1623839400);
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_author_is_a_name_where_one_stands_beside_the_address),
        cmocka_unit_test(what_is_said_of_media_fills_gaps_alone),
        cmocka_unit_test(two_summaries_have_two_names),
        cmocka_unit_test(a_channel_of_cdf_is_read),
        cmocka_unit_test(a_wordpress_item_is_read_whole),
        cmocka_unit_test(an_interview_in_html_keeps_its_turns),
        cmocka_unit_test(identity_is_guid_then_link_then_digest),
        cmocka_unit_test(the_channel_is_the_source_of_last_resort),
        cmocka_unit_test(dates_that_are_none_are_kept_to_be_read),
        cmocka_unit_test(links_are_completed_and_checked),
        cmocka_unit_test(rss_1_and_old_forms_are_read),
        cmocka_unit_test(what_is_wrong_in_xml_is_repaired),
        cmocka_unit_test(other_charsets_are_read),
        cmocka_unit_test(declared_entities_are_refused),
        cmocka_unit_test(entities_from_elsewhere_stay_text),
        cmocka_unit_test(a_feed_cut_short_gives_its_whole_items),
        cmocka_unit_test(an_empty_item_is_rejected_with_its_xml),
        cmocka_unit_test(depth_and_size_are_bounded),
        cmocka_unit_test(a_title_of_eleven_megabytes_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
