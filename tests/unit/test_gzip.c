/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/gzip.c, and of what server/reply.c makes of it. Depends on
 * server/reply.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "gzip.h"
#include "reply.h"

static void accept_encoding_is_weighed(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool wanted;
    } table[] = {
        { NULL, false },
        { "", false },
        { "gzip", true },
        { "GZip", true },
        { "x-gzip", true },
        { "deflate, br", false },
        { "deflate,gzip;q=0.1", true },
        { "gzip;q=0", false },
        { "gzip;q=0.000", false },
        { "gzip ; q=0.001", true },
        { "gzip;Q=0.5", true },
        { "gzip;q=0, *", false },
        { "*", true },
        { "*;q=0", false },
        { "identity", false },
        { "identity;q=1, gzip;q=0.5", false },
        { "identity;q=0.5, gzip;q=0.5", true },
        { "identity;q=0, *;q=0.1", true },
        { "gzip;q=2", false },
        { "gzip;q=0.12345", false },
        { "gzip;q=abc", false },
        { "gzip;q=", false },
        { ",,gzip,,", true },
        { ";q=1", false },
        { "gzipx", false },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_int_equal(dgms_gzip_wanted(table[i].header), table[i].wanted);
}

static void check_unpacks(const char *packed, size_t n_packed, const char *text, size_t n)
{
    char *out = malloc(n + 1);
    z_stream z = { 0 };
    assert_non_null(out);
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)packed;
    z.avail_in = (uInt)n_packed;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)(n + 1);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, n);
    assert_memory_equal(out, text, n);
    inflateEnd(&z);
    free(out);
}

static void packing_can_be_undone_again_and_again(void **state)
{
    (void)state;
    static char text[100000];
    dgms_gzip *gzip = dgms_gzip_new();
    assert_non_null(gzip);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * i >> 7);
    static const size_t sizes[] = { 0, 1, 100, sizeof text, 5 };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        assert_true(dgms_gzip_pack(gzip, text, sizes[i], &out));
        check_unpacks(out.p, out.n, text, sizes[i]);
        dgmi_buf_clear(&out);
    }
    dgms_gzip_free(gzip);
}

static void packing_into_a_full_buffer_fails(void **state)
{
    (void)state;
    dgms_gzip *gzip = dgms_gzip_new();
    dgmi_buf out;
    dgmi_buf_init(&out, 8);
    assert_false(dgms_gzip_pack(gzip, "some text", 9, &out));
    dgmi_buf_clear(&out);
    dgms_gzip_free(gzip);
}

static void only_long_replies_are_packed(void **state)
{
    (void)state;
    static char text[3000];
    memset(text, 'a', sizeof text);
    dgms_gzip *gzip = dgms_gzip_new();
    dgms_reply reply = { 0 };

    dgms_reply_static(&reply, DGMS_JSON, text, 2047);
    dgms_reply_pack(&reply, "gzip", gzip, 2048);
    assert_false(reply.packed);
    assert_true(reply.varies); /* another client may get another form */
    dgms_reply_static(&reply, DGMS_JSON, text, 2048);
    dgms_reply_pack(&reply, "deflate", gzip, 2048);
    assert_false(reply.packed);
    dgms_reply_pack(&reply, "gzip", gzip, 2048);
    assert_true(reply.packed);
    check_unpacks(reply.body, reply.n, text, 2048);
    dgms_reply_clear(&reply);
    dgms_reply_static(&reply, DGMS_JSON, "\x8f\x01\x7c", 3);
    dgms_reply_pack(&reply, "gzip", gzip, 0);
    assert_false(reply.packed); /* it would grow */
    dgms_reply_clear(&reply);
    dgms_gzip_free(gzip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accept_encoding_is_weighed),
        cmocka_unit_test(packing_can_be_undone_again_and_again),
        cmocka_unit_test(packing_into_a_full_buffer_fails),
        cmocka_unit_test(only_long_replies_are_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
