/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of atom.c: entries in their kinds of text. Depends on lib/read. */
#include "collect.h"

#define HEAD                                                                             \
    "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\" "                \
    "xml:lang=\"de\">"                                                                   \
    "<title>Harbour News</title><id>urn:feed</id>"

static void an_entry_is_read_whole(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 HEAD
                 "<entry xml:lang=\"ru-RU\"><id>urn:1</id><title type=\"html\">Ferries "
                 "&amp;amp; swans</title>"
                 "<link rel=\"self\" href=\"https://a.example/self\"/>"
                 "<link rel=\"alternate\" href=\"https://a.example/1\"/>"
                 "<published>2021-06-21T10:00:00+02:00</"
                 "published><updated>2021-06-22T00:00:00Z</updated>"
                 "<author><name>Anna Keller</name><uri>x</uri></author>"
                 "<category term=\"t\" label=\"Transport\"/><category term=\"ships\"/>"
                 "<summary>no</summary><content "
                 "type=\"html\">&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</content>"
                 "<source><title>Fjord Wire</title></source></entry></feed>");
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->id, "urn:1");
    assert_string_equal(item->title, "Ferries & swans");
    assert_string_equal(item->url, "https://a.example/1");
    assert_true(item->published == 1624262400);
    assert_true(item->updated == 1624320000);
    assert_string_equal(item->author, "Anna Keller");
    assert_string_equal(item->language, "ru");
    assert_string_equal(item->source, "Fjord Wire");
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[0], "Transport");
    assert_int_equal(item->n_paragraphs, 2);
    assert_false(item->translated);
    collect_clear(&c);
}

static void each_kind_of_text_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *content, *first;
        size_t n;
    } cases[] = {
        { "<content>a &lt;b&gt; c\n\nd</content>", "a <b> c", 2 },
        { "<content type='text'>x &amp;amp; y</content>", "x &amp; y", 1 },
        { "<content type='html'>x &amp;amp; y</content>", "x & y", 1 },
        { "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a "
          "<b>b</b></p><p>c</p>"
          "</div></content>",
          "a b", 2 },
        { "<content type='text/html' mode='escaped'>&lt;p&gt;a&lt;/p&gt;</content>", "a",
          1 },
        { "<content type='image/png' src='x'/><summary>short</summary>", "short", 1 },
        { "<summary type='html'>&lt;i&gt;short&lt;/i&gt;</summary>", "short", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char feed[600];
        snprintf(feed, sizeof feed,
                 HEAD "<entry><id>1</id><title>t</title>%s</entry></feed>",
                 cases[i].content);
        collected c;
        collect_text(&c, "feed.xml", NULL, feed);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.items[0]->n_paragraphs, cases[i].n);
        assert_string_equal(c.items[0]->paragraphs[0], cases[i].first);
        collect_clear(&c);
    }
}

static void what_the_entry_leaves_out_comes_from_the_feed(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 HEAD "<entry><id>1</id><title>one</title><updated>2021-06-22T00:00:00Z</"
                      "updated></entry></feed>");
    assert_string_equal(c.items[0]->language, "de");
    assert_string_equal(c.items[0]->source, "Harbour News");
    assert_true(c.items[0]->published == 1624320000);
    assert_true(c.items[0]->updated == 1624320000);
    collect_clear(&c);
}

static void an_entry_may_stand_alone(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "entry.xml", NULL,
                 "<entry xmlns='http://www.w3.org/2005/Atom'><id>1</id>"
                 "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A "
                 "<em>title</em></div></title>"
                 "</entry>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "A title");
    assert_string_equal(c.wheres[0], "entry.xml:item 1");
    collect_clear(&c);
}

static void the_old_version_is_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 "<feed version='0.3' xmlns='http://purl.org/atom/ns#'>"
                 "<entry><title>one</title><issued>2003-12-31T10:14:55Z</issued>"
                 "<modified>2004-01-01</modified><content "
                 "type='text/plain'>text</content></entry></feed>");
    assert_int_equal(c.n, 1);
    assert_true(c.items[0]->published == 1072865695);
    assert_true(c.items[0]->updated == 1072915200);
    collect_clear(&c);
}

static void coded_texts_are_decoded_and_pictures_are_none(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 "<feed xmlns='http://www.w3.org/2005/Atom'><entry>"
                 "<title type='application/octet-stream'>RmVlczogPGI+b25lPC9iPg==</title>"
                 "<content type='image/png'>iVBORw0KGgo=</content>"
                 "<summary mode='base64'>\n PHA+T25lLjwvcD4= </summary></entry></feed>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "Fees: one");
    assert_int_equal(c.items[0]->n_paragraphs, 1);
    assert_string_equal(c.items[0]->paragraphs[0], "One.");
    collect_clear(&c);
}

static void a_summary_that_is_no_excerpt_is_kept(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "feed.xml", NULL,
                 "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a</title>"
                 "<summary>In short.</summary><content>Ships may moor.</content></entry>"
                 "<entry><title>b</title><summary>Ships may</summary>"
                 "<content>Ships may moor.</content></entry></feed>");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.items[0]->extra, "{\"summary\":\"In short.\"}");
    assert_null(c.items[1]->extra);
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coded_texts_are_decoded_and_pictures_are_none),
        cmocka_unit_test(a_summary_that_is_no_excerpt_is_kept),
        cmocka_unit_test(an_entry_is_read_whole),
        cmocka_unit_test(each_kind_of_text_is_understood),
        cmocka_unit_test(what_the_entry_leaves_out_comes_from_the_feed),
        cmocka_unit_test(an_entry_may_stand_alone),
        cmocka_unit_test(the_old_version_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
