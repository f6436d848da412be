/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/wire/peek.c. Depends on lib/wire. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "wire.h"

static void what_a_push_is_can_be_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool id, type, is_text, words;
    } table[] = {
        { "{}", false, false, false, false },
        { "{\"guid\":\"a\",\"type\":\"text\"}", true, true, true, false },
        { "{\"_id\":\"a\",\"type\":\"text\",\"headline\":\"H\"}", true, true, true,
          true },
        { "{\"uri\":\"a\",\"type\":\"picture\",\"body_text\":\" \"}", true, true, false,
          false },
        { "{\"guid\":7,\"type\":null}", false, false, false, false },
        { "{\"guid\":\"a\",\"type\":\"text\",\"pubstatus\":\"canceled\"}", true, true,
          true, true },
        { "{\"guid\":\"a\",\"type\":\"text\",\"pubstatus\":\"usable\"}", true, true, true,
          false },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgmi_peeked p;
        assert_int_equal(dgmi_ninjs_peek(dgmi_str_of(table[i].text), &p, NULL), DGM_OK);
        assert_int_equal(p.has_id, table[i].id);
        assert_int_equal(p.has_type, table[i].type);
        assert_int_equal(p.is_text, table[i].is_text);
        assert_int_equal(p.has_words, table[i].words);
    }
}

static void what_is_no_object_is_refused(void **state)
{
    (void)state;
    static char deep[3000];
    dgmi_peeked p;
    for (const char *const *text = (const char *const[]){ "", "[]", "1", "{", "x", NULL };
         *text; text++)
        assert_int_equal(dgmi_ninjs_peek(dgmi_str_of(*text), &p, NULL), DGM_E_ARG);
    for (size_t i = 0; i + 5 < sizeof deep; i += 5)
        memcpy(deep + i, "{\"a\":", 5);
    assert_int_equal(dgmi_ninjs_peek(dgmi_str_of(deep), &p, NULL), DGM_E_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_push_is_can_be_told),
        cmocka_unit_test(what_is_no_object_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
