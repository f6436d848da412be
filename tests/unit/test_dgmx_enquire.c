/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/enquire.cc, mset.cc and spy.cc: weights, orders, pages, collapsing,
 * counting. Depends on lib/xapian. */
#include "test_dgmx.h"

static dgmx_db *db;    /* five documents about trade */
static dgmx_db *large; /* a thousand */

static dgmx_enquire *enquire_on(dgmx_db *in)
{
    dgmx_enquire *e = NULL;
    OK(dgmx_enquire_new(in, &e, err));
    return e;
}

static dgmx_mset *match(dgmx_enquire *e, dgmx_query *q, uint32_t first, uint32_t count,
                        uint32_t check)
{
    dgmx_mset *page = NULL;
    OK(dgmx_enquire_set_query(e, q, err));
    OK(dgmx_enquire_match(e, first, count, check, &page, err));
    dgmx_query_free(q);
    return page;
}

static dgmx_hit hit_of(dgmx_mset *page, size_t i)
{
    dgmx_hit hit;
    OK(dgmx_mset_hit(page, i, &hit, err));
    return hit;
}

/* ---- Orders
 * --------------------------------------------------------------------------------------
 */

static void each_order_puts_the_right_one_first(void **state)
{
    (void)state;
    /* trade is 1 3 2 1 2 times in documents 1 to 5; slot 0 holds b a b c a. */
    const struct {
        dgmx_order order;
        bool descending;
        const char *want;
    } cases[] = {
        { DGMX_BY_RELEVANCE, false, "2 3 5 1 4" },
        { DGMX_BY_DOCID, false, "1 2 3 4 5" },
        { DGMX_BY_DOCID, true, "5 4 3 2 1" },
        { DGMX_BY_VALUE, false, "2 5 1 3 4" },
        { DGMX_BY_VALUE, true, "4 1 3 2 5" },
        { DGMX_BY_VALUE_THEN_RELEVANCE, false, "2 5 3 1 4" },
        { DGMX_BY_RELEVANCE_THEN_VALUE, false, "2 5 3 1 4" },
        { DGMX_BY_RELEVANCE_THEN_VALUE, true, "2 3 5 4 1" },
    };
    const dgmx_weight weight = { .kind = DGMX_WEIGHT_TFIDF, .normalizations = "nnn" };
    dgmx_enquire *e = enquire_on(db);
    OK(dgmx_enquire_set_weight(e, &weight, err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        OK(dgmx_enquire_set_order(e, cases[i].order, 0, cases[i].descending, err));
        const char *got = ids_of(e, word("trade"));
        if (strcmp(got, cases[i].want) != 0) {
            fail_msg("case %zu: \"%s\" is not \"%s\"", i, got, cases[i].want);
        }
    }
    OK(dgmx_enquire_set_order(e, DGMX_BY_RELEVANCE, 0, false, err));
    OK(dgmx_enquire_set_docid_order(e, true, err));
    assert_string_equal(ids_of(e, word("trade")), "2 5 3 4 1");
    FAILS(DGM_E_ARG, dgmx_enquire_set_order(e, DGMX_BY_VALUE, UINT32_MAX, false, err));
    FAILS(DGM_E_ARG,
          dgmx_enquire_set_order(e, (dgmx_order)(DGMX_BY_DOCID + 1), 0, false, err));
    dgmx_enquire_free(e);
}

/* ---- Weights
 * ---------------------------------------------------------------------------------------
 */

static double best_weight(const dgmx_weight *weight, dgmx_query *q)
{
    dgmx_enquire *e = enquire_on(db);
    OK(dgmx_enquire_set_weight(e, weight, err));
    dgmx_mset *page = match(e, q, 0, 1, 0);
    double best = hit_of(page, 0).weight;
    dgmx_mset_free(page);
    dgmx_enquire_free(e);
    return best;
}

static void each_weight_scores_as_it_says(void **state)
{
    (void)state;
    const dgmx_weight boolean = { .kind = DGMX_WEIGHT_BOOL };
    const dgmx_weight coord = { .kind = DGMX_WEIGHT_COORD };
    const dgmx_weight tfidf = { .kind = DGMX_WEIGHT_TFIDF, .normalizations = "nnn" };
    const dgmx_weight impact = { .kind = DGMX_WEIGHT_IMPACT, .max_wdf = 9 };
    const dgmx_weight capped = { .kind = DGMX_WEIGHT_IMPACT, .max_wdf = 2 };
    const dgmx_weight bm25 = { .kind = DGMX_WEIGHT_BM25, .k1 = 1.2, .k3 = 1 };
    assert_true(best_weight(&boolean, word("trade")) == 0);
    assert_true(best_weight(&coord, join(DGMX_OR, word("trade"), word("talks"))) == 2);
    assert_true(best_weight(&tfidf, word("trade")) == 3);
    assert_true(best_weight(&impact, word("trade")) == 3);
    assert_true(best_weight(&impact, join(DGMX_OR, word("trade"), word("talks"))) == 4);
    assert_true(best_weight(&capped, word("trade")) == 2);
    double one = best_weight(&bm25, word("talks"));
    assert_true(one > 0);
    dgmx_query *scaled = NULL, *q = word("talks");
    OK(dgmx_query_scale(q, 2.5, &scaled, err));
    dgmx_query_free(q);
    double more = best_weight(&bm25, scaled);
    assert_true(more > 2.49 * one && more < 2.51 * one);
}

/* Passing documents over must not change what comes first. */
static void an_impact_weight_ranks_as_the_stored_wdf(void **state)
{
    (void)state;
    const dgmx_weight kinds[] = {
        { .kind = DGMX_WEIGHT_TFIDF, .normalizations = "nnn" },
        { .kind = DGMX_WEIGHT_IMPACT, .max_wdf = 3 },
    };
    const char *const words[] = { "odd", "third", "half", "other" };
    dgmx_enquire *e = enquire_on(large);
    for (size_t i = 0; i < 4; i++) {
        char ids[2][200];
        for (size_t k = 0; k < 2; k++) {
            dgmx_query *q = word(words[i]), *scaled = NULL;
            OK(dgmx_query_scale(q, 1.7, &scaled, err));
            dgmx_query_free(q);
            OK(dgmx_enquire_set_weight(e, &kinds[k], err));
            q = join(DGMX_OR, scaled, word(words[(i + 1) % 4]));
            snprintf(ids[k], sizeof ids[k], "%s", ids_of(e, q));
        }
        assert_string_equal(ids[0], ids[1]);
    }
    dgmx_enquire_free(e);
}

static void weights_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    const dgmx_weight bad[] = {
        { .kind = DGMX_WEIGHT_TFIDF, .normalizations = "???" },
        { .kind = DGMX_WEIGHT_TFIDF },
        { .kind = DGMX_WEIGHT_IMPACT },
        { .kind = (dgmx_weight_kind)(DGMX_WEIGHT_IMPACT + 1) },
    };
    dgmx_enquire *e = enquire_on(db);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        FAILS(DGM_E_ARG, dgmx_enquire_set_weight(e, &bad[i], err));
    }
    assert_string_equal(ids_of(e, word("talks")), "1 2"); /* the old weight still works */
    dgmx_enquire_free(e);
}

static void a_cutoff_drops_what_weighs_less(void **state)
{
    (void)state;
    const dgmx_weight weight = { .kind = DGMX_WEIGHT_TFIDF, .normalizations = "nnn" };
    dgmx_enquire *e = enquire_on(db);
    OK(dgmx_enquire_set_weight(e, &weight, err));
    OK(dgmx_enquire_set_cutoff(e, 2, err));
    assert_string_equal(ids_of(e, word("trade")), "2 3 5");
    dgmx_enquire_free(e);
}

/* ---- Pages
 * --------------------------------------------------------------------------------------------
 */

static void pages_follow_one_another(void **state)
{
    (void)state;
    dgmx_enquire *e = enquire_on(db);
    OK(dgmx_enquire_set_order(e, DGMX_BY_DOCID, 0, false, err));
    dgmx_mset *page = match(e, word("trade"), 2, 2, 0);
    dgmx_doc *doc = NULL;
    dgmx_bytes data;
    dgmx_hit hit;
    assert_int_equal(dgmx_mset_size(page), 2);
    assert_int_equal(hit_of(page, 0).id, 3);
    assert_int_equal(hit_of(page, 1).id, 4);
    OK(dgmx_mset_doc(page, 1, &doc, err));
    OK(dgmx_doc_data(doc, &data, err));
    assert_bytes(data, "trade c");
    dgmx_doc_free(doc);
    FAILS(DGM_E_ARG, dgmx_mset_hit(page, 2, &hit, err));
    FAILS(DGM_E_ARG, dgmx_mset_doc(page, 2, &doc, err));
    assert_null(doc);
    dgmx_mset_free(page);
    page = match(e, word("trade"), 5, 10, 0);
    assert_int_equal(dgmx_mset_size(page), 0);
    dgmx_mset_free(page);
    dgmx_enquire_free(e);
}

static void totals_are_bounded_and_exact_when_asked(void **state)
{
    (void)state;
    dgmx_enquire *e = enquire_on(large);
    uint32_t low, estimate, high;
    for (int exact = 0; exact < 2; exact++) {
        dgmx_query *q = join(DGMX_AND, word("half"), word("third"));
        dgmx_mset *page = match(e, q, 0, 10, exact ? 1000 : 10);
        OK(dgmx_mset_matches(page, &low, &estimate, &high, err));
        assert_true(low <= 167 && 167 <= high && low <= estimate && estimate <= high);
        assert_true(!exact || low == high);
        dgmx_mset_free(page);
    }
    dgmx_enquire_free(e);
}

static void the_terms_that_match_are_told(void **state)
{
    (void)state;
    dgmx_enquire *e = enquire_on(db);
    dgmx_query *q =
        join(DGMX_OR, join(DGMX_OR, word("talks"), word("zebra")), word("trade"));
    dgmx_mset_free(match(e, q, 0, 10, 0));
    const char *want[] = { "talks", "trade" };
    dgmx_terms *it = NULL;
    dgmx_bytes term;
    OK(dgmx_enquire_matching_terms(e, 1, &it, err));
    FAILS(DGM_E_ARG, dgmx_terms_skip_to(it, STR("a"), err));
    for (size_t i = 0; i < 2; i++) {
        OK(dgmx_terms_next(it, &term, NULL, NULL, err));
        assert_bytes(term, want[i]);
    }
    assert_int_equal(dgmx_terms_next(it, &term, NULL, NULL, NULL), DGM_E_NOTFOUND);
    dgmx_terms_free(it);
    FAILS(DGM_E_NOTFOUND, dgmx_enquire_matching_terms(e, 99, &it, err));
    assert_null(it);
    dgmx_enquire_free(e);
}

static void collapsing_keeps_the_best_of_each(void **state)
{
    (void)state;
    const dgmx_weight weight = { .kind = DGMX_WEIGHT_TFIDF, .normalizations = "nnn" };
    dgmx_enquire *e = enquire_on(db);
    OK(dgmx_enquire_set_weight(e, &weight, err));
    OK(dgmx_enquire_set_collapse(e, 0, 1, err));
    dgmx_mset *page = match(e, word("trade"), 0, 10, 100);
    assert_int_equal(dgmx_mset_size(page), 3);
    assert_int_equal(hit_of(page, 0).id, 2);
    assert_int_equal(hit_of(page, 0).collapsed, 1);
    assert_int_equal(hit_of(page, 1).id, 3);
    assert_int_equal(hit_of(page, 2).id, 4);
    assert_int_equal(hit_of(page, 2).collapsed, 0);
    dgmx_mset_free(page);
    OK(dgmx_enquire_set_collapse(e, 0, 0, err));
    assert_string_equal(ids_of(e, word("trade")), "2 3 5 1 4");
    dgmx_enquire_free(e);
}

/* ---- Spies
 * ----------------------------------------------------------------------------------------------
 */

static void a_spy_counts_every_match_when_all_are_checked(void **state)
{
    (void)state;
    const struct {
        const char *value;
        uint32_t count;
    } want[] = { { "s1", 167 }, { "s3", 167 }, { "s5", 166 } };
    dgmx_enquire *e = enquire_on(large);
    dgmx_spy *spy = NULL;
    dgmx_count *counts = NULL;
    uint32_t total;
    size_t n;
    OK(dgmx_spy_new(0, &spy, err));
    OK(dgmx_enquire_add_spy(e, spy, err));
    dgmx_mset_free(match(e, word("odd"), 0, 10, 1000));
    OK(dgmx_spy_counts(spy, &counts, &n, err));
    OK(dgmx_spy_total(spy, &total, err));
    assert_int_equal(total, 500);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(counts[i].p, want[i].value);
        assert_int_equal(counts[i].count, want[i].count);
        assert_int_equal(counts[i].n, 2);
    }
    free(counts);
    dgmx_enquire_free(e);
    dgmx_spy_free(spy);
}

static void a_spy_may_be_freed_before_the_match(void **state)
{
    (void)state;
    dgmx_enquire *e = enquire_on(large);
    dgmx_spy *spy = NULL;
    OK(dgmx_spy_new(0, &spy, err));
    OK(dgmx_enquire_add_spy(e, spy, err));
    dgmx_spy_free(spy);
    dgmx_mset_free(match(e, word("odd"), 0, 10, 1000));
    dgmx_enquire_free(e);
    FAILS(DGM_E_ARG, dgmx_spy_new(UINT32_MAX, &spy, err));
    FAILS(DGM_E_ARG, dgmx_spy_new_run(NULL, 0, 0, 0, &spy, err));
    FAILS(DGM_E_ARG, dgmx_spy_new_run(NULL, UINT32_MAX - 2, 3, 0, &spy, err));
    assert_null(spy);
}

static void a_spy_that_saw_nothing_has_no_counts(void **state)
{
    (void)state;
    dgmx_spy *spy = NULL;
    dgmx_count *counts = NULL;
    size_t n = 9;
    OK(dgmx_spy_new(0, &spy, err));
    OK(dgmx_spy_counts(spy, &counts, &n, err));
    assert_int_equal(n, 0);
    free(counts);
    dgmx_spy_free(spy);
}

/* ---- Databases
 * ---------------------------------------------------------------------------------------
 */

static void add_valued(dgmx_writer *w, const char *text, const char *value)
{
    dgmx_doc *doc = doc_of(text);
    OK(dgmx_doc_set_value(doc, 0, STR(value), err));
    OK(dgmx_writer_add(w, doc, NULL, err));
    dgmx_doc_free(doc);
}

static void build_large(const char *path)
{
    dgmx_writer *w = open_writer(path, DGMX_CREATE);
    for (int i = 1; i <= 1000; i++) {
        char value[20], text[60];
        snprintf(value, sizeof value, "s%d", i % 6);
        snprintf(text, sizeof text, "%s %s", i % 2 ? "odd" : "half",
                 i % 3 ? "other" : "third");
        add_valued(w, text, value);
    }
    add_valued(w, "half third", "");
    commit_and_close(w);
}

static int prepare(void **state)
{
    if (make_folder(state)) {
        return -1;
    }
    dgmx_writer *w = open_writer(path_of(0, "trade"), DGMX_CREATE);
    add_valued(w, "talks on trade b", "b");
    add_valued(w, "trade trade trade talks", "a");
    add_valued(w, "trade trade", "b");
    add_valued(w, "trade c", "c");
    add_valued(w, "trade trade a", "a");
    commit_and_close(w);
    build_large(path_of(1, "large"));
    db = open_db(path_of(0, "trade"));
    large = open_db(path_of(1, "large"));
    return 0;
}

static int clean_up(void **state)
{
    dgmx_db_close(db);
    dgmx_db_close(large);
    return remove_folder(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_order_puts_the_right_one_first),
        cmocka_unit_test(each_weight_scores_as_it_says),
        cmocka_unit_test(an_impact_weight_ranks_as_the_stored_wdf),
        cmocka_unit_test(weights_that_do_not_exist_are_refused),
        cmocka_unit_test(a_cutoff_drops_what_weighs_less),
        cmocka_unit_test(pages_follow_one_another),
        cmocka_unit_test(totals_are_bounded_and_exact_when_asked),
        cmocka_unit_test(the_terms_that_match_are_told),
        cmocka_unit_test(collapsing_keeps_the_best_of_each),
        cmocka_unit_test(a_spy_counts_every_match_when_all_are_checked),
        cmocka_unit_test(a_spy_may_be_freed_before_the_match),
        cmocka_unit_test(a_spy_that_saw_nothing_has_no_counts),
    };
    return cmocka_run_group_tests(tests, prepare, clean_up);
}
