/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of journal.c: what a watchlist told, over kills and bounds. Depends on lib/watch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "watch_folder.h"
#include "watchfile.h"

static void add(dgmi_journal *j, dgm_alert_kind kind, const char *item, uint64_t story)
{
    dgmi_entry e = { .kind = kind,
                     .id = 7,
                     .found = 9,
                     .place = j->last + 100,
                     .story = story,
                     .item = item };
    assert_int_equal(dgmi_journal_add(j, &e, NULL), DGM_OK);
}

static void open_it(const char *data, dgmi_journal *j)
{
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_journal_read(data, "w", j, &err) != DGM_OK)
        fail_msg("%s", err.text);
}

static void save(const char *data, dgmi_journal *j)
{
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_journal_write(data, "w", j, &err) != DGM_OK)
        fail_msg("%s", err.text);
}

static void entries_come_back_whatever_their_ids_are(void **state)
{
    static const char *const ids[] = {
        "a", "tab\there", "line\nend", "50%", "%09", "é x"
    };
    dgmi_journal j;
    open_it(*state, &j);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        add(&j, DGM_ALERT_NEW, ids[i], i + 1);
        save(*state, &j); /* each appended to what is there */
    }
    dgmi_journal_clear(&j);
    open_it(*state, &j);
    assert_int_equal(j.n, 6);
    for (size_t i = 0; i < j.n; i++) {
        assert_string_equal(j.list[i].item, ids[i]);
        assert_int_equal(j.list[i].number, i + 1);
        assert_int_equal(j.list[i].place, 100 + i);
        assert_null(j.list[i].replaces);
        assert_ptr_equal(dgmi_journal_live(&j, ids[i]), &j.list[i]);
    }
    dgmi_journal_clear(&j);
}

static void a_withdrawn_item_and_its_story_count_as_not_told(void **state)
{
    dgmi_journal j;
    open_it(*state, &j);
    add(&j, DGM_ALERT_NEW, "a", 5);
    assert_true(dgmi_journal_has_story(&j, 5));
    assert_false(dgmi_journal_has_story(&j, 6));
    add(&j, DGM_ALERT_WITHDRAWN, "a", 5);
    assert_false(dgmi_journal_has_story(&j, 5));
    assert_null(dgmi_journal_live(&j, "a"));
    assert_false(j.list[0].last);
    assert_true(j.list[1].last);
    dgmi_journal_clear(&j);
}

static void what_was_cut_off_is_written_over(void **state)
{
    dgmi_journal j;
    char *path = dgmi_watch_path(*state, "watch/state", "w", ".alerts");
    open_it(*state, &j);
    add(&j, DGM_ALERT_NEW, "a", 1);
    save(*state, &j);
    dgmi_journal_clear(&j);
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    fputs("2\tn\t00000000000000", f);
    fclose(f);
    open_it(*state, &j);
    assert_int_equal(j.n, 1);
    add(&j, DGM_ALERT_NEW, "b", 2);
    save(*state, &j);
    dgmi_journal_clear(&j);
    open_it(*state, &j);
    assert_int_equal(j.n, 2);
    assert_string_equal(j.list[1].item, "b");
    dgmi_journal_clear(&j);
    free(path);
}

static void old_entries_go_and_numbers_stay(void **state)
{
    dgmi_journal j;
    char id[24];
    open_it(*state, &j);
    for (int i = 0; i < 2 * DGMI_JOURNAL_KEPT + 1; i++) {
        snprintf(id, sizeof id, "i%d", i);
        add(&j, DGM_ALERT_NEW, id, 0);
    }
    save(*state, &j);
    dgmi_journal_clear(&j);
    open_it(*state, &j);
    assert_int_equal(j.n, DGMI_JOURNAL_KEPT);
    assert_int_equal(j.last, 2 * DGMI_JOURNAL_KEPT + 1);
    assert_int_equal(j.list[0].number, DGMI_JOURNAL_KEPT + 2);
    add(&j, DGM_ALERT_NEW, "more", 0);
    save(*state, &j);
    dgmi_journal_clear(&j);
    open_it(*state, &j);
    assert_int_equal(j.last, 2 * DGMI_JOURNAL_KEPT + 2);
    dgmi_journal_clear(&j);
}

#define BYTES(text)                                                                      \
    {                                                                                    \
        text, sizeof(text) - 1                                                           \
    }

static void no_escape_makes_an_end_of_an_id(void **state)
{
    static const char line[] = "1\tn\t0\t0\t0\t0\ta%00b%09\t\n";
    char *path = dgmi_watch_path(*state, "watch/state", "w", ".alerts");
    dgmi_journal j;
    assert_int_equal(dgmi_file_replace(path, line, sizeof line - 1, NULL), DGM_OK);
    open_it(*state, &j);
    assert_string_equal(j.list[0].item, "a%00b\t");
    dgmi_journal_clear(&j);
    free(path);
}

static void damage_is_named_with_its_line(void **state)
{
    static const dgmi_str bad[] = {
        BYTES("x\n"),
        BYTES("1\tq\t0\t0\t0\t0\ta\t\n"),
        BYTES("1\tn\tg\t0\t0\t0\ta\t\n"),
        BYTES("1\tn\t0\t0\t0\t0\t\t\n"),
        BYTES("\n"),
        BYTES("1\tn\t0\t0\t0\t0\t\0a\t\n"),
        BYTES("1\tn\t0\t0\t7\0x\t0\ta\t\n"),
    };
    char *path = dgmi_watch_path(*state, "watch/state", "w", ".alerts");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        dgmi_journal j;
        dgm_error err = DGM_ERROR_INIT;
        assert_int_equal(dgmi_file_replace(path, bad[i].p, bad[i].n, NULL), DGM_OK);
        assert_int_equal(dgmi_journal_read(*state, "w", &j, &err), DGM_E_CORRUPT);
        assert_non_null(strstr(err.text, "w.alerts:1: damaged"));
        dgmi_journal_clear(&j);
    }
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(entries_come_back_whatever_their_ids_are, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_withdrawn_item_and_its_story_count_as_not_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_cut_off_is_written_over, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(old_entries_go_and_numbers_stay, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_escape_makes_an_end_of_an_id, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(damage_is_named_with_its_line, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
