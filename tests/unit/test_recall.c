/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of moments that are read back bit by bit: what a search tells until all is there,
 * and that it is the same in the end, whatever happens meanwhile. Searches are held to a
 * number of items that they read back, which stands for their time. */
#include "moments.h"

#include "asof.h"
#include "moment.h"

enum { CHANGED = 23, PACE = 5 };

/* CHANGED items of copper that were corrected to tin, and one that was not. Returns the
 * moment between. The caller frees. */
static char *correct_some(const char *data)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (int i = 0; i <= CHANGED; i++)
        dgmi_buf_printf(&lines, "{\"id\":\"c%02d\",\"body\":\"copper\"}\n", i);
    feed(data, lines.p);
    char *place = strdup(text_of(archive_end(data)));
    dgmi_buf_reset(&lines);
    for (int i = 0; i < CHANGED; i++)
        dgmi_buf_printf(
            &lines, "{\"id\":\"c%02d\",\"updated\":\"2022-01-01\",\"body\":\"tin\"}\n",
            i);
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
    return place;
}

/* Without dgm_prepare. */
static dgm_status try_search(dgm *desk, const char *const *pairs, dgm_page **page,
                             dgm_error *err)
{
    dgm_request *r = request_of(pairs);
    dgm_status status = dgm_search(desk, r, page, err);
    dgm_request_free(r);
    return status;
}

static dgm_page *search_now(dgm *desk, const char *place)
{
    dgm_page *page = NULL;
    OK(try_search(desk, PAIRS("q", "copper", "as_of", place, "limit", "50"), &page, err));
    return page;
}

static void check_partial(dgm *desk, const char *place, unsigned hits,
                          const char *warning)
{
    dgm_page *page = search_now(desk, place);
    assert_true(page->partial);
    assert_false(page->total_exact);
    assert_null(page->next);
    assert_int_equal(page->n_hits, hits);
    assert_true(strncmp(page->warnings[0], warning, strlen(warning)) == 0);
    dgm_page_free(page);
}

static void check_whole(dgm *desk, const char *place, unsigned hits)
{
    dgm_page *page = search_now(desk, place);
    assert_false(page->partial);
    assert_true(page->total_exact);
    assert_int_equal(page->n_warnings, 0);
    assert_int_equal(page->n_hits, hits);
    assert_int_equal(page->total, hits);
    dgm_page_free(page);
}

/* ---- One search after another ---- */

static void each_search_goes_on_and_tells_what_is_missing(void **state)
{
    char *place = correct_some(*state);
    dgm *desk = open_desk(*state);
    desk->pace = PACE;
    check_partial(desk, place, 1 + PACE,
                  "18 of 23 items of the whole archive that changed since were not read "
                  "back yet as they were, and are missing; asking again goes on");
    check_partial(desk, place, 1 + 2 * PACE, "13 of 23 items");
    check_partial(desk, place, 1 + 3 * PACE, "8 of 23 items");
    check_partial(desk, place, 1 + 4 * PACE, "3 of 23 items");
    check_whole(desk, place, 1 + CHANGED);
    check_whole(desk, place, 1 + CHANGED);
    free(place);
    dgm_close(desk);
}

static void preparing_makes_the_first_search_whole(void **state)
{
    char *place = correct_some(*state);
    dgm *desk = open_desk(*state);
    dgm_request *r = request_of(PAIRS("q", "copper", "as_of", place));
    desk->pace = PACE;
    OK(dgm_prepare(desk, r, err));
    check_whole(desk, place, 1 + CHANGED);
    dgm_request_free(r);
    r = request_of(PAIRS("q", "copper"));
    OK(dgm_prepare(desk, r, err)); /* nothing is needed */
    dgm_request_free(r);
    r = request_of(PAIRS("as_of", "2199"));
    dgm_error e = DGM_ERROR_INIT;
    assert_int_equal(dgm_prepare(desk, r, &e), DGM_E_ARG);
    dgm_request_free(r);
    free(place);
    dgm_close(desk);
}

/* However late it is, there is an end to it. */
static void every_step_goes_some_way(void **state)
{
    char *place = correct_some(*state);
    dgm *desk = open_desk(*state), *then = NULL;
    dgmi_asof as_of;
    assert_true(dgmi_asof_read(dgmi_str_of(place), &as_of));
    int steps = 0;
    size_t missing = CHANGED;
    for (bool ready = false; !ready; steps++) {
        OK(dgmi_moment_enter(desk, dgmi_position_pack(as_of.at), 1, &then, err));
        const dgmi_recall_counts counts = dgmi_recall_count(&then->moment->then);
        assert_true(counts.missing <= missing && missing - counts.missing <= 1);
        missing = counts.missing;
        ready = dgmi_moment_is_ready(then->moment);
        assert_true(steps < 4 * CHANGED);
    }
    assert_int_equal(missing, 0);
    assert_true(steps >
                2 * CHANGED); /* each is looked up, read back, and looked behind */
    check_whole(desk, place, 1 + CHANGED);
    free(place);
    dgm_close(desk);
}

/* The moment before an item came. The caller frees. */
static char *place_before(dgm *desk, int item)
{
    char id[16];
    dgm_history *history = NULL;
    uint64_t first = UINT64_MAX;
    snprintf(id, sizeof id, "c%02d", item);
    OK(dgm_versions(desk, id, false, &history, err));
    for (size_t i = 0; i < history->n_versions; i++)
        first = history->versions[i].place < first ? history->versions[i].place : first;
    dgm_history_free(history);
    return strdup(text_of(dgmi_position_unpack(first)));
}

/* More of them than a reader keeps, so each is begun anew. */
static void new_moments_cost_what_one_search_may(void **state)
{
    free(correct_some(*state));
    dgm *desk = open_desk(*state);
    desk->pace = PACE;
    for (int round = 0; round < 2; round++) {
        for (int i = CHANGED; i > CHANGED - 4; i--) {
            char warning[40];
            char *place = place_before(desk, i);
            snprintf(warning, sizeof warning, "%d of %d items", i - PACE, i);
            check_partial(desk, place, PACE, warning);
            free(place);
        }
    }
    dgm_close(desk);
}

/* ---- What has to be whole ---- */

static void what_has_to_be_whole_fails_until_it_is(void **state)
{
    char *place = correct_some(*state);
    dgm *desk = open_desk(*state);
    dgm_page *page = NULL;
    dgm_trends *trends = NULL;
    const dgm_trends_form form = { .interval = 1 };
    desk->pace = PACE;
    dgm_error e = DGM_ERROR_INIT;
    assert_int_equal(
        try_search(desk, PAIRS("q", "copper", "as_of", place, "cite", "1"), &page, &e),
        DGM_E_TIMEOUT);
    assert_non_null(strstr(e.text, "asking again goes on"));
    dgm_request *r = request_of(PAIRS("q", "copper", "as_of", place));
    e = (dgm_error)DGM_ERROR_INIT;
    assert_int_equal(dgm_trends_count(desk, r, &form, &trends, &e), DGM_E_TIMEOUT);
    dgm_scan *scan = NULL;
    dgm_item *item = NULL;
    size_t n = 0;
    OK(dgm_scan_open(r, 0, &scan, err));
    for (int i = 0; i < 2; i++) {
        e = (dgm_error)DGM_ERROR_INIT;
        assert_int_equal(dgm_scan_next(scan, desk, &item, &e), DGM_E_TIMEOUT);
    }
    e = (dgm_error)DGM_ERROR_INIT;
    for (; dgm_scan_next(scan, desk, &item, &e) == DGM_OK; n++)
        dgm_item_free(item);
    assert_int_equal(n, 1 + CHANGED);
    dgm_scan_close(scan);
    check_whole(desk, place, 1 + CHANGED);
    free(place);
    dgm_close(desk);
}

/* ---- While the archive goes on ---- */

static void changes_meanwhile_cost_no_more_than_themselves(void **state)
{
    char *place = correct_some(*state);
    dgm *desk = open_desk(*state);
    desk->pace = PACE;
    check_partial(desk, place, 1 + PACE, "18 of 23 items");
    /* one that was read back, one that was not, one that had not changed, and a new one
     */
    feed(*state, "{\"id\":\"c00\",\"updated\":\"2022-01-02\",\"body\":\"zinc\"}\n"
                 "{\"id\":\"c20\",\"updated\":\"2022-01-02\",\"body\":\"zinc\"}\n"
                 "{\"id\":\"c23\",\"updated\":\"2022-01-02\",\"body\":\"zinc\"}\n"
                 "{\"id\":\"new\",\"body\":\"copper\"}\n");
    check_partial(desk, place, 2 * PACE - 1, "15 of 24 items");
    feed(*state, "{\"id\":\"newer\",\"body\":\"copper\"}\n");
    check_partial(desk, place, 3 * PACE - 1, "10 of 24 items");
    check_partial(desk, place, 4 * PACE - 1, "5 of 24 items");
    check_whole(desk, place, 1 + CHANGED);
    feed(*state, "{\"id\":\"c07\",\"updated\":\"2022-01-02\",\"body\":\"zinc\"}\n");
    check_whole(desk, place, 1 + CHANGED);
    OK(dgm_reindex(*state, NULL, NULL, err)); /* another index has other documents */
    check_partial(desk, place, PACE, "19 of 24 items");
    free(place);
    dgm_close(desk);
}

/* Its text goes at once, though other items are read back yet. */
static void what_is_killed_meanwhile_is_told_no_more(void **state)
{
    char *place = correct_some(*state);
    dgm *desk = open_desk(*state);
    desk->pace = PACE;
    check_partial(desk, place, 1 + PACE, "18 of 23 items");
    feed(*state, "{\"id\":\"c00\",\"status\":\"canceled\",\"updated\":\"2022-01-02\"}\n");
    desk->pace = 1;
    dgm_page *page = search_now(desk, place);
    assert_true(page->partial);
    for (size_t i = 0; i < page->n_hits; i++)
        assert_string_not_equal(page->hits[i].id, "c00");
    dgm_page_free(page);
    desk->pace = 0;
    page = search_now(desk, place);
    assert_false(page->partial);
    assert_int_equal(page->total, CHANGED);
    assert_true(strncmp(page->warnings[0], "1 items", 7) == 0);
    dgm_page_free(page);
    free(place);
    dgm_close(desk);
}

/* ---- The same in the end ---- */

static void check_same(const dgm_page *got, const dgm_page *want)
{
    assert_int_equal(got->n_hits, want->n_hits);
    assert_int_equal(got->total, want->total);
    assert_int_equal(got->n_warnings, want->n_warnings);
    for (size_t i = 0; i < want->n_hits; i++) {
        assert_string_equal(got->hits[i].id, want->hits[i].id);
        assert_string_equal(got->hits[i].title, want->hits[i].title);
        assert_true(got->hits[i].score == want->hits[i].score);
    }
    for (size_t i = 0; i < want->n_warnings; i++)
        assert_string_equal(got->warnings[i], want->warnings[i]);
}

/* Each query is asked until its page is whole; what of it is partial tells a part. */
static dgm_page *ask_until_whole(dgm *desk, const char *query, const char *place,
                                 const char *sort, const dgm_page *whole)
{
    for (int i = 0; i < ITEMS + 2; i++) {
        dgm_page *page = NULL;
        OK(try_search(desk,
                      PAIRS("q", query, "sort", sort, "as_of", place, "limit", "100"),
                      &page, err));
        if (!page->partial)
            return page;
        assert_false(page->total_exact && page->total != whole->total);
        dgm_page_free(page);
    }
    fail_msg("it comes to no end");
    return NULL;
}

static void check_same_in_the_end(const char *data, random_log *r, const char *place)
{
    static const char *const sorts[] = { "relevance", "newest", "oldest" };
    dgm *parts = open_desk(data), *whole = open_desk(data);
    for (int q = 0; q < QUERIES; q++) {
        const char *sort = sorts[next_random(r, 3)];
        dgm_page *want =
            SEARCH(whole, "q", queries[q], "sort", sort, "as_of", place, "limit", "100");
        if (next_random(r, 3) == 0) {
            dgm_close(parts);
            parts = open_desk(data);
        }
        parts->pace = 1 + next_random(r, 9);
        dgm_page *got = ask_until_whole(parts, queries[q], place, sort, want);
        check_same(got, want);
        dgm_page_free(want);
        dgm_page_free(got);
    }
    dgm_close(parts);
    dgm_close(whole);
}

static void moment_in_parts_is_the_same_as_one_at_once(void **state)
{
    for (unsigned seed = 21; seed < 24; seed++) {
        random_log r = { .state = seed, .kills = seed % 2 };
        void *folder = NULL;
        assert_int_equal(set_up(&folder), 0);
        run_operations(folder, &r);
        for (int i = 0; i < 3; i++) {
            char *place = strdup(text_of(r.ends[next_random(&r, (unsigned)r.n)]));
            check_same_in_the_end(folder, &r, place);
            free(place);
        }
        tear_down(&folder);
    }
    (void)state;
}

/* One desk is there all the time while records come, the other one comes to it. */
static void moment_that_follows_is_the_same_as_a_new_one(void **state)
{
    random_log r = { .state = 31, .kills = true };
    dgmi_buf line;
    dgmi_buf_init(&line, 0);
    run_operations(*state, &r);
    char *place = strdup(text_of(r.ends[r.n / 3]));
    dgm *follows = open_desk(*state);
    for (unsigned i = 0; i < 60; i++) {
        dgmi_buf_reset(&line);
        put_operation(&line, &r, OPERATIONS + i);
        feed(*state, line.p);
        follows->pace = 1 + next_random(&r, 4);
        const char *query = queries[next_random(&r, QUERIES)];
        dgm_page *page = NULL;
        OK(try_search(follows, PAIRS("q", query, "as_of", place), &page, err));
        dgm_page_free(page);
        if (i % 6 != 5)
            continue;
        dgm *fresh = open_desk(*state);
        dgm_page *want = SEARCH(fresh, "q", query, "as_of", place, "limit", "100");
        dgm_page *got = ask_until_whole(follows, query, place, "relevance", want);
        check_same(got, want);
        dgm_page_free(want);
        dgm_page_free(got);
        dgm_close(fresh);
    }
    free(place);
    dgmi_buf_clear(&line);
    dgm_close(follows);
}

/* ---- What is left behind ---- */

static size_t count_folders(const char *parent)
{
    dgmi_names names = { NULL, 0 };
    size_t n = 0;
    OK(dgmi_dir_list(parent, &names, err));
    for (size_t i = 0; i < names.n; i++)
        n += strstr(names.names[i], "dragoman-then-") != NULL;
    dgmi_names_free(&names);
    return n;
}

static void folders_go_and_those_of_the_dead_too(void **state)
{
    char *place = correct_some(*state);
    char *room = dgmi_path_join(*state, "room");
    char *dead = dgmi_path_join(room, "dragoman-then-killed");
    const char *usual = getenv("TMPDIR");
    char *former = usual ? strdup(usual) : NULL;
    OK(dgmi_make_dirs(dead, err));
    setenv("TMPDIR", room, 1);
    dgm *one = open_desk(*state), *other = open_desk(*state);
    check_whole(one, place, 1 + CHANGED);
    assert_int_equal(count_folders(room), 1);
    assert_false(dgmi_is_dir(dead));
    check_whole(other, place, 1 + CHANGED);
    assert_int_equal(count_folders(room), 2);
    dgm_close(one);
    assert_int_equal(count_folders(room), 1);
    dgm_close(other);
    assert_int_equal(count_folders(room), 0);
    if (former)
        setenv("TMPDIR", former, 1);
    else
        unsetenv("TMPDIR");
    free(former);
    free(room);
    free(dead);
    free(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(each_search_goes_on_and_tells_what_is_missing),
        DESK_TEST(preparing_makes_the_first_search_whole),
        DESK_TEST(every_step_goes_some_way),
        DESK_TEST(new_moments_cost_what_one_search_may),
        DESK_TEST(what_has_to_be_whole_fails_until_it_is),
        DESK_TEST(changes_meanwhile_cost_no_more_than_themselves),
        DESK_TEST(what_is_killed_meanwhile_is_told_no_more),
        DESK_TEST(moment_in_parts_is_the_same_as_one_at_once),
        DESK_TEST(moment_that_follows_is_the_same_as_a_new_one),
        DESK_TEST(folders_go_and_those_of_the_dead_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
