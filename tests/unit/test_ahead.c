/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/watch/ahead.c: what is known beyond a note, and when that counts. Depends
 * on lib/watch. */
#include "searching.h"

#include "ahead.h"

static dgmi_note note_at(uint64_t place)
{
    return (dgmi_note){ .created = 100, .as_of = 200, .place = place, .last = 3 };
}

/* Remembers 50 with the revision "1-2", as found from a file that had 40. */
static dgmi_ahead *ahead_of(dgm *desk)
{
    dgmi_ahead *ahead = dgmi_ahead_of(desk);
    dgmi_note known = note_at(50);
    known.ahead = true;
    known.as_of = 210;
    known.looked = 300;
    snprintf(known.revision, sizeof known.revision, "1-2");
    assert_true(dgmi_ahead_put(ahead, "w", &known));
    return ahead;
}

static void a_note_is_moved_on_to_what_is_known(void **state)
{
    dgm *desk = open_desk(*state);
    dgmi_ahead *ahead = ahead_of(desk);
    dgmi_note note = note_at(40);
    note.failures = 7;
    dgmi_ahead_join(ahead, "w", &note);
    assert_true(note.ahead);
    assert_int_equal(note.place, 50);
    assert_int_equal(note.as_of, 210);
    assert_int_equal(note.looked, 300);
    assert_string_equal(note.revision, "1-2");
    assert_int_equal(note.failures, 7);
    dgmi_note same = note;
    dgmi_ahead_join(ahead, "w", &same); /* as if it had been written */
    assert_false(same.ahead);
    assert_int_equal(same.place, 50);
    dgm_close(desk);
}

static void what_another_wrote_counts_more(void **state)
{
    dgm *desk = open_desk(*state);
    dgmi_ahead *ahead = ahead_of(desk);
    dgmi_note notes[] = { note_at(40), note_at(40), note_at(51), note_at(40) };
    notes[0].created = 101; /* made anew */
    notes[1].last = 4;      /* told something */
    notes[3].as_of = 211;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        dgmi_note note = notes[i];
        dgmi_ahead_join(ahead, "w", &note);
        assert_false(note.ahead);
        assert_int_equal(note.place, notes[i].place);
        assert_int_equal(note.as_of, notes[i].as_of);
        assert_string_equal(note.revision, "");
    }
    dgm_close(desk);
}

static void others_and_no_memory_change_nothing(void **state)
{
    dgm *desk = open_desk(*state);
    dgmi_note note = note_at(40);
    dgmi_str name;
    size_t cursor = 0;
    dgmi_ahead_join(ahead_of(desk), "other", &note);
    assert_int_equal(note.place, 40);
    dgmi_ahead_join(NULL, "w", &note);
    assert_int_equal(note.place, 40);
    assert_false(dgmi_ahead_put(NULL, "w", &note)); /* so it is written */
    assert_false(dgmi_ahead_next(NULL, &cursor, &name));
    dgmi_ahead_trim(NULL, 0);
    dgm_close(desk);
}

static void names_of_watchlists_that_are_gone_do_not_pile_up(void **state)
{
    enum { ROUNDS = 300 };
    dgm *desk = open_desk(*state);
    dgmi_ahead *ahead = ahead_of(desk);
    size_t most = 0;
    for (int i = 0; i < ROUNDS; i++) {
        char name[16];
        dgmi_str next;
        dgmi_note note = note_at(50);
        size_t cursor = 0, n = 0;
        snprintf(name, sizeof name, "w%d", i);
        dgmi_ahead_put(ahead, name, &note);
        dgmi_ahead_trim(ahead, 1);
        while (dgmi_ahead_next(ahead, &cursor, &next))
            n++;
        most = n > most ? n : most;
    }
    assert_true(most > 2 && most < ROUNDS / 2);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_note_is_moved_on_to_what_is_known),
        DESK_TEST(what_another_wrote_counts_more),
        DESK_TEST(others_and_no_memory_change_nothing),
        DESK_TEST(names_of_watchlists_that_are_gone_do_not_pile_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
