/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/reader.c and generation.c: what readers see while a writer works. */
#include "desk.h"

/* Makes a generation with n documents and swaps it in. */
static void make(const char *data, uint64_t number, int n)
{
    dgmx_writer *w = NULL;
    char *path = dgmi_generation_path(data, number);
    OK(dgmi_make_dirs(path, err));
    OK(dgmx_writer_open(path, DGMX_CREATE, &w, err));
    for (int i = 0; i < n; i++) {
        char id[16];
        dgmx_doc *doc = NULL;
        snprintf(id, sizeof id, "Q%d", i);
        OK(dgmx_doc_new(&doc, err));
        OK(dgmx_doc_add_term(doc, id, strlen(id), 0, err));
        if (i > 0) /* the first is a tombstone */
            OK(dgmx_doc_add_term(doc, DGMI_TERM_USABLE, strlen(DGMI_TERM_USABLE), 0,
                                 err));
        OK(dgmx_writer_add(w, doc, NULL, err));
        dgmx_doc_free(doc);
    }
    dgmi_meta meta = {
        .position = { 2, 70 }, .average_length = 12.3456, .as_of = -5, .settled = 3
    };
    OK(dgmi_meta_write(w, &meta, err));
    OK(dgmx_writer_commit(w, err));
    dgmx_writer_close(w);
    OK(dgmi_generation_swap(data, number, err));
    free(path);
}

static void put_metadata(const char *data, uint64_t number, const char *key,
                         const char *value)
{
    dgmx_writer *w = NULL;
    char *path = dgmi_generation_path(data, number);
    OK(dgmx_writer_open(path, 0, &w, err));
    OK(dgmx_writer_set_metadata(w, key, value, strlen(value), err));
    OK(dgmx_writer_commit(w, err));
    dgmx_writer_close(w);
    free(path);
}

static void expect_corrupt(const char *data, const char *text)
{
    dgmi_index *index = NULL;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgmi_index_open(data, &index, &err), DGM_E_CORRUPT);
    assert_null(index);
    if (!strstr(err.text, text))
        fail_msg("\"%s\" is not in: %s", text, err.text);
}

static void no_folder_is_not_found_and_no_index_is_empty(void **state)
{
    dgmi_index *index = NULL;
    bool moved = true;
    assert_int_equal(dgmi_index_open("no/such/folder", &index, NULL), DGM_E_NOTFOUND);
    index = open_index(*state);
    assert_null(index->db);
    assert_int_equal(index->generation, 0);
    assert_string_equal(index->revision, "0-0");
    OK(dgmi_index_refresh(index, &moved, err));
    assert_false(moved);
    dgmi_index_close(index);
}

static void a_generation_says_what_it_holds(void **state)
{
    make(*state, 3, 5);
    dgmi_index *index = open_index(*state);
    assert_int_equal(index->generation, 3);
    assert_int_equal(index->documents, 4);
    assert_int_equal(index->canceled, 1);
    assert_int_equal(index->position.segment, 2);
    assert_int_equal(index->position.offset, 70);
    assert_int_equal((int)(index->average_length * 1000 + 0.5), 12346);
    assert_int_equal(index->as_of, -5);
    assert_int_equal(index->settled, 3);
    assert_memory_equal(index->revision, "3-", 2);
    put_metadata(*state, 3, "dgm.settled", ""); /* as a former release left it */
    OK(dgmi_index_refresh(index, NULL, err));
    assert_int_equal(index->settled, -1);
    dgmi_index_close(index);
}

static void a_reader_follows_commits_and_swaps(void **state)
{
    bool moved = false;
    char before[48];
    dgmi_index *index = open_index(*state);
    make(*state, 1, 2);
    OK(dgmi_index_refresh(index, &moved, err));
    assert_true(moved);
    assert_int_equal(index->documents, 1);
    snprintf(before, sizeof before, "%s", index->revision);
    put_metadata(*state, 1, "other", "x");
    OK(dgmi_index_refresh(index, &moved, err));
    assert_true(moved);
    assert_string_not_equal(index->revision, before);
    OK(dgmi_index_refresh(index, &moved, err));
    assert_false(moved);
    make(*state, 2, 10);
    OK(dgmi_index_refresh(index, &moved, err));
    assert_true(moved);
    assert_int_equal(index->generation, 2);
    assert_int_equal(index->documents, 9);
    dgmi_index_close(index);
}

static void a_generation_removed_under_a_reader_still_answers_and_is_left(void **state)
{
    bool moved = false;
    make(*state, 1, 3);
    dgmi_index *index = open_index(*state);
    make(*state, 2, 4);
    make(*state, 3, 5);
    OK(dgmi_generation_clean(*state, err));
    assert_int_equal(frequency(index, DGMI_TERM_USABLE), 2);
    OK(dgmi_index_refresh(index, &moved, err));
    assert_true(moved);
    assert_int_equal(index->generation, 3);
    dgmi_index_close(index);
}

static void what_cannot_be_read_says_how_to_mend_it(void **state)
{
    make(*state, 1, 1);
    put_metadata(*state, 1, "dgm.schema", "999");
    expect_corrupt(*state, "reindex");
    put_metadata(*state, 1, "dgm.schema", "");
    expect_corrupt(*state, "dgm.schema");
    make(*state, 2, 1);
    put_metadata(*state, 2, "dgm.position", "nonsense");
    expect_corrupt(*state, "nonsense");
    char *path = dgmi_generation_path(*state, 3);
    OK(dgmi_generation_swap(*state, 3, err));
    expect_corrupt(*state, "gen-000003");
    free(path);
    path = dgmi_path_join(*state, "index/current");
    static const char *const names[] = {
        "",
        "gen-",
        "gen-0",
        "gen-1x",
        "../../etc",
        "gen-000001\n\n",
        "gen-99999999999999999999999999999999999999999999"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        OK(dgmi_file_replace(path, names[i], strlen(names[i]), err));
        expect_corrupt(*state, "");
    }
    free(path);
}

static bool exists(const char *data, uint64_t number)
{
    char *path = dgmi_generation_path(data, number);
    bool there = dgmi_is_dir(path);
    free(path);
    return there;
}

static void cleaning_keeps_the_live_generation_and_the_one_before_it(void **state)
{
    uint64_t last = 0;
    for (uint64_t i = 1; i <= 4; i++)
        make(*state, i, 1);
    OK(dgmi_generation_swap(*state, 3, err)); /* the fourth is a build that was killed */
    char *workshop = dgmi_generation_workshop(*state);
    char *odd = dgmi_path_join(*state, "index/gen-notes");
    OK(dgmi_make_dirs(workshop, err));
    OK(dgmi_make_dirs(odd, err));
    OK(dgmi_generation_clean(*state, err));
    assert_false(exists(*state, 1));
    assert_true(exists(*state, 2));
    assert_true(exists(*state, 3));
    assert_false(exists(*state, 4));
    assert_true(dgmi_is_dir(workshop)); /* a build may be taken up */
    dgmi_generation_drop_workshop(*state);
    assert_false(dgmi_is_dir(workshop));
    assert_true(dgmi_is_dir(odd));
    OK(dgmi_generation_last(*state, &last, err));
    assert_int_equal(last, 3);
    free(workshop);
    free(odd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(no_folder_is_not_found_and_no_index_is_empty),
        DESK_TEST(a_generation_says_what_it_holds),
        DESK_TEST(a_reader_follows_commits_and_swaps),
        DESK_TEST(a_generation_removed_under_a_reader_still_answers_and_is_left),
        DESK_TEST(what_cannot_be_read_says_how_to_mend_it),
        DESK_TEST(cleaning_keeps_the_live_generation_and_the_one_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
