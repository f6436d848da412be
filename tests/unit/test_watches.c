/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of server/watches.c: numbers of watchlists, and when files are read for them.
 * Depends on server/watches.h, lib/watch. */
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "searching.h"

#include "note.h"
#include "watches.h"
#include "watchfile.h"

/* Stands in for the C library's: on the steady clock a millisecond passes from one look
 * to the next, and what is added. */
static atomic_long clock_ms = 1;

int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (clock != CLOCK_MONOTONIC)
        return (int)syscall(SYS_clock_gettime, clock, out);
    long ms = atomic_fetch_add(&clock_ms, 1);
    *out = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
    return 0;
}

static void put(const char *data, const char *name, const char *text)
{
    char *folder = dgmi_path_join(data, "watch/state");
    char *path = dgmi_watch_path(data, "watch", name, ".watch");
    OK(dgmi_make_dirs(folder, err));
    OK(dgmi_file_replace(path, text, strlen(text), err));
    free(folder);
    free(path);
}

static void put_note(const char *data, const char *name, uint64_t last, uint64_t sent,
                     uint64_t failures)
{
    dgmi_note note = { .created = 1, .last = last, .sent = sent, .failures = failures };
    note.deliveries = sent;
    OK(dgmi_note_write(data, name, &note, err));
}

/* The rest after a reading is over by then. */
static dgms_watch_sums tended(dgms_watches *w)
{
    atomic_fetch_add(&clock_ms, 3600000);
    dgms_watches_tend(w);
    return dgms_watches_sum(w);
}

static void all_watchlists_are_summed(void **state)
{
    put(*state, "one", "q = a\nwebhook = http://x.example/\n");
    put(*state, "two", "q = b\nwebhook = http://x.example/\n");
    put(*state, "three", "nonsense\n");
    put_note(*state, "one", 9, 4, 0);
    put_note(*state, "two", 3, 3, 2);
    dgms_watches *w = dgms_watches_new(*state);
    assert_false(dgms_watches_sum(w).known);
    dgms_watches_tend(w);
    dgms_watch_sums s = dgms_watches_sum(w);
    assert_true(s.known);
    assert_int_equal(s.lists, 3);
    assert_int_equal(s.parked, 1);
    assert_int_equal(s.failing, 1);
    assert_int_equal(s.alerts, 12);
    assert_int_equal(s.waiting, 5);
    assert_int_equal(s.deliveries, 7);
    dgms_watches_free(w);
}

static void files_are_read_when_they_changed(void **state)
{
    dgms_watches *w = dgms_watches_new(*state);
    assert_int_equal(tended(w).lists, 0);
    put(*state, "one", "q = a\n");
    assert_int_equal(tended(w).lists, 1);
    put_note(*state, "one", 5, 0, 0);
    assert_int_equal(tended(w).alerts, 5);
    dgms_watches_free(w);
}

/* What is read only after a change is not seen if no change can be seen. */
static void files_that_did_not_change_are_not_read(void **state)
{
    struct stat before;
    put(*state, "one", "q = a\n");
    char *path = dgmi_watch_path(*state, "watch", "one", ".watch");
    dgms_watches *w = dgms_watches_new(*state);
    assert_int_equal(tended(w).parked, 0);
    assert_int_equal(stat(path, &before), 0);
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    fputs("nonsen", f);
    fclose(f);
    const struct timespec times[2] = { before.st_atim, before.st_mtim };
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_int_equal(tended(w).parked, 0);
    assert_int_equal(utimensat(AT_FDCWD, path, NULL, 0), 0);
    assert_int_equal(tended(w).parked, 1);
    dgms_watches_free(w);
    free(path);
}

static void readings_that_take_long_are_not_made_one_after_the_other(void **state)
{
    dgms_watches *w = dgms_watches_new(*state);
    assert_int_equal(tended(w).lists, 0);
    put(*state, "one", "q = a\n");
    dgms_watches_tend(w); /* too soon */
    assert_int_equal(dgms_watches_sum(w).lists, 0);
    assert_int_equal(tended(w).lists, 1);
    dgms_watches_free(w);
}

static void what_was_read_otherwise_counts_and_is_looked_at_again(void **state)
{
    dgm_watches *none = NULL;
    dgms_watches *w = dgms_watches_new(*state);
    OK(dgm_watches_read(*state, NULL, &none, err));
    put(*state, "one", "q = a\n");
    assert_int_equal(tended(w).lists, 1);
    dgms_watches_note(w, none); /* read before, told now */
    assert_int_equal(dgms_watches_sum(w).lists, 0);
    assert_int_equal(tended(w).lists, 1);
    dgm_watches_free(none);
    dgms_watches_free(w);
}

static void damaged_state_is_counted_as_parked(void **state)
{
    put(*state, "one", "q = a\n");
    put(*state, "two", "q = a\n");
    dgms_watches *w = dgms_watches_new(*state);
    assert_int_equal(tended(w).parked, 0);
    char *path = dgmi_watch_path(*state, "watch/state", "one", ".state");
    OK(dgmi_file_replace(path, "x", 1, err));
    dgms_watch_sums sums = tended(w);
    assert_true(sums.known);
    assert_int_equal(sums.lists, 2);
    assert_int_equal(sums.parked, 1);
    free(path);
    dgms_watches_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(all_watchlists_are_summed),
        DESK_TEST(files_are_read_when_they_changed),
        DESK_TEST(files_that_did_not_change_are_not_read),
        DESK_TEST(readings_that_take_long_are_not_made_one_after_the_other),
        DESK_TEST(what_was_read_otherwise_counts_and_is_looked_at_again),
        DESK_TEST(damaged_state_is_counted_as_parked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
