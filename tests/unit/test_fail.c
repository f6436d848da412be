/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/fail.c: errors and the texts of the statuses. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "fail.h"
#include "utf8.h"

static void the_first_failure_wins(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_fail(&err, DGM_E_ARG, "no such field: %s", "colour"),
                     DGM_E_ARG);
    assert_int_equal(dgmi_fail(&err, DGM_E_IO, "second"), DGM_E_IO);
    assert_int_equal(err.code, DGM_E_ARG);
    assert_int_equal(err.offset, -1);
    assert_string_equal(err.text, "no such field: colour");
    dgmi_error_clear(&err);
    assert_int_equal(err.code, DGM_OK);
    assert_int_equal(dgmi_fail(&err, DGM_E_IO, "second"), DGM_E_IO);
    assert_string_equal(err.text, "second");
}

static void an_error_may_be_null(void **state)
{
    (void)state;
    assert_int_equal(dgmi_fail(NULL, DGM_E_IO, "%d", 1), DGM_E_IO);
    assert_int_equal(dgmi_fail_at(NULL, DGM_E_QUERY, 3, "%d", 1), DGM_E_QUERY);
    assert_int_equal(dgmi_fail_memory(NULL), DGM_E_NOMEM);
    dgmi_error_clear(NULL);
}

static void an_offset_is_kept_and_bounded(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_fail_at(&err, DGM_E_QUERY, 17, "no closing quote");
    assert_int_equal(err.offset, 17);
    dgmi_error_clear(&err);
    dgmi_fail_at(&err, DGM_E_QUERY, SIZE_MAX, "no closing quote");
    assert_int_equal(err.offset, INT32_MAX);
}

static void a_message_is_one_line_of_whole_characters(void **state)
{
    (void)state;
    static const char *const fillers[] = { "\xC3\xA9", "\xE2\x80\x93",
                                           "\xF0\x9F\x98\x80" };
    for (size_t i = 0; i < 3; i++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char long_text[600];
            size_t n = shift;
            memset(long_text, 'x', shift);
            for (; n < 500; n += strlen(fillers[i]))
                memcpy(long_text + n, fillers[i], strlen(fillers[i]));
            long_text[n] = '\0';
            dgm_error err = DGM_ERROR_INIT;
            dgmi_fail(&err, DGM_E_IO, "%s", long_text);
            size_t kept = strlen(err.text);
            assert_true(kept >= sizeof err.text - 4);
            assert_true(dgmi_utf8_valid(err.text, kept));
        }
    }
    dgm_error err = DGM_ERROR_INIT;
    dgmi_fail(&err, DGM_E_IO, "a\nb\r\tc");
    assert_string_equal(err.text, "a b  c");
}

static void errno_chooses_the_status(void **state)
{
    (void)state;
    static const struct {
        int number;
        dgm_status status;
    } table[] = { { ENOENT, DGM_E_NOTFOUND },
                  { ENOMEM, DGM_E_NOMEM },
                  { ENOSPC, DGM_E_IO },
                  { EACCES, DGM_E_IO } };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgm_error err = DGM_ERROR_INIT;
        errno = table[i].number;
        assert_int_equal(dgmi_fail_errno(&err, "feed.xml"), table[i].status);
        assert_memory_equal(err.text, "feed.xml: ", 10);
        assert_non_null(strstr(err.text, strerror(table[i].number)));
    }
}

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (int i = 0; i <= DGM_E_TIMEOUT + 1; i++) {
        for (int j = 0; j < i; j++)
            assert_string_not_equal(dgm_status_text((dgm_status)i),
                                    dgm_status_text((dgm_status)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_failure_wins),
        cmocka_unit_test(an_error_may_be_null),
        cmocka_unit_test(an_offset_is_kept_and_bounded),
        cmocka_unit_test(a_message_is_one_line_of_whole_characters),
        cmocka_unit_test(errno_chooses_the_status),
        cmocka_unit_test(every_status_has_its_own_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
