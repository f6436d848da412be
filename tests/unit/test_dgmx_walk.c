/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/walk.cc, postings.cc and stem.cc: terms, postings, values,
 * spelling, synonyms, stems. Depends on lib/xapian. */
#include "test_dgmx.h"

static dgmx_db *db;

/* The rest of a walk as "term:wdf/freq term:wdf/freq"; frees it. */
static const char *rest_of(dgmx_terms *it)
{
    static char text[1024];
    dgm_error err = DGM_ERROR_INIT;
    dgmx_bytes term;
    uint32_t wdf, freq;
    dgm_status status;
    text[0] = '\0';
    while ((status = dgmx_terms_next(it, &term, &wdf, &freq, &err)) == DGM_OK) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%.*s:%u/%u", n ? " " : "", (int)term.n,
                 term.p, wdf, freq);
    }
    assert_int_equal(status, DGM_E_NOTFOUND);
    assert_int_equal(err.code, DGM_OK); /* the end is no failure */
    assert_int_equal(dgmx_terms_next(it, &term, NULL, NULL, &err), DGM_E_NOTFOUND);
    dgmx_terms_free(it);
    return text;
}

static dgmx_terms *all_terms(const char *prefix)
{
    dgmx_terms *it = NULL;
    OK(dgmx_terms_all(db, STR(prefix), &it, err));
    return it;
}

static void terms_of_the_database_come_in_order(void **state)
{
    (void)state;
    assert_string_equal(rest_of(all_terms("")),
                        "Qa:0/1 Qb:0/1 Qc:0/1 apple:0/2 pear:0/2 plum:0/1");
    assert_string_equal(rest_of(all_terms("p")), "pear:0/2 plum:0/1");
    assert_string_equal(rest_of(all_terms("zebra")), "");
}

enum { FREQUENT = 700 };

static void add_frequent(dgmx_writer *w)
{
    for (int i = 0; i < FREQUENT; i++)
        add_text(w, "pea peach zoo");
    add_text(w, "pe pea\x01 pea\x01\x01 peb peach\xff q");
}

/* Behind a frequent term the walk leaps. */
static void what_stands_next_to_frequent_terms_is_not_passed_over(void **state)
{
    (void)state;
    const char *want = "pe:0/1 pea:0/700 pea\x01:0/1 pea\x01\x01:0/1 peach:0/700 "
                       "peach\xff:0/1 peb:0/1";
    const char *parts[2] = { path_of(0, "frequent"), path_of(1, "fruit") };
    dgmx_db *some = NULL;
    dgmx_terms *it = NULL;
    dgmx_writer *w = open_writer(parts[0], DGMX_CREATE);
    add_frequent(w);
    commit_and_close(w);
    OK(dgmx_db_open_many(parts, 1, &some, err));
    OK(dgmx_terms_all(some, STR("pe"), &it, err));
    assert_string_equal(rest_of(it), want);
    OK(dgmx_terms_all(some, STR("z"), &it, err));
    assert_string_equal(rest_of(it), "zoo:0/700");
    dgmx_db_close(some);
    OK(dgmx_db_open_many(parts, 2, &some, err));
    OK(dgmx_terms_all(some, STR("peb"), &it, err));
    assert_string_equal(rest_of(it), "peb:0/1");
    OK(dgmx_terms_all(some, STR("peach"), &it, err));
    assert_string_equal(rest_of(it), "peach:0/700 peach\xff:0/1");
    dgmx_db_close(some);
    OK(dgmx_writer_memory(&w, err));
    add_frequent(w);
    OK(dgmx_writer_db(w, &some, err));
    OK(dgmx_terms_all(some, STR("pe"), &it, err));
    assert_string_equal(rest_of(it), want);
    dgmx_db_close(some);
    dgmx_writer_close(w);
}

static void terms_of_a_document_have_their_wdf(void **state)
{
    (void)state;
    dgmx_terms *it = NULL;
    OK(dgmx_terms_of(db, 2, &it, err));
    assert_string_equal(rest_of(it), "Qb:1/1 apple:1/2 pear:2/2");
    FAILS(DGM_E_NOTFOUND, dgmx_terms_of(db, 99, &it, err));
    assert_null(it);
}

static void skipping_goes_forward_only(void **state)
{
    (void)state;
    const struct {
        unsigned steps;
        const char *target, *want;
    } cases[] = {
        { 0, "apple", "apple:0/2 pear:0/2 plum:0/1" },
        { 0, "b", "pear:0/2 plum:0/1" },
        { 2, "Qa", "Qc:0/1 apple:0/2 pear:0/2 plum:0/1" },
        { 2, "Qb", "Qc:0/1 apple:0/2 pear:0/2 plum:0/1" },
        { 2, "pear", "pear:0/2 plum:0/1" },
        { 6, "a", "" },
        { 0, "z", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmx_terms *it = all_terms("");
        dgmx_bytes term;
        for (unsigned s = 0; s < cases[i].steps; s++) {
            OK(dgmx_terms_next(it, &term, NULL, NULL, err));
        }
        OK(dgmx_terms_skip_to(it, STR(cases[i].target), err));
        assert_string_equal(rest_of(it), cases[i].want);
    }
}

static void a_walk_outlives_the_handle_it_came_from(void **state)
{
    (void)state;
    dgmx_db *other = open_db(path_of(0, "fruit"));
    dgmx_terms *it = NULL;
    OK(dgmx_terms_all(other, STR("p"), &it, err));
    dgmx_db_close(other);
    assert_string_equal(rest_of(it), "pear:0/2 plum:0/1");
}

static const char *rest_of_postings(dgmx_postings *it)
{
    static char text[256];
    dgm_error err = DGM_ERROR_INIT;
    dgmx_docid id;
    uint32_t wdf;
    text[0] = '\0';
    while (dgmx_postings_next(it, &id, &wdf, &err) == DGM_OK) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%u:%u", n ? " " : "", id, wdf);
    }
    assert_int_equal(err.code, DGM_OK);
    dgmx_postings_free(it);
    return text;
}

static void postings_come_in_order_of_documents(void **state)
{
    (void)state;
    const struct {
        const char *term;
        dgmx_docid skip;
        const char *want;
    } cases[] = {
        { "pear", 0, "2:2 3:1" }, { "pear", 3, "3:1" },     { "pear", 4, "" },
        { "nothing", 0, "" },     { "", 0, "1:1 2:1 3:1" }, { "", 2, "2:1 3:1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmx_postings *it = NULL;
        OK(dgmx_postings_of(db, STR(cases[i].term), &it, err));
        OK(dgmx_postings_skip_to(it, cases[i].skip, err));
        assert_string_equal(rest_of_postings(it), cases[i].want);
    }
}

static void values_come_in_order_of_documents(void **state)
{
    (void)state;
    dgmx_values *it = NULL;
    dgmx_docid id;
    dgmx_bytes value;
    dgm_error none = DGM_ERROR_INIT;
    OK(dgmx_values_of(db, 1, &it, err));
    OK(dgmx_values_next(it, &id, &value, err));
    assert_int_equal(id, 1);
    assert_bytes(value, "red");
    OK(dgmx_values_next(it, &id, &value, err));
    assert_int_equal(id, 3);
    assert_bytes(value, "blue");
    assert_int_equal(dgmx_values_next(it, &id, &value, &none), DGM_E_NOTFOUND);
    assert_int_equal(none.code, DGM_OK);
    dgmx_values_free(it);
    FAILS(DGM_E_ARG, dgmx_values_of(db, UINT32_MAX, &it, err));
}

static void positions_of_absent_terms_are_none(void **state)
{
    (void)state;
    uint32_t *found = NULL;
    size_t n = 9;
    OK(dgmx_positions(db, 1, STR("plum"), &found, &n, err));
    assert_int_equal(n, 0);
    free(found);
    OK(dgmx_positions(db, 2, STR("pear"), &found, &n, err));
    assert_int_equal(n, 2);
    assert_int_equal(found[1], 4);
    free(found);
}

static void spelling_suggests_known_words(void **state)
{
    (void)state;
    const struct {
        const char *word, *want;
        unsigned distance;
    } cases[] = {
        { "presidnet", "president", 2 },
        { "presidentt", "president", 1 },
        { "president", "", 2 },
        { "elephant", "", 2 },
        { "presdnt", "", 1 },
    };
    dgmx_bytes out;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        OK(dgmx_db_suggest(db, STR(cases[i].word), cases[i].distance, &out, err));
        assert_bytes(out, cases[i].want);
    }
    dgmx_terms *it = NULL;
    OK(dgmx_terms_spellings(db, &it, err));
    assert_string_equal(rest_of(it), "president:0/5 prime:0/1");
}

static void synonyms_are_listed_and_cleared(void **state)
{
    (void)state;
    dgmx_terms *it = NULL;
    OK(dgmx_terms_synonyms(db, STR("kyiv"), &it, err));
    assert_string_equal(rest_of(it), "kiev:0/0 kyjiw:0/0");
    OK(dgmx_terms_synonyms(db, STR("kyiv"), &it, err));
    FAILS(DGM_E_ARG, dgmx_terms_skip_to(it, STR("kj"), err));
    dgmx_terms_free(it);
    OK(dgmx_terms_synonyms(db, STR("cleared"), &it, err));
    assert_string_equal(rest_of(it), "");
}

static void words_are_stemmed_by_language(void **state)
{
    (void)state;
    const struct {
        const char *language, *word, *want;
    } cases[] = {
        { "english", "cooperation", "cooper" },
        { "en", "ministers", "minist" },
        { "russian", "\xd0\xbc\xd0\xb8\xd0\xbd\xd0\xb8\xd1\x81\xd1\x82\xd1\x80\xd1\x8b",
          "\xd0\xbc\xd0\xb8\xd0\xbd\xd0\xb8\xd1\x81\xd1\x82\xd1\x80" },
        { "none", "ministers", "ministers" },
        { "english", "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmx_stem *stem = NULL;
        dgmx_bytes out;
        OK(dgmx_stem_new(cases[i].language, &stem, err));
        OK(dgmx_stem_word(stem, STR(cases[i].word), &out, err));
        assert_bytes(out, cases[i].want);
        dgmx_stem_free(stem);
    }
    dgmx_stem *stem = NULL;
    FAILS(DGM_E_ARG, dgmx_stem_new("klingon", &stem, err));
    assert_null(stem);
    assert_int_equal(strncmp(dgmx_xapian_version(), "1.", 2), 0);
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    dgmx_db_close(NULL);
    dgmx_doc_free(NULL);
    dgmx_writer_close(NULL);
    dgmx_terms_free(NULL);
    dgmx_postings_free(NULL);
    dgmx_values_free(NULL);
    dgmx_query_free(NULL);
    dgmx_enquire_free(NULL);
    dgmx_mset_free(NULL);
    dgmx_spy_free(NULL);
    dgmx_stem_free(NULL);
}

static void add_fruit(dgmx_writer *w, const char *text, const char *colour)
{
    dgmx_doc *doc = doc_of(text);
    OK(dgmx_doc_set_value(doc, 1, STR(colour), err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    dgmx_doc_free(doc);
}

static int prepare(void **state)
{
    if (make_folder(state)) {
        return -1;
    }
    dgmx_writer *w = open_writer(path_of(0, "fruit"), DGMX_CREATE);
    add_fruit(w, "Qa apple", "red");
    add_fruit(w, "Qb pear apple pear", "");
    add_fruit(w, "Qc pear plum", "blue");
    OK(dgmx_writer_add_spelling(w, STR("president"), 5, err));
    OK(dgmx_writer_add_spelling(w, STR("prime"), 1, err));
    OK(dgmx_writer_add_synonym(w, STR("kyiv"), STR("kiev"), err));
    OK(dgmx_writer_add_synonym(w, STR("kyiv"), STR("kyjiw"), err));
    OK(dgmx_writer_add_synonym(w, STR("cleared"), STR("gone"), err));
    OK(dgmx_writer_clear_synonyms(w, STR("cleared"), err));
    commit_and_close(w);
    db = open_db(path_of(0, "fruit"));
    return 0;
}

static int clean_up(void **state)
{
    dgmx_db_close(db);
    return remove_folder(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_of_the_database_come_in_order),
        cmocka_unit_test(what_stands_next_to_frequent_terms_is_not_passed_over),
        cmocka_unit_test(terms_of_a_document_have_their_wdf),
        cmocka_unit_test(skipping_goes_forward_only),
        cmocka_unit_test(a_walk_outlives_the_handle_it_came_from),
        cmocka_unit_test(postings_come_in_order_of_documents),
        cmocka_unit_test(values_come_in_order_of_documents),
        cmocka_unit_test(positions_of_absent_terms_are_none),
        cmocka_unit_test(spelling_suggests_known_words),
        cmocka_unit_test(synonyms_are_listed_and_cleared),
        cmocka_unit_test(words_are_stemmed_by_language),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, prepare, clean_up);
}
