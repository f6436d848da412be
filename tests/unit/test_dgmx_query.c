/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/query.cc and deadline.cc: what each kind of query matches, what is
 * refused, and that time can run out without harm. Depends on lib/xapian and
 * lib/base/clock.h. */
#include "test_dgmx.h"

#include "clock.h"

static dgmx_db *db;    /* the five small documents below */
static dgmx_db *large; /* enough documents for a query to take its time */

static const char *const texts[] = {
    "minister signs the treaty",          /* 1 */
    "the treaty minister",                /* 2 */
    "minister and president",             /* 3 */
    "president of the republic",          /* 4 */
    "ministry of treaty and trade terms", /* 5 */
};

static dgmx_query *all(void)
{
    dgmx_query *q = NULL;
    OK(dgmx_query_all(&q, err));
    return q;
}

static dgmx_query *none(void)
{
    dgmx_query *q = NULL;
    OK(dgmx_query_none(&q, err));
    return q;
}

static void each_operator_matches_what_it_says(void **state)
{
    (void)state;
    const struct {
        dgmx_op op;
        const char *a, *b, *want;
    } cases[] = {
        { DGMX_AND, "minister", "treaty", "1 2" },
        { DGMX_OR, "minister", "treaty", "1 2 3 5" },
        { DGMX_AND_NOT, "minister", "treaty", "3" },
        { DGMX_XOR, "minister", "treaty", "3 5" },
        { DGMX_AND_MAYBE, "minister", "treaty", "1 2 3" },
        { DGMX_FILTER, "minister", "treaty", "1 2" },
        { DGMX_PHRASE, "the", "treaty", "1 2" },
        { DGMX_PHRASE, "minister", "the", "" },
        { DGMX_NEAR, "treaty", "minister", "2" },
        { DGMX_SYNONYM, "republic", "trade", "4 5" },
        { DGMX_MAX, "republic", "trade", "4 5" },
        { DGMX_AND, "minister", "nobody", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got =
            search(db, join(cases[i].op, word(cases[i].a), word(cases[i].b)));
        if (strcmp(got, cases[i].want) != 0) {
            fail_msg("case %zu: \"%s\" is not \"%s\"", i, got, cases[i].want);
        }
    }
}

static void windows_widen_phrases_and_bound_elites(void **state)
{
    (void)state;
    const struct {
        dgmx_op op;
        unsigned window;
        const char *want;
    } cases[] = {
        { DGMX_PHRASE, 0, "" },  { DGMX_PHRASE, 3, "" },     { DGMX_PHRASE, 4, "1" },
        { DGMX_NEAR, 4, "1 2" }, { DGMX_ELITE, 1, "1 2 3" }, /* the rarer word, or the
                                                                first of two as rare */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmx_query *pair[] = { word("minister"), word("treaty") }, *q = NULL;
        OK(dgmx_query_combine(cases[i].op, pair, 2, cases[i].window, &q, err));
        dgmx_query_free(pair[0]);
        dgmx_query_free(pair[1]);
        assert_string_equal(search(db, q), cases[i].want);
    }
}

static void all_and_none_are_neutral(void **state)
{
    (void)state;
    assert_string_equal(search(db, all()), "1 2 3 4 5");
    assert_string_equal(search(db, none()), "");
    assert_string_equal(search(db, join(DGMX_AND_NOT, all(), word("treaty"))), "3 4");
    assert_string_equal(search(db, join(DGMX_OR, none(), word("republic"))), "4");
    assert_string_equal(search(db, join(DGMX_FILTER, word("republic"), all())), "4");
    dgmx_query *q = NULL;
    OK(dgmx_query_combine(DGMX_AND, NULL, 0, 0, &q, err));
    assert_string_equal(search(db, q), "");
}

static void a_prefix_joins_its_terms_up_to_a_limit(void **state)
{
    (void)state;
    dgmx_query *q = NULL;
    dgmx_enquire *e = NULL;
    dgmx_mset *page = NULL;
    OK(dgmx_query_prefix(STR("minist"), 2, DGMX_SYNONYM, &q, err));
    assert_string_equal(search(db, q), "1 2 3 5");
    OK(dgmx_query_prefix(STR("zz"), 2, DGMX_OR, &q, err));
    assert_string_equal(search(db, q), "");

    OK(dgmx_query_prefix(STR("t"), 3, DGMX_OR, &q, err)); /* the, treaty, trade, terms */
    OK(dgmx_enquire_new(db, &e, err));
    OK(dgmx_enquire_set_query(e, q, err));
    FAILS(DGM_E_QUERY, dgmx_enquire_match(e, 0, 10, 10, &page, err));
    assert_null(page);
    dgmx_enquire_free(e);
    dgmx_query_free(q);

    FAILS(DGM_E_ARG, dgmx_query_prefix("", 0, 10, DGMX_OR, &q, err));
    FAILS(DGM_E_ARG, dgmx_query_prefix(STR("t"), 0, DGMX_OR, &q, err));
    FAILS(DGM_E_ARG, dgmx_query_prefix(STR("t"), 10, DGMX_AND, &q, err));
    assert_null(q);
}

static void value_ranges_include_both_ends(void **state)
{
    (void)state;
    const struct {
        const char *low, *high,
            *want; /* the slot holds v1 .. v4; the fifth has nothing there */
    } cases[] = {
        { "v2", "v3", "2 3" }, { "v2", NULL, "2 3 4" },     { NULL, "v2", "1 2" },
        { "v3", "v2", "" },    { NULL, NULL, "1 2 3 4 5" }, { "v5", NULL, "" },
        { "v1", "v1", "1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dgmx_bytes low = { cases[i].low, cases[i].low ? 2 : 0 };
        dgmx_bytes high = { cases[i].high, cases[i].high ? 2 : 0 };
        dgmx_query *q = NULL;
        OK(dgmx_query_value_range(3, low.p ? &low : NULL, high.p ? &high : NULL, &q,
                                  err));
        const char *got = search(db, q);
        if (strcmp(got, cases[i].want) != 0) {
            fail_msg("case %zu: \"%s\" is not \"%s\"", i, got, cases[i].want);
        }
    }
    dgmx_query *q = NULL;
    FAILS(DGM_E_ARG, dgmx_query_value_range(UINT32_MAX, NULL, NULL, &q, err));
}

static void bad_leaves_and_factors_are_refused(void **state)
{
    (void)state;
    dgmx_query *q = NULL, *leaf = word("treaty");
    const double factors[] = { -1, 0.0 / 0.0, 1 / 0.0 };
    FAILS(DGM_E_ARG, dgmx_query_term("", 0, &q, err));
    FAILS(DGM_E_ARG, dgmx_query_term("a\0b", 3, &q, err));
    FAILS(DGM_E_ARG, dgmx_query_combine((dgmx_op)(DGMX_ELITE + 1), &leaf, 1, 0, &q, err));
    for (size_t i = 0; i < 3; i++) {
        FAILS(DGM_E_ARG, dgmx_query_scale(leaf, factors[i], &q, err));
    }
    assert_null(q);
    dgmx_query_free(leaf);
}

/* Without a limit a tree as deep as the query text can make it would exhaust the stack.
 */
static void depth_has_a_limit(void **state)
{
    (void)state;
    dgmx_query *q = word("treaty");
    dgm_error err = DGM_ERROR_INIT;
    dgm_status status = DGM_OK;
    int depth = 1;
    while (status == DGM_OK && depth < 10000) {
        dgmx_query *pair[] = { q, NULL }, *deeper = NULL;
        pair[1] = word(depth % 2 ? "president" : "minister");
        status =
            dgmx_query_combine(depth % 2 ? DGMX_OR : DGMX_AND, pair, 2, 0, &deeper, &err);
        dgmx_query_free(pair[1]);
        if (status == DGM_OK) {
            dgmx_query_free(q);
            q = deeper;
            depth++;
        }
    }
    assert_int_equal(status, DGM_E_ARG);
    assert_int_equal(depth, 250);
    search(db, q);
}

static void a_query_travels_as_bytes(void **state)
{
    (void)state;
    dgmx_query *q = join(DGMX_AND, word("minister"), word("treaty")), *again = NULL;
    dgmx_bytes bytes;
    OK(dgmx_query_serialise(q, &bytes, err));
    OK(dgmx_query_unserialise(bytes.p, bytes.n, &again, err));
    assert_string_equal(search(db, again), "1 2");
    FAILS(DGM_E_ARG, dgmx_query_unserialise(bytes.p, bytes.n - 1, &again, err));
    assert_null(again);
    OK(dgmx_query_describe(q, &bytes, err));
    assert_bytes(bytes, "Query((minister AND treaty))");
    dgmx_query_free(q);
}

/* Xapian loses a block when the bytes of a query end too early. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:Xapian::Query::Internal::unserialise\n";
}

/* ---- Terms in all documents: see weight.cc, WantingWdf
 * ------------------------------------------- */

static dgm_status match_with(dgmx_db *in, dgmx_query *q, dgmx_weight_kind kind,
                             uint32_t *found, dgm_error *outer)
{
    dgmx_weight weight = {
        .kind = kind, .k1 = 1, .b = 0.5, .normalizations = "nnn", .max_wdf = 9
    };
    dgmx_enquire *e = NULL;
    dgmx_mset *page = NULL;
    uint32_t low, high;
    OK(dgmx_enquire_new(in, &e, err));
    OK(dgmx_enquire_set_weight(e, &weight, err));
    OK(dgmx_enquire_set_query(e, q, err));
    dgm_status status = dgmx_enquire_match(e, 0, 10, 100000, &page, outer);
    if (status == DGM_OK) {
        OK(dgmx_mset_matches(page, &low, found, &high, err));
    }
    dgmx_mset_free(page);
    dgmx_enquire_free(e);
    return status;
}

static void a_term_in_all_documents_matches_under_every_weight(void **state)
{
    (void)state;
    for (int kind = DGMX_WEIGHT_BOOL; kind <= DGMX_WEIGHT_IMPACT; kind++) {
        for (int scaled = 0; scaled < 2; scaled++) {
            uint32_t found = 0;
            dgmx_query *q = word("everywhere"), *zero = NULL;
            OK(dgmx_query_scale(q, 0, &zero, err));
            OK(match_with(large, scaled ? zero : q, (dgmx_weight_kind)kind, &found, err));
            assert_int_equal(found, count_of(large));
            dgmx_query_free(q);
            dgmx_query_free(zero);
        }
    }
}

/* ---- Deadline
 * ---------------------------------------------------------------------------------- */

static dgmx_query *within(dgmx_query *child, uint64_t deadline)
{
    dgmx_query *q = NULL;
    OK(dgmx_query_deadline(child, deadline, &q, err));
    dgmx_query_free(child);
    return q;
}

static dgmx_query *expensive(void)
{
    dgmx_query *children[400], *q = NULL;
    for (int i = 0; i < 400; i++) {
        char text[20];
        snprintf(text, sizeof text, "w%d", i);
        children[i] = word(text);
    }
    OK(dgmx_query_combine(DGMX_OR, children, 400, 0, &q, err));
    for (int i = 0; i < 400; i++) {
        dgmx_query_free(children[i]);
    }
    return q;
}

static void a_deadline_far_away_changes_nothing(void **state)
{
    (void)state;
    uint64_t later = dgmi_now_us() + 3600u * 1000000u;
    assert_string_equal(search(db, within(word("treaty"), later)), "1 2 5");
    assert_string_equal(search(db, within(all(), later)), "1 2 3 4 5");
    assert_string_equal(search(db, within(none(), later)), "");
    uint32_t plain = 0, guarded = 0;
    dgmx_query *q = expensive();
    OK(match_with(large, q, DGMX_WEIGHT_BM25, &plain, err));
    q = within(q, later);
    OK(match_with(large, q, DGMX_WEIGHT_BM25, &guarded, err));
    assert_int_equal(plain, guarded);
    dgmx_query_free(q);
}

static void a_deadline_stops_a_long_match_and_the_handle_stays_usable(void **state)
{
    (void)state;
    uint32_t found = 0;
    dgmx_query *plain = expensive();
    OK(match_with(large, plain, DGMX_WEIGHT_BM25, &found,
                  err)); /* warm, and to be timed below */
    uint64_t began = dgmi_now_us();
    OK(match_with(large, plain, DGMX_WEIGHT_BM25, &found, err));
    uint64_t whole = dgmi_now_us() - began;
    dgmx_query_free(plain);
    for (int i = 1; i <= 4; i++) {
        /* On a busy machine the time above may be long beside what this one takes. */
        dgm_status status = DGM_OK;
        for (uint64_t allowed = whole * (uint64_t)i / 10; status == DGM_OK;
             allowed /= 2) {
            dgmx_query *child =
                expensive(); /* made first: its own time is not what is measured */
            dgmx_query *q = within(child, dgmi_now_us() + allowed);
            dgm_error late = DGM_ERROR_INIT;
            status = match_with(large, q, DGMX_WEIGHT_BM25, &found, &late);
            dgmx_query_free(q);
        }
        assert_int_equal(status, DGM_E_TIMEOUT);
        assert_string_equal(search(large, word("one-of-a-kind")), "777");
    }
}

static void a_deadline_already_past_stops_even_the_smallest_match(void **state)
{
    (void)state;
    uint32_t found;
    for (int kind = 0; kind < 2; kind++) {
        dgmx_query *q = within(kind ? all() : word("republic"), 1);
        FAILS(DGM_E_TIMEOUT, match_with(db, q, DGMX_WEIGHT_BM25, &found, err));
        dgmx_query_free(q);
    }
}

/* However few documents some part of it has. */
static void a_deadline_stops_a_match_that_finds_nothing(void **state)
{
    (void)state;
    static const char *const pairs[][2] = { { "republic", "treaty" },
                                            { "signs", "trade" },
                                            { "minister", "ministry" } };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint32_t found;
        dgmx_query *q = join(DGMX_FILTER, word(pairs[i][0]), word(pairs[i][1]));
        OK(match_with(db, q, DGMX_WEIGHT_BM25, &found, err));
        assert_int_equal(found, 0);
        q = within(q, 1);
        FAILS(DGM_E_TIMEOUT, match_with(db, q, DGMX_WEIGHT_BM25, &found, err));
        dgmx_query_free(q);
    }
}

/* How many documents the guarded query gives; *passed as the binding sets it. */
static uint32_t found_until(dgmx_query *child, uint64_t deadline, bool *passed)
{
    uint32_t found = 0;
    dgmx_query *q = NULL;
    *passed = false;
    OK(dgmx_query_until(child, deadline, passed, &q, err));
    OK(match_with(large, q, DGMX_WEIGHT_BM25, &found, err));
    dgmx_query_free(q);
    return found;
}

static void
a_match_can_end_well_at_its_deadline_with_a_part_of_its_documents(void **state)
{
    (void)state;
    bool passed;
    uint32_t whole = 0;
    dgmx_query *q = expensive();
    OK(match_with(large, q, DGMX_WEIGHT_BM25, &whole, err));
    assert_int_equal(found_until(q, dgmi_now_us() + 3600u * 1000000u, &passed), whole);
    assert_false(passed);
    assert_true(found_until(q, 1, &passed) < whole);
    assert_true(passed);
    dgmx_query_free(q);
    assert_string_equal(search(large, word("one-of-a-kind")), "777");
}

static void a_deadline_works_over_several_databases(void **state)
{
    (void)state;
    const char *both[] = { path_of(0, "small"), path_of(1, "large") };
    dgmx_db *many = NULL;
    uint32_t found;
    OK(dgmx_db_open_many(both, 2, &many, err));
    dgmx_query *q = within(word("treaty"), dgmi_now_us() + 3600u * 1000000u);
    OK(match_with(many, q, DGMX_WEIGHT_BM25, &found, err));
    assert_int_equal(found, 3);
    dgmx_query_free(q);
    q = within(word("treaty"), 1);
    FAILS(DGM_E_TIMEOUT, match_with(many, q, DGMX_WEIGHT_BM25, &found, err));
    dgmx_query_free(q);
    dgmx_db_close(many);
}

static void a_deadline_cannot_be_serialised(void **state)
{
    (void)state;
    dgmx_query *q = within(word("treaty"), 1);
    dgmx_bytes bytes;
    FAILS(DGM_E_INTERNAL, dgmx_query_serialise(q, &bytes, err));
    dgmx_query_free(q);
}

/* ---- Databases
 * ------------------------------------------------------------------------------- */

static void build_small(void)
{
    dgmx_writer *w = open_writer(path_of(0, "small"), DGMX_CREATE);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char value[] = { 'v', (char)('1' + i) };
        dgmx_doc *doc = doc_of(texts[i]);
        OK(dgmx_doc_set_value(doc, 3, value, i < 4 ? 2 : 0, err));
        OK(dgmx_writer_add(w, doc, NULL, err));
        dgmx_doc_free(doc);
    }
    commit_and_close(w);
    db = open_db(path_of(0, "small"));
}

/* 400 words spread over 20,000 documents, one word that is in all, and a gap in the ids.
 */
static void build_large(void)
{
    dgmx_writer *w = open_writer(path_of(1, "large"), DGMX_CREATE | DGMX_NO_SYNC);
    for (unsigned i = 1; i <= 20000; i++) {
        dgmx_doc *doc = NULL;
        OK(dgmx_doc_new(&doc, err));
        OK(dgmx_doc_add_term(doc, STR("everywhere"), 1, err));
        OK(dgmx_doc_add_term(doc, STR(i == 777 ? "one-of-a-kind" : "other"), 1, err));
        for (unsigned k = 0; k < 8; k++) {
            char text[20];
            snprintf(text, sizeof text, "w%u", (i * (k + 1) + k * 37) % 400);
            OK(dgmx_doc_add_term(doc, STR(text), 1, err));
        }
        OK(dgmx_writer_add(w, doc, NULL, err));
        dgmx_doc_free(doc);
    }
    OK(dgmx_writer_delete(w, 5, err));
    commit_and_close(w);
    large = open_db(path_of(1, "large"));
}

static int prepare(void **state)
{
    if (make_folder(state)) {
        return -1;
    }
    build_small();
    build_large();
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
        cmocka_unit_test(each_operator_matches_what_it_says),
        cmocka_unit_test(windows_widen_phrases_and_bound_elites),
        cmocka_unit_test(all_and_none_are_neutral),
        cmocka_unit_test(a_prefix_joins_its_terms_up_to_a_limit),
        cmocka_unit_test(value_ranges_include_both_ends),
        cmocka_unit_test(bad_leaves_and_factors_are_refused),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(a_query_travels_as_bytes),
        cmocka_unit_test(a_term_in_all_documents_matches_under_every_weight),
        cmocka_unit_test(a_deadline_far_away_changes_nothing),
        cmocka_unit_test(a_deadline_stops_a_long_match_and_the_handle_stays_usable),
        cmocka_unit_test(a_deadline_already_past_stops_even_the_smallest_match),
        cmocka_unit_test(a_deadline_stops_a_match_that_finds_nothing),
        cmocka_unit_test(
            a_match_can_end_well_at_its_deadline_with_a_part_of_its_documents),
        cmocka_unit_test(a_deadline_works_over_several_databases),
        cmocka_unit_test(a_deadline_cannot_be_serialised),
    };
    return cmocka_run_group_tests(tests, prepare, clean_up);
}
