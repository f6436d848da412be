/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of milosi.c: files of text to items. Depends on lib/read. */
#include "collect.h"

#include "utf8.h"

#define P "\n\n"
#define DASH "\xE2\x80\x93"

static void a_file_is_one_item(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.txt", NULL,
                 "Post sponsored by\r\n\r\nMIL OSI Translation. Region: Norway " DASH
                 "\r\n\r\n"
                 "The ferry runs again.\r\n\r\nMIL OSI Norway News");
    assert_int_equal(c.n, 1);
    assert_int_equal(c.n_rejects, 0);
    const dgm_item *item = c.items[0];
    assert_string_equal(c.wheres[0], "a.txt");
    assert_int_equal(item->n_paragraphs, 1);
    assert_string_equal(item->country, "NO");
    assert_string_equal(item->provider, "MIL OSI");
    assert_memory_equal(item->id, "sha256-", 7);
    collect_clear(&c);
}

static void a_prefixed_first_line_is_the_headline(void **state)
{
    (void)state;
    collected c;
    collect_text(&c, "a.txt", NULL,
                 "MIL-OSI Europe: The parliament votes" P "Source: European Parliament" P
                 "Members voted on Tuesday.");
    assert_string_equal(c.items[0]->title, "The parliament votes");
    assert_false(c.items[0]->title_derived);
    assert_string_equal(c.items[0]->source, "European Parliament");
    assert_string_equal(c.items[0]->region, "Europe");
    assert_int_equal(c.items[0]->n_paragraphs, 1);
    collect_clear(&c);
}

static void text_of_another_charset_is_read(void **state)
{
    (void)state;
    /* windows-1251, three sentences of Russian on snow in the town and the river. */
    static const char text[] =
        "\xC2 \xE3\xEE\xF0\xEE\xE4\xE5 \xE2\xFB\xEF\xE0\xEB \xF1\xED\xE5\xE3, \xE8 "
        "\xF3\xEB\xE8\xF6\xFB "
        "\xF1\xF2\xE0\xEB\xE8 \xE1\xE5\xEB\xFB\xEC\xE8. \xD0\xE5\xEA\xE0 "
        "\xE7\xE0\xEC\xE5\xF0\xE7\xEB\xE0 "
        "\xE7\xE0 \xEE\xE4\xED\xF3 \xED\xEE\xF7\xFC.\n\n\xC4\xE5\xF2\xE8 "
        "\xEA\xE0\xF2\xE0\xFE\xF2\xF1\xFF "
        "\xED\xE0 \xEA\xEE\xED\xFC\xEA\xE0\xF5 \xEF\xEE \xEB\xFC\xE4\xF3 "
        "\xF0\xE5\xEA\xE8.";
    collected c;
    collect_text(&c, "a.txt", "milosi", text);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->n_paragraphs, 2);
    assert_memory_equal(c.items[0]->paragraphs[0],
                        "\xD0\x92 \xD0\xB3\xD0\xBE\xD1\x80\xD0\xBE\xD0\xB4\xD0\xB5", 15);
    collect_clear(&c);
}

static void nul_bytes_and_bad_utf8_are_cleaned_when_asked_for(void **state)
{
    (void)state;
    static const char text[] = "The p\0ier is \xE2\x80\x9Copen\xE2\x80\x9D, "
                               "\xE2\x80\x9Csaid\xE2\x80\x9D he \xE2\x80\x93 now."
                               " \xE2\x80\x9CYes\xE2\x80\x9D \xE2\x80\x93 \xE2\x80\x93 "
                               "\xE2\x80\x93 \xFFno.\n\nMore.";
    collected c;
    collect_bytes(&c, "a.txt", "milosi", text, sizeof text - 1);
    assert_int_equal(c.n, 1);
    const char *first = c.items[0]->paragraphs[0];
    assert_memory_equal(first, "The pier is \xE2\x80\x9Copen", 19);
    assert_non_null(strstr(first, "\xEF\xBF\xBDno."));
    assert_true(dgmi_utf8_valid(first, strlen(first)));
    collect_clear(&c);
    collect_bytes(&c, "a.txt", NULL, text, sizeof text - 1);
    assert_int_equal(c.n, 0);
    assert_string_equal(c.rejects[0].reason, "no format knows it");
    assert_int_equal(c.rejects[0].n, sizeof text - 1);
    collect_clear(&c);
}

static void wide_text_is_read(void **state)
{
    (void)state;
    static const char ascii[] =
        "MIL OSI Translation. Region: Norway -\n\nThe ferry runs.";
    char wide[2 * sizeof ascii + 2] = "\xFF\xFE";
    for (size_t i = 0; i < sizeof ascii - 1; i++) {
        wide[2 + 2 * i] = ascii[i];
        wide[3 + 2 * i] = '\0';
    }
    collected c;
    collect_bytes(&c, "a.txt", NULL, wide, 2 * sizeof ascii);
    assert_int_equal(c.n, 1);
    assert_string_equal(c.items[0]->paragraphs[0], "The ferry runs.");
    assert_string_equal(c.items[0]->region, "Norway");
    collect_clear(&c);
}

static void ten_thousand_paragraphs_and_a_line_of_ten_megabytes_are_read(void **state)
{
    (void)state;
    collected c;
    size_t n;
    char *text = repeat("A paragraph of the harbour.\n\n", 10000, &n);
    collect_bytes(&c, "a.txt", "milosi", text, n);
    assert_int_equal(c.items[0]->n_paragraphs, 10000);
    collect_clear(&c);
    free(text);
    text = repeat("harbour words ", 750000, &n);
    collect_bytes(&c, "a.txt", "milosi", text, n);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->n_paragraphs, 1);
    assert_true(strlen(c.items[0]->title) < 200);
    collect_clear(&c);
    free(text);
}

static void what_is_too_large_for_an_item_is_rejected(void **state)
{
    (void)state;
    collected c;
    size_t n;
    char *text = repeat("harbour words ", (50u << 20) / 14, &n);
    collect_bytes(&c, "a.txt", "milosi", text, n);
    assert_int_equal(c.n, 0);
    assert_non_null(strstr(c.rejects[0].reason, "48 MB"));
    collect_clear(&c);
    free(text);
}

/* The one real item, when it is at hand. */
static void the_seed_item_gives_twelve_turns(void **state)
{
    (void)state;
    static const char path[] =
        SOURCE_DIR "/../shared/data/mil-osi-seed/000_5aa50a988b83c99a.txt";
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        skip();
    char text[32768];
    size_t n = fread(text, 1, sizeof text, f);
    fclose(f);
    collected c;
    collect_bytes(&c, "seed.txt", NULL, text, n);
    assert_int_equal(c.n, 1);
    assert_int_equal(c.items[0]->n_turns, 12);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(c.items[0]->turns[i].role,
                         i % 2 == 0 ? DGM_QUESTION : DGM_ANSWER);
    assert_int_equal(c.items[0]->n_asides, 4);
    assert_string_equal(c.items[0]->country, "RU");
    collect_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_one_item),
        cmocka_unit_test(a_prefixed_first_line_is_the_headline),
        cmocka_unit_test(text_of_another_charset_is_read),
        cmocka_unit_test(nul_bytes_and_bad_utf8_are_cleaned_when_asked_for),
        cmocka_unit_test(wide_text_is_read),
        cmocka_unit_test(ten_thousand_paragraphs_and_a_line_of_ten_megabytes_are_read),
        cmocka_unit_test(what_is_too_large_for_an_item_is_rejected),
        cmocka_unit_test(the_seed_item_gives_twelve_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
