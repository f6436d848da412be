/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of note.c: where a watchlist stands, read as it was written. Depends on
 * lib/watch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "note.h"
#include "watch_folder.h"
#include "watchfile.h"

#define BYTES(text)                                                                      \
    {                                                                                    \
        text, sizeof(text) - 1                                                           \
    }

static void what_is_written_comes_back(void **state)
{
    dgmi_note again, note = { .created = 1764547200,
                              .as_of = -5,
                              .place = (uint64_t)7 << 40 | 9,
                              .last = 12,
                              .sent = 11,
                              .failures = 3,
                              .revision = "3-17" };
    dgmi_note_say(note.trouble, "two\nlines");
    assert_int_equal(dgmi_note_write(*state, "w", &note, NULL), DGM_OK);
    assert_int_equal(dgmi_note_read(*state, "w", &again, NULL), DGM_OK);
    assert_string_equal(again.trouble, "two lines");
    assert_memory_equal(&again, &note, sizeof note);
    assert_int_equal(dgmi_note_read(*state, "none", &again, NULL), DGM_OK);
    assert_int_equal(again.created, 0);
}

static void damage_is_named_with_its_line(void **state)
{
    static const dgmi_str bad[] = {
        BYTES("dragoman-watch 1\nplace x\n"),
        BYTES("dragoman-watch 1\nplace\n"),
        BYTES("dragoman-watch 1\nnowhere 5\n"),
        BYTES("dragoman-watch 1\nplace 12\0\0\n"),
        BYTES("dragoman-watch 1\ntrouble the\0rest\n"),
    };
    char *path = dgmi_watch_path(*state, "watch/state", "w", ".state");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        dgmi_note note;
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(dgmi_file_replace(path, bad[i].p, bad[i].n, NULL), DGM_OK);
        assert_int_equal(dgmi_note_read(*state, "w", &note, &err), DGM_E_CORRUPT);
        assert_non_null(strstr(err.text, "w.state:2: damaged"));
    }
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_comes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_is_named_with_its_line, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
