/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/base/file.c and folder.c in a folder of their own. Depends on lib/base. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "file.h"

static int set_up(void **state)
{
    const char *base = getenv("TMPDIR");
    char *folder = dgmi_path_join(base ? base : P_tmpdir, "dragoman-file-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    dgm_status status = dgmi_remove_tree(*state, NULL);
    free(*state);
    return status == DGM_OK ? 0 : -1;
}

static char *at(void **state, const char *name)
{
    char *path = dgmi_path_join(*state, name);
    assert_non_null(path);
    return path;
}

static void paths_join_with_one_slash(void **state)
{
    (void)state;
    static const char *const table[][3] = {
        { "a", "b", "a/b" }, { "a/", "b", "a/b" },   { "a", "/b", "a/b" },
        { "", "b", "b" },    { "/", "b/c", "/b/c" }, { "a//", "b", "a//b" },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char *path = dgmi_path_join(table[i][0], table[i][1]);
        assert_string_equal(path, table[i][2]);
        free(path);
    }
    assert_string_equal(dgmi_path_base("a/b/c.xml"), "c.xml");
    assert_string_equal(dgmi_path_base("c.xml"), "c.xml");
    assert_string_equal(dgmi_path_base("a/"), "");
}

static void a_file_is_read_back_whole(void **state)
{
    char *path = at(state, "file");
    size_t n = 300000;
    char *bytes = malloc(n);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i * 31 % 251);
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_file_replace(path, bytes, n, &err), DGM_OK);
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    dgmi_buf_puts(&b, ">");
    assert_int_equal(dgmi_file_read(path, &b, &err), DGM_OK);
    assert_int_equal(b.n, n + 1);
    assert_memory_equal(b.p + 1, bytes, n);
    dgmi_buf_clear(&b);
    free(bytes);
    free(path);
}

static void a_file_over_the_limit_is_refused(void **state)
{
    char *path = at(state, "file");
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_file_replace(path, "0123456789", 10, &err), DGM_OK);
    dgmi_buf b;
    dgmi_buf_init(&b, 10);
    assert_int_equal(dgmi_file_read(path, &b, &err), DGM_OK);
    assert_true(dgmi_str_eq(dgmi_buf_str(&b), "0123456789"));
    dgmi_buf_clear(&b);
    dgmi_buf_init(&b, 9);
    assert_int_equal(dgmi_file_read(path, &b, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, path));
    assert_non_null(strstr(err.text, "9 bytes"));
    dgmi_buf_clear(&b);
    free(path);
}

static void a_file_without_a_size_is_read(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf b;
    dgmi_buf_init(&b, 1u << 20);
    assert_int_equal(dgmi_file_read("/proc/self/status", &b, &err), DGM_OK);
    assert_true(dgmi_str_starts(dgmi_buf_str(&b), "Name:"));
    dgmi_buf_clear(&b);
}

static void what_cannot_be_read_is_named(void **state)
{
    char *path = at(state, "missing");
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    assert_int_equal(dgmi_file_read(path, &b, &err), DGM_E_NOTFOUND);
    assert_non_null(strstr(err.text, path));
    dgmi_error_clear(&err);
    assert_int_equal(dgmi_file_read(*state, &b, &err), DGM_E_IO);
    dgmi_buf_clear(&b);
    free(path);
}

static void a_pipe_is_read_only_where_a_user_names_it(void **state)
{
    char *path = at(state, "pipe"), text[32];
    int ends[2];
    dgm_error err = DGM_ERROR_INIT;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    assert_int_equal(mkfifo(path, 0666), 0);
    assert_int_equal(dgmi_file_read(path, &b, &err), DGM_E_ARG);
    assert_non_null(strstr(err.text, "pipe: a pipe or a device"));
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "words", 5), 5);
    close(ends[1]);
    snprintf(text, sizeof text, "/dev/fd/%d", ends[0]);
    assert_int_equal(dgmi_stream_read(text, &b, &err), DGM_OK);
    assert_string_equal(b.p, "words");
    close(ends[0]);
    dgmi_buf_clear(&b);
    free(path);
}

static void replacing_leaves_the_new_file_alone(void **state)
{
    char *path = at(state, "current");
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_file_replace(path, "gen-000001", 10, &err), DGM_OK);
    assert_int_equal(dgmi_file_replace(path, "gen-000002", 10, &err), DGM_OK);
    dgmi_names names;
    assert_int_equal(dgmi_dir_list(*state, &names, &err), DGM_OK);
    assert_int_equal(names.n, 1);
    assert_string_equal(names.names[0], "current");
    dgmi_names_free(&names);
    assert_int_equal(dgmi_file_replace("no-such-folder/x", "", 0, &err), DGM_E_NOTFOUND);
    free(path);
}

/* A target that is a folder makes the last step fail: the old state stays and nothing is
 * left. */
static void a_failed_replace_leaves_nothing_behind(void **state)
{
    char *path = at(state, "folder/inside");
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_make_dirs(path, &err), DGM_OK);
    char *folder = at(state, "folder");
    assert_int_equal(dgmi_file_replace(folder, "x", 1, &err), DGM_E_IO);
    dgmi_names names;
    assert_int_equal(dgmi_dir_list(*state, &names, NULL), DGM_OK);
    assert_int_equal(names.n, 1);
    assert_true(dgmi_is_dir(folder));
    dgmi_names_free(&names);
    free(folder);
    free(path);
}

static void folders_are_made_and_removed_whole(void **state)
{
    char *deep = at(state, "a/b//c/");
    char *outside = at(state, "outside");
    char *link = at(state, "a/b/link");
    char *top = at(state, "a");
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_make_dirs(deep, &err), DGM_OK);
    assert_int_equal(dgmi_make_dirs(deep, &err), DGM_OK);
    assert_true(dgmi_is_dir(deep));
    assert_int_equal(dgmi_make_dirs(outside, &err), DGM_OK);
    char *kept = at(state, "outside/kept");
    assert_int_equal(dgmi_file_replace(kept, "12345", 5, &err), DGM_OK);
    assert_int_equal(symlink(outside, link), 0);
    char *file = at(state, "a/b/file");
    assert_int_equal(dgmi_file_replace(file, "123", 3, &err), DGM_OK);
    assert_true(dgmi_tree_size(top) == 3);
    assert_true(dgmi_tree_size(*state) == 8);
    assert_int_equal(dgmi_remove_tree(top, &err), DGM_OK);
    assert_false(dgmi_is_dir(top));
    assert_int_equal(access(kept, F_OK), 0);
    assert_int_equal(dgmi_remove_tree(top, &err), DGM_OK);
    assert_true(dgmi_tree_size(top) == 0);
    assert_int_equal(dgmi_make_dirs(kept, &err), DGM_E_IO);
    char *paths[] = { deep, outside, link, top, kept, file };
    for (size_t i = 0; i < 6; i++)
        free(paths[i]);
}

static void names_come_in_byte_order(void **state)
{
    static const char *const made[] = { "b", "a", "\xC3\xA9", "B", "000010", "000002" };
    static const char *const wanted[] = { "000002", "000010", "B", "a", "b", "\xC3\xA9" };
    for (size_t i = 0; i < 6; i++) {
        char *path = at(state, made[i]);
        assert_int_equal(dgmi_file_replace(path, "", 0, NULL), DGM_OK);
        free(path);
    }
    dgmi_names names;
    assert_int_equal(dgmi_dir_list(*state, &names, NULL), DGM_OK);
    assert_int_equal(names.n, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(names.names[i], wanted[i]);
    dgmi_names_free(&names);
    assert_null(names.names);
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_dir_list("no-such-folder", &names, &err), DGM_E_NOTFOUND);
}

static void write_all_reports_a_failure(void **state)
{
    (void)state;
    dgm_error err = DGM_ERROR_INIT;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        skip();
    assert_int_equal(dgmi_write_all(fd, "x", 1, "the log", &err), DGM_E_IO);
    assert_memory_equal(err.text, "the log: ", 9);
    assert_non_null(strstr(err.text, strerror(ENOSPC)));
    close(fd);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_join_with_one_slash),
        IN_FOLDER(a_file_is_read_back_whole),
        IN_FOLDER(a_file_over_the_limit_is_refused),
        cmocka_unit_test(a_file_without_a_size_is_read),
        IN_FOLDER(what_cannot_be_read_is_named),
        IN_FOLDER(a_pipe_is_read_only_where_a_user_names_it),
        IN_FOLDER(replacing_leaves_the_new_file_alone),
        IN_FOLDER(a_failed_replace_leaves_nothing_behind),
        IN_FOLDER(folders_are_made_and_removed_whole),
        IN_FOLDER(names_come_in_byte_order),
        cmocka_unit_test(write_all_reports_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
