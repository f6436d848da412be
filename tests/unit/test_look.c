/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/watch/look.c, round.c and ahead.c: from a place in the log to alerts, and
 * what is written of it. Depends on lib/watch. */
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

#include "searching.h"

#include "ahead.h"
#include "look.h"

/* Stands in for the C library's: the steady clock jumps by so many seconds. */
static atomic_long jump;

int clock_gettime(clockid_t clock, struct timespec *out)
{
    long failed = syscall(SYS_clock_gettime, clock, out);
    if (!failed && clock == CLOCK_MONOTONIC)
        out->tv_sec += atomic_load(&jump);
    return (int)failed;
}

/* Seconds within which every test has to end: what would go on for ever fails by it. */
enum { PATIENCE = 120 };

static int begin(void **state)
{
    alarm(PATIENCE);
    atomic_store(&jump, 0);
    return set_up(state);
}

static int end(void **state)
{
    alarm(0);
    return tear_down(state);
}

#define LOOK_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static dgmi_note note_of(const char *data, const char *name)
{
    dgmi_note note;
    OK(dgmi_note_read(data, name, &note, err));
    return note;
}

static uint64_t place_now(const char *data)
{
    return dgmi_position_pack(archive_end(data));
}

static void write_watch(dgm *desk, const char *name, const char *text)
{
    OK(dgm_watch_write(desk, name, text, true, err));
}

static dgm_watch_counts look(dgm *desk)
{
    dgm_watch_counts counts;
    OK(dgm_watch_look(desk, 1000, &counts, err));
    return counts;
}

/* Ids of all alerts in order. The caller frees. */
static char *told(const char *data, const char *name)
{
    dgmi_journal j;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    OK(dgmi_journal_read(data, name, &j, err));
    for (size_t i = 0; i < j.n; i++)
        dgmi_buf_printf(&out, "%s%s", i > 0 ? " " : "", j.list[i].item);
    dgmi_journal_clear(&j);
    char *text = dgmi_buf_take(&out);
    return text ? text : strdup("");
}

static void check_told(const char *data, const char *name, const char *want)
{
    char *got = told(data, name);
    assert_string_equal(got, want);
    free(got);
}

/* ---- One after the other ---- */

static void look_for(dgm *desk, dgmi_book *book, dgmi_window *window)
{
    bool due;
    OK(dgmi_look_is_due(desk, &book->note, &due, err));
    assert_true(due);
    OK(dgmi_look(desk, book, window, err));
}

/* A watchlist that was looked after once. */
static dgmi_book book_of(dgm *desk, const char *name)
{
    dgmi_book book;
    const char *data = desk->index->data_dir;
    write_watch(desk, name, "q = grain\n");
    OK(dgmi_watchfile_read(data, name, &book.file, err));
    OK(dgmi_note_read(data, name, &book.note, err));
    OK(dgmi_journal_read(data, name, &book.journal, err));
    return book;
}

/* The first of a round finds nothing behind the place where all stand; before the next
 * one's turn something comes. */
static void what_comes_between_two_watchlists_of_a_round_is_found(void **state)
{
    dgmi_window window = { .ids = NULL };
    feed(*state, "{\"id\":\"a\",\"body\":\"Harbour.\"}\n");
    dgm *desk = open_desk(*state);
    dgmi_book one = book_of(desk, "one"), two = book_of(desk, "two");
    dgmi_note_say(one.note.fault, "what failed is tried again though nothing came");
    look_for(desk, &one, &window);
    assert_string_equal(one.note.fault, "");
    feed(*state, "{\"id\":\"b\",\"body\":\"Grain.\"}\n");
    look_for(desk, &two, &window);
    check_told(*state, "two", "b");
    look_for(desk, &one, &window);
    check_told(*state, "one", "b");
    assert_true(one.note.place == two.note.place);
    dgmi_window_clear(&window);
    dgmi_book_clear(&one);
    dgmi_book_clear(&two);
    dgm_close(desk);
}

/* ---- What is written when ---- */

static const char *line_of(int i, const char *word)
{
    static char line[100];
    snprintf(line, sizeof line, "{\"id\":\"%s%d\",\"body\":\"%s %d.\"}\n", word, i, word,
             i);
    return line;
}

static void a_place_is_written_with_alerts_and_else_not_at_once(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    write_watch(desk, "w", "q = harbour\n");
    dgmi_note begun = note_of(*state, "w");
    for (int i = 1; i < 6; i++) {
        feed(*state, line_of(i, "wheat"));
        assert_int_equal(look(desk).watches, 1);
        assert_true(note_of(*state, "w").place == begun.place);
    }
    feed(*state, line_of(1, "harbour"));
    assert_int_equal(look(desk).alerts, 1);
    assert_true(note_of(*state, "w").place == place_now(*state));
    check_told(*state, "w", "harbour1");
    dgm_close(desk);
}

static void what_was_put_off_is_written_when_its_time_has_come(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    write_watch(desk, "w", "q = harbour\n");
    feed(*state, line_of(1, "wheat"));
    look(desk);
    atomic_store(&jump, DGMI_AHEAD_SECONDS / 2);
    look(desk);
    assert_true(note_of(*state, "w").place < place_now(*state));
    atomic_store(&jump, DGMI_AHEAD_SECONDS + 1);
    look(desk); /* though nothing came */
    assert_true(note_of(*state, "w").place == place_now(*state));
    assert_string_equal(note_of(*state, "w").revision, dgm_revision(desk));
    dgm_close(desk);
}

static void those_of_many_watchlists_are_written_a_few_at_a_time(void **state)
{
    enum { MANY = 2 * DGMI_AHEAD_WRITES + 5 };
    char name[16];
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "w%02d", i);
        write_watch(desk, name, "q = harbour\n");
    }
    look(desk);
    feed(*state, line_of(1, "wheat"));
    look(desk);
    atomic_store(&jump, DGMI_AHEAD_SECONDS + 1);
    for (int round = 0; round < 4; round++) {
        int written = 0;
        for (int i = 0; i < MANY; i++) {
            snprintf(name, sizeof name, "w%02d", i);
            written += note_of(*state, name).place == place_now(*state);
        }
        int most = round * DGMI_AHEAD_WRITES;
        assert_int_equal(written, most < MANY ? most : MANY);
        look(desk);
    }
    dgm_close(desk);
}

/* As after a kill: the reader's memory is gone. */
static void who_was_killed_looks_again_and_tells_nothing_twice(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    write_watch(desk, "w", "q = harbour OR barley\n");
    for (int i = 1; i < 8; i++) {
        feed(*state, line_of(i, i == 3 ? "harbour" : i == 6 ? "barley" : "wheat"));
        if (i % 3 == 1) {
            dgm_close(desk);
            desk = open_desk(*state);
        }
        look(desk);
        look(desk);
    }
    check_told(*state, "w", "harbour3 barley6");
    assert_true(note_of(*state, "w").place < place_now(*state));
    OK(dgm_watch_keep(desk, 1000, err));
    assert_true(note_of(*state, "w").place == place_now(*state));
    assert_false(note_of(*state, "w").ahead);
    dgm_close(desk);
}

static void what_others_write_meanwhile_counts(void **state)
{
    dgm_delivery posted = { .watch = "w", .number = 1 };
    dgm_posted outcome = { .status = 500, .why = "500" };
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state), *other = open_desk(*state);
    write_watch(desk, "w", "q = harbour\nwebhook = http://x.example/\n");
    feed(*state, line_of(1, "wheat"));
    look(desk);
    OK(dgm_watch_settle(*state, &posted, &outcome, NULL, err)); /* changes the file */
    OK(dgm_watch_keep(desk, 1000, err));
    assert_true(note_of(*state, "w").place == place_now(*state));
    assert_int_equal(note_of(*state, "w").failures, 1);
    feed(*state, line_of(2, "wheat"));
    look(desk);
    feed(*state, line_of(3, "harbour"));
    look(other); /* tells, from an older place on */
    uint64_t place = note_of(*state, "w").place;
    look(desk);
    OK(dgm_watch_keep(desk, 1000, err));
    assert_true(note_of(*state, "w").place == place);
    check_told(*state, "w", "harbour3");
    dgm_close(desk);
    dgm_close(other);
}

static void edit_by_hand(const char *data, const char *text)
{
    char *path = dgmi_watch_path(data, "watch", "w", ".watch");
    OK(dgmi_file_replace(path, text, strlen(text), err));
    free(path);
}

static void what_is_remembered_is_not_looked_at_again(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    write_watch(desk, "w", "q = harbour\n");
    feed(*state, line_of(1, "barley"));
    look(desk);
    edit_by_hand(*state, "q = barley\n"); /* would find it now */
    feed(*state, line_of(2, "barley"));
    look(desk);
    check_told(*state, "w", "barley2");
    dgm_close(desk);
}

static void a_place_behind_the_end_of_the_log_is_put_back_at_once(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    write_watch(desk, "w", "q = harbour\n");
    dgmi_note note = note_of(*state, "w");
    uint64_t end = note.place;
    note.place += 1000; /* of an archive that was put back since */
    note.revision[0] = '\0';
    OK(dgmi_note_write(*state, "w", &note, err));
    look(desk);
    assert_true(note_of(*state, "w").place == end);
    feed(*state, line_of(1, "harbour"));
    look(desk);
    check_told(*state, "w", "harbour1");
    dgm_close(desk);
}

static void a_fault_comes_and_goes_at_once(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    write_watch(desk, "w", "q = wheat\n");
    edit_by_hand(*state, "similar = nobody\n");
    feed(*state, line_of(1, "wheat"));
    assert_int_equal(look(desk).faulty, 1);
    assert_non_null(strstr(note_of(*state, "w").fault, "nobody"));
    edit_by_hand(*state, "q = harbour\n");
    assert_int_equal(look(desk).faulty, 0);
    assert_string_equal(note_of(*state, "w").fault, "");
    dgm_close(desk);
}

static void a_watchlist_that_was_made_anew_begins_anew(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state), *other = open_desk(*state);
    write_watch(desk, "w", "q = harbour\n");
    feed(*state, line_of(1, "wheat"));
    look(desk);
    OK(dgm_watch_remove(*state, "w", err));
    OK(dgm_watch_keep(desk, 1000, err));
    assert_int_equal(note_of(*state, "w").created, 0);
    write_watch(other, "w", "q = wheat\n");
    char *first = told(*state, "w");
    look(desk);
    check_told(*state, "w", first);
    free(first);
    dgm_close(desk);
    dgm_close(other);
}

static void a_changed_query_counts_for_what_comes_from_then_on(void **state)
{
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    write_watch(desk, "w", "q = harbour\n");
    feed(*state, line_of(1, "barley"));
    look(desk);
    dgm_close(desk); /* killed, with its place not written */
    feed(*state, line_of(2, "harbour"));
    desk = open_desk(*state);
    write_watch(desk, "w", "q = barley\n");
    feed(*state, line_of(3, "barley"));
    look(desk);
    check_told(*state, "w", "harbour2 barley3");
    dgm_close(desk);
}

/* ---- What is wrong with one ---- */

static void spoil(const char *data, const char *path)
{
    char *whole = dgmi_path_join(data, path);
    OK(dgmi_file_replace(whole, "nonsense\n", 9, err));
    free(whole);
}

static void what_is_wrong_with_one_keeps_no_other_back(void **state)
{
    static const char *const names[] = { "a-state", "b-alerts", "c-folder", "d-file",
                                         "e-right" };
    feed(*state, line_of(0, "wheat"));
    dgm *desk = open_desk(*state);
    for (int i = 0; i < 5; i++)
        write_watch(desk, names[i], "q = harbour\n");
    spoil(*state, "watch/state/a-state.state");
    spoil(*state, "watch/state/b-alerts.alerts");
    spoil(*state, "watch/d-file.watch");
    char *file = dgmi_path_join(*state, "watch/c-folder.watch");
    OK(dgmi_remove_tree(file, err));
    OK(dgmi_make_dirs(file, err));
    free(file);
    feed(*state, line_of(1, "harbour"));
    dgm_watch_counts counts = look(desk);
    assert_int_equal(counts.faulty, 4);
    assert_int_equal(counts.alerts, 1);
    check_told(*state, "e-right", "harbour1");
    assert_non_null(strstr(note_of(*state, "b-alerts").fault, "b-alerts.alerts:1"));
    dgm_deliveries *due = NULL;
    OK(dgm_watch_due(desk, &due, err));
    dgm_deliveries_free(due);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOOK_TEST(what_comes_between_two_watchlists_of_a_round_is_found),
        LOOK_TEST(a_place_is_written_with_alerts_and_else_not_at_once),
        LOOK_TEST(what_was_put_off_is_written_when_its_time_has_come),
        LOOK_TEST(those_of_many_watchlists_are_written_a_few_at_a_time),
        LOOK_TEST(who_was_killed_looks_again_and_tells_nothing_twice),
        LOOK_TEST(what_others_write_meanwhile_counts),
        LOOK_TEST(what_is_remembered_is_not_looked_at_again),
        LOOK_TEST(a_place_behind_the_end_of_the_log_is_put_back_at_once),
        LOOK_TEST(a_fault_comes_and_goes_at_once),
        LOOK_TEST(a_watchlist_that_was_made_anew_begins_anew),
        LOOK_TEST(a_changed_query_counts_for_what_comes_from_then_on),
        LOOK_TEST(what_is_wrong_with_one_keeps_no_other_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
