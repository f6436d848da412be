/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/verify.c: each kind of difference is found and named. */
#include <fcntl.h>

#include "desk.h"

typedef struct report {
    int n;
    char text[4000];
} report;

static void note(void *user, const char *id, const char *what)
{
    report *r = user;
    size_t used = strlen(r->text);
    snprintf(r->text + used, sizeof r->text - used, "[%s] %s\n", id, what);
    r->n++;
}

static report verify(const char *data)
{
    report r = { 0 };
    uint64_t n = 0;
    OK(dgm_verify(data, note, &r, &n, err));
    assert_int_equal(n, r.n);
    return r;
}

static void expect(const char *data, const char *line)
{
    report r = verify(data);
    if (!strstr(r.text, line))
        fail_msg("\"%s\" is not in:\n%s", line, r.text);
}

#define LINES                                                                            \
    "{\"id\":\"a\",\"body\":\"alpha\"}\n{\"id\":\"b\",\"body\":\"beta\"}\n"              \
    "{\"id\":\"c\",\"body\":\"gamma\"}\n"

static dgmx_writer *open_generation(const char *data)
{
    dgmx_writer *w = NULL;
    char *path = dgmi_generation_path(data, 1);
    OK(dgmx_writer_open(path, 0, &w, err));
    free(path);
    return w;
}

static void close_generation(dgmx_writer *w)
{
    OK(dgmx_writer_commit(w, err));
    dgmx_writer_close(w);
}

static void archive_and_index_that_agree_have_no_differences(void **state)
{
    assert_int_equal(verify(*state).n, 0);
    feed(*state, LINES);
    assert_int_equal(verify(*state).n, 0);
}

static void a_missing_and_an_extra_document_are_named(void **state)
{
    feed(*state, LINES);
    dgmx_writer *w = open_generation(*state);
    dgmx_doc *doc = NULL;
    OK(dgmx_writer_delete_term(w, "Qb", 2, err));
    OK(dgmx_doc_new(&doc, err));
    OK(dgmx_doc_add_term(doc, "Qghost", 6, 0, err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    dgmx_doc_free(doc);
    close_generation(w);
    report r = verify(*state);
    assert_int_equal(r.n, 2);
    expect(*state, "[b] missing in the index");
    expect(*state, "[ghost] in the index, not in the archive");
}

/* Puts the document of one item into the place of another's. */
static void a_document_of_another_version_and_a_damaged_record_are_named(void **state)
{
    feed(*state, LINES);
    dgmx_writer *w = open_generation(*state);
    dgmx_db *view = NULL;
    dgmx_docid id;
    dgmx_doc *doc = NULL;
    OK(dgmx_writer_db(w, &view, err));
    OK(dgmx_db_find(view, "Qa", 2, &id, err));
    OK(dgmx_doc_get(view, id, &doc, err));
    OK(dgmx_doc_set_value(doc, DGMI_SLOT_DIGEST, "12345678", 8, err));
    OK(dgmx_writer_replace(w, id, doc, err));
    dgmx_doc_free(doc);
    OK(dgmx_db_find(view, "Qc", 2, &id, err));
    OK(dgmx_doc_get(view, id, &doc, err));
    OK(dgmx_doc_set_data(doc, "not a record", 12, err));
    OK(dgmx_writer_replace(w, id, doc, err));
    dgmx_doc_free(doc);
    dgmx_db_close(view);
    close_generation(w);
    assert_int_equal(verify(*state).n, 2);
    expect(*state, "[a] the index has another version");
    expect(*state, "[c] its stored record is damaged");
}

static void two_documents_of_one_id_are_named(void **state)
{
    feed(*state, LINES);
    dgmx_writer *w = open_generation(*state);
    dgmx_db *view = NULL;
    dgmx_docid id;
    dgmx_doc *doc = NULL;
    OK(dgmx_writer_db(w, &view, err));
    OK(dgmx_db_find(view, "Qa", 2, &id, err));
    OK(dgmx_doc_get(view, id, &doc, err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    dgmx_doc_free(doc);
    dgmx_db_close(view);
    close_generation(w);
    expect(*state, "[a] 2 documents of the index have this id");
}

static void records_that_are_not_indexed_yet_are_one_difference(void **state)
{
    static const char *const more[] = { "{\"dgm\":1,\"id\":\"d\",\"body\":[\"x\"]}",
                                        NULL };
    append_lines(*state, more);
    expect(*state, "not indexed yet");
    feed(*state, LINES);
    append_lines(*state, more);
    assert_int_equal(verify(*state).n, 1);
}

static void damaged_blocks_of_the_database_are_found(void **state)
{
    feed(*state, LINES);
    char *gen = dgmi_generation_path(*state, 1),
         *path = dgmi_path_join(gen, "postlist.glass");
    char noise[64];
    memset(noise, 0xA5, sizeof noise);
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    off_t end = lseek(fd, 0, SEEK_END);
    for (off_t at = 40; at < end; at += 100)
        assert_int_equal(pwrite(fd, noise, sizeof noise, at), sizeof noise);
    close(fd);
    expect(*state, "generation 1 is damaged");
    free(path);
    free(gen);
}

static void an_index_that_does_not_open_is_a_difference(void **state)
{
    feed(*state, LINES);
    dgmx_writer *w = open_generation(*state);
    OK(dgmx_writer_set_metadata(w, "dgm.schema", "77", 2, err));
    close_generation(w);
    expect(*state, "reindex");
}

static void a_live_generation_that_is_gone_is_a_difference(void **state)
{
    feed(*state, LINES);
    char *path = dgmi_generation_path(*state, 1);
    OK(dgmi_remove_tree(path, err));
    expect(*state, "generation 1 is damaged");
    free(path);
}

static void a_line_that_is_no_item_is_named_by_its_place(void **state)
{
    static const char *const bad[] = { "{\"dgm\":1,", NULL };
    feed(*state, LINES);
    append_lines(*state, bad);
    feed(*state, LINES);
    expect(*state, "archive segment 1, byte ");
}

static void no_folder_is_not_found(void **state)
{
    uint64_t n = 7;
    (void)state;
    assert_int_equal(dgm_verify("no/such/folder", NULL, NULL, &n, NULL), DGM_E_NOTFOUND);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(archive_and_index_that_agree_have_no_differences),
        DESK_TEST(a_missing_and_an_extra_document_are_named),
        DESK_TEST(a_document_of_another_version_and_a_damaged_record_are_named),
        DESK_TEST(two_documents_of_one_id_are_named),
        DESK_TEST(records_that_are_not_indexed_yet_are_one_difference),
        DESK_TEST(damaged_blocks_of_the_database_are_found),
        DESK_TEST(an_index_that_does_not_open_is_a_difference),
        DESK_TEST(a_live_generation_that_is_gone_is_a_difference),
        DESK_TEST(a_line_that_is_no_item_is_named_by_its_place),
        DESK_TEST(no_folder_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
