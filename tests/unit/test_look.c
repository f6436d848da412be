/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/watch/look.c: from a place in the log to alerts. Depends on lib/watch. */
#include "searching.h"

#include "look.h"

/* Seconds within which every test has to end: what would go on for ever fails by it. */
enum { PATIENCE = 120 };

static int begin(void **state)
{
    alarm(PATIENCE);
    return set_up(state);
}

static int end(void **state)
{
    alarm(0);
    return tear_down(state);
}

typedef struct watch {
    dgmi_watchfile file;
    dgmi_note note;
    uint64_t alerts;
} watch;

static void look(dgm *desk, watch *w, dgmi_window *window)
{
    OK(dgmi_look(desk, &w->file, &w->note, window, &w->alerts, err));
}

/* A watchlist that was looked after once. */
static watch watch_for(dgm *desk, const char *name, const char *text)
{
    watch w = { .alerts = 0 };
    dgmi_window window = { .ids = NULL };
    char *folder = dgmi_path_join(desk->index->data_dir, "watch/state");
    OK(dgmi_make_dirs(folder, err));
    OK(dgmi_watchfile_parse(name, name, dgmi_str_of(text), &w.file, err));
    look(desk, &w, &window);
    dgmi_window_clear(&window);
    free(folder);
    return w;
}

/* The first of a round finds nothing behind the place where all stand; before the next
 * one's turn something comes. */
static void what_comes_between_two_watchlists_of_a_round_is_found(void **state)
{
    dgmi_window window = { .ids = NULL };
    feed(*state, "{\"id\":\"a\",\"body\":\"Harbour.\"}\n");
    dgm *desk = open_desk(*state);
    watch one = watch_for(desk, "one", "q = grain\n");
    watch two = watch_for(desk, "two", "q = grain\n");
    dgmi_note_say(one.note.fault, "what failed is tried again though nothing came");
    look(desk, &one, &window);
    assert_string_equal(one.note.fault, "");
    feed(*state, "{\"id\":\"b\",\"body\":\"Grain.\"}\n");
    look(desk, &two, &window);
    assert_int_equal(two.alerts, 1);
    look(desk, &one, &window);
    assert_int_equal(one.alerts, 1);
    assert_true(one.note.place == two.note.place);
    dgmi_window_clear(&window);
    dgmi_watchfile_clear(&one.file);
    dgmi_watchfile_clear(&two.file);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_comes_between_two_watchlists_of_a_round_is_found, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
