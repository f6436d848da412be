/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of rdf.c: RSS 1.0 and 0.90 to items. Depends on lib/read. */
#include "collect.h"

#define RDF "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
#define RSS "xmlns='http://purl.org/rss/1.0/' "
#define DC "xmlns:dc='http://purl.org/dc/elements/1.1/' "
#define CONTENT "xmlns:content='http://purl.org/rss/1.0/modules/content/' "

static const char feed[] =
    "<?xml version='1.0' encoding='utf-8'?>"
    "<rdf:RDF " RDF RSS DC CONTENT "xml:lang='nb-NO'>"
    "<channel rdf:about='https://harbour.example/rdf'><title>Harbour office</title>"
    "<items><rdf:Seq><rdf:li rdf:resource='https://harbour.example/1'/></rdf:Seq></items>"
    "</channel>"
    "<image rdf:about='https://harbour.example/logo'><title>Logo</title></image>"
    "<item rdf:about='https://harbour.example/1'><title>A second pier</title>"
    "<link>https://harbour.example/pier</link><description>Short.</description>"
    "<content:encoded><![CDATA[<p>Ships may moor.</p><p>Fees stay.</p>]]>"
    "</content:encoded><dc:date>2021-06-16T09:30:00+02:00</dc:date>"
    "<guid>17</guid><dc:creator>Kari Lund</dc:creator><dc:subject>ships</dc:subject>"
    "<dc:subject>fees</dc:subject></item>"
    "<item rdf:about='https://harbour.example/2'><title>Dredging</title>"
    "<dc:language>en</dc:language><dc:date>soon</dc:date></item>"
    "<textinput><title>Search</title></textinput>"
    "</rdf:RDF>";

static void items_beside_the_channel_are_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.rdf", NULL, feed);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 2);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->id, "https://harbour.example/1");
    assert_string_equal(item->url, "https://harbour.example/pier");
    assert_string_equal(item->title, "A second pier");
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Fees stay.");
    assert_true(item->published == 1623828600);
    assert_string_equal(item->author, "Kari Lund");
    assert_string_equal(item->source, "Harbour office");
    assert_string_equal(item->language, "nb");
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[1], "fees");
    collect_clear(&c);
}

static void what_names_an_item_is_its_address_too(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.rdf", NULL, feed);
    assert_string_equal(c.items[1]->id, "https://harbour.example/2");
    assert_string_equal(c.items[1]->url, "https://harbour.example/2");
    assert_string_equal(c.items[1]->language, "en");
    assert_true(c.items[1]->published == DGM_NO_TIME);
    assert_non_null(strstr(c.items[1]->extra, "\"soon\""));
    collect_clear(&c);
}

static void the_older_form_without_names_is_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.rdf", NULL,
                 "<rdf:RDF " RDF "xmlns='http://my.netscape.com/rdf/simple/0.9/'>"
                 "<channel><title>Harbour</title></channel>"
                 "<item><title>One</title><link>https://a.example/1</link></item>"
                 "<item><title>Two</title></item></rdf:RDF>");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.items[0]->id, "https://a.example/1");
    assert_memory_equal(c.items[1]->id, "sha256-", 7);
    collect_clear(&c);
}

static void a_name_that_two_items_share_is_joined_to_their_links(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "in.rdf", NULL,
        "<rdf:RDF " RDF RSS "><item rdf:about='x'><title>One</title>"
        "<link>https://a.example/1</link></item><item rdf:about='x'><title>Two</title>"
        "<link>https://a.example/2</link></item></rdf:RDF>");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.items[0]->id, "x|https://a.example/1");
    assert_string_equal(c.items[1]->id, "x|https://a.example/2");
    collect_clear(&c);
}

static void names_of_rss_in_another_vocabulary_come_last(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.rdf", NULL,
                 "<rdf:RDF " RDF "xmlns:rss='http://purl.org/rss/1.0/' "
                 "xmlns:x='https://x.example/'>"
                 "<rss:item rdf:about='1'><x:title>Not this</x:title><x:description>Nor "
                 "this</x:description><rss:title>Pier</rss:title><rss:description>Open."
                 "</rss:description></rss:item><rss:item rdf:about='2'><x:description>"
                 "Nothing else</x:description></rss:item></rdf:RDF>");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.items[0]->title, "Pier");
    assert_string_equal(c.items[0]->paragraphs[0], "Open.");
    assert_string_equal(c.items[1]->paragraphs[0], "Nothing else");
    collect_clear(&c);
}

static void bad_ones_are_rejected_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *reason;
        size_t items;
    } cases[] = {
        { "<rdf:RDF " RDF RSS "><item rdf:about='x'/></rdf:RDF>", "in.rdf:item 1",
          "neither a title nor a body", 0 },
        { "<rdf:RDF " RDF RSS "><item rdf:about='x'><title>One</title></item>"
          "<item rdf:about='y'><title>Tw",
          "in.rdf", "the XML breaks off", 1 },
        { "<!DOCTYPE rdf:RDF [<!ENTITY a 'b'>]><rdf:RDF " RDF RSS "/>", "in.rdf",
          "the XML declares entities, which is not allowed", 0 },
        { "<rdf:RDF " RDF "><rdf:Description rdf:about='x'/></rdf:RDF>", "in.rdf",
          "no format knows it", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collected c;
        collect_text(&c, "in.rdf", NULL, cases[i].text);
        assert_int_equal(c.n, cases[i].items);
        assert_int_equal(c.n_rejects, 1);
        assert_string_equal(c.rejects[0].where, cases[i].where);
        assert_string_equal(c.rejects[0].reason, cases[i].reason);
        collect_clear(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_beside_the_channel_are_read),
        cmocka_unit_test(what_names_an_item_is_its_address_too),
        cmocka_unit_test(the_older_form_without_names_is_read),
        cmocka_unit_test(a_name_that_two_items_share_is_joined_to_their_links),
        cmocka_unit_test(names_of_rss_in_another_vocabulary_come_last),
        cmocka_unit_test(bad_ones_are_rejected_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
