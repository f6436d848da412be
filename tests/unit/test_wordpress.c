/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of wordpress_read.c: posts of the REST interface to items. Depends on lib/read,
 * lib/wire. */
#include "collect.h"

static const char post[] =
    "{\"id\":41,\"date\":\"2021-06-16T12:30:00\",\"date_gmt\":\"2021-06-16T10:30:00\","
    "\"guid\":{\"rendered\":\"https://pier.example/?post_type=a&#038;p=41\"},"
    "\"modified\":\"2021-06-17T12:30:00\",\"modified_gmt\":\"2021-06-17T10:30:00\","
    "\"slug\":\"a-second-pier\",\"status\":\"publish\",\"type\":\"post\","
    "\"link\":\"https://pier.example/a-second-pier/\","
    "\"title\":{\"rendered\":\"Fees &#038; <b>ships</b>\"},"
    "\"content\":{\"rendered\":\"<p>One.</p>\\n<p>Two.</p>\",\"protected\":false},"
    "\"excerpt\":{\"rendered\":\"<p>One &hellip;</p>\"},\"author\":3,"
    "\"categories\":[4],\"tags\":[],\"_links\":{\"self\":[{\"href\":\"x\"}]},"
    "\"yoast_head\":\"<meta>\",\"yoast_head_json\":{\"og_site_name\":\"Pier office\","
    "\"author\":\"Kari Lund\"},\"_embedded\":{\"author\":[{\"name\":\"Ola Vik\"}],"
    "\"wp:term\":[[{\"taxonomy\":\"category\",\"name\":\"Harbours\"},"
    "{\"taxonomy\":\"category\",\"name\":\"MIL OSI\"}],"
    "[{\"taxonomy\":\"post_tag\",\"name\":\"CTF\"},{\"name\":\"ships\"}]]}}";

static void a_post_is_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "posts.json", NULL, post);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 1);
    const dgm_item *item = c.items[0];
    assert_string_equal(item->id, "https://pier.example/?post_type=a&p=41");
    assert_string_equal(item->url, "https://pier.example/a-second-pier/");
    assert_string_equal(item->title, "Fees & ships");
    assert_true(item->published == 1623839400);
    assert_true(item->updated == 1623925800);
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Two.");
    assert_string_equal(item->author, "Ola Vik");
    assert_string_equal(item->source, "Pier office");
    assert_string_equal(item->provider, "MIL OSI");
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[0], "Harbours");
    assert_string_equal(item->topics[1], "ships");
    assert_null(strstr(item->extra, "yoast"));
    assert_null(strstr(item->extra, "_links"));
    assert_non_null(strstr(item->extra, "\"post\":41"));
    collect_clear(&c);
}

static void an_array_gives_each_post(void **state)
{
    (void)state;
    static const char posts[] =
        "[{\"date_gmt\":\"2021-06-16T10:30:00\",\"title\":{\"rendered\":\"One\"},"
        "\"content\":{\"rendered\":\"\",\"protected\":true},"
        "\"excerpt\":{\"rendered\":\"<p>Short.</p>\"}},\n"
        "{\"id\":2,\"status\":\"draft\",\"date_gmt\":\"0000-00-00T00:00:00\","
        "\"title\":{\"rendered\":\"Two\"},\"content\":{\"rendered\":\"\"}},"
        "{\"id\":3,\"content\":{\"rendered\":\" \"},\"title\":{\"rendered\":\"\"}}]";
    collected c;
    collect_text(&c, "posts.json", NULL, posts);
    assert_int_equal(c.n, 2);
    assert_string_equal(c.wheres[1], "posts.json:item 2");
    assert_string_equal(c.items[0]->paragraphs[0], "Short.");
    assert_int_equal(c.items[1]->status, DGM_WITHHELD);
    assert_true(c.items[1]->published == DGM_NO_TIME);
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].where, "posts.json:item 3");
    collect_clear(&c);
}

static void a_post_that_is_to_come_is_under_embargo_till_then(void **state)
{
    (void)state;
    static const char later[] =
        "{\"id\":2,\"status\":\"future\",\"date\":\"2999-06-16T12:00:00\","
        "\"date_gmt\":\"2999-06-16T10:00:00\",\"title\":{\"rendered\":\"Two\"},"
        "\"content\":{\"rendered\":\"<p>x</p>\"}}";
    collected c;
    collect_text(&c, "post.json", NULL, later);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->status, DGM_USABLE);
    assert_true(c.items[0]->embargo == 32486522400);
    assert_true(c.items[0]->published == c.items[0]->embargo);
    collect_clear(&c);
}

static void the_same_post_of_feed_and_interface_is_one(void **state)
{
    (void)state;
    collected c, f;
    collect_text(&c, "posts.json", NULL, post);
    collect_text(
        &f, "feed", NULL,
        "<rss><channel><item><title>x</title><guid isPermaLink=\"false\">"
        "https://pier.example/?post_type=a&#038;p=41</guid></item></channel></rss>");
    assert_string_equal(c.items[0]->id, f.items[0]->id);
    collect_clear(&c);
    collect_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_is_read),
        cmocka_unit_test(an_array_gives_each_post),
        cmocka_unit_test(a_post_that_is_to_come_is_under_embargo_till_then),
        cmocka_unit_test(the_same_post_of_feed_and_interface_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
