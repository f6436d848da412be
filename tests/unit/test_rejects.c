/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/rejects.c: nothing that was refused is lost, nothing is kept twice.
 */
#include <fcntl.h>
#include <pthread.h>

#include "desk.h"
#include "rejects.h"

static char *contents(const char *data, const char *name)
{
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    char *path =
        name[0] == '/' ? dgmi_str_dup(dgmi_str_of(name)) : dgmi_path_join(data, name);
    OK(dgmi_file_read(path, &out, err));
    free(path);
    return dgmi_buf_take(&out);
}

static size_t count_files(const char *data)
{
    dgmi_names names;
    char *path = dgmi_path_join(data, "rejects");
    OK(dgmi_dir_list(path, &names, err));
    size_t n = names.n;
    dgmi_names_free(&names);
    free(path);
    return n;
}

static size_t count_lines(const char *data)
{
    char *text = contents(data, "rejects/rejects.ndjson");
    size_t n = 0;
    for (const char *p = text; (p = strchr(p, '\n')); p++)
        n++;
    free(text);
    return n;
}

static void nothing_is_made_before_the_first_rejection(void **state)
{
    dgmi_rejects *r = dgmi_rejects_new(*state);
    char *path = dgmi_path_join(*state, "rejects");
    OK(dgmi_rejects_sync(r, err));
    assert_false(dgmi_is_dir(path));
    dgmi_rejects_free(r);
    free(path);
}

static void bytes_are_kept_by_digest_with_the_extension_of_their_source(void **state)
{
    static const struct {
        const char *where, *ending;
    } table[] = {
        { "feeds/a.ndjson:12", ".ndjson" },
        { "b.xml:item 3", ".xml" },
        { "c.jsonl.zst:7", ".jsonl" },
        { "d.jsonl.gz:7", ".jsonl" },
        { "-", ".raw" },
        { "noextension:1", ".raw" },
        { "odd.we!rd", ".raw" },
        { "long.extensionlong", ".raw" },
    };
    dgmi_rejects *r = dgmi_rejects_new(*state);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char bytes[32];
        const char *kept = NULL;
        int n = snprintf(bytes, sizeof bytes, "bad \x80 %zu", i);
        dgmi_reject reject = { table[i].where, "why", bytes, (size_t)n, -1 };
        OK(dgmi_rejects_keep(r, &reject, &kept, err));
        assert_string_equal(kept + strlen(kept) - strlen(table[i].ending),
                            table[i].ending);
        char *back = contents(*state, kept);
        assert_string_equal(back, bytes);
        free(back);
    }
    OK(dgmi_rejects_sync(r, err));
    assert_int_equal(count_lines(*state), sizeof table / sizeof table[0]);
    dgmi_rejects_free(r);
}

static void the_same_bytes_again_are_written_once(void **state)
{
    dgmi_reject reject = { "a.txt", "why \"so\"", "same", 4, -1 };
    for (int i = 0; i < 3; i++) {
        const char *kept = NULL;
        dgmi_rejects *r = dgmi_rejects_new(*state);
        OK(dgmi_rejects_keep(r, &reject, &kept, err));
        assert_non_null(kept);
        OK(dgmi_rejects_keep(r, &reject, &kept, err));
        assert_non_null(kept);
        dgmi_rejects_free(r);
    }
    assert_int_equal(count_files(*state), 2);
    assert_int_equal(count_lines(*state), 1);
    char *list = contents(*state, "rejects/rejects.ndjson");
    assert_non_null(strstr(list, "\"reason\":\"why \\\"so\\\"\""));
    free(list);
}

static void a_source_too_large_to_hold_is_copied_from_its_start(void **state)
{
    char *path = dgmi_path_join(*state, "large.xml.gz");
    char bytes[1000];
    const char *kept = NULL;
    memset(bytes, 'z', sizeof bytes);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    for (int i = 0; i < 300; i++)
        assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
    dgmi_reject reject = { "large.xml.gz", "too large", NULL, 0, fd };
    dgmi_rejects *r = dgmi_rejects_new(*state);
    OK(dgmi_rejects_keep(r, &reject, &kept, err));
    assert_string_equal(kept + strlen(kept) - 3, ".gz");
    char *back = contents(*state, kept);
    assert_int_equal(strlen(back), 300000);
    free(back);
    OK(dgmi_rejects_keep(r, &reject, &kept, err));
    assert_int_equal(count_files(*state), 2);
    dgmi_rejects_free(r);
    close(fd);
    free(path);
}

static void what_cannot_be_read_again_is_listed_without_a_copy(void **state)
{
    int ends[2];
    const char *kept = "";
    assert_int_equal(pipe(ends), 0);
    dgmi_reject reject = { "-", "too large", NULL, 0, ends[0] };
    dgmi_rejects *r = dgmi_rejects_new(*state);
    OK(dgmi_rejects_keep(r, &reject, &kept, err));
    assert_null(kept);
    reject.fd = -1;
    OK(dgmi_rejects_keep(r, &reject, &kept, err));
    assert_null(kept);
    assert_int_equal(count_lines(*state), 2);
    char *list = contents(*state, "rejects/rejects.ndjson");
    assert_non_null(strstr(list, "\"kept\":null"));
    free(list);
    dgmi_rejects_free(r);
    close(ends[0]);
    close(ends[1]);
}

enum { WRITERS = 4, EACH = 50 };

static void *keep_many(void *data)
{
    dgmi_rejects *r = dgmi_rejects_new(data);
    for (int i = 0; i < EACH; i++) {
        char bytes[64];
        const char *kept;
        int n = snprintf(bytes, sizeof bytes, "%ld says %d", (long)gettid(), i);
        dgmi_reject reject = { "x.ndjson:1", "no item", bytes, (size_t)n, -1 };
        if (dgmi_rejects_keep(r, &reject, &kept, NULL) != DGM_OK || !kept)
            break;
    }
    dgmi_rejects_free(r);
    return NULL;
}

static void several_writers_keep_side_by_side_and_every_line_stays_whole(void **state)
{
    pthread_t threads[WRITERS];
    char *folder = dgmi_path_join(*state, "rejects");
    char *path = dgmi_path_join(folder, "rejects.ndjson");
    OK(dgmi_make_dirs(folder, err));
    OK(dgmi_file_replace(path, "{\"half", 6, err)); /* as a full disk leaves it */
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, keep_many, *state), 0);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(count_files(*state), WRITERS * EACH + 1);
    char *text = contents(*state, "rejects/rejects.ndjson"), *rest = text;
    int whole = 0;
    for (char *line; (line = strsep(&rest, "\n"));)
        whole += strncmp(line, "{\"where\":", 9) == 0 && line[strlen(line) - 1] == '}';
    assert_int_equal(whole, WRITERS * EACH);
    free(text);
    free(path);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(nothing_is_made_before_the_first_rejection),
        DESK_TEST(bytes_are_kept_by_digest_with_the_extension_of_their_source),
        DESK_TEST(the_same_bytes_again_are_written_once),
        DESK_TEST(a_source_too_large_to_hold_is_copied_from_its_start),
        DESK_TEST(what_cannot_be_read_again_is_listed_without_a_copy),
        DESK_TEST(several_writers_keep_side_by_side_and_every_line_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
