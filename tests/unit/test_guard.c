/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/guard.c: request heads. Depends on server/guard.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "guard.h"

#define MOST 8192

/* Judges a head written as "Name: value" lines of HTTP/1.1. */
static dgms_verdict judge(const char *text, bool http11)
{
    static dgms_header headers[DGMS_HEADERS_MAX * 2];
    dgmi_str rest = dgmi_str_of(text), line;
    size_t n = 0;

    while (dgmi_str_split(&rest, '\n', &line)) {
        const char *colon = memchr(line.p, ':', line.n);
        assert_non_null(colon);
        size_t name = (size_t)(colon - line.p);
        headers[n++] = (dgms_header){ { line.p, name }, dgmi_str_skip(line, name + 2) };
    }
    dgms_head head = { http11, headers, n, MOST };
    return dgms_guard_head(&head);
}

static void ordinary_heads_pass(void **state)
{
    (void)state;
    static const char *const table[] = {
        "Host: localhost",
        "Host: 127.0.0.1:8080\nUser-Agent: x/1 (y; z)\nAccept: */*",
        "host: [::1]:80",
        "HOST: ",
        "Host: b\xC3\xBC"
        "cher.example",
        "Host: x\nContent-Length: 0",
        "Host: x\nX-Odd!#$%&'*+-.^_`|~9: \tv\tw",
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_verdict v = judge(table[i], true);
        assert_int_equal(v.status, 0);
        assert_false(v.body);
    }
    assert_int_equal(judge("Accept: */*", false).status, 0); /* HTTP/1.0 has no Host */
}

static void ambiguous_heads_are_refused(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "Accept: */*", "no Host" },
        { "Host: a\nHost: b", "more than one Host" },
        { "Host: a\nhOST: a", "more than one Host" },
        { "Host: a b", "Host is not a host name" },
        { "Host: a/b", "Host is not a host name" },
        { "Host: u@a", "Host is not a host name" },
        { "Host: a\nContent-Length: 5\nContent-Length: 5",
          "more than one Content-Length" },
        { "Host: a\nContent-Length: 0\ncontent-length: 5",
          "more than one Content-Length" },
        { "Host: a\nContent-Length: 5, 5", "Content-Length is not a number" },
        { "Host: a\nContent-Length: +5", "Content-Length is not a number" },
        { "Host: a\nContent-Length: -1", "Content-Length is not a number" },
        { "Host: a\nContent-Length: 0x5", "Content-Length is not a number" },
        { "Host: a\nContent-Length: ", "Content-Length is not a number" },
        { "Host: a\nContent-Length: 9999999999999999999",
          "Content-Length is not a number" },
        { "Host: a\nTransfer-Encoding: chunked\nContent-Length: 5",
          "both Content-Length and Transfer-Encoding" },
        { "Host: a\nContent-Length: 0\nTransfer-Encoding: identity",
          "both Content-Length and Transfer-Encoding" },
        { "Host: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked",
          "more than one Transfer-Encoding" },
        { "Host: a\nContent-Length : 5",
          "a header name holds a character that names may not have" },
        { "Host: a\n X: y", "a header name holds a character that names may not have" },
        { "Host: a\nX\t: y", "a header name holds a character that names may not have" },
        { "Host: a\nX(y): z", "a header name holds a character that names may not have" },
        { "Host: a\nX\xC3\xA9: z",
          "a header name holds a character that names may not have" },
        { "Host: a\n: z", "a header name holds a character that names may not have" },
        { "Host: a\nX: a\rb", "a header value holds a control character" },
        { "Host: a\nX: a\x7F", "a header value holds a control character" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_verdict v = judge(table[i][0], true);
        assert_int_equal(v.status, 400);
        assert_string_equal(v.reason, table[i][1]);
        assert_true(v.body); /* so the connection gets closed */
    }
    assert_int_equal(judge("Transfer-Encoding: chunked", false).status, 400);
}

static void a_nul_in_a_header_is_refused(void **state)
{
    (void)state;
    dgms_header name[] = { { { "Host", 4 }, { "a", 1 } }, { { "X\0Y", 3 }, { "v", 1 } } };
    dgms_header value[] = { { { "Host", 4 }, { "a\0b", 3 } } };
    dgms_head head = { true, name, 2, MOST };
    assert_int_equal(dgms_guard_head(&head).status, 400);
    head = (dgms_head){ true, value, 1, MOST };
    assert_int_equal(dgms_guard_head(&head).status, 400);
}

static void a_body_is_announced(void **state)
{
    (void)state;
    assert_true(judge("Host: a\nContent-Length: 5", true).body);
    assert_true(judge("Host: a\nTransfer-Encoding: chunked", true).body);
    assert_false(judge("Host: a\nContent-Length: 000", true).body);
    assert_int_equal(judge("Host: a\nContent-Length: 5", true).status, 0);
}

static void how_a_body_comes_is_told(void **state)
{
    (void)state;
    dgms_verdict v = judge("Host: a\nContent-Length: 0120", true);
    assert_true(v.body && v.framed && !v.chunked && v.length == 120);
    v = judge("Host: a\nContent-Length: 0", true);
    assert_true(!v.body && v.framed && !v.chunked && v.length == 0);
    v = judge("Host: a", true);
    assert_true(!v.body && !v.framed);
    v = judge("Host: a\nTransfer-Encoding: Chunked", true);
    assert_true(v.body && v.framed && v.chunked);
    v = judge("Host: a\nTransfer-Encoding: gzip, chunked", true);
    assert_true(v.body && v.framed && !v.chunked && v.length == 0);
}

static void long_heads_are_refused(void **state)
{
    (void)state;
    static char value[MOST + 1];
    memset(value, 'a', MOST);
    dgms_header headers[DGMS_HEADERS_MAX + 1] = { { { "Host", 4 }, { "a", 1 } },
                                                  { { "X", 1 }, { value, MOST - 14 } } };
    dgms_head head = { true, headers, 2, MOST };
    assert_int_equal(dgms_guard_head(&head).status, 0);
    headers[1].value.n++; /* one byte over: names, values and four more for each line */
    assert_int_equal(dgms_guard_head(&head).status, 431);
    for (size_t i = 1; i < DGMS_HEADERS_MAX + 1; i++)
        headers[i] = (dgms_header){ { "X", 1 }, { "y", 1 } };
    head.n_headers = DGMS_HEADERS_MAX;
    assert_int_equal(dgms_guard_head(&head).status, 0);
    head.n_headers++;
    assert_int_equal(dgms_guard_head(&head).status, 431);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_heads_pass),
        cmocka_unit_test(ambiguous_heads_are_refused),
        cmocka_unit_test(a_nul_in_a_header_is_refused),
        cmocka_unit_test(a_body_is_announced),
        cmocka_unit_test(how_a_body_comes_is_told),
        cmocka_unit_test(long_heads_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
