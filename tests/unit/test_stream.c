/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of stream.c and unpack.c: descriptors, gzip and zstd, caps. Depends on lib/read,
 * zlib, zstd. */
#include "collect.h"

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static const char lines[] =
    "{\"title\":\"one\"}\n{\"title\":\"two\"}\n{\"title\":\"three\"}\n";

static size_t gzip(const void *p, size_t n, char *out, size_t room)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    z.next_in = (Bytef *)p;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return room - z.avail_out;
}

static size_t zstd(const void *p, size_t n, char *out, size_t room)
{
    size_t packed = ZSTD_compress(out, room, p, n, 3);
    assert_false(ZSTD_isError(packed));
    return packed;
}

typedef size_t (*pack_fn)(const void *, size_t, char *, size_t);
static const pack_fn packs[] = { gzip, zstd };

static void packed_data_are_unpacked(void **state)
{
    (void)state;
    char packed[1000];
    for (int i = 0; i < 2; i++) {
        size_t n = packs[i](lines, sizeof lines - 1, packed, sizeof packed);
        collected c;
        collect_bytes(&c, "in", NULL, packed, n);
        assert_int_equal(c.n, 3);
        assert_int_equal(c.n_rejects, 0);
        assert_int_equal(c.progress, sizeof lines - 1);
        collect_clear(&c);
        /* one part behind the other, as log rotation makes them */
        size_t more = packs[i](lines, sizeof lines - 1, packed + n, sizeof packed - n);
        collect_bytes(&c, "in", NULL, packed, n + more);
        assert_int_equal(c.n, 6);
        assert_int_equal(c.n_rejects, 0);
        collect_clear(&c);
    }
}

static void padding_behind_gzip_is_passed_over(void **state)
{
    (void)state;
    char packed[1000] = "";
    size_t n = gzip(lines, sizeof lines - 1, packed, 500);
    collected c;
    memset(packed + n, 0, 100);
    collect_bytes(&c, "in", NULL, packed, n + 100);
    assert_int_equal(c.n, 3);
    assert_int_equal(c.n_rejects, 0);
    collect_clear(&c);
}

static void truncated_data_are_told_of(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        char packed[1000];
        size_t n = packs[i](lines, sizeof lines - 1, packed, sizeof packed);
        for (size_t cut = 1; cut < n - 2; cut++) {
            if (n - cut < 4)
                continue;
            collected c;
            collect_bytes(&c, "in", "ndjson", packed, n - cut);
            assert_true(c.n <= 3);
            assert_int_equal(c.n_rejects, 1);
            assert_string_equal(c.rejects[0].where, "in");
            assert_non_null(strstr(c.rejects[0].reason, "break off"));
            assert_null(c.rejects[0].bytes);
            collect_clear(&c);
        }
    }
}

static void damaged_data_are_told_of(void **state)
{
    (void)state;
    char packed[1000];
    size_t n = gzip(lines, sizeof lines - 1, packed, sizeof packed);
    packed[n - 6] ^= 0x55; /* of the checksum */
    collected c;
    collect_bytes(&c, "in", NULL, packed, n);
    assert_int_equal(c.n_rejects, 1);
    assert_non_null(strstr(c.rejects[0].reason, "damaged"));
    collect_clear(&c);
    n = zstd(lines, sizeof lines - 1, packed, sizeof packed);
    memset(packed + 8, 0xFF, n - 8);
    collect_bytes(&c, "in", NULL, packed, n);
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_rejects, 1);
    collect_clear(&c);
}

/* 400 MB of one letter: a document stops at its cap, lines at the ratio. */
static void bombs_are_stopped(void **state)
{
    (void)state;
    size_t n = (size_t)400 << 20, room = 1 << 20;
    char *zeros = calloc(1, n), *packed = malloc(room);
    assert_non_null(zeros);
    assert_non_null(packed);
    memset(zeros, ' ', n);
    for (int i = 0; i < 2; i++) {
        size_t small = packs[i](zeros, n, packed, room);
        collected c;
        collect_bytes(&c, "in", "milosi", packed, small);
        assert_int_equal(c.n_rejects, 1);
        assert_non_null(strstr(c.rejects[0].reason, "64 MB"));
        assert_true(c.progress < (uint64_t)80 << 20);
        collect_clear(&c);
        collect_bytes(&c, "in", "ndjson", packed, small);
        assert_int_equal(c.n_rejects, 1);
        assert_non_null(strstr(c.rejects[0].reason, "500 times"));
        assert_true(c.progress < (uint64_t)300 << 20);
        collect_clear(&c);
    }
    free(zeros);
    free(packed);
}

static void a_document_over_the_cap_is_rejected(void **state)
{
    (void)state;
    collected c;
    size_t n;
    char *text = repeat("<rss> harbour ", (65u << 20) / 14, &n);
    collect_bytes(&c, "in", NULL, text, n);
    assert_int_equal(c.n_rejects, 1);
    assert_null(c.rejects[0].bytes);
    assert_non_null(strstr(c.rejects[0].reason, "64 MB"));
    collect_clear(&c);
    free(text);
}

static void an_empty_source_is_rejected_unless_lines_were_expected(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "in", NULL, "");
    assert_int_equal(c.n_rejects, 1);
    assert_string_equal(c.rejects[0].reason, "it is empty");
    collect_clear(&c);
    collect_text(&c, "in", "ndjson", "");
    assert_int_equal(c.n + c.n_rejects, 0);
    collect_clear(&c);
    collect_text(&c, "in", "rss", "");
    assert_int_equal(c.n_rejects, 1);
    collect_clear(&c);
    collect_text(&c, "in", "milosi", "");
    assert_int_equal(c.n_rejects, 1);
    collect_clear(&c);
}

static void a_pipe_is_read_to_its_end(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < 500; i++)
        assert_int_equal(write(ends[1], lines, sizeof lines - 1), sizeof lines - 1);
    close(ends[1]);
    collected c;
    memset(&c, 0, sizeof c);
    dgmi_sink sink = { &c, collect_item, collect_reject, collect_progress };
    dgmi_source source = { .name = "-", .format = "auto" };
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_read_fd(ends[0], &source, &sink, &err), DGM_OK);
    assert_int_equal(c.total, 1500);
    close(ends[0]);
    collect_clear(&c);
}

static void a_descriptor_that_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    collected c;
    memset(&c, 0, sizeof c);
    dgmi_sink sink = { &c, collect_item, collect_reject, NULL };
    dgmi_source source = { .name = "folder" };
    dgm_error err = DGM_ERROR_INIT;
    FILE *folder = fopen(".", "rb");
    assert_non_null(folder);
    assert_int_equal(dgmi_read_fd(fileno(folder), &source, &sink, &err), DGM_E_IO);
    assert_non_null(strstr(err.text, "folder"));
    fclose(folder);
    source.format = "nonsense";
    err = (dgm_error)DGM_ERROR_INIT;
    assert_int_equal(dgmi_read_bytes("", 0, &source, &sink, &err), DGM_E_ARG);
}

static dgm_status refuse_item(void *user, dgm_item *item, const char *where,
                              dgm_error *err)
{
    (*(int *)user)++;
    (void)where;
    (void)err;
    dgm_item_free(item);
    return DGM_E_IO;
}

static void a_sink_that_fails_stops_the_reading(void **state)
{
    (void)state;
    int calls = 0;
    dgmi_sink sink = { &calls, refuse_item, collect_reject, NULL };
    dgmi_source source = { .name = "in" };
    assert_int_equal(dgmi_read_bytes(lines, sizeof lines - 1, &source, &sink, NULL),
                     DGM_E_IO);
    assert_int_equal(calls, 1);
    static const char feed[] =
        "<rss><channel><item><title>a</title></item><item><title>b</title>"
        "</item></channel></rss>";
    assert_int_equal(dgmi_read_bytes(feed, sizeof feed - 1, &source, &sink, NULL),
                     DGM_E_IO);
    assert_int_equal(calls, 2);
}

static void wide_lines_are_read(void **state)
{
    (void)state;
    char wide[2 * sizeof lines + 2] = "\xFF\xFE";
    for (size_t i = 0; i < sizeof lines - 1; i++)
        wide[2 + 2 * i] = lines[i];
    collected c;
    collect_bytes(&c, "in", NULL, wide, 2 * sizeof lines);
    assert_int_equal(c.n, 3);
    assert_string_equal(c.items[2]->title, "three");
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_data_are_unpacked),
        cmocka_unit_test(padding_behind_gzip_is_passed_over),
        cmocka_unit_test(truncated_data_are_told_of),
        cmocka_unit_test(damaged_data_are_told_of),
        cmocka_unit_test(bombs_are_stopped),
        cmocka_unit_test(a_document_over_the_cap_is_rejected),
        cmocka_unit_test(an_empty_source_is_rejected_unless_lines_were_expected),
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        cmocka_unit_test(a_descriptor_that_cannot_be_read_is_an_error),
        cmocka_unit_test(a_sink_that_fails_stops_the_reading),
        cmocka_unit_test(wide_lines_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
