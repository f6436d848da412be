/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of exports: the table of fields, lines and cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"

static const char *const paragraphs[] = { "First \"line\".", "-second" };
static const char *const topics[] = { "trade", "grain" };
static const dgm_item sample = { .id = "a-1",
                                 .title = "=SUM(A1)",
                                 .paragraphs = paragraphs,
                                 .n_paragraphs = 2,
                                 .topics = topics,
                                 .n_topics = 2,
                                 .published = 1623801600,
                                 .updated = DGM_NO_TIME,
                                 .fetched = DGM_NO_TIME,
                                 .embargo = DGM_NO_TIME };

static char *export_of(const char *format, const char *fields)
{
    dgmi_export e = { DGMI_EXPORT_NDJSON, { 0 }, 0 };
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    assert_int_equal(dgmi_export_set(&e, "format", format, &err), DGM_OK);
    if (fields)
        assert_int_equal(dgmi_export_set(&e, "fields", fields, &err), DGM_OK);
    dgmi_export_begin(&e, &out);
    dgmi_export_put(&e, &sample, "c0", &out);
    return dgmi_buf_take(&out);
}

static void check(const char *format, const char *fields, const char *want)
{
    char *got = export_of(format, fields);
    assert_string_equal(got, want);
    free(got);
}

static void every_field_of_the_table_can_be_asked_for(void **state)
{
    dgmi_str values = { NULL, 0 }, one;
    (void)state;
    for (size_t i = 0; dgmi_export_param_at(i); i++)
        if (!strcmp(dgmi_export_param_at(i)->name, "fields"))
            values = dgmi_str_of(dgmi_export_param_at(i)->values);
    size_t n = 0;
    for (; dgmi_str_split(&values, '|', &one); n++) {
        char name[40] = "", want[48];
        memcpy(name, one.p, one.n);
        char *line = export_of("ndjson", name);
        snprintf(want, sizeof want, "{\"%s\":", name);
        assert_memory_equal(line, want, strlen(want));
        free(line);
    }
    assert_in_range(n, 20, DGMI_EXPORT_FIELDS);
}

static void fields_come_in_the_order_asked_for_and_unknown_ones_are_null(void **state)
{
    (void)state;
    check("ndjson", "published, id,author,topics",
          "{\"published\":\"2021-06-16T00:00:00Z\",\"id\":\"a-1\",\"author\":null,"
          "\"topics\":[\"trade\",\"grain\"]}\n");
    check("csv", "cursor,id,author,translated,status",
          "cursor,id,author,translated,status\r\nc0,a-1,,false,usable\r\n");
}

static void cells_are_quoted_and_formulas_made_text(void **state)
{
    (void)state;
    check("csv", "title,body,topics",
          "title,body,topics\r\n\"'=SUM(A1)\",\"First \"\"line\"\".\n\n-second\","
          "\"trade; grain\"\r\n");
}

static void whole_items_are_those_of_the_archive(void **state)
{
    dgmi_buf want;
    (void)state;
    dgmi_buf_init(&want, 0);
    dgmi_json_item(&want, &sample);
    dgmi_buf_putc(&want, '\n');
    check("ndjson", NULL, want.p);
    dgmi_buf_clear(&want);
    char *csv = export_of("csv", NULL);
    assert_null(strstr(csv, "cursor"));
    assert_non_null(strstr(csv, ",body,sha256\r\n"));
    free(csv);
}

static void wrong_values_are_refused_with_a_reason(void **state)
{
    static const char *const bad[][2] = {
        { "format", "xml" },   { "fields", "" },       { "fields", "id,,title" },
        { "fields", "id,id" }, { "fields", "colour" }, { "colour", "red" }
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        dgmi_export e = { DGMI_EXPORT_NDJSON, { 0 }, 0 };
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(dgmi_export_set(&e, bad[i][0], bad[i][1], &err), DGM_E_ARG);
        assert_memory_equal(err.text, bad[i][0], strlen(bad[i][0]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_the_table_can_be_asked_for),
        cmocka_unit_test(fields_come_in_the_order_asked_for_and_unknown_ones_are_null),
        cmocka_unit_test(cells_are_quoted_and_formulas_made_text),
        cmocka_unit_test(whole_items_are_those_of_the_archive),
        cmocka_unit_test(wrong_values_are_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
