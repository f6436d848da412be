/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of ndjson.c: lines and arrays of objects to items. Depends on lib/read, lib/wire.
 */
#include "collect.h"

#include "wire.h"

static void each_line_is_an_item(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "in.jsonl", NULL,
        "\xEF\xBB\xBF{\"id\":\"a\",\"title\":\"one\",\"body\":\"x\\n\\ny\"}\r\n"
        "\n  \n"
        "{\"id\":7,\"text\":\"two. More.\",\"date\":\"2015\"}\n"
        "{\"title\":\"three\",\"body\":\"\",\"published\":\"\",\"region\":\"Norway\"}");
    assert_int_equal(c.n_rejects, 0);
    assert_int_equal(c.n, 3);
    assert_string_equal(c.wheres[0], "in.jsonl:1");
    assert_int_equal(c.items[0]->n_paragraphs, 2);
    assert_string_equal(c.wheres[1], "in.jsonl:4");
    assert_string_equal(c.items[1]->id, "7");
    assert_string_equal(c.items[1]->title, "two.");
    assert_true(c.items[1]->published == 1420070400);
    assert_string_equal(c.items[2]->country, "NO");
    assert_memory_equal(c.items[2]->id, "sha256-", 7);
    collect_clear(&c);
}

static void a_bad_line_is_rejected_and_the_rest_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *line, *reason;
    } cases[] = {
        { "{\"title\":", "not JSON" },
        { "[1]", "not a JSON object" },
        { "\"text\"", "not JSON" },
        { "{\"id\":\"a\"}", "neither a title nor a body" },
        { "{\"title\":\"a\",\"title\":\"b\"}", "not JSON: duplicate" },
        { "{\"title\":\"\\ud800\"}", "not JSON" },
        { "{\"dgm\":1,\"title\":\"x\",\"body\":[]}", "id: missing" },
        { "{\"dgm\":1,\"id\":\"x\",\"body\":[\"a\",\" \"]}", "body" },
        { "{\"dgm\":1,\"id\":\"x\",\"body\":[\"a\"],\"turns\":[{\"role\":\"answer\","
          "\"from\":0,\"to\":2}]}",
          "turns: number 1" },
        { "{\"dgm\":1,\"id\":\"x\",\"body\":[\"a\"],\"turns\":[{\"role\":\"answer\","
          "\"from\":1,\"to\":1}]}",
          "turns: number 1" },
        { "{\"dgm\":1,\"id\":\"x\",\"body\":[\"a\"],\"boilerplate\":[{\"kind\":\"note\","
          "\"text\":\"x\","
          "\"before\":-1}]}",
          "boilerplate: number 1" },
        { "nonsense \x80\xFF", "not JSON" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[600];
        snprintf(text, sizeof text, "{\"title\":\"first\"}\n%s\n{\"title\":\"last\"}\n",
                 cases[i].line);
        collected c;
        collect_text(&c, "in.jsonl", NULL, text);
        assert_int_equal(c.n, 2);
        assert_int_equal(c.n_rejects, 1);
        assert_string_equal(c.rejects[0].where, "in.jsonl:2");
        if (strstr(c.rejects[0].reason, cases[i].reason) == NULL)
            fail_msg("%s: %s", cases[i].line, c.rejects[0].reason);
        assert_int_equal(c.rejects[0].n, strlen(cases[i].line));
        assert_memory_equal(c.rejects[0].bytes, cases[i].line, c.rejects[0].n);
        collect_clear(&c);
    }
}

static void arrays_and_indented_objects_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[{\"title\":\"a\"},{\"title\":\"b [{\\\"}\"}]",
        " [ {\"title\":\"a\"} , {\"title\":\"b [{\\\"}\"} ] \n",
        "{\n  \"title\": \"a\"\n}\n{\n  \"title\": \"b [{\\\"}\"\n}\n",
        "[{\"title\":\"a\"}\n{\"title\":\"b [{\\\"}\"}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        collected c;
        collect_text(&c, "in.json", NULL, texts[i]);
        assert_int_equal(c.n_rejects, 0);
        assert_int_equal(c.n, 2);
        assert_string_equal(c.items[1]->title, "b [{\"}");
        assert_string_equal(c.wheres[1], "in.json:item 2");
        collect_clear(&c);
    }
}

static void what_is_no_object_in_an_array_is_rejected(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.json", NULL,
                 "[{\"title\":\"a\"}, 12, {\"title\":\"b\"}, {\"title\":");
    assert_int_equal(c.n, 2);
    assert_int_equal(c.n_rejects, 2);
    assert_string_equal(c.rejects[0].where, "in.json:item 2");
    assert_int_equal(c.rejects[0].n, 2);
    assert_memory_equal(c.rejects[0].bytes, "12", 2);
    assert_string_equal(c.rejects[1].where, "in.json:item 4");
    collect_clear(&c);
}

static void deep_and_long_lines_are_bounded(void **state)
{
    (void)state;
    collected c;
    size_t n;
    char *deep = repeat("[", 100000, &n);
    memcpy(deep, "{\"title\":\"x\",\"a\":", 17);
    collect_bytes(&c, "in.jsonl", "ndjson", deep, n);
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "nested deeper than 32");
    collect_clear(&c);
    free(deep);

    n = DGMI_LINE_MAX + 100;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, 'x', n);
    memcpy(text, "{\"title\":\"", 10);
    memcpy(text + n - 30, "\n{\"title\":\"the next\"}         ", 30);
    collect_bytes(&c, "in.jsonl", NULL, text, n);
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->title, "the next");
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].where, "in.jsonl:1");
    assert_string_equal(c.rejects[0].reason, "longer than 32 MB");
    assert_null(c.rejects[0].bytes);
    collect_clear(&c);
    free(text);
}

static void html_bodies_become_paragraphs(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "in.jsonl", NULL,
        "{\"title\":\"a\",\"body\":\"<p>one</p><p>two &amp; three</p>\"}\n"
        "{\"title\":\"b\",\"body_html\":\"one<br><br>two\"}\n"
        "{\"title\":\"c\",\"body\":\"if a < b then\"}\n"
        "{\"title\":\"d\",\"body\":[\"one\",\"two\"],\"content_html\":\"kept\"}\n");
    assert_int_equal(c.n, 4);
    assert_int_equal(c.items[0]->n_paragraphs, 2);
    assert_string_equal(c.items[0]->paragraphs[1], "two & three");
    assert_int_equal(c.items[1]->n_paragraphs, 2);
    assert_string_equal(c.items[2]->paragraphs[0], "if a < b then");
    assert_int_equal(c.items[3]->n_paragraphs, 2);
    assert_string_equal(c.items[3]->extra, "{\"content_html\":\"kept\"}");
    collect_clear(&c);
}

static void mil_osi_bodies_are_cleaned_here_too(void **state)
{
    (void)state;
    collected c;
    collect_text(
        &c, "in.jsonl", NULL,
        "{\"title\":\"MIL-OSI Norway: Swans\",\"body\":\"Source: Fjord Office\\n\\n"
        "What is built?\\n\\n\xE2\x80\x93 A bridge.\\n\\n\xE2\x80\x93 When?\\n\\n"
        "\xE2\x80\x93 In spring.\\n\\nMIL OSI Norway News\"}");
    assert_int_equal(c.items[0]->n_turns, 4);
    assert_string_equal(c.items[0]->source, "Fjord Office");
    assert_int_equal(c.items[0]->n_asides, 3);
    collect_clear(&c);
}

static void a_line_in_another_charset_is_read(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in.jsonl", NULL,
                 "{\"title\":\"caf\xE9\"}\n{\"title\":\"caf\xC3\xA9\"}\n");
    assert_int_equal(c.n, 2);
    assert_string_equal(c.items[0]->title, "caf\xC3\xA9");
    assert_string_equal(c.items[1]->title, "caf\xC3\xA9");
    collect_clear(&c);
}

static void a_line_of_the_archive_is_taken_as_it_is(void **state)
{
    (void)state;
    collected c, again;
    collect_text(&c, "in.jsonl", NULL,
                 "{\"id\":\"a\",\"title\":\"t\",\"body\":\"Source: X\\n\\nText.\"}");
    dgmi_buf line;
    dgmi_buf_init(&line, 1 << 20);
    dgmi_json_item(&line, c.items[0]);
    collect_bytes(&again, "000001.ndjson", NULL, line.p, line.n);
    assert_int_equal(again.n, 1);
    assert_true(dgmi_item_digest(again.items[0]) == dgmi_item_digest(c.items[0]));
    assert_string_equal(again.items[0]->sha256, c.items[0]->sha256);
    assert_true(again.items[0]->fetched == c.items[0]->fetched);
    dgmi_buf_clear(&line);
    collect_clear(&c);
    collect_clear(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_is_an_item),
        cmocka_unit_test(a_bad_line_is_rejected_and_the_rest_is_read),
        cmocka_unit_test(arrays_and_indented_objects_are_read),
        cmocka_unit_test(what_is_no_object_in_an_array_is_rejected),
        cmocka_unit_test(deep_and_long_lines_are_bounded),
        cmocka_unit_test(html_bodies_become_paragraphs),
        cmocka_unit_test(mil_osi_bodies_are_cleaned_here_too),
        cmocka_unit_test(a_line_in_another_charset_is_read),
        cmocka_unit_test(a_line_of_the_archive_is_taken_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
