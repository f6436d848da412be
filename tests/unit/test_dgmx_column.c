/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/column.cc: counts are the same with and without columns. Depends on
 * lib/xapian. */
#include "test_dgmx.h"

#include "buf.h"

enum { DOCS = 3000, RUN = 3, MANY = 70000 };

static const char *const words[] = { "all", "odd", "third", "seventh", "rare", "late" };

/* Slots 1 to 3 are filled from the first on; slot 5 by few, slot 6 by the first alone. */
static void add_numbered(dgmx_writer *w, int i)
{
    char text[80], value[20];
    snprintf(text, sizeof text, "all%s%s%s%s%s", i % 2 ? " odd" : "",
             i % 3 ? "" : " third", i % 7 ? "" : " seventh", i % 500 ? "" : " rare",
             i > DOCS - 20 ? " late" : "");
    dgmx_doc *doc = doc_of(text);
    for (uint32_t k = 0; k < (uint32_t)i % (RUN + 1); k++) {
        snprintf(value, sizeof value, "v%d", (i * 31 + (int)k * 17) % 97);
        OK(dgmx_doc_set_value(doc, 1 + k, STR(value), err));
    }
    if (i % 100 == 5)
        OK(dgmx_doc_set_value(doc, 5, STR("some"), err));
    if (i == 1)
        OK(dgmx_doc_set_value(doc, 6, STR("first"), err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    dgmx_doc_free(doc);
}

static const char *built(void)
{
    const char *path = path_of(0, "columns");
    dgmx_writer *w = open_writer(path, DGMX_CREATE);
    for (int i = 1; i <= DOCS; i++)
        add_numbered(w, i);
    commit_and_close(w);
    return path;
}

static char *text_of(dgmx_spy *spy)
{
    dgmx_count *counts = NULL;
    uint32_t total = 0;
    size_t n = 0;
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    OK(dgmx_spy_counts(spy, &counts, &n, err));
    OK(dgmx_spy_total(spy, &total, err));
    for (size_t i = 0; i < n; i++)
        dgmi_buf_printf(&out, "%s=%u ", counts[i].p, counts[i].count);
    dgmi_buf_printf(&out, "%u", total);
    free(counts);
    return dgmi_buf_take(&out);
}

/* "value=count value=count ... total", with columns (of NULL: without). */
static char *counted(dgmx_db *db, dgmx_db *of, const char *term, uint32_t slot,
                     uint32_t slots, uint64_t expected)
{
    dgmx_enquire *e = NULL;
    dgmx_spy *spy = NULL;
    dgmx_mset *page = NULL;
    dgmx_query *q = word(term);
    OK(dgmx_enquire_new(db, &e, err));
    OK(dgmx_enquire_set_query(e, q, err));
    OK(dgmx_spy_new_run(of, slot, slots, expected, &spy, err));
    OK(dgmx_enquire_add_spy(e, spy, err));
    OK(dgmx_enquire_match(e, 0, 0, DOCS * 2, &page, err));
    char *text = text_of(spy);
    dgmx_mset_free(page);
    dgmx_query_free(q);
    dgmx_enquire_free(e);
    dgmx_spy_free(spy);
    return text;
}

/* The same from the ids of the term's postings, without a match. */
static char *fed(dgmx_db *db, dgmx_db *of, const char *term, uint32_t slot,
                 uint32_t slots, uint64_t expected)
{
    static dgmx_docid ids[DOCS];
    static uint32_t wdfs[DOCS];
    dgmx_postings *postings = NULL;
    dgmx_spy *spy = NULL;
    size_t n = 0, half;
    OK(dgmx_postings_of(db, STR(term), &postings, err));
    OK(dgmx_postings_read(postings, ids, wdfs, DOCS, &n, err));
    dgmx_postings_free(postings);
    OK(dgmx_spy_new_run(of, slot, slots, expected, &spy, err));
    half = n / 2;
    OK(dgmx_spy_feed(spy, db, ids, half, err));
    OK(dgmx_spy_feed(spy, db, ids + half, n - half, err));
    char *text = text_of(spy);
    dgmx_spy_free(spy);
    return text;
}

static void check_same(dgmx_db *db, const char *term, uint32_t slot, uint32_t slots,
                       uint64_t expected)
{
    char *plain = counted(db, NULL, term, slot, slots, 0);
    char *columned = counted(db, db, term, slot, slots, expected);
    assert_string_equal(columned, plain);
    free(columned);
    columned = fed(db, db, term, slot, slots, expected);
    assert_string_equal(columned, plain);
    free(columned);
    columned = fed(db, NULL, term, slot, slots, 0);
    assert_string_equal(columned, plain);
    free(plain);
    free(columned);
}

static void counts_are_the_same_with_and_without(void **state)
{
    (void)state;
    static const struct {
        uint32_t slot, slots;
    } runs[] = { { 1, 1 }, { 1, RUN }, { 2, 2 }, { 3, 3 }, { 5, 1 }, { 6, 2 }, { 9, 1 } };
    enum { RUNS = sizeof runs / sizeof runs[0], WORDS = sizeof words / sizeof words[0] };
    for (int rounds = 1; rounds < 4; rounds++) { /* by lookups first, then by columns */
        dgmx_db *db = NULL;
        OK(dgmx_db_open(path_of(0, "columns"), &db, err));
        for (int round = 0; round < rounds; round++) {
            for (size_t r = 0; r < RUNS; r++) {
                for (size_t i = 0; i < WORDS; i++)
                    check_same(db, words[i], runs[r].slot, runs[r].slots,
                               rounds == 1 ? DOCS : 0);
            }
        }
        dgmx_db_close(db);
    }
}

static void a_database_that_moves_on_forgets_its_columns(void **state)
{
    (void)state;
    dgmx_db *db = NULL;
    bool moved = false;
    const char *path = path_of(1, "moving");
    dgmx_writer *w = open_writer(path, DGMX_CREATE);
    for (int i = 1; i <= 100; i++)
        add_numbered(w, i);
    OK(dgmx_writer_commit(w, err));
    OK(dgmx_db_open(path, &db, err));
    for (int i = 101; i <= 130; i++) {
        check_same(db, "all", 1, RUN, DOCS);
        add_numbered(w, i);
        OK(dgmx_writer_commit(w, err));
        OK(dgmx_db_reopen(db, &moved, err));
        assert_true(moved);
        check_same(db, "all", 1, RUN, DOCS);
    }
    dgmx_writer_close(w);
    dgmx_db_close(db);
}

static void more_values_than_numbers_are_looked_up(void **state)
{
    (void)state;
    dgmx_db *db = NULL;
    const char *path = path_of(2, "many");
    dgmx_writer *w = open_writer(path, DGMX_CREATE);
    for (int i = 0; i < MANY; i++) {
        char value[20];
        dgmx_doc *doc = doc_of(i < DOCS ? "all" : "other");
        snprintf(value, sizeof value, "%d", i);
        OK(dgmx_doc_set_value(doc, 1, STR(value), err));
        OK(dgmx_writer_add(w, doc, NULL, err));
        dgmx_doc_free(doc);
    }
    commit_and_close(w);
    OK(dgmx_db_open(path, &db, err));
    check_same(db, "all", 1, 1, MANY);
    check_same(db, "all", 1, 1, MANY);
    dgmx_db_close(db);
}

static int prepare(void **state)
{
    if (make_folder(state))
        return -1;
    built();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_the_same_with_and_without),
        cmocka_unit_test(a_database_that_moves_on_forgets_its_columns),
        cmocka_unit_test(more_values_than_numbers_are_looked_up),
    };
    return cmocka_run_group_tests(tests, prepare, remove_folder);
}
