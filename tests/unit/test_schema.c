/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/schema.c: the table, terms, values, the printed page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "date.h"
#include "dgmx.h"
#include "dragoman.h"
#include "schema.h"

static void no_two_fields_share_a_slot(void **state)
{
    (void)state;
    const char *owner[256] = { [DGMI_SLOT_DIGEST] = "digest",
                               [DGMI_SLOT_FIRST_SEEN] = "first seen",
                               [DGMI_SLOT_ORDER] = "order" };
    for (size_t i = 0; dgmi_schema_at(i); i++) {
        const dgmi_schema_field *f = dgmi_schema_at(i);
        assert_true((f->slot < 0) == (f->slots == 0));
        for (unsigned k = 0; k < f->slots; k++) {
            if (owner[f->slot + (int)k])
                fail_msg("%s and %s share a slot", owner[f->slot + (int)k], f->name);
            owner[f->slot + (int)k] = f->name;
        }
    }
}

static void no_two_fields_share_a_name_or_a_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; dgmi_schema_at(i); i++) {
        const dgmi_schema_field *a = dgmi_schema_at(i);
        assert_ptr_equal(dgmi_schema_find(dgmi_str_of(a->name)), a);
        assert_non_null(a->help);
        for (size_t k = 0; k < i; k++) {
            const char *other = dgmi_schema_at(k)->prefix;
            assert_true(!a->prefix || !other || strcmp(a->prefix, other) != 0);
        }
    }
    assert_null(dgmi_schema_find(dgmi_str_of("regio")));
    assert_null(dgmi_schema_find(dgmi_str_of("")));
}

static void a_facet_has_a_slot_and_a_filter_has_terms(void **state)
{
    (void)state;
    for (size_t i = 0; dgmi_schema_at(i); i++) {
        const dgmi_schema_field *f = dgmi_schema_at(i);
        assert_true(!f->facet || f->slot >= 0);
        assert_true(!f->filter || f->prefix);
    }
}

static void the_page_names_every_slot_once(void **state)
{
    (void)state;
    char *text = dgm_schema_text();
    int seen[64] = { 0 };
    for (char *line = text, *next; line && *line; line = next ? next + 1 : NULL) {
        next = strchr(line, '\n');
        int from, to;
        char *cell = NULL;
        if (sscanf(line, "| %d |", &from) == 1) {
            seen[from]++;
        } else if (strncmp(line, "| `", 3) == 0) {
            cell = strchr(line + 2, '|');
            cell = cell ? strchr(cell + 1, '|') : NULL;
            cell = cell ? strchr(cell + 1, '|') : NULL;
        }
        if (cell && sscanf(cell, "| %d–%d", &from, &to) == 2) {
            for (int i = from; i <= to; i++)
                seen[i]++;
        } else if (cell && sscanf(cell, "| %d", &from) == 1) {
            seen[from]++;
        }
    }
    for (int i = 0; i < 64; i++) {
        bool used =
            i <= DGMI_SLOT_CHANGED || (i >= DGMI_SLOT_TOPIC && i <= DGMI_SLOT_AGENCY);
        if (seen[i] != used)
            fail_msg("slot %d is named %d times", i, seen[i]);
    }
    free(text);
}

static void expect_term(const char *prefix, const char *text, const char *wanted)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_schema_term(&out, prefix, text, strlen(text));
    assert_string_equal(out.p, wanted);
    dgmi_buf_clear(&out);
}

static void a_colon_parts_a_prefix_from_a_capital(void **state)
{
    (void)state;
    expect_term("K", "energy", "Kenergy");
    expect_term("Q", "TASS-1", "Q:TASS-1");
    expect_term("Q", ":x", "Q::x");
    expect_term("Q", "=x", "Q:=x");
    expect_term("", "word", "word");
    expect_term("XR", "", "XR");
}

static void an_exact_term_differs_from_every_word_term(void **state)
{
    (void)state;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_schema_exact(&out, "XR", "guinea", 6);
    assert_string_equal(out.p, "XR=guinea");
    dgmi_buf_clear(&out);
}

static void long_terms_are_cut_at_a_character_and_told_apart_by_a_hash(void **state)
{
    (void)state;
    dgmi_buf a, b;
    char text[400];
    dgmi_buf_init(&a, 0);
    dgmi_buf_init(&b, 0);
    memset(text, 'x', sizeof text);
    memcpy(text + 200,
           "\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6"
           "\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6\xD0\xB6",
           32);
    dgmi_schema_term(&a, "Q", text, sizeof text);
    text[399] = 'y';
    dgmi_schema_term(&b, "Q", text, sizeof text);
    assert_in_range(a.n, DGMX_TERM_MAX - 2, DGMX_TERM_MAX);
    assert_string_not_equal(a.p, b.p);
    assert_memory_equal(a.p, b.p, a.n - 16);
    assert_int_equal(a.p[a.n - 17], '#');
    dgmi_buf_reset(&a);
    dgmi_schema_term(&a, "Q", text, DGMX_TERM_MAX - 1);
    assert_int_equal(a.n, DGMX_TERM_MAX);
    assert_null(strchr(a.p, '#'));
    dgmi_buf_clear(&a);
    dgmi_buf_clear(&b);
}

static void a_term_never_holds_a_nul(void **state)
{
    (void)state;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgmi_schema_term(&out, "Q", "a\0b", 3);
    assert_int_equal(strlen(out.p), out.n);
    assert_memory_equal(out.p, "Qa#", 3);
    dgmi_buf_clear(&out);
}

static void times_keep_their_order_as_bytes(void **state)
{
    (void)state;
    static const int64_t times[] = { -62135596800, -1, 0, 1, 1623801600, 253402300799 };
    char before[6], bytes[6];
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int64_t back = 7;
        dgmi_schema_time(times[i], bytes);
        assert_true(dgmi_schema_time_read(bytes, 6, &back));
        assert_true(back == times[i]);
        if (i > 0)
            assert_true(memcmp(before, bytes, 6) < 0);
        memcpy(before, bytes, 6);
    }
}

static void no_time_and_wild_times_are_written_without_harm(void **state)
{
    (void)state;
    static const int64_t wild[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX };
    for (int i = 0; i < 3; i++) {
        char bytes[6];
        int64_t back = 0;
        dgmi_schema_time(wild[i], bytes);
        assert_true(dgmi_schema_time_read(bytes, 6, &back));
        assert_true(i == 2 || back == DGM_NO_TIME);
    }
    int64_t unused;
    assert_false(dgmi_schema_time_read("12345", 5, &unused));
}

static void the_order_of_items_is_by_time_then_first_come_greatest(void **state)
{
    (void)state;
    static const struct {
        int64_t time;
        uint64_t place;
    } items[] = { { DGM_NO_TIME, 9 }, { DGM_NO_TIME, 5 }, { -10, 7 },
                  { 5, 4 },           { 5, 3 },           { 6, 1 } };
    char before[DGMI_ORDER_SIZE], bytes[DGMI_ORDER_SIZE];
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        dgmi_schema_order(items[i].time, items[i].place, bytes);
        if (i > 0)
            assert_true(memcmp(before, bytes, sizeof bytes) < 0);
        memcpy(before, bytes, sizeof bytes);
    }
}

static void numbers_come_back(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {
        0, 1, 255, 256, UINT64_MAX, (uint64_t)3 << 40 | 17
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char bytes[8];
        uint64_t back = 7;
        dgmi_schema_u64(numbers[i], bytes);
        assert_true(dgmi_schema_u64_read(bytes, 8, &back));
        assert_true(back == numbers[i]);
        assert_false(dgmi_schema_u64_read(bytes, 7, &back));
    }
}

static void a_time_has_three_date_terms(void **state)
{
    (void)state;
    char year[12], month[12], day[12];
    dgmi_schema_dates(1623801600, year, month, day);
    assert_string_equal(year, "Y2021");
    assert_string_equal(month, "M202106");
    assert_string_equal(day, "D20210616");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_fields_share_a_slot),
        cmocka_unit_test(no_two_fields_share_a_name_or_a_prefix),
        cmocka_unit_test(a_facet_has_a_slot_and_a_filter_has_terms),
        cmocka_unit_test(the_page_names_every_slot_once),
        cmocka_unit_test(a_colon_parts_a_prefix_from_a_capital),
        cmocka_unit_test(an_exact_term_differs_from_every_word_term),
        cmocka_unit_test(long_terms_are_cut_at_a_character_and_told_apart_by_a_hash),
        cmocka_unit_test(a_term_never_holds_a_nul),
        cmocka_unit_test(times_keep_their_order_as_bytes),
        cmocka_unit_test(no_time_and_wild_times_are_written_without_harm),
        cmocka_unit_test(the_order_of_items_is_by_time_then_first_come_greatest),
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(a_time_has_three_date_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
