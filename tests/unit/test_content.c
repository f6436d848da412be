/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/content.c. Depends on server/content.h and zlib. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "content.h"

#define MOST 300000

static const char *coding;

static const char *look_up(void *connection, const char *name)
{
    (void)connection;
    return !strcmp(name, "Content-Encoding") ? coding : NULL;
}

static dgms_spools spools;

static void set_body(dgms_call *call, const char *bytes, size_t n)
{
    *call = (dgms_call){ .look_up = look_up };
    dgms_spools_init(&spools, ".");
    dgms_spool_init(&call->body, &spools, 1u << 30);
    assert_int_equal(dgms_spool_put(&call->body, bytes, n, NULL), DGM_OK);
}

static size_t pack(const char *bytes, size_t n, char *out, size_t room)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    z.next_in = (Bytef *)bytes;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

/* Reads the body whole: its fault's status, or 0 and the text. */
static int read_all(const dgms_call *call, uint64_t most, dgmi_buf *out)
{
    dgms_fault fault = { 0 };
    dgms_content *c = dgms_content_new(call, most, 100, &fault);
    dgmi_buf_init(out, MOST);
    if (c) {
        bool whole = dgms_content_all(c, out, &fault);
        assert_int_equal(whole, !fault.status);
    }
    dgms_content_free(c);
    return fault.status;
}

static void a_body_is_unpacked_up_to_a_limit(void **state)
{
    (void)state;
    static char text[MOST], packed[MOST];
    dgms_call call;
    dgmi_buf out;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + i % 7);
    size_t n = pack(text, sizeof text, packed, sizeof packed);
    coding = "gzip";
    set_body(&call, packed, n);
    assert_int_equal(read_all(&call, MOST, &out), 0);
    assert_int_equal(out.n, sizeof text);
    assert_memory_equal(out.p, text, out.n);
    dgmi_buf_clear(&out);
    assert_int_equal(read_all(&call, MOST - 1, &out), 413);
    dgmi_buf_clear(&out);
    dgms_spool_clear(&call.body);
    set_body(&call, packed, n / 2);
    assert_int_equal(read_all(&call, MOST, &out), 400);
    dgmi_buf_clear(&out);
    dgms_spool_clear(&call.body);
    set_body(&call, text, 100);
    assert_int_equal(read_all(&call, MOST, &out), 400);
    coding = NULL;
    assert_int_equal(read_all(&call, MOST, &out), 0);
    assert_int_equal(out.n, 100);
    dgmi_buf_clear(&out);
    dgms_spool_clear(&call.body);
}

static void lines_come_one_by_one(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        const char *lines[5]; /* "-": too long */
    } table[] = {
        { "", { NULL } },
        { "\n", { "", NULL } },
        { "one", { "one", NULL } },
        { "one\n", { "one", NULL } },
        { "one\n\ntwo\r\n", { "one", "", "two\r", NULL } },
        { "a longer one\nshort", { "-", "short", NULL } },
        { "short\na longer one", { "short", "-", NULL } },
    };
    coding = NULL;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgms_call call;
        dgms_fault fault = { 0 };
        dgmi_buf line;
        set_body(&call, table[i].body, strlen(table[i].body));
        dgms_content *c = dgms_content_new(&call, MOST, 5, &fault);
        assert_non_null(c);
        dgmi_buf_init(&line, 100);
        for (const char *const *want = table[i].lines; *want; want++) {
            dgms_line kind = dgms_content_line(c, &line, &fault);
            assert_int_equal(kind, strcmp(*want, "-") ? DGMS_LINE : DGMS_LINE_LONG);
            if (kind == DGMS_LINE)
                assert_string_equal(line.p ? line.p : "", *want);
        }
        assert_int_equal(dgms_content_line(c, &line, &fault), DGMS_LINE_NONE);
        dgms_content_free(c);
        dgmi_buf_clear(&line);
        dgms_spool_clear(&call.body);
    }
}

static void lines_over_block_ends_stay_whole(void **state)
{
    (void)state;
    static char text[MOST];
    dgms_call call;
    dgms_fault fault = { 0 };
    dgmi_buf line;
    size_t n = 0;
    memset(text, 'x', sizeof text);
    for (size_t at = 999; at < sizeof text; at += 1000)
        text[at] = '\n';
    set_body(&call, text, sizeof text);
    dgms_content *c = dgms_content_new(&call, MOST, 1000, &fault);
    dgmi_buf_init(&line, 2000);
    while (dgms_content_line(c, &line, &fault) == DGMS_LINE) {
        assert_int_equal(line.n, 999);
        n++;
    }
    assert_int_equal(n, MOST / 1000);
    assert_int_equal(fault.status, 0);
    dgms_content_free(c);
    dgmi_buf_clear(&line);
    dgms_spool_clear(&call.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_unpacked_up_to_a_limit),
        cmocka_unit_test(lines_come_one_by_one),
        cmocka_unit_test(lines_over_block_ends_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
