/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/item/item.c, text.c and digest.c: building, limits, versions. Depends on
 * lib/item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "date.h"
#include "item.h"

static dgmi_str str(const char *s)
{
    return dgmi_str_of(s);
}

static dgm_item *finish(dgmi_item *b)
{
    dgm_item *item = NULL;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_OK);
    return item;
}

static dgm_item *from_text(const char *text)
{
    dgmi_item *b = dgmi_item_new();
    assert_non_null(b);
    dgmi_item_add_text(b, str(text));
    return finish(b);
}

static void setters_clean_what_they_store(void **state)
{
    (void)state;
    dgmi_item *b = dgmi_item_new();
    dgmi_item_set(b, DGMI_TITLE, str("  a\t\xC2\xA0 b\xFF\x01 \n"));
    dgmi_item_set(b, DGMI_SOURCE, str(" \xE2\x80\x89 \xE3\x80\x80"));
    dgmi_item_set(b, DGMI_REGION, str("first"));
    dgmi_item_set(b, DGMI_REGION, str("last"));
    dgmi_item_set(b, DGMI_AGENCY, str("x"));
    dgmi_item_set(b, DGMI_AGENCY, str(""));
    dgm_item *item = finish(b);
    assert_string_equal(item->title, "a b\xEF\xBF\xBD");
    assert_null(item->source);
    assert_string_equal(item->region, "last");
    assert_null(item->agency);
    assert_int_equal(item->published, DGM_NO_TIME);
    dgm_item_free(item);
}

static void a_nul_inside_is_dropped(void **state)
{
    (void)state;
    dgmi_item *b = dgmi_item_new();
    dgmi_item_add_paragraph(b, (dgmi_str){ "one\0two", 7 });
    dgm_item *item = finish(b);
    assert_string_equal(item->paragraphs[0], "onetwo");
    dgm_item_free(item);
}

static void repeated_topics_are_dropped(void **state)
{
    (void)state;
    dgmi_item *b = dgmi_item_new();
    dgmi_item_add_topic(b, str("health"));
    dgmi_item_add_topic(b, str(" health "));
    dgmi_item_add_topic(b, str(""));
    dgmi_item_add_topic(b, str("Health"));
    dgmi_item_add_name(b, str("health"));
    dgm_item *item = finish(b);
    assert_int_equal(item->n_topics, 2);
    assert_int_equal(item->n_names, 1);
    dgm_item_free(item);
}

typedef struct text_case {
    const char *text;
    size_t n;
    const char *paragraphs[5];
} text_case;

static const text_case texts[] = {
    { "", 0, { 0 } },
    { "\n \n\t\n", 0, { 0 } },
    { "one\ntwo\n\nthree", 2, { "one two", "three" } },
    { "one\r\n\r\ntwo\r\rthree", 3, { "one", "two", "three" } },
    { "one\n\n\n\ntwo\n \xC2\xA0\nthree", 3, { "one", "two", "three" } },
    { "a headline\nMIL OSI Translation. Region: Norway \xE2\x80\x93\ntext of it\ngoes on",
      3,
      { "a headline", "MIL OSI Translation. Region: Norway \xE2\x80\x93",
        "text of it goes on" } },
    { "He asked why.\n\xE2\x80\x93 Because it was so.",
      2,
      { "He asked why.", "\xE2\x80\x93 Because it was so." } },
    { "in the years 2021\n\xE2\x80\x93 2025 it was",
      1,
      { "in the years 2021 \xE2\x80\x93 2025 it was" } },
    { "Question: why?\nAnswer: so.", 2, { "Question: why?", "Answer: so." } },
};

static void text_is_parted_by_blank_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dgm_item *item = from_text(texts[i].text);
        assert_int_equal(item->n_paragraphs, texts[i].n);
        for (size_t k = 0; k < texts[i].n; k++)
            assert_string_equal(item->paragraphs[k], texts[i].paragraphs[k]);
        dgm_item_free(item);
    }
}

static void long_lines_without_blank_ones_are_paragraphs(void **state)
{
    (void)state;
    char text[1000];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < 250; i += 7)
        text[i] = text[i + 250] = text[i + 500] = ' ';
    text[249] = text[499] = '\n';
    text[750] = '\0';
    dgm_item *item = from_text(text);
    assert_int_equal(item->n_paragraphs, 3);
    dgm_item_free(item);
}

static void ten_thousand_paragraphs_are_kept(void **state)
{
    (void)state;
    dgmi_buf b;
    dgmi_buf_init(&b, 1 << 20);
    for (int i = 0; i < 10000; i++)
        dgmi_buf_printf(&b, "paragraph %d\n\n", i);
    dgm_item *item = from_text(b.p);
    assert_int_equal(item->n_paragraphs, 10000);
    assert_string_equal(item->paragraphs[9999], "paragraph 9999");
    dgm_item_free(item);
    dgmi_buf_clear(&b);
}

static void limits_are_refusals_and_not_failures_of_memory(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgm_item *item;
    dgmi_item *b = dgmi_item_new();
    for (size_t i = 0; i <= DGMI_PARAGRAPHS_MAX; i++)
        dgmi_item_add_paragraph(b, str("p"));
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "200000 paragraphs"));
    assert_null(item);

    char topic[32];
    err = (dgm_error)DGM_ERROR_INIT;
    b = dgmi_item_new();
    for (int i = 0; i < 1001; i++) {
        snprintf(topic, sizeof topic, "topic %d", i);
        dgmi_item_add_topic(b, str(topic));
    }
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_E_ARG);

    err = (dgm_error)DGM_ERROR_INIT;
    size_t n = (size_t)DGMI_ITEM_MAX + 1;
    char *large = malloc(n);
    assert_non_null(large);
    memset(large, 'x', n);
    b = dgmi_item_new();
    dgmi_item_set(b, DGMI_TITLE, (dgmi_str){ large, n });
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "48 MB"));
    err = (dgm_error)DGM_ERROR_INIT;
    b = dgmi_item_new();
    dgmi_item_add_paragraph(b, (dgmi_str){ large, n / 2 });
    dgmi_item_add_paragraph(b, (dgmi_str){ large, n / 2 + 1 });
    assert_int_equal(dgmi_item_finish(b, &item, &err), DGM_E_ARG);
    free(large);
}

static dgm_item *version(const char *published, const char *updated, const char *mark)
{
    dgmi_item *b = dgmi_item_new();
    int64_t time;
    if (published != NULL && dgmi_date_parse(str(published), &time))
        dgmi_item_set_published(b, time);
    if (updated != NULL && dgmi_date_parse(str(updated), &time))
        dgmi_item_set_updated(b, time);
    dgmi_item_set(b, DGMI_VERSION, str(mark));
    return finish(b);
}

static void newer_is_told_by_time_then_by_mark(void **state)
{
    (void)state;
    static const struct {
        const char *a[3], *b[3];
        int wanted;
    } cases[] = {
        { { "2021-01-01", NULL, NULL }, { "2021-01-02", NULL, NULL }, -1 },
        { { "2021-01-01", "2021-02-01", NULL }, { "2021-01-02", NULL, NULL }, 1 },
        { { "2021-01-01", NULL, "9" }, { "2021-01-01", NULL, "10" }, -1 },
        { { "2021-01-01", NULL, "010" }, { "2021-01-01", NULL, "10" }, 0 },
        { { NULL, NULL, "b" }, { "2021-01-01", NULL, "a" }, 1 },
        { { NULL, NULL, NULL }, { NULL, NULL, "3" }, 0 },
        { { NULL, NULL, "99999999999999999999998" },
          { NULL, NULL, "99999999999999999999999" },
          -1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgm_item *a = version(cases[i].a[0], cases[i].a[1], cases[i].a[2]);
        dgm_item *b = version(cases[i].b[0], cases[i].b[1], cases[i].b[2]);
        assert_int_equal(dgmi_item_compare_versions(a, b), cases[i].wanted);
        assert_int_equal(dgmi_item_compare_versions(b, a), -cases[i].wanted);
        dgm_item_free(a);
        dgm_item_free(b);
    }
}

/* status and fetched, too: "k" is a kill. */
static dgm_item record(const char *kind, int64_t published, int64_t updated,
                       int64_t fetched, const char *mark)
{
    return (dgm_item){ .id = "a",
                       .status = kind[0] == 'k' ? DGM_CANCELED : DGM_USABLE,
                       .published = published,
                       .updated = updated,
                       .fetched = fetched,
                       .version = mark };
}

static void a_kill_takes_all_that_is_not_newer_than_itself(void **state)
{
    (void)state;
    const int64_t none = DGM_NO_TIME;
    const struct {
        dgm_item kill, item;
        int wanted; /* 1: the kill wins */
    } cases[] = {
        { record("k", none, 20, 99, NULL), record("i", 5, 10, 98, NULL), 1 },
        { record("k", none, 20, 99, "3"), record("i", 5, 20, 98, "3"), 1 },
        { record("k", none, 20, 99, NULL), record("i", none, none, 100, NULL), 1 },
        { record("k", none, 20, 99, NULL), record("i", 5, 30, 98, NULL), -1 },
        { record("k", none, 20, 99, "3"), record("i", 5, 20, 98, "4"), -1 },
        /* published is the item's, not the kill's */
        { record("k", 5, none, 99, NULL), record("i", 5, 10, 98, NULL), 1 },
        /* without a time it is as new as its coming */
        { record("k", none, none, 99, NULL), record("i", 5, 98, 98, NULL), 1 },
        { record("k", none, none, 99, NULL), record("i", 5, 120, 150, NULL), -1 },
        { record("k", none, none, 99, NULL), record("i", none, none, 150, "7"), 1 },
        /* or tells by its mark */
        { record("k", none, none, 99, "2"), record("i", 5, 120, 150, "1"), 1 },
        { record("k", none, none, 99, "2"), record("i", 5, 120, 150, "2"), 1 },
        { record("k", none, none, 99, "2"), record("i", none, none, 50, "3"), -1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int order = dgmi_item_compare_versions(&cases[i].kill, &cases[i].item);
        int back = dgmi_item_compare_versions(&cases[i].item, &cases[i].kill);
        if (order != cases[i].wanted || back != -order)
            fail_msg("case %zu: %d, %d", i, order, back);
    }
}

static void an_embargo_holds_what_is_usable_until_it_is_over(void **state)
{
    (void)state;
    dgm_item item = record("i", 1, 1, 1, NULL);
    item.embargo = 100;
    assert_true(dgmi_item_is_held(&item, 99));
    assert_false(dgmi_item_is_held(&item, 100));
    item.status = DGM_CANCELED;
    assert_false(dgmi_item_is_held(&item, 99));
    item.status = DGM_USABLE;
    item.embargo = DGM_NO_TIME;
    assert_false(dgmi_item_is_held(&item, 99));
}

/* One way of building an item; `change` picks what differs from the first. */
static uint64_t digest_of(int change)
{
    dgmi_item *b = dgmi_item_new();
    dgmi_item_set(b, DGMI_ID, str("id"));
    dgmi_item_set(b, DGMI_TITLE, str(change == 1 ? "Title" : "title"));
    dgmi_item_set(b, change == 2 ? DGMI_AGENCY : DGMI_SOURCE, str("body"));
    dgmi_item_add_paragraph(b, str(change == 3 ? "on" : "one"));
    dgmi_item_add_paragraph(b, str(change == 3 ? "etwo" : "two"));
    dgmi_item_add_turn(b, change == 4 ? DGM_ANSWER : DGM_QUESTION, str(""), 0, 1);
    if (change != 5)
        dgmi_item_add_aside(b, change == 8 ? "other" : "note", str("x"), 0);
    dgmi_item_add_topic(b, str("t"));
    dgmi_item_set_updated(b, change == 6 ? 5 : 6);
    dgmi_item_set_fetched(b, change == 7 ? 100 : 200);
    if (change == 9)
        dgmi_item_set_embargo(b, 5);
    dgmi_item_set(b, DGMI_SHA256, str(change == 7 ? "a" : "b"));
    dgm_item *item = finish(b);
    uint64_t digest = dgmi_item_digest(item);
    dgm_item_free(item);
    return digest;
}

static void the_digest_sees_what_a_reader_sees(void **state)
{
    (void)state;
    for (int change = 1; change <= 6; change++)
        assert_true(digest_of(change) != digest_of(0));
    assert_true(digest_of(8) != digest_of(0));
    assert_true(digest_of(9) != digest_of(0));
    assert_true(digest_of(7) == digest_of(0));
}

static void a_date_far_ahead_is_none(void **state)
{
    (void)state;
    int64_t time, now = 1000000000; /* 2001-09-09T01:46:40Z */
    assert_true(dgmi_item_date(str(" 2001-09-11T01:46:40Z "), now, &time));
    assert_int_equal(time, now + 48 * 3600);
    assert_false(dgmi_item_date(str("2001-09-11T01:46:41Z"), now, &time));
    assert_false(dgmi_item_date(str("soon"), now, &time));
    assert_false(dgmi_item_date(str("2001-02-30"), now, &time));
}

static void an_item_can_be_made_in_an_arena(void **state)
{
    (void)state;
    dgmi_arena *arena = dgmi_arena_new(0);
    dgm_item *item = dgmi_item_in_arena(arena);
    assert_int_equal(item->updated, DGM_NO_TIME);
    item->title = dgmi_arena_dup(arena, "title");
    dgm_item_free(item);
    dgm_item_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setters_clean_what_they_store),
        cmocka_unit_test(a_nul_inside_is_dropped),
        cmocka_unit_test(repeated_topics_are_dropped),
        cmocka_unit_test(text_is_parted_by_blank_lines),
        cmocka_unit_test(long_lines_without_blank_ones_are_paragraphs),
        cmocka_unit_test(ten_thousand_paragraphs_are_kept),
        cmocka_unit_test(limits_are_refusals_and_not_failures_of_memory),
        cmocka_unit_test(newer_is_told_by_time_then_by_mark),
        cmocka_unit_test(a_kill_takes_all_that_is_not_newer_than_itself),
        cmocka_unit_test(an_embargo_holds_what_is_usable_until_it_is_over),
        cmocka_unit_test(the_digest_sees_what_a_reader_sees),
        cmocka_unit_test(a_date_far_ahead_is_none),
        cmocka_unit_test(an_item_can_be_made_in_an_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
