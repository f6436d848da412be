/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of charset.c: bytes to UTF-8. Depends on lib/read. */
#include "collect.h"

#include "utf8.h"

typedef struct charset_case {
    const char *bytes;
    size_t n;
    const char *declared;
    const char *text;
    const char *charset;
} charset_case;

#define B(s) s, sizeof s - 1
#define RU_1251 "\xD1\xED\xE5\xE3" /* sneg, snow */
#define RU_KOI8 "\xF3\xCE\xC5\xC7"
#define RU_UTF8 "\xD0\xA1\xD0\xBD\xD0\xB5\xD0\xB3"

static const charset_case cases[] = {
    { B("plain"), NULL, "plain", "UTF-8" },
    { B(""), NULL, "", "UTF-8" },
    { B(RU_UTF8), "windows-1251", RU_UTF8, "UTF-8" },
    { B("\xEF\xBB\xBF"
        "a"),
      "iso-8859-1", "a", "UTF-8" },
    { B("\xFF\xFE"
        "a\0!\x04"),
      NULL, "a\xD0\xA1", "UTF-16LE" },
    { B("\xFE\xFF\0a"), NULL, "a", "UTF-16BE" },
    { B("\xFF\xFE\0\0a\0\0\0"), NULL, "a", "UTF-32LE" },
    { B("<\0?\0x\0>\0"), NULL, "<?x>", "UTF-16LE" },
    { B("\0\0\0<\0\0\0a"), NULL, "<a", "UTF-32BE" },
    { B(RU_1251), "windows-1251", RU_UTF8, "windows-1251" },
    { B(RU_KOI8), "koi8-r", RU_UTF8, "KOI8-R" },
    { B("<?xml version='1.0' encoding='windows-1251'?>" RU_1251), NULL,
      "<?xml version='1.0' encoding='windows-1251'?>" RU_UTF8, "windows-1251" },
    { B("caf\xE9"), "iso-8859-1", "caf\xC3\xA9", "windows-1252" },
    { B("\x93"
        "caf\xE9\x94"),
      "us-ascii",
      "\xE2\x80\x9C"
      "caf\xC3\xA9\xE2\x80\x9D",
      "windows-1252" },
    { B("caf\xE9"), "utf-16", "caf\xC3\xA9", NULL },
    { B("caf\xE9"), "../../etc/passwd", "caf\xC3\xA9", NULL },
    { B("caf\xE9"), "no-such-charset", "caf\xC3\xA9", NULL },
    { B("\x1B$B;3\x1B(B"), "iso-2022-jp", "\xE5\xB1\xB1", "ISO-2022-JP" },
    { B("\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1"
        "\xB1\xE5\xB1\xB1"
        "\xE5\xB1\xB1\xE5\xB1\xB1\xFF"),
      "utf-8",
      "\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1\xB1\xE5\xB1"
      "\xB1\xE5\xB1\xB1"
      "\xE5\xB1\xB1\xE5\xB1\xB1\xEF\xBF\xBD",
      "UTF-8" },
    { B("a\0b\x01"
        "c\r\nd"),
      NULL, "abc\nd", "UTF-8" },
};

static void bytes_become_clean_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmi_buf out;
        const char *charset = NULL;
        dgm_error err = DGM_ERROR_INIT;
        dgmi_buf_init(&out, 1 << 20);
        assert_int_equal(dgmi_to_utf8(&out, cases[i].bytes, cases[i].n, cases[i].declared,
                                      &charset, &err),
                         DGM_OK);
        assert_string_equal(out.p != NULL ? out.p : "", cases[i].text);
        if (cases[i].charset != NULL)
            assert_string_equal(charset, cases[i].charset);
        dgmi_buf_clear(&out);
    }
}

static void a_longer_text_is_guessed(void **state)
{
    (void)state;
    static const char text[] = "\xC2 \xE3\xEE\xF0\xEE\xE4\xE5 \xE2\xFB\xEF\xE0\xEB "
                               "\xF1\xED\xE5\xE3, \xE8 \xF3\xEB\xE8\xF6\xFB "
                               "\xF1\xF2\xE0\xEB\xE8 \xE1\xE5\xEB\xFB\xEC\xE8. "
                               "\xD0\xE5\xEA\xE0 \xE7\xE0\xEC\xE5\xF0\xE7\xEB\xE0.";
    dgmi_buf out;
    const char *charset;
    dgmi_buf_init(&out, 1 << 20);
    assert_int_equal(dgmi_to_utf8(&out, text, sizeof text - 1, NULL, &charset, NULL),
                     DGM_OK);
    assert_string_equal(charset, "windows-1251");
    assert_memory_equal(out.p, "\xD0\x92 \xD0\xB3", 5);
    dgmi_buf_clear(&out);
}

static void all_bytes_there_are_give_valid_utf8(void **state)
{
    (void)state;
    static const char *const declared[] = { NULL,           "utf-8",   "utf-16",
                                            "big5",         "hz",      "iso-2022-jp",
                                            "windows-1251", "gb18030", "utf-7" };
    char bytes[1024];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 167 + i / 256);
    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++) {
        for (size_t from = 0; from < 8; from++) {
            dgmi_buf out;
            dgmi_buf_init(&out, 1 << 20);
            assert_int_equal(dgmi_to_utf8(&out, bytes + from, sizeof bytes - from,
                                          declared[i], NULL, NULL),
                             DGM_OK);
            assert_true(dgmi_utf8_valid(out.p, out.n));
            assert_null(memchr(out.p, '\0', out.n));
            dgmi_buf_clear(&out);
        }
    }
}

static void a_text_over_the_limit_is_an_error(void **state)
{
    (void)state;
    dgmi_buf out;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf_init(&out, 8);
    assert_int_equal(dgmi_to_utf8(&out, "0123456789", 10, NULL, NULL, &err), DGM_E_ARG);
    dgmi_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_clean_utf8),
        cmocka_unit_test(a_longer_text_is_guessed),
        cmocka_unit_test(all_bytes_there_are_give_valid_utf8),
        cmocka_unit_test(a_text_over_the_limit_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
