/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of word distances and patterns. */
#include "desk.h"

#include "distance.h"

static const struct {
    const char *a, *b;
    unsigned distance; /* 3: more than 2 */
} pairs[] = {
    { "", "", 0 },
    { "a", "", 1 },
    { "kyiv", "kyiv", 0 },
    { "kyiv", "kiev", 2 },
    { "kyiv", "kiyv", 1 },
    { "ab", "ba", 1 },
    { "sanktions", "sanctions", 1 },
    { "abc", "cab", 2 },
    { "abcd", "badc", 2 },
    { "ca", "abc", 3 },
    { "minister", "ministers", 1 },
    { "м\u0438р", "м\u044bр", 1 },
    { "abcdef", "ghijkl", 3 },
    { "abcdefgh", "bcdefgha", 2 },
    { "a", "abcd", 3 },
};

static void distance_counts_changes_of_characters(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        dgmi_str a = dgmi_str_of(pairs[i].a), b = dgmi_str_of(pairs[i].b);
        for (unsigned most = 0; most <= 2; most++) {
            bool want = pairs[i].distance <= most;
            if (dgmi_is_near_word(a, b, most) != want ||
                dgmi_is_near_word(b, a, most) != want)
                fail_msg("%s %s within %u", a.p, b.p, most);
        }
    }
}

static void words_beyond_bounds_are_never_near(void **state)
{
    (void)state;
    char word[80];
    memset(word, 'a', sizeof word);
    dgmi_str s = { word, 65 }, t = { word, 64 };
    assert_false(dgmi_is_near_word(s, s, 2));
    assert_true(dgmi_is_near_word(t, t, 0));
}

static unsigned draw(unsigned below)
{
    static unsigned seed = 1;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Up to `most` letters out of a few. */
static dgmi_str draw_word(char *to, unsigned most)
{
    static const char *const letters[] = { "a", "b", "c", "A", "ж", "Ж", "d", "ā" };
    size_t n = 0;
    for (unsigned left = draw(most + 1); left > 0; left--) {
        const char *letter = letters[draw(8)];
        memcpy(to + n, letter, strlen(letter));
        n += strlen(letter);
    }
    return (dgmi_str){ to, n };
}

static void letters_never_tell_a_near_word_to_be_far(void **state)
{
    (void)state;
    char a[20], b[20];
    unsigned near = 0, far = 0;
    for (unsigned i = 0; i < 200000; i++) {
        dgmi_str x = draw_word(a, 7), y = draw_word(b, 7);
        dgmi_letters of_x = dgmi_letters_of(x), of_y = dgmi_letters_of(y);
        for (unsigned most = 0; most <= 2; most++) {
            bool may = dgmi_may_be_near(of_x, of_y, most);
            bool is = dgmi_is_near_word(x, y, most);
            if (is && !may)
                fail_msg("%.*s %.*s within %u", (int)x.n, a, (int)y.n, b, most);
            near += is;
            far += !may;
        }
    }
    assert_true(near > 10000 && far > 300000);
}

static const struct {
    const char *word, *pattern;
    bool fits;
} fits[] = {
    { "woman", "wom?n", true },
    { "women", "wom?n", true },
    { "womn", "wom?n", false },
    { "organisation", "organi?ation*", true },
    { "organizations", "organi?ation*", true },
    { "abc", "a*c", true },
    { "abcbc", "a*c", true },
    { "abcd", "a*c", false },
    { "ac", "a*c", true },
    { "", "*", true },
    { "", "", true },
    { "a", "", false },
    { "м\u0438р", "м?р", true },
    { "aaab", "a*a*b", true },
    { "aaa", "a*b*", false },
};

static void pattern_stands_for_what_its_stars_and_marks_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fits / sizeof fits[0]; i++) {
        if (dgmi_fits_pattern(dgmi_str_of(fits[i].word), fits[i].pattern) != fits[i].fits)
            fail_msg("%s and %s", fits[i].word, fits[i].pattern);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_counts_changes_of_characters),
        cmocka_unit_test(words_beyond_bounds_are_never_near),
        cmocka_unit_test(letters_never_tell_a_near_word_to_be_far),
        cmocka_unit_test(pattern_stands_for_what_its_stars_and_marks_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
