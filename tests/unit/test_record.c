/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/record.c: what goes in comes out, and nothing else gets in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "item.h"
#include "record.h"

static const char *const paragraphs[] = { "First one.", "", "Third — with a dash.",
                                          "Last" };
static const char *const topics[] = { "Energy", "Trade policy" };
static const char *const names[] = { "Kyiv" };
static const dgm_turn turns[] = { { DGM_QUESTION, NULL, 0, 1 },
                                  { DGM_ANSWER, "A. Keller", 1, 4 } };
static const dgm_aside asides[] = { { "note", "EDITOR'S NOTE", 0 },
                                    { "signoff", "End", 4 } };
static const dgm_evidence evidence[] = { { "region", "Russian Federation", "Russia",
                                           "given", "member region", 3, 9 } };
static const char *const warnings[] = { "one thing", "another" };
static const uint64_t digests[] = { 1, UINT64_MAX, 42 };

static dgm_item full_item(void)
{
    return (dgm_item){ .id = "id-1",
                       .version = "2",
                       .title = "A title",
                       .title_derived = true,
                       .translated = true,
                       .status = DGM_CANCELED,
                       .paragraphs = paragraphs,
                       .n_paragraphs = 4,
                       .turns = turns,
                       .n_turns = 2,
                       .asides = asides,
                       .n_asides = 2,
                       .published = 1623801600,
                       .updated = DGM_NO_TIME,
                       .fetched = -5,
                       .region = "Russian Federation",
                       .country = "RU",
                       .source = "Ministry",
                       .provider = "MIL OSI",
                       .agency = "Agency",
                       .author = "Author",
                       .language = "en",
                       .original_language = "ru",
                       .url = "https://example.org/",
                       .topics = topics,
                       .n_topics = 2,
                       .names = names,
                       .n_names = 1,
                       .evolved_from = "id-0",
                       .translation_of = "id-ru",
                       .extra = "{\"x\":1}",
                       .sha256 = "abc",
                       .evidence = evidence,
                       .n_evidence = 1,
                       .warnings = warnings,
                       .n_warnings = 2 };
}

static const uint64_t places[] = { (uint64_t)1 << 40 | 7, 1, (uint64_t)2 << 40 | 9 };
static const dgmi_stored stored = { .first_seen = (uint64_t)1 << 40 | 7,
                                    .at = (uint64_t)2 << 40 | 9,
                                    .digests = digests,
                                    .places = places,
                                    .n_digests = 3 };

static int set_up(void **state)
{
    *state = dgmi_codec_new();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    dgmi_codec_free(*state);
    return 0;
}

static dgmi_buf encode(dgmi_codec *c, const dgm_item *item)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    assert_int_equal(dgmi_record_encode(c, item, &stored, &out, NULL), DGM_OK);
    return out;
}

static void a_record_comes_back_as_it_was(void **state)
{
    dgm_item item = full_item();
    dgmi_record back;
    dgm_item *copy = NULL;
    dgmi_buf bytes = encode(*state, &item);
    assert_int_equal(dgmi_record_decode(*state, bytes.p, bytes.n, &back, NULL), DGM_OK);
    assert_string_equal(back.text, "First one.\n\n\n\nThird — with a dash.\n\nLast");
    assert_int_equal(back.text_n, strlen(back.text));
    assert_int_equal(back.starts[3], back.text_n - 4);
    assert_true(back.stored.first_seen == stored.first_seen &&
                back.stored.at == stored.at);
    assert_int_equal(back.stored.n_digests, 3);
    assert_memory_equal(back.stored.digests, digests, sizeof digests);
    assert_memory_equal(back.stored.places, places, sizeof places);
    assert_int_equal(back.item.fetched, -5);
    assert_string_equal(back.item.sha256, "abc");
    assert_int_equal(dgmi_record_item(&back, &copy, NULL), DGM_OK);
    assert_true(dgmi_item_digest(copy) == dgmi_item_digest(&item));
    assert_string_equal(copy->paragraphs[1], "");
    assert_int_equal(copy->status, DGM_CANCELED);
    assert_int_equal(copy->n_evidence, 1);
    assert_string_equal(copy->evidence[0].where, "member region");
    assert_string_equal(copy->evidence[0].text, "Russia");
    assert_int_equal(copy->evidence[0].to, 9);
    assert_int_equal(copy->n_warnings, 2);
    assert_string_equal(copy->warnings[1], "another");
    dgm_item_free(copy);
    dgmi_buf_clear(&bytes);
}

static void an_item_with_nothing_but_an_id_comes_back(void **state)
{
    dgm_item item = { .id = "x",
                      .published = DGM_NO_TIME,
                      .updated = DGM_NO_TIME,
                      .fetched = DGM_NO_TIME };
    dgmi_record back;
    dgm_item *copy = NULL;
    dgmi_buf bytes = encode(*state, &item);
    assert_int_equal(dgmi_record_decode(*state, bytes.p, bytes.n, &back, NULL), DGM_OK);
    assert_string_equal(back.text, "");
    assert_null(back.item.title);
    assert_true(back.item.published == DGM_NO_TIME);
    assert_int_equal(dgmi_record_item(&back, &copy, NULL), DGM_OK);
    assert_true(dgmi_item_digest(copy) == dgmi_item_digest(&item));
    dgm_item_free(copy);
    dgmi_buf_clear(&bytes);
}

static void every_changed_or_cut_byte_is_noticed(void **state)
{
    dgm_item item = full_item();
    dgmi_record back;
    dgmi_buf bytes = encode(*state, &item);
    for (size_t i = 0; i < bytes.n; i++) {
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(dgmi_record_decode(*state, bytes.p, i, &back, &err),
                         DGM_E_CORRUPT);
        assert_non_null(strstr(err.text, "reindex"));
        bytes.p[i] ^= 0x10;
        dgm_status status = dgmi_record_decode(*state, bytes.p, bytes.n, &back, NULL);
        /* Some header bits of a frame mean nothing to its reader. */
        assert_true(status == DGM_E_CORRUPT ||
                    (status == DGM_OK && strcmp(back.item.id, "id-1") == 0));
        bytes.p[i] ^= 0x10;
    }
    dgmi_buf_clear(&bytes);
}

/* Well-formed frames around bytes that no encoder wrote: the layout itself must be
 * checked. */
static void damage_inside_the_frame_never_reads_past_it(void **state)
{
    dgm_item item = full_item();
    dgmi_record back;
    dgmi_buf bytes = encode(*state, &item);
    char raw[4096], forged[8192];
    size_t n = ZSTD_decompress(raw, sizeof raw, bytes.p, bytes.n);
    unsigned seed = 12345;
    assert_false(ZSTD_isError(n));
    for (int round = 0; round < 20000; round++) {
        char damaged[sizeof raw];
        memcpy(damaged, raw, n);
        for (unsigned k = 0; k <= seed % 4; k++) {
            seed = seed * 1103515245 + 12345;
            damaged[(seed >> 8) % n] = (char)(seed >> 24);
        }
        size_t cut = round % 3 == 0 ? (seed >> 4) % n : n;
        size_t m = ZSTD_compress(forged, sizeof forged, damaged, cut, 1);
        assert_false(ZSTD_isError(m));
        dgm_status status = dgmi_record_decode(*state, forged, m, &back, NULL);
        assert_true(status == DGM_OK || status == DGM_E_CORRUPT);
        dgm_item *copy = NULL;
        if (status == DGM_OK)
            assert_int_equal(dgmi_record_item(&back, &copy, NULL), DGM_OK);
        if (copy)
            dgm_item_free(copy);
    }
    dgmi_buf_clear(&bytes);
}

static void random_bytes_are_corrupt(void **state)
{
    dgmi_record back;
    unsigned seed = 99;
    for (int round = 0; round < 5000; round++) {
        char bytes[200];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1103515245 + 12345;
            bytes[i] = (char)(seed >> 16);
        }
        if (round % 2)
            memcpy(bytes, "\x28\xB5\x2F\xFD", 4); /* the magic of a frame */
        assert_int_equal(dgmi_record_decode(*state, bytes, seed % 200, &back, NULL),
                         DGM_E_CORRUPT);
    }
}

static void a_codec_is_of_use_after_a_failure_and_a_large_item(void **state)
{
    size_t n = 8 << 20;
    char *large = malloc(n + 1);
    const char *one[] = { large };
    dgm_item item = { .id = "large", .paragraphs = one, .n_paragraphs = 1 };
    dgmi_record back;
    memset(large, 'a', n);
    large[n] = '\0';
    dgmi_buf bytes = encode(*state, &item);
    assert_int_equal(dgmi_record_decode(*state, "bad", 3, &back, NULL), DGM_E_CORRUPT);
    assert_int_equal(dgmi_record_decode(*state, bytes.p, bytes.n, &back, NULL), DGM_OK);
    assert_int_equal(back.text_n, n);
    dgmi_buf_clear(&bytes);
    free(large);
    item = full_item();
    bytes = encode(*state, &item);
    assert_int_equal(dgmi_record_decode(*state, bytes.p, bytes.n, &back, NULL), DGM_OK);
    assert_string_equal(back.item.title, "A title");
    dgmi_buf_clear(&bytes);
}

static void too_many_digests_are_refused(void **state)
{
    dgm_item item = full_item();
    uint64_t many[DGMI_DIGESTS_MAX + 1] = { 0 };
    dgmi_stored too_many = { .digests = many,
                             .places = many,
                             .n_digests = DGMI_DIGESTS_MAX + 1 };
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    assert_int_equal(dgmi_record_encode(*state, &item, &too_many, &out, NULL), DGM_E_ARG);
    dgmi_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_comes_back_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_item_with_nothing_but_an_id_comes_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_changed_or_cut_byte_is_noticed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(damage_inside_the_frame_never_reads_past_it,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_bytes_are_corrupt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_codec_is_of_use_after_a_failure_and_a_large_item, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_digests_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
