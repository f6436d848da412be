/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/match/plists.c: which lists are read, kept and dropped. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fail.h"
#include "plists.h"

enum { LAST = 100000, LONG = 10000, BUDGET = 200000 };

typedef struct shelf {
    dgmi_plists *lists;
    unsigned read; /* lists so far */
    bool fails;
} shelf;

static dgm_status read_list(void *user, const dgmi_plist_wish *wish, uint32_t windows,
                            dgmi_plist **out, dgm_error *err)
{
    shelf *s = user;
    dgmx_docid *ids = calloc(wish->most, sizeof *ids);
    if (s->fails) {
        free(ids);
        return dgmi_fail(err, DGM_E_IO, "gone");
    }
    for (uint32_t i = 0; i < wish->most; i++)
        ids[i] = i + 1;
    *out = dgmi_plist_of_ids(ids, wish->most, windows);
    free(ids);
    s->read++;
    return DGM_OK;
}

static bool open_lists(shelf *s, uint64_t commit)
{
    return dgmi_plists_open(s->lists, 1, commit, LAST);
}

/* One query for a list; whether it got it. */
static bool ask(shelf *s, const char *key, uint32_t worth)
{
    dgm_error err = DGM_ERROR_INIT;
    bool all = false;
    dgmi_plist_wish wish = {
        .key = dgmi_str_of(key), .most = LONG, .cost = LONG, .worth = worth
    };
    assert_int_equal(dgmi_plists_get(s->lists, &wish, 1, read_list, s, &all, &err),
                     DGM_OK);
    assert_true(all == (wish.list != NULL));
    assert_true(!all || wish.list->n == LONG);
    return all;
}

static shelf new_shelf(void)
{
    shelf s = { .lists = dgmi_plists_new(BUDGET) };
    assert_non_null(s.lists);
    assert_true(open_lists(&s, 1));
    return s;
}

static void a_list_is_read_when_queries_have_paid_for_half_of_it(void **unused)
{
    (void)unused;
    shelf s = new_shelf();
    assert_false(ask(&s, "a", LONG / 4));
    assert_int_equal(s.read, 0);
    assert_true(ask(&s, "a", LONG / 4));
    assert_true(ask(&s, "a", 0));
    assert_int_equal(s.read, 1);
    assert_true(ask(&s, "b", LONG / 2));
    assert_int_equal(dgmi_plists_count(s.lists), 2);
    dgmi_plists_free(s.lists);
}

static void nothing_is_read_while_one_list_is_not_worth_it(void **unused)
{
    (void)unused;
    shelf s = new_shelf();
    dgm_error err = DGM_ERROR_INIT;
    bool all = true;
    dgmi_plist_wish both[2] = {
        { .key = dgmi_str_of("a"), .most = LONG, .cost = LONG, .worth = LONG },
        { .key = dgmi_str_of("b"), .most = LONG, .cost = LONG, .worth = 1 },
    };
    assert_int_equal(dgmi_plists_get(s.lists, both, 2, read_list, &s, &all, &err),
                     DGM_OK);
    assert_false(all);
    assert_int_equal(s.read, 0);
    dgmi_plists_free(s.lists);
}

static void the_least_used_go_when_there_are_too_many(void **unused)
{
    (void)unused;
    shelf s = new_shelf();
    char key[16];
    for (unsigned i = 0; i < 40; i++) {
        assert_true(open_lists(&s, 1));
        assert_true(ask(&s, "kept", LONG));
        snprintf(key, sizeof key, "k%u", i);
        assert_true(ask(&s, key, LONG));
        assert_true(dgmi_plists_bytes(s.lists) <= BUDGET + BUDGET / 2);
    }
    assert_true(open_lists(&s, 1));
    assert_true(dgmi_plists_bytes(s.lists) <= BUDGET);
    unsigned before = s.read;
    assert_true(ask(&s, "kept", 0));
    assert_true(ask(&s, "k39", 0));
    assert_int_equal(s.read, before);
    assert_false(ask(&s, "k0", 0));
    dgmi_plists_free(s.lists);
}

static void an_index_that_moved_on_has_none_of_the_lists(void **unused)
{
    (void)unused;
    shelf s = new_shelf();
    assert_true(ask(&s, "a", LONG));
    assert_true(open_lists(&s, 1));
    assert_true(ask(&s, "a", 0));
    assert_true(open_lists(&s, 2));
    assert_int_equal(dgmi_plists_count(s.lists), 0);
    assert_int_equal(dgmi_plists_bytes(s.lists), 0);
    assert_false(ask(&s, "a", 0));
    dgmi_plists_free(s.lists);
}

static void a_query_of_lists_that_take_too_much_gets_none(void **unused)
{
    (void)unused;
    dgm_error err = DGM_ERROR_INIT;
    shelf s = { .lists = dgmi_plists_new(10000) };
    bool all = true;
    dgmi_plist_wish wish = {
        .key = dgmi_str_of("a"), .most = LONG, .cost = LONG, .worth = LONG
    };
    assert_true(open_lists(&s, 1));
    assert_int_equal(dgmi_plists_get(s.lists, &wish, 1, read_list, &s, &all, &err),
                     DGM_OK);
    assert_false(all);
    assert_int_equal(s.read, 0);
    dgmi_plists_free(s.lists);
}

static void a_failure_to_read_is_told_and_can_be_tried_again(void **unused)
{
    (void)unused;
    shelf s = new_shelf();
    dgm_error err = DGM_ERROR_INIT;
    bool all = true;
    dgmi_plist_wish wish = {
        .key = dgmi_str_of("a"), .most = LONG, .cost = LONG, .worth = LONG
    };
    s.fails = true;
    assert_int_equal(dgmi_plists_get(s.lists, &wish, 1, read_list, &s, &all, &err),
                     DGM_E_IO);
    assert_int_equal(dgmi_plists_bytes(s.lists), 0);
    s.fails = false;
    assert_true(ask(&s, "a", LONG));
    dgmi_plists_free(s.lists);
}

static void an_index_that_is_too_large_has_no_lists(void **unused)
{
    (void)unused;
    shelf s = { .lists = dgmi_plists_new(BUDGET) };
    assert_true(dgmi_plists_open(s.lists, 1, 1, DGMI_PLISTS_DOCUMENTS));
    assert_false(dgmi_plists_open(s.lists, 1, 2, DGMI_PLISTS_DOCUMENTS + 1));
    dgmi_plists_free(s.lists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_read_when_queries_have_paid_for_half_of_it),
        cmocka_unit_test(nothing_is_read_while_one_list_is_not_worth_it),
        cmocka_unit_test(the_least_used_go_when_there_are_too_many),
        cmocka_unit_test(an_index_that_moved_on_has_none_of_the_lists),
        cmocka_unit_test(a_query_of_lists_that_take_too_much_gets_none),
        cmocka_unit_test(a_failure_to_read_is_told_and_can_be_tried_again),
        cmocka_unit_test(an_index_that_is_too_large_has_no_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
