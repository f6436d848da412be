/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/search/story.c and members.c: what a story tells of its members. */
#include "searching.h"

#define FIRST                                                                            \
    "The port authority of Velmora closed its northern basin on Tuesday after a crane "  \
    "fell across two barges loaded with rapeseed, and nobody was hurt in the accident."
#define SECOND                                                                           \
    "Harbour master Ilse Brandt told reporters that divers would look at the quay wall " \
    "before the first of the waiting vessels was let in again."

static const char lines[] =
    "{\"id\":\"late\",\"title\":\"Basin closed\",\"source\":\"Evening Wire\","
    "\"published\":\"2024-03-05T18:00:00Z\",\"body\":[\"" FIRST "\"]}\n"
    "{\"id\":\"first\",\"title\":\"Crane falls\",\"source\":\"Port Authority\","
    "\"published\":\"2024-03-05T09:00:00Z\",\"body\":[\"" FIRST "\",\"" SECOND "\"]}\n"
    "{\"id\":\"undated\",\"title\":\"Crane\",\"body\":[\"" FIRST "\",\"" SECOND "\"]}\n"
    "{\"id\":\"more\",\"title\":\"Crane falls, divers come\",\"published\":"
    "\"2024-03-05T12:00:00Z\",\"body\":[\"" FIRST "\",\"" SECOND
    "\",\"Insurers have said nothing so far.\"]}\n"
    "{\"id\":\"edited\",\"title\":\"Crane falls\",\"published\":"
    "\"2024-03-05T13:00:00Z\",\"body\":[\"On the coast: " FIRST "\"]}\n";

static dgm_story *story_of(dgm *desk, const char *id)
{
    char query[40];
    dgm_story *story = NULL;
    snprintf(query, sizeof query, "id:%s", id);
    dgm_page *page = SEARCH(desk, "q", query);
    assert_int_equal(page->n_hits, 1);
    OK(dgm_story_get(desk, page->hits[0].story->id, &story, err));
    assert_string_equal(story->id, page->hits[0].story->id);
    dgm_page_free(page);
    return story;
}

static void members_stand_by_publication_the_earliest_first(void **state)
{
    static const char *const order[] = { "first", "more", "edited", "late", "undated" };
    feed(*state, lines);
    dgm *desk = open_desk(*state);
    dgm_story *story = story_of(desk, "edited");
    assert_int_equal(story->items, 5);
    assert_int_equal(story->n_members, 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(story->members[i].id, order[i]);
    assert_string_equal(story->members[0].source, "Port Authority");
    assert_true(story->first_seen == story->members[3].first_seen);
    dgm_story_free(story);
    dgm_close(desk);
}

static void each_member_tells_what_it_cut_or_added(void **state)
{
    feed(*state, lines);
    dgm *desk = open_desk(*state);
    dgm_story *story = story_of(desk, "first");
    const dgm_member *m = story->members;
    assert_int_equal(m[0].change, DGM_CHANGE_NONE);
    assert_int_equal(m[1].change, DGM_CHANGE_ADDED);
    assert_int_equal(m[1].words_added, 6);
    assert_int_equal(m[1].words_cut, 0);
    assert_int_equal(m[1].n_passages, 1);
    assert_true(m[1].passages[0].added);
    assert_string_equal(m[1].passages[0].text, "Insurers have said nothing so far.");
    assert_int_equal(m[2].change, DGM_CHANGE_EDITED);
    assert_int_equal(m[3].change, DGM_CHANGE_CUT);
    assert_int_equal(m[3].words_added, 0);
    assert_false(m[3].passages[m[3].n_passages - 1].added);
    assert_non_null(strstr(m[3].passages[m[3].n_passages - 1].text, "Ilse Brandt"));
    assert_int_equal(m[4].change, DGM_CHANGE_SAME);
    assert_int_equal(m[4].n_passages, 0);
    dgm_story_free(story);
    dgm_close(desk);
}

static void first_seen_is_that_of_the_first_version(void **state)
{
    feed(*state,
         "{\"dgm\":1,\"id\":\"a\",\"version\":\"1\",\"title\":\"A\",\"body\":[\"" FIRST
         "\"],\"fetched\":\"2024-03-05T10:00:00Z\"}\n"
         "{\"dgm\":1,\"id\":\"a\",\"version\":\"2\",\"title\":\"A\",\"body\":[\"" SECOND
         "\"],\"fetched\":\"2024-03-09T10:00:00Z\"}\n");
    dgm *desk = open_desk(*state);
    dgm_story *story = story_of(desk, "a");
    int64_t from, after;
    assert_true(dgmi_date_span(dgmi_str_of("2024-03-05"), &from, &after));
    assert_int_equal(story->first_seen, from + 10 * 3600);
    assert_int_equal(story->members[0].first_seen, from + 10 * 3600);
    dgm_story_free(story);
    dgm_close(desk);
}

static void a_story_of_nothing_findable_is_not_found(void **state)
{
    dgm_error fault = DGM_ERROR_INIT;
    dgm_story *story = NULL;
    dgm *empty = open_desk(*state);
    assert_int_equal(dgm_story_get(empty, "0123456789abcdef", &story, &fault),
                     DGM_E_NOTFOUND);
    dgm_close(empty);
    feed(*state,
         "{\"id\":\"a\",\"title\":\"A\",\"body\":\"" FIRST "\",\"version\":\"1\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "id:a");
    fault = (dgm_error)DGM_ERROR_INIT;
    feed(*state,
         "{\"id\":\"a\",\"title\":\"A\",\"status\":\"canceled\",\"version\":\"2\"}\n");
    assert_int_equal(dgm_story_get(desk, page->hits[0].story->id, &story, &fault),
                     DGM_E_NOTFOUND);
    assert_null(story);
    assert_non_null(strstr(fault.text, page->hits[0].story->id));
    dgm_page_free(page);
    dgm_close(desk);
}

static void a_member_that_was_withdrawn_is_not_told_of(void **state)
{
    feed(*state, lines);
    feed(*state, "{\"id\":\"first\",\"status\":\"canceled\",\"version\":\"2\"}\n"
                 "{\"id\":\"edited\",\"title\":\"C\",\"status\":\"withheld\",\"version\":"
                 "\"2\"}\n");
    dgm *desk = open_desk(*state);
    dgm_page *page = SEARCH(desk, "q", "id:more");
    const dgm_hit_story *told = page->hits[0].story;
    assert_int_equal(told->items, 3);
    assert_int_equal(told->n_copies, 2);
    assert_string_equal(told->copies[0].id, "late");
    assert_string_equal(told->copies[1].id, "undated");
    dgm_page_free(page);
    dgm_story *story = story_of(desk, "undated");
    assert_int_equal(story->items, 3);
    assert_int_equal(story->n_members, 3);
    dgm_story_free(story);
    dgm_close(desk);
}

static void what_is_no_id_of_a_story_is_refused(void **state)
{
    static const char *const bad[] = { "", "1", "0123456789ABCDEF", "0123456789abcdef0",
                                       "0123456789abcdeg" };
    dgm *desk = open_desk(*state);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dgm_story *story = NULL;
        assert_int_equal(dgm_story_get(desk, bad[i], &story, NULL), DGM_E_ARG);
    }
    assert_int_equal(dgm_story_get(NULL, "0123456789abcdef", NULL, NULL), DGM_E_ARG);
    dgm_story_free(NULL);
    dgm_close(desk);
}

static void a_long_difference_is_told_in_part(void **state)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    for (int item = 0; item < 2; item++) {
        dgmi_buf_printf(&b, "{\"id\":\"i%d\",\"title\":\"T\",\"body\":\"", item);
        for (int i = 0; i < 900; i++)
            dgmi_buf_printf(&b, "w%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26,
                            item && i % 15 == 0 ? 'x' : 'y');
        dgmi_buf_puts(&b, "\"}\n");
    }
    feed(*state, b.p);
    dgm *desk = open_desk(*state);
    dgm_story *story = story_of(desk, "i0");
    assert_int_equal(story->n_members, 2);
    assert_int_equal(story->members[1].words_added, 60);
    assert_int_equal(story->members[1].n_passages, 50);
    assert_true(story->members[1].more_passages);
    dgm_story_free(story);
    dgm_close(desk);
    dgmi_buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(members_stand_by_publication_the_earliest_first),
        DESK_TEST(each_member_tells_what_it_cut_or_added),
        DESK_TEST(first_seen_is_that_of_the_first_version),
        DESK_TEST(a_story_of_nothing_findable_is_not_found),
        DESK_TEST(a_member_that_was_withdrawn_is_not_told_of),
        DESK_TEST(what_is_no_id_of_a_story_is_refused),
        DESK_TEST(a_long_difference_is_told_in_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
