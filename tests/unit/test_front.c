/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of pages far from the front: what a reader keeps for them changes nothing. */
#include "searching.h"

#include "front.h"

#define NOW 1640995200 /* 2022-01-01 */

/* A page of its own reader, or of this one. */
static dgm_page *ask(dgm *desk, const char *const *pairs, const char *cursor)
{
    dgm_page *page = NULL;
    dgm_request *r = request_of(pairs);
    dgm_request_set_now(r, NOW);
    if (cursor)
        OK(dgm_request_set(r, "cursor", cursor, err));
    OK(dgm_search(desk, r, &page, err));
    dgm_request_free(r);
    return page;
}

static void check_as_fresh(const char *data, const char *const *pairs, const char *cursor,
                           const dgm_page *page)
{
    dgm *fresh = open_desk(data);
    dgm_page *other = ask(fresh, pairs, cursor);
    char *got = ids_of(page), *want = ids_of(other);
    assert_string_equal(got, want);
    assert_int_equal(page->total, other->total);
    assert_true((page->next != NULL) == (other->next != NULL));
    if (page->next)
        assert_string_equal(page->next, other->next);
    free(got);
    free(want);
    dgm_page_free(other);
    dgm_close(fresh);
}

/* Another version of an item, which does not match any more. */
static void empty_item(const char *data, unsigned number)
{
    char line[200];
    snprintf(line, sizeof line,
             "{\"id\":\"m%03u\",\"title\":\"Number\",\"body\":\"Nothing.\","
             "\"updated\":\"2030-01-01\"}\n",
             number);
    feed(data, line);
}

/* Walks to the end; between pages, items are added as long as there are more, and others
 * emptied. Returns the hits that were shown. */
static size_t walk(const char *data, const char *const *pairs, unsigned from, unsigned to)
{
    dgm *desk = open_desk(data);
    char *cursor = NULL;
    size_t hits = 0;
    for (bool more = true; more;) {
        dgm_page *page = ask(desk, pairs, cursor);
        check_as_fresh(data, pairs, cursor, page);
        hits += page->n_hits;
        free(cursor);
        cursor = page->next ? strdup(page->next) : NULL;
        more = cursor != NULL;
        dgm_page_free(page);
        if (from < to && hits > DGMI_FRONT_LEAST) {
            feed_made(data, from, from + 5);
            empty_item(data, from - 200);
            empty_item(data, from - 300);
            from += 5;
        }
    }
    free(cursor);
    dgm_close(desk);
    return hits;
}

static void later_pages_are_those_of_a_reader_that_keeps_nothing(void **state)
{
    feed_made(*state, 0, 600);
    assert_true(walk(*state, PAIRS("q", "harbour ferry", "match", "any", "limit", "9"), 0,
                     0) > 2 * DGMI_FRONT_LEAST);
    assert_true(walk(*state, PAIRS("q", "harbour", "limit", "20"), 0, 0) >
                2 * DGMI_FRONT_LEAST);
    walk(*state,
         PAIRS("q", "harbour ferry", "match", "any", "limit", "20", "group", "story"), 0,
         0);
    walk(*state,
         PAIRS("q", "harbour ferry", "match", "any", "limit", "20", "recency", "0.5"), 0,
         0);
}

static void what_is_kept_is_forgotten_once_the_archive_moves(void **state)
{
    feed_made(*state, 0, 500);
    size_t hits = walk(*state, PAIRS("q", "harbour ferry", "match", "any", "limit", "20"),
                       500, 560);
    dgm *desk = open_desk(*state);
    dgm_page *page = ask(desk, PAIRS("q", "harbour ferry", "match", "any"), NULL);
    assert_true(page->total > hits); /* those that came later were not shown */
    dgm_page_free(page);
    dgm_close(desk);
}

static void another_question_between_pages_does_not_mix_with_them(void **state)
{
    static const char *const one[] = { "q", "harbour", "match", "any", NULL };
    static const char *const other[] = { "q", "copper", "match", "any", NULL };
    char *cursors[2] = { NULL, NULL };
    feed_made(*state, 0, 500);
    dgm *desk = open_desk(*state);
    for (int i = 0; i < 40; i++) {
        const char *const *pairs = i % 2 ? other : one;
        dgm_page *page = ask(desk, pairs, cursors[i % 2]);
        check_as_fresh(*state, pairs, cursors[i % 2], page);
        free(cursors[i % 2]);
        cursors[i % 2] = page->next ? strdup(page->next) : NULL;
        dgm_page_free(page);
    }
    free(cursors[0]);
    free(cursors[1]);
    dgm_close(desk);
}

static void the_place_behind_a_key_is_found_by_halves(void **state)
{
    (void)state;
    dgmi_ranked hits[] = { { .key = { .score = 3, .id = 7 } },
                           { .key = { .score = 2, .id = 4 } },
                           { .key = { .score = 2, .id = 9 } },
                           { .key = { .score = 1, .id = 1 } } };
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(dgmi_front_behind(hits, 4, &hits[i].key), i + 1);
    assert_int_equal(dgmi_front_behind(hits, 4, &(dgmi_key){ .score = 2, .id = 5 }), 2);
    assert_int_equal(dgmi_front_behind(hits, 4, &(dgmi_key){ .score = 9, .id = 5 }), 0);
    assert_int_equal(dgmi_front_behind(hits, 0, &hits[0].key), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(later_pages_are_those_of_a_reader_that_keeps_nothing),
        DESK_TEST(what_is_kept_is_forgotten_once_the_archive_moves),
        DESK_TEST(another_question_between_pages_does_not_mix_with_them),
        cmocka_unit_test(the_place_behind_a_key_is_found_by_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
