/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/reply.c and status_http.c. Depends on server/reply.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "reply.h"
#include "utf8.h"

static void if_none_match_is_compared_weakly(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool matches;
    } table[] = {
        { NULL, false },
        { "", false },
        { "*", true },
        { "W/\"1-2-ab\"", true },
        { "\"1-2-ab\"", true },
        { "\"x\", W/\"1-2-ab\"", true },
        { "\"x\",\"1-2-ab\" , \"y\"", true },
        { "\"x,y\",\"1-2-ab\"", true },
        { "\"x,\"1-2-ab\"", false },
        { "1-2-ab", false },
        { "\"1-2-a\"", false },
        { "\"1-2-abc\"", false },
        { "w/\"1-2-ab\"", false },
        { ", ,", false },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_int_equal(dgms_etag_matches(table[i].header, "W/\"1-2-ab\""),
                         table[i].matches);
    assert_false(dgms_etag_matches("*", ""));
}

/* Collects headers as "Name: value" lines. */
static void note_header(void *user, const char *name, const char *value)
{
    dgmi_buf_printf(user, "%s: %s\n", name, value);
}

static char *headers_of(const dgms_reply *reply)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    dgms_reply_headers(reply, note_header, &out);
    return dgmi_buf_take(&out);
}

static void an_error_is_a_problem_that_names_its_parameter(void **state)
{
    (void)state;
    dgms_reply reply = { 0 };
    dgms_reply_problem(&reply, 400, "limit: too \"large\"", "limit", 3);
    assert_int_equal(reply.status, 400);
    assert_string_equal(reply.type, "application/problem+json");
    assert_string_equal(
        reply.body,
        "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
        "\"detail\":\"limit: too \\\"large\\\"\",\"errors\":[{\"name\":\"limit\","
        "\"reason\":\"limit: too \\\"large\\\"\"}],\"offset\":3}");
    assert_int_equal(reply.n, strlen(reply.body));
    char *headers = headers_of(&reply);
    assert_non_null(strstr(headers, "Cache-Control: no-store\n"));
    assert_non_null(strstr(headers, "X-Content-Type-Options: nosniff\n"));
    assert_null(strstr(headers, "ETag"));
    free(headers);
    dgms_reply_clear(&reply);
}

static void an_error_is_text_whatever_the_client_sent(void **state)
{
    (void)state;
    static char name[40001];
    dgms_reply reply = { 0 };
    for (size_t i = 0; i < sizeof name - 1; i++)
        name[i] = "\xC3\xA9"[i % 2];
    dgms_reply_problem(&reply, 404, "cut in a character: \xC3", name, -1);
    assert_int_equal(reply.status, 404);
    assert_true(reply.n < 1000);
    assert_true(dgmi_utf8_valid(reply.body, reply.n));
    dgms_reply_clear(&reply);
}

static void a_busy_server_says_when_to_come_back(void **state)
{
    (void)state;
    dgms_reply reply = { 0 };
    dgms_reply_problem(&reply, 503, "busy", NULL, -1);
    char *headers = headers_of(&reply);
    assert_non_null(strstr(headers, "Retry-After: 1\n"));
    free(headers);
    dgms_reply_clear(&reply);
}

static void a_failed_buffer_becomes_a_503(void **state)
{
    (void)state;
    dgms_reply reply = { 0 };
    dgmi_buf body;
    dgmi_buf_init(&body, 4);
    dgmi_buf_puts(&body, "more than four");
    dgms_reply_take(&reply, 200, DGMS_JSON, &body);
    assert_int_equal(reply.status, 503);
    assert_string_equal(reply.type, DGMS_PROBLEM);
    dgms_reply_clear(&reply);
    dgmi_buf_clear(&body);
}

static void not_modified_keeps_the_tag_and_nothing_else(void **state)
{
    (void)state;
    dgms_reply reply = { 0 };
    dgms_reply_static(&reply, DGMS_JSON, "{}", 2);
    dgms_reply_tag(&reply, "3-7", "q=a");
    reply.varies = true;
    char etag[DGMS_ETAG_SIZE];
    memcpy(etag, reply.etag, sizeof etag);
    assert_non_null(strstr(etag, "W/\"3-7-"));
    dgms_reply_not_modified(&reply);
    assert_int_equal(reply.status, 304);
    assert_int_equal(reply.n, 0);
    assert_null(reply.type);
    assert_string_equal(reply.etag, etag);
    assert_true(reply.varies);
    char *headers = headers_of(&reply);
    assert_non_null(strstr(headers, "Cache-Control: no-cache\n"));
    assert_non_null(strstr(headers, "Vary: Accept-Encoding\n"));
    free(headers);
    dgms_reply_clear(&reply);
}

static void tags_tell_requests_and_revisions_apart(void **state)
{
    (void)state;
    dgms_reply a = { 0 }, b = { 0 };
    dgms_reply_tag(&a, "1-1", "q=a");
    dgms_reply_tag(&b, "1-1", "q=b");
    assert_string_not_equal(a.etag, b.etag);
    dgms_reply_tag(&b, "1-2", "q=a");
    assert_string_not_equal(a.etag, b.etag);
    dgms_reply_tag(&b, "1-1", "q=a");
    assert_string_equal(a.etag, b.etag);
}

static void each_failure_has_its_status(void **state)
{
    (void)state;
    static const struct {
        dgm_status status;
        int http;
    } table[] = {
        { DGM_OK, 200 },         { DGM_E_NOMEM, 503 },   { DGM_E_ARG, 400 },
        { DGM_E_NOTFOUND, 404 }, { DGM_E_LOCKED, 409 },  { DGM_E_STALE, 503 },
        { DGM_E_CORRUPT, 500 },  { DGM_E_QUERY, 400 },   { DGM_E_IO, 503 },
        { DGM_E_INTERNAL, 500 }, { DGM_E_TIMEOUT, 504 },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(dgms_status_http(table[i].status), table[i].http);
        assert_string_not_equal(dgms_status_title(table[i].http), "Error");
    }
    assert_string_equal(dgms_status_title(418), "Error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(if_none_match_is_compared_weakly),
        cmocka_unit_test(an_error_is_a_problem_that_names_its_parameter),
        cmocka_unit_test(an_error_is_text_whatever_the_client_sent),
        cmocka_unit_test(a_busy_server_says_when_to_come_back),
        cmocka_unit_test(a_failed_buffer_becomes_a_503),
        cmocka_unit_test(not_modified_keeps_the_tag_and_nothing_else),
        cmocka_unit_test(tags_tell_requests_and_revisions_apart),
        cmocka_unit_test(each_failure_has_its_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
