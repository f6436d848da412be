/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/walk.c: which files below a folder are read, and in which order. */
#include <sys/stat.h>

#include "desk.h"

static void put(const char *data, const char *name, const char *text)
{
    char *path = dgmi_path_join(data, name);
    char *folder = dgmi_str_dup((dgmi_str){ path, (size_t)(strrchr(path, '/') - path) });
    OK(dgmi_make_dirs(folder, err));
    OK(dgmi_file_replace(path, text, strlen(text), err));
    free(folder);
    free(path);
}

typedef struct seen {
    int n;
    char where[8][200];
} seen;

static void note(void *user, const char *where, const char *reason, const char *kept)
{
    seen *s = user;
    (void)reason;
    (void)kept;
    if (s->n < 8)
        snprintf(s->where[s->n], sizeof s->where[0], "%s", where);
    s->n++;
}

static dgm_counts read_folder(const char *data, const char *name, seen *s)
{
    dgm_ingest *in = NULL;
    dgm_counts counts;
    dgm_ingest_options o = { .reject = note, .user = s };
    char *desk = dgmi_path_join(data, "in/desk"), *path = dgmi_path_join(data, name);
    OK(dgmi_make_dirs(desk, err));
    OK(dgm_ingest_open(desk, &o, &in, err));
    OK(dgm_ingest_path(in, path, err));
    OK(dgm_ingest_commit(in, &counts, err));
    dgm_ingest_close(in);
    free(path);
    free(desk);
    return counts;
}

#define LINE(id) "{\"id\":\"" id "\",\"title\":\"Title " id "\",\"body\":\"text\"}\n"

static void files_are_read_in_name_order_and_hidden_ones_not(void **state)
{
    seen s = { 0 };
    put(*state, "in/b/2.ndjson",
        "{\"id\":\"x\",\"version\":\"1\",\"title\":\"later\"}\n");
    put(*state, "in/a/1.ndjson",
        "{\"id\":\"x\",\"version\":\"1\",\"title\":\"first\"}\n");
    put(*state, "in/.hidden/3.ndjson", LINE("h"));
    put(*state, "in/.h.ndjson", LINE("i"));
    dgm_counts c = read_folder(*state, "in", &s);
    assert_int_equal(c.files, 2);
    assert_int_equal(c.added, 1);
    assert_int_equal(c.replaced, 1);
    assert_int_equal(s.n, 0);
    char *desk = dgmi_path_join(*state, "in/desk");
    assert_int_equal(find(desk, "later"), 1);
    free(desk);
}

static void what_is_no_file_of_a_known_format_is_rejected_and_the_rest_read(void **state)
{
    seen s = { 0 };
    char *path = dgmi_path_join(*state, "in/pipe");
    put(*state, "in/a.bin", "\x01\x02\x03\xff\xfe binary \x90");
    put(*state, "in/z.ndjson", LINE("z"));
    assert_int_equal(mkfifo(path, 0600), 0);
    dgm_counts c = read_folder(*state, "in", &s);
    assert_int_equal(c.added, 1);
    assert_int_equal(c.rejected, 2);
    assert_int_equal(s.n, 2);
    assert_non_null(strstr(s.where[0], "a.bin"));
    assert_non_null(strstr(s.where[1], "pipe"));
    free(path);
}

static void links_are_followed_but_not_in_circles(void **state)
{
    seen s = { 0 };
    char *up = dgmi_path_join(*state, "in/a/up"),
         *gone = dgmi_path_join(*state, "in/gone");
    char *file = dgmi_path_join(*state, "in/link.ndjson");
    put(*state, "in/a/1.ndjson", LINE("one"));
    put(*state, "other/2.ndjson", LINE("two"));
    assert_int_equal(symlink("..", up), 0);
    assert_int_equal(symlink("nowhere", gone), 0);
    assert_int_equal(symlink("../other/2.ndjson", file), 0);
    dgm_counts c = read_folder(*state, "in", &s);
    assert_int_equal(c.added, 2);
    assert_int_equal(c.rejected, 1);
    assert_non_null(strstr(s.where[0], "gone"));
    free(up);
    free(gone);
    free(file);
}

static void the_data_folder_is_no_input_of_itself(void **state)
{
    seen s = { 0 };
    put(*state, "in/a.ndjson", LINE("a"));
    dgm_counts c = read_folder(*state, "in", &s);
    assert_int_equal(c.files, 1);
    c = read_folder(*state, "in", &s);
    assert_int_equal(c.files, 1);
    assert_int_equal(c.unchanged, 1);
}

static void rejects_can_be_fed_again(void **state)
{
    seen s = { 0 };
    put(*state, "in/a.ndjson", LINE("a") "{\"id\":\"broken\",\n");
    assert_int_equal(read_folder(*state, "in", &s).rejected, 1);
    dgm_counts c = read_folder(*state, "in/desk/rejects", &s);
    assert_int_equal(c.files, 1);
    assert_int_equal(c.rejected, 1);
    c = read_folder(*state, "in/desk/rejects", &s);
    assert_int_equal(c.files, 1);
}

static void a_path_that_is_not_there_is_not_found(void **state)
{
    dgm_ingest *in = NULL;
    dgm_error fault = DGM_ERROR_INIT;
    OK(dgm_ingest_open(*state, NULL, &in, err));
    assert_int_equal(dgm_ingest_path(in, "no/such/path", &fault), DGM_E_NOTFOUND);
    assert_non_null(strstr(fault.text, "no/such/path"));
    dgm_ingest_close(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(files_are_read_in_name_order_and_hidden_ones_not),
        DESK_TEST(what_is_no_file_of_a_known_format_is_rejected_and_the_rest_read),
        DESK_TEST(links_are_followed_but_not_in_circles),
        DESK_TEST(the_data_folder_is_no_input_of_itself),
        DESK_TEST(rejects_can_be_fed_again),
        DESK_TEST(a_path_that_is_not_there_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
