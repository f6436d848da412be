/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of what a reader holds of the dictionary: whatever came and went, the answers are
 * those of a walk over the index. */
#include "desk.h"

#include <time.h>

#include "clock.h"
#include "dictionary.h"
#include "dragoman.h"
#include "utf8.h"

enum { MANY = 1 << 20, DAY = 86400 };

/* ---- Words at random ---- */

static unsigned seed;

static unsigned draw(unsigned below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static const char *const letters[] = { "a", "b", "c", "d", "e", "f",
                                       "s", "1", "ж", "д", "ō", "中" };
enum { LETTERS = sizeof letters / sizeof letters[0], FEW = 6 };

/* Few letters, so that many words are near one another; a first one of four. */
static void put_word(dgmi_buf *out)
{
    static const char *const first[] = { "a", "b", "s", "ж" };
    dgmi_buf_puts(out, first[draw(4)]);
    for (unsigned n = 3 + draw(6); n > 0; n--)
        dgmi_buf_puts(out, letters[draw(draw(3) > 0 ? FEW : LETTERS)]);
}

static void put_item(dgmi_buf *out, unsigned id, unsigned version)
{
    dgmi_buf_printf(out, "{\"id\":\"i%u\",\"updated\":\"2021-01-01T%02u:%02u:%02uZ\",",
                    id, version / 3600, version / 60 % 60, version % 60);
    dgmi_buf_puts(out, "\"title\":\"");
    for (unsigned n = 0; n < 3; n++) {
        put_word(out);
        dgmi_buf_putc(out, ' ');
    }
    dgmi_buf_puts(out, "\",\"body\":\"");
    for (unsigned n = draw(40); n > 0; n--) {
        put_word(out);
        dgmi_buf_putc(out, ' ');
    }
    dgmi_buf_puts(out, "end.\"}\n");
}

/* Items from..to-1, each with words of its own every time. */
static void feed_items(const char *data, unsigned from, unsigned to)
{
    static unsigned version;
    dgmi_buf lines;
    dgmi_buf_init(&lines, 0);
    for (unsigned i = from; i < to; i++)
        put_item(&lines, i, ++version);
    feed(data, lines.p);
    dgmi_buf_clear(&lines);
}

/* ---- Looking ---- */

static bool note(void *user, dgmi_str word, uint32_t frequency)
{
    dgmi_buf_printf(user, "%.*s:%u ", (int)word.n, word.p, frequency);
    return true;
}

/* "word:items word:items"; "+" in front if there are more words than were looked at. The
 * caller frees. */
static char *near_by(dgmi_dictionary *d, dgmi_index *index, dgmi_near near)
{
    dgmi_buf out;
    bool all = false;
    dgmi_buf_init(&out, 0);
    dgmi_buf_putc(&out, ' ');
    near.see = note;
    near.user = &out;
    OK(dgmi_dictionary_near(d, index, &near, &all, err));
    out.p[0] = all ? ' ' : '+';
    return dgmi_buf_take(&out);
}

/* Whether what is held gives what a walk gives; true if that is anything. */
static bool check(dgmi_dictionary *d, dgmi_index *index, const dgmi_near *near)
{
    char *got = near_by(d, index, *near), *want = near_by(NULL, index, *near);
    if (strcmp(got, want) != 0)
        fail_msg("%s%s within %u of %zu: %s, not %s", near->prefix, near->word,
                 near->distance, near->walk, got, want);
    bool any = want[1] != '\0';
    free(got);
    free(want);
    return any;
}

static size_t check_at_random(dgmi_dictionary *d, dgmi_index *index, unsigned times)
{
    size_t found = 0;
    dgmi_buf word;
    dgmi_buf_init(&word, 0);
    for (; times > 0; times--) {
        dgmi_buf_reset(&word);
        put_word(&word);
        char head[12];
        size_t n = dgmi_utf8_cut(word.p, word.n, draw(3) > 0 ? 2 : 4);
        snprintf(head, sizeof head, "%.*s", (int)n, word.p);
        dgmi_near near = { .prefix = draw(2) > 0 ? DGMI_PREFIX_TITLE : "",
                           .head = head,
                           .word = word.p,
                           .distance = 1 + draw(2),
                           .walk = draw(4) > 0 ? MANY : 1 + draw(60) };
        found += check(d, index, &near);
    }
    dgmi_buf_clear(&word);
    return found;
}

static bool is_near(dgmi_dictionary *d, dgmi_index *index, const char *word)
{
    char head[2] = { *word, '\0' };
    dgmi_near near = {
        .prefix = "", .head = head, .word = word, .distance = 0, .walk = MANY
    };
    return check(d, index, &near);
}

static void move_on(dgmi_index *index)
{
    bool moved = false;
    OK(dgmi_index_refresh(index, &moved, err));
    assert_true(moved);
}

static uint64_t loads_of(dgmi_dictionary *d, dgmi_index *index, const char *word)
{
    uint64_t before = dgmi_dictionary_loads(d);
    is_near(d, index, word);
    return dgmi_dictionary_loads(d) - before;
}

/* ---- Tests ---- */

static void near_words_are_those_that_a_walk_finds(void **state)
{
    feed_items(*state, 0, 300);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    assert_true(check_at_random(d, index, 2000) > 500);
    assert_true(dgmi_dictionary_loads(d) <= 8); /* four letters, of titles and of all */
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static void so_they_are_after_each_commit(void **state)
{
    unsigned next = 50;
    feed_items(*state, 0, next);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    for (unsigned round = 0; round < 30; round++) {
        unsigned at = draw(next - 5);
        check_at_random(d, index, 30);
        feed_items(*state, at, at + 1 + draw(3)); /* other words for old items */
        feed_items(*state, next, next + 1 + draw(3));
        next += 3;
        move_on(index);
    }
    assert_true(check_at_random(d, index, 300) > 50);
    assert_true(dgmi_dictionary_loads(d) <= 8);
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static void words_come_and_go_with_items_and_nothing_is_loaded_for_it(void **state)
{
    feed(*state, "{\"id\":\"a\",\"title\":\"One\",\"body\":\"marmolada.\"}\n");
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    assert_int_equal(loads_of(d, index, "marmolada"), 1);
    assert_int_equal(loads_of(d, index, "marmalade"), 0);
    feed(*state, "{\"id\":\"b\",\"title\":\"Two\",\"body\":\"marmalade.\"}\n");
    move_on(index);
    assert_int_equal(loads_of(d, index, "marmalade"), 0);
    assert_true(is_near(d, index, "marmalade"));
    feed(*state, "{\"id\":\"a\",\"title\":\"One\",\"body\":\"mountains.\","
                 "\"updated\":\"2030-01-01\"}\n");
    move_on(index);
    assert_true(is_near(d, index, "mountains"));
    assert_false(is_near(d, index, "marmolada"));
    feed(*state, "{\"id\":\"b\",\"status\":\"canceled\",\"updated\":\"2030-01-01\"}\n");
    move_on(index);
    assert_false(is_near(d, index, "marmalade"));
    assert_int_equal(dgmi_dictionary_loads(d), 1);
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

/* The words of such an item come without a record of the archive. */
static void end_of_an_embargo_is_noticed(void **state)
{
    char line[300], date[32];
    time_t until = (time_t)(dgmi_wall_time() + DAY);
    struct tm utc;
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&until, &utc));
    snprintf(line, sizeof line,
             "{\"id\":\"a\",\"title\":\"Held\",\"body\":\"marmolada.\",\"embargo\":"
             "\"%s\"}\n{\"id\":\"b\",\"title\":\"Free\",\"body\":\"mountains.\"}\n",
             date);
    feed(*state, line);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    assert_true(is_near(d, index, "mountains"));
    assert_false(is_near(d, index, "marmolada"));
    dgmi_wall_time_shift(2 * DAY);
    feed(*state, "{\"id\":\"c\",\"title\":\"Two\",\"body\":\"marmalade.\"}\n");
    move_on(index);
    assert_true(is_near(d, index, "marmolada"));
    assert_int_equal(index->settled, 1);
    dgmi_wall_time_shift(0); /* the clock is set back */
    feed(*state, "{\"id\":\"d\",\"title\":\"Three\",\"body\":\"marble.\"}\n");
    move_on(index);
    assert_false(is_near(d, index, "marmolada"));
    assert_true(is_near(d, index, "marble"));
    assert_int_equal(index->settled, 2);
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static void put_metadata(dgmi_index *index, const char *key, const char *value)
{
    dgmx_writer *w = NULL;
    char *path = dgmi_generation_path(index->data_dir, index->generation);
    OK(dgmx_writer_open(path, 0, &w, err));
    OK(dgmx_writer_set_metadata(w, key, value, strlen(value), err));
    OK(dgmx_writer_commit(w, err));
    dgmx_writer_close(w);
    free(path);
}

static void an_index_that_does_not_count_what_the_clock_did_is_not_followed(void **state)
{
    feed_items(*state, 0, 20);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    put_metadata(index, "dgm.settled", "");
    move_on(index);
    assert_int_equal(loads_of(d, index, "abaft"), 1);
    put_metadata(index, "other", "x");
    move_on(index);
    assert_int_equal(loads_of(d, index, "abaft"), 1);
    feed(*state, "{\"id\":\"b\",\"title\":\"Two\",\"body\":\"abaft.\"}\n");
    move_on(index);
    assert_int_equal(loads_of(d, index, "abaft"), 1);
    feed(*state, "{\"id\":\"c\",\"title\":\"Two\",\"body\":\"astern.\"}\n");
    move_on(index); /* the writer counts from its first commit on */
    assert_int_equal(loads_of(d, index, "astern"), 0);
    assert_true(is_near(d, index, "astern") && is_near(d, index, "abaft"));
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static void another_generation_is_another_dictionary(void **state)
{
    feed_items(*state, 0, 40);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    check_at_random(d, index, 50);
    is_near(d, index, "abaft");
    uint64_t commit = index->commit;
    OK(dgm_reindex(*state, NULL, NULL, err));
    for (unsigned i = 0; i < 2 || i < commit; i++)
        feed_items(*state, i, i + 1);
    move_on(index);
    assert_true(index->commit > commit);
    assert_int_equal(loads_of(d, index, "abaft"), 1);
    check_at_random(d, index, 50);
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static void too_many_records_are_not_followed(void **state)
{
    dgmi_buf line;
    feed_items(*state, 0, 40);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    assert_int_equal(loads_of(d, index, "abcdef"), 1);
    dgmi_buf_init(&line, 0);
    dgmi_buf_puts(&line, "{\"id\":\"long\",\"title\":\"Long\",\"body\":\"");
    while (line.n < DGMI_DICTIONARY_BEHIND)
        dgmi_buf_puts(&line, "astern abaft ");
    dgmi_buf_puts(&line, "\"}\n");
    feed(*state, line.p);
    dgmi_buf_clear(&line);
    move_on(index);
    assert_int_equal(loads_of(d, index, "abaft"), 1);
    assert_true(is_near(d, index, "abaft"));
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

/* The archive may be out of reach of a reader. */
static void without_the_archive_words_are_loaded_anew(void **state)
{
    feed_items(*state, 0, 40);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    assert_int_equal(loads_of(d, index, "abcdef"), 1);
    feed(*state, "{\"id\":\"b\",\"title\":\"Two\",\"body\":\"abaft.\"}\n");
    move_on(index);
    char *folder = dgmi_path_join(*state, "archive");
    char *away = dgmi_path_join(*state, "away");
    assert_int_equal(rename(folder, away), 0);
    assert_int_equal(loads_of(d, index, "abaft"), 1);
    assert_true(is_near(d, index, "abaft"));
    assert_int_equal(rename(away, folder), 0);
    free(away);
    char *segment = dgmi_path_join(folder, "000001.ndjson");
    dgmi_position before = index->position;
    feed(*state, "{\"id\":\"c\",\"title\":\"Two\",\"body\":\"astern.\"}\n");
    move_on(index);
    assert_int_equal(truncate(segment, (off_t)before.offset), 0);
    assert_int_equal(loads_of(d, index, "astern"), 1);
    assert_true(is_near(d, index, "astern"));
    free(segment);
    free(folder);
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static void memory_is_bounded_whatever_is_asked(void **state)
{
    feed_items(*state, 0, 400);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    check_at_random(d, index, 100);
    size_t whole = dgmi_dictionary_bytes(d), nothing;
    assert_true(whole < DGMI_DICTIONARY_BYTES);
    dgmi_dictionary_set_bytes(d, 0);
    nothing = dgmi_dictionary_bytes(d);
    for (size_t part = 0; part < 8; part++) {
        size_t most = nothing + (whole - nothing) * part / 8;
        dgmi_dictionary_set_bytes(d, most);
        for (unsigned i = 0; i < 20; i++) {
            check_at_random(d, index, 10);
            assert_true(part == 0 || dgmi_dictionary_bytes(d) <= most);
        }
        feed_items(*state, 0, 10);
        move_on(index);
    }
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

/* Neither the words of a letter, while they are read, nor those that come. */
static void what_does_not_fit_is_not_gathered_first(void **state)
{
    feed_items(*state, 0, 1000);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    is_near(d, index, "abaft");
    uint64_t words = dgmi_dictionary_words(d);
    size_t bytes = dgmi_dictionary_bytes(d);
    assert_true(words > 2000);
    dgmi_dictionary_set_bytes(d, bytes / 4);
    is_near(d, index, "abaft");
    assert_true(dgmi_dictionary_words(d) - words < words / 2 + 1024);
    dgmi_dictionary_set_bytes(d, bytes);
    is_near(d, index, "abaft");
    assert_int_equal(dgmi_dictionary_bytes(d), bytes);
    feed_items(*state, 1000, 1003);
    move_on(index);
    is_near(d, index, "abaft");
    assert_true(dgmi_dictionary_bytes(d) <= bytes);
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static void each_letter_there_is_can_be_asked_for(void **state)
{
    char word[8] = "", line[200];
    feed_items(*state, 0, 20);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    for (uint32_t c = 0x4e00; c < 0x4e00 + DGMI_DICTIONARY_INITIALS + 50; c++) {
        word[dgmi_utf8_put(c, word)] = '\0';
        dgmi_near near = {
            .prefix = "", .head = word, .word = word, .distance = 1, .walk = MANY
        };
        check(d, index, &near);
    }
    assert_int_equal(dgmi_dictionary_loads(d), DGMI_DICTIONARY_INITIALS + 50);
    snprintf(line, sizeof line, "{\"id\":\"z\",\"title\":\"T\",\"body\":\"%s\"}\n", word);
    feed(*state, line);
    move_on(index);
    dgmi_near near = {
        .prefix = "", .head = word, .word = word, .distance = 1, .walk = MANY
    };
    assert_true(check(d, index, &near));
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

static dgm_status look_late(dgmi_dictionary *d, dgmi_index *index, dgm_error *err)
{
    bool all;
    dgmi_near near = { .prefix = "",
                       .head = "a",
                       .word = "abcdef",
                       .distance = 2,
                       .walk = MANY,
                       .deadline_us = 1,
                       .see = note,
                       .user = NULL };
    return dgmi_dictionary_near(d, index, &near, &all, err);
}

static void past_the_deadline_nothing_is_looked_for_and_nothing_is_lost(void **state)
{
    dgm_error err = DGM_ERROR_INIT;
    feed_items(*state, 0, 40);
    dgmi_index *index = open_index(*state);
    dgmi_dictionary *d = dgmi_dictionary_new();
    assert_int_equal(look_late(d, index, &err), DGM_E_TIMEOUT);
    assert_int_equal(dgmi_dictionary_loads(d), 0);
    check_at_random(d, index, 50);
    feed_items(*state, 20, 60);
    move_on(index);
    assert_int_equal(look_late(d, index, &err), DGM_E_TIMEOUT);
    assert_int_equal(look_late(NULL, index, &err), DGM_E_TIMEOUT);
    check_at_random(d, index, 50);
    dgmi_dictionary_free(d);
    dgmi_index_close(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(near_words_are_those_that_a_walk_finds),
        DESK_TEST(so_they_are_after_each_commit),
        DESK_TEST(words_come_and_go_with_items_and_nothing_is_loaded_for_it),
        DESK_TEST(end_of_an_embargo_is_noticed),
        DESK_TEST(an_index_that_does_not_count_what_the_clock_did_is_not_followed),
        DESK_TEST(another_generation_is_another_dictionary),
        DESK_TEST(too_many_records_are_not_followed),
        DESK_TEST(without_the_archive_words_are_loaded_anew),
        DESK_TEST(memory_is_bounded_whatever_is_asked),
        DESK_TEST(what_does_not_fit_is_not_gathered_first),
        DESK_TEST(each_letter_there_is_can_be_asked_for),
        DESK_TEST(past_the_deadline_nothing_is_looked_for_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
