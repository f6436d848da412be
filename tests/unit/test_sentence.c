/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of sentence ends and headline cuts. Depends on cmocka and lib/text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sentence.h"
#include "utf8.h"

/* "|" marks where sentences end. */
static void sentences_end_where_a_reader_would_say(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "One came.| Two left.|",
        "No mark at all|",
        "Is it so?| Yes!| Well...| Fine?!| End|",
        "“We agreed.”| The others did not.|",
        "“What?” he asked.| Nobody knew.|",
        "Said N. P. Orlov of the U.N. Security Council.| Then he left.|",
        "He lives in the U.S.| The family does not.|",
        "Mr. Brown met Gen. Green at No. 5.| Dr. Gray came.|",
        "It grew 2.5 percent in 2021.| It fell by 1.3 in May.|",
        "Take e.g. this one.| Or approx. 5 more.|",
        "1. Open the door.| 2. Close it.|",
        "A title\n\n| A paragraph.|",
        "Broken\nline goes on.| Next.|",
        "Он сказал, т.е. подтвердил.| В 2021 г. Москва согласилась.|",
        "会议结束了。|大家走了。|",
        "ماذا حدث؟| لا شيء.|",
        "(It was so.)| Yes.|",
        "Wait… what?| Wait…| What?|",
        "See example.com for more.| Done.|",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        size_t n = 0, ends[8], count = 0;
        for (const char *p = rows[i]; *p; p++) {
            if (*p == '|')
                ends[count++] = n;
            else
                text[n++] = *p;
        }
        text[n] = '\0';
        size_t at = 0;
        for (size_t k = 0; k < count; k++) {
            size_t end = dgmi_sentence_end(text, n, at);
            while (end < n &&
                   text[end] == '\n') /* the table has the line ends before the mark */
                end++;
            if (end != ends[k])
                fail_msg("%s: sentence %zu ends at %zu, not %zu", text, k, end, ends[k]);
            at = end;
            while (at < n && text[at] == ' ')
                at++;
        }
        assert_int_equal(at, n);
    }
}

static void headlines_are_cut_at_a_word(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t max;
        const char *head;
        bool cut;
    } rows[] = {
        { "Short one. And more.", 40, "Short one.", false },
        { "A sentence that is too long for this", 20, "A sentence that is", true },
        { "A sentence, that is too long for this", 12, "A sentence", true },
        { "Сотрудничество продолжается без конца", 20, "Сотрудничество", true },
        { "会议结束了而且大家都走了", 5, "会议结束了", true },
        { "Supercalifragilistic", 8, "Supercal", true },
        { "cafe\u0301cafe\u0301", 4, "caf", true },
        { "", 10, "", false },
        { "One\n\nTwo", 10, "One", false },
        { "...... ......", 3, "...", true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool cut;
        size_t n =
            dgmi_headline_cut(rows[i].text, strlen(rows[i].text), rows[i].max, &cut);
        if (n != strlen(rows[i].head) || memcmp(rows[i].text, rows[i].head, n) != 0)
            fail_msg("%s: %.*s", rows[i].text, (int)n, rows[i].text);
        assert_int_equal(cut, rows[i].cut);
    }
}

static void any_bytes_have_an_end(void **state)
{
    (void)state;
    static const char chars[] = "aB1. .!\n\n?\"')-\xC3\xA9\xE2\x80\xA6\xD0\x96";
    uint32_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        char text[64];
        bool cut;
        size_t n = (size_t)(seed >> 16) % sizeof text, at = 0;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1103515245u + 12345u;
            text[i] = chars[(seed >> 16) % (sizeof chars - 1)];
        }
        while (at < n) {
            size_t end = dgmi_sentence_end(text, n, at);
            assert_true(end > at && end <= n);
            at = end;
        }
        assert_true(dgmi_headline_cut(text, n, 10, &cut) <= n);
        seed = seed * 1103515245u + 12345u;
    }
}

static void long_text_takes_linear_time(void **state)
{
    (void)state;
    static const char *const fillings[] = { "a", "a.", "A. ", "1.", ".", "é", "\"" };
    const size_t size = 4u << 20;
    char *text = malloc(size);
    assert_non_null(text);
    for (size_t f = 0; f < sizeof fillings / sizeof fillings[0]; f++) {
        size_t len = strlen(fillings[f]), n = 0;
        bool cut;
        for (; n + len <= size; n += len)
            memcpy(text + n, fillings[f], len);
        for (size_t at = 0; at < n;)
            at = dgmi_sentence_end(text, n, at);
        assert_true(dgmi_headline_cut(text, n, 100, &cut) <= n);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_end_where_a_reader_would_say),
        cmocka_unit_test(headlines_are_cut_at_a_word),
        cmocka_unit_test(any_bytes_have_an_end),
        cmocka_unit_test(long_text_takes_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
