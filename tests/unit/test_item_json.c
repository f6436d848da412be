/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of item_json.c and item_read.c: items to JSON and back. Depends on lib/wire,
 * lib/item, jansson. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "item.h"
#include "wire.h"

static dgmi_str str(const char *s)
{
    return dgmi_str_of(s);
}

static dgm_item *read_item(const char *json, bool *prepared)
{
    dgmi_item *b = NULL;
    dgm_item *item = NULL;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_json_read_item(json, strlen(json), &b, prepared, &err) != DGM_OK)
        fail_msg("%s: %s", json, err.text);
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_OK);
    return item;
}

static char *write_item(const dgm_item *item)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 1 << 24);
    dgmi_json_item(&out, item);
    char *json = dgmi_buf_take(&out);
    assert_non_null(json);
    return json;
}

static void an_item_is_written_in_the_form_of_the_contract(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgm_item *item;
    dgmi_item *b = dgmi_item_new();
    dgmi_item_set(b, DGMI_ID, str("a"));
    dgmi_item_set(b, DGMI_TITLE, str("T \"q\""));
    dgmi_item_set_title_derived(b, true);
    dgmi_item_set_published(b, 0);
    dgmi_item_set(b, DGMI_EVOLVED_FROM, str("old"));
    dgmi_item_add_topic(b, str("t"));
    dgmi_item_add_paragraph(b, str("one \\ \xC3\xA9"));
    dgmi_item_add_paragraph(b, str("two"));
    dgmi_item_add_turn(b, DGM_QUESTION, str(""), 0, 1);
    dgmi_item_add_turn(b, DGM_ANSWER, str("Anna"), 1, 2);
    dgmi_item_add_aside(b, "note", str("n"), 2);
    dgmi_item_set_status(b, DGM_WITHHELD);
    dgmi_item_set(b, DGMI_EXTRA, str("{\"x\":[1]}"));
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_OK);
    char *json = write_item(item);
    assert_string_equal(
        json,
        "{\"dgm\":1,\"id\":\"a\",\"title\":\"T \\\"q\\\"\",\"title_derived\":true,"
        "\"published\":\"1970-01-01T00:00:00Z\",\"translated\":false,\"topics\":[\"t\"],"
        "\"links\":{\"evolved_from\":\"old\"},\"status\":\"withheld\","
        "\"body\":[\"one \\\\ \xC3\xA9\",\"two\"],"
        "\"turns\":[{\"role\":\"question\",\"speaker\":null,\"from\":0,\"to\":1},"
        "{\"role\":\"answer\",\"speaker\":\"Anna\",\"from\":1,\"to\":2}],"
        "\"boilerplate\":[{\"kind\":\"note\",\"text\":\"n\",\"before\":2}],\"x\":[1]}");
    free(json);
    dgm_item_free(item);
}

static void members_of_all_kinds_are_read(void **state)
{
    (void)state;
    bool prepared;
    dgm_item *item = read_item(
        "{\"id\":42,\"version\":3,\"title\":\"t\",\"body\":[\"a\",\"b\\n\\nc\"],"
        "\"published\":1623801600,"
        "\"updated\":1623801600000,\"topics\":[\"x\",{\"name\":\"y\",\"code\":\"1\"},{"
        "\"code\":2}],"
        "\"author\":[\"Anna\",{\"name\":\"Lars\"}],\"translated\":true,\"status\":"
        "\"cancelled\","
        "\"links\":{\"translation_of\":\"o\"},\"region\":null,\"names\":\"one\"}",
        &prepared);
    assert_false(prepared);
    assert_string_equal(item->id, "42");
    assert_string_equal(item->version, "3");
    assert_int_equal(item->n_paragraphs, 3);
    assert_true(item->published == 1623801600);
    assert_true(item->updated == 1623801600);
    assert_int_equal(item->n_topics, 3);
    assert_string_equal(item->topics[2], "2");
    assert_string_equal(item->author, "Anna, Lars");
    assert_true(item->translated);
    assert_int_equal(item->status, DGM_CANCELED);
    assert_string_equal(item->translation_of, "o");
    assert_null(item->region);
    assert_int_equal(item->n_names, 1);
    assert_null(item->extra);
    dgm_item_free(item);
}

static void what_is_not_understood_is_kept(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "{\"title\":\"t\",\"x\":1,\"y\":{\"z\":[true,null,\"\\u0000\"]}}",
          "{\"x\":1,\"y\":{\"z\":[true,null,\"\\u0000\"]}}" },
        { "{\"title\":\"t\",\"published\":\"soon\"}", "{\"published_given\":\"soon\"}" },
        { "{\"title\":\"t\",\"published\":\"9021-01-01\",\"date\":\"2021\"}",
          "{\"published_given\":\"9021-01-01\"}" },
        { "{\"title\":\"t\",\"date\":\"31 February 2021\"}",
          "{\"date\":\"31 February 2021\"}" },
        { "{\"title\":\"t\",\"region\":[1]}", "{\"region_given\":[1]}" },
        { "{\"title\":\"t\",\"region\":[1],\"region_given\":2}",
          "{\"region_given\":2,\"region_given_2\":[1]}" },
        { "{\"title\":\"t\",\"turns\":[],\"dgm\":2}",
          "{\"dgm_given\":2,\"turns_given\":[]}" },
        { "{\"title\":\"t\",\"body\":7,\"text\":\"used\"}", "{\"body_given\":7}" },
        { "{\"title\":\"t\",\"body\":\"used\",\"text\":\"not\"}", "{\"text\":\"not\"}" },
        { "{\"title\":\"t\",\"topics\":[\"a\",[]]}", "{\"topics_given\":[\"a\",[]]}" },
        { "{\"title\":\"t\",\"status\":\"odd\",\"translated\":\"yes\"}",
          "{\"translated_given\":\"yes\",\"status_given\":\"odd\"}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool prepared;
        dgm_item *item = read_item(cases[i][0], &prepared);
        assert_string_equal(item->extra, cases[i][1]);
        dgm_item_free(item);
    }
}

static void markup_waits_for_the_reader(void **state)
{
    (void)state;
    static const struct {
        const char *json, *markup;
    } cases[] = {
        { "{\"body\":\"<p>a</p>\"}", "<p>a</p>" },
        { "{\"body\":\"a<br/>b\"}", "a<br/>b" },
        { "{\"body\":\"a < b\"}", NULL },
        { "{\"body_html\":\"plain\"}", "plain" },
        { "{\"body\":\"text\",\"content_html\":\"<p>x</p>\"}", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool prepared;
        dgmi_item *b;
        assert_int_equal(dgmi_json_read_item(cases[i].json, strlen(cases[i].json), &b,
                                             &prepared, NULL),
                         DGM_OK);
        if (cases[i].markup == NULL)
            assert_null(dgmi_item_markup(b));
        else
            assert_string_equal(dgmi_item_markup(b), cases[i].markup);
        dgmi_item_free(b);
    }
}

/* A small generator with a fixed seed: the same items in every run. */
static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static dgmi_str random_text(uint32_t *seed, char *out, size_t most)
{
    static const char *const bits[] = {
        "a",  "B7", " ", "\"",   "\\",   "\xC3\xA9",         "\xE2\x80\x93", "\n",
        "\t", "/",  "{", "\xFF", "\x01", "\xF0\x9F\x90\x9F", ": ",           "?"
    };
    size_t n = 0, parts = next(seed) % 12;
    for (size_t i = 0; i < parts && n + 4 < most; i++) {
        const char *bit = bits[next(seed) % (sizeof bits / sizeof *bits)];
        memcpy(out + n, bit, strlen(bit));
        n += strlen(bit);
    }
    return (dgmi_str){ out, n };
}

static dgmi_item *random_item(uint32_t *seed)
{
    char text[64];
    dgmi_item *b = dgmi_item_new();
    for (int field = DGMI_ID; field <= DGMI_TRANSLATION_OF; field++) {
        if (next(seed) % 3 == 0)
            dgmi_item_set(b, (dgmi_field)field, random_text(seed, text, sizeof text));
    }
    dgmi_item_set(b, DGMI_ID, str("id"));
    for (uint32_t i = next(seed) % 6; i > 0; i--)
        dgmi_item_add_paragraph(b, random_text(seed, text, sizeof text));
    uint32_t n = (uint32_t)dgmi_item_count_paragraphs(b);
    for (uint32_t i = 0; i < n; i++)
        dgmi_item_add_turn(b, next(seed) % 2 ? DGM_QUESTION : DGM_ANSWER,
                           random_text(seed, text, sizeof text), i, i + 1);
    for (uint32_t i = next(seed) % 3; i > 0; i--)
        dgmi_item_add_aside(b, "note", random_text(seed, text, sizeof text),
                            next(seed) % (n + 1));
    for (uint32_t i = next(seed) % 4; i > 0; i--)
        dgmi_item_add_topic(b, random_text(seed, text, sizeof text));
    for (uint32_t i = next(seed) % 4; i > 0; i--)
        dgmi_item_add_name(b, random_text(seed, text, sizeof text));
    if (next(seed) % 2)
        dgmi_item_set_published(b, (int64_t)next(seed) * 100 - 400000000);
    if (next(seed) % 2)
        dgmi_item_set_updated(b, (int64_t)next(seed) * 15000);
    dgmi_item_set_fetched(b, next(seed));
    dgmi_item_set_status(b, (dgm_item_status)(next(seed) % 3));
    dgmi_item_set_translated(b, next(seed) % 2);
    dgmi_item_set_title_derived(b, next(seed) % 2);
    dgm_evidence e = { "region", "R", "\xC3\xA9\"", "given", "member region", 3, 9 };
    for (uint32_t k = next(seed) % 3; k > 0; k--) {
        dgmi_item_add_evidence(b, &e);
        dgmi_item_add_warning(b, "\xC3\xA9 is no region");
    }
    if (next(seed) % 2)
        dgmi_item_set(
            b, DGMI_EXTRA,
            str("{\"date\":\"soon\",\"text\":[1,2.5],\"published_given\":\"x\"}"));
    return b;
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int i = 0; i < 3000; i++) {
        dgm_item *item;
        bool prepared = false;
        assert_int_equal(dgmi_item_finish(random_item(&seed), &item, NULL), DGM_OK);
        char *json = write_item(item);
        dgm_item *again = read_item(json, &prepared);
        assert_true(prepared);
        if (dgmi_item_digest(again) != dgmi_item_digest(item))
            fail_msg("changed on the way: %s", json);
        char *json2 = write_item(again);
        assert_string_equal(json, json2);
        assert_null(strchr(json, '\n'));
        free(json);
        free(json2);
        dgm_item_free(item);
        dgm_item_free(again);
    }
}

/* Every name that the writer uses, given as nonsense: no line may ever hold a name twice.
 */
static void no_member_is_ever_written_twice(void **state)
{
    (void)state;
    static const char *const names[] = { "dgm",
                                         "id",
                                         "version",
                                         "title",
                                         "title_derived",
                                         "published",
                                         "updated",
                                         "fetched",
                                         "region",
                                         "country",
                                         "source",
                                         "provider",
                                         "agency",
                                         "author",
                                         "language",
                                         "translated",
                                         "original_language",
                                         "url",
                                         "topics",
                                         "names",
                                         "links",
                                         "status",
                                         "body",
                                         "turns",
                                         "boilerplate",
                                         "provenance",
                                         "warnings",
                                         "sha256",
                                         "extra",
                                         "date",
                                         "text" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char json[200];
        bool prepared;
        dgmi_item *b;
        dgm_item *item;
        snprintf(json, sizeof json, "{\"%s\":{\"a\":[]},\"description\":\"x\"}",
                 names[i]);
        assert_int_equal(dgmi_json_read_item(json, strlen(json), &b, &prepared, NULL),
                         DGM_OK);
        dgmi_item_set(b, DGMI_TITLE, str("Title"));
        dgmi_item_add_text(
            b, str("Source: Harbour\n\nTranslation. Region: Norway \xE2\x80\x93\n\n"
                   "What?\n\n\xE2\x80\x93 So.\n\nAnd?\n\n\xE2\x80\x93 So."));
        assert_int_equal(dgmi_item_prepare(b, "x", 1, NULL), DGM_OK);
        assert_int_equal(dgmi_item_finish(b, &item, NULL), DGM_OK);
        char *line = write_item(item);
        json_error_t e;
        json_t *root = json_loads(line, JSON_REJECT_DUPLICATES, &e);
        if (root == NULL)
            fail_msg("%s: %s", e.text, line);
        json_decref(root);
        free(line);
        dgm_item_free(item);
    }
}

static void bad_input_is_refused_in_one_line(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "", "not JSON" },
        { "[]", "not a JSON object" },
        { "{\"a\":1}x", "not JSON" },
        { "{\"a\":\"\xFF\"}", "not JSON" },
        { "{\"a\\u0000b\":1}", "not JSON" },
        { "{\"a\":123456789012345678901234567890}", "not JSON" },
        { "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
          "nested deeper" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_item *b;
        bool prepared;
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(
            dgmi_json_read_item(cases[i][0], strlen(cases[i][0]), &b, &prepared, &err),
            DGM_E_ARG);
        assert_null(b);
        if (strstr(err.text, cases[i][1]) == NULL)
            fail_msg("%s: %s", cases[i][0], err.text);
        for (const char *p = err.text; *p != '\0'; p++)
            assert_true(*p >= ' ' && *p < 0x7F);
    }
}

static void brackets_in_strings_are_not_depth(void **state)
{
    (void)state;
    bool prepared;
    dgm_item *item =
        read_item("{\"title\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ \\\" {{{\"}",
                  &prepared);
    assert_non_null(item->title);
    dgm_item_free(item);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_written_in_the_form_of_the_contract),
        cmocka_unit_test(members_of_all_kinds_are_read),
        cmocka_unit_test(what_is_not_understood_is_kept),
        cmocka_unit_test(markup_waits_for_the_reader),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(no_member_is_ever_written_twice),
        cmocka_unit_test(bad_input_is_refused_in_one_line),
        cmocka_unit_test(brackets_in_strings_are_not_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
