/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of folding: tables, equal spellings, and that folding twice is folding once.
 * Depends on cmocka and lib/text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fold.h"
#include "utf8.h"

typedef struct row {
    const char *text, *folded;
} row;

static void check(void (*fold)(dgmi_buf *, const char *, size_t), const row *rows,
                  size_t n)
{
    for (size_t i = 0; i < n; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        fold(&out, rows[i].text, strlen(rows[i].text));
        assert_string_equal(out.n > 0 ? out.p : "", rows[i].folded);
        dgmi_buf_clear(&out);
    }
}
#define CHECK(fold, rows) check(fold, rows, sizeof(rows) / sizeof(rows)[0])

static void case_accents_and_signs_are_made_plain(void **state)
{
    (void)state;
    static const row rows[] = {
        { "", "" },
        { "Russian Federation", "russian federation" },
        { "Straße STRASSE", "strasse strasse" },
        { "Côte d’Ivoire", "cote d'ivoire" },
        { "e\u0301\u0323 é", "e e" },
        { "İstanbul ılık", "istanbul ilik" },
        { "ﬁnance ＡＢＣ", "finance abc" },
        { "Łódź Ørsted Þingvellir Œuvre Æther", "lodz orsted thingvellir oeuvre aether" },
        { "“quoted” ‘single’ «double»", "\"quoted\" 'single' \"double\"" },
        { "2014–2020 — yes − no", "2014-2020 - yes - no" },
        { "co\u00ADoper\u200Bate", "cooperate" },
        { "Ελλάδα", "ελλαδα" },
        { "№ 5", "no 5" },
    };
    CHECK(dgmi_fold, rows);
}

static void other_scripts_lose_only_what_writers_leave_out(void **state)
{
    (void)state;
    static const row rows[] = {
        { "Ёлка", "елка" },
        { "ЙОД и\u0306од", "йод йод" },
        { "Київ Ки\u0456\u0308в", "київ київ" },
        { "за\u0301мок", "замок" },
        { "Ќе", "ќе" },
        { "مُحَمَّد", "محمد" },
        { "أحمد إلى آل", "احمد الي ال" },
        { "مؤتمر مسائل", "مؤتمر مسائل" },
        { "کرملین", "كرملين" },
        { "القـــوات", "القوات" },
        { "שָׁלוֹם", "שלום" },
        { "١٢٣ ۴۵ ०१", "123 45 01" },
        { "\u1112\u1161\u11ab", "한" },
        { "ｶﾞ カ\u3099", "ガ ガ" },
        { "नमस्ते", "नमस्ते" },
    };
    CHECK(dgmi_fold, rows);
}

static void keys_are_equal_whatever_the_spacing(void **state)
{
    (void)state;
    static const row rows[] = {
        { "Russian  Federation", "russian federation" },
        { " russian\u00A0federation. ", "russian federation" },
        { "Côte d'Ivoire", "cote d ivoire" },
        { "U.S. — China", "u s china" },
        { "C++", "c++" },
        { "...", "" },
        { "", "" },
        { "Министерство\nиностранных дел", "министерство иностранных дел" },
    };
    CHECK(dgmi_fold_key, rows);
}

static void a_key_says_when_it_did_not_fit(void **state)
{
    (void)state;
    dgmi_buf out;
    dgmi_buf_init(&out, 8);
    dgmi_fold_key(&out, "much longer than that", 21);
    assert_true(out.failed);
    dgmi_buf_clear(&out);
}

static void a_word_keeps_only_what_makes_words(void **state)
{
    (void)state;
    char out[8];
    assert_int_equal(dgmi_fold_word("Ö’B.", 6, false, out, sizeof out), 2);
    assert_memory_equal(out, "ob", 2);
    assert_int_equal(dgmi_fold_word("2.5é", 5, true, out, sizeof out), 4);
    assert_memory_equal(out, "2.5e", 4);
    assert_int_equal(dgmi_fold_word("жжжжж", 10, false, out, 7), 6);
}

static void folding_twice_is_folding_once(void **state)
{
    (void)state;
    for (uint32_t c = 1; c < 0x30000; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        char text[4];
        unsigned n = dgmi_utf8_put(c, text);
        dgmi_buf once, twice;
        dgmi_buf_init(&once, 0);
        dgmi_buf_init(&twice, 0);
        dgmi_fold(&once, text, n);
        dgmi_fold(&twice, once.p, once.n);
        if (once.n != twice.n || (once.n > 0 && memcmp(once.p, twice.p, once.n) != 0))
            fail_msg("U+%04X: %s, then %s", c, once.p, twice.p);
        dgmi_buf_clear(&once);
        dgmi_buf_clear(&twice);
    }
}

static void long_texts_fold_as_their_pieces_do(void **state)
{
    (void)state;
    static const char *const pieces[] = { "Ёлка ", "한국 ", "E\u0301t\u00E9 ",
                                          "कि\u093C ", "\u0301" };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        dgmi_buf text, folded, expected, piece;
        dgmi_buf_init(&text, 0);
        dgmi_buf_init(&folded, 0);
        dgmi_buf_init(&expected, 0);
        dgmi_buf_init(&piece, 0);
        dgmi_fold(&piece, pieces[i], strlen(pieces[i]));
        for (int k = 0; k < 1000; k++) {
            dgmi_buf_puts(&text, pieces[i]);
            dgmi_buf_put(&expected, piece.p, piece.n);
        }
        dgmi_fold(&folded, text.p, text.n);
        assert_int_equal(folded.n, expected.n);
        if (folded.n > 0)
            assert_memory_equal(folded.p, expected.p, folded.n);
        dgmi_buf_clear(&text);
        dgmi_buf_clear(&folded);
        dgmi_buf_clear(&expected);
        dgmi_buf_clear(&piece);
    }
}

/* A character that folding drops keeps a text from being taken for plain ASCII. */
static void keys_of_plain_text_are_those_of_any_text(void **state)
{
    (void)state;
    unsigned seed = 5;
    for (int round = 0; round < 20000; round++) {
        char plain[24], marked[32];
        size_t n = 0;
        for (; n < (unsigned)round % 20; n++) {
            seed = seed * 1664525u + 1013904223u;
            plain[n] = (char)(' ' + (seed >> 16) % ('~' - ' ' + 1));
        }
        memcpy(marked, plain, n);
        memcpy(marked + n, "\u200B", 3);
        dgmi_buf a, b;
        dgmi_buf_init(&a, 0);
        dgmi_buf_init(&b, 0);
        dgmi_fold_key(&a, plain, n);
        dgmi_fold_key(&b, marked, n + 3);
        assert_int_equal(a.n, b.n);
        assert_true(a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
        dgmi_buf_clear(&a);
        dgmi_buf_clear(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_accents_and_signs_are_made_plain),
        cmocka_unit_test(other_scripts_lose_only_what_writers_leave_out),
        cmocka_unit_test(keys_are_equal_whatever_the_spacing),
        cmocka_unit_test(a_key_says_when_it_did_not_fit),
        cmocka_unit_test(a_word_keeps_only_what_makes_words),
        cmocka_unit_test(folding_twice_is_folding_once),
        cmocka_unit_test(long_texts_fold_as_their_pieces_do),
        cmocka_unit_test(keys_of_plain_text_are_those_of_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
