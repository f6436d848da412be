/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/archive/archive.c: the writer, with crashes and full disks. Depends on
 * lib/base. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "log_folder.h"

/* Stands in for the C library's, so that a test can let it fail. */
static bool fsync_fails;
static int fsyncs;
int fsync(int fd)
{
    fsyncs++;
    if (fsync_fails) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

static void records_come_back_with_their_places(void **state)
{
    dgmi_archive *a = open_writer(*state);
    dgmi_position one = append(a, "{\"id\":1}"),
                  two = append(a, "{\"id\":2,\"t\":\"x\"}");
    dgmi_position end = dgmi_archive_end(a);
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    dgmi_archive_close(a);
    dgmi_archive_reader *r = open_reader(*state, start);
    const char *line;
    size_t n;
    dgmi_position at, after;
    assert_int_equal(dgmi_archive_next(r, &line, &n, &at, &after, NULL), DGM_OK);
    assert_int_equal(dgmi_position_compare(at, one), 0);
    assert_int_equal(dgmi_position_compare(after, two), 0);
    expect(r, "{\"id\":2,\"t\":\"x\"}");
    expect_status(r, DGM_E_NOTFOUND, NULL);
    dgmi_archive_reader_close(r);
    r = open_reader(*state, two);
    expect(r, "{\"id\":2,\"t\":\"x\"}");
    dgmi_archive_reader_close(r);
    r = open_reader(*state, end);
    expect_status(r, DGM_E_NOTFOUND, NULL);
    dgmi_archive_reader_close(r);
    assert_file(*state, "archive/000001.ndjson", "{\"id\":1}\n{\"id\":2,\"t\":\"x\"}\n");
}

static void positions_are_ordered_by_segment_then_offset(void **state)
{
    (void)state;
    static const dgmi_position order[] = {
        { 0, 0 }, { 1, 0 }, { 1, 5 }, { 2, 0 }, { 10, 3 }
    };
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 5; k++)
            assert_int_equal(dgmi_position_compare(order[i], order[k]),
                             (i > k) - (i < k));
    }
}

static void what_is_no_record_is_refused(void **state)
{
    dgmi_archive *a = open_writer(*state);
    dgmi_position at;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_archive_append(a, "a\nb", 3, &at, &err), DGM_E_ARG);
    assert_int_equal(dgmi_archive_append(a, "", 0, &at, NULL), DGM_E_ARG);
    size_t n = (size_t)DGMI_RECORD_MAX + 1;
    char *large = malloc(n);
    memset(large, 'x', n);
    dgmi_error_clear(&err);
    assert_int_equal(dgmi_archive_append(a, large, n, &at, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "67108865"));
    assert_int_equal(dgmi_archive_append(a, large, n - 1, &at, NULL), DGM_OK);
    append(a, "next");
    dgmi_archive_reader *r = open_reader(*state, start);
    const char *line;
    dgmi_position after;
    assert_int_equal(dgmi_archive_next(r, &line, &n, &at, &after, NULL), DGM_OK);
    assert_int_equal(n, DGMI_RECORD_MAX);
    assert_memory_equal(line, large, n);
    expect(r, "next");
    dgmi_archive_reader_close(r);
    dgmi_archive_close(a);
    free(large);
}

static void who_does_not_let_go_of_the_lock_is_named(void **state)
{
    dgmi_archive *a = open_writer(*state), *second = open_writer(*state);
    dgm_error err = DGM_ERROR_INIT;
    dgmi_position at;
    dgmi_archive_set_patience(second, 20);
    assert_int_equal(dgmi_archive_lock(a, NULL), DGM_OK);
    assert_int_equal(dgmi_archive_append(second, "x", 1, &at, &err), DGM_E_LOCKED);
    char wanted[32];
    snprintf(wanted, sizeof wanted, "process %ld", (long)getpid());
    assert_non_null(strstr(err.text, wanted));
    append(a, "unharmed");
    dgmi_archive_unlock(a);
    assert_int_equal(append(second, "too").offset, 9);
    dgmi_archive_close(a);
    dgmi_archive_close(second);
}

static void writers_take_turns_and_follow_each_other_into_new_segments(void **state)
{
    enum { WRITERS = 3 };
    dgmi_archive *a[WRITERS];
    char line[64];
    for (int i = 0; i < WRITERS; i++) {
        a[i] = open_writer(*state);
        dgmi_archive_set_segment_max(a[i], 100);
    }
    for (int i = 0; i < 300; i++) {
        snprintf(line, sizeof line, "record number %d", i);
        append(a[i * i % WRITERS], line);
    }
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(dgmi_archive_sync(a[i], NULL), DGM_OK);
    dgmi_archive_reader *r = open_reader(*state, start);
    for (int i = 0; i < 300; i++) {
        snprintf(line, sizeof line, "record number %d", i);
        expect(r, line);
    }
    expect_status(r, DGM_E_NOTFOUND, NULL);
    dgmi_archive_reader_close(r);
    for (int i = 0; i < WRITERS; i++)
        dgmi_archive_close(a[i]);
}

static void what_another_left_torn_is_set_aside_before_the_next_append(void **state)
{
    dgmi_archive *a = open_writer(*state);
    append(a, "one");
    put_raw(*state, 1, "half a li");
    append(a, "two");
    assert_file(*state, "archive/000001.torn-4", "half a li");
    assert_file(*state, "archive/000001.ndjson", "one\ntwo\n");
    dgmi_archive_close(a);
}

static void one_fsync_serves_all_who_wait_and_none_is_spared_that_is_needed(void **state)
{
    dgmi_archive *a = open_writer(*state), *b = open_writer(*state);
    append(a, "one");
    append(b, "two");
    int before = fsyncs;
    assert_int_equal(dgmi_archive_sync(b, NULL), DGM_OK);
    assert_int_equal(fsyncs, before + 2); /* the file and, new to b, the folder */
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    assert_int_equal(fsyncs, before + 2);
    append(a, "three");
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    assert_int_equal(fsyncs, before + 3);
    assert_int_equal(dgmi_archive_lock(b, NULL), DGM_OK);
    dgmi_archive_unlock(b);
    assert_int_equal(dgmi_archive_sync(b, NULL), DGM_OK); /* three is durable already */
    assert_int_equal(fsyncs, before + 3);
    dgmi_archive_close(a);
    dgmi_archive_close(b);
}

/* As after a restore: the lock file tells of more than the log holds. */
static void a_mark_beyond_the_log_spares_nobody(void **state)
{
    dgmi_archive *a = open_writer(*state);
    append(a, "a line that is rather long");
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    dgmi_archive_close(a);
    cut_raw(*state, "archive/000001.ndjson", 0);
    a = open_writer(*state);
    append(a, "short");
    int before = fsyncs;
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    assert_true(fsyncs > before);
    dgmi_archive_close(a);
}

static void a_log_that_was_taken_away_is_not_written_to(void **state)
{
    dgmi_archive *a = open_writer(*state);
    dgm_error err = DGM_ERROR_INIT;
    dgmi_position at;
    append(a, "one");
    char *folder = dgmi_path_join(*state, "archive");
    assert_int_equal(dgmi_remove_tree(folder, NULL), DGM_OK);
    free(folder);
    assert_int_equal(dgmi_archive_append(a, "two", 3, &at, &err), DGM_E_CORRUPT);
    assert_non_null(strstr(err.text, "removed"));
    dgmi_archive_close(a);
}

typedef struct heard {
    int count;
    char text[1024];
} heard;

static void hear(void *user, const char *level, const char *text)
{
    heard *h = user;
    h->count += strcmp(level, "warning") == 0;
    snprintf(h->text, sizeof h->text, "%s", text);
}

static void a_torn_line_is_set_aside_and_nothing_else_lost(void **state)
{
    for (int round = 0; round < 2; round++) {
        put_raw(*state, 1, round == 0 ? "one\ntwo\n{\"id\":\"to" : "{\"id\":\"again");
        heard h = { 0 };
        dgmi_log log = { hear, &h };
        dgmi_archive *a = NULL;
        assert_int_equal(dgmi_archive_open(*state, &log, &a, NULL), DGM_OK);
        assert_int_equal(h.count, 1);
        assert_non_null(strstr(h.text, "000001.ndjson"));
        assert_non_null(strstr(h.text, "000001.torn-8"));
        assert_true(dgmi_archive_end(a).offset == 8);
        dgmi_archive_close(a);
    }
    assert_file(*state, "archive/000001.torn-8", "{\"id\":\"to");
    assert_file(*state, "archive/000001.torn-8-2", "{\"id\":\"again");
    dgmi_archive *a = open_writer(*state);
    append(a, "three");
    dgmi_archive_close(a);
    assert_file(*state, "archive/000001.ndjson", "one\ntwo\nthree\n");
}

static void a_torn_first_line_leaves_an_empty_log(void **state)
{
    /* Longer than the step in which the writer looks backwards for a line end. */
    char *torn = malloc(20001);
    memset(torn, 'x', 20000);
    torn[20000] = '\0';
    put_raw(*state, 1, torn);
    dgmi_archive *a = open_writer(*state);
    assert_true(dgmi_archive_end(a).offset == 0);
    append(a, "one");
    dgmi_archive_close(a);
    assert_file(*state, "archive/000001.torn-0", torn);
    assert_file(*state, "archive/000001.ndjson", "one\n");
    free(torn);
}

static void segments_follow_one_another(void **state)
{
    dgmi_archive *a = open_writer(*state);
    dgmi_archive_set_segment_max(a, 100);
    dgmi_archive_reader *beside = open_reader(*state, start);
    char line[64];
    for (int i = 0; i < 200; i++) {
        snprintf(line, sizeof line, "record number %d", i);
        dgmi_position at = append(a, line);
        assert_true(at.offset < 100);
        expect(beside, line);
        expect_status(beside, DGM_E_NOTFOUND, NULL);
    }
    dgmi_position end = dgmi_archive_end(a);
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    assert_true(end.segment > 30);
    dgmi_archive_close(a);
    a = open_writer(*state);
    assert_int_equal(dgmi_position_compare(dgmi_archive_end(a), end), 0);
    dgmi_archive_close(a);
    dgmi_archive_reader *r = open_reader(*state, start);
    for (int i = 0; i < 200; i++) {
        snprintf(line, sizeof line, "record number %d", i);
        expect(r, line);
    }
    expect_status(r, DGM_E_NOTFOUND, NULL);
    dgmi_archive_reader_close(r);
    dgmi_archive_reader_close(beside);
}

static void a_missing_segment_is_named(void **state)
{
    put_raw(*state, 1, "one\n");
    put_raw(*state, 3, "three\n");
    dgmi_archive_reader *r = open_reader(*state, start);
    expect(r, "one");
    expect_status(r, DGM_E_CORRUPT, "000002.ndjson is missing");
    dgmi_archive_reader_close(r);
    dgmi_archive *a;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_archive_open(*state, NULL, &a, &err), DGM_E_CORRUPT);
    assert_non_null(strstr(err.text, "000002.ndjson is missing"));
    assert_null(a);
}

static void other_files_in_the_folder_do_no_harm(void **state)
{
    put_raw(*state, 1, "one\n");
    static const char *const names[] = {
        "archive/000001.ndjson.gz", "archive/2.ndjson",      "archive/x.ndjson",
        "archive/000000.ndjson",    "archive/-00002.ndjson", "archive/0000002.ndjson"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = dgmi_path_join(*state, names[i]);
        assert_int_equal(dgmi_file_replace(path, "zzz", 3, NULL), DGM_OK);
        free(path);
    }
    dgmi_archive *a = open_writer(*state);
    append(a, "two");
    dgmi_archive_close(a);
    assert_true(dgmi_archive_size(*state, start) == 8);
    dgmi_archive_reader *r = open_reader(*state, start);
    expect(r, "one");
    expect(r, "two");
    expect_status(r, DGM_E_NOTFOUND, NULL);
    dgmi_archive_reader_close(r);
}

/* A file size limit stands in for a full disk: the write ends short, then fails. */
static void a_full_disk_leaves_whole_lines_only(void **state)
{
    dgmi_archive *a = open_writer(*state);
    struct rlimit before, tight;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    tight = before;
    tight.rlim_cur = 1000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    char line[301];
    memset(line, 'x', 300);
    line[300] = '\0';
    dgmi_position at;
    dgm_error err = DGM_ERROR_INIT;
    int taken = 0;
    while (dgmi_archive_append(a, line, 300, &at, &err) == DGM_OK && taken < 10)
        taken++;
    dgmi_position end = dgmi_archive_end(a);
    dgm_status small = dgmi_archive_append(a, "short", 5, &at, NULL);
    int restored = setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(restored, 0);
    assert_int_equal(taken, 3);
    assert_int_equal(err.code, DGM_E_IO);
    assert_non_null(strstr(err.text, "000001.ndjson"));
    assert_true(end.offset == 903);
    assert_int_equal(small, DGM_OK);
    append(a, "room again");
    dgmi_archive_close(a);
    dgmi_archive_reader *r = open_reader(*state, start);
    for (int i = 0; i < 3; i++)
        expect(r, line);
    expect(r, "short");
    expect(r, "room again");
    expect_status(r, DGM_E_NOTFOUND, NULL);
    dgmi_archive_reader_close(r);
}

static void after_a_failed_sync_nothing_more_is_taken(void **state)
{
    dgmi_archive *a = open_writer(*state);
    append(a, "one");
    fsync_fails = true;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_archive_sync(a, &err), DGM_E_IO);
    assert_int_equal(err.code, DGM_E_IO);
    fsync_fails = false;
    dgmi_position at;
    assert_int_equal(dgmi_archive_append(a, "two", 3, &at, NULL), DGM_E_IO);
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_E_IO);
    dgmi_archive_close(a);
    a = open_writer(*state);
    append(a, "two");
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    dgmi_archive_close(a);
    assert_file(*state, "archive/000001.ndjson", "one\ntwo\n");
}

static void a_killed_writer_leaves_a_log_that_goes_on(void **state)
{
    int ready;
    char byte, line[4096];
    pid_t child = start_writer(*state, UINT32_MAX, &ready);
    assert_int_equal(read(ready, &byte, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ready);
    dgmi_archive_reader *r = open_reader(*state, start);
    unsigned next = read_records(r, 0);
    assert_true(next > 500);
    dgmi_archive *a = open_writer(*state);
    record_text(next, line, sizeof line);
    append(a, line);
    assert_int_equal(dgmi_archive_sync(a, NULL), DGM_OK);
    assert_int_equal(read_records(r, next), next + 1);
    dgmi_archive_close(a);
    dgmi_archive_reader_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(records_come_back_with_their_places),
        cmocka_unit_test(positions_are_ordered_by_segment_then_offset),
        IN_FOLDER(what_is_no_record_is_refused),
        IN_FOLDER(who_does_not_let_go_of_the_lock_is_named),
        IN_FOLDER(writers_take_turns_and_follow_each_other_into_new_segments),
        IN_FOLDER(what_another_left_torn_is_set_aside_before_the_next_append),
        IN_FOLDER(one_fsync_serves_all_who_wait_and_none_is_spared_that_is_needed),
        IN_FOLDER(a_mark_beyond_the_log_spares_nobody),
        IN_FOLDER(a_log_that_was_taken_away_is_not_written_to),
        IN_FOLDER(a_torn_line_is_set_aside_and_nothing_else_lost),
        IN_FOLDER(a_torn_first_line_leaves_an_empty_log),
        IN_FOLDER(segments_follow_one_another),
        IN_FOLDER(a_missing_segment_is_named),
        IN_FOLDER(other_files_in_the_folder_do_no_harm),
        IN_FOLDER(a_full_disk_leaves_whole_lines_only),
        IN_FOLDER(after_a_failed_sync_nothing_more_is_taken),
        IN_FOLDER(a_killed_writer_leaves_a_log_that_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
