/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the word diff: a table, and properties over random texts. Depends on cmocka
 * and lib/text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "diff.h"
#include "myers.h"

static dgmi_diff *diff_of(const char *before, const char *after)
{
    dgmi_diff *diff = NULL;
    assert_int_equal(
        dgmi_diff_texts(dgmi_str_of(before), dgmi_str_of(after), &diff, NULL), DGM_OK);
    return diff;
}

/* "same [-removed-] {+added+}" */
static void spell(dgmi_buf *out, const dgmi_diff *diff, const char *before,
                  const char *after)
{
    static const char *const open[] = { "", "[-", "{+" }, *const close[] = { "", "-]",
                                                                             "+}" };
    for (size_t i = 0; i < diff->n_runs; i++) {
        const dgmi_diff_run *r = &diff->runs[i];
        dgmi_buf_puts(out, open[r->kind]);
        if (r->kind == DGMI_REMOVED)
            dgmi_buf_put(out, before + r->old_from, r->old_to - r->old_from);
        else
            dgmi_buf_put(out, after + r->new_from, r->new_to - r->new_from);
        dgmi_buf_puts(out, close[r->kind]);
    }
}

typedef struct row {
    const char *before, *after, *diff;
    uint32_t removed, added;
} row;

static void a_diff_says_what_a_reader_would_say(void **state)
{
    (void)state;
    static const row rows[] = {
        { "", "", "", 0, 0 },
        { "Same.", "Same.", "Same.", 0, 0 },
        { "", "All new.", "{+All new.+}", 0, 2 },
        { "All gone.", "", "[-All gone.-]", 2, 0 },
        { "The minister met the envoy.", "The minister met two envoys.",
          "The minister met [-the envoy-]{+two envoys+}.", 2, 2 },
        { "He paid 1,087 roubles.", "He paid 1,078 roubles.",
          "He paid [-1,087 -]{+1,078 +}roubles.", 1, 1 },
        { "It rose 2.5 percent", "It rose 2.5, percent", "It rose 2.5{+, +}percent", 0,
          0 },
        { "a cyber-attack", "a cyber attack", "a cyber [---]attack", 0, 0 },
        { "don't go", "dont go", "[-don't -]{+dont +}go", 1, 1 },
        { "One.\n\nTwo.\n\nThree.", "One.\n\nThree.", "One.\n\n[-Two.\n\n-]Three.", 1,
          0 },
        { "One. Two.", "One.\n\nTwo.", "One.{+\n\n+}Two.", 0, 0 },
        { "Он встретил посла.", "Он не встретил посла.", "Он {+не +}встретил посла.", 0,
          1 },
        { "会议结束了", "会议没结束", "会议{+没+}结束[-了-]", 1, 1 },
        /* "cafe" with a combining accent is one word, another than without */
        { "cafe now", "cafe\xCC\x81 now", "[-cafe -]{+cafe\xCC\x81 +}now", 1, 1 },
        /* what two different sentences share by chance does not break them up */
        { "Nobody could explain why the old bridge fell that night",
          "Experts from three towns blamed the heavy rains of spring",
          "[-Nobody could explain why the old bridge fell that night-]"
          "{+Experts from three towns blamed the heavy rains of spring+}",
          10, 10 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dgmi_buf out;
        dgmi_buf_init(&out, 0);
        dgmi_buf_puts(&out, "");
        dgmi_diff *diff = diff_of(rows[i].before, rows[i].after);
        spell(&out, diff, rows[i].before, rows[i].after);
        assert_string_equal(out.p, rows[i].diff);
        assert_int_equal(diff->removed, rows[i].removed);
        assert_int_equal(diff->added, rows[i].added);
        assert_false(diff->coarse);
        dgmi_diff_free(diff);
        dgmi_buf_clear(&out);
    }
}

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Runs put together give both texts again, and neighbours are of different kinds. */
static void check_runs(const dgmi_diff *diff, dgmi_str before, dgmi_str after)
{
    uint32_t old_at = 0, new_at = 0, words[3] = { 0, 0, 0 };
    for (size_t i = 0; i < diff->n_runs; i++) {
        const dgmi_diff_run *r = &diff->runs[i];
        assert_int_equal(r->old_from, old_at);
        assert_int_equal(r->new_from, new_at);
        assert_true(r->old_to >= r->old_from && r->new_to >= r->new_from);
        assert_true(r->kind != DGMI_ADDED || r->old_to == r->old_from);
        assert_true(r->kind != DGMI_REMOVED || r->new_to == r->new_from);
        assert_true(i == 0 || diff->runs[i - 1].kind != r->kind);
        old_at = r->old_to;
        new_at = r->new_to;
        words[r->kind] += r->words;
    }
    assert_int_equal(old_at, before.n);
    assert_int_equal(new_at, after.n);
    assert_int_equal(words[DGMI_SAME], diff->same);
    assert_int_equal(words[DGMI_REMOVED], diff->removed);
    assert_int_equal(words[DGMI_ADDED], diff->added);
}

static void runs_put_together_are_both_texts(void **state)
{
    (void)state;
    static const char *const pieces[] = { "a", "b", "c",  " ",    " ",   ".", "\n\n",
                                          "é", "-", "会", "\xFF", "1,2", "'" };
    uint32_t seed = 4711;
    for (int round = 0; round < 3000; round++) {
        dgmi_buf text[2];
        dgmi_diff *diff = NULL;
        for (int i = 0; i < 2; i++) {
            dgmi_buf_init(&text[i], 0);
            for (uint32_t n = next(&seed) % 40; n > 0; n--)
                dgmi_buf_puts(&text[i], pieces[next(&seed) % 13]);
        }
        assert_int_equal(
            dgmi_diff_texts(dgmi_buf_str(&text[0]), dgmi_buf_str(&text[1]), &diff, NULL),
            DGM_OK);
        check_runs(diff, dgmi_buf_str(&text[0]), dgmi_buf_str(&text[1]));
        dgmi_diff_free(diff);
        dgmi_buf_clear(&text[0]);
        dgmi_buf_clear(&text[1]);
    }
}

enum { MOST = 24 };

/* Length of the longest common subsequence, the plain way. */
static uint32_t common(const uint64_t *a, uint32_t n, const uint64_t *b, uint32_t m)
{
    uint32_t best[MOST + 1][MOST + 1] = { { 0 } };
    for (uint32_t i = 1; i <= n; i++) {
        for (uint32_t k = 1; k <= m; k++) {
            uint32_t up = best[i - 1][k], left = best[i][k - 1];
            best[i][k] = a[i - 1] == b[k - 1] ? best[i - 1][k - 1] + 1
                         : up > left          ? up
                                              : left;
        }
    }
    return best[n][m];
}

static void an_edit_is_a_shortest_one(void **state)
{
    (void)state;
    uint32_t seed = 99;
    for (int round = 0; round < 20000; round++) {
        uint64_t a[MOST], b[MOST], work = UINT64_MAX;
        bool in_a[MOST] = { false }, in_b[MOST] = { false };
        uint32_t n = next(&seed) % MOST, m = next(&seed) % MOST,
                 letters = 1 + next(&seed) % 5;
        for (uint32_t i = 0; i < MOST; i++) {
            a[i] = next(&seed) % letters;
            b[i] = next(&seed) % letters;
        }
        dgmi_sequence x = { a, in_a, n }, y = { b, in_b, m };
        assert_int_equal(dgmi_shortest_edit(&x, &y, &work), DGMI_EDIT_FOUND);
        uint32_t kept = 0, k = 0;
        for (uint32_t i = 0; i < n; i++) {
            if (in_a[i])
                continue;
            while (k < m && in_b[k])
                k++;
            assert_true(k < m && a[i] == b[k]);
            k++;
            kept++;
        }
        while (k < m && in_b[k])
            k++;
        assert_int_equal(k, m);
        assert_int_equal(kept, common(a, n, b, m));
    }
}

static void a_spent_budget_is_said(void **state)
{
    (void)state;
    uint64_t a[3] = { 1, 2, 3 }, b[3] = { 4, 5, 6 }, work = 3;
    bool in_a[3] = { false }, in_b[3] = { false };
    dgmi_sequence x = { a, in_a, 3 }, y = { b, in_b, 3 };
    assert_int_equal(dgmi_shortest_edit(&x, &y, &work), DGMI_EDIT_TOO_FAR);
    assert_int_equal(work, 0);
}

/* Paragraphs of random words; of one paragraph only a word changes. */
static void put_text(dgmi_buf *out, uint32_t seed, unsigned paragraphs, unsigned odd)
{
    for (unsigned i = 0; i < paragraphs; i++) {
        uint32_t own = i == odd ? seed + 1 : 7 + i;
        for (unsigned w = 0; w < 100; w++)
            dgmi_buf_printf(out, "w%u ", next(&own) % 5000);
        dgmi_buf_puts(out, "end.\n\n");
    }
}

static void a_text_of_too_many_words_is_compared_by_paragraphs(void **state)
{
    (void)state;
    dgmi_buf before, after;
    dgmi_diff *diff = NULL;
    dgmi_buf_init(&before, 0);
    dgmi_buf_init(&after, 0);
    put_text(&before, 1, 3000, 1500);
    put_text(&after, 2, 3000, 1500);
    assert_int_equal(
        dgmi_diff_texts(dgmi_buf_str(&before), dgmi_buf_str(&after), &diff, NULL),
        DGM_OK);
    check_runs(diff, dgmi_buf_str(&before), dgmi_buf_str(&after));
    assert_true(diff->coarse);
    assert_int_equal(diff->removed, 101);
    assert_int_equal(diff->added, 101);
    dgmi_diff_free(diff);
    dgmi_buf_clear(&before);
    dgmi_buf_clear(&after);
}

/* Nothing in common, and each word a few times over: the shortest edit is out of reach.
 */
static void texts_without_anything_in_common_cost_a_bounded_time(void **state)
{
    (void)state;
    dgmi_buf before, after;
    dgmi_diff *diff = NULL;
    dgmi_buf_init(&before, 0);
    dgmi_buf_init(&after, 0);
    for (unsigned i = 0; i < 90000; i++) {
        dgmi_buf_printf(&before, "a%u ", i % 9999);
        dgmi_buf_printf(&after, "b%u ", i % 9998);
    }
    assert_int_equal(
        dgmi_diff_texts(dgmi_buf_str(&before), dgmi_buf_str(&after), &diff, NULL),
        DGM_OK);
    check_runs(diff, dgmi_buf_str(&before), dgmi_buf_str(&after));
    assert_true(diff->coarse);
    assert_int_equal(diff->removed, 90000);
    dgmi_diff_free(diff);
    dgmi_buf_clear(&before);
    dgmi_buf_clear(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_diff_says_what_a_reader_would_say),
        cmocka_unit_test(runs_put_together_are_both_texts),
        cmocka_unit_test(an_edit_is_a_shortest_one),
        cmocka_unit_test(a_spent_budget_is_said),
        cmocka_unit_test(a_text_of_too_many_words_is_compared_by_paragraphs),
        cmocka_unit_test(texts_without_anything_in_common_cost_a_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
