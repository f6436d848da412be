/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of ninjs_read.c and ninjs_text.c: ninjs of all versions to items. Depends on
 * lib/read, lib/wire. */
#include "collect.h"

static const char first[] =
    "{ \"uri\": \"https://harbour.example/1\", \"type\": \"text\",\n"
    "  \"version\": \"4\", \"language\": \"en-GB\",\n"
    "  \"firstcreated\": \"2021-06-16T09:30:00+02:00\",\n"
    "  \"versioncreated\": \"2021-06-17T07:30:00Z\", \"pubstatus\": \"usable\",\n"
    "  \"headline\": \"A second pier\", \"byline\": \"Kari Lund\",\n"
    "  \"copyrightholder\": \"Harbour office\", \"located\": \"Bergen\",\n"
    "  \"subject\": [{\"name\": \"ships\", \"code\": \"s1\"}, {\"code\": \"s2\"}],\n"
    "  \"organisation\": [{\"name\": \"Port guild\"}],\n"
    "  \"body_text\": \"Ships may moor. Fees stay.\",\n"
    "  \"body_xhtml\": \"<p>Ships may moor.</p><p>Fees stay.</p>\",\n"
    "  \"associations\": {\"map\": {\"uri\": \"https://harbour.example/map\",\n"
    "    \"type\": \"picture\", \"headline\": \"Map\", \"body_text\": \"Map\"}} }\n";

static const char second[] =
    "{\"uri\":\"urn:harbour:2\",\"versioncreated\":\"2021-06-16T00:00:00Z\","
    "\"by\":\"Eva\",\"headlines\":[{\"role\":\"teaser\",\"value\":\"Short\"},"
    "{\"role\":\"main\",\"value\":\"A second pier\"}],"
    "\"bodies\":[{\"role\":\"caption\",\"contenttype\":\"text/"
    "html\",\"value\":\"<p>No\"},"
    "{\"role\":\"raw\",\"contenttype\":\"application/xml\",\"value\":\"<x>y</x>\"},"
    "{\"role\":\"plain\",\"contenttype\":\"text/plain\",\"value\":\"One. Two.\"},"
    "{\"role\":\"rich5\",\"contenttype\":\"text/html\",\"charcount\":8,"
    "\"value\":\"<p>One.</p><p>Two.</p>\"}],"
    "\"subjects\":[{\"name\":\"ships\",\"uri\":\"https://v.example/s1\"}]}";

static const char third[] =
    "{\"standard\":{\"name\":\"ninjs\",\"version\":\"3.0\"},\"uri\":\"urn:harbour:3\","
    "\"versionCreated\":\"2021-06-16T00:00:00Z\",\"pubStatus\":\"withheld\","
    "\"headlines\":[{\"value\":\"A second pier\"}],\"copyrightHolder\":\"Harbour\","
    "\"bodies\":[{\"contentType\":\"application/"
    "nitf+xml\",\"value\":\"<nitf><head><title>"
    "No</title></head><body><body.head><hedline><hl1>No</hl1></hedline></body.head>"
    "<body.content><p>One.</p><p>Two.</p></body.content></body></nitf>\"}]}";

static const char superdesk[] =
    "{\"guid\":\"tag:harbour.example:4\",\"version\":\"3\",\"type\":\"text\","
    "\"firstpublished\":\"2021-06-16T10:00:00+0000\","
    "\"firstcreated\":\"2021-06-16T09:00:00+0000\","
    "\"versioncreated\":\"2021-06-16T11:00:00+0000\",\"evolvedfrom\":\"tag:x:1\","
    "\"headline\":\"Fees &amp; <b>ships</b>\",\"source\":\"Harbour office\","
    "\"body_html\":\"<p>One.</p><p>Two.</p>\",\"priority\":6,\"urgency\":3,"
    "\"description_text\":\"Abstract\",\"service\":[{\"code\":\"a\",\"name\":\"News\"}],"
    "\"authors\":[{\"name\":\"Ola\",\"role\":\"writer\"},{\"name\":\"Eva\"}],"
    "\"extra\":{\"translation_of\":\"tag:y:1\"},\"keywords\":[\"pier\"]}";

static const dgm_item *read_one(collected *c, const char *text)
{
    collect_text(c, "in.json", NULL, text);
    if (c->n_rejects > 0)
        fail_msg("%s", c->rejects[0].reason);
    assert_int_equal(c->n, 1);
    return c->items[0];
}

static void the_first_version_is_read(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item = read_one(&c, first);
    assert_string_equal(c.wheres[0], "in.json:item 1");
    assert_string_equal(item->id, "https://harbour.example/1");
    assert_string_equal(item->url, "https://harbour.example/1");
    assert_string_equal(item->version, "4");
    assert_string_equal(item->language, "en");
    assert_string_equal(item->title, "A second pier");
    assert_string_equal(item->author, "Kari Lund");
    assert_string_equal(item->source, "Harbour office");
    assert_true(item->published == 1623828600);
    assert_true(item->updated == 1623915000);
    assert_int_equal(item->status, DGM_USABLE);
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[1], "Fees stay.");
    assert_int_equal(item->n_topics, 1);
    assert_string_equal(item->topics[0], "ships");
    collect_clear(&c);
}

static void codes_and_associations_stay_beside_the_item(void **state)
{
    (void)state;
    static const char *const kept[] = { "\"code\":\"s1\"", "\"located\":\"Bergen\"",
                                        "\"organisation\":[", "\"associations\":{",
                                        "\"body_text\":\"Ships may moor. Fees stay.\"" };
    collected c;
    const dgm_item *item = read_one(&c, first);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_non_null(strstr(item->extra, kept[i]));
    assert_null(strstr(item->extra, "\"uri\":\"https://harbour.example/1\""));
    assert_null(strstr(item->extra, "body_xhtml"));
    collect_clear(&c);
}

static void of_several_texts_the_fullest_is_the_body(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item = read_one(&c, second);
    assert_string_equal(item->title, "A second pier");
    assert_string_equal(item->author, "Eva");
    assert_string_equal(item->topics[0], "ships");
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[0], "One.");
    assert_true(item->published == item->updated);
    assert_non_null(strstr(item->extra, "\"value\":\"Short\""));
    assert_non_null(strstr(item->extra, "\"charcount\":8"));
    collect_clear(&c);
}

static void the_third_version_and_a_body_of_another_format_are_read(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item = read_one(&c, third);
    assert_string_equal(item->id, "urn:harbour:3");
    assert_null(item->url);
    assert_int_equal(item->status, DGM_WITHHELD);
    assert_string_equal(item->source, "Harbour");
    assert_int_equal(item->n_paragraphs, 2);
    assert_string_equal(item->paragraphs[0], "One.");
    collect_clear(&c);
}

static void the_dialect_of_superdesk_is_read(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item = read_one(&c, superdesk);
    assert_string_equal(item->id, "tag:harbour.example:4");
    assert_string_equal(item->title, "Fees & ships");
    assert_string_equal(item->source, "Harbour office");
    assert_string_equal(item->author, "Ola, Eva");
    assert_true(item->published == 1623837600);
    assert_true(item->updated == 1623841200);
    assert_string_equal(item->evolved_from, "tag:x:1");
    assert_string_equal(item->translation_of, "tag:y:1");
    assert_string_equal(item->topics[0], "News");
    assert_int_equal(item->n_paragraphs, 2);
    assert_non_null(strstr(item->extra, "\"priority\":6"));
    assert_non_null(strstr(item->extra, "\"description_text\":\"Abstract\""));
    collect_clear(&c);
}

static void of_several_names_the_address_comes_first(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        { "{\"guid\":\"b\",\"uri\":\"a\",\"headline\":\"x\"}", "a" },
        { "{\"guid\":\"b\",\"_id\":\"c\",\"headline\":\"x\"}", "b" },
        { "{\"_id\":\"c\",\"headline\":\"x\"}", "c" },
        { "{\"uri\":\"\",\"guid\":17,\"headline\":\"x\"}", "17" },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        collected c;
        collect_text(&c, "in.json", "ninjs", texts[i][0]);
        assert_int_equal(c.n, 1);
        assert_string_equal(c.items[0]->id, texts[i][1]);
        collect_clear(&c);
    }
}

static void the_status_follows_what_is_said_and_the_embargo(void **state)
{
    (void)state;
    static const struct {
        const char *member;
        dgm_item_status status;
        int64_t embargo;
    } cases[] = {
        { "\"pubstatus\":\"usable\"", DGM_USABLE, DGM_NO_TIME },
        { "\"pubstatus\":\"withheld\"", DGM_WITHHELD, DGM_NO_TIME },
        { "\"pubstatus\":\"canceled\"", DGM_CANCELED, DGM_NO_TIME },
        { "\"pubStatus\":\"Cancelled\"", DGM_CANCELED, DGM_NO_TIME },
        { "\"pubstatus\":\"unpublished\"", DGM_CANCELED, DGM_NO_TIME },
        { "\"pubstatus\":\"commissioned\"", DGM_USABLE, DGM_NO_TIME },
        { "\"embargoed\":\"2999-01-01T00:00:00+00:00\"", DGM_USABLE, 32472144000 },
        { "\"embargoedUntil\":\"2999-01-01T00:00:00Z\"", DGM_USABLE, 32472144000 },
        { "\"embargoed\":\"2001-01-01T00:00:00+00:00\"", DGM_USABLE, 978307200 },
        { "\"embargoed\":\"soon\"", DGM_USABLE, DGM_NO_TIME },
        { "\"embargoed\":\"2999-01-01\",\"pubstatus\":\"canceled\"", DGM_CANCELED,
          32472144000 },
        { "\"pubstatus\":7", DGM_USABLE, DGM_NO_TIME },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[300];
        collected c;
        snprintf(text, sizeof text,
                 "{\"guid\":\"a\",\"type\":\"text\",\"headline\":\"x\",%s}",
                 cases[i].member);
        const dgm_item *item = read_one(&c, text);
        if (item->status != cases[i].status || item->embargo != cases[i].embargo)
            fail_msg("%s: %d", cases[i].member, (int)item->status);
        collect_clear(&c);
    }
}

static void a_kill_needs_no_text(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item =
        read_one(&c, "{\"guid\":\"a\",\"type\":\"picture\",\"pubstatus\":\"canceled\"}");
    assert_string_equal(item->id, "a");
    collect_clear(&c);
}

static void of_a_picture_the_longer_text_is_taken(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item = read_one(
        &c, "{\"guid\":\"a\",\"type\":\"picture\",\"headline\":\"Pier\",\"body_text\":"
            "\"Pier\","
            "\"description_creditline\":\"A\",\"description_caption\":\"Ships moor.\"}");
    assert_int_equal(item->n_paragraphs, 1);
    assert_string_equal(item->paragraphs[0], "Ships moor.");
    collect_clear(&c);
}

static void items_in_a_row_and_in_replies_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[{\"uri\":\"a\",\"headline\":\"x\"},{\"uri\":\"b\",\"headline\":\"y\"}]",
        "{\"uri\":\"a\",\"headline\":\"x\"}\n{\"uri\":\"b\",\n\"headline\":\"y\"}\n",
        "{\"total\":2,\"item\":[{\"uri\":\"a\",\"type\":\"text\",\"headline\":\"x\"},"
        "{\"uri\":\"b\",\"headline\":\"y\"}]}",
        "{\"data\":{\"meta\":{\"uri\":\"m\"},\"items\":[{\"meta\":{},\"item\":{\"uri\":"
        "\"a\",\"type\":\"text\",\"headline\":\"x\"}},{\"item\":{\"uri\":\"b\","
        "\"headline\":\"y\"}}]}}",
        "\xEF\xBB\xBF{\"_items\":[{\"guid\":\"a\",\"headline\":\"x\"},{\"guid\":\"b\","
        "\"headline\":\"y\"}]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        collected c;
        collect_text(&c, "in.json", NULL, texts[i]);
        if (c.n_rejects > 0)
            fail_msg("%s: %s", texts[i], c.rejects[0].reason);
        assert_int_equal(c.n, 2);
        assert_string_equal(c.items[0]->id, "a");
        assert_string_equal(c.items[1]->id, "b");
        assert_string_equal(c.wheres[1], "in.json:item 2");
        collect_clear(&c);
    }
}

static void what_is_no_item_is_rejected_by_name(void **state)
{
    (void)state;
    static const char no_text[] = "its type is not text, and it has neither a body nor a "
                                  "headline with a description";
    static const struct {
        const char *text, *reason;
    } cases[] = {
        { "{\"headline\":\"x\",\"body_text\":\"y\"}", "neither uri nor guid" },
        { "{\"uri\":{},\"headline\":\"x\"}", "neither uri nor guid" },
        { "{\"uri\":\" \",\"headline\":\"x\"}", "neither uri nor guid" },
        { "{\"uri\":\"a\",\"type\":\"picture\",\"headline\":\"x\"}", no_text },
        { "{\"uri\":\"a\",\"type\":\"video\",\"description_text\":\"x\"}", no_text },
        { "{\"uri\":\"a\",\"type\":\"text\"}", "neither a title nor a body" },
        { "{\"uri\":\"a\",\"headline\":[\"x\"],\"bodies\":7}",
          "neither a title nor a body" },
        { "{\"uri\":\"a\",\"bodies\":[{\"value\":7},3,{\"contenttype\":[]}]}",
          "neither a title nor a body" },
        { "{\"uri\":\"a\",\"headline\":\"x\"", "not JSON" },
        { "[7]", "not JSON" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        collected c;
        collect_text(&c, "in.json", "ninjs", cases[i].text);
        assert_int_equal(c.n, 0);
        assert_int_equal(c.n_rejects, 1);
        assert_string_equal(c.rejects[0].where, "in.json:item 1");
        if (strstr(c.rejects[0].reason, cases[i].reason) == NULL)
            fail_msg("%s: %s", cases[i].text, c.rejects[0].reason);
        collect_clear(&c);
    }
}

static void odd_values_do_no_harm(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item = read_one(
        &c, "{\"uri\":\"a\",\"headline\":12,\"version\":7,\"type\":\"text\",\"type\":"
            "\"text\","
            "\"subject\":[null,\"ships\",{\"name\":3}],\"versioncreated\":\"yesterday\","
            "\"language\":[],\"byline\":{},\"names\":4,\"body_html\":\" \","
            "\"body_more\":\"Text.\"}");
    assert_string_equal(item->title, "12");
    assert_string_equal(item->version, "7");
    assert_int_equal(item->n_topics, 1);
    assert_string_equal(item->paragraphs[0], "Text.");
    assert_true(item->published == DGM_NO_TIME);
    assert_non_null(strstr(item->extra, "\"versioncreated\":\"yesterday\""));
    assert_non_null(strstr(item->extra, "\"names_given\":4"));
    collect_clear(&c);
}

static void a_subject_without_a_name_has_that_of_its_code(void **state)
{
    (void)state;
    collected c;
    const dgm_item *item = read_one(
        &c, "{\"uri\":\"u:1\",\"headline\":\"a\",\"body_text\":\"b\",\"subject\":["
            "{\"code\":\"medtop:20000574\"},{\"code\":\"20000586\"},"
            "{\"code\":\"04000000\",\"scheme\":\"iptc_subject_code\"},"
            "{\"qcode\":\"11000000\"},{\"code\":\"05000000\","
            "\"scheme\":\"http://cv.iptc.org/newscodes/mediatopic/\"},"
            "{\"code\":\"7\"},{\"uri\":\"http://cv.iptc.org/newscodes/mediatopic/"
            "15000000\"}]}");
    static const char *const names[] = {
        "election", "voting",    "economy, business and finance",
        "politics", "education", "sport"
    };
    assert_int_equal(item->n_topics, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(item->topics[i], names[i]);
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_without_a_name_has_that_of_its_code),
        cmocka_unit_test(the_first_version_is_read),
        cmocka_unit_test(codes_and_associations_stay_beside_the_item),
        cmocka_unit_test(of_several_texts_the_fullest_is_the_body),
        cmocka_unit_test(the_third_version_and_a_body_of_another_format_are_read),
        cmocka_unit_test(the_dialect_of_superdesk_is_read),
        cmocka_unit_test(of_several_names_the_address_comes_first),
        cmocka_unit_test(the_status_follows_what_is_said_and_the_embargo),
        cmocka_unit_test(a_kill_needs_no_text),
        cmocka_unit_test(of_a_picture_the_longer_text_is_taken),
        cmocka_unit_test(items_in_a_row_and_in_replies_are_read),
        cmocka_unit_test(what_is_no_item_is_rejected_by_name),
        cmocka_unit_test(odd_values_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
