/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the versions of an item: their order, what is told of each, limits. */
#include "searching.h"

#define TEXT(n, body)                                                                    \
    "{\"id\":\"a\",\"title\":\"T\",\"version\":\"" n "\",\"body\":\"" body "\"}\n"

static dgm_history *history_of(dgm *desk, const char *id, bool diff)
{
    dgm_history *history = NULL;
    OK(dgm_versions(desk, id, diff, &history, err));
    return history;
}

static void versions_stand_in_their_order_not_in_that_of_arrival(void **state)
{
    feed(*state, TEXT("2", "two words"));
    feed(*state, TEXT("1", "one"));
    feed(*state, TEXT("3", "two words more"));
    dgm *desk = open_desk(*state);
    dgm_history *h = history_of(desk, "a", false);
    assert_int_equal(h->n_versions, 3);
    assert_false(h->cut);
    assert_string_equal(h->versions[0].version, "3");
    assert_string_equal(h->versions[2].version, "1");
    assert_true(h->versions[0].current && !h->versions[1].current);
    assert_int_equal(h->versions[0].words_added, 1);
    assert_int_equal(h->versions[0].words_removed, 0);
    assert_null(h->versions[0].diff);
    assert_null(h->versions[2].fields);
    dgm_close(desk);
    assert_string_equal(h->id, "a"); /* plain memory */
    dgm_history_free(h);
}

static void an_item_of_one_version_has_a_history_of_one(void **state)
{
    feed(*state, TEXT("1", "one"));
    dgm *desk = open_desk(*state);
    dgm_history *h = history_of(desk, "a", true);
    assert_int_equal(h->n_versions, 1);
    assert_true(h->versions[0].current);
    assert_false(h->versions[0].silent);
    dgm_history_free(h);
    dgm_close(desk);
}

static void only_the_last_versions_are_kept_track_of_and_the_winner(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    dgmi_buf_puts(&lines, TEXT("1000", "winner"));
    for (int i = 0; i < 100; i++)
        dgmi_buf_printf(&lines, TEXT("%d", "number"), i);
    feed(*state, lines.p);
    dgm *desk = open_desk(*state);
    dgm_history *h = history_of(desk, "a", false);
    assert_true(h->cut);
    assert_int_equal(h->n_versions, DGMI_DIGESTS_MAX + 1);
    assert_string_equal(h->versions[0].version, "1000");
    assert_true(h->versions[0].current);
    dgm_history_free(h);
    dgm_close(desk);
    dgmi_buf_clear(&lines);
}

static void what_is_not_there_or_not_shown_has_no_history(void **state)
{
    feed(*state,
         TEXT("1", "one") "{\"id\":\"b\",\"title\":\"B\",\"embargo\":\"2999\"}\n");
    dgm *desk = open_desk(*state);
    dgm_history *h = NULL;
    dgm_error err = DGM_ERROR_INIT;
    assert_int_equal(dgm_versions(desk, "b", true, &h, &err), DGM_E_NOTFOUND);
    assert_null(h);
    assert_non_null(strstr(err.text, "b"));
    assert_int_equal(dgm_versions(NULL, "a", true, &h, NULL), DGM_E_ARG);
    assert_int_equal(dgm_versions(desk, NULL, true, &h, NULL), DGM_E_ARG);
    dgm_history_free(NULL);
    dgm_close(desk);
}

static void diffs_together_have_a_limit(void **state)
{
    dgmi_buf line;
    dgmi_buf_init(&line, 0);
    for (int version = 1; version <= 3; version++) {
        dgmi_buf_reset(&line);
        dgmi_buf_printf(&line, "{\"id\":\"a\",\"version\":\"%d\",\"body\":[", version);
        for (int i = 0; i < 600; i++)
            dgmi_buf_printf(&line, "%s\"%010000d\"", i ? "," : "", i * version);
        dgmi_buf_puts(&line, "]}\n");
        feed(*state, line.p);
    }
    dgm *desk = open_desk(*state);
    dgm_history *h = history_of(desk, "a", true);
    assert_int_equal(h->n_versions, 3);
    assert_true(h->versions[0].diff && !h->versions[0].diff_left_out);
    assert_true(!h->versions[1].diff && h->versions[1].diff_left_out);
    assert_true(h->versions[1].words_added > 0);
    dgm_history_free(h);
    dgm_close(desk);
    dgmi_buf_clear(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(versions_stand_in_their_order_not_in_that_of_arrival),
        DESK_TEST(an_item_of_one_version_has_a_history_of_one),
        DESK_TEST(only_the_last_versions_are_kept_track_of_and_the_winner),
        DESK_TEST(what_is_not_there_or_not_shown_has_no_history),
        DESK_TEST(diffs_together_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
