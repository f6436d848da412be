/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/hash.c: digests and the map. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "hash.h"

/* The first three are the examples of FIPS 180-2, appendix B, and the empty message. */
static void sha256_gives_the_published_digests(void **state)
{
    (void)state;
    static const char *const table[][2] = {
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    };
    for (size_t i = 0; i < 3; i++) {
        char out[DGMI_SHA256_HEX];
        dgmi_sha256_hex(table[i][0], strlen(table[i][0]), out);
        assert_string_equal(out, table[i][1]);
    }
    char out[DGMI_SHA256_HEX];
    dgmi_sha256_hex(NULL, 0, out);
    assert_string_equal(out, table[2][1]);
}

static void hash64_is_stable_and_sees_every_byte(void **state)
{
    (void)state;
    /* XXH3 of nothing with no seed: it is stored, so it must never change. */
    assert_true(dgmi_hash64(NULL, 0) == 0x2D06800538D394C2u);
    char text[300];
    memset(text, 'a', sizeof text);
    uint64_t before = dgmi_hash64(text, sizeof text);
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = 'b';
        assert_true(dgmi_hash64(text, sizeof text) != before);
        text[i] = 'a';
    }
    assert_true(dgmi_hash64(text, sizeof text) == before);
}

static void a_map_finds_what_was_put(void **state)
{
    (void)state;
    dgmi_map *m = dgmi_map_new();
    char key[32];
    for (uint64_t i = 0; i < 20000; i++) {
        int n = snprintf(key, sizeof key, "item-%u", (unsigned)i);
        assert_null(dgmi_map_at(m, (dgmi_str){ key, (size_t)n }, false));
        uint64_t *place = dgmi_map_at(m, (dgmi_str){ key, (size_t)n }, true);
        assert_non_null(place);
        assert_true(*place == 0);
        *place = i * 3;
    }
    assert_int_equal(dgmi_map_count(m), 20000);
    for (uint64_t i = 0; i < 20000; i++) {
        snprintf(key, sizeof key, "item-%u", (unsigned)i);
        assert_true(*dgmi_map_at(m, dgmi_str_of(key), true) == i * 3);
    }
    assert_int_equal(dgmi_map_count(m), 20000);
    dgmi_map_free(m);
    dgmi_map_free(NULL);
}

static void keys_are_any_bytes(void **state)
{
    (void)state;
    dgmi_map *m = dgmi_map_new();
    *dgmi_map_at(m, (dgmi_str){ "a\0b", 3 }, true) = 1;
    *dgmi_map_at(m, (dgmi_str){ "a\0c", 3 }, true) = 2;
    *dgmi_map_at(m, (dgmi_str){ "a", 1 }, true) = 3;
    *dgmi_map_at(m, (dgmi_str){ NULL, 0 }, true) = 4;
    assert_int_equal(dgmi_map_count(m), 4);
    assert_true(*dgmi_map_at(m, (dgmi_str){ "a\0b", 3 }, false) == 1);
    assert_true(*dgmi_map_at(m, (dgmi_str){ "a\0c", 3 }, false) == 2);
    assert_true(*dgmi_map_at(m, (dgmi_str){ "a", 1 }, false) == 3);
    assert_true(*dgmi_map_at(m, (dgmi_str){ "", 0 }, false) == 4);
    dgmi_map_free(m);
}

static void a_walk_meets_every_entry_once(void **state)
{
    (void)state;
    dgmi_map *m = dgmi_map_new();
    char key[32];
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "%u", i);
        *dgmi_map_at(m, dgmi_str_of(key), true) = i;
    }
    bool seen[1000] = { false };
    size_t cursor = 0, count = 0;
    dgmi_str found;
    uint64_t value;
    while (dgmi_map_next(m, &cursor, &found, &value)) {
        snprintf(key, sizeof key, "%u", (unsigned)value);
        assert_true(dgmi_str_eq(found, key));
        assert_false(seen[value]);
        seen[value] = true;
        count++;
    }
    assert_int_equal(count, 1000);
    dgmi_map_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(hash64_is_stable_and_sees_every_byte),
        cmocka_unit_test(a_map_finds_what_was_put),
        cmocka_unit_test(keys_are_any_bytes),
        cmocka_unit_test(a_walk_meets_every_entry_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
