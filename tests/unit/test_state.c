/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of state.c: what is remembered of feeds. Depends on lib/fetch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "state.h"

#define NOW ((int64_t)1623838800)

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-state-XXXXXX");
    *state = folder;
    if (!folder || !mkdtemp(folder))
        return -1;
    char *feeds = dgmi_path_join(folder, "feeds");
    dgm_status status = dgmi_make_dirs(feeds, NULL);
    free(feeds);
    return status == DGM_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

static void write_file(const char *data, const char *text)
{
    char *path = dgmi_feeds_path(data, "state");
    assert_int_equal(dgmi_file_replace(path, text, strlen(text), NULL), DGM_OK);
    free(path);
}

static void every_fact_is_read_as_it_was_written(void **state)
{
    dgmi_states one = { .n = 0 }, two;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_feed_state *s = dgmi_states_at(&one, "http://desk.example/a b");
    for (int i = 0; i < DGMI_NOTE_TEXTS; i++) {
        char value[40];
        snprintf(value, sizeof value, "W/\"text %d;=#\"", i);
        assert_true(dgmi_state_set(s, (dgmi_note_text)i, value));
    }
    for (int i = 0; i < DGMI_NOTE_NUMBERS; i++)
        s->number[i] = NOW + i;
    assert_int_equal(dgmi_states_write(*state, &one, NOW, &err), DGM_OK);
    assert_int_equal(dgmi_states_read(*state, &two, &err), DGM_OK);
    assert_int_equal(two.n, 1);
    assert_string_equal(two.feeds[0]->url, s->url);
    for (int i = 0; i < DGMI_NOTE_TEXTS; i++)
        assert_string_equal(two.feeds[0]->text[i], s->text[i]);
    assert_memory_equal(two.feeds[0]->number, s->number, sizeof s->number);
    dgmi_states_clear(&one);
    dgmi_states_clear(&two);
}

static void values_that_a_line_cannot_hold_are_not_kept(void **state)
{
    dgmi_states states = { .n = 0 };
    char *long_one = malloc(10001);
    (void)state;
    assert_non_null(long_one);
    memset(long_one, 'x', 10000);
    long_one[10000] = '\0';
    dgmi_feed_state *s = dgmi_states_at(&states, "http://a.example/");
    dgmi_state_set(s, DGMI_NOTE_ETAG, "good");
    assert_true(dgmi_state_set(s, DGMI_NOTE_ETAG, "two\nlines"));
    assert_null(s->text[DGMI_NOTE_ETAG]);
    assert_true(dgmi_state_set(s, DGMI_NOTE_ETAG, long_one));
    assert_null(s->text[DGMI_NOTE_ETAG]);
    free(long_one);
    dgmi_states_clear(&states);
}

static void a_feed_that_left_the_list_is_forgotten_in_the_end(void **state)
{
    dgmi_states states = { .n = 0 };
    dgmi_states_at(&states, "http://old.example/")->number[DGMI_NOTE_SEEN] =
        NOW - DGMI_STATE_KEPT - 1;
    dgmi_states_at(&states, "http://new.example/")->number[DGMI_NOTE_SEEN] = NOW;
    assert_int_equal(dgmi_states_write(*state, &states, NOW, NULL), DGM_OK);
    dgmi_states_clear(&states);
    assert_int_equal(dgmi_states_read(*state, &states, NULL), DGM_OK);
    assert_int_equal(states.n, 1);
    assert_string_equal(states.feeds[0]->url, "http://new.example/");
    dgmi_states_clear(&states);
}

static void no_file_is_no_feeds(void **state)
{
    dgmi_states states;
    assert_int_equal(dgmi_states_read(*state, &states, NULL), DGM_OK);
    assert_int_equal(states.n, 0);
}

static void what_is_damaged_is_named_and_what_is_newer_passed_over(void **state)
{
    static const char *const damaged[] = {
        "",
        "nonsense\n",
        "dragoman-feeds 1\n next 5\n",
        "dragoman-feeds 1\nfeed a\n next x\n",
        "dragoman-feeds 1\nfeed a\n next \n",
        "dragoman-feeds 1\nfeed a\nnext 5\n",
    };
    dgmi_states states;
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        dgm_error err = DGM_ERROR_INIT;
        write_file(*state, damaged[i]);
        assert_int_equal(dgmi_states_read(*state, &states, &err), DGM_E_CORRUPT);
        assert_non_null(strstr(err.text, "feeds/state"));
        assert_int_equal(states.n, 0);
    }
    write_file(*state, "dragoman-feeds 1\nfeed a\n colour blue\n next 5\n");
    assert_int_equal(dgmi_states_read(*state, &states, NULL), DGM_OK);
    assert_int_equal(states.feeds[0]->number[DGMI_NOTE_NEXT], 5);
    dgmi_states_clear(&states);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_fact_is_read_as_it_was_written, set_up,
                                        tear_down),
        cmocka_unit_test(values_that_a_line_cannot_hold_are_not_kept),
        cmocka_unit_test_setup_teardown(a_feed_that_left_the_list_is_forgotten_in_the_end,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_file_is_no_feeds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_damaged_is_named_and_what_is_newer_passed_over, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
