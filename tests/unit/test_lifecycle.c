/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of corrections, rewrites, kills and embargoes, in any order of arrival, by the
 * live path and by the bulk path. Depends on cmocka and lib/index. */
#include <time.h>

#include "clock.h"
#include "desk.h"
#include "held.h"
#include "item.h"
#include "lineage.h"

#define DAY 86400

static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g", "k", "x" };
enum { IDS = sizeof ids / sizeof ids[0] };

/* What a reader can tell of all items, not how they came. */
static char *story_of(const char *data)
{
    dgmi_buf out;
    dgmi_index *index = open_index(data);
    dgmi_lineage g = { .db = index->db, .codec = dgmi_codec_new() };
    dgmi_buf_init(&out, 0);
    for (size_t i = 0; i < IDS; i++) {
        char *text = dump(index, ids[i]), *successor = NULL;
        OK(dgmi_lineage_successor(&g, ids[i], &successor, err));
        const char *title = text ? strstr(text, "title ") : NULL;
        dgmi_buf_printf(&out, "%s:%s%s%s %s%s %.*s\n", ids[i],
                        text && strstr(text, "XVusable") ? "" : " gone",
                        text && strstr(text, "XVheld") ? " held" : "",
                        text && strstr(text, "XVold") ? " old" : "",
                        successor ? "then " : "", successor ? successor : "",
                        title ? (int)strcspn(title + 6, "\n") : 1,
                        title ? title + 6 : "-");
        free(text);
        free(successor);
    }
    dgmi_lineage_clear(&g);
    dgmi_codec_free(g.codec);
    dgmi_index_close(index);
    return dgmi_buf_take(&out);
}

/* A generation pins the average length that its impacts are made with: they go. */
static void put_without_impacts(dgmi_buf *out, char *text)
{
    bool terms = true;
    for (char *line = text, *end; *line; line = end + (*end == '\n')) {
        end = line + strcspn(line, "\n");
        terms = terms && end > line;
        char *at = line;
        while (at < end && !(at[0] == ' ' && at[1] == '@'))
            at++;
        char *number = at;
        while (terms && number > line && number[-1] != ' ')
            number--;
        dgmi_buf_put(out, line, (size_t)(number - line));
        dgmi_buf_put(out, at, (size_t)(end - at));
        dgmi_buf_putc(out, '\n');
    }
}

/* All documents, word for word. */
static char *dump_all(const char *data)
{
    dgmi_buf out;
    dgmi_index *index = open_index(data);
    dgmi_buf_init(&out, 0);
    for (size_t i = 0; i < IDS; i++) {
        char *text = dump(index, ids[i]);
        dgmi_buf_printf(&out, "== %s\n", ids[i]);
        put_without_impacts(&out, text ? text : "");
        free(text);
    }
    dgmi_index_close(index);
    return dgmi_buf_take(&out);
}

/* The bulk path gives the documents that the live path gave. */
static void expect_same_by_reindex(const char *data)
{
    char *live = dump_all(data);
    OK(dgm_reindex(data, NULL, NULL, err));
    char *bulk = dump_all(data);
    assert_string_equal(live, bulk);
    assert_int_equal(differences(data), 0);
    free(live);
    free(bulk);
}

static void empty(const char *data)
{
    OK(dgmi_remove_tree(data, err));
    OK(dgmi_make_dirs(data, err));
}

#define AT(day) "\"updated\":\"2021-06-" day "T00:00:00Z\""
#define LINE(id, title, rest) "{\"id\":\"" id "\",\"title\":\"" title "\"," rest "}\n"
#define FROM(id) ",\"links\":{\"evolved_from\":\"" id "\"}"

static const char *const records[] = {
    /* corrections, of which one takes back what it evolved from */
    LINE("a", "a one", AT("01") ",\"body\":\"word\""),
    LINE("a", "a two", AT("02") ",\"body\":\"word\""),
    LINE("c", "c one", AT("03") FROM("b")),
    LINE("c", "c two", AT("04") FROM("a")),
    /* a chain, b from a */
    LINE("b", "b one", AT("02") FROM("a")),
    /* a circle and one that comes out of it */
    LINE("d", "d one", AT("01") FROM("e")),
    LINE("e", "e one", AT("01") FROM("d")),
    LINE("f", "f one", AT("02") FROM("d")),
    /* an item that names itself */
    LINE("g", "g one", AT("02") FROM("g")),
    /* a kill, a late older version, and a killed rewrite */
    LINE("k", "k one", AT("01")),
    LINE("k", "k killed", AT("02") ",\"status\":\"cancelled\""),
    LINE("x", "x one", AT("01") FROM("f")),
    LINE("x", "x killed", AT("05") ",\"status\":\"unpublished\"" FROM("f")),
};
enum { RECORDS = sizeof records / sizeof records[0] };

static const char expected[] = "a: old then c a two\n" /* c came later than b */
                               "b:  b one\n"
                               "c:  c two\n"
                               "d: old then f d one\n"
                               "e:  e one\n"
                               "f:  f one\n"
                               "g:  g one\n"
                               "k: gone  k killed\n"
                               "x: gone  x killed\n";

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Feeds them in this order, in so many commits. */
static void feed_in_order(const char *data, const unsigned *order, uint32_t *seed)
{
    dgm_ingest *in = NULL;
    OK(dgm_ingest_open(data, NULL, &in, err));
    for (unsigned i = 0; i < RECORDS; i++) {
        const char *line = records[order[i]];
        OK(dgm_ingest_bytes(in, "x.ndjson", line, strlen(line), err));
        if (next(seed) % 3 == 0)
            OK(dgm_ingest_commit(in, NULL, err));
    }
    OK(dgm_ingest_commit(in, NULL, err));
    dgm_ingest_close(in);
}

static void any_order_of_arrival_ends_in_the_same_index(void **state)
{
    uint32_t seed = 11;
    unsigned order[RECORDS];
    for (unsigned i = 0; i < RECORDS; i++)
        order[i] = i;
    for (int round = 0; round < 30; round++) {
        empty(*state);
        feed_in_order(*state, order, &seed);
        char *story = story_of(*state);
        assert_string_equal(story, expected);
        assert_int_equal(differences(*state), 0);
        free(story);
        if (round % 6 == 0)
            expect_same_by_reindex(*state);
        for (unsigned i = RECORDS - 1; i > 0; i--) {
            unsigned k = next(&seed) % (i + 1), swap = order[i];
            order[i] = order[k];
            order[k] = swap;
        }
    }
}

static void expect_story(const char *data, const char *line)
{
    char *story = story_of(data);
    if (!strstr(story, line))
        fail_msg("no \"%s\" in\n%s", line, story);
    free(story);
    assert_int_equal(differences(data), 0);
}

static void
a_rewrite_that_is_killed_or_taken_back_brings_the_older_item_back(void **state)
{
    feed(*state, LINE("b", "b one", AT("02") FROM("a")));
    feed(*state, LINE("a", "a one", AT("01")));
    expect_story(*state, "a: old then b a one");
    feed(*state, LINE("b", "b two", AT("03") ",\"status\":\"canceled\"" FROM("a")));
    expect_story(*state, "a:  a one");
    feed(*state, LINE("b", "b three", AT("04") FROM("a")));
    expect_story(*state, "a: old then b a one");
    feed(*state, LINE("b", "b four", AT("05")));
    expect_story(*state, "a:  a one");
    expect_same_by_reindex(*state);
}

static void
a_circle_that_closes_shows_all_of_it_and_hides_again_when_it_opens(void **state)
{
    feed(*state, LINE("a", "a one", AT("01")));
    feed(*state, LINE("b", "b one", AT("02") FROM("a")));
    feed(*state, LINE("c", "c one", AT("03") FROM("b")));
    expect_story(*state, "a: old then b a one\nb: old then c b one\nc:  c one");
    feed(*state, LINE("a", "a two", AT("04") FROM("c")));
    expect_story(*state, "a:  a two\nb:  b one\nc:  c one");
    expect_same_by_reindex(*state);
    feed(*state, LINE("b", "b two", AT("05")));
    expect_story(*state, "a:  a two\nb: old then c b two\nc: old then a c one");
    expect_same_by_reindex(*state);
}

static void what_is_newer_than_a_kill_publishes_again(void **state)
{
    feed(*state, LINE("k", "k dead", AT("05") ",\"status\":\"canceled\""));
    feed(*state, LINE("k", "k late", AT("04")));
    expect_story(*state, "k: gone  k dead");
    feed(*state, LINE("k", "k undated", "\"body\":\"x\""));
    expect_story(*state, "k: gone  k dead");
    feed(*state, LINE("k", "k again", AT("06")));
    expect_story(*state, "k:  k again");
    expect_same_by_reindex(*state);
}

/* ---- Embargoes ---- */

static char *held_line(const char *id, const char *rest, int64_t days)
{
    char date[32], *line = malloc(300);
    time_t until = (time_t)(dgmi_wall_time() + days * DAY);
    struct tm tm;
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&until, &tm));
    snprintf(line, 300,
             "{\"id\":\"%s\",\"title\":\"%s held\",\"updated\":\"2021-06-02T00:00:00Z\","
             "\"embargo\":\"%s\"%s}\n",
             id, id, date, rest);
    return line;
}

static void feed_held(const char *data, const char *id, const char *rest, int64_t days)
{
    char *line = held_line(id, rest, days);
    feed(data, line);
    free(line);
}

/* Opening for writing brings the index up to the archive, and to the day. */
static void pass_days(const char *data, int64_t days)
{
    dgm_ingest *in = NULL;
    dgmi_wall_time_shift(days * DAY);
    OK(dgm_ingest_open(data, NULL, &in, err));
    dgm_ingest_close(in);
}

static int clock_back(void **state)
{
    dgmi_wall_time_shift(0);
    return tear_down(state);
}

static void an_item_under_embargo_is_found_once_it_is_over(void **state)
{
    feed_held(*state, "a", "", 2);
    feed_held(*state, "b", "", 4);
    expect_story(*state, "a: gone held  a held\nb: gone held  b held");
    assert_int_equal(find(*state, "held"), 0);
    pass_days(*state, 1);
    expect_story(*state, "a: gone held  a held\nb: gone held  b held");
    pass_days(*state, 3);
    expect_story(*state, "a:  a held\nb: gone held  b held");
    assert_int_equal(find(*state, "held"), 1);
    expect_same_by_reindex(*state);
    pass_days(*state, 5);
    expect_story(*state, "a:  a held\nb:  b held");
    expect_same_by_reindex(*state);
}

static void verify_agrees_whatever_the_moment(void **state)
{
    feed_held(*state, "a", "", 2);
    dgmi_wall_time_shift(3 * DAY); /* nobody has looked since */
    assert_int_equal(differences(*state), 0);
    pass_days(*state, 3);
    assert_int_equal(differences(*state), 0);
    dgmi_wall_time_shift(0);
    assert_int_equal(differences(*state), 0);
}

static void a_clock_set_back_holds_the_item_again(void **state)
{
    feed_held(*state, "a", "", 2);
    pass_days(*state, 3);
    expect_story(*state, "a:  a held");
    pass_days(*state, 0);
    expect_story(*state, "a: gone held  a held");
    expect_same_by_reindex(*state);
}

static void a_rewrite_under_embargo_hides_nothing_until_it_is_over(void **state)
{
    feed(*state, LINE("a", "a one", AT("01")));
    feed_held(*state, "b", FROM("a"), 2);
    expect_story(*state, "a:  a one\nb: gone held");
    expect_same_by_reindex(*state);
    pass_days(*state, 3);
    expect_story(*state, "a: old then b a one\nb:  b held");
    expect_same_by_reindex(*state);
}

static void an_embargo_that_is_lifted_or_killed_is_over(void **state)
{
    feed_held(*state, "a", "", 2);
    feed(*state, LINE("a", "a free", AT("03")));
    expect_story(*state, "a:  a free");
    feed_held(*state, "k", "", 2);
    feed(*state, LINE("k", "k dead", AT("03") ",\"status\":\"canceled\""));
    pass_days(*state, 3);
    expect_story(*state, "k: gone  k dead");
    expect_same_by_reindex(*state);
}

static void only_what_is_due_is_asked_for(void **state)
{
    feed(*state, LINE("a", "a one", AT("01")));
    dgmi_index *index = open_index(*state);
    dgmx_docid *found = NULL;
    size_t n = 9;
    OK(dgmi_held_changes(index->db, 0, INT64_MAX, &found, &n, err));
    assert_int_equal(n, 0);
    free(found);
    dgmi_index_close(index);
    feed_held(*state, "b", "", 2);
    index = open_index(*state);
    bool due = true;
    OK(dgmi_held_are_due(index, dgmi_wall_time(), &due, err));
    assert_false(due);
    OK(dgmi_held_are_due(index, dgmi_wall_time() + 3 * DAY, &due, err));
    assert_true(due);
    dgmi_index_close(index);
}

/* ---- Silent edits ---- */

static void a_silent_edit_replaces_and_all_texts_are_kept(void **state)
{
    feed(*state, LINE("a", "a", "\"published\":\"2021-06-01\",\"body\":\"first\""));
    feed(*state, LINE("a", "a", "\"published\":\"2021-06-01\",\"body\":\"second\""));
    feed(*state, LINE("a", "a", "\"published\":\"2021-06-01\",\"body\":\"first\""));
    assert_int_equal(find(*state, "second"), 1);
    assert_int_equal(find(*state, "first"), 0);
    expect_same_by_reindex(*state);
}

#define LIFE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, clock_back)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIFE_TEST(any_order_of_arrival_ends_in_the_same_index),
        LIFE_TEST(a_rewrite_that_is_killed_or_taken_back_brings_the_older_item_back),
        LIFE_TEST(a_circle_that_closes_shows_all_of_it_and_hides_again_when_it_opens),
        LIFE_TEST(what_is_newer_than_a_kill_publishes_again),
        LIFE_TEST(an_item_under_embargo_is_found_once_it_is_over),
        LIFE_TEST(verify_agrees_whatever_the_moment),
        LIFE_TEST(a_clock_set_back_holds_the_item_again),
        LIFE_TEST(a_rewrite_under_embargo_hides_nothing_until_it_is_over),
        LIFE_TEST(an_embargo_that_is_lifted_or_killed_is_over),
        LIFE_TEST(only_what_is_due_is_asked_for),
        LIFE_TEST(a_silent_edit_replaces_and_all_texts_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
