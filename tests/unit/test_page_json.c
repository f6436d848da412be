/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of json_out.c and page_json.c: replies in the contract's form. Depends on
 * lib/wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

static void assert_wrote(dgmi_buf *out, const char *wanted)
{
    assert_false(out->failed);
    assert_string_equal(out->p, wanted);
    dgmi_buf_clear(out);
}

static dgmi_buf fresh(void)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 1 << 20);
    return out;
}

static void strings_are_escaped(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { NULL, "null" },
        { "", "\"\"" },
        { "a\"b\\c/d", "\"a\\\"b\\\\c/d\"" },
        { "\n\t\r\x01\x1F\x7F", "\"\\n\\t\\r\\u0001\\u001f\x7F\"" },
        { "\xC3\xA9\xF0\x9F\x90\x9F", "\"\xC3\xA9\xF0\x9F\x90\x9F\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_buf out = fresh();
        dgmi_json_string(&out, cases[i][0]);
        assert_wrote(&out, cases[i][1]);
    }
    dgmi_buf out = fresh();
    dgmi_json_nstring(&out, "a\0b", 3);
    assert_wrote(&out, "\"a\\u0000b\"");
}

static void reals_are_short_and_read_back(void **state)
{
    (void)state;
    static const struct {
        double v;
        const char *text;
    } cases[] = {
        { 0, "0" },           { 0.1, "0.1" },
        { 12.3, "12.3" },     { -2.5, "-2.5" },
        { 1e21, "1e+21" },    { NAN, "null" },
        { INFINITY, "null" }, { 1.0 / 3, "0.3333333333333333" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_buf out = fresh();
        dgmi_json_real(&out, cases[i].v);
        assert_wrote(&out, cases[i].text);
    }
    double hard[] = { DBL_MAX, DBL_MIN, 5e-324, 0.1 + 0.2, 123456789.123456789 };
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        dgmi_buf out = fresh();
        dgmi_json_real(&out, hard[i]);
        assert_true(strtod(out.p, NULL) == hard[i]);
        dgmi_buf_clear(&out);
    }
}

static void an_empty_page_has_every_member(void **state)
{
    (void)state;
    dgm_page page = {
        .query_text = "", .query_parsed = "", .revision = "0-0", .total_exact = true
    };
    dgmi_buf out = fresh();
    dgmi_json_page(&out, &page);
    assert_wrote(
        &out,
        "{\"query\":{\"text\":\"\",\"parsed\":\"\",\"suggestion\":null},\"took_ms\":0,"
        "\"revision\":\"0-0\",\"total\":{\"value\":0,\"relation\":\"eq\"},\"hits\":[],"
        "\"facets\":{},"
        "\"histogram\":null,\"next\":null,\"warnings\":[]}");
}

static void a_full_page_has_the_order_of_the_contract(void **state)
{
    (void)state;
    static const char *const spellings[] = { "Kyiv", "Kiev" };
    const char *const topics[] = { "ships", "swans" };
    const char *const warnings[] = { "a \"w\"" };
    const dgm_turn turn = { DGM_ANSWER, "Anna", 3, 4 };
    const dgm_part parts[] = { { "pier", 2.5, 1.25, 17 } };
    const dgm_hit hits[] = {
        { .id = "a",
          .score = 12.5,
          .title = "T",
          .snippet = "<mark>pier</mark>",
          .published = 1623801600,
          .region = "Norway",
          .country = "NO",
          .source = "S",
          .language = "en",
          .url = "u",
          .translated = true,
          .relaxed = true,
          .topics = topics,
          .n_topics = 2,
          .turn = &turn,
          .parts = parts,
          .n_parts = 1,
          .variants = spellings,
          .n_variants = 2 },
        { .id = "b", .title = "U", .published = DGM_NO_TIME },
    };
    const dgm_facet_value values[] = { { "Norway", 2 }, { "Iceland", 1 } };
    const dgm_facet facets[] = { { "region", values, 2 }, { "year", NULL, 0 } };
    const dgm_bucket buckets[] = { { 0, 3 } };
    dgm_page page = { .query_text = "pier",
                      .query_parsed = "pier",
                      .suggestion = "peer",
                      .took_ms = 0.84,
                      .revision = "3-1042",
                      .total = 132,
                      .hits = hits,
                      .n_hits = 2,
                      .facets = facets,
                      .n_facets = 2,
                      .histogram = buckets,
                      .n_buckets = 1,
                      .has_histogram = true,
                      .next = "c",
                      .warnings = warnings,
                      .n_warnings = 1 };
    dgmi_buf out = fresh();
    dgmi_json_page(&out, &page);
    assert_wrote(
        &out,
        "{\"query\":{\"text\":\"pier\",\"parsed\":\"pier\",\"suggestion\":\"peer\"},"
        "\"took_ms\":0.84,"
        "\"revision\":\"3-1042\",\"total\":{\"value\":132,\"relation\":\"gte\"},\"hits\":"
        "["
        "{\"id\":\"a\",\"score\":12.5,\"title\":\"T\",\"snippet\":\"<mark>pier</mark>\","
        "\"published\":\"2021-06-16T00:00:00Z\",\"region\":\"Norway\",\"country\":\"NO\","
        "\"source\":\"S\","
        "\"language\":\"en\",\"translated\":true,\"url\":\"u\",\"topics\":[\"ships\","
        "\"swans\"],"
        "\"variants\":[\"Kyiv\",\"Kiev\"],"
        "\"turn\":{\"role\":\"answer\",\"speaker\":\"Anna\"},\"relaxed\":true,"
        "\"explain\":[{\"what\":\"pier\",\"weight\":2.5,\"idf\":1.25,\"impact\":17}]},"
        "{\"id\":\"b\",\"score\":0,\"title\":\"U\",\"snippet\":null,\"published\":null,"
        "\"region\":null,"
        "\"country\":null,\"source\":null,\"language\":null,\"translated\":false,\"url\":"
        "null,"
        "\"topics\":[],\"turn\":null}],"
        "\"facets\":{\"region\":[{\"value\":\"Norway\",\"count\":2},{\"value\":"
        "\"Iceland\",\"count\":1}],"
        "\"year\":[]},\"histogram\":[{\"from\":\"1970-01-01T00:00:00Z\",\"count\":3}],"
        "\"next\":\"c\","
        "\"warnings\":[\"a \\\"w\\\"\"]}");
}

static void a_page_says_of_itself_that_it_is_partial(void **state)
{
    (void)state;
    const dgm_stand_in stand_in = { "grain deal", "grain pact", true, 3 };
    const dgm_page page = { .query_text = "q",
                            .query_parsed = "q",
                            .revision = "3-1",
                            .total = 4,
                            .partial = true,
                            .synonyms = &stand_in,
                            .n_synonyms = 1 };
    dgmi_buf out = fresh();
    dgmi_json_page(&out, &page);
    assert_wrote(&out,
                 "{\"query\":{\"text\":\"q\",\"parsed\":\"q\",\"suggestion\":null,"
                 "\"synonyms\":[{\"words\":\"grain deal\",\"synonym\":\"grain pact\","
                 "\"from\":\"archive\",\"line\":3}]},"
                 "\"took_ms\":0,\"revision\":\"3-1\","
                 "\"total\":{\"value\":4,\"relation\":\"gte\"},\"partial\":true,"
                 "\"hits\":[],\"facets\":{},\"histogram\":null,\"next\":null,"
                 "\"warnings\":[]}");
}

static void problems_name_what_is_wrong(void **state)
{
    (void)state;
    dgmi_buf out = fresh();
    dgmi_json_problem(&out, 400, "Bad Request", "limit: not 1 to 100", "limit", -1);
    assert_wrote(&out,
                 "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                 "\"detail\":\"limit: not 1 to 100\",\"errors\":[{\"name\":\"limit\","
                 "\"reason\":\"limit: not 1 to 100\"}]}");
    out = fresh();
    dgmi_json_problem(&out, 400, "Bad Request", "no closing quote", NULL, 7);
    assert_wrote(&out,
                 "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                 "\"detail\":\"no closing quote\",\"offset\":7}");
}

static void statistics_are_an_object(void **state)
{
    (void)state;
    dgm_stats stats = { .items = 5,
                        .generation = 3,
                        .average_length = 812.5,
                        .newest = 0,
                        .oldest = DGM_NO_TIME,
                        .revision = "3-1",
                        .newest_id = "a" };
    dgmi_buf out = fresh();
    dgmi_json_stats(&out, &stats);
    assert_wrote(
        &out,
        "{\"items\":5,\"canceled\":0,\"generation\":3,\"terms\":0,\"archive_bytes\":0,"
        "\"index_bytes\":0,\"pending\":0,\"average_length\":812.5,\"newest\":\"1970-01-"
        "01T00:00:00Z\","
        "\"oldest\":null,\"revision\":\"3-1\",\"newest_id\":\"a\"}");
}

static void a_full_buffer_latches(void **state)
{
    (void)state;
    dgm_page page = { .query_text = "a long enough text to fill it", .revision = "0-0" };
    dgmi_buf out;
    dgmi_buf_init(&out, 20);
    dgmi_json_page(&out, &page);
    assert_true(out.failed);
    dgmi_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(reals_are_short_and_read_back),
        cmocka_unit_test(an_empty_page_has_every_member),
        cmocka_unit_test(a_full_page_has_the_order_of_the_contract),
        cmocka_unit_test(a_page_says_of_itself_that_it_is_partial),
        cmocka_unit_test(problems_name_what_is_wrong),
        cmocka_unit_test(statistics_are_an_object),
        cmocka_unit_test(a_full_buffer_latches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
