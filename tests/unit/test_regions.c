/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/xapian/regions.cc: which regions a program finds, and programs that are
 * none. Regions go from a word "[" to a word "]"; a name stands in one document at "[".
 */
#include "test_dgmx.h"

static dgmx_db *db;

static const char *const texts[] = {
    "[ grain ferry ] bread [ ferry ]",      /* 1 */
    "[ bread ] grain [ grain port bread ]", /* 2 */
    "grain ferry bread",                    /* 3 */
    "[ grain [ ferry ]",                    /* 4: an end is missing */
};

#define BYTES(s) ((dgmx_bytes){ (s), strlen(s) })
enum { MOST = 8 };

typedef struct asked {
    dgmx_bytes terms[MOST];
    dgmx_sequence sequences[MOST];
    dgmx_operand operands[MOST], names[1];
    dgmx_region region;
    dgmx_within within;
} asked;

/* Operands 0 grain, 1 ferry, 2 bread, 3 "port bread"; name 4 is what stands at "[". */
static const dgmx_within *ask(asked *a, const int *program, size_t n)
{
    static const char *const words[] = {
        "grain", "ferry", "bread", "port", "bread", "["
    };
    static const size_t first[] = { 0, 1, 2, 3 }, length[] = { 1, 1, 1, 2 };
    for (size_t i = 0; i < 6; i++)
        a->terms[i] = BYTES(words[i]);
    for (size_t i = 0; i < 4; i++) {
        a->sequences[i] = (dgmx_sequence){ &a->terms[first[i]], length[i] };
        a->operands[i] = (dgmx_operand){ &a->sequences[i], 1 };
    }
    a->sequences[4] = (dgmx_sequence){ &a->terms[5], 1 };
    a->names[0] = (dgmx_operand){ &a->sequences[4], 1 };
    a->region = (dgmx_region){ BYTES("["), BYTES("]"), a->names };
    a->within = (dgmx_within){ .operands = a->operands,
                               .n = 4,
                               .regions = &a->region,
                               .n_regions = 1,
                               .n_names = 1,
                               .program = program,
                               .n_program = n };
    return &a->within;
}

#define PROGRAM(...)                                                                     \
    (const int[]){ __VA_ARGS__ }, sizeof((int[]){ __VA_ARGS__ }) / sizeof(int)

/* ---- Documents that are in no index ---- */

typedef struct given {
    char text[64];
    dgmx_term terms[16];
    uint32_t places[16][16];
    size_t n;
} given;

static int compare_terms(const void *a, const void *b)
{
    const dgmx_term *x = a, *y = b;
    int order = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);
    return order ? order : (int)x->n - (int)y->n;
}

/* Each word with its places from 1 on, as add_text() puts them. */
static void read_text(given *g, const char *text)
{
    uint32_t place = 0;
    g->n = 0;
    char *save = NULL;
    snprintf(g->text, sizeof g->text, "%s", text);
    for (char *word = strtok_r(g->text, " ", &save); word;
         word = strtok_r(NULL, " ", &save)) {
        size_t i = 0;
        while (i < g->n && strcmp(g->terms[i].p, word) != 0)
            i++;
        if (i == g->n)
            g->terms[g->n++] =
                (dgmx_term){ word, (uint32_t)strlen(word), 0, g->places[i], 0 };
        g->places[i][g->terms[i].n_positions++] = ++place;
    }
    qsort(g->terms, g->n, sizeof g->terms[0], compare_terms);
}

static const char *matching(const dgmx_within *within)
{
    static char ids[16];
    given g;
    size_t n = 0;
    ids[0] = '\0';
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        bool fits = false;
        read_text(&g, texts[i]);
        OK(dgmx_within_terms(within, g.terms, g.n, &fits, err));
        if (fits)
            n += (size_t)snprintf(ids + n, sizeof ids - n, "%s%u", n > 0 ? " " : "",
                                  i + 1);
    }
    return ids;
}

static void check(const char *want, const int *program, size_t n)
{
    asked a;
    dgmx_query *q = NULL;
    OK(dgmx_query_within(ask(&a, program, n), &q, err));
    assert_string_equal(search(db, q), want);
    assert_string_equal(matching(&a.within), want);
}

static void terms_that_begin_alike_are_told_apart(void **state)
{
    static const char *const words[] = { "port", "portal", "por", "ports" };
    given g;
    (void)state;
    read_text(&g, "a portal port ports");
    for (size_t i = 0; i < 4; i++) {
        bool fits = false;
        const dgmx_bytes term = BYTES(words[i]);
        const dgmx_sequence sequence = { &term, 1 };
        const dgmx_operand operand = { &sequence, 1 };
        const dgmx_within within = { .operands = &operand, .n = 1, .distance = 1 };
        OK(dgmx_within_terms(&within, g.terms, g.n, &fits, err));
        assert_int_equal(fits, i != 2);
    }
}

static void programs_work_on_sets_of_regions(void **state)
{
    (void)state;
    check("1 2", PROGRAM(0));
    check("1", PROGRAM(0, 1, DGMX_BOTH));
    check("2", PROGRAM(0, 2, DGMX_BOTH)); /* in the first one bread is outside */
    check("1 2", PROGRAM(1, 2, DGMX_EITHER));
    check("1", PROGRAM(1, 0, DGMX_FIRST_ALONE));
    check("2", PROGRAM(2, 0, DGMX_FIRST_ALONE)); /* another region has only bread */
    check("2", PROGRAM(3));
    check("1 2", PROGRAM(4));
    check("1", PROGRAM(0, 1, DGMX_BOTH, 4, DGMX_BOTH));
}

static void first_region_that_fits_is_told(void **state)
{
    (void)state;
    asked a;
    dgmx_found_region found;
    OK(dgmx_within_find(db, ask(&a, PROGRAM(1, 0, DGMX_FIRST_ALONE)), 1, &found, err));
    assert_int_equal(found.kind, 0);
    assert_int_equal(found.from, 6);
    assert_int_equal(found.to, 8);
    FAILS(DGM_E_NOTFOUND, dgmx_within_find(db, ask(&a, PROGRAM(3)), 1, &found, err));
    FAILS(DGM_E_NOTFOUND, dgmx_within_find(db, ask(&a, PROGRAM(0)), 3, &found, err));
    FAILS(DGM_E_NOTFOUND, dgmx_within_find(db, ask(&a, PROGRAM(0)), 99, &found, err));
}

static void programs_that_are_none_fail(void **state)
{
    (void)state;
    static const int bad[][3] = { { DGMX_BOTH, 0, 0 },
                                  { 0, 1, 0 },
                                  { 99, 0, DGMX_BOTH } };
    asked a;
    dgmx_found_region found;
    for (size_t i = 0; i < 3; i++) {
        given g;
        bool fits;
        dgm_error error = DGM_ERROR_INIT, other = DGM_ERROR_INIT;
        dgm_status status = dgmx_within_find(db, ask(&a, bad[i], 3), 1, &found, &error);
        assert_true(status != DGM_OK && status != DGM_E_NOTFOUND);
        read_text(&g, texts[0]);
        assert_int_equal(dgmx_within_terms(&a.within, g.terms, g.n, &fits, &other),
                         status);
    }
    dgm_error error = DGM_ERROR_INIT;
    assert_true(dgmx_within_find(db, ask(&a, bad[0], 0), 1, &found, &error) != DGM_OK);
}

static int prepare(void **state)
{
    if (make_folder(state))
        return -1;
    dgmx_writer *w = open_writer(path_of(0, "small"), DGMX_CREATE);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add_text(w, texts[i]);
    commit_and_close(w);
    db = open_db(path_of(0, "small"));
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
        cmocka_unit_test(programs_work_on_sets_of_regions),
        cmocka_unit_test(first_region_that_fits_is_told),
        cmocka_unit_test(programs_that_are_none_fail),
        cmocka_unit_test(terms_that_begin_alike_are_told_apart),
    };
    return cmocka_run_group_tests(tests, prepare, clean_up);
}
