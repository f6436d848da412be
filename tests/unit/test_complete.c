/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of completing what somebody types. */
#include "searching.h"

#include "complete.h"

static const char archive[] =
    "{\"id\":\"a\",\"title\":\"Water cannon fired\",\"body\":\"A wattage of "
    "waterfalls.\",\"language\":\"en\",\"region\":\"Russian "
    "Federation\",\"source\":\"Ministry of Water\"}\n"
    "{\"id\":\"b\",\"title\":\"Water canal dug\",\"body\":\"Where "
    "water flows.\",\"language\":\"en\",\"region\":\"Russian "
    "Federation\",\"topics\":[\"Water supply\"]}\n"
    "{\"id\":\"c\",\"title\":\"Water, canals and the waters\",\"body\":\"The cannon "
    "is unlike a canticle.\",\"language\":\"en\",\"region\":\"Kenya\"}\n"
    "{\"id\":\"d\",\"title\":\"Cannon again and water cannon\",\"body\":\"Zugzwang "
    "it was.\",\"language\":\"en\"}\n"
    "{\"id\":\"e\",\"title\":\"Große Wärmepumpe\",\"body\":\"Sie "
    "heizt.\",\"language\":\"de\"}\n";

static dgm_proposals *suggest(dgm *desk, const char *q, unsigned limit)
{
    dgm_proposals *p = NULL;
    OK(dgm_suggest(desk, q, limit, &p, err));
    assert_string_equal(p->q, q);
    return p;
}

/* "kind text count; ..." of all proposals. */
static void check(dgm *desk, const char *q, unsigned limit, const char *want)
{
    dgm_proposals *p = suggest(desk, q, limit);
    dgmi_buf out;
    dgmi_buf_init(&out, 0);
    for (size_t i = 0; i < p->n; i++)
        dgmi_buf_printf(&out, "%s%s %s %u", i > 0 ? "; " : "", p->list[i].kind,
                        p->list[i].text, (unsigned)p->list[i].count);
    char *got = dgmi_buf_take(&out);
    assert_string_equal(got ? got : "", want);
    free(got);
    dgm_proposals_free(p);
}

static void word_is_completed_by_the_most_frequent_ones_of_titles(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "can", 2, "word cannon 3; word canal 1");
    check(desk, "Cann", 1, "word Cannon 3");
    check(desk, "an OR cann", 1, "word an OR cannon 3");
    dgm_close(desk);
}

static void word_that_no_title_has_is_completed_out_of_texts(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "zug", 5, "word zugzwang 1");
    check(desk, "zu", 5, "");
    dgm_close(desk);
}

static void word_behind_another_is_what_titles_have_there(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "water can", 5,
          "pair water cannon 2; pair water canal 1; pair water canals 1");
    check(
        desk, "fired water can", 5,
        "pair fired water cannon 2; pair fired water canal 1; pair fired water canals 1");
    check(desk, "water, can", 1, "word water, cannon 3");
    dgm_close(desk);
}

static void common_words_are_no_proposals(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "an", 5, "");
    dgm_close(desk);
}

static void values_are_completed_from_the_beginning_of_any_word(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "fede", 5, "region Russian Federation 2");
    check(desk, "russian fed", 5, "region Russian Federation 2");
    dgm_proposals *p = suggest(desk, "fede", 5);
    assert_string_equal(p->list[0].query, "region:\"Russian Federation\"");
    check_ids(desk, PAIRS("q", p->list[0].query), "a b", false);
    dgm_proposals_free(p);
    dgm_close(desk);
}

static void words_leave_room_for_values(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "wat", 4,
          "word water 4; word waterfalls 1; source Ministry of Water 1; topic Water "
          "supply 1");
    check(desk, "wat", 2, "word water 4; source Ministry of Water 1");
    dgm_close(desk);
}

static void word_is_proposed_as_items_spell_it(void **state)
{
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "waermep", 5, "");
    check(desk, "wärm", 5, "word Wärmepumpe 1");
    check(desk, "grosse wa", 1, "pair grosse Wärmepumpe 1");
    dgm_close(desk);
}

static void rest_of_a_word_cut_short_is_not_proposed(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i <= 2 * DGMI_CUT_SHORT; i++)
        dgmi_buf_printf(&lines, "{\"id\":\"i%u\",\"title\":\"A %s\"}\n", i,
                        i > 0 ? "federation" : "federati");
    feed(*state, lines.p);
    dgmi_buf_clear(&lines);
    dgm *desk = open_desk(*state);
    check(desk, "fed", 5, "word federation 40");
    dgm_close(desk);
}

static void nothing_typed_too_much_and_bad_bytes_are_answered(void **state)
{
    char many[DGMI_COMPLETE_BYTES + 8];
    memset(many, 'w', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    feed(*state, archive);
    dgm *desk = open_desk(*state);
    check(desk, "", 5, "");
    check(desk, "  \t", 5, "");
    check(desk, "\"", 5, "");
    check(desk, many, 5, "");
    dgm_proposals *p = NULL;
    OK(dgm_suggest(desk, "\xff\xfewat\xc3", 5, &p, err));
    dgm_proposals_free(p);
    assert_int_equal(dgm_suggest(desk, "a", 0, &p, NULL), DGM_E_ARG);
    assert_int_equal(dgm_suggest(desk, "a", DGMI_COMPLETE_MOST + 1, &p, NULL), DGM_E_ARG);
    assert_null(p);
    dgm_close(desk);
}

static void archive_without_an_index_has_nothing_to_propose(void **state)
{
    dgm *desk = open_desk(*state);
    check(desk, "wat", 5, "");
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(word_is_completed_by_the_most_frequent_ones_of_titles),
        DESK_TEST(word_that_no_title_has_is_completed_out_of_texts),
        DESK_TEST(word_behind_another_is_what_titles_have_there),
        DESK_TEST(common_words_are_no_proposals),
        DESK_TEST(values_are_completed_from_the_beginning_of_any_word),
        DESK_TEST(words_leave_room_for_values),
        DESK_TEST(word_is_proposed_as_items_spell_it),
        DESK_TEST(rest_of_a_word_cut_short_is_not_proposed),
        DESK_TEST(nothing_typed_too_much_and_bad_bytes_are_answered),
        DESK_TEST(archive_without_an_index_has_nothing_to_propose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
