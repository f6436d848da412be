/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/archive: writer and readers of the log, with crashes. Depends on lib/base.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive.h"
#include "fail.h"
#include "file.h"
#include "segment.h"

/* Stands in for the C library's, so that a test can let it fail. */
static bool fsync_fails;
int fsync(int fd)
{
    if (fsync_fails) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

static const dgmi_position start;

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-log-XXXXXX");
    *state = folder;
    fsync_fails = false;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

static dgmi_archive *open_writer(const char *data)
{
    dgmi_archive *a = NULL;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_archive_open(data, NULL, &a, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return a;
}

static dgmi_archive_reader *open_reader(const char *data, dgmi_position from)
{
    dgmi_archive_reader *r = NULL;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_archive_reader_open(data, from, &r, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return r;
}

static dgmi_position append(dgmi_archive *a, const char *line)
{
    dgmi_position at = start;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_archive_append(a, line, strlen(line), &at, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return at;
}

static void expect(dgmi_archive_reader *r, const char *wanted)
{
    const char *line;
    size_t n;
    dgmi_position at, after;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_archive_next(r, &line, &n, &at, &after, &err) != DGM_OK)
        fail_msg("no %s: %s", wanted, err.text);
    if (n != strlen(wanted) || memcmp(line, wanted, n) != 0)
        fail_msg("%.*s instead of %s", (int)n, line, wanted);
}

static void expect_status(dgmi_archive_reader *r, dgm_status wanted, const char *text)
{
    const char *line;
    size_t n;
    dgmi_position at, after;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_archive_next(r, &line, &n, &at, &after, &err), wanted);
    assert_int_equal(err.code, text ? wanted : DGM_OK);
    if (text && !strstr(err.text, text))
        fail_msg("%s does not say %s", err.text, text);
}

/* Puts bytes at the end of a segment, as a writer in the middle of its work does. */
static void put_raw(const char *data, uint32_t segment, const char *bytes)
{
    char *folder = dgmi_path_join(data, "archive");
    assert_int_equal(dgmi_make_dirs(folder, NULL), DGM_OK);
    int fd = dgmi_segment_open(folder, segment, O_WRONLY | O_CREAT | O_APPEND);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    close(fd);
    free(folder);
}

static void cut_raw(const char *data, const char *name, off_t size)
{
    char *path = dgmi_path_join(data, name);
    assert_int_equal(truncate(path, size), 0);
    free(path);
}

static void assert_file(const char *data, const char *name, const char *wanted)
{
    char *path = dgmi_path_join(data, name);
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    assert_int_equal(dgmi_file_read(path, &b, NULL), DGM_OK);
    assert_true(dgmi_str_eq(dgmi_buf_str(&b), wanted));
    dgmi_buf_clear(&b);
    free(path);
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

static void an_archive_that_is_not_there_reads_as_empty(void **state)
{
    dgmi_archive_reader *r = open_reader(*state, start);
    expect_status(r, DGM_E_NOTFOUND, NULL);
    assert_int_equal(dgmi_archive_seek_share(r, 0.5, NULL), DGM_OK);
    assert_true(dgmi_archive_size(*state, start) == 0);
    dgmi_archive *a = open_writer(*state);
    expect_status(r, DGM_E_NOTFOUND, NULL);
    append(a, "first");
    expect(r, "first");
    expect_status(r, DGM_E_NOTFOUND, NULL);
    append(a, "second");
    expect(r, "second");
    dgmi_archive_reader_close(r);
    dgmi_archive_close(a);
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

static void a_second_writer_is_locked_out(void **state)
{
    dgmi_archive *a = open_writer(*state), *second;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_archive_open(*state, NULL, &second, &err), DGM_E_LOCKED);
    assert_null(second);
    char wanted[32];
    snprintf(wanted, sizeof wanted, "process %ld", (long)getpid());
    assert_non_null(strstr(err.text, wanted));
    append(a, "unharmed");
    dgmi_archive_close(a);
    a = open_writer(*state);
    assert_true(dgmi_archive_end(a).offset == 9);
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

static void an_unfinished_line_is_not_there_yet(void **state)
{
    put_raw(*state, 1, "one\ntw");
    dgmi_archive_reader *r = open_reader(*state, start);
    expect(r, "one");
    expect_status(r, DGM_E_NOTFOUND, NULL);
    expect_status(r, DGM_E_NOTFOUND, NULL);
    put_raw(*state, 1, "o\n");
    expect(r, "two");
    dgmi_archive_reader_close(r);
}

static void a_line_that_was_cut_back_leaves_no_trace(void **state)
{
    put_raw(*state, 1, "one\nhalf of a lin");
    dgmi_archive_reader *r = open_reader(*state, start);
    expect(r, "one");
    expect_status(r, DGM_E_NOTFOUND, NULL);
    cut_raw(*state, "archive/000001.ndjson", 4);
    put_raw(*state, 1, "another line that is longer\n");
    expect(r, "another line that is longer");
    dgmi_archive_reader_close(r);
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

/* The place behind the last record of a segment and the start of the next are the same
 * place. */
static void every_place_given_can_be_read_from(void **state)
{
    dgmi_archive *a = open_writer(*state);
    dgmi_archive_set_segment_max(a, 10);
    char line[32];
    for (int i = 0; i < 20; i++) {
        snprintf(line, sizeof line, "line %d", i);
        append(a, line);
    }
    dgmi_archive_reader *r = open_reader(*state, start);
    const char *p;
    size_t n;
    dgmi_position at, after;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(dgmi_archive_next(r, &p, &n, &at, &after, NULL), DGM_OK);
        dgmi_archive_reader *again = open_reader(*state, at);
        snprintf(line, sizeof line, "line %d", i);
        expect(again, line);
        dgmi_archive_reader_close(again);
        again = open_reader(*state, after);
        snprintf(line, sizeof line, "line %d", i + 1);
        if (i < 19)
            expect(again, line);
        else
            expect_status(again, DGM_E_NOTFOUND, NULL);
        dgmi_archive_reader_close(again);
    }
    dgmi_archive_reader_close(r);
    dgmi_archive_close(a);
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

static void a_missing_first_segment_is_named(void **state)
{
    put_raw(*state, 2, "two\n");
    dgmi_archive_reader *r;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_archive_reader_open(*state, start, &r, &err), DGM_E_CORRUPT);
    assert_non_null(strstr(err.text, "000001.ndjson is missing"));
    assert_null(r);
}

static void an_unfinished_line_in_the_middle_is_corrupt(void **state)
{
    put_raw(*state, 1, "one\nhalf");
    put_raw(*state, 2, "two\n");
    dgmi_archive_reader *r = open_reader(*state, start);
    expect(r, "one");
    expect_status(r, DGM_E_CORRUPT, "000001.ndjson, byte 4");
    dgmi_archive_reader_close(r);
}

static void a_wrong_place_is_corrupt(void **state)
{
    put_raw(*state, 1, "one\ntwo\n");
    static const dgmi_position wrong[] = {
        { 1, 1 }, { 1, 7 }, { 1, 9 }, { 2, 0 }, { 7, 3 }
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        dgmi_archive_reader *r;
        dgm_error err = DGM_ERROR_INIT;
        dgm_status status = dgmi_archive_reader_open(*state, wrong[i], &r, &err);
        assert_int_equal(status, DGM_E_CORRUPT);
        assert_null(r);
        assert_non_null(strstr(err.text, ".ndjson"));
    }
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

static void record_text(unsigned i, char *out, size_t size)
{
    snprintf(out, size, "{\"n\":%u,\"pad\":\"%0*d\"}", i, (int)(i * 7919 % 3000) + 1, 0);
}

/* Runs in the child: appends for ever, or `count` records. */
static void write_records(const char *data, unsigned count, int ready)
{
    dgmi_archive *a;
    char line[4096];
    if (dgmi_archive_open(data, NULL, &a, NULL) != DGM_OK)
        _exit(1);
    dgmi_archive_set_segment_max(a, 200000);
    for (unsigned i = 0; i < count; i++) {
        dgmi_position at;
        record_text(i, line, sizeof line);
        if (dgmi_archive_append(a, line, strlen(line), &at, NULL) != DGM_OK)
            _exit(2);
        if (i == 500 && write(ready, "x", 1) != 1)
            _exit(3);
    }
    dgmi_archive_close(a);
    _exit(0);
}

/* Reads on, and returns the number of the first record that is not there yet. */
static unsigned read_records(dgmi_archive_reader *r, unsigned next)
{
    const char *line;
    size_t n;
    dgmi_position at, after;
    char wanted[4096];
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status;
    while ((status = dgmi_archive_next(r, &line, &n, &at, &after, &err)) == DGM_OK) {
        record_text(next, wanted, sizeof wanted);
        if (n != strlen(wanted) || memcmp(line, wanted, n) != 0)
            fail_msg("record %u is not what was written", next);
        next++;
    }
    if (status != DGM_E_NOTFOUND)
        fail_msg("%s", err.text);
    return next;
}

static pid_t start_writer(const char *data, unsigned count, int *ready)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        write_records(data, count, ends[1]);
    assert_true(child > 0);
    close(ends[1]);
    *ready = ends[0];
    return child;
}

static void a_reader_beside_a_writer_sees_whole_records_in_order(void **state)
{
    int ready, ended = 0;
    pid_t child = start_writer(*state, 4000, &ready);
    dgmi_archive_reader *r = open_reader(*state, start);
    unsigned next = 0;
    while (waitpid(child, &ended, WNOHANG) == 0)
        next = read_records(r, next);
    assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    assert_int_equal(read_records(r, next), 4000);
    dgmi_archive_reader_close(r);
    close(ready);
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

static void sizes_count_from_a_place(void **state)
{
    put_raw(*state, 1, "one\ntwo\n");
    put_raw(*state, 2, "three\n");
    static const struct {
        dgmi_position from;
        uint64_t size;
    } table[] = { { { 0, 0 }, 14 }, { { 1, 0 }, 14 }, { { 1, 4 }, 10 }, { { 1, 8 }, 6 },
                  { { 2, 0 }, 6 },  { { 2, 6 }, 0 },  { { 2, 9 }, 0 },  { { 3, 0 }, 0 } };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_true(dgmi_archive_size(*state, table[i].from) == table[i].size);
}

static void a_share_seeks_the_next_record(void **state)
{
    put_raw(*state, 1, "aaaa\nbbbb\n");
    put_raw(*state, 2, "cccc\ndddd\nhalf ");
    static const struct {
        double share;
        const char *line; /* NULL: the end */
    } table[] = { { 0, "aaaa" },    { -1, "aaaa" },   { NAN, "aaaa" },
                  { 0.01, "aaaa" }, { 0.05, "bbbb" }, { 0.2001, "bbbb" },
                  { 0.25, "cccc" }, { 0.39, "cccc" }, { 0.4001, "cccc" },
                  { 0.45, "dddd" }, { 0.61, "dddd" }, { 0.65, NULL },
                  { 0.9, NULL },    { 1, NULL },      { 7, NULL } };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        dgmi_archive_reader *r = open_reader(*state, start);
        assert_int_equal(dgmi_archive_seek_share(r, table[i].share, NULL), DGM_OK);
        if (table[i].line)
            expect(r, table[i].line);
        else
            expect_status(r, DGM_E_NOTFOUND, NULL);
        dgmi_archive_reader_close(r);
    }
    dgmi_archive_reader *r = open_reader(*state, start);
    assert_int_equal(dgmi_archive_seek_share(r, 1, NULL), DGM_OK);
    put_raw(*state, 2, "done\n");
    expect(r, "half done");
    dgmi_archive_reader_close(r);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_are_ordered_by_segment_then_offset),
        IN_FOLDER(records_come_back_with_their_places),
        IN_FOLDER(an_archive_that_is_not_there_reads_as_empty),
        IN_FOLDER(what_is_no_record_is_refused),
        IN_FOLDER(a_second_writer_is_locked_out),
        IN_FOLDER(a_torn_line_is_set_aside_and_nothing_else_lost),
        IN_FOLDER(a_torn_first_line_leaves_an_empty_log),
        IN_FOLDER(an_unfinished_line_is_not_there_yet),
        IN_FOLDER(a_line_that_was_cut_back_leaves_no_trace),
        IN_FOLDER(segments_follow_one_another),
        IN_FOLDER(every_place_given_can_be_read_from),
        IN_FOLDER(a_missing_segment_is_named),
        IN_FOLDER(a_missing_first_segment_is_named),
        IN_FOLDER(an_unfinished_line_in_the_middle_is_corrupt),
        IN_FOLDER(a_wrong_place_is_corrupt),
        IN_FOLDER(other_files_in_the_folder_do_no_harm),
        IN_FOLDER(a_full_disk_leaves_whole_lines_only),
        IN_FOLDER(after_a_failed_sync_nothing_more_is_taken),
        IN_FOLDER(a_reader_beside_a_writer_sees_whole_records_in_order),
        IN_FOLDER(a_killed_writer_leaves_a_log_that_goes_on),
        IN_FOLDER(sizes_count_from_a_place),
        IN_FOLDER(a_share_seeks_the_next_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
