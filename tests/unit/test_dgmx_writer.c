/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/writer.cc and document.cc: what is refused costs nothing, what is
 * lost is said, and what is written reads back. Depends on lib/xapian. */
#include "test_dgmx.h"

/* ---- Terms are checked before Xapian sees them
 * ------------------------------------------------ */

static char long_term[DGMX_TERM_MAX + 2]; /* one byte too long, and a NUL */

static const struct {
    const char *p;
    size_t n;
    dgm_status want;
} term_cases[] = {
    { "", 0, DGM_E_ARG },
    { "a", 1, DGM_OK },
    { "a\0b", 3, DGM_E_ARG },
    { "\0", 1, DGM_E_ARG },
    { long_term, DGMX_TERM_MAX, DGM_OK },
    { long_term, DGMX_TERM_MAX + 1, DGM_E_ARG },
};

typedef dgm_status term_call(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                             dgm_error *err);

static dgm_status by_add_term(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                              dgm_error *err)
{
    (void)w;
    return dgmx_doc_add_term(doc, p, n, 1, err);
}

static dgm_status by_posting(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                             dgm_error *err)
{
    (void)w;
    return dgmx_doc_add_posting(doc, p, n, 1, 1, err);
}

static dgm_status by_list(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                          dgm_error *err)
{
    (void)w;
    const dgmx_term terms[] = { { "before", 6, 1, NULL, 0 },
                                { p, (uint32_t)n, 1, NULL, 0 } };
    return dgmx_doc_add_terms(doc, terms, 2, err);
}

static dgm_status by_replace(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                             dgm_error *err)
{
    return dgmx_writer_replace_term(w, p, n, doc, NULL, err);
}

static dgm_status by_delete(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                            dgm_error *err)
{
    (void)doc;
    return dgmx_writer_delete_term(w, p, n, err);
}

static dgm_status by_spelling(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                              dgm_error *err)
{
    (void)doc;
    return dgmx_writer_add_spelling(w, p, n, 1, err);
}

static dgm_status by_synonym(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                             dgm_error *err)
{
    (void)doc;
    return dgmx_writer_add_synonym(w, STR("word"), p, n, err);
}

static dgm_status by_clearing(dgmx_writer *w, dgmx_doc *doc, const char *p, size_t n,
                              dgm_error *err)
{
    (void)doc;
    return dgmx_writer_clear_synonyms(w, p, n, err);
}

static void terms_that_do_not_fit_are_refused_and_the_batch_survives(void **state)
{
    (void)state;
    term_call *const calls[] = { by_add_term, by_posting,  by_list,    by_replace,
                                 by_delete,   by_spelling, by_synonym, by_clearing };
    memset(long_term, 'x', sizeof long_term - 1);
    dgmx_writer *w = open_writer(path_of(0, "terms"), DGMX_OVERWRITE);
    add_text(w, "earlier");
    for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
        for (size_t i = 0; i < sizeof term_cases / sizeof *term_cases; i++) {
            dgmx_doc *doc = doc_of("text");
            dgm_error err = DGM_ERROR_INIT;
            dgm_status got = calls[c](w, doc, term_cases[i].p, term_cases[i].n, &err);
            if (got != term_cases[i].want) {
                fail_msg("call %zu, term %zu: %d %s", c, i, got, err.text);
            }
            dgmx_doc_free(doc);
        }
    }
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "terms"));
    assert_string_equal(search(db, word("earlier")), "1");
    dgmx_db_close(db);
}

static void a_refused_list_of_terms_leaves_the_document_alone(void **state)
{
    (void)state;
    const dgmx_term terms[] = { { "good", 4, 1, NULL, 0 }, { "", 0, 1, NULL, 0 } };
    dgmx_writer *w = open_writer(path_of(0, "list"), DGMX_OVERWRITE);
    dgmx_doc *doc = doc_of("text");
    FAILS(DGM_E_ARG, dgmx_doc_add_terms(doc, terms, 2, err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    dgmx_doc_free(doc);
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "list"));
    assert_string_equal(search(db, word("good")), "");
    dgmx_db_close(db);
}

static void records_keys_and_slots_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "sizes"), DGMX_OVERWRITE);
    dgmx_doc *doc = doc_of("earlier");
    size_t huge = (64u << 20) + 1;
    char *bytes = calloc(1, huge);
    assert_non_null(bytes);
    memset(long_term, 'k', sizeof long_term - 1);
    FAILS(DGM_E_ARG, dgmx_doc_set_data(doc, bytes, huge, err));
    FAILS(DGM_E_ARG, dgmx_doc_set_value(doc, 0, bytes, huge, err));
    FAILS(DGM_E_ARG, dgmx_doc_set_value(doc, UINT32_MAX, "x", 1, err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    FAILS(DGM_E_ARG, dgmx_writer_set_metadata(w, "key", bytes, huge, err));
    FAILS(DGM_E_ARG, dgmx_writer_set_metadata(w, "", "x", 1, err));
    FAILS(DGM_E_ARG, dgmx_writer_set_metadata(w, long_term, "x", 1, err));
    FAILS(DGM_E_ARG, dgmx_writer_replace(w, 0, doc, err));
    FAILS(DGM_E_ARG, dgmx_writer_delete(w, 0, err));
    free(bytes);
    dgmx_doc_free(doc);
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "sizes"));
    assert_int_equal(count_of(db), 1);
    dgmx_db_close(db);
}

static void deleting_what_is_not_there_keeps_the_batch(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "absent"), DGMX_OVERWRITE);
    add_text(w, "earlier");
    FAILS(DGM_E_NOTFOUND, dgmx_writer_delete(w, 77, err));
    OK(dgmx_writer_delete_term(w, STR("nobody"), err));
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "absent"));
    assert_int_equal(count_of(db), 1);
    dgmx_db_close(db);
}

/* ---- Batches
 * ----------------------------------------------------------------------------------- */

static void a_lost_batch_is_said_until_the_writer_is_opened_again(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "lost"), DGMX_OVERWRITE);
    add_text(w, "committed");
    OK(dgmx_writer_commit(w, err));
    remove_tree(path_of(0, "lost"));
    add_text(w, "pending");
    dgm_error first = DGM_ERROR_INIT;
    dgm_status status = dgmx_writer_commit(w, &first);
    assert_int_not_equal(status, DGM_OK);
    dgmx_doc *doc = doc_of("more");
    FAILS(status, dgmx_writer_commit(w, err));
    FAILS(status, dgmx_writer_add(w, doc, NULL, err));
    FAILS(status, dgmx_writer_begin(w, err));
    dgmx_doc_free(doc);
    dgmx_writer_close(w);
}

static void closing_discards_what_was_not_committed(void **state)
{
    (void)state;
    for (int in_transaction = 0; in_transaction < 2; in_transaction++) {
        dgmx_writer *w = open_writer(path_of(0, "discard"), DGMX_OVERWRITE);
        add_text(w, "kept");
        OK(dgmx_writer_commit(w, err));
        if (in_transaction) {
            OK(dgmx_writer_begin(w, err));
        }
        add_text(w, "dropped");
        dgmx_writer_close(w);
        dgmx_db *db = open_db(path_of(0, "discard"));
        assert_int_equal(count_of(db), 1);
        dgmx_db_close(db);
    }
}

/* Xapian commits by itself after 10,000 changes, unless it is told not to. */
static void a_transaction_is_seen_whole_or_not_at_all(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "whole"), DGMX_OVERWRITE | DGMX_NO_SYNC);
    add_text(w, "before");
    OK(dgmx_writer_begin(w, err));
    FAILS(DGM_E_ARG, dgmx_writer_begin(w, err));
    for (int i = 0; i < 10500; i++) {
        add_text(w, "x");
    }
    dgmx_db *db = open_db(path_of(0, "whole"));
    assert_int_equal(count_of(db), 0);
    OK(dgmx_writer_commit(w, err));
    OK(dgmx_db_reopen(db, NULL, err));
    assert_int_equal(count_of(db), 10501);
    OK(dgmx_writer_begin(w, err));
    OK(dgmx_writer_commit(w, err));
    dgmx_db_close(db);
    dgmx_writer_close(w);
}

static void the_writers_view_sees_what_is_pending(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "view"), DGMX_OVERWRITE);
    dgmx_db *view = NULL;
    OK(dgmx_writer_db(w, &view, err));
    add_text(w, "pending");
    assert_int_equal(count_of(view), 1);
    assert_string_equal(search(view, word("pending")), "1");
    dgmx_writer_close(w);
    uint32_t freq;
    FAILS(DGM_E_INTERNAL, dgmx_db_term_freq(view, STR("pending"), &freq, err));
    w = open_writer(path_of(0, "view"), 0); /* the view does not keep the lock */
    dgmx_writer_close(w);
    dgmx_db_close(view);
}

static void documents_are_replaced_and_deleted_by_id_and_by_term(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "replaced"), DGMX_OVERWRITE);
    dgmx_docid id = 0;
    add_text(w, "Qa old");
    add_text(w, "Qb old");
    add_text(w, "Qc old");
    dgmx_doc *doc = doc_of("Qb new");
    OK(dgmx_writer_replace_term(w, STR("Qb"), doc, &id, err));
    assert_int_equal(id, 2);
    OK(dgmx_writer_replace_term(w, STR("Qd"), doc, &id, err));
    assert_int_equal(id, 4);
    OK(dgmx_writer_replace(w, 100, doc, err));
    OK(dgmx_writer_delete(w, 1, err));
    OK(dgmx_writer_delete_term(w, STR("Qc"), err));
    dgmx_doc_free(doc);
    commit_and_close(w);
    dgmx_db *db = open_db(path_of(0, "replaced"));
    assert_string_equal(search(db, word("new")), "2 4 100");
    assert_string_equal(search(db, word("old")), "");
    dgmx_db_close(db);
}

/* ---- Reading back
 * ------------------------------------------------------------------------------ */

static void a_document_reads_back_as_it_was_written(void **state)
{
    (void)state;
    const uint32_t positions[] = { 2, 3, 900 };
    const dgmx_term terms[] = { { "placed", 6, 7, positions, 3 },
                                { "plain", 5, 0, NULL, 0 } };
    dgmx_writer *w = open_writer(path_of(0, "back"), DGMX_OVERWRITE);
    dgmx_doc *doc = NULL;
    OK(dgmx_doc_new(&doc, err));
    OK(dgmx_doc_set_data(doc, "a\0b", 3, err));
    OK(dgmx_doc_set_value(doc, 2, "\0\1", 2, err));
    OK(dgmx_doc_add_terms(doc, terms, 2, err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    dgmx_doc_free(doc);
    commit_and_close(w);

    dgmx_db *db = open_db(path_of(0, "back"));
    dgmx_bytes bytes;
    OK(dgmx_doc_get(db, 1, &doc, err));
    OK(dgmx_doc_data(doc, &bytes, err));
    assert_int_equal(bytes.n, 3);
    assert_memory_equal(bytes.p, "a\0b", 3);
    OK(dgmx_doc_value(doc, 2, &bytes, err));
    assert_memory_equal(bytes.p, "\0\1", 2);
    OK(dgmx_doc_value(doc, 3, &bytes, err));
    assert_int_equal(bytes.n, 0);
    dgmx_doc_free(doc);

    uint32_t *found = NULL, wdf;
    size_t n;
    OK(dgmx_positions(db, 1, STR("placed"), &found, &n, err));
    assert_int_equal(n, 3);
    assert_memory_equal(found, positions, sizeof positions);
    free(found);
    OK(dgmx_positions(db, 1, STR("plain"), &found, &n, err));
    assert_int_equal(n, 0);
    free(found);
    OK(dgmx_db_max_wdf(db, STR("placed"), &wdf, err));
    assert_int_equal(wdf, 7); /* positions add nothing to it */
    dgmx_db_close(db);
}

static void metadata_is_committed_with_the_documents(void **state)
{
    (void)state;
    dgmx_writer *w = open_writer(path_of(0, "meta"), DGMX_OVERWRITE);
    OK(dgmx_writer_set_metadata(w, "sequence", "\0\x2a", 2, err));
    OK(dgmx_writer_set_metadata(w, "gone", "x", 1, err));
    OK(dgmx_writer_set_metadata(w, "gone", "", 0, err));
    commit_and_close(w);
    w = open_writer(path_of(0, "meta"), 0);
    OK(dgmx_writer_set_metadata(w, "sequence", "lost", 4, err));
    dgmx_writer_close(w);
    dgmx_db *db = open_db(path_of(0, "meta"));
    dgmx_bytes bytes;
    OK(dgmx_db_get_metadata(db, "sequence", &bytes, err));
    assert_int_equal(bytes.n, 2);
    assert_memory_equal(bytes.p, "\0\x2a", 2);
    OK(dgmx_db_get_metadata(db, "gone", &bytes, err));
    assert_int_equal(bytes.n, 0);
    OK(dgmx_db_get_metadata(db, "never", &bytes, err));
    assert_int_equal(bytes.n, 0);
    FAILS(DGM_E_ARG, dgmx_db_get_metadata(db, "", &bytes, err));
    dgmx_db_close(db);
}

static void create_keeps_and_overwrite_empties(void **state)
{
    (void)state;
    const struct {
        unsigned flags;
        uint32_t want;
    } cases[] = {
        { DGMX_CREATE, 1 }, { DGMX_CREATE, 2 }, { 0, 3 }, { DGMX_OVERWRITE, 1 }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmx_writer *w = open_writer(path_of(0, "flags"), cases[i].flags);
        add_text(w, "text");
        commit_and_close(w);
        dgmx_db *db = open_db(path_of(0, "flags"));
        assert_int_equal(count_of(db), cases[i].want);
        dgmx_db_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_that_do_not_fit_are_refused_and_the_batch_survives),
        cmocka_unit_test(a_refused_list_of_terms_leaves_the_document_alone),
        cmocka_unit_test(records_keys_and_slots_that_do_not_fit_are_refused),
        cmocka_unit_test(deleting_what_is_not_there_keeps_the_batch),
        cmocka_unit_test(a_lost_batch_is_said_until_the_writer_is_opened_again),
        cmocka_unit_test(closing_discards_what_was_not_committed),
        cmocka_unit_test(a_transaction_is_seen_whole_or_not_at_all),
        cmocka_unit_test(the_writers_view_sees_what_is_pending),
        cmocka_unit_test(documents_are_replaced_and_deleted_by_id_and_by_term),
        cmocka_unit_test(a_document_reads_back_as_it_was_written),
        cmocka_unit_test(metadata_is_committed_with_the_documents),
        cmocka_unit_test(create_keeps_and_overwrite_empties),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
