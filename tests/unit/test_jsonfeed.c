/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of jsonfeed_read.c and parcel.c: JSON Feed to items. Depends on lib/read,
 * lib/wire. */
#include "collect.h"

#define VERSION "\"version\":\"https://jsonfeed.org/version/1.1\""

static const char feed[] =
    "{\n  " VERSION ",\n  \"title\": \"Harbour office\",\n  \"language\": \"nb-NO\",\n"
    "  \"authors\": [{\"name\": \"Kari Lund\"}, {\"name\": \"Ola Vik\"}],\n"
    "  \"items\": [\n"
    "    {\"id\": \"https://a.example/1\", \"url\": \"https://a.example/pier\",\n"
    "     \"title\": \"A second pier <for & by> all\",\n"
    "     \"content_html\": \"<p>Ships may moor.</p><script>x()</script><p>Fees</p>\",\n"
    "     \"content_text\": \"Ships\", \"summary\": \"Short\",\n"
    "     \"date_published\": \"2021-06-16T09:30:00+02:00\",\n"
    "     \"date_modified\": \"2021-06-17T07:30:00Z\",\n"
    "     \"tags\": [\"ships\", \"fees\"], \"image\": \"https://a.example/p.jpg\"},\n"
    "    {\"id\": 7, \"external_url\": \"https://b.example/7\", \"language\": \"en\",\n"
    "     \"content_text\": \"One.\\n\\nTwo {\\\"}.\", \"author\": {\"name\": "
    "\"Eva\"}},\n"
    "    {\"id\": \"3\", \"title\": \"Only a summary\", \"summary\": \"Short\"}\n"
    "  ]\n}\n";

static void each_item_of_a_feed_is_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.json", NULL, feed);
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 3);
    const dgm_item *item = c.items[0];
    assert_string_equal(c.wheres[0], "in.json:item 1");
    assert_string_equal(item->id, "https://a.example/1");
    assert_string_equal(item->url, "https://a.example/pier");
    assert_string_equal(item->title, "A second pier <for & by> all");
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Fees");
    assert_true(item->published == 1623828600);
    assert_true(item->updated == 1623915000);
    assert_int_equal(item->n_topics, 2);
    assert_string_equal(item->topics[0], "ships");
    collect_clear(&c);
}

static void what_an_item_lacks_its_feed_gives(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.json", NULL, feed);
    assert_string_equal(c.items[0]->author, "Kari Lund, Ola Vik");
    assert_string_equal(c.items[0]->language, "nb");
    assert_string_equal(c.items[0]->source, "Harbour office");
    assert_string_equal(c.items[1]->author, "Eva");
    assert_string_equal(c.items[1]->language, "en");
    assert_string_equal(c.items[1]->url, "https://b.example/7");
    assert_string_equal(c.items[1]->id, "7");
    assert_string_equal(c.items[1]->paragraphs[1], "Two {\"}.");
    assert_string_equal(c.items[2]->paragraphs[0], "Short");
    collect_clear(&c);
}

static void what_nobody_knows_is_kept(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.json", NULL, feed);
    assert_non_null(strstr(c.items[0]->extra, "\"image\":\"https://a.example/p.jpg\""));
    assert_non_null(strstr(c.items[0]->extra, "\"summary\":\"Short\""));
    assert_null(c.items[2]->extra);
    collect_clear(&c);
}

static void the_first_version_and_odd_orders_are_told_apart_from_lines(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"items\":[{\"id\":\"1\",\"title\":\"x\"}],\"home_page_url\":\"https://a/\"}",
        "\xEF\xBB\xBF \n{\"title\":\"a\",\"items\":[{\"id\":\"1\",\"title\":\"x\","
        "\"date_published\":\"later\"}],\"version\":\"http://jsonfeed.org/version/1\"}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        collected c;
        collect_text(&c, "in.json", NULL, texts[i]);
        assert_int_equal(c.n, 1);
        assert_int_equal(c.n_rejects, 0);
        assert_string_equal(c.items[0]->id, "1");
        if (i == 1)
            assert_non_null(strstr(c.items[0]->extra, "\"later\""));
        collect_clear(&c);
    }
}

static void a_feed_in_utf_16_is_read(void **state)
{
    (void)state;
    char wide[4096];
    size_t n = 0;
    wide[n++] = '\xFF';
    wide[n++] = '\xFE';
    for (const char *p = feed; *p != '\0'; p++) {
        wide[n++] = *p;
        wide[n++] = '\0';
    }
    collected c;
    collect_bytes(&c, "in.json", NULL, wide, n);
    assert_int_equal(c.n, 3);
    assert_int_equal(c.n_rejects, 0);
    collect_clear(&c);
}

static void what_is_no_item_is_rejected_and_the_rest_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where, *reason;
        size_t items;
    } cases[] = {
        { "{" VERSION ",\"items\":[3,{\"title\":\"x\"}]}", "in:item 1",
          "not a JSON object", 1 },
        { "{" VERSION ",\"items\":[{\"title\":\"x\"},{\"id\":\"a\"}]}", "in:item 2",
          "neither a title nor a body", 1 },
        { "{" VERSION ",\"items\":{}}", "in:item 1", "items: not an array", 0 },
        { "{" VERSION "}", "in:item 1", "items: not an array", 0 },
        { "{" VERSION ",\"items\":[{\"title\":\"x\"}", "in:item 1", "not JSON", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collected c;
        collect_text(&c, "in", NULL, cases[i].text);
        assert_int_equal(c.n, cases[i].items);
        assert_int_equal(c.n_rejects, 1);
        assert_string_equal(c.rejects[0].where, cases[i].where);
        if (strstr(c.rejects[0].reason, cases[i].reason) == NULL)
            fail_msg("%s: %s", cases[i].text, c.rejects[0].reason);
        assert_true(c.rejects[0].n > 0);
        collect_clear(&c);
    }
}

static void too_many_brackets_are_rejected(void **state)
{
    (void)state;
    size_t n;
    char *deep = repeat("{\"items\":[", 200000, &n);
    collected c;
    collect_bytes(&c, "in", "jsonfeed", deep, n);
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "nested deeper than 32");
    collect_clear(&c);
    free(deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_of_a_feed_is_read),
        cmocka_unit_test(what_an_item_lacks_its_feed_gives),
        cmocka_unit_test(what_nobody_knows_is_kept),
        cmocka_unit_test(the_first_version_and_odd_orders_are_told_apart_from_lines),
        cmocka_unit_test(a_feed_in_utf_16_is_read),
        cmocka_unit_test(what_is_no_item_is_rejected_and_the_rest_is_read),
        cmocka_unit_test(too_many_brackets_are_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
