/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the second stage: exact forms, words side by side, and pages across its edge.
 */
#include "searching.h"

#include "refine.h"

static void item_with_the_very_form_comes_before_one_with_another(void **state)
{
    feed(*state, "{\"id\":\"verb\",\"body\":\"They negotiate in Kale.\"}\n"
                 "{\"id\":\"noun\",\"body\":\"They negotiated in Kale.\"}\n"
                 "{\"id\":\"else\",\"body\":\"An opera in Kale.\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "negotiate"), "verb noun", true);
    check_ids(desk, PAIRS("q", "negotiated"), "noun verb", true);
    dgm_close(desk);
}

static void item_with_the_words_side_by_side_comes_first(void **state)
{
    feed(*state,
         "{\"id\":\"apart\",\"body\":\"Water was let in after a long dry month "
         "and cannon fired.\"}\n"
         "{\"id\":\"behind\",\"body\":\"Cannon fired and after a long dry month let "
         "in was water.\"}\n"
         "{\"id\":\"near\",\"body\":\"After a long dry month water cannon fired and "
         "was let in.\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "water cannon"), "near apart behind", true);
    check_ids(desk, PAIRS("q", "water cannon", "match", "any"), "near apart behind",
              true);
    check_ids(desk, PAIRS("q", "water cannon opera"), "~near ~apart ~behind", true);
    dgm_close(desk);
}

static void one_word_between_is_near_and_two_are_not(void **state)
{
    feed(*state, "{\"id\":\"two\",\"body\":\"water or wine cannon fired often\"}\n"
                 "{\"id\":\"one\",\"body\":\"often fired water or cannon wine\"}\n");
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "water cannon"), "one two", true);
    dgm_close(desk);
}

static void words_of_other_clauses_and_fields_gain_nothing(void **state)
{
    feed(*state, "{\"id\":\"a\",\"title\":\"Water\",\"body\":\"Cannon of Kale.\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "title:water OR \"cannon\"", "explain", "1");
    for (size_t i = 0; i < page->hits[0].n_parts; i++)
        assert_null(strstr(page->hits[0].parts[i].what, "form:"));
    dgm_page_free(page);
    dgm_close(desk);
}

static void item_with_the_word_in_its_first_words_comes_first(void **state)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int late = 1; late >= 0; late--) {
        dgmi_buf_printf(&lines, "{\"id\":\"%s\",\"title\":\"Note\",\"body\":\"%s",
                        late ? "late" : "early", late ? "" : "copper ");
        for (int i = 0; i < DGMI_LEAD_WORDS; i++)
            dgmi_buf_puts(&lines, "word ");
        dgmi_buf_printf(&lines, "%s.\"}\n", late ? "copper" : "");
    }
    feed(*state, lines.p);
    dgmi_buf_clear(&lines);
    dgm *desk = open_desk(*state);
    check_ids(desk, PAIRS("q", "copper"), "early late", true);
    dgm_page *page = SEARCH(desk, "q", "copper", "explain", "1");
    for (size_t h = 0; h < 2; h++) {
        bool lead = false;
        for (size_t i = 0; i < page->hits[h].n_parts; i++)
            lead = lead || strcmp(page->hits[h].parts[i].what, "lead:copper") == 0;
        assert_true(lead == (h == 0));
    }
    dgm_page_free(page);
    dgm_close(desk);
}

static void explanation_names_form_and_nearness(void **state)
{
    feed(*state, "{\"id\":\"a\",\"body\":\"The water cannon fired.\"}\n"
                 "{\"id\":\"b\",\"body\":\"An opera.\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "water cannon", "explain", "1");
    unsigned forms = 0, near = 0;
    double sum = 0;
    for (size_t i = 0; i < page->hits[0].n_parts; i++) {
        const dgm_part *part = &page->hits[0].parts[i];
        forms += strncmp(part->what, "form:", 5) == 0;
        near += strcmp(part->what, "near:water cannon") == 0;
        sum += part->weight;
    }
    assert_int_equal(forms, 2);
    assert_int_equal(near, 1);
    assert_true(sum == page->hits[0].score);
    dgm_page_free(page);
    dgm_close(desk);
}

/* More items than the head holds, of which each fifth has the words side by side. */
static void feed_many(const char *data, unsigned from, unsigned to)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = from; i < to; i++) {
        dgmi_buf_printf(&lines, "{\"id\":\"i%03u\",\"body\":\"%s", i,
                        i % 5 == 4 ? "water cannon" : "water for the cannon");
        for (unsigned k = 0; k < i % 11; k++)
            dgmi_buf_puts(&lines, " filler");
        dgmi_buf_puts(&lines, ".\"}\n");
    }
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* Pages of `limit` hits one behind the other; between them `between` may change the
 * archive. The caller frees. */
static char *walk(const char *data, dgm *desk, const char *limit,
                  void (*between)(const char *data, unsigned page))
{
    dgmi_buf all;
    char *cursor = NULL;
    dgmi_buf_init(&all, 0);
    for (unsigned number = 0;; number++) {
        dgm_page *page = NULL;
        dgm_request *r = request_of(PAIRS("q", "water cannon", "limit", limit));
        if (cursor)
            OK(dgm_request_set(r, "cursor", cursor, err));
        OK(dgm_search(desk, r, &page, err));
        dgm_request_free(r);
        char *ids = ids_of(page);
        dgmi_buf_printf(&all, "%s%s", all.n > 0 ? " " : "", ids);
        free(ids);
        free(cursor);
        cursor = page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
        if (!cursor)
            break;
        if (between)
            between(data, number);
    }
    char *text = dgmi_buf_take(&all);
    return text;
}

static void paging_across_the_edge_of_the_head_shows_each_item_once(void **state)
{
    feed_many(*state, 0, DGMI_HEAD_HITS * 2 + 20);
    dgm *desk = open_desk(*state);
    char *want = walk(*state, desk, "100", NULL);
    char *by_seven = walk(*state, desk, "7", NULL);
    char *by_head = walk(*state, desk, "50", NULL);
    char *all = sorted(want);
    assert_int_equal(strlen(all), (DGMI_HEAD_HITS * 2 + 20) * 5 - 1);
    assert_string_equal(by_seven, want);
    assert_string_equal(by_head, want);
    free(want);
    free(by_seven);
    free(by_head);
    free(all);
    dgm_close(desk);
}

/* A hit of the head that was not shown yet is withdrawn: one from below must not take its
 * place, where it would be sorted before what was shown and so never appear. */
static void withdraw_one(const char *data, unsigned page)
{
    if (page == 0)
        feed(data,
             "{\"id\":\"i004\",\"status\":\"canceled\",\"updated\":\"2030-01-01\"}\n");
}

static void withdrawn_item_of_the_head_does_not_make_another_vanish(void **state)
{
    feed_many(*state, 0, DGMI_HEAD_HITS * 2);
    dgm *desk = open_desk(*state);
    char *got = walk(*state, desk, "7", withdraw_one);
    char *all = sorted(got);
    size_t lost = strstr(all, "i004") ? 0 : 1; /* shown before or not at all */
    assert_int_equal(strlen(all), (DGMI_HEAD_HITS * 2 - lost) * 5 - 1);
    free(got);
    free(all);
    dgm_close(desk);
}

static void hits_of_the_head_score_no_less_than_those_behind_it(void **state)
{
    feed_many(*state, 0, DGMI_HEAD_HITS * 2);
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "water cannon", "limit", "100");
    for (size_t i = 1; i < page->n_hits; i++)
        assert_true(page->hits[i].score <= page->hits[i - 1].score);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(item_with_the_very_form_comes_before_one_with_another),
        DESK_TEST(item_with_the_words_side_by_side_comes_first),
        DESK_TEST(one_word_between_is_near_and_two_are_not),
        DESK_TEST(words_of_other_clauses_and_fields_gain_nothing),
        DESK_TEST(item_with_the_word_in_its_first_words_comes_first),
        DESK_TEST(explanation_names_form_and_nearness),
        DESK_TEST(paging_across_the_edge_of_the_head_shows_each_item_once),
        DESK_TEST(withdrawn_item_of_the_head_does_not_make_another_vanish),
        DESK_TEST(hits_of_the_head_score_no_less_than_those_behind_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
