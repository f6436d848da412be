/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of facts.c, and of what an origin adds to items. Depends on lib/read, cmocka. */
#include "collect.h"

static dgmi_feed_facts look(const char *text)
{
    dgmi_feed_facts facts;
    dgmi_feed_look(text, strlen(text), &facts);
    return facts;
}

static void a_feed_names_its_ttl_and_its_hub(void **state)
{
    (void)state;
    dgmi_feed_facts f =
        look("<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><ttl> 45 </ttl>"
             "<link>http://desk.example/</link>"
             "<atom:link rel='hub' href='https://hub.example/'/>"
             "<atom:link rel='self' href='http://desk.example/feed'/></channel></rss>");
    assert_int_equal(f.ttl, 45);
    assert_string_equal(f.hub, "https://hub.example/");
    assert_string_equal(f.self, "http://desk.example/feed");
}

static void links_of_entries_are_not_those_of_the_feed(void **state)
{
    (void)state;
    dgmi_feed_facts f =
        look("<feed xmlns='http://www.w3.org/2005/Atom'>"
             "<entry><link rel='hub' href='http://evil.example/'/></entry>"
             "<link rel='hub' href='javascript:alert(1)'/><link rel='self' "
             "href='http://desk.example/a'/></feed>");
    assert_string_equal(f.hub, "");
    assert_string_equal(f.self, "http://desk.example/a");
}

static void what_is_no_feed_or_no_number_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(look("<rss><channel><ttl>-5</ttl></channel></rss>").ttl, 0);
    assert_int_equal(look("<rss><channel><ttl>soon</ttl></channel></rss>").ttl, 0);
    assert_int_equal(look("{\"ttl\": 5}").ttl, 0);
    assert_int_equal(look("").ttl, 0);
}

static void read_from(collected *c, const dgm_origin *origin, const char *text)
{
    dgmi_sink sink = { c, collect_item, collect_reject, NULL };
    dgmi_source source = { .name = origin->name, .origin = origin };
    dgm_error err = DGM_ERROR_INIT;
    memset(c, 0, sizeof *c);
    if (dgmi_read_bytes(text, strlen(text), &source, &sink, &err) != DGM_OK)
        fail_msg("%s", err.text);
}

#define FEED(inside)                                                                     \
    "<rss><channel><title>The feed</title><item><guid>a</guid><title>Water</title>"      \
    "<link>news/1</link>" inside "</item></channel></rss>"

static void an_item_that_says_nothing_gets_what_its_feed_declares(void **state)
{
    (void)state;
    collected c;
    dgm_origin origin = { .name = "feed",
                          .url = "http://desk.example/a/feed",
                          .source = "Ministry of Water",
                          .region = "Norway",
                          .language = "nb-NO" };
    read_from(&c, &origin, FEED(""));
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->source, "Ministry of Water");
    assert_string_equal(c.items[0]->region, "Norway");
    assert_string_equal(c.items[0]->country, "NO");
    assert_string_equal(c.items[0]->language, "nb");
    assert_string_equal(c.items[0]->url, "http://desk.example/a/news/1");
    collect_clear(&c);
}

static void what_an_item_says_itself_wins(void **state)
{
    (void)state;
    collected c;
    dgm_origin origin = { .name = "feed",
                          .source = "Ministry of Water",
                          .region = "Norway",
                          .country = "NO",
                          .language = "nb" };
    read_from(&c, &origin,
              FEED("<source>Office of Fire</source><language>en</language>"
                   "<description>MIL OSI Translation. Region: Russian Federation "
                   "\xE2\x80\x93&lt;p&gt;Text.&lt;/p&gt;</description>"));
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->source, "Office of Fire");
    assert_string_equal(c.items[0]->region, "Russian Federation");
    assert_string_equal(c.items[0]->country, "RU");
    assert_string_equal(c.items[0]->language, "en");
    collect_clear(&c);
}

static void the_charset_of_the_sender_is_used_where_the_bytes_allow_it(void **state)
{
    (void)state;
    collected c;
    dgm_origin origin = { .name = "feed", .charset = "koi8-r" };
    read_from(&c, &origin,
              "<rss><channel><item><guid>a</guid><title>\xF7\xCF\xC4\xC1 \xC9 "
              "\xCF\xC7\xCF\xCE\xD8</title></item></channel></rss>");
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "Вода и огонь");
    collect_clear(&c);
    read_from(
        &c, &origin,
        "<rss><channel><item><guid>a</guid><title>Вода</title></item></channel></rss>");
    assert_string_equal(c.items[0]->title, "Вода");
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_feed_names_its_ttl_and_its_hub),
        cmocka_unit_test(links_of_entries_are_not_those_of_the_feed),
        cmocka_unit_test(what_is_no_feed_or_no_number_says_nothing),
        cmocka_unit_test(an_item_that_says_nothing_gets_what_its_feed_declares),
        cmocka_unit_test(what_an_item_says_itself_wins),
        cmocka_unit_test(the_charset_of_the_sender_is_used_where_the_bytes_allow_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
