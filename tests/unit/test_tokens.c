/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the tokenizer: tables of text and expected tokens, and properties over random
 * bytes. Depends on cmocka and lib/text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "chars.h"
#include "tokens.h"
#include "utf8.h"

/* "word@position"; a part has "/" and a whole "=" before it, an ideograph "#". */
static void spell(dgmi_buf *out, const char *text, size_t n)
{
    static const char signs[] = { ' ', '/', '=', '#' };
    dgmi_tokens t;
    dgmi_token token;
    dgmi_tokens_init(&t, text, n, 1);
    while (dgmi_tokens_next(&t, &token)) {
        if (out->n > 0)
            dgmi_buf_putc(out, ' ');
        if (token.kind != DGMI_WORD)
            dgmi_buf_putc(out, signs[token.kind]);
        dgmi_buf_put(out, token.text, token.n);
        dgmi_buf_printf(out, "@%u", token.position);
    }
}

typedef struct row {
    const char *text, *tokens;
} row;

static void check(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        dgmi_buf_puts(&out, "");
        spell(&out, rows[i].text, strlen(rows[i].text));
        assert_string_equal(out.n > 0 ? out.p : "", rows[i].tokens);
        dgmi_buf_clear(&out);
    }
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof(rows)[0])

static void plain_words_are_folded_and_counted(void **state)
{
    (void)state;
    static const row rows[] = {
        { "", "" },
        { "   \t\n.,;", "" },
        { "The Police, in 2021.", "the@1 police@2 in@3 2021@4" },
        { "(b2b)[x]", "b2b@1 x@2" },
        { "a", "a@1" },
        { "A/RES/75/240", "a@1 res@2 75@3 240@4" },
        { "@KremlinRussia #MFA", "kremlinrussia@1 mfa@2" },
        { "C++ and C#", "c@1 and@2 c@3" },
        { "www.un.org/en", "www@1 un@2 org@3 en@4" },
        { "$2.5bn or 2.5%", "2.5bn@1 or@2 2.5@3" },
        { "snake_case", "snake@1 case@2" },
    };
    CHECK(rows);
}

static void acronyms_and_initials_are_one_word(void **state)
{
    (void)state;
    static const row rows[] = {
        { "U.N. Security Council", "un@1 security@2 council@3" },
        { "UN Security Council", "un@1 security@2 council@3" },
        { "U.N", "un@1" },
        { "N.P. Patrushev", "np@1 patrushev@2" },
        { "N. P. Patrushev", "np@1 patrushev@2" },
        { "N.P.Patrushev", "np@1 patrushev@2" },
        { "Н. П. Патрушев", "нп@1 патрушев@2" },
        { "Н.П.Патрушев", "нп@1 патрушев@2" },
        { "N. Patrushev", "n@1 patrushev@2" },
        { "A. P. J. Abdul Kalam", "apj@1 abdul@2 kalam@3" },
        { "e.g. this, i.e. that at 5 p.m.", "eg@1 this@2 ie@3 that@4 at@5 5@6 pm@7" },
        { "the U.S. I. Ivanov", "the@1 us@2 i@3 ivanov@4" },
        { "the U.N.'s role", "the@1 un@2 role@3" },
        { "the U.S.-led force", "the@1 =usled@2 /us@2 /led@3 force@4" },
        { "Plan B.\nC. Smith", "plan@1 b@2 c@3 smith@4" },
        { "U.Nations", "u@1 nations@2" },
        { "plan b. c. d", "plan@1 b@2 c@3 d@4" },
    };
    CHECK(rows);
}

static void apostrophes_join_part_or_vanish(void **state)
{
    (void)state;
    static const row rows[] = {
        { "Russia's", "russia@1" },
        { "Russia’s", "russia@1" },
        { "RUSSIA'S", "russia@1" },
        { "Zelenskyy’s speech", "zelenskyy@1 speech@2" },
        { "the ministers' talks", "the@1 ministers@2 talks@3" },
        { "don't", "dont@1" },
        { "O'Brien and O’Brien", "obrien@1 and@2 obrien@3" },
        { "l'Europe", "europe@1" },
        { "Jeanne d’Arc", "jeanne@1 arc@2" },
        { "Côte d'Ivoire", "cote@1 ivoire@2" },
        { "coup d'état", "coup@1 etat@2" },
        { "qu'il", "il@1" },
        { "dell’Unione", "unione@1" },
        { "N'Djamena", "ndjamena@1" },
        { "Sana'a", "sanaa@1" },
        { "м’який", "мякий@1" },
        { "Oʻzbekiston", "ozbekiston@1" },
        { "'quoted' ‘words’", "quoted@1 words@2" },
        { "the 1990's", "the@1 1990@2" },
        { "rock'n'roll", "rocknroll@1" },
        { "l'", "l@1" },
        { "it's.", "it@1" },
    };
    CHECK(rows);
}

static void hyphens_give_parts_and_the_whole(void **state)
{
    (void)state;
    static const row rows[] = {
        { "cyber-attack now", "=cyberattack@1 /cyber@1 /attack@2 now@3" },
        { "cyber‑attack", "=cyberattack@1 /cyber@1 /attack@2" },
        { "e-mail", "=email@1 /e@1 /mail@2" },
        { "COVID-19", "=covid19@1 /covid@1 /19@2" },
        { "covid19 Covid 19", "covid19@1 covid@2 19@3" },
        { "Nagorno-Karabakh’s", "=nagornokarabakh@1 /nagorno@1 /karabakh@2" },
        { "state-of-the-art", "=stateoftheart@1 /state@1 /of@2 /the@3 /art@4" },
        { "pre- and post-war", "pre@1 and@2 =postwar@3 /post@3 /war@4" },
        { "-5 and --x", "5@1 and@2 x@3" },
        { "talks–in Minsk—ended", "talks@1 in@2 minsk@3 ended@4" },
        { "2014–2020", "2014@1 2020@2" },
        { "2021-06-16", "2021@1 06@2 16@3" },
        { "1,087-strong", "=1087strong@1 /1087@1 /strong@2" },
        { "vice-président d'Air-France",
          "=vicepresident@1 /vice@1 /president@2 =airfrance@3 /air@3 "
          "/france@4" },
        { "COVID-中", "covid@1 #中@2" },
    };
    CHECK(rows);
}

static void numbers_keep_their_decimals_and_lose_their_commas(void **state)
{
    (void)state;
    static const row rows[] = {
        { "1,087 civilians", "1087@1 civilians@2" },
        { "1,234,567.89", "1234567.89@1" },
        { "1,2 and 1,2345", "1@1 2@2 and@3 1@4 2345@5" },
        { "2021,500", "2021@1 500@2" },
        { "2.5", "2.5@1" },
        { "It grew 2.5.", "it@1 grew@2 2.5@3" },
        { "16.06.2021", "16@1 06@2 2021@3" },
        { "3.14-3.15", "3.14@1 3.15@2" },
        { "٢٠٢١", "2021@1" },
        { "CO₂ and word¹", "co2@1 and@2 word@3" },
        { "2½", "2@1" },
    };
    CHECK(rows);
}

static void letters_of_every_script_are_found(void **state)
{
    (void)state;
    static const row rows[] = {
        { "Straße", "strasse@1" },
        { "İstanbul", "istanbul@1" },
        { "ﬁnance", "finance@1" },
        { "ＡＢＣ １２", "abc@1 12@2" },
        { "Ёлка елка", "елка@1 елка@2" },
        { "Йод", "йод@1" },
        { "и\u0306од", "йод@1" },
        { "Ελλάδα ΕΛΛΑΣ", "ελλαδα@1 ελλασ@2" },
        { "한국어 단어", "한국어@1 단어@2" },
        { "中国人", "#中@1 #国@2 #人@3" },
        { "カ\u3099 ガ ｶﾞ", "#ガ@1 #ガ@2 #ガ@3" },
        { "สวัสดี", "#ส@1 #วั@2 #ส@3 #ดี@4" },
        { "नमस्ते दुनिया", "नमस्ते@1 दुनिया@2" },
        { "مُحَمَّد محمد", "محمد@1 محمد@2" },
        { "القـــوات", "القوات@1" },
        { "می\u200Cخواهم", "ميخواهم@1" },
        { "co\u00ADop\u200Der\u2060ation", "cooperation@1" },
        { "Łódź Ørsted Æther Đà", "lodz@1 orsted@2 aether@3 da@4" },
        { "iPhone手机", "iphone@1 #手@2 #机@3" },
        { "e\u0301te\u0301", "ete@1" },
        { "naïve–„café“", "naive@1 cafe@2" },
        { "שָׁלוֹם", "שלום@1" },
        { "น้ำ", "#น้ำ@1" },
    };
    CHECK(rows);
}

static void tokens_tell_their_source_and_capitals(void **state)
{
    (void)state;
    const char *text = "The Zelenskyy’s N. P. d'Arc café.";
    static const struct {
        const char *source;
        bool capital;
    } rows[] = {
        { "The", true }, { "Zelenskyy", true }, { "N. P.", true },
        { "Arc", true }, { "café", false },
    };
    dgmi_tokens t;
    dgmi_token token;
    dgmi_tokens_init(&t, text, strlen(text), 7);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(dgmi_tokens_next(&t, &token));
        assert_int_equal(token.to - token.from, strlen(rows[i].source));
        assert_memory_equal(text + token.from, rows[i].source, token.to - token.from);
        assert_int_equal(token.capital, rows[i].capital);
        assert_int_equal(token.position, 7 + i);
        assert_int_equal(token.width, 1);
    }
    assert_false(dgmi_tokens_next(&t, &token));
    assert_false(dgmi_tokens_next(&t, &token));
    assert_int_equal(t.position, 12);
}

static void a_whole_covers_the_positions_of_its_parts(void **state)
{
    (void)state;
    dgmi_tokens t;
    dgmi_token token;
    dgmi_tokens_init(&t, "state-of-the-art", 16, 1);
    assert_true(dgmi_tokens_next(&t, &token));
    assert_int_equal(token.kind, DGMI_WHOLE);
    assert_int_equal(token.width, 4);
    assert_int_equal(token.from, 0);
    assert_int_equal(token.to, 16);
}

static void long_words_are_cut_at_a_character(void **state)
{
    (void)state;
    char text[601];
    for (size_t i = 0; i < 600; i += 2)
        memcpy(text + i, "ж", 2);
    dgmi_tokens t;
    dgmi_token token;
    dgmi_tokens_init(&t, text, 600, 1);
    assert_true(dgmi_tokens_next(&t, &token));
    assert_int_equal(token.n, 64);
    assert_int_equal(token.to, 600);
    assert_false(dgmi_tokens_next(&t, &token));
    memset(text, 'X', 600);
    dgmi_tokens_init(&t, text, 600, 1);
    assert_true(dgmi_tokens_next(&t, &token));
    assert_int_equal(token.n, 64);
    assert_int_equal(token.to, 600);
    assert_false(dgmi_tokens_next(&t, &token));
}

static void compounds_of_many_parts_are_cut_into_several(void **state)
{
    (void)state;
    char text[200];
    for (size_t i = 0; i < 100; i++)
        memcpy(text + 2 * i, i % 2 ? "b-" : "a-", 2);
    dgmi_tokens t;
    dgmi_token token;
    unsigned wholes = 0, parts = 0;
    dgmi_tokens_init(&t, text, 199, 1);
    while (dgmi_tokens_next(&t, &token)) {
        wholes += token.kind == DGMI_WHOLE;
        parts += token.kind == DGMI_PART;
    }
    assert_int_equal(parts, 100);
    assert_int_equal(wholes, 7);
}

/* Walks all of a text, and checks what must hold of any token. */
static size_t walk(const char *p, size_t n)
{
    dgmi_tokens t;
    dgmi_token token;
    uint32_t position = 1;
    size_t count = 0;
    dgmi_tokens_init(&t, p, n, 1);
    for (; dgmi_tokens_next(&t, &token); count++) {
        assert_in_range(token.n, 1, DGMI_TOKEN_MAX);
        assert_true(token.from < token.to && token.to <= n);
        assert_true(dgmi_utf8_valid(token.text, token.n));
        assert_true(dgmi_utf8_valid(p + token.from, token.to - token.from));
        assert_in_range(token.position, position, position + 1);
        position = token.position;
    }
    return count;
}

static void huge_words_take_linear_time(void **state)
{
    (void)state;
    static const char *const fillings[] = { "a",   "é",  "a'",     "a.",     "1,",
                                            "1.",  "-a", "\u0301", "\u00AD", "A. ",
                                            "l'a", "中", "1,000" };
    const size_t size = 10u << 20;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t f = 0; f < sizeof fillings / sizeof fillings[0]; f++) {
        size_t len = strlen(fillings[f]), n = 0;
        text[n++] = 'x';
        for (; n + len <= size; n += len)
            memcpy(text + n, fillings[f], len);
        assert_in_range(walk(text, n), 1, size);
    }
    free(text);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Text of characters that tokens care for, at random. */
static void put_random(dgmi_buf *out, uint32_t *seed)
{
    static const uint32_t chars[] = { 'a',    'B',    '1',   '.',     '\'',   '-',
                                      ',',    ' ',    ' ',   's',     0x2019, 0xAD,
                                      0x301,  0x4E2D, 0x439, 0x200D,  0xE9,   0xFDFA,
                                      0xFF76, 0xFF9E, 0xE33, 0x1F600, 0x640,  0x1100,
                                      0x1161, '\n' };
    uint32_t r = next_random(seed);
    if (r % 16 == 0)
        dgmi_buf_put_char32(out, next_random(seed) % 0x110000);
    else
        dgmi_buf_put_char32(out, chars[r / 16 % (sizeof chars / sizeof chars[0])]);
}

static void random_text_is_walked_without_overrun(void **state)
{
    (void)state;
    uint32_t seed = 20210616;
    for (int round = 0; round < 3000; round++) {
        dgmi_buf raw, clean;
        dgmi_buf_init(&raw, 0);
        dgmi_buf_init(&clean, 0);
        for (uint32_t n = next_random(&seed) % 200; n > 0; n--) {
            if (round % 2)
                dgmi_buf_putc(&raw, (char)next_random(&seed));
            else
                put_random(&raw, &seed);
        }
        dgmi_utf8_clean(&clean, raw.p, raw.n);
        char *exact =
            malloc(clean.n + 1); /* so that a sanitizer sees one byte too many */
        memcpy(exact, clean.n > 0 ? clean.p : "", clean.n);
        walk(exact, clean.n);
        free(exact);
        dgmi_buf_clear(&raw);
        dgmi_buf_clear(&clean);
    }
}

/* A soft hyphen changes nothing of a word but that it is read the thorough way. */
static void the_quick_and_the_thorough_way_agree(void **state)
{
    (void)state;
    static const char *const letters[] = { "a", "Z", "7", "я", "А", "Ё",
                                           "ё", "й", "Й", "Є", "ў" };
    uint32_t seed = 42;
    for (int round = 0; round < 5000; round++) {
        bool russian = next_random(&seed) % 2;
        size_t quick_n = 0, slow_n = 0;
        char quick[400], slow[400];
        for (uint32_t i = 0, n = 2 + next_random(&seed) % 60; i < n; i++) {
            uint32_t which =
                russian ? 3 + next_random(&seed) % 6 : next_random(&seed) % 11;
            size_t len = strlen(letters[which]);
            memcpy(quick + quick_n, letters[which], len);
            memcpy(slow + slow_n, letters[which], len);
            quick_n += len;
            slow_n += len;
            if (i == 0) {
                memcpy(slow + slow_n, "\u00AD", 2);
                slow_n += 2;
            }
        }
        dgmi_tokens t, u;
        dgmi_token a, b;
        dgmi_tokens_init(&t, quick, quick_n, 1);
        dgmi_tokens_init(&u, slow, slow_n, 1);
        assert_true(dgmi_tokens_next(&t, &a) && dgmi_tokens_next(&u, &b));
        assert_int_equal(a.n, b.n);
        assert_memory_equal(a.text, b.text, a.n);
        assert_int_equal(a.capital, b.capital);
        assert_int_equal(a.to, quick_n);
        assert_int_equal(b.to, slow_n);
    }
}

static void a_token_is_a_token_of_itself(void **state)
{
    (void)state;
    for (uint32_t c = 0x80; c < 0x30000; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        char text[8] = "a";
        size_t n = 1 + dgmi_utf8_put(c, text + 1);
        text[n++] = 'b';
        dgmi_tokens t, again;
        dgmi_token token, same;
        dgmi_tokens_init(&t, text, n, 1);
        while (dgmi_tokens_next(&t, &token)) {
            dgmi_tokens_init(&again, token.text, token.n, 1);
            if (token.kind ==
                DGMI_IDEO) /* Kana digraphs and square words fold to several */
                continue;
            if (!dgmi_tokens_next(&again, &same) || same.n != token.n ||
                memcmp(same.text, token.text, token.n) != 0)
                fail_msg("U+%04X: %.*s", c, (int)token.n, token.text);
        }
    }
}

static void a_walk_can_restart_before_any_token(void **state)
{
    (void)state;
    const char *text =
        "Mr. N. P. Patrushev of the U.S.-led l'Europe 16.06.2021,\nA. B. says";
    size_t n = strlen(text);
    dgmi_tokens whole, part;
    dgmi_token token, found;
    dgmi_tokens_init(&whole, text, n, 1);
    while (dgmi_tokens_next(&whole, &token)) {
        dgmi_tokens_init(&part, text, n, 1);
        part.at = dgmi_tokens_restart(text, n, token.from);
        do
            assert_true(dgmi_tokens_next(&part, &found));
        while (found.from != token.from || found.to != token.to);
        assert_int_equal(found.n, token.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_words_are_folded_and_counted),
        cmocka_unit_test(acronyms_and_initials_are_one_word),
        cmocka_unit_test(apostrophes_join_part_or_vanish),
        cmocka_unit_test(hyphens_give_parts_and_the_whole),
        cmocka_unit_test(numbers_keep_their_decimals_and_lose_their_commas),
        cmocka_unit_test(letters_of_every_script_are_found),
        cmocka_unit_test(tokens_tell_their_source_and_capitals),
        cmocka_unit_test(a_whole_covers_the_positions_of_its_parts),
        cmocka_unit_test(long_words_are_cut_at_a_character),
        cmocka_unit_test(compounds_of_many_parts_are_cut_into_several),
        cmocka_unit_test(huge_words_take_linear_time),
        cmocka_unit_test(random_text_is_walked_without_overrun),
        cmocka_unit_test(the_quick_and_the_thorough_way_agree),
        cmocka_unit_test(a_token_is_a_token_of_itself),
        cmocka_unit_test(a_walk_can_restart_before_any_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
