/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of what a search costs: how often it asks the index. The linker puts functions
 * that count in the place of those they are named after (--wrap in the Makefile). */
#include "searching.h"

#include "dgmx.h"
#include "lines.h"
#include "refine.h"

static unsigned n_positions, n_matches, n_looked_for, n_records;

/* name(parameters) counts a call and passes it on. */
#define COUNTED(counter, name, parameters, arguments)                                    \
    dgm_status __real_##name parameters;                                                 \
    dgm_status __wrap_##name parameters;                                                 \
    dgm_status __wrap_##name parameters                                                  \
    {                                                                                    \
        counter++;                                                                       \
        return __real_##name arguments;                                                  \
    }

COUNTED(n_positions, dgmx_positions,
        (dgmx_db * db, dgmx_docid id, const char *term, size_t n, uint32_t **out,
         size_t *count, dgm_error *err),
        (db, id, term, n, out, count, err))
COUNTED(n_matches, dgmx_enquire_match,
        (dgmx_enquire * e, uint32_t first, uint32_t count, uint32_t check_at_least,
         dgmx_mset **out, dgm_error *err),
        (e, first, count, check_at_least, out, err))
COUNTED(n_looked_for, dgmx_doc_get,
        (dgmx_db * db, dgmx_docid id, dgmx_doc **out, dgm_error *err), (db, id, out, err))

COUNTED(n_records, dgmi_lines_item_at,
        (const char *data_dir, uint64_t place, dgm_item **out, dgm_error *err),
        (data_dir, place, out, err))

static void forget(void)
{
    n_positions = n_matches = n_looked_for = n_records = 0;
}

/* Two items about water and cannons, and many that name them once, far apart. */
static void feed_two_and_many(const char *data)
{
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = 0; i < DGMI_HEAD_HITS * 2; i++) {
        dgmi_buf_printf(&lines, "{\"id\":\"i%03u\",\"body\":\"", i);
        for (unsigned k = 0; k < 20; k++)
            dgmi_buf_puts(&lines, i % 20 == 7 ? "Water cannon. " : "Filler. ");
        dgmi_buf_puts(&lines, i % 20 == 7 ? "\"}\n" : "Water for the cannon.\"}\n");
    }
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

static void only_hits_that_may_come_onto_the_page_are_looked_at_again(void **state)
{
    feed_two_and_many(*state);
    dgm *desk = open_desk(*state);
    forget();
    check_ids(desk, PAIRS("q", "water cannon", "limit", "2"), "i007 i027", true);
    unsigned first = n_positions;
    assert_true(first > 0 && first < DGMI_HEAD_HITS);
    forget();
    check_ids(desk, PAIRS("q", "water cannon", "limit", "1"), "i007", true);
    assert_true(n_positions > 0 && n_positions <= first);
    dgm_close(desk);
}

#define TEXT                                                                             \
    "Harbour master Ilse Brandt told reporters that divers would look at the quay wall " \
    "before the first of the waiting vessels was let in again."

static unsigned matches_of(dgm *desk, const char *query, uint32_t members)
{
    forget();
    dgm_page *page = SEARCH(desk, "q", query);
    assert_int_equal(page->hits[0].story->items, members);
    dgm_page_free(page);
    return n_matches;
}

/* A match that is set up costs as much as the rest of the hit. */
static void story_of_a_hit_takes_no_match_and_no_document_is_looked_for(void **state)
{
    feed(*state, "{\"id\":\"a\",\"title\":\"Divers\",\"body\":\"" TEXT "\"}\n"
                 "{\"id\":\"b\",\"title\":\"Vessels\",\"body\":\"" TEXT "\"}\n"
                 "{\"id\":\"c\",\"title\":\"Opera\",\"body\":\"An opera.\"}\n");
    dgm *desk = open_desk(*state);
    unsigned alone = matches_of(desk, "title:opera", 1);
    assert_true(matches_of(desk, "an NEAR/2 opera", 1) > 0); /* they are counted */
    assert_int_equal(matches_of(desk, "title:divers", 2), alone);
    assert_int_equal(n_looked_for, 0);
    dgm_close(desk);
}

static void when_an_item_was_first_seen_is_read_once(void **state)
{
    const char *const line =
        "{\"id\":\"a\",\"title\":\"Divers\",\"body\":\"" TEXT "\","
        "\"updated\":\"2021-06-%02u\",\"fetched\":\"2021-07-%02u\"}\n";
    char text[600];
    int64_t seen[3];
    for (unsigned i = 1; i <= 2; i++) {
        snprintf(text, sizeof text, line, i, i);
        feed(*state, text);
    }
    dgm *desk = open_desk(*state);
    for (unsigned i = 0; i < 3; i++) {
        forget();
        dgm_page *page = SEARCH(desk, "q", "divers");
        seen[i] = page->hits[0].story->first_seen;
        assert_int_equal(n_records, i == 0);
        dgm_page_free(page);
    }
    assert_int_equal(seen[0], seen[1]);
    assert_int_equal(seen[1], seen[2]);
    snprintf(text, sizeof text, line, 3u, 3u);
    feed(*state, text);
    dgm_page *page = SEARCH(desk, "q", "divers");
    assert_int_equal(page->hits[0].story->first_seen, seen[0]);
    dgm_page_free(page);
    dgm_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(only_hits_that_may_come_onto_the_page_are_looked_at_again),
        DESK_TEST(story_of_a_hit_takes_no_match_and_no_document_is_looked_for),
        DESK_TEST(when_an_item_was_first_seen_is_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
