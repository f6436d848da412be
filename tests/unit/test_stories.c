/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of lib/index/stories.c, storyrows.c, storykeys.c, kin.c and kinlive.c: which
 * items share a story, and that both paths say the same. */
#include "desk.h"
#include "hash.h"
#include "kinlive.h"
#include "stories.h"
#include "survey.h"

/* A text of its own: `words` words that no other number has. */
static void put_text(dgmi_buf *out, unsigned number, unsigned from, unsigned words)
{
    for (unsigned i = from; i < from + words; i++)
        dgmi_buf_printf(out, "t%ux%c%c ", number, 'a' + (int)(i % 26),
                        'a' + (int)(i / 26 % 26));
}

static void put_item(dgmi_buf *out, const char *id, unsigned number, unsigned from,
                     unsigned words, const char *more)
{
    dgmi_buf_printf(out, "{\"id\":\"%s\",\"title\":\"Item %s\",%s\"body\":\"", id, id,
                    more);
    put_text(out, number, from, words);
    dgmi_buf_puts(out, "\"}\n");
}

static uint64_t story_of(dgmi_index *index, const char *id)
{
    dgmi_kin kin;
    dgmx_docid docid;
    dgmi_buf term;
    dgmi_buf_init(&term, 0);
    dgmi_id_term(&term, id);
    OK(dgmx_db_find(index->db, term.p, term.n, &docid, err));
    OK(dgmi_kin_recall(index->db, docid, &kin, err));
    dgmi_buf_clear(&term);
    assert_true(kin.story != 0);
    return kin.story;
}

static void expect_story(const char *data, const char *a, const char *b, bool same)
{
    dgmi_index *index = open_index(data);
    if ((story_of(index, a) == story_of(index, b)) != same)
        fail_msg("%s and %s are %s one story", a, b, same ? "not" : "wrongly");
    dgmi_index_close(index);
}

/* Fed line by line through the live path, then compared with the bulk path, then built
 * anew. */
static void grow(const char *data, const char *lines)
{
    dgmi_str rest = dgmi_str_of(lines), line;
    while (dgmi_str_split(&rest, '\n', &line)) {
        char *copy = dgmi_str_dup(line);
        feed(data, copy);
        free(copy);
    }
    assert_int_equal(differences(data), 0);
}

static void rebuild(const char *data)
{
    OK(dgm_reindex(data, NULL, NULL, err));
    assert_int_equal(differences(data), 0);
}

static void a_copy_joins_the_story_of_the_original_on_both_paths(void **state)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    put_item(&b, "first", 1, 0, 120, "");
    put_item(&b, "else", 2, 0, 120, "");
    put_item(&b, "cut", 1, 0, 60, "");
    put_item(&b, "whole", 1, 0, 120, "");
    put_item(&b, "half", 1, 50, 70, "");
    grow(*state, b.p);
    for (int i = 0; i < 2; i++) {
        expect_story(*state, "first", "whole", true);
        expect_story(*state, "first", "cut", true);
        expect_story(*state, "first", "half", true);
        expect_story(*state, "first", "else", false);
        rebuild(*state);
    }
    dgmi_buf_clear(&b);
}

static void a_story_is_named_after_the_item_that_founded_it(void **state)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    put_item(&b, "founder", 1, 0, 80, "");
    put_item(&b, "copy", 1, 0, 80, "");
    feed(*state, b.p);
    dgmi_index *index = open_index(*state);
    assert_true(story_of(index, "copy") == dgmi_hash64("founder", 7));
    dgmi_index_close(index);
    dgmi_buf_clear(&b);
}

static void a_correction_stays_in_its_story_whatever_it_says(void **state)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    put_item(&b, "a", 1, 0, 100, "\"version\":\"1\",");
    put_item(&b, "b", 1, 0, 100, "\"version\":\"1\",");
    put_item(&b, "b", 7, 0, 100, "\"version\":\"2\",");
    put_item(&b, "late", 7, 0, 100, "");
    put_item(&b, "again", 1, 0, 100, "");
    grow(*state, b.p);
    for (int i = 0; i < 2; i++) {
        expect_story(*state, "a", "b", true);
        expect_story(*state, "late", "b", false); /* found by its first version alone */
        expect_story(*state, "again", "a", true);
        rebuild(*state);
    }
    dgmi_buf_clear(&b);
}

static void a_canceled_item_goes_on_holding_its_story(void **state)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    put_item(&b, "a", 1, 0, 100, "");
    put_item(&b, "a", 1, 0, 100, "\"status\":\"canceled\",\"version\":\"2\",");
    put_item(&b, "b", 1, 0, 100, "");
    grow(*state, b.p);
    for (int i = 0; i < 2; i++) {
        expect_story(*state, "a", "b", true);
        rebuild(*state);
    }
    dgmi_buf_clear(&b);
}

static void what_evolved_joins_its_ancestor_in_any_order_of_arrival(void **state)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    put_item(&b, "old", 1, 0, 100, "");
    put_item(&b, "new", 2, 0, 100, "\"links\":{\"evolved_from\":\"old\"},");
    put_item(&b, "child", 3, 0, 100, "\"links\":{\"evolved_from\":\"parent\"},");
    put_item(&b, "parent", 4, 0, 100, "");
    put_item(&b, "one", 5, 0, 100, "\"links\":{\"evolved_from\":\"missing\"},");
    put_item(&b, "two", 6, 0, 100, "\"links\":{\"evolved_from\":\"missing\"},");
    put_item(&b, "copy of two, update of one", 6, 0, 100,
             "\"links\":{\"evolved_from\":\"one\"},");
    grow(*state, b.p);
    for (int i = 0; i < 2; i++) {
        expect_story(*state, "old", "new", true);
        expect_story(*state, "child", "parent", true);
        expect_story(*state, "one", "two", true);
        expect_story(*state, "old", "one", false);
        expect_story(*state, "copy of two, update of one", "one", true);
        rebuild(*state);
    }
    dgmi_buf_clear(&b);
}

static void many_copies_are_one_story_and_their_keys_stay_few(void **state)
{
    dgmi_buf b;
    char id[20];
    enum { COPIES = DGMI_KIN_OWNERS + 20 };
    dgmi_buf_init(&b, 0);
    for (int i = 0; i < COPIES; i++) {
        snprintf(id, sizeof id, "copy%d", i);
        put_item(&b, id, 1, 0, 90, "");
    }
    feed(*state, b.p);
    for (int i = 0; i < 2; i++) {
        dgmi_index *index = open_index(*state);
        dgmx_terms *terms = NULL;
        dgmx_bytes term;
        uint32_t freq, most = 0;
        OK(dgmx_terms_all(index->db, "XBb", 3, &terms, err));
        while (dgmx_terms_next(terms, &term, NULL, &freq, NULL) == DGM_OK)
            most = freq > most ? freq : most;
        assert_int_equal(most, DGMI_KIN_OWNERS);
        dgmx_terms_free(terms);
        dgmi_index_close(index);
        expect_story(*state, "copy0", "copy51", true);
        assert_int_equal(differences(*state), 0);
        rebuild(*state);
    }
    dgmi_buf_clear(&b);
}

static void an_index_with_another_story_is_found_out(void **state)
{
    dgmi_buf b;
    dgmi_kin kin;
    dgmx_docid docid;
    dgmx_doc *doc = NULL;
    dgmx_writer *writer = NULL;
    char story[8] = "12345678";
    dgmi_buf_init(&b, 0);
    put_item(&b, "a", 1, 0, 50, "");
    feed(*state, b.p);
    dgmi_index *index = open_index(*state);
    char *path = dgmi_generation_path(*state, index->generation);
    OK(dgmx_db_find(index->db, "Qa", 2, &docid, err));
    OK(dgmi_kin_recall(index->db, docid, &kin, err));
    OK(dgmx_doc_get(index->db, docid, &doc, err));
    OK(dgmx_doc_set_value(doc, DGMI_SLOT_STORY, story, sizeof story, err));
    OK(dgmx_writer_open(path, 0, &writer, err));
    OK(dgmx_writer_replace(writer, docid, doc, err));
    OK(dgmx_writer_commit(writer, err));
    dgmx_writer_close(writer);
    dgmx_doc_free(doc);
    dgmi_index_close(index);
    assert_int_equal(differences(*state), 1);
    free(path);
    dgmi_buf_clear(&b);
}

/* ---- The bulk path by itself ---- */

/* Copies of 40 texts: whole, cut, twice the same id, evolved. */
static void put_mixture(dgmi_buf *b, unsigned n)
{
    char id[40], more[120];
    for (unsigned i = 0; i < n; i++) {
        unsigned x = i * 2654435761u >> 7, number = x % 40;
        snprintf(id, sizeof id, "id%u", x % 11 == 0 ? i / 2 : i);
        snprintf(more, sizeof more, "\"version\":\"%u\",%s%s", i,
                 x % 17 == 0 ? "\"links\":{\"evolved_from\":\"id5\"}," : "",
                 x % 29 == 0 ? "\"status\":\"withheld\"," : "");
        put_item(b, id, number, x % 5 == 0 ? 40 : 0, x % 3 == 0 ? 60 : 110, more);
    }
}

static void all_stories(const char *data, size_t memory, unsigned jobs, dgmi_kin *out,
                        uint32_t *n)
{
    dgmi_survey *survey = NULL;
    dgmi_stories *stories = NULL;
    dgmi_position end = archive_end(data);
    dgmi_survey_options so = { .data_dir = data,
                               .to = end,
                               .chunk_records = 30,
                               .chunk_bytes = 1 << 20,
                               .memory = 1 << 20 };
    OK(dgmi_survey_new(&so, &survey, err));
    dgmi_stories_options o = {
        .data_dir = data, .survey = survey, .memory = memory, .jobs = jobs
    };
    OK(dgmi_stories_new(&o, &stories, err));
    dgmi_archive_reader *reader = NULL;
    dgmi_position at, after, begin = { 0, 0 };
    const char *line;
    size_t size;
    *n = 0;
    OK(dgmi_archive_reader_open(data, begin, &reader, err));
    while (dgmi_archive_next(reader, &line, &size, &at, &after, NULL) == DGM_OK) {
        OK(dgmi_stories_find(stories, dgmi_position_pack(at), &out[*n], err));
        ++*n;
    }
    dgmi_archive_reader_close(reader);
    dgmi_stories_free(stories);
    dgmi_survey_free(survey);
}

static void little_memory_and_many_threads_give_the_same_stories(void **state)
{
    enum { N = 1500 };
    static dgmi_kin plain[N], narrow[N];
    uint32_t n, m;
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    put_mixture(&b, N);
    feed(*state, b.p);
    all_stories(*state, 64 << 20, 1, plain, &n);
    all_stories(*state, 1, 3, narrow, &m);
    assert_true(n > N / 2 && n == m);
    assert_memory_equal(plain, narrow, n * sizeof *plain);
    dgmi_buf_clear(&b);
}

static void a_mixture_fed_live_has_the_stories_of_one_built_at_once(void **state)
{
    dgmi_buf b;
    dgmi_buf_init(&b, 0);
    put_mixture(&b, 300);
    grow(*state, b.p);
    rebuild(*state);
    dgmi_buf_clear(&b);
}

static void a_place_where_no_record_begins_is_refused(void **state)
{
    dgmi_survey *survey = NULL;
    dgmi_stories *stories = NULL;
    dgmi_kin kin;
    dgmi_survey_options so = {
        .data_dir = *state, .chunk_records = 30, .chunk_bytes = 1 << 20, .memory = 1 << 20
    };
    OK(dgmi_survey_new(&so, &survey, err));
    dgmi_stories_options o = { .data_dir = *state, .survey = survey, .jobs = 1 };
    OK(dgmi_stories_new(&o, &stories, err));
    assert_int_equal(dgmi_stories_find(stories, 7, &kin, NULL), DGM_E_CORRUPT);
    dgmi_stories_free(stories);
    dgmi_survey_free(survey);
}

static void terms_of_keys_are_read_back_as_they_were(void **state)
{
    (void)state;
    static const uint64_t keys[] = { 0, 1, 0x0123456789abcdefu, UINT64_MAX };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        for (int which = 0; which <= DGMI_KIN_BAND; which++) {
            dgmi_buf b;
            dgmi_kin kin = { .owned = 0 };
            dgmi_buf_init(&b, 0);
            dgmi_kin_key_term(&b, which, keys[i]);
            assert_true(dgmi_kin_read_term(b.p, b.n, &kin));
            assert_true(kin.owned == 1u << which && kin.keys[which] == keys[i]);
            assert_false(dgmi_kin_read_term(b.p, b.n - 1, &kin));
            dgmi_buf_clear(&b);
        }
    }
    dgmi_kin kin = { .owned = 0 };
    assert_false(dgmi_kin_read_term("XBq0123456789a", 14, &kin));
    assert_false(dgmi_kin_read_term("XBb0123456789 ", 14, &kin));
}

static void ids_of_stories_are_sixteen_digits(void **state)
{
    (void)state;
    char hex[DGMI_STORY_HEX];
    uint64_t story = 0;
    dgmi_story_hex(0x00ab00000000cd01u, hex);
    assert_string_equal(hex, "00ab00000000cd01");
    assert_true(dgmi_story_read_hex(hex, &story));
    assert_true(story == 0x00ab00000000cd01u);
    assert_false(dgmi_story_read_hex("ab", &story));
    assert_false(dgmi_story_read_hex("00AB00000000CD01", &story));
    assert_false(dgmi_story_read_hex("00ab00000000cd011", &story));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_copy_joins_the_story_of_the_original_on_both_paths),
        DESK_TEST(a_story_is_named_after_the_item_that_founded_it),
        DESK_TEST(a_correction_stays_in_its_story_whatever_it_says),
        DESK_TEST(a_canceled_item_goes_on_holding_its_story),
        DESK_TEST(what_evolved_joins_its_ancestor_in_any_order_of_arrival),
        DESK_TEST(many_copies_are_one_story_and_their_keys_stay_few),
        DESK_TEST(an_index_with_another_story_is_found_out),
        DESK_TEST(little_memory_and_many_threads_give_the_same_stories),
        DESK_TEST(a_mixture_fed_live_has_the_stories_of_one_built_at_once),
        DESK_TEST(a_place_where_no_record_begins_is_refused),
        cmocka_unit_test(terms_of_keys_are_read_back_as_they_were),
        cmocka_unit_test(ids_of_stories_are_sixteen_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
