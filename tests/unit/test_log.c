/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/log.c and clock.c. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "utf8.h"

typedef struct heard {
    int count;
    char level[16], text[2048];
} heard;

static void hear(void *user, const char *level, const char *text)
{
    heard *h = user;
    h->count++;
    snprintf(h->level, sizeof h->level, "%s", level);
    snprintf(h->text, sizeof h->text, "%s", text);
}

static void the_callback_hears_one_line(void **state)
{
    (void)state;
    heard h = { 0 };
    dgmi_log log = { hear, &h };
    dgmi_say(&log, "warning", "%s:%d: torn\nline", "000001.ndjson", 7);
    assert_int_equal(h.count, 1);
    assert_string_equal(h.level, "warning");
    assert_string_equal(h.text, "000001.ndjson:7: torn line");
}

static void without_a_callback_nothing_happens(void **state)
{
    (void)state;
    dgmi_log silent = { NULL, NULL };
    dgmi_say(&silent, "info", "%d", 1);
    dgmi_say(NULL, "info", "%d", 1);
}

static void a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    heard h = { 0 };
    dgmi_log log = { hear, &h };
    char text[3000];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xE2\x80\x93", 4);
        dgmi_say(&log, "info", "%s", text);
        assert_true(strlen(h.text) > 1000);
        assert_true(dgmi_utf8_valid(h.text, strlen(h.text)));
    }
}

static void the_measuring_clock_never_goes_back(void **state)
{
    (void)state;
    uint64_t before = dgmi_now_us();
    for (int i = 0; i < 1000; i++) {
        uint64_t now = dgmi_now_us();
        assert_true(now >= before);
        before = now;
    }
    assert_true(dgmi_wall_time() > 1600000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_callback_hears_one_line),
        cmocka_unit_test(without_a_callback_nothing_happens),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(the_measuring_clock_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
