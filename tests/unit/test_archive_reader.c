/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/archive/archive_reader.c: reading beside the writer. Depends on lib/base.
 */
#include <math.h>

#include "log_folder.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(an_archive_that_is_not_there_reads_as_empty),
        IN_FOLDER(an_unfinished_line_is_not_there_yet),
        IN_FOLDER(a_line_that_was_cut_back_leaves_no_trace),
        IN_FOLDER(every_place_given_can_be_read_from),
        IN_FOLDER(a_missing_first_segment_is_named),
        IN_FOLDER(an_unfinished_line_in_the_middle_is_corrupt),
        IN_FOLDER(a_wrong_place_is_corrupt),
        IN_FOLDER(a_reader_beside_a_writer_sees_whole_records_in_order),
        IN_FOLDER(sizes_count_from_a_place),
        IN_FOLDER(a_share_seeks_the_next_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
