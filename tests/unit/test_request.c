/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of requests: the table of parameters, values that are refused, the canonical
 * text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"
#include "request.h"

static void request_names_every_parameter_of_the_contract(void **state)
{
    (void)state;
    static const char *const names[] = {
        "q",         "match",    "from",    "to",      "region",    "country",
        "source",    "language", "topic",   "speaker", "provider",  "agency",
        "sort",      "limit",    "cursor",  "facets",  "histogram", "group",
        "highlight", "explain",  "exact",   "literal", "synonyms",  "expand",
        "versions",  "similar",  "related", "recency", "half_life", "as_of",
        "cite",
    };
    size_t n = sizeof names / sizeof names[0];
    for (size_t i = 0; i < n; i++) {
        const dgm_param *param = dgm_param_at(i);
        assert_non_null(param);
        assert_string_equal(param->name, names[i]);
        assert_true(strlen(param->help) > 10);
        bool filter = i >= 4 && i <= 11;
        assert_int_equal(param->repeatable, filter);
        if (param->kind == DGM_PARAM_CHOICE || param->kind == DGM_PARAM_LIST)
            assert_non_null(param->values);
    }
    assert_null(dgm_param_at(n));
    assert_null(dgm_param_at((size_t)-1));
}

static void request_accepts_every_choice_and_standard_of_its_table(void **state)
{
    (void)state;
    const dgm_param *param;
    for (size_t i = 0; (param = dgm_param_at(i)); i++) {
        dgm_request *r = dgm_request_new();
        dgmi_str rest = dgmi_str_of(param->values), one;
        if (param->standard)
            assert_int_equal(dgm_request_set(r, param->name, param->standard, NULL),
                             DGM_OK);
        while (param->kind == DGM_PARAM_CHOICE && dgmi_str_split(&rest, '|', &one)) {
            char *value = dgmi_str_dup(one);
            assert_int_equal(dgm_request_set(r, param->name, value, NULL), DGM_OK);
            free(value);
        }
        dgm_request_free(r);
    }
}

typedef struct pair {
    const char *name, *value, *says;
} pair;

static void request_refuses_bad_values_and_names_the_parameter(void **state)
{
    (void)state;
    static const pair bad[] = {
        { "limit", "0", "limit: \"0\" is not a number from 1 to 100" },
        { "limit", "101", "limit: " },
        { "limit", "-1", "limit: " },
        { "limit", "ten", "limit: " },
        { "limit", "1e1", "limit: " },
        { "limit", "99999999999999999999", "limit: " },
        { "from", "2021-02-31", "from: \"2021-02-31\" is no date" },
        { "to", "yesterday", "to: \"yesterday\" is no date" },
        { "from", "", "from: " },
        { "match", "some", "match: \"some\" is not one of all, most, any" },
        { "match", "ALL", "match: " },
        { "sort", "date", "sort: \"date\" is not one of relevance, newest, oldest" },
        { "facets", "region,colour", "facets: \"colour\" is not one of region, " },
        { "facets", ",", "facets: " },
        { "histogram", "decade", "histogram: " },
        { "highlight", "bold", "highlight: " },
        { "explain", "yes", "explain: " },
        { "group", "stories", "group: \"stories\" is not one of story, none" },
        { "region", "!!", "region: " },
        { "region", "", "region: " },
        { "topic", "\xff\xfe", "topic: not valid UTF-8" },
        { "cursor", "", "cursor: " },
        { "colour", "red", "colour: no such parameter" },
        { "", "x", ": no such parameter" },
    };
    dgm_request *r = dgm_request_new();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(dgm_request_set(r, bad[i].name, bad[i].value, &err), DGM_E_ARG);
        assert_int_equal(err.code, DGM_E_ARG);
        if (!strstr(err.text, bad[i].says))
            fail_msg("%s=%s says: %s", bad[i].name, bad[i].value, err.text);
    }
    assert_string_equal(dgm_request_text(r), "");
    dgm_request_free(r);
}

static void request_refuses_a_filter_without_end(void **state)
{
    (void)state;
    dgm_request *r = dgm_request_new();
    char value[24], *longer = malloc(DGMI_VALUE_BYTES + 2);
    memset(longer, 'x', DGMI_VALUE_BYTES + 1);
    longer[DGMI_VALUE_BYTES + 1] = '\0';
    assert_int_equal(dgm_request_set(r, "topic", longer, NULL), DGM_E_ARG);
    for (int i = 0; i < DGMI_FILTER_VALUES; i++) {
        snprintf(value, sizeof value, "topic %d", i);
        assert_int_equal(dgm_request_set(r, "topic", value, NULL), DGM_OK);
    }
    assert_int_equal(dgm_request_set(r, "topic", "one more", NULL), DGM_E_ARG);
    free(longer);
    dgm_request_free(r);
}

static dgm_request *make(const pair *pairs)
{
    dgm_request *r = dgm_request_new();
    for (; pairs->name; pairs++)
        assert_int_equal(dgm_request_set(r, pairs->name, pairs->value, NULL), DGM_OK);
    return r;
}

static void request_text_is_sorted_escaped_and_without_defaults(void **state)
{
    (void)state;
    static const pair pairs[] = {
        { "topic", "Energy", NULL },
        { "q", " a&b \"c\" ", NULL },
        { "limit", "10", NULL },
        { "sort", "newest", NULL },
        { "match", "all", NULL },
        { "facets", "year, region", NULL },
        { "from", "2021-06", NULL },
        { "to", "2021-06-30", NULL },
        { "highlight", "html", NULL },
        { "region", "Россия", NULL },
        { "country", "RU", NULL },
        { "explain", "0", NULL },
        { "language", "en", NULL },
        { "group", "none", NULL },
        { "group", "story", "group=story" },
        { "cursor", "abc", NULL },
        { "source", "Foreign  Ministry", NULL },
        { "histogram", "day", NULL },
        { "speaker", "N. P. Ivanov", NULL },
        { NULL, NULL, NULL },
    };
    dgm_request *r = make(pairs);
    assert_string_equal(dgm_request_text(r),
                        "country=ru&cursor=abc&facets=region%2Cyear&from=2021-06-01T00%"
                        "3A00%3A00Z&group=story&histogram=day"
                        "&language=en&q=a%26b%20%22c%22&region=%D1%80%D0%BE%D1%81%D1%81%"
                        "D0%B8%D1%8F&sort=newest"
                        "&source=foreign%20ministry&speaker=n%20p%20ivanov&to=2021-06-"
                        "30T23%3A59%3A59Z&topic=energy");
    dgm_request_free(r);
}

static void requests_that_mean_the_same_have_one_text(void **state)
{
    (void)state;
    static const pair a[] = {
        { "region", "Kenya", NULL }, { "region", "russian federation", NULL },
        { "region", "KENYA", NULL }, { "from", "2021", NULL },
        { "q", "x", NULL },          { NULL, NULL, NULL },
    };
    static const pair b[] = {
        { "q", "y", NULL },
        { "q", "x ", NULL },
        { "from", "2021-01-01", NULL },
        { "region", "Russian  Federation", NULL },
        { "region", "Kenya", NULL },
        { "sort", "relevance", NULL },
        { NULL, NULL, NULL },
    };
    dgm_request *one = make(a), *two = make(b);
    char *text = strdup(dgm_request_text(one));
    assert_string_equal(text, dgm_request_text(two));
    assert_int_equal(dgmi_request_key(one), dgmi_request_key(two));
    free(text);
    dgm_request_free(one);
    dgm_request_free(two);
}

static void request_key_ignores_how_a_page_looks(void **state)
{
    (void)state;
    static const pair look[] = {
        { "limit", "50", NULL },      { "facets", "year", NULL },
        { "histogram", "day", NULL }, { "highlight", "text", NULL },
        { "explain", "1", NULL },     { "cursor", "xyz", NULL },
    };
    static const pair matter[] = {
        { "q", "x", NULL },     { "match", "any", NULL }, { "from", "2020", NULL },
        { "to", "2020", NULL }, { "topic", "x", NULL },   { "sort", "oldest", NULL },
    };
    dgm_request *plain = dgm_request_new();
    uint64_t key = dgmi_request_key(plain);
    for (size_t i = 0; i < sizeof look / sizeof look[0]; i++) {
        pair one[2] = { look[i], { NULL, NULL, NULL } };
        dgm_request *r = make(one);
        assert_int_equal(dgmi_request_key(r), key);
        dgm_request_free(r);
    }
    for (size_t i = 0; i < sizeof matter / sizeof matter[0]; i++) {
        pair one[2] = { matter[i], { NULL, NULL, NULL } };
        dgm_request *r = make(one);
        assert_int_not_equal(dgmi_request_key(r), key);
        dgm_request_free(r);
    }
    dgm_request_free(plain);
}

static void request_keeps_of_a_long_query_what_the_parser_needs_to_refuse_it(void **state)
{
    (void)state;
    size_t n = 1 << 20;
    char *text = malloc(n + 1);
    memset(text, 'a', n);
    text[n] = '\0';
    dgm_request *r = dgm_request_new();
    assert_int_equal(dgm_request_set(r, "q", text, NULL), DGM_OK);
    assert_int_equal(strlen(r->q), DGMI_QUERY_BYTES + 1);
    free(text);
    dgm_request_free(r);
}

static void request_caps_its_deadline(void **state)
{
    (void)state;
    dgm_request *r = dgm_request_new();
    dgm_request_set_deadline(r, 60000);
    assert_int_equal(r->deadline_ms, DGMI_DEADLINE_MOST_MS);
    dgm_request_set_deadline(r, 0);
    assert_int_equal(r->deadline_ms, 0);
    dgm_request_free(r);
    dgm_request_free(NULL);
}

static void request_needs_its_arguments(void **state)
{
    (void)state;
    dgm_request *r = dgm_request_new();
    assert_int_equal(dgm_request_set(NULL, "q", "x", NULL), DGM_E_ARG);
    assert_int_equal(dgm_request_set(r, NULL, "x", NULL), DGM_E_ARG);
    assert_int_equal(dgm_request_set(r, "q", NULL, NULL), DGM_E_ARG);
    dgm_request_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(request_names_every_parameter_of_the_contract),
        cmocka_unit_test(request_accepts_every_choice_and_standard_of_its_table),
        cmocka_unit_test(request_refuses_bad_values_and_names_the_parameter),
        cmocka_unit_test(request_refuses_a_filter_without_end),
        cmocka_unit_test(request_text_is_sorted_escaped_and_without_defaults),
        cmocka_unit_test(requests_that_mean_the_same_have_one_text),
        cmocka_unit_test(request_key_ignores_how_a_page_looks),
        cmocka_unit_test(
            request_keeps_of_a_long_query_what_the_parser_needs_to_refuse_it),
        cmocka_unit_test(request_caps_its_deadline),
        cmocka_unit_test(request_needs_its_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
