/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of lib/archive share: a folder, expectations, a writer in a process of
 * its own. Included once by each test program. Depends on lib/base and lib/archive. */
#ifndef DGM_TEST_LOG_H
#define DGM_TEST_LOG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive.h"
#include "fail.h"
#include "file.h"
#include "segment.h"

static const dgmi_position start;

static inline int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-log-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static inline int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

static inline dgmi_archive *open_writer(const char *data)
{
    dgmi_archive *a = NULL;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_archive_open(data, NULL, &a, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return a;
}

static inline dgmi_archive_reader *open_reader(const char *data, dgmi_position from)
{
    dgmi_archive_reader *r = NULL;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_archive_reader_open(data, from, &r, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return r;
}

static inline dgmi_position append(dgmi_archive *a, const char *line)
{
    dgmi_position at = start;
    dgm_error err = DGM_ERROR_INIT;
    if (dgmi_archive_append(a, line, strlen(line), &at, &err) != DGM_OK)
        fail_msg("%s", err.text);
    return at;
}

static inline void expect(dgmi_archive_reader *r, const char *wanted)
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

static inline void expect_status(dgmi_archive_reader *r, dgm_status wanted,
                                 const char *text)
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
static inline void put_raw(const char *data, uint32_t segment, const char *bytes)
{
    char *folder = dgmi_path_join(data, "archive");
    assert_int_equal(dgmi_make_dirs(folder, NULL), DGM_OK);
    int fd = dgmi_segment_open(folder, segment, O_WRONLY | O_CREAT | O_APPEND);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    close(fd);
    free(folder);
}

static inline void cut_raw(const char *data, const char *name, off_t size)
{
    char *path = dgmi_path_join(data, name);
    assert_int_equal(truncate(path, size), 0);
    free(path);
}

static inline void assert_file(const char *data, const char *name, const char *wanted)
{
    char *path = dgmi_path_join(data, name);
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    assert_int_equal(dgmi_file_read(path, &b, NULL), DGM_OK);
    assert_true(dgmi_str_eq(dgmi_buf_str(&b), wanted));
    dgmi_buf_clear(&b);
    free(path);
}

static inline void record_text(unsigned i, char *out, size_t size)
{
    snprintf(out, size, "{\"n\":%u,\"pad\":\"%0*d\"}", i, (int)(i * 7919 % 3000) + 1, 0);
}

/* Runs in the child: appends for ever, or `count` records. */
static inline void write_records(const char *data, unsigned count, int ready)
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
static inline unsigned read_records(dgmi_archive_reader *r, unsigned next)
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

static inline pid_t start_writer(const char *data, unsigned count, int *ready)
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

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
