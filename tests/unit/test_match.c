/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of matching under a deadline. */
#include "searching.h"

#include "clock.h"
#include "match.h"

static void search_gives_up_when_its_time_is_over(void **state)
{
    feed_made(*state, 0, 20);
    dgmi_index *index = open_index(*state);
    dgmi_arena *arena = dgmi_arena_new(0);
    dgm_error err = DGM_ERROR_INIT;
    dgmi_lore lore = { .known = false };
    dgmi_ranked found[4];
    uint32_t n;
    int64_t total;
    assert_int_equal(dgmi_lore_learn(&lore, index, &err), DGM_OK);
    dgmi_matcher m = { .index = index,
                       .lore = &lore,
                       .arena = arena,
                       .err = &err,
                       .deadline_us = dgmi_now_us() - 1 };
    dgmi_clause *clause = dgmi_clause_term(arena, dgmi_str_of("Zreport"), 20);
    clause->scored = true;
    clause->weight = 1;
    assert_int_equal(dgmi_match_page(&m, clause, 4, found, &n, &total), DGM_E_TIMEOUT);
    m.deadline_us = dgmi_now_us() + 1000000;
    dgmi_error_clear(&err);
    assert_int_equal(dgmi_match_page(&m, clause, 4, found, &n, &total), DGM_OK);
    assert_int_equal(n, 4);
    dgmi_lore_clear(&lore);
    dgmi_arena_free(arena);
    dgmi_index_close(index);
}

static void a_page_may_be_what_was_found_when_time_is_over(void **state)
{
    feed_made(*state, 0, 20);
    dgmi_index *index = open_index(*state);
    dgmi_arena *arena = dgmi_arena_new(0);
    dgm_error err = DGM_ERROR_INIT;
    dgmi_lore lore = { .known = false };
    dgmi_ranked found[4];
    uint32_t n;
    int64_t total = -1;
    bool partial = false;
    assert_int_equal(dgmi_lore_learn(&lore, index, &err), DGM_OK);
    dgmi_matcher m = {
        .index = index, .lore = &lore, .arena = arena, .partial = &partial, .err = &err
    };
    dgmi_clause *cheap = dgmi_clause_term(arena, dgmi_str_of("Zreport"), 20);
    cheap->scored = true;
    cheap->weight = 1;
    assert_int_equal(dgmi_match_page(&m, cheap, 4, found, &n, &total), DGM_OK);
    assert_int_equal(n, 4); /* too cheap to be guarded */
    assert_false(partial);
    dgmi_clause *dear = dgmi_clause_term(arena, dgmi_str_of("Zreport"), 1000000);
    dear->scored = true;
    dear->weight = 1;
    assert_int_equal(dgmi_match_page(&m, dear, 4, found, &n, &total), DGM_OK);
    assert_int_equal(n, 0);
    assert_true(partial);
    assert_int_equal(total, -1); /* it says nothing of how many there are */
    dgmi_lore_clear(&lore);
    dgmi_arena_free(arena);
    dgmi_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(search_gives_up_when_its_time_is_over),
        DESK_TEST(a_page_may_be_what_was_found_when_time_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
